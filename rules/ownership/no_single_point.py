"""Two people or more watch the pilot.

One person is on holiday, ill or gone on the day when quality falls, and nobody notices that nobody looked.

Fix: let `owners.monitor` be a team of at least two.
"""

from collections.abc import Iterator

from rules.facts import Account, People, Unverifiable
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote, unclear

CODE = "OWN004"
SEVERITY = Severity.WARNING


def check(policy: Policy, people: People) -> Iterator[Finding | NotApplicable | Unverifiable]:
    handle = policy.owners.monitor if policy.owners else None
    if handle is None:
        yield NotApplicable("`monitor` is not named (OWN001)")
        return
    found = people.of(handle) if handle.team else None
    if not handle.team:
        message = f"{quote(handle)} alone watches the pilot: name a team of two or more"
        yield Finding(("owners", "monitor"), message)
    elif isinstance(found, Unverifiable):
        yield found
    elif found is None or not found.logins:
        yield NotApplicable(f"nobody is in {quote(handle)} (OWN002)")
    elif len(found.logins) == 1:
        message = f"{quote(handle)} has one member, who alone watches the pilot: put a second one into it"
        yield Finding(("owners", "monitor"), message)


_POLICY = "owners: {monitor: '@acme/oncall'}"
_UNREAD = Unverifiable("who is in `@acme/oncall` can't be read: grant the app the permission members:read")


def _team(*logins: str) -> tuple[People]:
    return (People({"@acme/oncall": Account(frozenset(logins), "write")}, _UNREAD),)


EXAMPLES = [
    good(_POLICY, given=_team("lee", "ana-r")),
    bad("owners: {monitor: '@lee'}", at="owners.monitor", says="`@lee` alone watches the pilot: name a team of two"),
    bad(_POLICY, at="owners.monitor", says="`@acme/oncall` has one member, who alone watches", given=_team("lee")),
    unclear(_POLICY, says=_UNREAD.reason, given=(People({}, _UNREAD),)),
    idle(_POLICY, says="nobody is in `@acme/oncall` (OWN002)", given=_team()),
    idle("owners: {fix: '@lee'}", says="`monitor` is not named (OWN001)"),
]
