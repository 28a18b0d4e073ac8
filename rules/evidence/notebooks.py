"""Jupyter notebooks, by what they hold: their cells, each line with the line of the file on which it is written.

Formats 4 (`cells`, `source`) and 3 (`worksheets`, `input`), as nbformat documents them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rules.places import end_of

Kind = Literal["code", "prose", "output"]
Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written in a cell, or what running it put out: its lines, each with its line of the file, from 1."""

    kind: Kind
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines together."""
        return "\n".join(text for _, text in self.lines)

    def line(self, number: int) -> int:
        """The line of the file on which a line of the cell, from 1, is written."""
        return self.lines[min(number, len(self.lines)) - 1][0]


MAX_SIGNS, MAX_CELLS, MAX_LINES = 300_000, 2_000, 40_000
"""How many signs of JSON, cells and lines are read of a notebook; of all together three times as many."""


@dataclass(slots=True)
class Allowance:
    """How much may still be read of notebooks, and whether more was in the last one than was read."""

    signs: int = MAX_SIGNS * 3
    cells: int = MAX_CELLS * 3
    lines: int = MAX_LINES * 3
    cut: bool = False

    def part(self) -> "Allowance":
        """What may be read of one of them."""
        return Allowance(min(self.signs, MAX_SIGNS), min(self.cells, MAX_CELLS), min(self.lines, MAX_LINES))

    def less(self, whole: "Allowance", left: "Allowance") -> None:
        """Take off what one of them, for which there was `whole`, has used up."""
        self.signs -= whole.signs - left.signs
        self.cells -= whole.cells - left.cells
        self.lines -= whole.lines - left.lines
        self.cut = min(left.signs, left.cells, left.lines) < 0


def cells(text: str, allowance: Allowance | None = None) -> tuple[Cell, ...] | None:
    """The cells of a notebook, in order; None where the text is none. No more of them than is allowed."""
    if not re.match(r"\s*\{", text) or '"nbformat"' not in text:
        return None
    allowance = allowance or Allowance()
    left = allowance.part()
    found = tuple(cell for draft in _drafts(text, left).values() for cell in draft.cells())
    allowance.less(allowance.part(), left)
    return found


def _drafts(text: str, left: Allowance) -> "dict[tuple[str, ...], _Draft]":
    drafts: dict[tuple[str, ...], _Draft] = {}
    for path, value, line in _strings(text, left):
        start = 1 if path[0] == "cells" else 3 if path[0] == "worksheets" else 0
        where, rest = path[: start + 1], path[start + 1 :]
        if not start or not rest:
            continue
        if where not in drafts:
            left.cells -= 1
        left.lines -= 1 + value.count("\n", 0, len(value) - 1)
        if left.cells < 0 or left.lines < 0:
            break
        draft = drafts.setdefault(where, _Draft())
        if rest == ("cell_type",):
            draft.type = value
        elif rest[0] in ("source", "input"):
            draft.source.append((line, value))
        elif rest[0] == "outputs" and not any(step.startswith("image/") or step == "png" for step in rest):
            draft.outputs.append((line, value))
    return drafts


@dataclass(slots=True)
class _Draft:
    type: str = "code"
    source: list[Line] = field(default_factory=list)
    outputs: list[Line] = field(default_factory=list)

    def cells(self) -> Iterator[Cell]:
        kinds: dict[str, Kind] = {"code": "code"}
        if self.source:
            yield Cell(kinds.get(self.type, "prose"), tuple(_split(self.source)))
        if self.outputs:
            yield Cell("output", tuple(_split(self.outputs)))


def _split(pieces: list[Line]) -> Iterator[Line]:
    """Lines of text out of JSON strings: one string may be a whole cell, or a line with its break."""
    for line, value in pieces:
        for one in value.removesuffix("\n").split("\n"):
            yield line, one


_MAX_DEPTH = 64


def _strings(text: str, left: Allowance) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Every string of JSON text that is no key: the keys and positions that lead to it, what it says, its line.

    Text that is no JSON yields what can be told of it; text of more signs than are left, its beginning.
    """
    path: list[str] = []  # the key or the position of each level that is open
    key = '""'
    line, done = 1, 0
    for match in re.finditer(r'"(?:[^"\\\n]|\\.)*+"?|[\[\]{}:,]', text):
        left.signs -= 1
        if left.signs < 0:
            return
        token = match[0]
        line, done = line + text.count("\n", done, match.start()), match.start()
        if token[0] == '"':
            if text.startswith(":", _space(text, match.end())):
                key = token
            elif 0 < len(path) <= _MAX_DEPTH:
                yield tuple(path), _said(token), line
        elif token in "{[":
            path.append("0" if token == "[" else "")
        elif token in "}]":
            path = path[:-1]
        elif token == ":" and path:
            path[-1] = _said(key)
        elif token == "," and path and path[-1].isdigit():
            path[-1] = str(int(path[-1]) + 1)


_SPACE = re.compile(r"\s*")


def _space(text: str, at: int) -> int:
    return end_of(_SPACE, text, at)


def _said(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]
