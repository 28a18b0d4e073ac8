"""What people often mistype in a policy: an operator, a pattern or a login without quotes, a missing space."""

import re
from dataclasses import dataclass

from rules.places import MAX_NODES, end_of
from rules.values import quote


@dataclass(frozen=True, slots=True)
class Slip:
    """What people write and YAML reads otherwise: `text[start:end]`, for which `new` is right (None: who knows).

    `colon` is a key that lacks the space after its colon; it is `certain` only where it can't be plain text.
    """

    start: int
    end: int
    message: str
    new: str | None
    colon: bool = False
    certain: bool = True

    def explains(self, text: str, mark: int) -> bool:
        """Whether this can be why the parser stopped at an offset."""
        if not self.colon or mark <= self.end:
            return self.start <= mark <= self.end
        # It is read as plain text, which goes on to the next line that is not blank.
        quoted = text[self.end] in "\"'[{"
        reach = re.compile(r"[^\n]*(?:\n\s*[^\n]*)?" if quoted else r"[^\n]*\n\s*[^\n]*")
        return reach.fullmatch(text, self.end, mark) is not None

    def told_with(self, first: "Slip") -> bool:
        """Whether this is worth telling, too, where another is why the parser stopped."""
        return self is first or (self.colon and first.colon) or (self.certain and self.start > first.start)


_SPACE = re.compile(r"(?:[ \t\r\n]+(?:#[^\n]*)?)+")
_QUOTED = re.compile(r"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^']*(?:''[^']*)*'", re.S)
_PLAIN = re.compile(r"[^\s:,\[\]{}]+|.", re.S)
_LEAD = re.compile(r" *(?:- +)*")
_DASH = re.compile(r"[-?](?!\S)")
_BLOCK_TEXT = re.compile(r"[|>][-+0-9]*[ \t]*(?:[ \t]#[^\n]*)?\r?(?:\n|\Z)")
_HANDLE = re.compile(r"@[\w/.-]{0,198}\w(?!\w)")
_OPERATOR = re.compile(r">=?")
_PATTERN = re.compile(r"\*(?:[^\s,\[\]{}\"'#\\]|\[[^\s\[\]\"'\\]*\]|\{[^\s{}\"'\\]*\})*")
_COLON = re.compile(r"[A-Za-z_][\w-]*:(?=[^\s/:])")
_REST = re.compile(r"[^\r\n]*?(?=[ \t]*(?:\r?\n|\Z)|[ \t]+#)")
_ENDS = re.compile(r"[ \t]*(?:\r?\n|\Z)|[ \t]+#")
_ENDS_INSIDE = re.compile(r"[ \t]*(?:\r?\n|\Z|[,\]}])|[ \t]+#")
_NOWHERE, _LINE, _ITEM, _VALUE = range(4)


