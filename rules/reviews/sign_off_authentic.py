"""A review counts as passed once one of the reviewing team has approved the change that says so.

Whoever builds the pilot can write `outcome: passed`. It is worth something only if it comes from those who reviewed it,
and not from the author of the change.

Fix: have a member of the review's team, who had no hand in the pull request, approve its last commit.
"""

from collections.abc import Iterator

from rules.approval import Assent, belongs
from rules.facts import Account, Approvals, People, Unverifiable
from rules.policy import Policy, Review
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote, unclear

CODE = "REV004"
SEVERITY = Severity.ERROR

_BEYOND = Unverifiable("who has approved a sign-off is known to GitHub alone", beyond_checkout=True)


def check(policy: Policy, assent: Assent) -> Iterator[Finding | NotApplicable | Unverifiable]:
    base = assent.base
    passed = {name: review for name, review in (policy.reviews or {}).items() if review.outcome == "passed"}
    if not passed:
        yield NotApplicable("no review has passed")
    elif base.own:
        yield _BEYOND
    for name in passed if not base.own else ():
        before = (base.policy.reviews if base.policy else None) or {}
        if name not in before or before[name].outcome != "passed":
            yield from _signed(name, before.get(name), assent)


def _signed(name: str, before: Review | None, by: Assent) -> Iterator[Finding | Unverifiable]:
    """Whoever signs is of the team that the base branch names, else may approve a weakened policy."""
    team = before.team if before else None
    if by.approvals.unread:
        yield by.approvals.unread
        return
    if team is None:
        found = by.approval()
        who, said = found.may, [found.unread or found.by is not None]
    else:
        who, said = (
            f"a member of {quote(team)}" if team.team else quote(team),
            [belongs(login, team, by.people) for login in by.others],
        )
    if True in said:
        return
    unread = next((one for one in said if isinstance(one, Unverifiable)), None)
    if unread:
        yield unread
    else:
        message = f"nobody of the reviewers has approved this commit, in which the {name} review is passed"
        yield Finding(("reviews", name, "outcome"), f"{message}: {who}, not an author of it, has to approve it")


_PENDING = "reviews: {legal: {team: '@acme/legal', due: 2026-11-27, outcome: pending}}"
_PASSED = _PENDING.replace("pending", "passed")
_NEW = "reviews: {legal: {team: '@acme/friends', outcome: passed}}"
_UNREAD = Unverifiable("who is in `@acme/legal` can't be read: grant the app the permission members:read")
_LEGAL = People({"@acme/legal": Account(frozenset({"lee", "dev"}), "read")}, _UNREAD)


def _by(login: str) -> tuple[object, ...]:
    return (_LEGAL, Approvals((login,), frozenset({"dev"})))


EXAMPLES = [
    good(_PASSED, base=_PENDING, given=_by("lee")),
    good(_PASSED, base=_PASSED, given=_by("dev")),
    good(
        _NEW,
        base="owners: {}",
        organisation="{version: 1, approvers: ['@ana-r']}",
        given=_by("ana-r"),
    ),
    bad(
        _PASSED,
        base=_PENDING,
        given=_by("ana-r"),
        at="reviews.legal.outcome",
        says="nobody of the reviewers has approved this commit, in which the legal review is passed: a member of"
        " `@acme/legal`, not an author of it, has to approve it",
    ),
    bad(_PASSED, base=_PENDING, given=_by("dev"), at="reviews.legal.outcome", says="not an author of it"),
    bad(
        _NEW,
        base="decision: {deciders: ['@ana-r']}",
        given=_by("lee"),
        at="reviews.legal.outcome",
        says="is passed: `@ana-r`, not an author",
    ),
    unclear(_PASSED, base=_PENDING, says=_UNREAD.reason, given=(People({}, _UNREAD), Approvals(("lee",)))),
    unclear(_PASSED, base=_PENDING, says="no", given=(_LEGAL, Approvals(unread=Unverifiable("no")))),
    unclear(_PASSED, says=_BEYOND.reason),
    idle(_PENDING, says="no review has passed"),
]
