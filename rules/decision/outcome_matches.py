"""The outcome is what the criteria say: go only where each of `go` is met, extend no more often than is allowed.

A gate that somebody may open by writing `outcome: go` is none. And a pilot that is extended again and again is in
production without anybody having decided it.

Fix: measure and meet every criterion of `go` before `outcome: go`, or have CRI005 waived for it; record each extension
under `extensions`, and decide once they are used up.
"""

from collections.abc import Container, Iterator
from typing import cast

from rules.approval import Assent
from rules.edits import scalar
from rules.evidence.comparison import misfit, satisfies, shown
from rules.evidence.results import Measured, Reading, Results, called, go_criteria, measured
from rules.facts import Approvals, Change, Codes, Measurements, Today, Written
from rules.policy import Criterion, Decision, Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.waivers import faults

CODE = "DEC005"
SEVERITY = Severity.ERROR

_BEYOND = "who set the outcome, and whether the results stand on the base branch, is known to GitHub alone"


def check(
    policy: Policy,
    results: Results,
    measurements: Measurements,
    today: Today,
    assent: Assent,
    change: Change,
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    decision = policy.decision
    if decision is None:
        yield NotApplicable("there is no decision (DEC001)")
        return
    yield from _extended(decision, assent.organisation.limits.extensions)
    if decision.outcome == "go" and not go_criteria(policy):
        yield NotApplicable("no criterion must be met (DEC002)")
        if assent.base.own:
            return
    elif decision.outcome == "go":
        waived = frozenset(_waived(policy, assent, today))
        for index in go_criteria(policy):
            if not waived & {None, "criteria", f"criteria[{index}]", f"criteria[{index}].target"}:
                yield from _met(policy, index, measured(results, measurements, index))
    elif decision.outcome != "extend" and not decision.extensions:
        yield NotApplicable(f"the outcome is {decision.outcome or 'pending'}")
    if decision.outcome in ("go", "extend"):
        yield from _decided(policy, assent, change)


def _decided(policy: Policy, assent: Assent, change: Change) -> Iterator[Finding | Unverifiable]:
    """Whether the outcome is new here, and then set by a decider on results that count."""
    before = assent.base.policy.decision if assent.base.policy else None
    decision, at = cast("Decision", policy.decision), ("decision", "outcome")
    if assent.base.own:
        yield Unverifiable(_BEYOND, beyond_checkout=True)
    elif before is None or (before.outcome, before.extensions) != (decision.outcome, decision.extensions):
        by = assent.by_decider()
        if by.by is None and by.unread:
            yield by.unread
        elif by.by is None:
            message = f"{decision.outcome} is decided by {by.may} alone: have this commit approved by one of them"
            yield Finding(at, message)
    if decision.outcome == "go" and not assent.base.own:
        yield from _standing(policy, assent, {one.path for one in change.files})


def _standing(policy: Policy, assent: Assent, changed: Container[str]) -> Iterator[Finding | Unverifiable]:
    """Results that the change itself brings count once they are approved."""
    sources = [(policy.criteria or ())[index].source for index in go_criteria(policy)]
    new = dict.fromkeys(one.file for one in sources if one and one.file is not None and one.file in changed)
    approved = assent.approval() if new else None
    if approved is not None and approved.by is None:
        names = ", ".join(quote(one) for one in new)
        message = f"go rests on results that this change brings, {names}: merge them first, or have them approved by"
        yield approved.unread or Finding(("decision", "outcome"), f"{message} {approved.may}")


def _met(policy: Policy, index: int, found: Reading) -> Iterator[Finding | Unverifiable]:
    criterion: Criterion = (policy.criteria or ())[index]
    name, wrong = called(policy, index), None
    if isinstance(found, Unverifiable):
        yield found
    elif criterion.op is None or criterion.target is None:
        wrong = f"{name} has no op or no target"
    elif not isinstance(found, Measured):
        wrong = f"{name} has no measured value"
    elif misfit(criterion, found.value) or not satisfies(criterion.op, found.value, criterion.target):
        wanted = f"{criterion.op} {criterion.target} {criterion.unit or ''}".rstrip()
        wrong = f"{name} measures {shown(found.value, criterion.target)}, which is not {wanted}"
    if wrong:
        message = f"go was decided although {wrong}: write `no-go` or `extend`, or have CRI005 waived for it"
        yield Finding(("decision", "outcome"), message)


def _waived(policy: Policy, assent: Assent, today: Today) -> Iterator[str | None]:
    """The keys for which a waiver of CRI005 is in force and approved; None is one for everything."""
    before = (assent.base.policy.waivers if assent.base.policy else None) or ()
    approved = assent.approval().by is not None
    codes = Codes(frozenset({"CRI005"}))
    for number, waiver in enumerate(policy.waivers or ()):
        wrong = faults(waiver, ("waivers", number), codes, assent.organisation, today, lambda *_: None)
        counts = waiver.rule == "CRI005" and (approved or waiver in before)
        if counts and all(one.since is not None and one.since > today.date for one in wrong):
            yield waiver.key


def _extended(decision: Decision, most: int) -> Iterator[Finding]:
    extensions, at = decision.extensions or (), ("decision", "extensions")
    if decision.outcome == "extend" and not extensions:
        message = "the decision was put off, but not to when: write `extensions:` with `from`, `to` and `because`"
        yield Finding(at, message)
    if len(extensions) > most:
        yield Finding(at, f"the decision was put off {len(extensions)} times, more than {most}: decide `go` or `no-go`")
    for number, one in enumerate(extensions):
        if one.to is None:
            yield Finding((*at, number, "to"), "the extension has no new date: write `to:` and the day")
        elif one.was is None:
            yield Finding(
                (*at, number, "from"), "the extension does not say what it put off: write `from:` and the day"
            )
        elif one.to <= one.was:
            yield Finding(
                (*at, number, "to"), f"the extension from {one.was} to {one.to} puts nothing off: write a later day"
            )
    last = extensions[-1].to if extensions else None
    if last is not None and last != decision.date:
        message = f"the decision was put off to {last}, but its date is {decision.date}: write `date: {last}`"
        yield Finding(("decision", "date"), message, fix=Fix(scalar(last)))


_POLICY = """
criteria:
  - {id: accuracy, op: ">=", target: 0.93, source: {format: json, file: r.json, pointer: /a}}
  - {id: speed, op: "<", target: 2, source: {format: json, file: r.json, pointer: /s}}
decision: {date: 2026-11-24, go: [accuracy], outcome: go}
"""
_FILES = {"r.json": '{"a": 0.95, "s": 3}'}
_MISSED = _POLICY.replace("[accuracy]", "[accuracy, speed]")
_WAIVER = "waivers: [{rule: CRI005, key: 'criteria[1]', reason: hardware, approved_by: '@ana-r', expires: 2026-12-15}]"
_PUT_OFF = "decision: {date: 2027-02-22, outcome: extend, extensions: [{from: 2027-01-25, to: 2027-02-22}]}"
_UNDECIDED = _POLICY.replace("outcome: go", "deciders: ['@ana-r']")
_UNREAD = Unverifiable("who approved the commit can't be read: grant the app the permission pull_requests:read")
_MERGED, _BROUGHT = (Change(()),), Change((Written("r.json", '{"a": 0.95}', frozenset({1})),))


def _by(login: str, *authors: str) -> Approvals:
    return Approvals((login,), frozenset(authors))


EXAMPLES = [
    unclear(_PUT_OFF, says=_BEYOND),
    good(_PUT_OFF, base=_PUT_OFF),
    good(_PUT_OFF.replace("extend,", "pending,")),
    good(_POLICY, base=_UNDECIDED, files=_FILES, given=(*_MERGED, _by("ana-r", "dev"))),
    good(_POLICY, base=_UNDECIDED, files=_FILES, given=(*_MERGED, _by("lee", "ana-r"))),
    good(_POLICY, base=_POLICY, files=_FILES, given=(*_MERGED, _by("lee", "dev"))),
    good(_POLICY, base=_UNDECIDED, files=_FILES, given=(_BROUGHT, _by("ana-r", "dev"))),
    bad(
        _POLICY,
        base=_UNDECIDED,
        at="decision.outcome",
        says="go is decided by `@ana-r` alone: have this commit approved by one of them",
        files=_FILES,
        given=(*_MERGED, _by("lee", "dev")),
    ),
    bad(
        _POLICY,
        base=_UNDECIDED,
        at="decision.outcome",
        says="go is decided by `@ana-r` alone",
        files=_FILES,
        given=(*_MERGED, _by("ana-r", "ana-r", "dev")),
    ),
    bad(
        _POLICY,
        base=_UNDECIDED,
        at="decision.outcome",
        says="go rests on results that this change brings, `r.json`: merge them first, or have them approved by",
        files=_FILES,
        given=(_BROUGHT, _by("lee", "ana-r")),
    ),
    unclear(_POLICY, base=_UNDECIDED, files=_FILES, says=_UNREAD.reason, given=(Approvals(unread=_UNREAD),)),
    bad(
        _MISSED,
        at="decision.outcome",
        says="go was decided although `speed` measures 3, which is not < 2: write `no-go` or `extend`",
        files=_FILES,
    ),
    bad(_POLICY, at="decision.outcome", says="although `accuracy` has no measured value"),
    bad(
        "criteria: [{id: a}]\ndecision: {go: [a], outcome: go}",
        at="decision.outcome",
        says="although `a` has no op or no target",
    ),
    bad(
        _MISSED + _WAIVER.replace("2026-12-15", "2026-11-23"),
        at="decision.outcome",
        says="`speed` measures 3",
        files=_FILES,
    ),
    bad(
        _MISSED + _WAIVER,
        base=_UNDECIDED,
        at="decision.outcome",
        says="`speed` measures 3",
        files=_FILES,
        given=(*_MERGED, _by("lee", "ana-r")),
    ),
    good(_MISSED + _WAIVER, base=_UNDECIDED, files=_FILES, given=(*_MERGED, _by("ana-r", "dev"))),
    good(_MISSED + _WAIVER, base=_MISSED + _WAIVER, files=_FILES, given=(*_MERGED, _by("lee", "dev"))),
    bad(
        "decision: {outcome: go}",
        base="decision: {deciders: ['@ana-r']}",
        at="decision.outcome",
        says="go is decided by `@ana-r` alone",
        given=(*_MERGED, _by("lee", "dev")),
    ),
    bad(_MISSED + _WAIVER.replace("[1]", "[0]"), at="decision.outcome", says="`speed` measures 3", files=_FILES),
    bad("decision: {outcome: extend}", at="decision.extensions", says="the decision was put off, but not to when"),
    bad(
        _PUT_OFF,
        at="decision.extensions",
        says="the decision was put off 1 times, more than 0: decide",
        organisation="{version: 1, limits: {extensions: 0}}",
    ),
    bad(_PUT_OFF.replace("date: 2027-02-22", "date: 2027-03-22"), at="decision.date", says="write `date: 2027-02-22`"),
    bad(
        "decision: {date: 2027-01-25, extensions: [{from: 2027-01-25, to: 2027-01-25}]}",
        at="decision.extensions[0].to",
        says="the extension from 2027-01-25 to 2027-01-25 puts nothing off: write a later day",
    ),
    bad("decision: {extensions: [{from: 2027-01-25}]}", at="decision.extensions[0].to", says="has no new date: write"),
    bad("decision: {date: 2027-01-25, extensions: [{to: 2027-01-25}]}", at="decision.extensions[0].from", says="write"),
    idle("owners: {}", says="there is no decision (DEC001)"),
    idle("decision: {date: 2027-01-25}", says="the outcome is pending"),
    idle("decision: {outcome: no-go}", says="the outcome is no-go"),
    unclear(_POLICY, files=_FILES, says=_BEYOND),
    unclear(_MISSED + _WAIVER, files=_FILES, says=_BEYOND),
    unclear(
        _POLICY,
        files={"r.json": "version https://git-lfs.github.com/spec/v1\n"},
        says="`r.json` is kept in Git LFS, which is not read: commit the file itself",
    ),
]
