"""Days are what people mean, or refused with what to write; never silently another one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments.days import day
from bot.errors import UserError

TODAY = date(2026, 11, 24)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("meant", "texts"),
    [
        (TODAY, "today|Today|0d"),
        (date(2026, 11, 25), "tomorrow|+1d|in 1 day|in a day|wednesday|next wed|this wednesday|one day"),
        (date(2026, 11, 26), "day after tomorrow|the day after tomorrow|2 days|thu|thur|thurs|Thursday"),
        (date(2026, 11, 27), "friday|fri|fri.|next  friday|this friday|on friday|by friday|27 nov|Fri, 27 Nov"),
        (date(2026, 11, 27), "friday 27 november|Friday, November 27, 2026|friday the 27th of november"),
        (date(2026, 11, 30), "on monday|mon"),
        (date(2026, 12, 1), "next tuesday|in a week|1 week|+1w|1w|1 w|a week from now|december 1|1st of december"),
        (date(2026, 12, 8), "+2w|+ 2W|2w|in 2 weeks|in two weeks|2 weeks|2 weeks from today|in a fortnight|+14d"),
        (date(2026, 12, 15), "dec 15|Dec. 15|december 15th|December the 15th|15 dec|15. december|the 15th of december"),
        (date(2026, 12, 15), "15 december 2026|december 15, 2026|15-dec-2026|2026-12-15|three weeks"),
        (date(2026, 12, 24), "in a month|in 1 month|2026-12-24"),
        (date(2027, 2, 28), "feb 28"),
        (date(2028, 2, 29), "29 february 2028|2028-02-29"),
        (date(2026, 11, 23), "yesterday|1 day ago|a day ago|last monday"),
        (date(2026, 11, 20), "last friday|2026-11-20|nov 20 2026"),
        (date(2026, 11, 17), "last tuesday|one week ago"),
        (date(2026, 10, 24), "a month ago|oct 24 2026"),
    ],
)
def test_a_day_is_the_one_that_is_meant(meant: date, texts: str) -> None:
    assert {text: day(text, TODAY) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), meant)


@pytest.mark.parametrize(
    ("texts", "write"),
    [
        ("15.12.2026|12/15/2026|2026/12/15|15-12-2026|2026.12.15", "write 2026-12-15$"),
        ("2026-1-5", "write 2026-01-05$"),
        ("01/12/2026|12/01/2026|1.12.2026", "write 2026-01-12 or 2026-12-01$"),
        ("nov 24|24 november", "write 2026-11-24 or 2027-11-24$"),
        ("29 february", "write 2024-02-29 or 2028-02-29$"),
        ("nov 20|20 november", "write 2026-11-20 or 2027-11-20$"),
        ("sept 3", "write 2026-09-03 or 2027-09-03$"),
        ("tuesday|this tue", "write 2026-11-24 or 2026-12-01$"),
    ],
)
def test_what_could_mean_several_days_is_refused_with_those(texts: str, write: str) -> None:
    for text in texts.split("|"):
        with pytest.raises(UserError, match=write):
            day(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "the 15th",
        "december",
        "december 2027",
        "dec 15 26",
        "15.12.26",
        "15.12.",
        "12/15",
        "20261215",
        "2026-12",
        "2026-W50-2",
        "2026-02-30",
        "2027-02-29",
        "0000-01-01",
        "30 february 2028",
        "31 april",
        "31/31/2026",
        "2026-12-15T10:00",
        "2026-12-15T23:30:00-05:00",
        "tomorrow at noon",
        "in 36 hours",
        "next week",
        "next month",
        "end of week",
        "end of month",
        "end of the year",
        "end of february 2028",
        "end of october",
        "friday the 13th",
        # One of the two is a slip.
        "thursday 27 november",
        "monday, november 27, 2026",
        "after dec 15",
        "dec 15 or dec 16",
        "-2w",
        "+1m",
        "+1 month",
        "1.5 weeks",
        "10 working days",
        "+1w 2d",
        "soon",
        "tomorow",
        "christmas",
        "morgen",
        "nächsten freitag",
        "15. Dezember",
        "demain",
        "mañana",
        "明天",
        "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT FIVE} december",
        "2026-12-1\N{FULLWIDTH DIGIT FIVE}",
        "+٢w",
        "2026\N{NON-BREAKING HYPHEN}12\N{NON-BREAKING HYPHEN}15",
        "9999-12-31",
        "0001-01-01",
        "+9999w",
        "+99999w",
        "9999 months",
        "a" * 60_000,
    ],
)
def test_what_means_no_day_for_certain_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="write it as 2026-12-15, or as in `tomorrow`"):
        day(text, TODAY)


def test_a_month_has_the_days_that_it_has() -> None:
    assert day("in a month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert day("in 2 months", date(2026, 12, 31) - timedelta(3)) == date(2027, 2, 28)
    assert day("29 february", date(2028, 1, 1)) == date(2028, 2, 29)


@given(st.dates(date(1980, 1, 1), date(2070, 1, 1)), st.integers(0, 365))
def test_a_date_is_read_as_it_is_written(today: date, ahead: int) -> None:
    meant = today + timedelta(ahead)
    for text in (
        f"{meant}",
        f"{meant:%d %B %Y}",
        f"{meant:%b} {meant.day}, {meant.year}",
        f"+{ahead}d",
        f"{meant:%A %d %b %Y}",
    ):
        assert day(text, today) == meant
    # Without its year it is that day, or it is asked which year is meant.
    try:
        said = str(day(f"{meant:%d %B}", today))
    except UserError as error:
        said = str(error)
    assert str(meant) in said or str(today) in said or (meant.month, meant.day) == (2, 29)


@given(st.text(max_size=60))
def test_any_words_are_a_day_or_refused(text: str) -> None:
    try:
        found = day(text, TODAY)
    except UserError:
        found = TODAY
    assert isinstance(found, date)
