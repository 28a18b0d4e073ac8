"""YAML text -> nodes that know where they stand, or every mistake of form with its place.

ruamel.yaml parses; this module composes its events, since a policy needs what no loader gives together: the place
of each key and value, bounds on size before anything is expanded, and all mistakes in one go.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError

from rules.places import MAX_LINE, MAX_NODES, Edit, Place, Problem, Text
from rules.resolve import Scalar, resolve
from rules.scanner import FITS_NOWHERE, MAX_LEVELS, TOO_DEEP, LineReader, Refused, TabScanner, reason
from rules.values import quote

if TYPE_CHECKING:
    from rules.slips import Slip

MAX_BYTES = 256 * 1024
MAX_SLIPS = 1_000
_TOO_LARGE = f"the file is larger than {MAX_BYTES // 1024} KiB: a policy is a page, move the rest elsewhere"


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
    """Read at most 256 KiB of YAML 1.2. Never raises: whatever can't be read is a problem with a place.

    Nobody changes what this returns: the last few are kept, since head, base and history mostly hold the same policy.
    """
    if len(data) > MAX_BYTES:
        return Composed(Text(""), None, (Problem(Text("").place(0, 1), _TOO_LARGE),))
    return composed(data)


@lru_cache(maxsize=16)
def composed(data: bytes) -> Composed:
    """The same of data that is small enough."""
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
        parser.Reader, parser.Scanner = LineReader, TabScanner
        self._conflicts(both=True)
        try:
            for event in parser.parse(self._without_breaks(self._without_directives())):
                self.at = event.start_mark.index
                yield event
        except Refused as refused:
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

    def _refuse(self, refused: Refused) -> NoReturn:
        start, end = refused.start, refused.end
        edit = None if refused.new is None else self.text.splice(start, end, refused.new)
        raise _Stop(Problem(self.text.place(start, end), refused.message, None, edit))

    def _misparsed(self, error: MarkedYAMLError) -> NoReturn:
        self._conflicts()
        marks = [mark.index for mark in (error.problem_mark, error.context_mark) if mark is not None]
        self._slipped(marks)
        offset = self._offset(error)
        if self.text.text[offset - 1 : offset] in ('"', "'"):
            _stop_at(self.text, offset, f"this is not YAML: {FITS_NOWHERE}")
        _stop_at(self.text, offset, f"this is not YAML: {reason(error)}")

    def _offset(self, error: MarkedYAMLError) -> int:
        """Where a person should look: where the parser gave up, or where it had begun, if it gave up too late."""
        late = any(found in f"{error.context} {error.problem}" for found in _LATE)
        marks = [error.context_mark, error.problem_mark] if late else [error.problem_mark, error.context_mark]
        offset = next((mark.index for mark in marks if mark is not None), self.at)
        return max(min(offset, len(self.text.text) - 1), 0)

    def _slipped(self, marks: list[int]) -> None:
        """Name what makes the parser stop at one of these offsets, if that is a common slip, and those that follow."""
        from rules.slips import Slips  # noqa: PLC0415 - most policies have none

        found = Slips(self.text.text).found
        first = next((slip for mark in marks for slip in found if slip.explains(self.text.text, mark)), None)
        if first is not None:
            told = (slip for slip in found if slip.told_with(first))
            raise _Stop(*self._mended(list(islice(told, MAX_SLIPS))))

    def _mended(self, found: "list[Slip]") -> Iterator[Problem]:
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
            self._stop(event, TOO_DEEP)

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


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
