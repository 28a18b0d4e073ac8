"""What a pull request adds, from the patches that GitHub tells of it."""

import re
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.github.client import Installation
from rules.facts import Unverifiable

_PAGE = 100
_PAGES = 30
_COMPARED = 300
"""How many files GitHub compares at most."""
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Added:
    """The lines, from 1, that a pull request adds to each file; `left_out`: files whose lines GitHub does not tell.

    `paths` are all that it changes, by their old names too.
    """

    lines: dict[str, frozenset[int]]
    left_out: int = 0
    paths: frozenset[str] = frozenset()


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
            return Added(*_read(rows))
    lines, left_out, paths = _read(rows)
    return Added(lines, left_out + 1, paths)


def between(installation: Installation, repository: str, base: str, head: str) -> Added | Unverifiable:
    """What one commit adds to another that it follows. Raises RetryLater."""
    try:
        found = installation.get(f"/repos/{repository}/compare/{base}...{head}").get("files") or []
    except Refused as refused:
        return Unverifiable(f"GitHub does not tell what the group changes ({refused.reason})")
    lines, left_out, paths = _read(found)
    return Added(lines, left_out + (len(found) >= _COMPARED), paths)


def _read(found: list[dict[str, Any]]) -> tuple[dict[str, frozenset[int]], int, frozenset[str]]:
    """The lines that are added, how many files do not tell theirs, and all paths."""
    lines: dict[str, frozenset[int]] = {}
    left_out, paths = 0, set[str]()
    for one in found:
        paths |= {one[key] for key in ("filename", "previous_filename") if one.get(key)}
        if one.get("patch"):
            new = numbers(one["patch"])
            # A file that only loses lines, or is deleted, would take the place of one to look at.
            lines |= {one["filename"]: new} if new else {}
        elif one["additions"]:
            # GitHub leaves out the patch of a large change.
            left_out += 1
    return lines, left_out, frozenset(paths)


def numbers(patch: str) -> frozenset[int]:
    """The lines that a patch adds, by their numbers in the new file."""
    found: set[int] = set()
    line = 0
    for row in patch.split("\n"):
        hunk = _HUNK.match(row)
        if hunk:
            line = int(hunk[1])
        elif row.startswith("+"):
            found.add(line)
            line += 1
        elif not row.startswith(("-", "\\")):
            line += 1
    return frozenset(found)
