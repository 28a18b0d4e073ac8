"""Where and how an item is added to a list of a policy, or taken from it, so that all else in it stays as it is."""

import re

from rules.edits import put, scalar
from rules.nodes import ScalarNode, SequenceNode
from rules.places import Edit, end_of
from rules.source import Source
from rules.values import Path

_HOLDER = "PLACE-OF-THE-LIST"
_COMMA = re.compile(r"[ \t]*,")
_LINE = re.compile(r"\r?\n[ \t]*\Z")
_END = re.compile(r"[ \t]*\r?\n")


def add(source: Source, path: Path, value: object) -> Edit | None:
    """The edit that adds an item at the end of the list at `path`, which is made where it is not there.

    None where the file's shape leaves no safe place for it, as inside what an anchor or an alias repeats.
    """
    if _repeated(source, path):
        return None
    node, _ = source.find(path)
    if node is None or (isinstance(node, ScalarNode) and node.value is None and node.end == node.start):
        return _begun(source, path, scalar(value))
    if not isinstance(node, SequenceNode):
        return None
    return _listed(source, node, scalar(value)) if node.flow else _below(source, node, scalar(value))


def remove(source: Source, path: Path) -> Edit | None:
    """The edit that takes away the item at `path`, with the comments on its own lines.

    None where there is no such item, or no way to take it away and nothing else.
    """
    node, _ = source.find(path[:-1])
    number = path[-1]
    if not isinstance(node, SequenceNode) or not isinstance(number, int) or _repeated(source, path):
        return None
    if not 0 <= number < len(node.items):
        return None
    return _cut(source, node, number) if node.flow else _dropped(source, node, number)


def _repeated(source: Source, path: Path) -> bool:
    found = (source.find(path[:depth])[0] for depth in range(len(path) + 1))
    return source.root is None or any(node is not None and node.anchored for node in found)


def _begun(source: Source, path: Path, text: str) -> Edit | None:
    edit = put(source, path, _HOLDER)
    if edit is None:
        return None
    # As a line of its own below the key, unless the key stands within braces or has a comment behind it.
    alone = re.search(rf"(?m)^([ \t]*)([^\s{{#][^{{\n]*:) {_HOLDER}(?=\r?$)", edit.replacement)
    if alone is None:
        return Edit(edit.line, edit.end_line, edit.replacement.replace(_HOLDER, f"[{text}]"))
    below = f"{alone[1]}{alone[2]}{source.text.newline}{alone[1]}  - {text}"
    return Edit(edit.line, edit.end_line, edit.replacement[: alone.start()] + below + edit.replacement[alone.end() :])


def _listed(source: Source, node: SequenceNode, text: str) -> Edit | None:
    if not node.items:
        return source.text.splice(node.start + 1, node.start + 1, text)
    last = node.items[-1].end
    return source.text.splice(last, last, f", {text}")


def _below(source: Source, node: SequenceNode, text: str) -> Edit | None:
    before = _margin(source, node)
    if before is None:
        return None
    line = source.text.position(node.items[-1].end)[0]
    return Edit(line, line, f"{source.text.lines(line, line)}{source.text.newline}{before}- {text}")


def _margin(source: Source, node: SequenceNode) -> str | None:
    """What stands before the dashes of a list; None where that is more than blanks."""
    line, column = source.text.position(node.start)
    before = source.text.lines(line, line)[: column - 1]
    return None if before.strip() else before


def _cut(source: Source, node: SequenceNode, number: int) -> Edit | None:
    item, text = node.items[number], source.text.text
    start, end = item.start, item.end
    if number:
        start = node.items[number - 1].end
    elif len(node.items) > 1:
        end = node.items[1].start
    else:
        # The comma behind the only item goes with it, since `[,]` is no YAML; so does a line that has nothing else.
        end = end_of(_COMMA, text, end)
        line = _LINE.search(text, 0, start)
        start = line.start() if line and _END.match(text, end) else start
    return None if "#" in text[start : item.start] + text[item.end : end] else source.text.splice(start, end, "")


def _dropped(source: Source, node: SequenceNode, number: int) -> Edit | None:
    before = _margin(source, node)
    if before is None:
        return None
    item = node.items[number]
    first, last = source.text.position(item.start)[0], source.text.position(item.end)[0]
    while not source.text.lines(first, first).startswith(f"{before}-"):
        first -= 1
    # The line above is always there: a list stands below its key.
    return Edit(first - 1, last, source.text.lines(first - 1, first - 1))
