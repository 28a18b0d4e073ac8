"""Where things stand in a file: offsets, lines and columns, and changes of whole lines."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from rules.values import Path

MAX_LINE = 4096
MAX_NODES = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the file: lines and columns from 1, columns in characters, the end column the first after it."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of text: `replacement` for the lines `line` to `end_line`, whole, without the last one's break."""

    line: int
    end_line: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake of form: where, what is wrong and what to write, and the edit that mends it where one is known."""

    place: Place
    message: str
    key: Path | None = None
    edit: Edit | None = None


class Text:
    """The decoded file, with the way from offsets to lines and columns. Lines end at line feeds, as git counts them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of text."""
        return Place(*self.position(start), *self.position(max(start, end)))

    def lines(self, first: int, last: int) -> str:
        """Lines `first` to `last`, counted from 1, without the last one's break."""
        end = self._starts[last] if last < len(self._starts) else len(self.text)
        return self.text[self._starts[first - 1] : end].removesuffix("\n").removesuffix("\r")

    def splice(self, start: int, end: int, new: str) -> Edit | None:
        """The edit of whole lines that puts `new` in the place of `text[start:end]`; None where they are huge."""
        (first, column), (last, after) = self.position(start), self.position(end)
        before, rest = self.lines(first, first)[: column - 1], self.lines(last, last)[after - 1 :]
        # A file of one line may hold thousands of mistakes: repeating the line for each would fill the memory.
        return Edit(first, last, before + new + rest) if len(before) + len(rest) <= MAX_LINE else None


def end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what a pattern matches here ends."""
    found = pattern.match(text, at)
    return found.end() if found else at
