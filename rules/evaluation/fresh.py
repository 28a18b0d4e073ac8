"""The data that the pilot is judged on is recent enough to look like what it will meet.

Suppliers, prices and words change. A pilot that is right about last year's invoices has not shown that it is right
about next month's.

Fix: state `collected` and `max_age` for each evaluation, and collect anew before the data is older than that.
"""

from collections.abc import Iterator
from datetime import date

from rules.facts import Today
from rules.policy import Evaluation, Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote
from rules.values import days_after

CODE = "EVA003"
SEVERITY = Severity.WARNING


def check(policy: Policy, today: Today) -> Iterator[Finding | NotApplicable]:
    if not policy.evaluation:
        yield NotApplicable("there is no evaluation (EVA001)")
    for index, one in enumerate(policy.evaluation or ()):
        name = quote(one.id) if one.id else f"evaluation {index + 1}"
        yield from _aged(one, index, name, today.date)


def _aged(one: Evaluation, index: int, name: str, today: date) -> Iterator[Finding]:
    collected, max_age = ("evaluation", index, "collected"), ("evaluation", index, "max_age")
    if one.collected is None:
        message = f"nothing says when the data of {name} was collected: write `collected: FIRST/LAST`"
        yield Finding(collected, message + ", as in 2026-09-01/2026-09-30")
    elif one.collected.end > today:
        message = f"the data of {name} is collected until {one.collected.end}, which is still to come: write its last"
        yield Finding(collected, message + " day once it is known")
    if one.max_age is None:
        yield Finding(max_age, f"nothing says how old the data of {name} may grow: write `max_age:`, as in 90d")
    elif one.collected is not None and one.collected.end <= today:
        last = days_after(one.collected.end, one.max_age.days)
        message = f"the data of {name} was collected until {one.collected.end} and is too old since {last}: collect"
        yield Finding(collected, message + " it anew and measure again", since=days_after(last, 1))


EXAMPLES = [
    good("evaluation: [{collected: 2026-09-01/2026-09-30, max_age: 90d}]"),
    good("evaluation: [{collected: 2026-09-01/2026-11-24, max_age: 12h}]"),
    good("evaluation: [{collected: 2026-11-01/2026-11-17, max_age: 1w}]"),
    bad(
        """
        evaluation:
          - id: prod-sample
            collected: 2026-08-01/2026-08-25
            max_age: 90d
        """,
        at="evaluation[0].collected",
        says="the data of `prod-sample` was collected until 2026-08-25 and is too old since 2026-11-23: collect it",
    ),
    bad(
        "evaluation: [{max_age: 90d}]", at="evaluation[0].collected", says="nothing says when the data of evaluation 1"
    ),
    bad(
        "evaluation: [{collected: 2026-09-01/2026-09-30}]",
        at="evaluation[0].max_age",
        says="may grow: write `max_age:`",
    ),
    bad(
        "evaluation: [{collected: 2026-11-01/2026-11-25, max_age: 90d}]",
        at="evaluation[0].collected",
        says="is collected until 2026-11-25, which is still to come: write",
    ),
    idle("owners: {}", says="there is no evaluation (EVA001)"),
]