class Slips:
    """A rough reading of text that the parser can't read, for the slips in it. What it can't tell apart it passes over.

    `state` is what may begin here: nothing, a line's key, an item of a list or a key, a key's value.
    """

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth, self.state = text, 0, 0, _LINE
        self.found: list[Slip] = []
        self.anchors = set(re.findall(r"&([^\s,\[\]{}]+)", text))
        while self.at < len(text) and len(self.found) < MAX_NODES:
            self._gap() or (self.state and self._begin()) or self._go_on()

    def _gap(self) -> bool:
        gap = _SPACE.match(self.text, self.at) or (self.at == 0 and re.match(r"#[^\n]*", self.text))
        if not gap:
            return False
        self.at = gap.end()
        if "\n" in gap[0] and not self.depth:
            self.state = _ITEM if self.state else _LINE
        return True

    def _begin(self) -> bool:
        """Go past what begins here, if it is anything else than plain text."""
        quoted = _QUOTED.match(self.text, self.at)
        if quoted:
            return self._go(quoted.end(), _NOWHERE)
        if self.text[self.at] in "[{":
            self.depth += 1
            return self._go(self.at + 1, _ITEM)
        if not self.depth and _DASH.match(self.text, self.at):
            return self._go(self.at + 1, _ITEM)
        if not self.depth and (header := _BLOCK_TEXT.match(self.text, self.at)):
            return self._go(self._after_block(header.end()), _LINE)
        slip = self._colon() or (self._value(self.at) if self.state >= _ITEM else None)
        if slip is None:
            return False
        self.found.append(slip)
        return self._go(slip.end, _VALUE if slip.colon else _NOWHERE)

    def _go(self, at: int, state: int) -> bool:
        self.at, self.state = at, state
        return True

    def _go_on(self) -> bool:
        character = self.text[self.at]
        if self.depth and character in "]}":
            self.depth -= 1
            return self._go(self.at + 1, _NOWHERE)
        if self.depth and character == ",":
            return self._go(self.at + 1, _ITEM)
        if character == ":" and not self.text[self.at + 1 : self.at + 2].strip():
            return self._go(self.at + 1, _VALUE)
        return self._go(end_of(_PLAIN, self.text, self.at), _NOWHERE)

    def _after_block(self, at: int) -> int:
        """Where a text of several lines ends: before the next line that is indented no deeper than what holds it."""
        line = self.text[self.text.rfind("\n", 0, self.at) + 1 : self.at]
        indent = end_of(_LEAD, line, 0)
        # Of an item that is the text itself, its dash is what holds it.
        deepest = max(line.rfind("-"), 0) if indent == len(line) else indent
        inside = re.compile(rf"(?:[ \t]*\r?\n| {{{deepest + 1}}}[^\n]*(?:\n|\Z))*")
        return end_of(inside, self.text, at)

    def _value(self, at: int) -> Slip | None:
        """The value that begins here and has to be in quotes, if it does."""
        text, ends = self.text, _ENDS_INSIDE if self.depth else _ENDS
        found = _HANDLE.match(text, at)
        if found:
            end = found.end() + (text[found.end() : found.end() + 1] in tuple("\"'"))
            message = f'`@` can\'t begin a plain value in YAML: put it in quotes, as in "{found[0]}"'
            return Slip(at, end, message, f'"{found[0]}"' if ends.match(text, end) else None)
        found = _OPERATOR.match(text, at)
        if found and ends.match(text, found.end()):
            message = f'`{found[0]}` can\'t begin a plain value in YAML: write it in quotes, as in "{found[0]}"'
            return Slip(at, found.end(), message, f'"{found[0]}"')
        if found:
            message = "`>` begins a text of several lines in YAML: put the value in quotes"
            return Slip(at, end_of(_REST, text, at), message, None)
        found = _PATTERN.match(text, at)
        if found and found[0][1:] not in self.anchors and (found[0] == "*" or set(found[0][1:]) & set("*?./[{")):
            message = (
                f"`*` begins an alias in YAML: put a pattern in quotes, as in {quote(chr(34) + found[0] + chr(34))}"
            )
            return Slip(at, found.end(), message, f'"{found[0]}"' if ends.match(text, found.end()) else None)
        return None

    def _colon(self) -> Slip | None:
        """The key that begins here and lacks the space after its colon, if it does."""
        found = _COLON.match(self.text, self.at) if not self.depth and self.state != _VALUE else None
        if not found:
            return None
        value = self._value(found.end())
        end, new = (value.end, value.new) if value else (found.end(), "")
        rest = self.text[end : end_of(_REST, self.text, end)]
        mended = None if new is None else f"{found[0]} {new}"
        shown = f"{found[0]} {new or self.text[found.end() : end]}{rest}"
        message = f"a space is missing after the colon: write {quote(shown)}"
        first = not self.text[self.text.rfind("\n", 0, self.at) + 1 : self.at].strip()
        certain = first and (value is not None or rest[:1] in tuple("\"'[{"))
        return Slip(self.at, end, message, mended, colon=True, certain=certain)


def spaced(text: str) -> str | None:
    """Plain text that was meant as keys with values, with the spaces that it lacks; None for any other."""
    found = [slip for slip in Slips(text).found if slip.colon]
    if not found or found[0].start or any(slip.new is None for slip in found):
        return None
    for slip in reversed(found):
        text = f"{text[: slip.start]}{slip.new}{text[slip.end :]}"
    return None if _ODD.search(text) else text


# What begins so is something else than text, or nothing at all, as soon as it stands by itself.
_ODD = re.compile(
    rf""":[ \t]+(?:[*&!|>%@`#,\]}}]|[-?:](?!\S)|(?=["'])(?!(?:{_QUOTED.pattern})[ \t\r]*(?:\n|\Z)))""", re.S
)
