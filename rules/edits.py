"""Where and how a value is written into a policy so that everything else in it stays as it is."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from rules.nodes import MappingNode, Node, ScalarNode
from rules.places import Edit
from rules.resolve import resolve
from rules.source import Source
from rules.values import Path


def put(source: Source, path: Path, value: str) -> Edit | None:
    """The edit that writes the YAML scalar `value` at `path`: over what stands there, or as a new key.

    It begins at the line of `source.place(path)`. None where the file's shape leaves no safe place for it: inside
    what an anchor or an alias repeats, over a list or a mapping, at a list position that isn't there.
    """
    if source.root is None or _repeated(source, path):
        return None
    node, _ = source.find(path)
    edit = _replace(source, node, value) if node is not None else _add(source, path, value)
    return edit and _from_line(source, edit, source.place(path).line)


class Replacement(Protocol):
    """Whole lines in the place of others: an `Edit`, or a finding that has one."""

    @property
    def line(self) -> int:
        """The first line that is replaced, from 1."""

    @property
    def end_line(self) -> int:
        """The last."""

    @property
    def replacement(self) -> str | None:
        """What is put there, without the last one's break."""


def applied(text: str, replacements: Iterable[Replacement]) -> str | None:
    """The text with whole lines replaced, their breaks kept; None where two of them meet, or leave the text."""
    lines = text.split("\n")
    below = len(lines) + 1
    for one in sorted(replacements, key=lambda one: one.line, reverse=True):
        if not 1 <= one.line <= one.end_line < below or one.replacement is None:
            return None
        ending = "\r" if lines[one.end_line - 1].endswith("\r") else ""
        lines[one.line - 1 : one.end_line] = [one.replacement + ending]
        below = one.line
    return "\n".join(lines)


def _repeated(source: Source, path: Path) -> bool:
    """Whether a step of the path leads to an anchor or an alias, so that a change would show in several places."""
    return any(node.anchored for node in _along(source, path))


def _along(source: Source, path: Path) -> list[Node]:
    found = (source.find(path[:depth])[0] for depth in range(len(path) + 1))
    return [node for node in found if node is not None]


def _replace(source: Source, node: Node, value: str) -> Edit | None:
    if not isinstance(node, ScalarNode):
        return None
    if node.end > node.start:
        return source.text.splice(node.start, node.end, value)
    behind_colon = source.text.text[node.start - 1] == ":"
    return source.text.splice(node.start, node.end, f" {value}") if behind_colon else None


def _add(source: Source, path: Path, value: str) -> Edit | None:
    depth = len(_along(source, path)) - 1
    keys = path[depth:]
    if not all(isinstance(key, str) for key in keys):
        return None
    parent, parent_key = source.find(path[:depth])
    if isinstance(parent, MappingNode) and parent.flow:
        return _add_inline(source, parent, _flow(keys, value))
    inside_flow = any(getattr(node, "flow", False) for node in _along(source, path))
    if inside_flow or (parent_key is not None and not _implicit(source, parent_key)):
        return None
    if isinstance(parent, MappingNode):
        return _add_block(source, parent, parent_key, path, keys, value)
    if isinstance(parent, ScalarNode) and parent.end == parent.start and parent_key is not None:
        column = source.text.position(parent_key.start)[1]
        return _after(source, parent_key, _block(source, keys, value, column + 1))
    return None


def _implicit(source: Source, key: ScalarNode) -> bool:
    """Whether the key's colon stands behind it, as it does unless the key begins with `? `."""
    return re.compile(r"[ \t]*:").match(source.text.text, key.end) is not None


def _add_inline(source: Source, parent: MappingNode, text: str) -> Edit | None:
    start = parent.start + 1
    if source.text.text[start - 1] != "{":  # a list's single pair, as in `[key: value]`
        return None
    return source.text.splice(start, start, f"{text}, " if parent.entries else text)


def _add_block(
    source: Source,
    parent: MappingNode,
    parent_key: ScalarNode | None,
    path: Path,
    keys: Path,
    value: str,
) -> Edit | None:
    first = next(iter(parent.entries.values()), None)
    if first is None or not _implicit(source, first.key):
        return None
    line, column = source.text.position(first.key.start)
    block = _block(source, keys, value, column - 1)
    if len(path) == len(keys):
        before, place = source.section_before(path), source.place(path).line
        if before is not None and place == source.text.position(before.end)[0]:
            return _after(source, before, block)
        return Edit(place, place, block + source.text.newline + source.text.lines(place, place))
    if parent_key is not None and source.text.position(parent_key.start)[0] < line:
        return _after(source, parent_key, block)
    return _after(source, max(first.key, first.value, key=lambda node: node.end), block)


def _after(source: Source, node: Node, block: str) -> Edit | None:
    """The edit that sets `block` on the lines below the one where the node ends."""
    line = source.text.position(node.end)[0]
    return Edit(line, line, source.text.lines(line, line) + source.text.newline + block)


def _block(source: Source, keys: Path, value: str, indent: int) -> str:
    lines = [f"{' ' * (indent + 2 * depth)}{scalar(key)}:" for depth, key in enumerate(keys)]
    return source.text.newline.join(lines) + f" {value}"


def _flow(keys: Path, value: str) -> str:
    return f"{scalar(keys[0])}: " + (value if len(keys) == 1 else f"{{{_flow(keys[1:], value)}}}")


def _from_line(source: Source, edit: Edit, line: int) -> Edit:
    if edit.line <= line:
        return edit
    above = source.text.lines(line, edit.line - 1)
    return replace(edit, line=line, replacement=above + source.text.newline + edit.replacement)


def scalar(value: object) -> str:
    """A value as YAML on one line, in quotes where it must be."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(scalar(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {scalar(one)}" for key, one in value.items()) + "}"
    if not isinstance(value, str):
        return str(value)
    plain = re.fullmatch(r"[A-Za-z0-9./](?:[\w./+ -]*[\w./+-])?", value, re.ASCII) and resolve(value) == value
    if plain:
        return value
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08x}"
