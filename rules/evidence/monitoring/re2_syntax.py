"""What a regular expression of RE2's syntax says, as a tree. Source: RE2's page "Syntax"."""

import re
from collections.abc import Iterator
from typing import Any

_MAX_GROUPS = 40

# ("letter", a) · ("class", a class of Python's) · ("each", nodes) · ("any", nodes) · ("times", node, least, most) ·
# ("start",) · ("end",); a letter and a class have, last, whether their case is folded.
Node = tuple[Any, ...]

_PERL = {"d": "[0-9]", "D": "[^0-9]", "w": r"[0-9A-Za-z_]", "W": r"[^0-9A-Za-z_]"}
_PERL |= {"s": r"[\t\n\f\r ]", "S": r"[^\t\n\f\r ]"}
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_POSIX |= {"space": r"\t\n\v\f\r ", "blank": r"\t ", "word": "0-9A-Za-z_", "punct": r"!-/:-@\[-`{-~"}
_TIMES = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
_GROUP = re.compile(r"\?(?:P?<\w+>|([imsU]*)(?:-([imsU]+))?([:)]))")
_CLASS = re.compile(r"\[:(\w+):\]")
_HEX = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})")


class Refused(Exception):
    """RE2 refuses this pattern, for the reason given."""


class Unread(Exception):
    """The pattern, or the text beside it, is more than is read here."""


class Reader:
    """Reads a pattern from left to right. Raises Refused, or Unread."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.groups = text, 0, 0
        self.fold = self.dot = False

    def read(self) -> Node:
        node = self._any()
        if self.at < len(self.text):
            raise Refused("has a `)` that closes nothing")
        return node

    def _any(self) -> Node:
        fold, dot = self.fold, self.dot
        found = [self._each()]
        while self._next("|"):
            found.append(self._each())
        self.fold, self.dot = fold, dot
        return found[0] if len(found) == 1 else ("any", found)

    def _each(self) -> Node:
        found: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            atoms = list(self._atoms())
            found += atoms[:-1]
            found += [self._repeated(atom) for atom in atoms[-1:]]
        return ("each", found)

    def _next(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def _repeated(self, node: Node) -> Node:
        times = self._times()
        if times is None:
            return node
        self._next("?")
        if self._times() is not None:
            raise Refused("repeats a repetition")
        least, most = times
        if max(least, most or 0) > 1000 or (most is not None and most < least):
            raise Refused("repeats something too often, or less than not at all")
        return ("times", node, least, most)

    def _times(self) -> tuple[int, int | None] | None:
        for sign, times in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._next(sign):
                return times
        counted = _TIMES.match(self.text, self.at)
        if counted is None:
            return None
        self.at = counted.end()
        least = int(counted[1])
        return least, int(counted[3]) if counted[3] else None if counted[2] else least

    def _atoms(self) -> Iterator[Node]:
        sign = self.text[self.at]
        self.at += 1
        if sign == "(":
            yield from self._group()
        elif sign == "[":
            yield ("class", self._class(), self.fold)
        elif sign == "\\":
            yield from self._escaped()
        elif sign in "*+?":
            raise Refused(f"has a `{sign}` with nothing before it")
        elif sign in "^$":
            yield ("start",) if sign == "^" else ("end",)
        else:
            yield ("class", "." if self.dot else r"[^\n]", False) if sign == "." else ("letter", sign, self.fold)

    def _group(self) -> Iterator[Node]:
        self.groups += 1
        if self.groups > _MAX_GROUPS:
            raise Unread
        before = self.fold, self.dot
        if self.text.startswith("?", self.at):
            flags = _GROUP.match(self.text, self.at)
            if flags is None:
                raise Refused("has a group that RE2 does not know, such as one that looks ahead or behind")
            self.at = flags.end()
            self._set(flags[1] or "", flags[2] or "")
            if flags[3] == ")":
                return
        node = self._any()
        if not self._next(")"):
            raise Refused("has a `(` that is not closed")
        self.fold, self.dot = before
        yield node

    def _set(self, on: str, off: str) -> None:
        if "m" in on + off:
            raise Unread
        self.fold = (self.fold or "i" in on) and "i" not in off
        self.dot = (self.dot or "s" in on) and "s" not in off

    def _escaped(self) -> Iterator[Node]:
        if self._next("Q"):
            end = self.text.find("\\E", self.at)
            literal = self.text[self.at : end if end >= 0 else len(self.text)]
            self.at += len(literal) + (2 if end >= 0 else 0)
            yield from (("letter", letter, self.fold) for letter in literal)
            return
        letter = self.text[self.at : self.at + 1]
        if letter in _PERL and letter:
            self.at += 1
            yield ("class", _PERL[letter], False)
        elif letter in ("A", "z"):
            self.at += 1
            yield ("start",) if letter == "A" else ("end",)
        else:
            yield ("letter", self._literal(), self.fold)

    def _literal(self) -> str:
        """The character that stands behind a backslash, which was read."""
        code = _HEX.match(self.text, self.at)
        if code and int(code[1] or code[2], 16) <= 0x10FFFF:
            self.at = code.end()
            return chr(int(code[1] or code[2], 16))
        letter = self.text[self.at : self.at + 1]
        self.at += 1
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in ("b", "B", "p", "P", "C", "0", "1", "2", "3", "4", "5", "6", "7") and letter:
            raise Unread
        if not letter or letter.isalnum():
            raise Refused(f"has `\\{letter}`, which means nothing")
        return letter

    def _class(self) -> str:
        found = "[^" if self._next("^") else "["
        first = True
        while first or not self.text.startswith("]", self.at):
            first = False
            if self.at >= len(self.text):
                raise Refused("has a `[` that is not closed")
            found += self._member()
        self.at += 1
        return found + "]"

    def _member(self) -> str:
        named = _CLASS.match(self.text, self.at)
        if named:
            self.at = named.end()
            if named[1] not in _POSIX:
                raise Unread
            return _POSIX[named[1]]
        sign = self.text[self.at]
        self.at += 1
        if sign != "\\":
            return sign if sign == "-" else re.escape(sign)
        letter = self.text[self.at : self.at + 1]
        if letter in "dws" and letter:
            self.at += 1
            # Behind a class no range begins: Go takes the `-` for itself.
            dash = self.text.startswith("-", self.at)
            self.at += dash
            return _PERL[letter][1:-1] + (r"\-" if dash else "")
        if letter in ("D", "W", "S"):
            raise Unread
        return re.escape(self._literal())
