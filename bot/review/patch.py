"""A change as a patch in a comment, for whoever can commit it where the app can't."""

import difflib
import re
from base64 import encodebytes
from collections.abc import Iterable, Iterator

FORK = "this pull request comes from a fork"
FORBIDDEN = "it lacks the permission contents: write, or a rule of the branch keeps it out"
Changed = tuple[str, bytes, bytes]
"""A path, and what is there before and after."""


def patch(changes: Iterable[Changed]) -> str:
    """The changes as a block of Markdown that `git apply` takes; where it would find no line in it, since those of the
    files end in CRLF, with a command below it that does the same."""
    rows = [row for one in changes for row in _rows(one)]
    shown = [row.removesuffix("\r") for row in rows]
    fence = "`" * max(3, 1 + max((len(run) for row in rows for run in re.findall("`+", row)), default=0))
    block = "\n".join([f"{fence}diff", *shown, fence]) + "\n"
    return block if shown == rows else f"{block}\n{_CRLF}\n\n{_exact(rows)}"


_CRLF = "Lines here end in CRLF, which a comment does not keep, so that `git apply` takes the same from this instead:"


def _exact(rows: Iterable[str]) -> str:
    """A command for the shell that applies a patch to the byte."""
    encoded = encodebytes("".join(f"{row}\n" for row in rows).encode()).decode()
    return f"```sh\nbase64 -d <<'END' | git apply\n{encoded}END\n```\n"


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
