"""What was found of one credential in several ways, told once: where its value starts, by its most certain name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rules.evidence.credentials.detectors import BASIC_AUTH, KEYWORD

# The vendor's form says most of a value, the name beside it least.
_CERTAIN = {KEYWORD: 2, BASIC_AUTH: 1}
_AWS_ID = re.compile(r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}")
_AWS_SECRET = re.compile(r"[0-9a-zA-Z/+=]{40}")
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A value that was found: where it starts and ends in the text, and the lines, from 1, of both."""

    start: int
    end: int
    line: int
    kind: str
    unexplained: bool = False
    end_line: int = 0


def merged(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Each credential once, in order: one of each kind a line, and a pair of an AWS id and its secret as one."""
    found = list[Hit]()
    for hit in sorted(hits, key=lambda one: (one.start, _CERTAIN.get(one.kind, 0), one.end)):
        if found and hit.start < found[-1].end:
            found[-1] = min(found[-1], hit, key=lambda one: _CERTAIN.get(one.kind, 0))
        else:
            found.append(hit)
    return _paired(list({(one.line, one.kind): one for one in reversed(found)}.values())[::-1], text)


def _paired(hits: Sequence[Hit], text: str) -> list[Hit]:
    """The id of an AWS access key opens nothing without its secret: where both stand together, they are one."""
    found = list[Hit]()
    for hit in hits:
        last = found[-1] if found else None
        if last is not None and hit.line - last.line <= _NEAR and _pair(text[last.start : last.end], hit, text):
            kind = min(last, hit, key=lambda one: _CERTAIN.get(one.kind, 0)).kind
            unexplained = last.unexplained and hit.unexplained
            found[-1] = replace(last, end=hit.end, end_line=hit.line, kind=kind, unexplained=unexplained)
        else:
            found.append(hit)
    return found


def _pair(before: str, hit: Hit, text: str) -> bool:
    one, other = sorted((before, text[hit.start : hit.end]), key=len)
    return _AWS_ID.fullmatch(one) is not None and _AWS_SECRET.fullmatch(other) is not None
