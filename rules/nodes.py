"""YAML text -> nodes that know where they stand, or every mistake of form with its place.

ruamel.yaml parses; this module composes its events, since a policy needs what no loader gives together: the place
of each key and value, bounds on size before anything is expanded, and all mistakes in one go.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any, NoReturn

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from rules.values import Path, quote

MAX_BYTES = 256 * 1024
MAX_LINE = 4096
MAX_LEVELS = 20
MAX_NODES = 10_000
MAX_SLIPS = 1_000

Scalar = str | int | float | bool | None


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


@dataclass(slots=True)
class Node:
    """A value of the file: its text is `text[start:end]`. `levels` and `size` count what it holds, aliases expanded."""

    start: int
    end: int
    anchored: bool = False
    levels: int = 0
    size: int = 1


@dataclass(slots=True)
class ScalarNode(Node):
    """A single value, resolved as YAML 1.2's core schema says."""

    value: Scalar = None


@dataclass(slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: ScalarNode
    value: Node


@dataclass(slots=True)
class MappingNode(Node):
    """Keys and values; of a doubled key, the first."""

    flow: bool = False
    entries: dict[str, Entry] = field(default_factory=dict)


@dataclass(slots=True)
class SequenceNode(Node):
    """A list."""

    flow: bool = False
    items: list[Node] = field(default_factory=list)


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


@dataclass(frozen=True, slots=True)
class Composed:
    """What was read: the text (empty where it is none), the root (None where there is none), and all mistakes."""

    text: Text
    root: Node | None
    problems: tuple[Problem, ...]


class _Stop(Exception):
    """Nothing after these can be read."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems


def compose(data: bytes) -> Composed:
    """Read at most 256 KiB of YAML 1.2. Never raises: whatever can't be read is a problem with a place."""
    try:
        text = Text(_decode(data))
    except _Stop as stop:
        return Composed(Text(""), None, stop.problems)
    composer = _Composer(text)
    try:
        root = composer.document()
    except _Stop as stop:
        return Composed(text, None, (*composer.problems, *stop.problems))
    return Composed(text, root, tuple(composer.problems))


# Small sets, since one that spans both ends of Unicode takes milliseconds to compile; UTF-8 has no surrogates.
_UNPRINTABLE = re.compile("\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ufffe\uffff]")


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        _stop_at(
            Text(""),
            0,
            f"the file is larger than {MAX_BYTES // 1024} KiB: a policy is a page, move the rest elsewhere",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")) or _wide(data):
        _stop_at(Text(""), 0, "the file is UTF-16 or UTF-32: save it as UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        good = Text(data[: error.start].decode())
        _stop_at(good, len(good.text), f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8")
    bad = _UNPRINTABLE.search(text)
    if bad:
        names = {"\0": "a NUL byte", "\r": "a carriage return without a line feed"}
        name = names.get(bad[0], f"the control character U+{ord(bad[0]):04X}")
        _stop_at(Text(text), bad.start(), f"{name} stands here: remove it")
    return text


# By which of the first four bytes are NUL, where these are four or two ASCII characters.
_WIDE: dict[tuple[bool, ...], str] = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}


def _wide(data: bytes) -> bool:
    """Whether this is UTF-16 or UTF-32 without a byte order mark, rather than text with a stray NUL."""
    encoding = _WIDE.get(tuple(byte == 0 for byte in data[:4]))
    try:
        return encoding is not None and "\0" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False


def _stop_at(text: Text, offset: int, message: str, edit: Edit | None = None) -> NoReturn:
    raise _Stop(Problem(text.place(offset, offset + 1), message, None, edit))


_TOO_DEEP = f"nested deeper than {MAX_LEVELS} levels: flatten what begins here"
_TAB_INDENTS = "a tab indents this line, which YAML forbids: indent with spaces"
_TAB = "a tab stands here, where YAML wants a space: write one"
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t]*(?:#[^\r\n\0]*)?\r?\n)*[ \t]*(?:#[^\r\n\0]*)?")
_BLOCK_HEADER = re.compile(r"(?:([-+])([1-9])?|([1-9])([-+])?)?(?=[ \t\r\n\0])")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what a pattern matches here ends."""
    found = pattern.match(text, at)
    return found.end() if found else at


class _Refused(Exception):
    """What the parser would take but YAML or a policy does not, from one offset to another."""

    def __init__(self, start: int, end: int, message: str, new: str | None = None) -> None:
        self.start, self.end, self.message, self.new = start, end, message, new


class _Reader(Reader):
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


class _Scanner(Scanner):
    """The parser's scanner, which takes tabs as YAML does: they separate as spaces do and indent nothing.

    It gives up at the first bracket that is nested too deep; by itself it would first look far ahead of it.
    """

    def fetch_flow_collection_start(self, *arguments: Any, **options: Any) -> None:
        if self.flow_level >= MAX_LEVELS:
            raise _Refused(self.reader.index, self.reader.index + 1, _TOO_DEEP)
        super().fetch_flow_collection_start(*arguments, **options)

    def fetch_directive(self) -> None:
        end = self.reader.index + 1
        raise _Refused(self.reader.index, end, "`%` begins no line of a policy: put the text in quotes, or remove it")

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
            raise _Refused(tab, start, _TAB_INDENTS if indents else _TAB, None if indents else " ")

    def _pass(self, pattern: re.Pattern[str]) -> str:
        """Go past what a pattern matches here, which it always does, and return it."""
        reader = self.reader
        passed: str = reader.buffer[reader.pointer : _end(pattern, reader.buffer, reader.pointer)]
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
                raise _Refused(tab, reader.index, _TAB_INDENTS)

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


_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(%[^\r\n]*)")
_DOCUMENT = re.compile(r"\s*(?:#[^\n]*\s+)*---(?!\S)")


def _directive(line: str, *, second: bool) -> str:
    """Why a directive has to go; empty for %YAML 1.2 and for those that YAML tells us to ignore."""
    if re.match(r"%TAG(?!\S)", line):
        return "a policy has no tags: remove the %TAG directive"
    if not re.match(r"%\S", line):
        return "`%` begins a directive, and this one has no name: remove it"
    if not re.match(r"%YAML(?!\S)", line):
        return ""
    if second:
        return "a second %YAML directive stands here: remove it"
    known = re.fullmatch(r"%YAML[ \t]+1\.2[ \t]*(?:[ \t]#.*)?", line)
    return "" if known else "a policy is YAML 1.2: remove the %YAML directive"


_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}|={7})(?= |\r?$)", re.M)


@dataclass(frozen=True, slots=True)
class _Slip:
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

    def told_with(self, first: "_Slip") -> bool:
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
_COLON = re.compile(r"[A-Za-z_][\w-]*:(?![\s/:])")
_REST = re.compile(r"[^\r\n]*?(?=[ \t]*(?:\r?\n|\Z)|[ \t]+#)")
_ENDS = re.compile(r"[ \t]*(?:\r?\n|\Z)|[ \t]+#")
_ENDS_INSIDE = re.compile(r"[ \t]*(?:\r?\n|\Z|[,\]}])|[ \t]+#")
_NOWHERE, _LINE, _ITEM, _VALUE = range(4)


class _Slips:
    """A rough reading of text that the parser can't read, for the slips in it. What it can't tell apart it passes over.

    `state` is what may begin here: nothing, a line's key, an item of a list or a key, a key's value.
    """

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth, self.state = text, 0, 0, _LINE
        self.found: list[_Slip] = []
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
        return self._go(_end(_PLAIN, self.text, self.at), _NOWHERE)

    def _after_block(self, at: int) -> int:
        """Where a text of several lines ends: before the next line that is indented no deeper than what holds it."""
        line = self.text[self.text.rfind("\n", 0, self.at) + 1 : self.at]
        indent = _end(_LEAD, line, 0)
        deepest = indent - 1 if indent == len(line) else indent
        inside = re.compile(rf"(?:[ \t]*\r?\n| {{{max(deepest, 0) + 1}}}[^\n]*(?:\n|\Z))*")
        return _end(inside, self.text, at)

    def _value(self, at: int) -> _Slip | None:
        """The value that begins here and has to be in quotes, if it does."""
        text, ends = self.text, _ENDS_INSIDE if self.depth else _ENDS
        found = _HANDLE.match(text, at)
        if found:
            end = found.end() + (text[found.end() : found.end() + 1] in tuple("\"'"))
            message = f'`@` can\'t begin a plain value in YAML: put it in quotes, as in "{found[0]}"'
            return _Slip(at, end, message, f'"{found[0]}"' if ends.match(text, end) else None)
        found = _OPERATOR.match(text, at)
        if found and ends.match(text, found.end()):
            message = f'`{found[0]}` can\'t begin a plain value in YAML: write it in quotes, as in "{found[0]}"'
            return _Slip(at, found.end(), message, f'"{found[0]}"')
        if found:
            message = "`>` begins a text of several lines in YAML: put the value in quotes"
            return _Slip(at, _end(_REST, text, at), message, None)
        found = _PATTERN.match(text, at)
        if found and found[0][1:] not in self.anchors and (found[0] == "*" or set(found[0][1:]) & set("*?./[{")):
            message = (
                f"`*` begins an alias in YAML: put a pattern in quotes, as in {quote(chr(34) + found[0] + chr(34))}"
            )
            return _Slip(at, found.end(), message, f'"{found[0]}"' if ends.match(text, found.end()) else None)
        return None

    def _colon(self) -> _Slip | None:
        """The key that begins here and lacks the space after its colon, if it does."""
        found = _COLON.match(self.text, self.at) if not self.depth and self.state != _VALUE else None
        if not found:
            return None
        value = self._value(found.end())
        end, new = (value.end, value.new) if value else (found.end(), "")
        rest = self.text[end : _end(_REST, self.text, end)]
        mended = None if new is None else f"{found[0]} {new}"
        shown = f"{found[0]} {new or self.text[found.end() : end]}{rest}"
        message = f"a space is missing after the colon: write {quote(shown)}"
        first = not self.text[self.text.rfind("\n", 0, self.at) + 1 : self.at].strip()
        certain = first and (value is not None or rest[:1] in tuple("\"'[{"))
        return _Slip(self.at, end, message, mended, colon=True, certain=certain)


def spaced(text: str) -> str | None:
    """Plain text that was meant as keys with values, with the spaces that it lacks; None for any other."""
    found = [slip for slip in _Slips(text).found if slip.colon]
    if not found or found[0].start or any(slip.new is None for slip in found):
        return None
    for slip in reversed(found):
        text = f"{text[: slip.start]}{slip.new}{text[slip.end :]}"
    return text


# Not line breaks in YAML 1.2, though the parser takes them for such.
_NO_BREAKS = "\x85\u2028\u2029"


class _Composer:
    """One pass over the events of one document."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0
        self.at = 0
        self.path: list[str | int] = []
        self.stood_for: dict[int, str] = {}
        self.stream = self._events()

    def document(self) -> Node | None:
        """The root of the only document; None for an empty file."""
        if self.text.text.startswith("\ufeff"):
            edit = self.text.splice(0, len(self.text.text) - len(self.text.text.lstrip("\ufeff")), "")
            _stop_at(self.text, 0, "a second byte order mark stands here: remove it", edit)
        root: Node | None = None
        documents = 0
        for event in self.stream:
            if isinstance(event, events.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._stop(event, "a second document starts here: keep one policy to a file")
            elif isinstance(event, events.NodeEvent):
                root = self.node(event, 1)
        return root

    def _events(self) -> Iterator[Any]:
        parser = YAML(typ="safe", pure=True)
        parser.Reader, parser.Scanner = _Reader, _Scanner
        self._conflicts(both=True)
        try:
            for event in parser.parse(self._without_breaks(self._without_directives())):
                self.at = event.start_mark.index
                yield event
        except _Refused as refused:
            self._refuse(refused)
        except MarkedYAMLError as error:
            self._misparsed(error)
        except Exception:
            self._conflicts()
            _stop_at(self.text, self.at, "this is not YAML: what follows here can't be parsed")

    def _without_directives(self) -> str:
        """The text with spaces in the place of the directives at its head, of which only %YAML 1.2 is welcome."""
        text, at, second = self.text.text, 0, False
        parts: list[str] = []
        kept: Place | None = None
        while found := _DIRECTIVE.match(text, at):
            start, line = found.start(1), found[1]
            parts += [text[at:start], " " * len(line)]
            place, at = self.text.place(start, found.end()), found.end()
            refusal = _directive(line, second=second)
            second = second or line.startswith("%YAML")
            if refusal:
                self._remove(place, refusal)
            else:
                kept = place
        if kept and not _DOCUMENT.match(text, at):
            self._remove(kept, "a directive needs the line `---` below it: remove the directive")
        return "".join(parts) + text[at:]

    def _remove(self, line: Place, message: str) -> None:
        self.problems.append(Problem(line, message, None, Edit(line.line, line.line, "")))

    def _without_breaks(self, text: str) -> str:
        """The text with the characters that the parser would take for line breaks replaced by unused ones."""
        if any(character in text for character in _NO_BREAKS):
            used = set(text)
            unused = (code for code in range(0x10000, 0x110000) if chr(code) not in used)
            self.stood_for = dict(zip(unused, _NO_BREAKS, strict=False))
            for code, character in self.stood_for.items():
                text = text.replace(character, chr(code))
        return text

    def _conflicts(self, *, both: bool = False) -> None:
        """Name the merge conflicts; with `both`, only where one begins and one ends."""
        found = list(_CONFLICT.finditer(self.text.text))
        kinds = {match[0][0] for match in found}
        begun = [match for match in found if match[0][0] == "<"]
        if kinds >= {"<", ">"} or (found and not both):
            message = "a merge conflict stands here: keep one side, and remove the lines that mark it"
            raise _Stop(*(Problem(self.text.place(*match.span()), message) for match in begun or found))

    def _refuse(self, refused: _Refused) -> NoReturn:
        start, end = refused.start, refused.end
        edit = None if refused.new is None else self.text.splice(start, end, refused.new)
        raise _Stop(Problem(self.text.place(start, end), refused.message, None, edit))

    def _misparsed(self, error: MarkedYAMLError) -> NoReturn:
        self._conflicts()
        marks = [mark.index for mark in (error.problem_mark, error.context_mark) if mark is not None]
        self._slipped(marks)
        offset = self._offset(error)
        if self.text.text[offset - 1 : offset] in ('"', "'"):
            _stop_at(self.text, offset, f"this is not YAML: {_FITS_NOWHERE}")
        _stop_at(self.text, offset, f"this is not YAML: {_reason(error)}")

    def _offset(self, error: MarkedYAMLError) -> int:
        """Where a person should look: where the parser gave up, or where it had begun, if it gave up too late."""
        late = any(found in f"{error.context} {error.problem}" for found in _LATE)
        marks = [error.context_mark, error.problem_mark] if late else [error.problem_mark, error.context_mark]
        offset = next((mark.index for mark in marks if mark is not None), self.at)
        return max(min(offset, len(self.text.text) - 1), 0)

    def _slipped(self, marks: list[int]) -> None:
        """Name what makes the parser stop at one of these offsets, if that is a common slip, and those that follow."""
        found = _Slips(self.text.text).found
        first = next((slip for mark in marks for slip in found if slip.explains(self.text.text, mark)), None)
        if first is not None:
            told = (slip for slip in found if slip.told_with(first))
            raise _Stop(*self._mended(list(islice(told, MAX_SLIPS))))

    def _mended(self, found: list[_Slip]) -> Iterator[Problem]:
        """A problem for each slip; the edit of one mends all of its line, so that what it leaves can be read."""
        for line, group in groupby(found, lambda slip: self.text.position(slip.start)[0]):
            there = list(group)
            new = self.text.lines(line, line)
            short = len(new) <= MAX_LINE
            for slip in reversed(there):
                column = self.text.position(slip.start)[1] - 1
                if short and slip.new is not None:
                    new = new[:column] + slip.new + new[column + slip.end - slip.start :]
            edit = Edit(line, line, new) if short else None
            for slip in there:
                place = self.text.place(slip.start, slip.end)
                yield Problem(place, slip.message, None, None if slip.new is None else edit)

    def _original(self, text: str) -> str:
        return text.translate(self.stood_for) if self.stood_for else text

    def _complain(self, event: Any, message: str) -> None:
        self.problems.append(self._problem(event, message))

    def _stop(self, event: Any, message: str) -> NoReturn:
        raise _Stop(self._problem(event, message))

    def _problem(self, event: Any, message: str) -> Problem:
        start, end = event.start_mark.index, event.end_mark.index
        return Problem(self.text.place(start, max(end, start + 1)), message, tuple(self.path) or None)

    def node(self, event: Any, level: int) -> Node:
        """The node that begins with this event, `level` collections deep (the root's is 1)."""
        if isinstance(event, events.AliasEvent):
            return self._alias(event, level)
        if event.tag is not None:
            tag = self._original(str(event.tag)).replace("tag:yaml.org,2002:", "!!")
            self._complain(event, f"a policy has no tags: remove {quote(tag)}")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        node = self._collection(event, level) if isinstance(event, events.CollectionStartEvent) else self._scalar(event)
        node.anchored = event.anchor is not None
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _count(self, event: Any, nodes: int, level: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            self._stop(event, f"more than {MAX_NODES} values, aliases expanded: a policy is a page")
        if level > MAX_LEVELS:
            self._stop(event, _TOO_DEEP)

    def _alias(self, event: Any, level: int) -> Node:
        if event.anchor not in self.anchors:
            self._slipped([event.start_mark.index])
            self._stop(event, f"{quote('*' + self._original(event.anchor))} names no anchor above it")
        node = self.anchors[event.anchor]
        if node is None:
            self._stop(event, f"{quote('*' + self._original(event.anchor))} stands inside what it repeats")
        self._count(event, node.size, level - 1 + node.levels)
        return replace(node, start=event.start_mark.index, end=event.end_mark.index)

    def _scalar(self, event: Any) -> ScalarNode:
        self._count(event, 1, 0)
        written = self._original(event.value)
        value = resolve(written) if event.style is None and event.tag is None else written
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(value, str) and not _encodable(value):
            self._complain(event, "this text holds half a character (a lone surrogate): write the whole one")
            value = value.encode("utf-8", "replace").decode()
        if event.style in ("|", ">"):
            end = start + len(self.text.text[start:end].rstrip())
        return ScalarNode(start, end, value=value)

    def _collection(self, event: Any, level: int) -> Node:
        self._count(event, 1, level)
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(event, level)
        return self._sequence(event, level)

    def _sequence(self, event: Any, level: int) -> SequenceNode:
        start = event.start_mark.index
        node = SequenceNode(start, start, flow=bool(event.flow_style))
        while not isinstance(inner := next(self.stream), events.SequenceEndEvent):
            self.path.append(len(node.items))
            node.items.append(self.node(inner, level + 1))
            self.path.pop()
        self._close(node, inner, node.flow, node.items)
        return node

    def _mapping(self, event: Any, level: int) -> MappingNode:
        start = event.start_mark.index
        node = MappingNode(start, start, flow=bool(event.flow_style))
        values: list[Node] = []
        while not isinstance(inner := next(self.stream), events.MappingEndEvent):
            key = self.node(inner, level + 1)
            self.path.append(self._name(key))
            value = self.node(next(self.stream), level + 1)
            values += [key, value]
            self._enter(node, key, value)
            self.path.pop()
        self._close(node, inner, node.flow, values)
        return node

    def _enter(self, node: MappingNode, key: Node, value: Node) -> None:
        name, at = self._name(key), tuple(self.path)
        place = self.text.place(key.start, max(key.end, key.start + 1))
        if not isinstance(key, ScalarNode):
            self.problems.append(Problem(place, "a key is plain text: a list or a mapping can't be one"))
        elif name == "<<":
            self.problems.append(Problem(place, "merge keys (`<<`) are not read: write the keys out", at))
        elif name in node.entries:
            line = self.text.position(node.entries[name].key.start)[0]
            message = f"{quote(name)} stands here a second time (first on line {line}): remove one"
            self.problems.append(Problem(place, message, at))
        else:
            self._settle(key, value)
            node.entries[name] = Entry(key, value)

    def _name(self, key: Node) -> str:
        """The key as it is written, where it is not text by itself, as in `1:` or `true:`."""
        if isinstance(key, ScalarNode) and isinstance(key.value, str):
            return key.value
        return self.text.text[key.start : key.end]

    def _settle(self, key: Node, value: Node) -> None:
        # The parser sets a missing value where the next token begins; a person looks right behind its key.
        if value.start == value.end and not value.anchored and self.text.text[value.start - 1] != ":":
            colon = re.compile(r"[ \t]*:").match(self.text.text, key.end)
            value.start = value.end = colon.end() if colon else key.end

    def _close(self, node: Node, event: Any, flow: bool, parts: list[Node]) -> None:
        # The parser ends a block where the next token begins, past comments and blank lines; its text ends earlier.
        node.end = event.end_mark.index if flow else max((part.end for part in parts), default=node.start)
        node.levels = 1 + max((part.levels for part in parts), default=0)
        node.size = 1 + sum(part.size for part in parts)


# What tells, in the parser's words, that it stopped long after what is wrong had begun.
_LATE = ("simple key", "end of stream", "stream end>", "document separator")
_FITS_NOWHERE = "this fits nowhere: check the indentation, and the quotes before it"
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
    ("expected <block end>", _FITS_NOWHERE),
    ("expected '<document start>'", _FITS_NOWHERE),
    ("after document end marker", "nothing may follow `...` on its line: move it to the next, or remove it"),
    ("expected the node content", "a value is missing before this: write one, or remove what it was to follow"),
    ("expected ',' or", "a comma or the closing bracket is missing before this"),
    ("escape character", "no such escape in double quotes: use single quotes, or double the backslash"),
    ("escape sequence", "an escape lacks digits (`\\x41`, `\\u0041`): write them, or double the backslash"),
    ("no such character", "no character has this number: write another, or double the backslash"),
)
_UNKNOWN = "what stands here can't be read: check the indentation, the quotes and the brackets around it"


def _reason(error: MarkedYAMLError) -> str:
    said = f"{error.context} {error.problem}"
    return next((ours for theirs, ours in _REASONS if theirs in said), _UNKNOWN)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_NAMED: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DIGITS = 300


def resolve(text: str) -> Scalar:
    """The value of a plain scalar by YAML 1.2's core schema (section 10.3.2): `no`, `on` and dates are text.

    Numbers of more than 300 digits are read as infinite: no field takes those.
    """
    if text in _NAMED:
        return _NAMED[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _DIGITS else float("inf")
    if _BASED.fullmatch(text):
        number = int(text, 0)
        return number if number < 10**_DIGITS else float("inf")
    if _FLOAT.fullmatch(text):
        return float(text.replace(".", "", 1) if text[-3:].isalpha() else text)
    return text
