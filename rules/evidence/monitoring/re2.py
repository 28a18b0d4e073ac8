"""Regular expressions as Prometheus and Alertmanager read them: RE2's, held against the whole of a text.

Python's own engine has another syntax and takes exponential time on some patterns; this one takes no longer than the
product of the lengths of pattern and text. What hardly anybody writes (`\\b`, `\\pL`, `(?m)`) is not read.
"""

import re
from functools import lru_cache
from itertools import product
from typing import Any

from rules.evidence.monitoring.re2_syntax import Node, Reader, Refused, Unread

MAX_LENGTH = 1_000
MAX_STEPS = 500_000
_MAX_CODE = 2_000
_MAX_WORDS = 100


class Pattern:
    """A pattern that was read. Raises Refused, or Unread."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise Unread
        self._root = Reader(text).read()
        self._code: list[tuple[Any, ...]] = []
        self._made = 0
        self._emit(self._root)

    @property
    def words(self) -> frozenset[str] | None:
        """Every text that the pattern means, where these are no more than a hundred; None otherwise."""
        inner = self._root[1] if self._root[0] == "each" else []
        bare = inner[inner[:1] == [("start",)] : len(inner) - (inner[-1:] == [("end",)])]
        return _words(("each", bare) if inner else self._root)

    def steps(self, text: str) -> int:
        """How much work it is at most to hold a text against the pattern."""
        return (len(text) + 1) * (len(self._code) + 1)

    def matches(self, text: str) -> bool:
        """Whether the pattern means the whole text. Raises Unread where that takes too long to tell."""
        if self.steps(text) > MAX_STEPS:
            raise Unread
        here = self._reach([0], at_start=True, at_end=not text)
        for number, letter in enumerate(text, 1):
            after = [at + 1 for at in here if at < len(self._code) and self._takes(self._code[at], letter)]
            here = self._reach(after, at_start=False, at_end=number == len(text))
        return len(self._code) in here

    def _takes(self, code: tuple[Any, ...], letter: str) -> bool:
        return code[0] == "one" and code[1].fullmatch(letter) is not None

    def _reach(self, starts: list[int], *, at_start: bool, at_end: bool) -> set[int]:
        seen: set[int] = set()
        left = starts
        while left:
            at = left.pop()
            if at in seen:
                continue
            seen.add(at)
            code = self._code[at] if at < len(self._code) else ("one",)
            if code[0] == "go":
                left += code[1]
            elif (code[0] == "start" and at_start) or (code[0] == "end" and at_end):
                left.append(at + 1)
        return seen

    def _emit(self, node: Node) -> None:
        self._made += 1
        if self._made > _MAX_CODE or len(self._code) > _MAX_CODE:
            raise Unread
        match node:
            case ("each", parts):
                for part in parts:
                    self._emit(part)
            case ("any", parts):
                self._emit_any(parts)
            case ("times", part, least, most):
                self._emit_times(part, least, most)
            case ("letter" | "class", text, fold):
                source = re.escape(text) if node[0] == "letter" else text
                self._code.append(("one", _one(source, fold)))
            case _:
                self._code.append(node)

    def _emit_any(self, parts: list[Node]) -> None:
        starts: list[int] = []
        ends: list[list[int]] = []
        self._code.append(("go", starts))
        for part in parts:
            starts.append(len(self._code))
            self._emit(part)
            ends.append([])
            self._code.append(("go", ends[-1]))
        for end in ends:
            end.append(len(self._code))

    def _emit_times(self, part: Node, least: int, most: int | None) -> None:
        for _ in range(least):
            self._emit(part)
        if most is None:
            fork = len(self._code)
            ways = [fork + 1]
            self._code.append(("go", ways))
            self._emit(part)
            self._code.append(("go", [fork]))
            ways.append(len(self._code))
            return
        forks = []
        for _ in range(most - least):
            forks.append([len(self._code) + 1])
            self._code.append(("go", forks[-1]))
            self._emit(part)
        for ways in forks:
            ways.append(len(self._code))


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """The pattern that a text states. Raises Refused, or Unread."""
    return Pattern(text)


@lru_cache(maxsize=512)
def _one(source: str, fold: bool) -> re.Pattern[str]:
    try:
        return re.compile(source, re.IGNORECASE | re.DOTALL if fold else re.DOTALL)
    except re.error:
        raise Refused("has a class of characters that is none") from None


def _words(node: Node) -> frozenset[str] | None:
    match node:
        case ("letter", letter, fold):
            return None if fold and letter.lower() != letter.upper() else frozenset({letter})
        case ("each", parts):
            return _joined([_words(part) for part in parts])
        case ("any", parts):
            found = [_words(part) for part in parts]
            every = frozenset[str]().union(*(one for one in found if one is not None))
            return None if None in found or len(every) > _MAX_WORDS else every
        case ("times", part, 0, 1):
            once = _words(part)
            return None if once is None else once | {""}
    return None


def _joined(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
    words = frozenset({""})
    for part in parts:
        if part is None or len(words) * len(part) > _MAX_WORDS:
            return None
        words = frozenset(first + second for first, second in product(words, part))
    return words
