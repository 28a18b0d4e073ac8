"""A policy that is being changed: each change leaves everything else in it as it is, byte for byte."""

from collections.abc import Collection

from bot.errors import UserError
from bot.gather.names import POLICY
from rules.document import Document, read
from rules.edits import applied, put, scalar
from rules.items import add, remove
from rules.places import Edit
from rules.policy import Policy
from rules.values import Path, quote, written

_MARK = b"\xef\xbb\xbf"


class Draft:
    """The bytes of the policy at a path. `codes` are those that rules have."""

    def __init__(self, data: bytes, codes: Collection[str], path: str = POLICY) -> None:
        self.before, self.data, self.path, self._codes = data, data, path, codes
        self.touched: list[Path] = []
        """Where something was written to, beside what was only added to a list or taken from it."""

    @property
    def changed(self) -> bool:
        """Whether it says something else than in the beginning."""
        return self.data != self.before

    @property
    def document(self) -> Document[Policy]:
        """What it says now."""
        return read(self.data, self.path, Policy, self._codes)

    def put(self, path: Path, value: object) -> None:
        """Write a value at a path; UserError where the file's shape leaves no safe place for it."""
        self.touched.append(path)
        document = self.document
        node, _ = document.find(path)
        if node is not None and node.end > node.start and getattr(node, "value", None) == str(value):
            return
        self._apply(put(document, path, scalar(value)), path, f"`{written(path)}: {scalar(value)}`")

    def add(self, path: Path, item: object) -> None:
        """Write an item at the end of a list; UserError as with `put`."""
        self._apply(add(self.document, path, item), path, "it there")

    def remove(self, path: Path) -> None:
        """Take the item at a path away; UserError as with `put`."""
        edit = remove(self.document, path)
        if edit is None:
            raise UserError(f"{quote(written(path))} can't be taken out of {quote(self.path)} alone: do it by hand")
        self._apply(edit, path, "")

    def checked(self) -> Document[Policy]:
        """What it says in the end; UserError where that would not pass POL002."""
        document = self.document
        if document.model is None:
            first = document.problems[0]
            raise UserError(f"nothing was written, since {quote(self.path)} would not be valid: {first.message}")
        return document

    def _apply(self, edit: Edit | None, path: Path, what: str) -> None:
        text = self.data.removeprefix(_MARK).decode()
        after = applied(text, [edit]) if edit is not None else None
        if after is None:
            where = f"{quote(self.path)} leaves no safe place to write at {quote(written(path))}"
            raise UserError(f"{where}: write {what} by hand")
        self.data = self.data[: len(self.data) - len(self.data.removeprefix(_MARK))] + after.encode()
