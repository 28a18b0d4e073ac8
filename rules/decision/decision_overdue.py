"""The day of the decision has not passed without one.

A decision that is not made on its day is made by nobody, month after month, at full cost. Once it is put off,
it is to be decided on the new day as well.

Fix: decide, and record `decision.outcome` as go, no-go or extend.
"""

from collections.abc import Iterator
from datetime import date

from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle
from rules.values import days_after

CODE = "DEC004"
SEVERITY = Severity.ERROR


def check(policy: Policy) -> Iterator[Finding | NotApplicable]:
    decision = policy.decision
    if decision is None or decision.date is None:
        yield NotApplicable("the decision has no date (DEC001)")
    elif decision.undecided:
        message = f"the decision was due {decision.date}: decide, then write `outcome: go`, `no-go` or `extend`"
        yield Finding(("decision", "date"), message, since=days_after(decision.date, 1))


EXAMPLES = [
    good("decision: {date: 2026-11-24, outcome: pending}"),
    good("decision: {date: 2026-11-23, outcome: no-go}"),
    good("decision: {date: 2026-11-23, outcome: extend}"),
    bad(
        """
        decision:
          date: 2026-11-23
          outcome: extend
          extensions: [{from: 2026-10-26, to: 2026-11-23, because: the API came late}]
        """,
        at="decision.date",
        says="was due 2026-11-23",
    ),
    bad(
        """
        decision:
          date: 2026-11-23
          outcome: pending
        """,
        at="decision.date",
        says="the decision was due 2026-11-23: decide",
    ),
    bad(
        "decision: {date: 2026-11-24}",
        at="decision.date",
        says="was due 2026-11-24",
        today=date(2026, 11, 25),
    ),
    idle("decision: {outcome: pending}", says="the decision has no date (DEC001)"),
    idle("owners: {}", says="the decision has no date (DEC001)"),
]
