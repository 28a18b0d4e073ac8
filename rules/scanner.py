"""ruamel.yaml's scanner, held to YAML 1.2 and to our bounds, and what its errors are called."""

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from rules.places import end_of

MAX_LEVELS = 20

TOO_DEEP = f"nested deeper than {MAX_LEVELS} levels: flatten what begins here"
_TAB_INDENTS = "a tab indents this line, which YAML forbids: indent with spaces"
_TAB = "a tab stands here, where YAML wants a space: write one"
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t]*(?:#[^\r\n\0]*)?\r?\n)*[ \t]*(?:#[^\r\n\0]*)?")
_BLOCK_HEADER = re.compile(r"(?:([-+])([1-9])?|([1-9])([-+])?)?(?=[ \t\r\n\0])")


class Refused(Exception):
    """What the parser would take but YAML or a policy does not, from one offset to another."""

    def __init__(self, start: int, end: int, message: str, new: str | None = None) -> None:
        self.start, self.end, self.message, self.new = start, end, message, new


class LineReader(Reader):
    """Goes over stretches of text at once rather than character by character. Only a line feed ends a line."""

    def forward(self, length: int = 1) -> None:
        start, end = self.pointer, self.pointer + length
        self.pointer, self.index = end, self.index + length
        breaks = self.buffer.count("\n", start, end)
        if breaks:
            self.line += breaks
            self.column = end - self.buffer.rindex("\n", start, end) - 1
        else:
            self.column += length


class TabScanner(Scanner):
    """The parser's scanner, which takes tabs as YAML does: they separate as spaces do and indent nothing.

    It gives up at the first bracket that is nested too deep; by itself it would first look far ahead of it.
    """

    def fetch_flow_collection_start(self, *arguments: Any, **options: Any) -> None:
        if self.flow_level >= MAX_LEVELS:
            raise Refused(self.reader.index, self.reader.index + 1, TOO_DEEP)
        super().fetch_flow_collection_start(*arguments, **options)

    def fetch_directive(self) -> None:
        end = self.reader.index + 1
        raise Refused(self.reader.index, end, "`%` begins no line of a policy: put the text in quotes, or remove it")

    def fetch_block_entry(self) -> None:
        start = self.reader.index
        super().fetch_block_entry()
        self._begins_block(start)

    def fetch_key(self) -> None:
        start = self.reader.index
        super().fetch_key()
        self._begins_block(start)

    def fetch_value(self) -> None:
        key = self.possible_simple_keys.get(self.flow_level)
        start = self.reader.index if key is None else key.index
        super().fetch_value()
        self._begins_block(start)

    def _begins_block(self, start: int) -> None:
        """Refuse the tab before what begins at `start`, if that is a block's key or item: only spaces set those off."""
        buffer, blank = self.reader.buffer, start
        while buffer[blank - 1] in " \t":
            blank -= 1
        tab = buffer.find("\t", blank, start)
        if tab >= 0 and not self.flow_level:
            indents = buffer[blank - 1] in "\n\0"
            raise Refused(tab, start, _TAB_INDENTS if indents else _TAB, None if indents else " ")

    def _pass(self, pattern: re.Pattern[str]) -> str:
        """Go past what a pattern matches here, which it always does, and return it."""
        reader = self.reader
        passed: str = reader.buffer[reader.pointer : end_of(pattern, reader.buffer, reader.pointer)]
        reader.forward(len(passed))
        return passed

    def scan_to_next_token(self) -> None:
        reader = self.reader
        start, column = reader.pointer, reader.column
        gap = self._pass(_GAP)
        _, newline, blank = gap.rpartition("\n")
        if newline and not self.flow_level:
            self.allow_simple_key = True
        if "\t" in blank and reader.peek() != "\0":
            if not newline and column <= self.indent:
                blank = reader.buffer[start - column : start] + blank
            spaces = len(blank) - len(blank.lstrip(" "))
            if (newline or column <= self.indent) and spaces <= self.indent and not blank.strip(" \t"):
                tab = reader.index - len(blank) + spaces
                raise Refused(tab, reader.index, _TAB_INDENTS)

    def scan_plain_spaces(self, indent: int, _start_mark: Any) -> list[str]:
        reader = self.reader
        blank = self._pass(_BLANK)
        if not self.scan_line_break():
            return [blank] if blank else []
        self.allow_simple_key = True
        breaks: list[str] = []
        while not (self.check_document_start() or self.check_document_end()):
            while reader.peek() == " " or (reader.peek() == "\t" and reader.column >= indent):
                reader.forward()
            if not self.scan_line_break():
                return breaks or [" "]
            breaks.append("\n")
        return []

    def scan_block_scalar_indicators(self, start_mark: Any) -> Any:
        header = _BLOCK_HEADER.match(self.reader.buffer, self.reader.pointer)
        if header is None:
            return super().scan_block_scalar_indicators(start_mark)
        self.reader.forward(len(header[0]))
        chomping = {"+": True, "-": False, None: None}[header[1] or header[4]]
        increment = header[2] or header[3]
        return chomping, increment and int(increment)

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> Any:
        self._pass(_BLANK)
        return super().scan_block_scalar_ignored_line(start_mark)

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):
            raise MarkedYAMLError(problem="no such character", problem_mark=self.reader.get_mark()) from None


