"""The owners were named on or before the day that the pilot started.

Owners who are found when the pilot is built did not shape it, and took it over because somebody had to. The history of
the policy shows whether they were there from the first day.

Fix: name `accountable`, `monitor`, `fix` and `retrain` before the start; where the pilot has not really begun, move
`pilot.start`.
"""

from collections.abc import Iterator

from rules.facts import History, NotApplicable, Today
from rules.policy import Owners, Policy
from rules.rule import Finding, Severity, Unverifiable, bad, good, idle, unclear

CODE = "OWN005"
SEVERITY = Severity.WARNING

_ROLES = ("accountable", "monitor", "fix", "retrain")


def check(policy: Policy, history: History, today: Today) -> Iterator[Finding | NotApplicable]:
    start = policy.pilot.start
    lacking = _lacking(policy.owners)
    if lacking:
        yield NotApplicable("OWN001 fails")
    elif start < today.date:
        lacked = _lacking(history.owners)
        if lacked == _ROLES:
            message = f"nobody was named on {start}, the day of the start: name the owners before a pilot starts"
            yield Finding(("owners",), message)
        elif lacked:
            roles = ", ".join(f"`{role}`" for role in lacked)
            message = f"on {start}, the day of the start, nobody was named for {roles}: name all before a pilot starts"
            yield Finding(("owners", lacked[0]), message)


def _lacking(owners: Owners | None) -> tuple[str, ...]:
    return tuple(role for role in _ROLES if owners is None or getattr(owners, role) is None)


_NAMED = 'owners: {accountable: "@ana-r", monitor: "@acme/ml-oncall", fix: "@lee", retrain: "@lee"}'
_ALL = Owners.model_validate(dict.fromkeys(_ROLES, "@lee"))

EXAMPLES = [
    good(_NAMED, given=(History(_ALL),)),
    good(f"pilot: {{name: triage, stage: planned, start: 2026-11-24}}\n{_NAMED}", given=(History(None),)),
    bad(_NAMED, at="owners", says="nobody was named on 2026-11-02", given=(History(None),)),
    bad(_NAMED, at="owners", says="nobody was named on 2026-11-02", given=(History(Owners()),)),
    bad(
        _NAMED,
        at="owners.fix",
        says="nobody was named for `fix`, `retrain`",
        given=(History(Owners.model_validate({"accountable": "@lee", "monitor": "@lee"})),),
    ),
    idle('owners: {accountable: "@ana-r"}', says="OWN001 fails", given=(History(None),)),
    unclear(
        _NAMED,
        says="this is no git checkout, so it has no history",
        given=((History, Unverifiable("this is no git checkout, so it has no history")),),
    ),
]
