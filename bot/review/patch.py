"""A change as a patch in a comment, for whoever can commit it where the app can't."""

import difflib
import re
from collections.abc import Iterable, Iterator

FORK = "this pull request comes from a fork"
FORBIDDEN = "it lacks the permission contents: write, or a rule of the branch keeps it out"
Changed = tuple[str, bytes, bytes]
"""A path, and what is there before and after."""


def patch(changes: Iterable[Changed]) -> str:
    """The changes as a block of Markdown that `git apply` takes."""
    rows = [row for one in changes for row in _rows(one)]
    fence = "`" * max(3, 1 + max((len(run) for row in rows for run in re.findall("`+", row)), default=0))
    return "\n".join([f"{fence}diff", *rows, fence]) + "\n"


def _rows(changed: Changed) -> Iterator[str]:
    path, *sides = changed
    before, after = (_lines(data.decode()) for data in sides)
    source = f"a/{path}" if before else "/dev/null"
    for row in difflib.unified_diff(before, after, source, f"b/{path}"):
        yield row.removesuffix("\n")
        if not row.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    """The lines as git counts them, each with its end."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
