"""The heart: gather, evaluate, and hand back what there is to show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import gather
from bot.gather import Checkout
from bot.gather.metrics import UNSET, Metrics
from rules.catalogue import Catalogue
from rules.document import Document
from rules.evaluate import evaluate
from rules.facts import Today
from rules.policy import Organisation, Policy
from rules.report import Report
from rules.rule import Rule


def unasked(policy: Policy | None) -> Metrics:
    """No server is asked anything."""
    return Metrics(None, policy, UNSET)


@dataclass(frozen=True, slots=True)
class Check:
    """By what a checkout is judged. `base` names the commit whose policy says how strictly, where it is not its own."""

    catalogue: Catalogue
    rules: Sequence[Rule]
    organisation: Organisation
    today: Today
    base: str | None = None
    metrics: Callable[[Policy | None], Metrics] = unasked


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A report with the file that it speaks of."""

    report: Report
    document: Document[Policy]


def check(checkout: Checkout, asked: Check) -> Reviewed:
    """Check a checkout by these rules. Where its policy is absent or broken, the rules that say so always run."""
    document, rules = checkout.policy(asked.catalogue), list(asked.rules)
    if document.model is None:
        about_file = [rule for rule in asked.catalogue.rules.values() if Document in rule.needs.values()]
        rules += [rule for rule in about_file if rule not in rules]
    facts = gather.facts(
        checkout,
        gather.Asked(document, asked.organisation, asked.today, asked.catalogue, rules),
        asked.metrics(document.model),
    )
    base = checkout.base(asked.base, asked.catalogue) if asked.base is not None else None
    return Reviewed(evaluate(rules, facts, base), document)
