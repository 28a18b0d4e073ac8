"""The cells of notebooks, and the lines on which they are written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.notebooks import MAX_CELLS, MAX_LINES, MAX_SIGNS, Allowance, Cell, cells

CELLS = [
    {"cell_type": "markdown", "source": ["# A\n", "b \u00e9\n"]},
    {
        "cell_type": "code",
        "source": "a = 1\nb = '\"'",
        "outputs": [{"data": {"image/png": "x", "text/plain": ["1\n"]}}],
    },
    {"cell_type": "code", "source": [], "outputs": []},
]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_every_line_is_where_it_is_written(indent: int | None) -> None:
    text = json.dumps({"cells": CELLS, "metadata": {"a": {"source": "x"}, "b": ["c", 1]}, "nbformat": 4}, indent=indent)
    found = cells(text)
    assert found is not None
    assert [(cell.kind, cell.text) for cell in found] == [
        ("prose", "# A\nb é"), ("code", "a = 1\nb = '\"'"), ("output", "1"),
    ]  # fmt: skip
    lines = text.split("\n")
    assert "# A" in lines[found[0].line(1) - 1]
    assert "u00e9" in lines[found[0].line(2) - 1]
    assert "a = 1" in lines[found[1].line(2) - 1]


def test_format_3() -> None:
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n", "b"]}]}]})
    assert cells(text) == (Cell("code", ((1, "a"), (1, "b"))),)


@pytest.mark.parametrize("text", ["", "{}", "[]", "import x", '["nbformat"]', '{"cells": []}', '{"a": "nbformat"}'])
def test_what_is_no_notebook(text: str) -> None:
    assert not cells(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"nbformat": 4, "cells": [{"source": ["a", "b',
        '{"nbformat": 4, "cells": [{"source": ["\\x", "b"]}]}',
        '{"nbformat": 4, "cells": ' + "[" * 200 + '"a"' + "]" * 300 + "}",
        '{"nbformat": 4, "cells": ["a"], "worksheets": ["b"]}]]}',
        '{"nbformat": 4},,::[]{}',
    ],
)
def test_what_is_broken_is_read_as_far_as_it_goes(text: str) -> None:
    assert cells(text) is not None


def test_an_escape_that_is_none_is_kept() -> None:
    assert cells('{"nbformat": 4, "cells": [{"source": ["\\x"]}]}') == (Cell("code", ((1, "\\x"),)),)


def _notebook(*sources: object) -> str:
    return json.dumps({"nbformat": 4, "cells": [{"source": source} for source in sources]})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (_notebook(*["a"] * (MAX_CELLS + 1)), MAX_CELLS),
        (_notebook("a", ["a"] * MAX_LINES), 2),
        (_notebook("a", "a\n" * (MAX_LINES + 1), "b"), 1),
        (_notebook("a")[:-2] + "," * MAX_SIGNS + '{"source": "b"}]}', 1),
    ],
)
def test_of_a_notebook_that_holds_too_much_the_beginning_is_read(text: str, read: int) -> None:
    allowance = Allowance()
    found = cells(text, allowance)
    assert found is not None
    assert (len(found), allowance.cut) == (read, True)
    assert cells(_notebook("a"), allowance) == (Cell("code", ((1, "a"),)),)
    assert not allowance.cut


def test_of_all_notebooks_together_no_more_is_read_than_is_allowed() -> None:
    allowance, text, cut = Allowance(), _notebook(*["a"] * MAX_CELLS), []
    for _ in range(5):
        cells(text, allowance)
        cut.append(allowance.cut)
    assert cut == [False, False, False, True, True]


@given(st.text(alphabet='{}[]:,"\\ \nabc0'))
def test_no_text_is_too_strange(text: str) -> None:
    for cell in cells('{"nbformat": 4, "cells": [{"source": ["' + text) or ():
        assert all(1 <= line <= text.count("\n") + 1 for line, _ in cell.lines)
