"""A file as nodes with places: where each of its keys stands, and where a missing one belongs."""

import re
from dataclasses import dataclass

from rules.nodes import MappingNode, Node, ScalarNode, SequenceNode
from rules.places import Place, Text
from rules.values import Path

_COMMENT = re.compile(r"[ \t]*#")


@dataclass(frozen=True)
class Source:
    """The text of a file and what was read from it; `root` is None where that is nothing.

    `path` is shown to people. `sections` are the top-level keys that there may be, in the order in which they belong.
    """

    path: str
    text: Text
    root: Node | None
    sections: tuple[str, ...]

    def find(self, path: Path) -> tuple[Node | None, ScalarNode | None]:
        """The node at a path and, where it is a mapping's value, its key; (None, None) where there is none."""
        node, key = self.root, None
        for step in path:
            if isinstance(node, MappingNode) and step in node.entries:
                entry = node.entries[str(step)]
                node, key = entry.value, entry.key
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
                node, key = node.items[step], None
            else:
                return None, None
        return node, key

    def place(self, path: Path) -> Place:
        """Where a person should put the cursor for a path.

        The key that is there; for an item of a list, the item; for a missing key, the nearest thing above it that
        is there. Where a whole section is missing, the line below the section after which it belongs: there it is
        written, in front of what may stand on that line; the section's end where no line is below it.
        """
        node, key = self.find(path)
        if key is not None:
            return self.text.place(key.start, key.end)
        if node is not None and path:
            return self._place_of_item(node)
        if len(path) > 1:
            return self.place(path[:-1])
        before = self.section_before(path)
        if before is not None:
            line = self._line_below(before)
            return Place(line, 1, line, 1) if line else self.text.place(before.end, before.end)
        return self.text.place(self.root.start, self.root.start) if self.root else Place(1, 1, 1, 1)

    def _line_below(self, section: Node) -> int | None:
        """The first line below a section that is not its own; None where there is none."""
        if getattr(self.root, "flow", False):
            return None
        line, end = self.text.position(section.end)[0] + 1, len(self.text)
        column = self.text.position(self.root.start)[1] if self.root else 1
        while line <= end and (comment := _COMMENT.match(self.text.lines(line, line))) and comment.end() > column:
            line += 1
        # Behind the last break there is no line, but to editors.
        return line if line < end or (line == end and self.text.lines(end, end)) else None

    def _place_of_item(self, node: Node) -> Place:
        if isinstance(node, MappingNode) and node.entries and not node.flow:
            first = next(iter(node.entries.values())).key
            return self.text.place(first.start, first.end)
        end = node.end if isinstance(node, ScalarNode) else node.start + 1
        return self.text.place(node.start, end)

    def place_of_value(self, path: Path) -> Place:
        """The value at a path where it is a single one, else as `place`."""
        node, _ = self.find(path)
        if isinstance(node, ScalarNode) and node.end > node.start:
            return self.text.place(node.start, node.end)
        return self.place(path)

    def section_before(self, path: Path) -> Node | None:
        """What stands last in the section after which a missing one belongs; None where it belongs first."""
        if not isinstance(self.root, MappingNode) or not path or path[0] not in self.sections:
            return None
        earlier = self.sections[: self.sections.index(str(path[0]))]
        entries = [entry for name, entry in self.root.entries.items() if name in earlier]
        if not entries:
            return None
        last = max(entries, key=lambda entry: entry.key.start)
        return max(last.key, last.value, key=lambda node: node.end)
