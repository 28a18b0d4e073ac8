"""Lines that are commands are found, whatever stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments import commands


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


def test_a_capital_at_the_beginning_of_a_line_is_a_telephone_s() -> None:
    assert commands("Hello\n/Pilot help\n/PILOT help\n/pilot Status") == ["help", "Status"]
