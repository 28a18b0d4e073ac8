"""The values of a metric on which its alerts fire, on the scale of the criterion that it is held against."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evidence.comparison import figure, scale
from rules.evidence.monitoring import Alert, Comparison
from rules.evidence.spans import EVERYTHING, Op, Spans, both, covers, either, where
from rules.evidence.watching import Watched, holds
from rules.policy import Criterion, Operator
from rules.values import quote

FAILING: dict[Operator, Op] = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
"""How what fails a criterion compares with its target."""
_TOWARDS: dict[Operator, tuple[Op, ...]] = {">=": ("<", "<="), ">": ("<", "<="), "<=": (">", ">="), "<": (">", ">=")}
_STEADY = frozenset({"rate", "irate", "increase"})
_COUNTED = ("_total", "_count", "_sum", "_bucket")
_SHARES = ("quality", "safety", "adoption")


@dataclass(frozen=True, slots=True)
class Target:
    """The promise of a criterion: its numbers, and those that a value of its unit can be at all."""

    criterion: Criterion
    op: Operator
    number: float

    @property
    def failing(self) -> Spans:
        """The values that break the promise."""
        return both(where(FAILING[self.op], self.number), self.possible)

    @property
    def possible(self) -> Spans:
        """The values that there can be: a ratio is not negative, and a share of right answers is not more than all."""
        whole = scale(self.criterion.unit)
        if whole is None:
            return EVERYTHING
        most = where("<=", whole) if self.criterion.kind in _SHARES else EVERYTHING
        return both(where(">=", 0), most)


def target(criterion: Criterion | None) -> Target | None:
    """What a criterion promises; None where it lacks op or target."""
    if criterion is None or criterion.op is None or criterion.target is None:
        return None
    return Target(criterion, criterion.op, criterion.target)


@dataclass(frozen=True, slots=True)
class Firing:
    """What some alerts say of a metric.

    `sure`: the values on which they fire; `perhaps`: and those on which they may, as far as it depends on thresholds
    that are no plain numbers, the first of `vague`. `told` are the comparisons that say so. `made` are what functions
    have made of the metric, by their names, that is compared in its place.
    """

    sure: Spans
    perhaps: Spans
    told: tuple[Comparison, ...] = ()
    vague: Alert | None = None
    made: tuple[str, ...] = ()

    @property
    def impossible(self) -> bool:
        """Whether they compare the metric with numbers alone, and fire on none that it can be."""
        return bool(self.told) and not self.perhaps and self.vague is None and not self.made


def fires_on(alerts: Iterable[Alert], metric: str | None, promise: Target) -> Firing:
    """The values of a metric, of those that are possible, on which one of the alerts fires."""
    sure, perhaps = Spans(), Spans()
    told: dict[Comparison, None] = {}
    made: dict[str, None] = {}
    vague: Alert | None = None
    for alert, way in _ways(alerts):
        about = [one for one in way if one.metrics is None or _is_of(one.metrics, metric)]
        own = _own(about, metric, promise)
        made |= {one.by: None for one in about if one.by is not None and one not in own}
        if not any(one.op != "!=" for one in own):
            continue
        told |= dict.fromkeys(one for one in own if one.threshold is not None)
        spans = promise.possible
        for one in own:
            if one.threshold is not None:
                spans = both(spans, where(one.op, converted(one.threshold, promise)))
        unknown = [one for one in own if one.threshold is None]
        if not unknown:
            sure, perhaps = either(sure, spans), either(perhaps, spans)
            continue
        vague = vague or alert
        if any(one.op in _TOWARDS[promise.op] for one in unknown):
            perhaps = either(perhaps, spans)
    return Firing(sure, perhaps, tuple(told), vague, tuple(made))


def _ways(alerts: Iterable[Alert]) -> Iterator[tuple[Alert, tuple[Comparison, ...]]]:
    for alert in alerts:
        for way in alert.ways if alert.ways is not None else [(one,) for one in alert.comparisons]:
            yield alert, way


def _is_of(metrics: frozenset[str], metric: str | None) -> bool:
    """Whether a metric's own value is among these; how often a histogram has counted is none of its values."""
    return metric is None or any(metric + ending in metrics for ending in ("", "_total", "_sum", "_bucket"))


def _own(about: Iterable[Comparison], metric: str | None, promise: Target) -> list[Comparison]:
    """The comparisons of the metric's value, or of what the criterion makes of it; others beside them are guards."""
    plain = [one for one in about if one.by is None]
    return plain or [one for one in about if one.by is not None and _as_measured(one.by, one, metric, promise)]


def _as_measured(by: str, one: Comparison, metric: str | None, promise: Target) -> bool:
    source = promise.criterion.source
    if source is not None and source.query is not None and re.search(rf"\b{re.escape(by)}\b", source.query):
        return True
    return by in _STEADY and any(name.endswith(_COUNTED) for name in one.metrics or (metric or "",))


def converted(threshold: float, promise: Target) -> float:
    """The threshold on the criterion's scale, where one is clearly percent and the other a ratio."""
    whole, number = scale(promise.criterion.unit), promise.number
    if whole == 1 and 0 <= number <= 1 and (1 < threshold <= 100 or threshold == _rounded(number * 100) == 1):
        return _rounded(threshold / 100)
    # Of percent, 0.5 may be meant: only where it would be absurd, or is just the target, is it taken for a ratio.
    ratio = promise.op in (">=", ">") or _rounded(threshold * 100) == number
    return _rounded(threshold * 100) if whole == 100 and number > 1 >= threshold > 0 and ratio else threshold


def _rounded(number: float) -> float:
    return round(number, 12)


def able_to_fire(one: Watched, alert: Alert) -> bool:
    """Whether an alert can fire for what its signal watches, as far as that can be told (MON003)."""
    return not alert.faults and not silent(one, alert) and odd(one, alert) is None


def silent(one: Watched, alert: Alert) -> bool:
    """Whether an alert asks nothing of what its signal watches: of the metric's value, where that is what counts."""
    metric = one.signal.metric
    if not alert.comparisons:
        return one.measured or not alert.absent
    if not one.measured or metric is None or not holds(alert.absent, metric):
        return False
    return not any(each.metrics is None or holds(each.metrics, metric) for each in alert.comparisons)


def odd(one: Watched, alert: Alert) -> str | None:
    """Why an alert that compares its metric fires never or always, by what its criterion's unit can be at all.

    In words that fit behind its name, with what to write; None where it does neither.
    """
    metric, promise = one.signal.metric, target(one.criterion)
    if promise is None or scale(promise.criterion.unit) is None:
        return None
    found = fires_on([alert], metric, promise)
    if any(name.endswith(_COUNTED) for each in found.told for name in each.metrics or (metric or "",)):
        return None  # a counter is of another unit, and what stands beside it is not known
    unit, asked = quote(promise.criterion.unit), listed(found.told)
    write = f"hold it against the target of {quote(promise.criterion.id)}, {figure(promise.number)}"
    if found.impossible:
        return f"can never fire, since nothing of the unit {unit} is {asked}: {write}"
    if found.sure and covers(found.sure, promise.possible):
        return f"fires always, since all of the unit {unit} is {asked}: {write}"
    return None


def listed(comparisons: Iterable[Comparison]) -> str:
    """Comparisons as people read them, each once."""
    said = [f"{one.op} {figure(one.threshold)}" for one in comparisons if one.threshold is not None]
    return " and ".join(map(quote, dict.fromkeys(said)))
