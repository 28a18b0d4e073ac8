"""Markdown that is too long, cut where it does no harm."""

import re

_FENCE = re.compile(r"\s*(`{3,})")


def cut(text: str, limit: int, notice: str) -> str:
    """The text, or as many of its first lines as fit `limit` bytes with the notice below them, none inside a block
    of code."""
    if len(text.encode()) <= limit:
        return text
    room = limit - len(notice.encode()) - 2
    used, kept, fence = 0, 0, ""
    # Markdown ends lines here and nowhere else.
    lines = text.removesuffix("\n").split("\n")
    for number, line in enumerate(lines, 1):
        used += len(line.encode()) + 1
        if used > room:
            break
        fence = _after(fence, line)
        kept = kept if fence else number
    return "".join(f"{line}\n" for line in lines[:kept]) + f"\n{notice}\n"


def _after(fence: str, line: str) -> str:
    """The fence that is open after a line, given the one before it."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    closes = len(found[1]) >= len(fence) and line.strip() == found[1]
    return "" if closes else fence
