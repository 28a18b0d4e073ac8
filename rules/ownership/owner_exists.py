"""Every owner, decider and reviewing team is somebody: an account on GitHub, or a team with people in it.

People leave and teams are renamed; the policy goes on naming them, and whatever is sent to them reaches nobody.

Fix: name somebody who is there, as `@login` or `@org/team`, or put people into the team.
"""

from collections.abc import Iterator

from rules.facts import Account, People, Unverifiable
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote, unclear
from rules.values import Handle, Path, walk

CODE = "OWN002"
SEVERITY = Severity.ERROR

_NAMED = ("owners", "decision", "reviews")


def check(policy: Policy, people: People) -> Iterator[Finding | NotApplicable | Unverifiable]:
    named: dict[Handle, Path] = {}
    for at, value in walk(policy):
        if isinstance(value, Handle) and at[0] in _NAMED:
            named.setdefault(value, at)
    if not named:
        yield NotApplicable("nobody is named (OWN001)")
    for handle, at in named.items():
        found = people.of(handle)
        if isinstance(found, Unverifiable):
            yield found
        elif found is None:
            what = "team" if handle.team else "account"
            yield Finding(at, f"GitHub has no {what} {quote(handle)}: name somebody who is there")
        elif not found.logins:
            yield Finding(at, f"nobody is in the team {quote(handle)}: put people into it, or name another")


_LEE = Account(frozenset({"lee"}), "write")
_TEAM = Account(frozenset({"lee", "ana-r"}), "write")
_UNREAD = Unverifiable("who is in `@acme/ml` can't be read: grant the app the permission members:read")
_POLICY = "owners: {accountable: '@lee', fix: '@acme/ml'}"


def _people(team: Account | Unverifiable | None) -> tuple[People]:
    return (People({"@lee": _LEE, "@acme/ml": team}, _UNREAD),)


EXAMPLES = [
    good(_POLICY, given=_people(_TEAM)),
    good("reviews: {legal: {team: '@acme/ml'}}", given=_people(_TEAM)),
    bad(_POLICY, at="owners.fix", says="GitHub has no team `@acme/ml`: name somebody", given=_people(None)),
    bad(
        _POLICY,
        at="owners.fix",
        says="nobody is in the team `@acme/ml`: put people into it",
        given=_people(Account(frozenset(), "write")),
    ),
    bad(
        "decision: {deciders: ['@lee', '@gone']}",
        at="decision.deciders[1]",
        says="GitHub has no account `@gone`",
        given=(People({"@lee": _LEE, "@gone": None}, _UNREAD),),
    ),
    unclear(_POLICY, says=_UNREAD.reason, given=_people(_UNREAD)),
    idle("criteria: []", says="nobody is named (OWN001)"),
]
