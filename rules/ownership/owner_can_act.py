"""Whoever watches, repairs and retrains the pilot can write to its repository.

An owner who may not push, re-run or roll back owns it on paper: at night, the one who is paged can only look on.

Fix: give the person or team the role `write` in the repository, or name one who has it.
"""

from collections.abc import Iterator

from rules.facts import Account, People, Role, Unverifiable
from rules.policy import Owners, Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote, unclear

CODE = "OWN003"
SEVERITY = Severity.ERROR

_ROLES = ("monitor", "fix", "retrain")
_MAY_WRITE = ("write", "maintain", "admin")


def check(policy: Policy, people: People) -> Iterator[Finding | NotApplicable | Unverifiable]:
    owners = policy.owners or Owners()
    named = {role: handle for role in _ROLES if (handle := getattr(owners, role))}
    if not named:
        yield NotApplicable("none of monitor, fix and retrain is named (OWN001)")
    for role, handle in named.items():
        found = people.of(handle)
        if isinstance(found, Unverifiable):
            yield found
        elif found is None:
            yield NotApplicable(f"{quote(handle)} does not exist (OWN002)")
        elif isinstance(found.role, Unverifiable):
            yield found.role
        elif found.role not in _MAY_WRITE:
            has = f"has only the role {quote(found.role)}" if found.role != "none" else "has no role"
            message = f"{quote(handle)} {has} in this repository and can't {_DUTY[role]}: give it the role `write`"
            yield Finding(("owners", role), message)


_DUTY = {"monitor": "act on what it sees", "fix": "repair the pilot", "retrain": "retrain it"}

_POLICY = "owners: {monitor: '@lee', fix: '@acme/ml'}"
_UNREAD = Unverifiable("what `@acme/ml` may do here can't be read: grant the app the permission members:read")


def _people(role: Role | Unverifiable) -> tuple[People]:
    lee, team = Account(frozenset({"lee"}), "admin"), Account(frozenset({"lee", "ana-r"}), role)
    return (People({"@lee": lee, "@acme/ml": team, "@gone": None}, _UNREAD),)


EXAMPLES = [
    good(_POLICY, given=_people("write")),
    good(_POLICY, given=_people("maintain")),
    bad(
        _POLICY,
        at="owners.fix",
        says="`@acme/ml` has only the role `triage` in this repository and can't repair the pilot: give it",
        given=_people("triage"),
    ),
    bad(_POLICY, at="owners.fix", says="`@acme/ml` has no role in this repository", given=_people("none")),
    unclear(_POLICY, says=_UNREAD.reason, given=_people(_UNREAD)),
    unclear("owners: {fix: '@acme/other'}", says=_UNREAD.reason, given=_people("write")),
    idle("owners: {fix: '@gone'}", says="`@gone` does not exist (OWN002)", given=_people("write")),
    idle("owners: {accountable: '@gone'}", says="none of monitor, fix and retrain is named (OWN001)"),
]
