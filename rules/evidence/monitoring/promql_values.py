"""What is known of the numbers that a PromQL expression yields, whatever the metrics say."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace

from rules.evidence.spans import Op

_INF = math.inf
_HOLDS: dict[Op, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
MIRRORED: dict[Op, Op] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!="}
"""The comparison with its sides exchanged."""
NEGATED: dict[Op, Op] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
"""The comparison that holds where this one does not."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number between `low` and `high`.

    `scale` and `shift`: it is a metric's own value times the one plus the other; `scale` is None where it is not.
    `blended`: it is a sum or a difference of several metrics, so that no number beside it says what one of them is.
    `of`: the metrics whose value it is, `by` the function that has made something else of that; `behind`: metrics of
    which a recording rule has made it in such a way that no number beside it says what they are.
    """

    low: float = -_INF
    high: float = _INF
    scale: float | None = None
    shift: float = 0.0
    blended: bool = False
    of: frozenset[str] = frozenset()
    by: str | None = None
    behind: frozenset[str] = frozenset()

    @property
    def constant(self) -> float | None:
        """The number where there is only one that it can be."""
        return self.low if self.low == self.high or math.isnan(self.low) else None


ANY = Value()
OWN = Value(scale=1.0)
"""A metric's own value."""


def exactly(number: float) -> Value:
    """This number."""
    return Value(number, number)


def holds(op: Op, left: float, right: float) -> bool:
    """Whether the comparison is true of two numbers."""
    return _HOLDS[op](left, right)


def decided(op: Op, left: Value, right: Value) -> bool | None:
    """Whether the comparison is always true, or never; None where it depends. NaN among the samples is left aside."""
    if op in ("<", "<="):
        return decided(MIRRORED[op], right, left)
    if math.isnan(left.low) or math.isnan(right.low):
        return op == "!="
    if op in ("==", "!="):
        apart = left.high < right.low or right.high < left.low
        same = left.constant is not None and left.constant == right.constant
        return (op == "!=") is apart if apart or same else None
    if right.constant == -_INF or left.constant == _INF:
        # `x > -Inf`: nobody means to ask whether a number is finite.
        return op == ">=" or left.constant != right.constant
    above = left.low > right.high or (op == ">=" and left.low == right.high)
    below = left.high < right.low or (op == ">" and left.high == right.low)
    return above if above or below else None


def beside(op: Op, value: Value, number: float) -> tuple[Op, float | None]:
    """The comparison with the number as one of the metric's own value; None where it says nothing of that."""
    if value.blended:
        return op, None
    threshold = (number - value.shift) / value.scale if value.scale else number
    return (MIRRORED[op] if value.scale and value.scale < 0 else op), float(f"{threshold:.12g}")


def combined(op: str, left: Value, right: Value) -> Value:
    """What arithmetic makes of two numbers."""
    if left.constant is not None and right.constant is not None:
        return exactly(_folded(op, left.constant, right.constant))
    # What is a share of something, both counted in the same way, is counted no more: errors by requests.
    by = None if op == "/" and left.by == right.by else left.by or right.by
    scale, shift = _line(op, left, right) or (None, 0.0)
    low, high = _bounds(op, left, right)
    return Value(
        low,
        high,
        scale,
        shift,
        left.blended or right.blended,
        left.of | right.of,
        by,
        left.behind | right.behind,
    )


def _line(op: str, left: Value, right: Value) -> tuple[float, float] | None:
    """Scale and shift after arithmetic with a number; None where it is no straight line."""
    if left.constant is None and right.constant is None:
        return None
    one, number = (right, left.low) if right.constant is None else (left, right.low)
    if one.scale is None or not math.isfinite(number):
        return None
    found = None
    match op:
        case "+":
            found = (one.scale, one.shift + number)
        case "-":
            found = (one.scale, one.shift - number) if one is left else (-one.scale, number - one.shift)
        case "*":
            found = (one.scale * number, one.shift * number)
        case "/" if one is left and number:
            found = (one.scale / number, one.shift / number)
    return found


