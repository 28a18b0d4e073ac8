"""A week before the decision, every criterion that it rests on has been measured.

Who first looks at the numbers on the day of the decision decides on none: it is put off, or made by feel.

Fix: run the evaluation and commit its results at least 7 days before `decision.date`.
"""

from collections.abc import Iterator
from datetime import date

from rules.evidence.results import Measured, Results, called, go_criteria, measured
from rules.facts import Measurements, Today
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, unclear
from rules.values import days_after

CODE = "DEC003"
SEVERITY = Severity.WARNING

_AHEAD = 7


def check(
    policy: Policy, results: Results, measurements: Measurements, today: Today
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    decision, criteria = policy.decision, go_criteria(policy)
    if decision is None or decision.date is None:
        yield NotApplicable("the decision has no date (DEC001)")
    elif decision.outcome in ("go", "no-go"):
        yield NotApplicable("the decision has been made")
    elif not criteria:
        yield NotApplicable("no criterion must be met (DEC002)")
    else:
        due = days_after(decision.date, -_AHEAD)
        for index in criteria:
            found = measured(results, measurements, index)
            if isinstance(found, Unverifiable):
                # Until it is due, nothing rests on it.
                yield from [found] if due <= today.date else []
            elif not isinstance(found, Measured):
                message = f"{called(policy, index)} has no measured value, and {decision.date} is decided on it"
                hint = f"measure it and commit the results by {days_after(due, -1)}"
                yield Finding(("criteria", index, "source"), f"{message}: {hint}", since=due)


_POLICY = """
criteria:
  - {id: accuracy, source: {format: json, file: r.json, pointer: /a}}
  - {id: p95, source: {format: prometheus, query: p95}}
decision: {date: 2026-12-01, go: [accuracy, p95]}
"""
_FILES = {"r.json": '{"a": 0.5}'}
_ASKED = (Measurements({"p95": 1.4}, Unverifiable("nobody asked")),)
_UNASKED = (Measurements({}, Unverifiable("the server was not asked: name it")),)

EXAMPLES = [
    good(_POLICY, files=_FILES, given=_ASKED),
    good(_POLICY, today=date(2026, 11, 23), given=_UNASKED),
    bad(
        _POLICY,
        at="criteria[0].source",
        says="`accuracy` has no measured value, and 2026-12-01 is decided on it: measure it and commit the results by"
        " 2026-11-23",
        given=_ASKED,
    ),
    bad(
        "criteria: [{id: a}, {id: b}]\ndecision: {date: 2026-11-30, go: [b], outcome: extend}",
        at="criteria[1].source",
        says="`b` has no measured value",
    ),
    idle("owners: {}", says="the decision has no date (DEC001)"),
    idle("decision: {go: [a]}", says="the decision has no date (DEC001)"),
    idle("decision: {date: 2026-11-30, outcome: no-go}", says="the decision has been made"),
    idle("decision: {date: 2026-11-30, go: [a]}", says="no criterion must be met (DEC002)"),
    unclear(_POLICY, files=_FILES, given=_UNASKED, says="the server was not asked: name it"),
]
