"""Fetches what the rules ask for: the same facts from a checkout as from GitHub.

Nothing outside the repository is ever read: a link that leads out of it is a fact, not a door.
"""

from collections.abc import Iterable
from typing import Protocol

from bot.gather.checkout import Checkout, organisation, read_bounded
from bot.gather.names import POLICY
from rules.catalogue import Catalogue
from rules.document import Document
from rules.facts import Codes, Commit, Facts, Repository, Today, Tree, Unverifiable
from rules.policy import Organisation, Policy
from rules.rule import Rule

__all__ = ["POLICY", "Checkout", "Source", "facts", "organisation", "read_bounded"]


class Source(Protocol):
    """Where facts come from: a checkout, or a commit on GitHub (`bot.gather.pull`)."""

    def commit(self) -> Commit:
        """The commit that is looked at."""

    def tree(self, policy: Policy | None) -> Tree | Unverifiable:
        """What stands at each path that the policy names."""

    def repository(self, organisation: Organisation, absent: bool, /) -> Repository:
        """What is known of the repository and bears on whether an `absent` policy is asked for."""


def facts(
    source: Source,
    document: Document[Policy],
    organisation: Organisation,
    today: Today,
    catalogue: Catalogue,
    rules: Iterable[Rule],
) -> Facts:
    """The facts that these rules ask for, and no others."""
    repository = source.repository(organisation, document.absent)
    found = Facts(document, organisation, today, Codes(catalogue.codes), repository, source.commit())
    if any(Tree in rule.needs.values() for rule in rules):
        tree = source.tree(document.model)
        found = found.lacking(Tree, tree) if isinstance(tree, Unverifiable) else found.also(tree)
    return found
