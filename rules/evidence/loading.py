"""Bytes -> text -> data, within bounds: the first thing that happens to any file of evidence.

Whatever is wrong with a file is one of two exceptions: `Broken`, which the repository's people can mend, and `Opaque`,
which says why nothing can be told of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import Any

from rules.facts import MAX_EVIDENCE, Files, Unread
from rules.resolve import resolve
from rules.values import quote

MAX_LEVELS = 64
MAX_VALUES = 200_000


class Broken(Exception):
    """What is wrong with a file, in words that fit behind its name, and the line (from 1) where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


class Excessive(Broken):
    """A file that holds more than is read."""


class Opaque(Exception):
    """Why nothing can be told of a file, in words that fit behind its name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fault:
    """Something said of a file: `message` fits behind its name; `line` from 1, None where no line is meant."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """The file, its line where one is meant, and what is said of it, as people read it: one line, safe to show."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{quote(where)} {self.message}"


class Block(dict[Any, Any]):
    """A mapping that knows the line, from 1, on which it begins, and those of its keys where they are known."""

    line: int = 1
    lines: Mapping[Any, int] = MappingProxyType({})

    def begun(self, line: int) -> "Block":
        """This one, told where it begins."""
        self.line = line
        return self


def opened(files: Files, path: str) -> str:
    """The text of a file; Broken or Opaque where there is none to read."""
    data = files.read(path)
    if isinstance(data, Unread):
        raise Broken(f"{data.reason}: commit it there") if data.mendable else Opaque(data.reason)
    return decoded(data)


