"""Lines that are commands are found, whatever stands around them; and days are what people mean, or nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments import commands
from bot.comments.days import day
from bot.errors import UserError

TODAY = date(2026, 11, 24)


def test_each_line_that_begins_with_the_word_is_a_command() -> None:
    text = (
        "Hello\n/pilot help\r\n  /pilot explain `INT002` \n\n/pilot\nand /pilot no\n/pilot sign-off a docs/_a_/*b*.md"
    )
    assert commands(text) == ["help", "explain INT002", "", "sign-off a docs/_a_/*b*.md"]


@pytest.mark.parametrize(
    "text",
    [
        "<p>a</p>\n\n/pilot help",
        "<br>\n\n/pilot help",
        "<img src=x/>\n\n</b>\n\n/pilot help",
        "> quote\n\n/pilot help",
        "```\na\n```\n/pilot help",
        "- a\n\n/pilot help",
        "a <b>c</b>\n/pilot help",
    ],
)
def test_what_has_ended_hides_nothing(text: str) -> None:
    assert commands(text) == ["help"]


@given(st.text(max_size=300), st.sampled_from(["```", "~~~~", "<!--", "<div>", "> "]))
def test_what_is_opened_hides_what_follows(text: str, opened: str) -> None:
    assert isinstance(commands(f"{text}\n/pilot help"), list)
    hidden = f"{opened}\n/pilot help" if opened != "> " else "> /pilot help\n/pilot help"
    assert commands(f"{hidden}\n") == []


@given(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=60).filter(
        lambda text: "/pilot" not in text
    )
)
def test_words_come_as_they_are_written(text: str) -> None:
    plain = " ".join("".join(one for one in text if one not in "\\`<>[]&!*_").split())
    assert [one.split() for one in commands(f"/pilot say {plain}")] == [["say", *plain.split()]]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 25)),
        ("friday", date(2026, 11, 27)),
        ("next  friday", date(2026, 11, 27)),
        ("on monday", date(2026, 11, 30)),
        ("15 december", date(2026, 12, 15)),
        ("Dec 15", date(2026, 12, 15)),
        ("1 Feb 2027", date(2027, 2, 1)),
        ("+2w", date(2026, 12, 8)),
        ("+10d", date(2026, 12, 4)),
        ("3 weeks", date(2026, 12, 15)),
        ("in 2 weeks", date(2026, 12, 8)),
    ],
)
def test_a_day_is_the_one_that_is_meant(text: str, meant: date) -> None:
    assert day(text, TODAY) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12/01/2026",
        "2026-02-30",
        "31 february",
        "december",
        "next month",
        "3",
        "soon",
        "end of year",
        "a" * 60,
        "2026-1-1",
        "9999-12-31",
        "0001-01-01",
        "+9999w",
    ],
)
def test_what_means_no_day_for_certain_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="write it as 2026-12-15"):
        day(text, TODAY)


@given(st.text(max_size=60))
def test_any_words_are_a_day_or_refused(text: str) -> None:
    try:
        found = day(text, TODAY)
    except UserError:
        found = TODAY
    assert isinstance(found, date)
