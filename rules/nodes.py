"""YAML text -> nodes that know where they stand, or every mistake of form with its place.

ruamel.yaml parses; this module composes its events, since a policy needs what no loader gives together: the place
of each key and value, bounds on size before anything is expanded, and all mistakes in one go.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scanner import Scanner

from rules.values import Path, quote

MAX_BYTES = 256 * 1024
MAX_LINE = 4096
MAX_LEVELS = 20
MAX_NODES = 10_000

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
    """What was read: the text (None where it can't be decoded), the root (None where it has none), and all mistakes."""

    text: Text
    root: Node | None
    problems: tuple[Problem, ...]


class _Stop(Exception):
    """Nothing after this can be read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def compose(data: bytes) -> Composed:
    """Read at most 256 KiB of YAML 1.2. Never raises: whatever can't be read is a problem with a place."""
    try:
        text = Text(_decode(data))
    except _Stop as stop:
        return Composed(Text(""), None, (stop.problem,))
    composer = _Composer(text)
    try:
        root = composer.document()
    except _Stop as stop:
        return Composed(text, None, (*composer.problems, stop.problem))
    return Composed(text, root, tuple(composer.problems))


_UNPRINTABLE = re.compile("\r(?!\n)|[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        _stop_at(
            Text(""),
            0,
            f"the file is larger than {MAX_BYTES // 1024} KiB: a policy is a page, move the rest elsewhere",
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(data) > 3 and 0 in data[:2] and any(data[:2])):
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


def _stop_at(text: Text, offset: int, message: str, edit: Edit | None = None) -> NoReturn:
    raise _Stop(Problem(text.place(offset, offset + 1), message, None, edit))


class _BoundedScanner(Scanner):
    """Gives up at the first bracket that is nested too deep; the parser would first look far ahead of it."""

    def fetch_flow_collection_start(self, *arguments: Any, **options: Any) -> None:
        if self.flow_level >= MAX_LEVELS:
            raise MarkedYAMLError(problem=_TOO_DEEP, problem_mark=self.reader.get_mark())
        super().fetch_flow_collection_start(*arguments, **options)


_TOO_DEEP = f"nested deeper than {MAX_LEVELS} levels: flatten what begins here"


class _Composer:
    """One pass over the events of one document."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0
        self.at = 0
        self.path: list[str | int] = []
        self.stream = self._events()

    def document(self) -> Node | None:
        """The root of the only document; None for an empty file."""
        root: Node | None = None
        documents = 0
        for event in self.stream:
            if isinstance(event, events.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._stop(event, "a second document starts here: keep one policy to a file")
                self._directives(event)
            elif isinstance(event, events.NodeEvent):
                root = self.node(event, 1)
        return root

    def _events(self) -> Iterator[Any]:
        parser = YAML(typ="safe", pure=True)
        parser.Scanner = _BoundedScanner
        try:
            for event in parser.parse(self.text.text):
                self.at = event.start_mark.index
                yield event
        except MarkedYAMLError as error:
            self._misparsed(error)
        except Exception:
            _stop_at(self.text, self.at, "this is not YAML: what follows here can't be parsed")

    def _misparsed(self, error: MarkedYAMLError) -> NoReturn:
        offset = self._offset(error)
        line, _ = self.text.position(offset)
        blank = re.match(r" *\t[ \t]*", self.text.lines(line, line))
        if blank:
            self._tab(line, blank[0])
        handle = re.match(r"@[\w/.-]*\w", self.text.text[offset:])
        if handle:
            end = offset + handle.end()
            message = f'`@` can\'t begin a plain value in YAML: put it in quotes, as in "{handle[0]}"'
            edit = self.text.splice(offset, end, f'"{handle[0]}"')
            raise _Stop(Problem(self.text.place(offset, end), message, None, edit))
        if error.problem == _TOO_DEEP:
            _stop_at(self.text, offset, _TOO_DEEP)
        _stop_at(self.text, offset, f"this is not YAML: {_reason(error)}")

    def _offset(self, error: MarkedYAMLError) -> int:
        """Where a person should look: where the parser gave up, or where it had begun, if it gave up too late."""
        late = "simple key" in str(error.context) or "end of stream" in str(error.problem)
        late = late or "stream end>" in str(error.problem)
        marks = [error.context_mark, error.problem_mark] if late else [error.problem_mark, error.context_mark]
        offset = next((mark.index for mark in marks if mark is not None), self.at)
        return max(min(offset, len(self.text.text) - 1), 0)

    def _tab(self, line: int, blank: str) -> NoReturn:
        place = Place(line, blank.index("\t") + 1, line, len(blank) + 1)
        raise _Stop(Problem(place, "a tab indents this line, which YAML forbids: indent with spaces"))

    def _directives(self, event: Any) -> None:
        if event.version not in (None, (1, 2)):
            self._complain(event, "a policy is YAML 1.2: remove the %YAML directive")
        if event.tags:
            self._complain(event, "a policy has no tags: remove the %TAG directive")

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
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
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
            self._stop(event, f"{quote('*' + event.anchor)} names no anchor above it")
        node = self.anchors[event.anchor]
        if node is None:
            self._stop(event, f"{quote('*' + event.anchor)} stands inside what it repeats")
        self._count(event, node.size, level - 1 + node.levels)
        return replace(node, start=event.start_mark.index, end=event.end_mark.index)

    def _scalar(self, event: Any) -> ScalarNode:
        self._count(event, 1, 0)
        value = resolve(event.value) if event.style is None and event.tag is None else event.value
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


_REASONS = (
    (
        "mapping values are not allowed",
        "a `:` stands where no key can begin: check the indentation, or quote the text",
    ),
    ("expected ':'", "a key without its `:` stands here"),
    ("unexpected end of stream", "what opens here is never closed"),
    ("stream end>", "what opens here is never closed"),
    ("cannot start any token", "this character can't begin a plain value: put the text in quotes"),
    ("expected <block end>", "this fits nowhere: check the indentation, and the quotes before it"),
    ("expected '<document start>'", "this fits nowhere: check the indentation, and the quotes before it"),
    ("expected ',' or", "a comma or the closing bracket is missing before this"),
    (
        "unknown escape character",
        "no such escape in double quotes: use single quotes, or double the backslash",
    ),
    ("undefined tag handle", "a policy has no tags: remove the one here"),
    ("undefined alias", "this alias names no anchor above it"),
)


def _reason(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context)
    return next((said for found, said in _REASONS if found in problem), problem)


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
