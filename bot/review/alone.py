"""A pilot judged by its policy alone: by the rules that need nothing else of its repository."""

from collections.abc import Mapping

from bot.gather.pilots import Pilot
from rules.catalogue import Catalogue
from rules.document import Document
from rules.evaluate import evaluate
from rules.facts import Base, Codes, Commit, Facts, Repository, Today
from rules.policy import Limits, Organisation, Policy
from rules.report import Report
from rules.rule import Rule

_ENOUGH = frozenset({Codes, Document, Limits, Organisation, Policy, Repository, Today})
"""What is known of a pilot without its repository: rules that ask for no more are held against each of them."""


def rules(catalogue: Catalogue) -> list[Rule]:
    """The rules that a policy is enough for."""
    return [rule for rule in catalogue.rules.values() if _ENOUGH.issuperset(rule.needs.values())]


def judged(
    one: Pilot, organisation: Organisation, today: Today, codes: Codes, rules: list[Rule], base: Base | None = None
) -> Report:
    """What these rules say of a pilot on a day; `base` is what a policy below the root is held against."""
    # What its properties are is not looked up, and need not be where nothing hangs on them.
    properties: Mapping[str, object] | None = None if organisation.required_for.properties else {}
    facts = Facts(one.policy, organisation, today, codes, Repository(one.topics, properties), Commit(one.commit))
    return evaluate(rules, facts, base)
