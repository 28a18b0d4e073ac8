"""Replacements of whole lines are put into a text together, or not at all; nothing else of it changes."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.edits import applied
from rules.places import Edit

TEXT = "a\nb\r\nc\n"


@dataclass(frozen=True)
class Without:
    """A finding that has no replacement."""

    line: int = 1
    end_line: int = 1
    replacement: None = None


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ([], TEXT),
        ([Edit(1, 1, "x")], "x\nb\r\nc\n"),
        ([Edit(2, 2, "x")], "a\nx\r\nc\n"),
        ([Edit(1, 2, "x\ny")], "x\ny\r\nc\n"),
        ([Edit(3, 3, "x"), Edit(1, 1, "y\nz"), Edit(2, 2, "")], "y\nz\n\r\nx\n"),
        ([Edit(4, 4, "x")], "a\nb\r\nc\nx"),
    ],
)
def test_lines_are_replaced_and_their_breaks_kept(edits: list[Edit], text: str) -> None:
    assert applied(TEXT, edits) == text


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 1, "x")],
        [Edit(5, 5, "x")],
        [Edit(4, 5, "x")],
        [Edit(2, 1, "x")],
        [Edit(1, 1, "x"), Edit(1, 1, "x")],
        [Edit(1, 3, "x"), Edit(2, 2, "x")],
        [Edit(1, 2, "x"), Edit(2, 3, "x")],
    ],
)
def test_what_meets_or_leaves_the_text_is_not_put_in(edits: list[Edit]) -> None:
    assert applied(TEXT, edits) is None
    assert applied(TEXT, edits[::-1]) is None


def test_a_finding_without_a_replacement_can_not_be_put_in() -> None:
    assert applied(TEXT, [Without()]) is None
    assert applied(TEXT, [Edit(3, 3, "x"), Without()]) is None


lines = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=5)


@given(st.lists(st.tuples(lines, st.sampled_from(("", "\r"))), min_size=1, max_size=8), st.data())
def test_any_replacements_that_do_not_meet_change_their_lines_alone(
    rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "\n".join(line + ending for line, ending in rows)
    chosen = data.draw(st.sets(st.integers(1, len(rows))))
    edits = [Edit(number, number, data.draw(lines)) for number in data.draw(st.permutations(sorted(chosen)))]
    new = {edit.line: edit.replacement for edit in edits}
    found = applied(text, edits)
    assert found == "\n".join(new.get(number, line) + ending for number, (line, ending) in enumerate(rows, 1))


@given(lines, st.lists(st.builds(Edit, st.integers(-1, 4), st.integers(-1, 4), lines), max_size=3))
def test_no_replacement_is_lost_or_a_crash(text: str, edits: list[Edit]) -> None:
    found = applied(f"{text}\n{text}", edits)
    assert found is None or all(edit.replacement in found for edit in edits)
