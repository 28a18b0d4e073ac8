"""Fetches what the rules ask for: the same facts from a checkout as from GitHub.

Nothing outside the repository is ever read: a link that leads out of it is a fact, not a door.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Protocol, cast

from bot.gather.checkout import Checkout, organisation, read_bounded
from bot.gather.metrics import Metrics
from bot.gather.names import POLICY
from rules.approval import Assent
from rules.catalogue import Catalogue
from rules.document import Document
from rules.evidence.manifests import Manifests
from rules.evidence.results import Results
from rules.facts import (
    Approvals,
    Change,
    Checks,
    Code,
    Codes,
    Commit,
    Data,
    Facts,
    Files,
    History,
    Labels,
    Lineage,
    Live,
    Measurements,
    OwnersErrors,
    People,
    Repository,
    Today,
    Tree,
    Unverifiable,
    evidence,
)
from rules.policy import Organisation, Policy
from rules.rule import Rule
from rules.values import RepoPath

__all__ = ["POLICY", "Asked", "Checkout", "Source", "facts", "organisation", "read_bounded", "zone"]


class Source(Protocol):
    """Where facts come from: a checkout, or a commit on GitHub (`bot.gather.pull`)."""

    def commit(self) -> Commit:
        """The commit that is looked at."""

    def tree(self, policy: Policy | None) -> Tree | Unverifiable:
        """What stands at each path that the policy names."""

    def repository(self, organisation: Organisation, absent: bool, /) -> Repository:
        """What is known of the repository and bears on whether an `absent` policy is asked for."""

    def files(self, wanted: Iterable[RepoPath]) -> Files:
        """The files that are asked for by path or pattern, with what is in them."""

    def change(self) -> Change | Unverifiable:
        """The lines that are looked at one by one."""

    def code(self) -> Code | Unverifiable:
        """The text of the whole repository."""

    def history(self, start: date, zone: tzinfo) -> History | Unverifiable:
        """Whom the policy named as owners when the day `start` ended in that zone."""

    def lineage(self, commits: Collection[str]) -> Lineage:
        """How the commits that results name relate to this one."""

    def data(self, paths: Collection[str]) -> Data:
        """What is in those of these files that are in the repository, within the limits of evidence."""

    def people(self) -> People:
        """Those whom the policy, the organisation and the base branch name, and who has a hand in the change."""

    def approvals(self) -> Approvals:
        """Who approved this commit."""

    def labels(self) -> Labels:
        """Which labels the repository has, of those that the policy names."""

    def owners_errors(self) -> OwnersErrors:
        """What GitHub calls errors in CODEOWNERS."""

    def checks(self) -> Checks | Unverifiable:
        """The checks that the policy names, as they ran here and on the base branch."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For what facts are wanted: a policy, its organisation, the day, and the rules that will ask."""

    document: Document[Policy]
    organisation: Organisation
    today: Today
    catalogue: Catalogue
    rules: Sequence[Rule]

    @property
    def kinds(self) -> frozenset[type]:
        """The facts that the rules ask for, and those that it takes to get them."""
        asked = frozenset(need for rule in self.rules for need in rule.needs.values())
        return asked.union(*(needed for need, needed in _TAKES.items() if need in asked))


_TAKES: dict[type, frozenset[type]] = {
    Assent: frozenset({Approvals, People}),
    Data: frozenset({Manifests}),
    Lineage: frozenset({Results}),
}
"""What it takes to get a fact, or for the engine to make one."""


def facts(source: Source, asked: Asked, metrics: Metrics) -> Facts:
    """The facts that the rules ask for, and no others."""
    document, organisation, kinds = asked.document, asked.organisation, asked.kinds
    repository = source.repository(organisation, document.absent)
    codes = Codes(asked.catalogue.codes, asked.catalogue.weights)
    found = Facts(document, organisation, asked.today, codes, repository, source.commit())
    if document.model is None:
        # Whatever judges a policy says that there is none; of the facts for it, only these are asked for.
        others = {Tree: lambda: source.tree(None), People: source.people, Approvals: source.approvals}
        return _added(found, kinds, others)
    return _beside(_read(found, source, document.model, kinds), source, asked, metrics)


def _read(found: Facts, source: Source, policy: Policy, kinds: frozenset[type]) -> Facts:
    """The facts, and those that are read from files which the policy names."""
    readers = evidence(sorted(kinds, key=lambda kind: kind.__qualname__))
    if not readers:
        return found
    files = source.files(path for reader in readers for path in reader.wanted(policy))
    for reader in readers:
        found = found.also(reader.read(policy, files))
    return found


def _beside(found: Facts, source: Source, asked: Asked, metrics: Metrics) -> Facts:
    """The facts, and those that no file holds."""
    policy, kinds = cast("Policy", asked.document.model), asked.kinds
    others: dict[type, Callable[[], object]] = {
        Tree: lambda: source.tree(policy),
        Change: source.change,
        Code: source.code,
        History: lambda: source.history(policy.pilot.start, zone(asked.organisation)),
        Lineage: lambda: source.lineage(found.having(Results).commits),
        Data: lambda: source.data(found.having(Manifests).data),
        People: source.people,
        Approvals: source.approvals,
        Labels: source.labels,
        OwnersErrors: source.owners_errors,
        Checks: source.checks,
        Measurements: metrics.measurements,
        Live: metrics.live,
    }
    return _added(found, kinds, others)


def _added(found: Facts, kinds: frozenset[type], others: Mapping[type, Callable[[], object]]) -> Facts:
    """The facts, and those of the others that the rules ask for."""
    for kind, fetch in others.items():
        found = _with(found, kind, fetch()) if kind in kinds else found
    return found


def _with(found: Facts, kind: type, value: object) -> Facts:
    return found.lacking(kind, value) if isinstance(value, Unverifiable) else found.also(value)


def zone(organisation: Organisation) -> tzinfo:
    """Where the organisation's days begin."""
    if organisation.timezone == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most say UTC, and the table of zones is slow to load

    return ZoneInfo(organisation.timezone)
