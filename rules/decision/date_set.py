"""A day is set on which named people decide, soon enough.

A pilot that ends "when it is ready" never ends: it is paid for until someone cuts it. A date, and a name against it,
make the team measure in time and the sponsor choose.

Fix: under `decision`, set `date` after `pilot.start` and within 180 days of it (or what the organisation says), and
name the `deciders`.
"""

from collections.abc import Iterator
from datetime import date

from rules.policy import Limits, Policy
from rules.rule import Finding, Fix, Severity, bad, good
from rules.values import days_after

CODE = "DEC001"
SEVERITY = Severity.ERROR


def check(policy: Policy, limits: Limits) -> Iterator[Finding]:
    last = days_after(policy.pilot.start, limits.pilot_days)
    decision = policy.decision
    if decision is None:
        message = (
            f"nothing says when the pilot is decided: write `decision:` with `date: {last}` or earlier and `deciders`"
        )
        yield Finding(("decision",), message)
        return
    yield from _date(decision.date, policy.pilot.start, last, limits)
    if not decision.deciders:
        yield Finding(("decision", "deciders"), 'nobody decides: write `deciders: ["@login"]`')


def _date(day: date | None, start: date, last: date, limits: Limits) -> Iterator[Finding]:
    at, fix = ("decision", "date"), Fix(str(last))
    if day is None:
        yield Finding(at, f"the decision has no date: write `date: {last}` or earlier", fix=fix)
    elif day <= start:
        message = f"the decision on {day} does not come after the start on {start}: write `date: {last}` or earlier"
        yield Finding(at, message, fix=fix)
    elif day > last:
        message = (
            f"the decision on {day} comes {(day - start).days} days after the start, later than"
            f" {limits.pilot_days}: write `date: {last}` or earlier"
        )
        yield Finding(at, message, fix=fix)


EXAMPLES = [
    good(
        """
        decision:
          date: 2027-01-25
          deciders: ["@ana-r"]
        """
    ),
    good("decision: {date: 2027-05-01, deciders: ['@ana-r']}"),
    good("decision: {date: 2026-11-03, deciders: ['@ana-r']}"),
    bad(
        """
        decision:
          date: 2027-05-02
          deciders: ["@ana-r"]
        """,
        at="decision.date",
        says="181 days after the start, later than 180: write `date: 2027-05-01`",
    ),
    bad(
        "decision: {date: 2026-11-12, deciders: ['@ana-r']}",
        at="decision.date",
        says="later than 9",
        organisation="{version: 1, limits: {pilot_days: 9}}",
    ),
    bad(
        "decision: {date: 2026-11-02, deciders: ['@ana-r']}",
        at="decision.date",
        says="does not come after the start",
    ),
    bad(
        """
        decision:
          deciders: ["@ana-r"]
        """,
        at="decision.date",
        says="has no date",
    ),
    bad("decision: {date: 2027-01-25}", at="decision.deciders", says="nobody decides"),
    bad("decision: {date: 2027-01-25, deciders: []}", at="decision.deciders", says="nobody decides"),
    bad("owners: {}", at="decision", says="nothing says when the pilot is decided"),
]
