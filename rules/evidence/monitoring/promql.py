"""What a PromQL expression needs, compares and yields, by Prometheus's documentation of its query language.

Labels are not followed: two vectors are taken to match wherever both have samples.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from rules.evidence.monitoring import Comparison
from rules.evidence.monitoring.promql_compared import alike, bare, bared, compared, matched, text_of
from rules.evidence.monitoring.promql_reading import (
    Fires,
    Reading,
    bounded,
    either_of,
    joined,
    lacking,
    merged,
    together,
    unless,
)
from rules.evidence.monitoring.promql_values import (
    ANY,
    KEEPING,
    NEGATED,
    OWN,
    Value,
    called,
    combined,
    exactly,
    recorded_as,
)
from rules.evidence.monitoring.re2 import pattern
from rules.evidence.monitoring.re2_syntax import Refused, Unread

Recorded = Callable[[str], Reading | None]
"""What a recording rule of this name yields; None where there is none."""


def reading(expression: Any, recorded: Recorded) -> Reading:
    """What an expression that promql-parser has parsed yields. Never raises."""
    return _Walk(recorded).of(expression)


# Labels that say where a series is from, as scraping and its discovery of targets put them.
_PLACES = frozenset({"job", "instance", "namespace", "cluster", "env", "environment", "service", "pod", "container"})


def described(expression: Any) -> bool:
    """Whether it picks series of an info metric by what their labels tell, as `raid_info{state="broken"}` does.

    Such a metric ends in `_info` and is always 1, by OpenMetrics ("Info"): it is compared by its labels alone.
    """
    one = bared(expression)
    if type(one).__name__ != "VectorSelector" or not (one.name or "").endswith("_info"):
        return False
    return any(matcher.name not in _PLACES for matcher in one.matchers.matchers)


def no_vector(expression: Any) -> str | None:
    """What an alert can't be made of, that an expression yields all the same; None for what it can."""
    expression = bared(expression)
    kinds = {"StringLiteral": "text", "MatrixSelector": "a range of values", "SubqueryExpr": "a range of values"}
    return kinds.get(type(expression).__name__)


