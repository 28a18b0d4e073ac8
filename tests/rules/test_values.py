"""Each kind of value reads what it promises, refuses the rest with what to write, and offers what is surely meant."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.resolve import resolve
from rules.values import (
    Day,
    Days,
    Duration,
    Handle,
    Interval,
    Name,
    Number,
    Span,
    Text,
    Whole,
    days_after,
    quote,
    walk,
    written,
)
from tests.rules.given import policy, reader, said
from tests.rules.integration.credentials.made import TOKENS


def test_a_date_is_one_of_the_calendar() -> None:
    read = reader(Day)
    assert read("2026-11-02") == date(2026, 11, 2)
    assert read("2028-02-29") == date(2028, 2, 29)
    for text in ("2026-11-2", "20261102", "2026-W45-1", "2026-11-02 ", "", "2026/11/02", 20261102, "٢٠٢٦-11-02"):
        assert said(Day, text) == ("refused", "a date is written YYYY-MM-DD, as in 2026-11-02", None)
    for text in ("2026-02-30", "2026-13-01", "0000-01-01"):
        assert said(Day, text) == ("refused", f"`{text}` is not in the calendar: write a date that exists", None)


def test_an_interval_has_two_days_in_order() -> None:
    found = reader(Days)("2026-09-01/2026-09-30")
    assert found == Interval(date(2026, 9, 1), date(2026, 9, 30))
    assert str(found) == "2026-09-01/2026-09-30"
    assert reader(Days)("2026-09-01/2026-09-01") == Interval(date(2026, 9, 1), date(2026, 9, 1))
    backwards = "an interval ends on or after its first day"
    assert said(Days, "2026-09-30/2026-09-01") == ("refused", backwards, "2026-09-01/2026-09-30")
    single = "an interval is written START/END, as in 2026-09-01/2026-09-30"
    assert said(Days, "2026-09-01") == ("refused", single, None)
    assert said(Days, "2026-09-01/P3D")[1].startswith("a date is written")


@pytest.mark.parametrize(
    ("text", "milliseconds", "days"),
    [
        ("250ms", 250, 0),
        ("30s", 30_000, 0),
        ("10m", 600_000, 0),
        ("12h", 43_200_000, 0),
        ("7d", 604_800_000, 7),
        ("4w", 2_419_200_000, 28),
        ("47h", 169_200_000, 1),
        ("999999999w", 999_999_999 * 604_800_000, 6_999_999_993),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, milliseconds: int, days: int) -> None:
    found = reader(Span)(text)
    assert found == Duration(text, milliseconds)
    assert isinstance(found, Duration)
    assert found.days == days
    assert str(found) == text


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("7 d", "7d"),
        ("7D", "7d"),
        ("90 days", "90d"),
        ("1 day", "1d"),
        (" 5 min ", "5m"),
        ("2 Minutes", "2m"),
        ("3secs", "3s"),
        ("3 second", "3s"),
        ("4 hours", "4h"),
        ("2weeks", "2w"),
        ("5 s", "5s"),
        ("9ms ", "9ms"),
        ("7", None),
        (7, None),
        ("7y", None),
        ("1.5d", None),
        ("-1d", None),
        ("d", None),
        ("", None),
        ("1234567890d", None),
        ("P7D", None),
        ("7d\n", "7d"),
        ("2 fortnights", None),
    ],
)
def test_what_is_no_duration_is_refused_with_the_nearest(text: object, better: str | None) -> None:
    message = "a duration is a whole number and ms, s, m, h, d or w, as in 250ms or 7d"
    assert said(Span, text) == ("refused", message, better)


def test_a_number_is_finite_and_no_text() -> None:
    read = reader(Number)
    assert read(3) == 3
    assert type(read(3)) is int
    assert read(0.5) == 0.5
    for value in (True, "3", None, (1,)):
        assert said(Number, value)[:2] == ("float_type", "number")
    for endless in (float("inf"), float("-inf"), float("nan")):
        assert said(Number, endless) == ("refused", "a finite number belongs here", None)


def test_a_whole_number_is_no_truth_and_no_fraction() -> None:
    assert reader(Whole)(3) == 3
    for value in (True, False, 3.0):
        assert said(Whole, value)[0] == "int_type"


def test_a_kind_without_a_reader_reads_nothing() -> None:
    with pytest.raises(NotImplementedError):
        Text.read("x")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", "`a`"),
        (3, "`3`"),
        ("", "``"),
        ("a`b", "`a'b`"),
        ("a\nb\tc", "`a\\nb\\tc`"),
        ("\x00\x1b", "`\\x00\\x1b`"),
        ("\u202eabc", "`\\u202eabc`"),
        ("é😀", "`é😀`"),
        ("x" * 80, "`" + "x" * 80 + "`"),
        ("x" * 81, "`" + "x" * 79 + "…`"),
        ("https://host:8080/a@b", "`https://host:8080/a@b`"),
        ("at https://u:hunter2@host/x", "`at https://u:…@host/x`"),
        ("amqp://:" + "hunter2" * 20 + "@host", "`amqp://:…@host`"),
    ],
)
def test_a_quoted_value_can_be_shown_anywhere(value: object, shown: str) -> None:
    assert quote(value) == shown


@pytest.mark.parametrize("kind", ["GitHub Token", "GitLab Token", "AWS Access Key", "Slack Token", "OpenAI Token",
    "Anthropic API Key", "Private Key", "JSON Web Token", "Hugging Face Token", "Stripe Access Key", "Google API Key",
    "NPM tokens", "PyPI Token", "SendGrid API Key", "Databricks Token", "Square OAuth Secret"])  # fmt: skip
def test_a_token_is_never_shown(kind: str) -> None:
    token = TOKENS[kind][0](random.Random(3))
    at = len(token) * 2 // 3
    for text in (token, f"@{token}", f"label:{token}x", f"https://{token}:x@host", f"https://u:{token}@host"):
        if "https://" not in text or "/" not in token:
            assert token[at : at + 7] not in quote(text)
            assert token[at : at + 7] not in written(("a", text, 1))


@pytest.mark.parametrize(
    "text",
    [
        "@acme/sk-team", "gho_names", "hf_requests_total_5m", "npm_config_http2", "eyJ", "AKIA", "xox", "sk-learn",
        "risk-assessment-2026-11-24", "disk-usage-over-90-percent", "a1b2c3d4" * 5,
    ],
)  # fmt: skip
def test_what_only_starts_like_a_token_is_shown(text: str) -> None:
    assert quote(text) == f"`{text}`"


def test_a_fix_that_would_show_a_token_is_none() -> None:
    token = TOKENS["GitHub Token"][0](random.Random(3))
    assert said(Handle, token) == ("refused", 'people are written "@login" or "@org/team"', None)
    assert said(Handle, "ana-r")[2] == '"@ana-r"'


@given(st.text())
def test_whatever_is_quoted_is_one_short_line(text: str) -> None:
    shown = quote(text)
    assert shown.isprintable()
    assert shown[0] == shown[-1] == "`"
    assert "`" not in shown[1:-1]


def test_days_after_a_day_stop_where_the_calendar_ends() -> None:
    assert days_after(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert days_after(date(2026, 1, 1), -1) == date(2025, 12, 31)
    assert days_after(date(2026, 1, 1), 0) == date(2026, 1, 1)
    assert days_after(date.max, 1) == date.max
    assert days_after(date.min, -1) == date.min
    assert days_after(date(2026, 1, 1), 10**9) == date.max
    assert days_after(date(2026, 1, 1), 10**30) == date.max
    assert days_after(date(2026, 1, 1), -(10**30)) == date.min


@given(st.text(max_size=30))
def test_what_is_offered_for_a_name_a_handle_or_a_duration_is_one(text: str) -> None:
    for kind in (Name, Handle, Span):
        try:
            reader(kind)(text)
        except ValidationError as error:
            fix = error.errors()[0]["ctx"]["fix"]
            if fix is not None:
                assert reader(kind)(resolve(fix.strip('"')) if kind is Span else fix.strip('"'))


def test_a_walk_visits_every_value_with_its_path() -> None:
    found = policy(
        "owners: {fix: '@a'}\ndecision: {go: [a, b], date: 2027-01-25}\nreviews: {legal: {outcome: passed}}\n"
    )
    values = {path: value for path, value in walk(found) if value is not None}
    assert values[()] is found
    assert values[("owners", "fix")] == "@a"
    assert values[("decision", "go")] == ("a", "b")
    assert values[("decision", "go", 1)] == "b"
    assert values[("decision", "date")] == date(2027, 1, 25)
    assert values[("reviews", "legal", "outcome")] == "passed"
    assert list(walk(3, ("x",))) == [(("x",), 3)]
