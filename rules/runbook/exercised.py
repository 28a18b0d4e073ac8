"""Every runbook was tried out within the last 180 days.

A runbook that nobody has followed is a guess: the dashboard has moved, the command needs a right that nobody has.

Fix: follow the runbook once, mend what does not work, and write the day as `exercised`.
"""

from collections.abc import Iterator
from datetime import date

from rules.facts import Today
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote
from rules.values import days_after

CODE = "RUN005"
SEVERITY = Severity.NOTICE

_DAYS = 180


def check(policy: Policy, today: Today) -> Iterator[Finding | NotApplicable]:
    if not policy.runbooks:
        yield NotApplicable("there are no runbooks (RUN004)")
    for number, runbook in enumerate(policy.runbooks or ()):
        at = ("runbooks", number, "exercised")
        name = quote(runbook.file) if runbook.file else f"runbook {number + 1}"
        if runbook.exercised is None:
            yield Finding(at, f"{name} was never tried out: follow it once and write `exercised:` with the day")
        elif runbook.exercised > today.date:
            message = f"{name} can't have been tried out on {runbook.exercised}, which is to come: write the real day"
            yield Finding(at, message)
        else:
            message = f"{name} was last tried out on {runbook.exercised}: follow it again and write `exercised:`"
            yield Finding(at, message, since=days_after(runbook.exercised, _DAYS + 1))


EXAMPLES = [
    good(
        """
        runbooks:
          - {file: docs/runbook.md, exercised: 2026-11-18}
        """
    ),
    good("runbooks: [{exercised: 2026-11-24}, {exercised: 2026-05-28}]"),
    bad(
        "runbooks: [{file: docs/runbook.md, exercised: 2026-05-28}]",
        at="runbooks[0].exercised",
        says="was last tried out on 2026-05-28",
        today=date(2026, 11, 25),
    ),
    bad(
        "runbooks: [{file: docs/runbook.md}]",
        at="runbooks[0].exercised",
        says="`docs/runbook.md` was never tried out",
    ),
    bad(
        "runbooks: [{exercised: 2026-11-25}]",
        at="runbooks[0].exercised",
        says="runbook 1 can't have been tried out",
    ),
    idle("runbooks: []", says="there are no runbooks (RUN004)"),
]
