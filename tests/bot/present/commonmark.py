"""CommonMark's reading of one line of text: what is code, and which characters outside it stand escaped."""

import re
from string import punctuation


def read(line: str) -> tuple[list[tuple[str, bool]], list[str]]:
    """The characters outside code, each with whether a backslash escapes it, and the code spans (CommonMark 6.1)."""
    outside: list[tuple[str, bool]] = []
    spans: list[str] = []
    at = 0
    while at < len(line):
        if line[at] == "\\" and line[at + 1 : at + 2] and line[at + 1] in punctuation:
            outside.append((line[at + 1], True))
            at += 2
        elif line[at] == "`":
            opening = re.compile("`+").match(line, at)
            assert opening
            closing = next(
                (run for run in re.compile("`+").finditer(line, opening.end()) if len(run[0]) == len(opening[0])),
                None,
            )
            if closing:
                spans.append(line[opening.end() : closing.start()])
                outside.append(("\0", False))
                at = closing.end()
            else:
                outside += [("`", False)] * len(opening[0])
                at = opening.end()
        else:
            outside.append((line[at], False))
            at += 1
    return outside, spans
