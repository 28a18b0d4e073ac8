"""Where risk is high, a person oversees the pilot and its logs are kept for half a year.

High risk under the EU AI Act brings duties: human oversight (Article 14) and logs kept for at least six months
(Articles 19 and 26). Found out at the end, they mean a new architecture.

Fix: name `owners.oversight`, and set `monitoring.log_retention` to 180d or more.
"""

from collections.abc import Iterator

from rules.policy import Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, bad, good, idle

CODE = "REV005"
SEVERITY = Severity.WARNING

_DAYS = 180


def check(policy: Policy) -> Iterator[Finding | NotApplicable]:
    if policy.pilot.risk != "high":
        yield NotApplicable("the risk is not high")
        return
    if policy.owners is None or policy.owners.oversight is None:
        message = 'the risk is high and nobody oversees the pilot: write `oversight: "@login"` under `owners`'
        yield Finding(("owners", "oversight"), message)
    retention = policy.monitoring.log_retention if policy.monitoring else None
    if retention is None or retention.days < _DAYS:
        kept = f"logs are kept for {retention}" if retention else "nothing says how long logs are kept"
        message = f"the risk is high and {kept}: write `log_retention: {_DAYS}d` or more under `monitoring`"
        yield Finding(("monitoring", "log_retention"), message, fix=Fix(f"{_DAYS}d"))


_HIGH = "pilot: {name: triage, stage: pilot, start: 2026-11-02, risk: high}\n"

EXAMPLES = [
    good(_HIGH + "owners: {oversight: '@lee'}\nmonitoring: {log_retention: 180d}"),
    good(_HIGH + "owners: {oversight: '@lee'}\nmonitoring: {log_retention: 26w}"),
    bad(
        _HIGH + 'owners:\n  oversight: "@lee"\nmonitoring:\n  log_retention: 90d\n',
        at="monitoring.log_retention",
        says="logs are kept for 90d: write `log_retention: 180d`",
    ),
    bad(
        _HIGH + "owners: {oversight: '@lee'}\nmonitoring:\n  feedback: label:model-feedback\n",
        at="monitoring.log_retention",
        says="nothing says how long logs are kept",
    ),
    bad(_HIGH + "owners: {oversight: '@lee'}", at="monitoring.log_retention", says="nothing says how long"),
    bad(_HIGH + "owners: {fix: '@lee'}", at="owners.oversight", says="nobody oversees the pilot"),
    bad(_HIGH, at="owners.oversight", says="nobody oversees the pilot"),
    idle("pilot: {name: triage, stage: pilot, start: 2026-11-02, risk: limited}", says="the risk is not high"),
]
