"""Sets of numbers, as comparisons tell them apart."""

import math
from typing import Literal

Op = Literal[">", ">=", "<", "<=", "==", "!="]
Cut = tuple[float, bool]
"""Between two numbers: just before this one, or (True) just after it."""
Spans = tuple[tuple[Cut, Cut], ...]
"""What lies between cuts, in order and apart."""

_FIRST: Cut = (-math.inf, False)
_LAST: Cut = (math.inf, True)
EVERYTHING: Spans = ((_FIRST, _LAST),)


def where(op: Op, number: float) -> Spans:
    """The numbers of which the comparison is true."""
    before, after = (number, False), (number, True)
    ends = {
        ">": ((after, _LAST),),
        ">=": ((before, _LAST),),
        "<": ((_FIRST, before),),
        "<=": ((_FIRST, after),),
        "==": ((before, after),),
        "!=": ((_FIRST, before), (after, _LAST)),
    }
    return tuple((low, high) for low, high in ends[op] if low < high)


def both(one: Spans, other: Spans) -> Spans:
    """The numbers that are in both."""
    pairs = ((max(low, begin), min(high, end)) for low, high in one for begin, end in other)
    return tuple(sorted((low, high) for low, high in pairs if low < high))


def either(one: Spans, other: Spans) -> Spans:
    """The numbers that are in one of them or in both."""
    made: list[tuple[Cut, Cut]] = []
    for low, high in sorted((*one, *other)):
        if made and low <= made[-1][1]:
            made[-1] = (made[-1][0], max(high, made[-1][1]))
        else:
            made.append((low, high))
    return tuple(made)


def covers(one: Spans, other: Spans) -> bool:
    """Whether all numbers of the other are in this one."""
    return both(one, other) == other
