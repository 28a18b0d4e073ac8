"""What a pull request adds, from the patches that GitHub tells of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.github.client import Installation
from rules.facts import Unverifiable

_PAGE = 100
_PAGES = 30
_COMPARED = 300
"""How many files GitHub compares at most."""
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Row:
    """A file that a pull request changes: how, from which name, and the id of what it becomes."""

    path: str
    status: str
    previous: str | None
    sha: str
    patch: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """The lines, from 1, that a pull request adds to each file; `left_out`: files whose lines GitHub does not tell.

    `rows` are the files that it changes: the `whole` of them, or those that GitHub lists of very many.
    """

    lines: dict[str, frozenset[int]]
    left_out: int = 0
    rows: tuple[Row, ...] = ()
    whole: bool = True

    @property
    def paths(self) -> frozenset[str]:
        """All paths that it changes, by their old names too."""
        return frozenset(path for row in self.rows for path in (row.path, row.previous) if path)


def added(installation: Installation, repository: str, number: int) -> Added | Unverifiable:
    """What a pull request adds. Raises RetryLater."""
    rows: list[dict[str, Any]] = []
    for page in range(1, _PAGES + 1):
        try:
            found = installation.get(
                f"/repos/{repository}/pulls/{number}/files", {"per_page": str(_PAGE), "page": str(page)}
            )
        except Refused as refused:
            return Unverifiable(f"GitHub does not tell what the pull request changes ({refused.reason})")
        rows += found
        if len(found) < _PAGE:
            return _read(rows)
    return _read(rows, more=1)


def between(installation: Installation, repository: str, base: str, head: str) -> Added | Unverifiable:
    """What one commit adds to another that it follows. Raises RetryLater."""
    try:
        found = installation.get(f"/repos/{repository}/compare/{base}...{head}").get("files") or []
    except Refused as refused:
        return Unverifiable(f"GitHub does not tell what the group changes ({refused.reason})")
    return _read(found, more=len(found) >= _COMPARED)


def _read(found: list[dict[str, Any]], more: int = 0) -> Added:
    lines: dict[str, frozenset[int]] = {}
    left_out = more
    for one in found:
        if one.get("patch"):
            new = numbers(one["patch"])
            # A file that only loses lines, or is deleted, would take the place of one to look at.
            lines |= {one["filename"]: new} if new else {}
        elif one["additions"]:
            # GitHub leaves out the patch of a large change.
            left_out += 1
    rows = tuple(
        Row(
            one["filename"],
            one.get("status") or "modified",
            one.get("previous_filename"),
            one.get("sha") or "",
            one.get("patch"),
        )
        for one in found
    )
    return Added(lines, left_out, rows, whole=not more)


def numbers(patch: str) -> frozenset[int]:
    """The lines that a patch adds, by their numbers in the new file."""
    found: set[int] = set()
    line = 0
    for row in patch.split("\n"):
        hunk = _HUNK.match(row)
        if hunk:
            line = int(hunk[3])
        elif row.startswith("+"):
            found.add(line)
            line += 1
        elif not row.startswith(("-", "\\")):
            line += 1
    return frozenset(found)


def patched(before: bytes, patch: str) -> bytes:
    """What a patch makes of a file. Of one that does not fit, anything may come: hold the result to its id."""
    old = [line + b"\n" for line in before.split(b"\n")]
    old[-1] = old[-1].removesuffix(b"\n")
    return b"".join(_patched(old, patch.split("\n")))


def _patched(old: list[bytes], rows: list[str]) -> Iterator[bytes]:
    at = 0
    for number, row in enumerate(rows):
        hunk = _HUNK.match(row)
        if hunk:
            # A hunk that takes nothing away stands behind the line that it names.
            start = int(hunk[1]) - (hunk[2] != "0")
            yield from old[at:start]
            at = start
        elif row.startswith("+"):
            unended = number + 1 < len(rows) and rows[number + 1].startswith("\\")
            yield row[1:].encode() + (b"" if unended else b"\n")
        elif row.startswith("-"):
            at += 1
        elif row.startswith(" "):
            yield from old[at : at + 1]
            at += 1
    yield from old[at:]
