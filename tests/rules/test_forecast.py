"""Forecast and failure can't disagree: on a forecast date that rule fails at that key, and the day before it "
"does not."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.report import Forecast, Outcome
from rules.values import written
from tests.rules.given import HEADER, TODAY, example, report, result

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def dated(draw: st.DrawFn) -> str:
    """A policy full of dates."""
    verdict = draw(st.sampled_from(("pending", "go", "extend")))
    lines = [HEADER, "reviews:\n"]
    for name in ("security", "compliance", "legal"):
        outcome = draw(st.sampled_from(("pending", "passed", "failed")))
        lines.append(f"  {name}: {{team: '@a/b', due: {draw(DAYS)}, outcome: {outcome}}}\n")
    exercised = [f"{{exercised: {draw(DAYS)}}}" for _ in range(draw(st.integers(0, 2)))]
    waivers = [
        f"{{rule: INT003, reason: x, approved_by: '@a', expires: {draw(DAYS)}}}" for _ in range(draw(st.integers(0, 2)))
    ]
    lines.append(f"runbooks: [{', '.join(exercised)}]\nwaivers: [{', '.join(waivers)}]\n")
    lines.append(f"decision: {{date: {draw(DAYS)}, outcome: {verdict}}}\n")
    return "".join(lines)


@given(dated(), DAYS)
@settings(max_examples=60)
def test_a_rule_fails_from_its_forecast_date_on_and_not_the_day_before(text: str, today: date) -> None:
    for coming in report(text, today=today).forecast:
        assert coming.date > today
        on_it = [(one.code, one.key, one.message) for one in report(text, today=coming.date).findings]
        before = [(one.code, one.key, one.message) for one in report(text, today=coming.date - timedelta(1)).findings]
        said = (coming.code, coming.key, coming.message)
        assert on_it.count(said) == 1
        assert said not in before


@given(dated(), DAYS)
@settings(max_examples=60)
def test_what_fails_tomorrow_and_passes_today_was_forecast(text: str, today: date) -> None:
    now, then = report(text, today=today), report(text, today=today + timedelta(1))
    forecast = {(one.code, one.key) for one in now.forecast if one.date == today + timedelta(1)}
    passing = {one.code for one in now.rules if one.outcome is Outcome.PASS}
    assert {(one.code, one.key) for one in then.findings if one.code in passing} == forecast


def test_the_policy_that_the_project_ships_has_this_forecast() -> None:
    assert report(example(), select=["REV002", "DEC004", "RUN005", "POL004"], today=TODAY).forecast == (
        Forecast(
            date(2026, 11, 28),
            "REV002",
            "reviews.compliance",
            "the `compliance` review was due 2026-11-27 and is pending: hold it, then write `outcome: passed` and its"
            " `evidence:`",
        ),
        Forecast(
            date(2026, 12, 1),
            "REV002",
            "reviews.legal",
            "the `legal` review was due 2026-11-30 and is pending: hold it, then write `outcome: passed` and its"
            " `evidence:`",
        ),
        Forecast(
            date(2027, 1, 26),
            "DEC004",
            "decision.date",
            "the decision was due 2027-01-25: decide, then write `outcome: go`, `no-go` or `extend`",
        ),
        Forecast(
            date(2027, 5, 18),
            "RUN005",
            "runbooks[0].exercised",
            "`docs/runbook.md` was last tried out on 2026-11-18: follow it again and write `exercised:`",
        ),
    )


def test_what_fails_or_is_off_or_waived_has_no_forecast() -> None:
    text = HEADER + "reviews: {legal: {due: 2026-11-20}, security: {due: 2026-12-20}}\n"
    assert result(report(text), "REV002").outcome is Outcome.FAIL
    assert report(text, select=["REV002"]).forecast == ()
    off = HEADER + "rules: {DEC004: off}\ndecision: {date: 2027-01-25}\n"
    assert report(off, select=["DEC004"]).forecast == ()


def test_the_end_of_the_calendar_is_no_error() -> None:
    text = (
        HEADER.replace("2026-11-02", "9999-12-31") + "decision: {date: 9999-12-31}\nreviews: {a: {due: 9999-12-31}}\n"
    )
    assert [one.date for one in report(text, select=["DEC004", "REV002"]).forecast] == [date.max, date.max]


@given(dated(), DAYS)
@settings(max_examples=60)
def test_dates_are_told_whatever_else_their_rule_says(text: str, today: date) -> None:
    now = report(text, today=today)
    for one in now.dates:
        then = report(text, today=max(today, one.since))
        assert (one.code, written(one.at), one.message) in [
            (each.code, each.key, each.message) for each in then.findings
        ]
    assert {(one.date, one.code, one.key) for one in now.forecast} <= {
        (one.since, one.code, written(one.at)) for one in now.dates
    }


def test_a_waived_date_is_none_and_the_end_of_its_waiver_is_one() -> None:
    text = HEADER + (
        "decision: {date: 2026-11-20, outcome: pending}\n"
        "waivers: [{rule: DEC004, reason: x, approved_by: '@a', expires: 2026-12-01}]\n"
    )
    assert [(one.code, one.since) for one in report(text, today=TODAY).dates] == [("POL004", date(2026, 12, 2))]
    after = report(text, today=date(2026, 12, 2)).dates
    assert [(one.code, one.since) for one in after] == [("DEC004", date(2026, 11, 21)), ("POL004", date(2026, 12, 2))]
