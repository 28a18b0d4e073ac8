"""What there is to say of a pull request: by each policy that judges it, under the organisation's file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cached_property

from bot import gather
from bot.gather.authorship import pushers
from bot.gather.cache import Cache
from bot.gather.head import AtHead
from bot.gather.metrics import Metrics
from bot.gather.names import POLICY
from bot.gather.pull import Pull
from bot.github import checks
from bot.github.checks import CheckRun
from bot.github.client import Installation
from bot.present import Shown, check_run
from bot.review.subjects import Subject, base_of, subject, subjects
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from rules.approval import Approval, Assent
from rules.catalogue import Catalogue
from rules.document import Document
from rules.evaluate import evaluate
from rules.facts import Approvals, Base, Change, Facts, People, Today, Unverifiable
from rules.policy import Organisation, Policy
from rules.report import Outcome, Report
from rules.rule import Rule
from rules.values import Handle, walk


@dataclass(frozen=True, slots=True)
class By:
    """By what a pull request is judged: the rules, the time, what a policy of an account may ask (`metrics`), what is
    remembered, and the names of an installation's `repositories`. `live`: a monitoring system is asked, which says
    something else each time. `cache` keeps what was read of repositories lately. `snooze` keeps the reminders in an
    issue (of a repository, by its number) back until a day; False where the app reminds of nothing there."""

    catalogue: Catalogue
    now: datetime
    metrics: Callable[[str, Policy | None], Metrics]
    memory: Memory
    ledger: Ledger
    repositories: Callable[[int], Sequence[str]] = lambda _: ()
    live: bool = False
    cache: Cache = field(default_factory=Cache)
    snooze: Callable[[int, int, date], bool] = lambda *_: False

    def today(self, organisation: Organisation) -> Today:
        """The date where the organisation is."""
        return Today(self.now.astimezone(gather.zone(organisation)).date())

    def on(self, day: date, organisation: Organisation) -> "By":
        """The same on another day."""
        return replace(self, now=datetime.combine(day, time(12), gather.zone(organisation)))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the check run is to say, the reports it is made of, when it changes by itself, and what else it hangs on.

    `emergency` is the approval that lets the pull request through in spite of it. `organisation` is None where its file
    can't be used. `held` has for each of the reports what it was made of; `complete`: no policy was overlooked.
    """

    run: CheckRun
    shown: tuple[Shown, ...] = ()
    again: datetime | None = None
    watched: frozenset[str] = frozenset()
    emergency: Approval | None = None
    organisation: Organisation | None = None
    held: tuple["Held", ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """A policy that was judged, what it was judged by, and what came of it."""

    subject: Subject
    facts: Facts
    report: Report


def judge(installation: Installation, by: By, pull: Pull, only: Document[Policy] | None = None) -> Judgement:
    """Judge a pull request; nothing is written. `only`: by the policy at its path alone, as if the head had this one.

    Raises RetryLater or Refused.
    """
    name = checks.name(pull.base, pull.default)
    owner = pull.repository.partition("/")[0]
    found = pull.organisation
    organisation = usable(by.memory, owner, found)
    if organisation is None:
        said = check_run.lost if found.absent else check_run.unusable
        return Judgement(said(name, found, owner))
    return _Bench(installation, by, pull, organisation, only).judgement(name)


def usable(memory: Memory, owner: str, found: Document[Organisation]) -> Organisation | None:
    """An organisation's file, or the defaults where an account never had one; None where it is broken or out of sight:
    the defaults are no substitute then."""
    if found.absent and not memory.has_seen_organisation(owner):
        return Organisation()
    return found.model


def notice(by: By, pull: Pull) -> None:
    """Remember that the organisation's file was seen, so that it is missed once it is gone."""
    owner = pull.repository.partition("/")[0]
    if not pull.organisation.absent and not by.memory.has_seen_organisation(owner):
        by.memory.saw_organisation(owner, by.now)


def told(pull: Pull, found: Judgement) -> CheckRun:
    """What the check run says: also that it stops nothing in an emergency, and where it never does, how it would."""
    run = check_run.let_through(found.run, found.emergency) if found.emergency else found.run
    pilot = bool(found.shown) or run.conclusion != "neutral"
    return check_run.ungated(run) if pull.required is False and pilot else run


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All that it takes to judge a pull request by one policy. `verified`: the codes of rules that pass on the base
    branch, and can't be verified on the head."""

    subject: Subject
    head: AtHead
    facts: Facts
    rules: Sequence[Rule]
    verified: frozenset[str] = frozenset()

    def report(self, approvals: Approvals) -> Report:
        """The report, under these approvals."""
        return evaluate(self.rules, self.facts.also(approvals), self.subject.base, self.verified)


_SOMEBODY = ""
"""Who is called like no account."""
_Reports = Sequence[tuple[_Gathered, Report]]


class _Bench:
    """A pull request under a usable organisation's file."""

    def __init__(
        self,
        installation: Installation,
        by: By,
        pull: Pull,
        organisation: Organisation,
        only: Document[Policy] | None,
    ) -> None:
        self.installation, self.by, self.pull, self.organisation = installation, by, pull, organisation
        self.zone, self.today, self.only = gather.zone(organisation), by.today(organisation), only

    def judgement(self, name: str) -> Judgement:
        """What there is to say. Who has pushed is asked only where an approval makes a difference, or that a decider
        seems to be alone."""
        approvals, gathered = self.pull.approvals, [self._gather(one) for one in self._subjects()]
        found = self._judgement(name, gathered, approvals)

        def under(others: Approvals) -> Judgement:
            return self._judgement(name, [(one, one.report(others)) for one, _ in gathered], others)

        alone = len(approvals.authors) == 1 and any(self._changed(one) for one, _ in gathered)
        if not (approvals.given or alone):
            return found
        without = under(replace(approvals, given=(), authors=approvals.authors | {_SOMEBODY}))
        if (without.run, without.emergency) == (found.run, found.emergency):
            return found
        hands = approvals.authors | pushers(self.installation, self.pull)
        return under(replace(approvals, authors=hands)) if hands > approvals.authors else found

    def _judgement(self, name: str, reports: _Reports, approvals: Approvals) -> Judgement:
        gathered = [one for one, _ in reports]
        told = [(one, report) for one, report in reports if not one.subject.pull.policy.absent or report.findings]
        if not told:
            ends = any(one.subject.base.exists for one in gathered)
            said = check_run.ended(name) if ends else check_run.no_pilot(name)
            return Judgement(said, organisation=self.organisation)
        shown = tuple(Shown(report, self.by.catalogue, one.subject.pull.policy.text) for one, report in told)
        quiet = all(self._is_quiet(one, report) for one, report in told)
        run = check_run.quiet(shown, name) if quiet else check_run.render(shown, name)
        return Judgement(
            run=run,
            shown=shown,
            again=self._again(report for _, report in told),
            watched=frozenset().union(*(one.head.watched for one in gathered)),
            emergency=self._emergency(run, gathered, approvals),
            organisation=self.organisation,
            held=tuple(Held(one.subject, one.facts, report) for one, report in told),
            complete=not self.pull.whole or self._head.listed,
        )

    def _again(self, reports: Iterable[Report]) -> datetime | None:
        """The beginning of the day on which the first of the forecasts comes true."""
        days = [coming.date for report in reports for coming in report.forecast]
        return datetime.combine(min(days), time(), self.zone).astimezone(UTC) if days else None

    @cached_property
    def _head(self) -> AtHead:
        """The head, by the policy at the root."""
        handles = self._handles(self.pull, base_of(self.pull.base_policy))
        return AtHead(self.installation, self.pull, self.zone, handles, cache=self.by.cache)

    def _subjects(self) -> list[Subject]:
        if self.only is not None:
            one = subject(self.installation, self.by.catalogue, self.pull, self.only.path, self._head.changed_paths)
            return [replace(one, pull=replace(one.pull, policy=self.only))]
        if self.pull.policy.model is not None and not self._head.nested_policies:
            # Both are needed anyway; what is asked of a repository without a pilot is as little as can be.
            return [Subject(self.pull, base_of(self.pull.base_policy), lambda _: True)]
        if self.pull.whole:
            return subjects(self.installation, self.by.catalogue, self.pull, {POLICY, *self._head.policies})
        known = self.pull.changed if self.pull.policy.absent else None
        changed = self._head.changed_paths if known is None else known
        return subjects(self.installation, self.by.catalogue, self.pull, changed)

    def _gather(self, one: Subject) -> tuple[_Gathered, Report]:
        """All that it takes to judge by one policy, and the report: the head's is what the rules examine, the base
        branch's says how strictly."""
        rules = list(self.by.catalogue.rules.values())
        handles = self._handles(one.pull, one.base)
        head = self._head if one.pull is self.pull else self._head.beside(one.pull, self.zone, handles, one.ours)
        if one.pull is self.pull:
            head.restrict(one.ours)
        facts = gather.facts(head, self._asked(one.pull, rules), self._metrics)
        if one.pull is self.pull:
            self.by.cache.put(head.known, 1000, "known", self.pull.repository.lower())
        found = _Gathered(one, head, facts, rules)
        report = found.report(self.pull.approvals)
        unverifiable = [result for result in report.rules if result.outcome is Outcome.UNVERIFIABLE]
        unclear = [result.code for result in unverifiable if not result.elsewhere]
        if not unclear or one.base.policy is None or not self._touched(one, head):
            return found, report
        known = [self.by.catalogue.rules[code] for code in unclear]
        # On the base branch nothing is added, so what is held against the added lines alone passes there without proof.
        verified = self._verified(one, head, [rule for rule in known if Change not in rule.needs.values()])
        found = replace(found, verified=verified)
        return found, found.report(self.pull.approvals) if verified else report

    def _asked(self, pull: Pull, rules: Sequence[Rule]) -> gather.Asked:
        return gather.Asked(pull.policy, self.organisation, self.today, self.by.catalogue, rules)

    @cached_property
    def _metrics(self) -> Metrics:
        # Whoever opens a pull request must not have the monitoring system asked what they like.
        return self.by.metrics(self.pull.repository.partition("/")[0], self.pull.base_policy.model)

    def _verified(self, one: Subject, head: AtHead, rules: Sequence[Rule]) -> frozenset[str]:
        """Which of these rules pass on the base branch."""
        if self.pull.base_commit is None or one.pull.base_policy.model is None:
            return frozenset()
        at = replace(one.pull, head=self.pull.base_commit, ref=self.pull.base, policy=one.pull.base_policy)
        # What was told of the head is not true of another commit.
        at = replace(at, tree="", parents=frozenset(), outside=frozenset(), told=None)
        base = head.beside(at, self.zone, self._handles(at, one.base), unchanged=True)
        before = evaluate(rules, gather.facts(base, self._asked(at, rules), self._metrics), one.base)
        return frozenset(result.code for result in before.rules if result.outcome is Outcome.PASS)

    def _touched(self, one: Subject, head: AtHead) -> bool:
        """Whether the pull request changes the policy or anything that it names."""
        return head.changes({one.pull.policy.path, *head.named})

    def _changed(self, one: _Gathered) -> bool:
        """Whether the pull request changes the policy itself."""
        policy = one.subject.pull.policy
        return not policy.absent and one.head.changes({policy.path})

    def _is_quiet(self, one: _Gathered, report: Report) -> bool:
        """Whether there is nothing to say that the pull request has a part in."""
        absent = one.subject.pull.policy.absent
        if report.conclusion != "success" or absent or self._touched(one.subject, one.head):
            return False
        return not any(finding.path in one.head.changed_paths for finding in report.findings)

    def _emergency(self, run: CheckRun, gathered: Iterable[_Gathered], approvals: Approvals) -> Approval | None:
        """The approval that lets a pull request through in an emergency."""
        if not self.pull.emergency or run.conclusion != "failure":
            return None
        for one in gathered:
            found = Assent(one.subject.base, self.organisation, approvals, one.head.people()).approval()
            if found.by is None:
                return None
        return found

    def _handles(self, pull: Pull, base: Base) -> tuple[str, ...]:
        return tuple(_handles(pull, base, self.organisation))


def _handles(pull: Pull, base: Base, organisation: Organisation) -> Iterator[str]:
    """Whom it takes to know: whoever may approve or sign, whoever has approved, and whom the policy names."""
    if pull.policy.model is None and not base.exists:
        return
    assent = Assent(base, organisation, pull.approvals, People({}, Unverifiable("nobody is looked up yet")))
    yield from assent.approvers
    yield from assent.deciders
    if not assent.approvers:
        yield from (f"@{login}" for login in assent.others)
    for policy in (base.policy, pull.policy.model):
        named = (policy.owners, policy.decision, policy.reviews) if policy else ()
        yield from (value for part in named for _, value in walk(part) if isinstance(value, Handle))