class _Walk:
    """Reads one expression, whose nesting its parser has bounded."""

    def __init__(self, recorded: Recorded) -> None:
        self.recorded = recorded

    def of(self, expression: Any) -> Reading:
        kind = type(expression).__name__
        found = cast("Reading", getattr(self, f"_{kind}")(expression))
        # What a function makes of series is another one's number.
        return (
            found if kind in ("ParenExpr", "BinaryExpr") or not found.within else replace(found, within={}, exact=False)
        )

    def _NumberLiteral(self, node: Any) -> Reading:  # noqa: N802 - the parser's name for it
        return Reading(value=exactly(node.val), scalar=True)

    def _StringLiteral(self, node: Any) -> Reading:  # noqa: N802, ARG002
        return Reading(scalar=True)

    def _ParenExpr(self, node: Any) -> Reading:  # noqa: N802
        return self.of(node.expr)

    def _SubqueryExpr(self, node: Any) -> Reading:  # noqa: N802
        return replace(self.of(node.expr), truth=None, otherwise=None)

    def _MatrixSelector(self, node: Any) -> Reading:  # noqa: N802
        return self._VectorSelector(node.vector_selector)

    def _UnaryExpr(self, node: Any) -> Reading:  # noqa: N802
        inner = self.of(node.expr)
        return replace(inner, value=combined("*", exactly(-1.0), inner.value), truth=None, otherwise=None)

    def _VectorSelector(self, node: Any) -> Reading:  # noqa: N802
        names, unclear = _names(node)
        found: Reading | None = None
        for name in sorted(names):
            one = self._named(name)
            found = either_of(found, one) if found else one
        return replace(found or Reading(Fires.DATA, OWN), unclear=unclear or (found.unclear if found else None))

    def _named(self, name: str) -> Reading:
        own = frozenset({name})
        if name in ("ALERTS", "ALERTS_FOR_STATE"):
            # These are there only while an alert is pending or fires.
            firing = Comparison("==", None, own)
            return Reading(Fires.SOME, replace(OWN, of=own), own, own, (firing,), ((firing,),))
        rule = self.recorded(name)
        if rule is None:
            return Reading(Fires.DATA, Value(scale=1.0, of=own), own, own)
        fires = min(rule.fires, Fires.DATA)
        value = recorded_as(name, rule.value)
        both, needs = bounded(rule.metrics | own), bounded(rule.needs | own)
        return replace(rule, fires=fires, value=value, metrics=both, needs=needs, otherwise=None, scalar=False)

    def _AggregateExpr(self, node: Any) -> Reading:  # noqa: N802
        inner = self.of(node.expr)
        name = str(node.op)
        otherwise = inner.otherwise if name in KEEPING else None
        value = called(name, inner.value)
        result = replace(inner, value=value, truth=None, otherwise=otherwise, within={}, exact=False)
        return _beside(result, self.of(node.param)) if node.param is not None else result

    def _Call(self, node: Any) -> Reading:  # noqa: N802
        name = node.func.name
        arguments = [self.of(one) for one in (node.args[:1] if name == "info" else node.args)]
        # The vector that a function works on; what stands beside it are numbers and texts.
        main = next((one for one in arguments if not one.scalar), arguments[0] if arguments else Reading())
        if name in ("absent", "absent_over_time"):
            return replace(lacking(main), value=called(name, main.value))
        value, scalar = called(name, main.value), str(node.func.return_type).endswith("Scalar")
        result = replace(main, value=value, truth=None, otherwise=None, within={}, exact=False, scalar=scalar)
        if name == "scalar":
            # A scalar is always there: it is NaN where its vector is not one sample.
            unknown = replace(ANY, of=main.value.of, by=main.value.by)
            result = replace(result, fires=Fires.ALWAYS, value=main.value if main.fires == Fires.ALWAYS else unknown)
        for one in arguments:
            result = _beside(result, one) if one is not main else result
        return _clamped(name, result, arguments)

    def _BinaryExpr(self, node: Any) -> Reading:  # noqa: N802
        left, right, op = self.of(node.lhs), self.of(node.rhs), str(node.op)
        if op == "and":
            if matched(node):
                return replace(joined(left, right, left.value), within=left.within)
            return together(left, right, text_of(node))
        if op == "or":
            return either_of(left, right, matched=matched(node))
        if op == "unless":
            return unless(left, right, alike(node), bare(node))
        if op in NEGATED:
            return compared(node, op, left, right)
        value = combined(op, left.value, right.value)
        if op in ("+", "-") and left.metrics and right.metrics:
            value = replace(value, blended=True)
        return joined(left, right, value)


def _beside(main: Reading, other: Reading) -> Reading:
    """A function's vector with the numbers beside it, which take nothing from when it yields something."""
    both = merged(main, other, main.fires, main.value)
    return replace(both, needs=main.needs, scalar=main.scalar, truth=main.truth, otherwise=main.otherwise)


def _clamped(name: str, result: Reading, arguments: list[Reading]) -> Reading:
    numbers = [one.value.constant for one in arguments[1:]]
    if not name.startswith("clamp") or None in numbers or len(numbers) < 1:
        return result
    low = numbers[0] if name != "clamp_max" else None
    high = numbers[-1] if name != "clamp_min" else None
    inner = arguments[0].value
    lowest = inner.low if low is None else max(inner.low, low)
    highest = inner.high if high is None else min(inner.high, high)
    if lowest > highest:
        return result
    return replace(result, value=replace(inner, low=lowest, high=highest))


def _names(node: Any) -> tuple[frozenset[str], str | None]:
    """The metrics that a selector means, and why they can't all be told."""
    if node.name is not None:
        return frozenset({node.name}), None
    every = list(node.matchers.matchers)
    words: frozenset[str] | None = None
    for one in every if not node.matchers.or_matchers else []:
        if one.name == "__name__" and str(one.op).endswith((".Equal", ".Re")):
            found = frozenset({one.value}) if str(one.op).endswith(".Equal") else _meant(one.value)
            words = words if found is None else found if words is None else words & found
    if words is None:
        return frozenset(), "one of its selectors names no metric: write the metric's name before the braces"
    return frozenset(filter(None, words)), None


def _meant(text: str) -> frozenset[str] | None:
    try:
        return pattern(text).words
    except (Refused, Unread):
        return None