def _bounds(op: str, left: Value, right: Value) -> tuple[float, float]:
    positive = left.low >= 0 and right.low >= 0
    match op:
        case "+":
            ends = [left.low + right.low, left.high + right.high]
        case "-":
            ends = [left.low - right.high, left.high - right.low]
        case "*" if 0 in (left.constant, right.constant):
            ends = [0.0]
        case "*" if positive:
            ends = [left.low * right.low, _INF]
        case "*" if left.constant is not None or right.constant is not None:
            ends = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
        case "/" if right.constant:
            ends = [left.low / right.low, left.high / right.low]
        case "/" | "%" | "^" if positive:
            ends = [0.0, _INF]
        case _:
            ends = [math.nan]
    return (-_INF, _INF) if any(map(math.isnan, ends)) else (min(ends), max(ends))


_FOLDS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%": math.fmod,
    "^": math.pow,
    "atan2": math.atan2,
}


def _folded(op: str, left: float, right: float) -> float:
    if op == "/":
        if right:
            return left / right
        return math.nan if not left or math.isnan(left) else math.copysign(_INF, left) * math.copysign(1, right)
    try:
        return _FOLDS[op](left, right)
    except OverflowError:
        return _INF
    except ValueError:
        return math.nan


KEEPING = frozenset({
    "avg", "min", "max", "topk", "bottomk", "quantile", "limitk", "limit_ratio", "avg_over_time", "min_over_time",
    "max_over_time", "last_over_time", "first_over_time", "quantile_over_time", "sort", "sort_desc", "sort_by_label",
    "sort_by_label_desc", "label_replace", "label_join", "vector", "info",
})  # fmt: skip
"""What yields values of the metric, or between them."""

_POSITIVE = (
    "time", "timestamp", "abs", "sqrt", "exp", "rate", "irate", "increase", "changes", "resets", "stddev", "stdvar",
    "stddev_over_time", "stdvar_over_time", "histogram_count",
)  # fmt: skip
_BETWEEN: dict[str, tuple[float, float]] = {
    **dict.fromkeys(_POSITIVE, (0, _INF)),
    **dict.fromkeys(("absent", "absent_over_time", "present_over_time", "group"), (1, 1)),
    **dict.fromkeys(("count", "count_values", "count_over_time"), (1, _INF)),
    **{"hour": (0, 23), "minute": (0, 59), "month": (1, 12), "day_of_month": (1, 31), "day_of_week": (0, 6)},
    **{"day_of_year": (1, 366), "days_in_month": (28, 31), "sgn": (-1, 1), "pi": (math.pi, math.pi)},
}


_LEVEL = frozenset({
    "sum", "sum_over_time", "abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max",
    "double_exponential_smoothing", "time",
})  # fmt: skip
"""What yields something of the metric's size, though not its value."""
_QUANTILES = frozenset({"histogram_quantile", "histogram_avg", "histogram_fraction"})
"""What yields the value that a histogram's buckets count."""


def called(name: str, value: Value) -> Value:
    """What a function or an aggregation makes of a number."""
    if name in KEEPING:
        return value
    by = None if name in _QUANTILES else value.by if name in _LEVEL else name
    low, high = _BETWEEN.get(name, (-_INF, _INF))
    if name in ("sum", "sum_over_time") and value.low >= 0:
        low = value.low
    return Value(low, high, blended=value.blended, of=value.of, by=by, behind=value.behind)


def filtered(op: Op, value: Value, number: float | None) -> Value:
    """What is known of a number beside which the comparison holds."""
    if number is None or op in ("==", "!="):
        return value
    if op in (">", ">="):
        return replace(value, low=max(value.low, number))
    return replace(value, high=min(value.high, number))


_STEADY = frozenset({None, "rate", "irate", "increase"})


def recorded_as(name: str, value: Value) -> Value:
    """What is known of the number that a recording rule keeps of another under a name of its own."""
    same = not value.blended and not value.shift and (value.scale or 1) > 0 and value.by in _STEADY
    own = frozenset({name})
    of, behind = (value.of, value.behind) if same else (frozenset[str](), value.of | value.behind)
    return Value(value.low, value.high, scale=1.0, of=of | own, behind=behind - own)


def either(left: Value, right: Value) -> Value:
    """A number that is one or the other."""
    line = left if right.constant is not None or (left.scale, left.shift) == (right.scale, right.shift) else ANY
    return Value(
        min(left.low, right.low),
        max(left.high, right.high),
        line.scale,
        line.shift,
        left.blended or right.blended,
        left.of | right.of,
        left.by or right.by,
        left.behind | right.behind,
    )
