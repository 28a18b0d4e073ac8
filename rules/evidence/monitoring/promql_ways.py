"""The ways in which an expression can yield something: in each, all of its comparisons hold."""

from itertools import product

from rules.evidence.monitoring import Comparison, Ways
from rules.evidence.monitoring.promql_values import NEGATED

_MOST_WAYS = 40
_MOST_COMPARISONS = 40
WHENEVER: Ways = ((),)
"""The only way of what asks for nothing."""


def every(left: Ways | None, right: Ways | None) -> Ways | None:
    """The ways of what needs both; None where they are more than are followed."""
    if left is None or right is None or len(left) * len(right) > _MOST_WAYS:
        return None
    return _few([(*one, *other) for one, other in product(left, right)])


def any_of(left: Ways | None, right: Ways | None) -> Ways | None:
    """The ways of what needs one of them."""
    return None if left is None or right is None else _few([*left, *right])


def denied(ways: Ways | None) -> Ways | None:
    """The ways in which something yields nothing although its metrics are there."""
    result: Ways | None = WHENEVER
    for way in ways or ():
        result = every(result, tuple((opposed(one),) for one in way))
    return result if ways is not None else None


def opposed(one: Comparison) -> Comparison:
    """The comparison that holds where this one does not."""
    return Comparison(NEGATED[one.op], one.threshold, one.metrics, one.by)


def _few(ways: list[tuple[Comparison, ...]]) -> Ways | None:
    made = tuple(dict.fromkeys(tuple(dict.fromkeys(way)) for way in ways))
    return made if len(made) <= _MOST_WAYS and all(len(way) <= _MOST_COMPARISONS for way in made) else None