FITS_NOWHERE = "this fits nowhere: check the indentation, and the quotes before it"
_NO_TAGS = "a policy has no tags: remove the one here"
_DIRECTIVE_MISPLACED = "a directive stands here that can't be read: remove it"
_BLOCK_TEXT_WANTED = "`|` and `>` begin a text of several lines: begin it on the next line, or put the value in quotes"
# By what the parser says, the first that fits: its context, a space, its problem.
_REASONS = (
    ("scanning a directive", _DIRECTIVE_MISPLACED),
    ("YAML directive", _DIRECTIVE_MISPLACED),
    ("incompatible YAML document", _DIRECTIVE_MISPLACED),
    ("duplicate tag handle", _NO_TAGS),
    ("undefined tag handle", _NO_TAGS),
    (" tag ", _NO_TAGS),
    ("scanning an directive", _NO_TAGS),
    ("parsing an directive", _NO_TAGS),
    ("scanning an a", "`&` and `*` begin an anchor's name and its alias: put the text in quotes"),
    ("block scalar", _BLOCK_TEXT_WANTED),
    ("mapping values are not allowed", "a `:` stands where no key can begin: check the indentation, or quote the text"),
    ("mapping keys are not allowed", "a `?` stands where no key can begin: check the indentation, or quote the text"),
    ("sequence entries are not allowed", "a `-` stands where no item can begin: begin the list on a line of its own"),
    ("unexpected ':'", "a `:` stands inside a plain text: put the text in quotes"),
    ("expected ':'", "a key without its `:` stands here"),
    ("end of stream", "what opens here is never closed"),
    ("stream end>", "what opens here is never closed"),
    ("document separator", "what opens here is not closed before the document ends: close it"),
    ("cannot start any token", "this character can't begin a plain value: put the text in quotes"),
    ("expected <block end>", FITS_NOWHERE),
    ("expected '<document start>'", FITS_NOWHERE),
    ("after document end marker", "nothing may follow `...` on its line: move it to the next, or remove it"),
    ("expected the node content", "a value is missing before this: write one, or remove what it was to follow"),
    ("expected ',' or", "a comma or the closing bracket is missing before this"),
    ("escape character", "no such escape in double quotes: use single quotes, or double the backslash"),
    ("escape sequence", "an escape lacks digits (`\\x41`, `\\u0041`): write them, or double the backslash"),
    ("no such character", "no character has this number: write another, or double the backslash"),
)
_UNKNOWN = "what stands here can't be read: check the indentation, the quotes and the brackets around it"


def reason(error: MarkedYAMLError) -> str:
    """What the parser's error means, in our words."""
    said = f"{error.context} {error.problem}"
    return next((ours for theirs, ours in _REASONS if theirs in said), _UNKNOWN)
