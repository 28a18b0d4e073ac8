"""The heart: gather, evaluate, and hand back what there is to show."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import gather
from bot.gather import Checkout
from rules.catalogue import Catalogue
from rules.document import Document
from rules.evaluate import evaluate
from rules.facts import Today
from rules.policy import Organisation, Policy
from rules.report import Report
from rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A report with the file that it speaks of."""

    report: Report
    document: Document[Policy]


def check(
    checkout: Checkout,
    catalogue: Catalogue,
    rules: Sequence[Rule],
    organisation: Organisation,
    today: Today,
    base: str | None = None,
) -> Reviewed:
    """Check a checkout by these rules. Where its policy is absent or broken, the rules that say so always run."""
    document = checkout.policy(catalogue)
    if document.model is None:
        about_file = [rule for rule in catalogue.rules.values() if Document in rule.needs.values()]
        rules = [*rules, *(rule for rule in about_file if rule not in rules)]
    facts = gather.facts(checkout, document, organisation, today, catalogue, rules)
    judged = evaluate(rules, facts, checkout.base(base, catalogue) if base is not None else None)
    return Reviewed(judged, document)
