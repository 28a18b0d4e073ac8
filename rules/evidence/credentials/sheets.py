"""A text as it stands in a file: its lines, the places in them, and how much of it may be looked at."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rules.evidence.credentials.merging import Hit
from rules.places import end_of

# So much of a value tells where it stands; lines that are longer are not looked through for it.
_ENDS, _LONGEST = 16, 20_000
_SPACE = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A credential: where its value starts and ends, from 1 each, and its kind.

    `unexplained`: a pragma allows it and does not say why.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    unexplained: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text to search, as a file of that name.

    `numbered` tells the line of the file from the line of the text, `lines` are the file's where they are others.
    """

    path: str
    text: str
    numbered: Callable[[int], int]
    counts: Callable[[int], bool]
    prose: bool = False
    lines: Sequence[str] = ()


@dataclass(slots=True)
class Budget:
    """How much may still be looked at in a file: characters, by the square of the starts of a pattern among them."""

    left: int = 6_000_000

    def spend(self, stretch: str) -> bool:
        """Whether there is enough left to look at this."""
        starts = sum(stretch.count(one) for one in ("eyJ", "sk-", "aws", "AWS", "key", "pass", "ecret", "token"))
        self.left -= 300 + len(stretch) * (1 + starts) ** 2
        return self.left > 0


class Page:
    """The lines of a sheet, and where in its file they stand."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.text = sheet, sheet.text
        self.starts = [0, *(match.end() for match in re.finditer("\n", sheet.text))]

    def number(self, at: int) -> int:
        """The line, from 1, on which a character of the text stands."""
        return bisect_right(self.starts, at)

    def counts(self, number: int) -> bool:
        """Whether this line of the text is one to look at."""
        return self.sheet.counts(self.sheet.numbered(number))

    def line(self, number: int) -> tuple[int, int]:
        """Where a line of the text starts and ends."""
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.starts[number - 1], end

    def quoted(self, value: str, begin: int, name: int, until: int) -> tuple[int, ...]:
        """Where a value stands in quotes, behind the name if it can be; none where it is no text but a variable."""
        for start in (name, begin):
            found = [self.text.find(quote + value + quote, start, until + 1) for quote in "\"'`"]
            if max(found) >= 0:
                return (min(one for one in found if one >= 0) + 1,)
        return ()

    def where(self, value: str, start: int, end: int) -> tuple[int, int]:
        """Where a value stands within a stretch; the stretch's first word where it is written in another way."""
        at = self.text.find(value, start, end)
        if at >= 0:
            return at, at + len(value)
        at = end_of(_SPACE, self.text, start)
        return min(at, end), min(at, end)

    def leak(self, hit: Hit) -> Leak:
        """A hit as it stands in the file."""
        last = max(hit.line, hit.end_line)
        start, end = hit.start - self.starts[hit.line - 1] + 1, hit.end - self.starts[last - 1] + 1
        first, last = self.sheet.numbered(hit.line), self.sheet.numbered(last)
        if self.sheet.lines:
            start, end = self._elsewhere(hit, first, last)
        return Leak(first, start, last, end, hit.kind, hit.unexplained)

    def _elsewhere(self, hit: Hit, first: int, last: int) -> tuple[int, int]:
        """The columns at which a value starts and ends in a file that writes it in another way, as JSON does."""
        value = self.text[hit.start : hit.end]
        head, tail = value[:_ENDS], value[-_ENDS:]
        start, end = _find(self.sheet.lines[first - 1], head), _find(self.sheet.lines[last - 1], tail)
        return start + 1, end + len(tail) + 1 if end else start + 1


def _find(line: str, piece: str) -> int:
    return max(0, line.find(piece)) if len(line) <= _LONGEST else 0
