"""A day is set on which named people decide, soon enough.

A pilot that ends "when it is ready" never ends: it is paid for until someone cuts it. A date, and a name against it,
make the team measure in time and the sponsor choose.

Fix: under `decision`, set `date` after `pilot.start` and within 180 days of it (or what the organisation says), and
name the `deciders`.
"""

from collections.abc import Iterator
from datetime import date

from rules.facts import Today
from rules.policy import Limits, Policy
from rules.rule import Finding, Fix, Severity, bad, good
from rules.values import days_after

CODE = "DEC001"
SEVERITY = Severity.ERROR


def check(policy: Policy, limits: Limits, today: Today) -> Iterator[Finding]:
    last = days_after(policy.pilot.start, limits.pilot_days)
    # A date that has passed already would only be overdue: then what to do is for people to say.
    fix = Fix(str(last)) if last >= today.date else None
    write = f"write `date: {last}`" + (" or earlier" if fix else ", which has passed: decide now, record the `outcome`")
    decision = policy.decision
    if decision is None:
        yield Finding(
            ("decision",), f"nothing says when the pilot is decided: {write}, under `decision:`, and `deciders`"
        )
        return
    wrong = _wrong(decision.date, policy.pilot.start, last, limits)
    if wrong:
        yield Finding(("decision", "date"), f"{wrong}: {write}", fix=fix)
    if not decision.deciders:
        yield Finding(("decision", "deciders"), 'nobody decides: write `deciders: ["@login"]`')


def _wrong(day: date | None, start: date, last: date, limits: Limits) -> str | None:
    if day is None:
        return "the decision has no date"
    if day <= start:
        return f"the decision on {day} does not come after the start on {start}"
    if day > last:
        return f"the decision on {day} comes {(day - start).days} days after the start, later than {limits.pilot_days}"
    return None


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
    bad(
        "decision: {date: 2028-01-25, deciders: ['@ana-r']}",
        at="decision.date",
        says="later than 180: write `date: 2027-05-01`, which has passed: decide now, record the `outcome`",
        today=date(2027, 5, 2),
    ),
    bad("owners: {}", at="decision", says="nothing says when the pilot is decided"),
]