def decoded(data: bytes) -> str:
    """The text that the bytes are, without a byte order mark and with line feeds alone."""
    if len(data) > MAX_EVIDENCE:
        raise Opaque(f"is larger than {MAX_EVIDENCE // 1024 // 1024} MiB, more than is read")
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise Opaque("is kept in Git LFS, which is not read: commit the file itself")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Broken("is UTF-16: save it as UTF-8")
        raise Broken("is binary, not text: commit it as text, in UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Broken(f"is not UTF-8 (byte 0x{data[error.start]:02x}): save it as UTF-8", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# What Helm, Jinja, ERB and the like leave in a file. `{{ $labels.x }}` and `{{ value }}` belong to alerts themselves.
_TEMPLATE = re.compile(
    r"\{\{-|-\}\}|\{%|<%|\{\{\s*(?:\.Values|\.Release|\.Chart|include|template|if|range|end|with|define|tpl)\b"
)


def templated(text: str) -> bool:
    """Whether this is the template of a file rather than a file."""
    return _TEMPLATE.search(text) is not None


def documents(text: str, unique: bool = False) -> list[Any]:
    """The documents of YAML or JSON text: mappings as `Block`, lists, and values as YAML 1.2 resolves them.

    Merge keys are followed. A tag of its own, as in `!Ref x`, is `{"!Ref": "x"}`. Raises Broken, or Opaque for a
    template; with `unique`, also for a key that a mapping has twice.
    """
    try:
        return _documents(text, unique)
    except Excessive:
        raise
    except Broken:
        # Not all JSON is YAML to its readers: half characters in escapes, tabs.
        found = _json(text) if text.lstrip().startswith(("{", "[")) else None
        if found is not None:
            return [_blocks(found)]
        if templated(text):
            raise Opaque("is a template, and what it becomes is not known here: name what it renders to") from None
        raise


def json_value(text: str) -> Any:
    """What JSON text holds. Raises Broken, or Opaque for a template. NaN and the infinities are read as such.

    A key that an object has twice is Broken: who reads it and who wrote it may each mean another value.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        if templated(text):
            raise Opaque("is a template, and what it becomes is not known here: name what it renders to") from None
        raise Broken(f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno) from None
    except RecursionError:
        raise Broken("is nested too deep to be read: flatten it") from None
    except ValueError:
        raise Broken("is not JSON: a number has too many digits") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Broken(f"has the key {quote(twice)} twice in one object: remove the wrong one")
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _blocks(value: Any, level: int = 1) -> Any:
    """The same data with its mappings as `Block`."""
    if level > MAX_LEVELS:
        raise Excessive(f"is nested deeper than {MAX_LEVELS} levels: flatten it")
    if isinstance(value, dict):
        return Block((key, _blocks(one, level + 1)) for key, one in value.items())
    return [_blocks(one, level + 1) for one in value] if isinstance(value, list) else value


def number(value: object) -> int | float | None:
    """The value where it is a finite number; None for anything else, truth values and text with digits included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if isfinite(value) else None
    except OverflowError:
        return None


def truth(value: object) -> bool | None:
    """What a switch says, in any of the ways that YAML has had for it; None where it says nothing."""
    if isinstance(value, bool):
        return value
    return _SWITCHES.get(value.lower()) if isinstance(value, str) else None


_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def line_of(block: object, *keys: object) -> int | None:
    """The line of the first of these keys that a mapping has; where it knows none, the one on which it begins."""
    lines = getattr(block, "lines", {})
    return next((lines[key] for key in keys if key in lines), getattr(block, "line", None))


def mapping(value: object) -> Mapping[Any, Any]:
    """The value where it is a mapping; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def listing(value: object) -> list[Any]:
    """The value where it is a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def _documents(text: str, unique: bool) -> list[Any]:
    import yaml  # noqa: PLC0415 - most checks name no such file, or only a few

    try:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return _Composer(events, yaml, unique).documents()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "it can't be parsed"
        raise Broken(f"is not YAML: {said}", mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Broken("is not YAML: a control character stands in it: remove it", line) from None
    except (ValueError, OverflowError):
        raise Broken("is not YAML: an escape in it stands for no character") from None


class _Composer:
    """The documents of a stream of YAML's events. Counts what it makes, so that aliases can't blow it up."""

    def __init__(self, events: Iterator[Any], yaml: Any, unique: bool) -> None:
        self.events, self.yaml, self.unique = events, yaml, unique
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.made = 0

    def documents(self) -> list[Any]:
        found = []
        for event in self.events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                self.anchors = {}
            elif isinstance(event, self.yaml.NodeEvent):
                found.append(self._node(event, 1))
        return found

    def _node(self, event: Any, level: int) -> Any:
        before, line = self.made, event.start_mark.line + 1
        if isinstance(event, self.yaml.AliasEvent):
            return self._alias(event.anchor, line)
        self._count(1, line)
        if level > MAX_LEVELS:
            raise Excessive(f"is nested deeper than {MAX_LEVELS} levels: flatten what begins here", line)
        if isinstance(event, self.yaml.MappingStartEvent):
            value: Any = self._mapping(level, line)
        elif isinstance(event, self.yaml.SequenceStartEvent):
            value = []
            while not isinstance(inner := next(self.events), self.yaml.SequenceEndEvent):
                value.append(self._node(inner, level + 1))
        else:
            plain, _ = event.implicit
            value = resolve(event.value) if plain else event.value
        value = self._tagged(event, value, line)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, self.made - before)
        return value

    def _tagged(self, event: Any, value: Any, line: int) -> Any:
        tag = event.tag
        if tag is None or tag == "!" or not tag.startswith("!"):
            return value
        return Block({tag: value}).begun(line)

    def _alias(self, name: str, line: int) -> Any:
        if name not in self.anchors:
            raise Broken(f"is not YAML: {quote('*' + name)} names no anchor above it, or what it stands in", line)
        value, size = self.anchors[name]
        self._count(size, line)
        return value

    def _count(self, made: int, line: int) -> None:
        self.made += made
        if self.made > MAX_VALUES:
            raise Excessive(f"holds more than {MAX_VALUES} values, aliases expanded: split it", line)

    def _mapping(self, level: int, line: int) -> Block:
        block, lines = Block().begun(line), dict[Any, int]()
        block.lines = lines
        merged: list[Any] = []
        while not isinstance(inner := next(self.events), self.yaml.MappingEndEvent):
            key = self._node(inner, level + 1)
            value = self._node(next(self.events), level + 1)
            if key == "<<":
                merged += value if isinstance(value, list) else [value]
            elif isinstance(key, dict | list):
                raise Broken("has a list or a mapping for a key, which can't be read", inner.start_mark.line + 1)
            elif self.unique and key in block:
                message = f"has the key {quote(key)} twice in one mapping: remove the wrong one"
                raise Broken(message, inner.start_mark.line + 1)
            else:
                block[key], lines[key] = value, inner.start_mark.line + 1
        for base in merged:
            for key, value in mapping(base).items():
                block.setdefault(key, value)
        return block
