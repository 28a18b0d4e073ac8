"""Somebody answers for the pilot, watches it, repairs it and retrains it.

The team that builds a pilot moves on. Where no name stands against watching, repairing and retraining, the first
bad week finds nobody, and the pilot is switched off. Where risk is high, a person in oversight is named as well.

Fix: under `owners`, name a person (`"@login"`) or a team (`"@org/team"`) for `accountable`, `monitor`, `fix` and
`retrain`, and for `oversight` where `pilot.risk` is high.
"""

from collections.abc import Iterator

from rules.policy import Owners, Policy
from rules.rule import Finding, Severity, bad, good

CODE = "OWN001"
SEVERITY = Severity.ERROR

_ROLES = {
    "accountable": "answers for the pilot",
    "monitor": "watches the pilot",
    "fix": "repairs the pilot",
    "retrain": "retrains the pilot",
    "oversight": "oversees the pilot, and its risk is high",
}


def check(policy: Policy) -> Iterator[Finding]:
    high = policy.pilot.risk == "high"
    needed = [role for role in _ROLES if role != "oversight" or high]
    if policy.owners is None:
        yield Finding(("owners",), f"nobody owns the pilot: write `owners:` with {', '.join(needed)}")
        return
    owners: Owners = policy.owners
    for role in needed:
        if getattr(owners, role) is None:
            message = f'nobody {_ROLES[role]}: write `{role}: "@login"` or `"@org/team"`'
            yield Finding(("owners", role), message)


EXAMPLES = [
    good(
        """
        owners:
          accountable: "@ana-r"
          monitor: "@acme/ml-oncall"
          fix: "@acme/ml-platform"
          retrain: "@acme/ml-research"
        """
    ),
    good(
        """
        pilot: {name: triage, stage: pilot, start: 2026-11-02, risk: high}
        owners: {accountable: "@ana-r", monitor: "@ana-r", fix: "@ana-r", retrain: "@ana-r", oversight: "@lee"}
        """
    ),
    bad(
        """
        owners:
          accountable: "@ana-r"
          monitor: "@acme/ml-oncall"
          fix: "@acme/ml-platform"
        """,
        at="owners.retrain",
        says='nobody retrains the pilot: write `retrain: "@login"`',
    ),
    bad(
        "owners: {monitor: '@a', fix: '@a', retrain: '@a'}",
        at="owners.accountable",
        says="nobody answers for",
    ),
    bad(
        "owners: {accountable: '@a', monitor: , fix: '@a', retrain: '@a'}",
        at="owners.monitor",
        says="nobody watches",
    ),
    bad(
        """
        pilot: {name: triage, stage: pilot, start: 2026-11-02, risk: high}
        owners: {accountable: "@ana-r", monitor: "@ana-r", fix: "@ana-r", retrain: "@ana-r"}
        """,
        at="owners.oversight",
        says="its risk is high",
    ),
    bad("criteria: []", at="owners", says="write `owners:` with accountable, monitor, fix, retrain"),
]
