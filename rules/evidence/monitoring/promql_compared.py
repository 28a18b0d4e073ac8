"""What a comparison of PromQL asks of the metrics in it, and what it lets through."""

from dataclasses import replace
from typing import Any, cast

from rules.evidence.monitoring import Comparison
from rules.evidence.monitoring.promql_reading import MOST, Fires, Reading, bounded, joined
from rules.evidence.monitoring.promql_values import MIRRORED, Value, beside, decided, exactly, filtered, holds
from rules.evidence.monitoring.promql_ways import every, opposed
from rules.evidence.spans import Op, where
from rules.values import quote


def bared(expression: Any) -> Any:
    """The expression without the brackets around it."""
    while type(expression).__name__ == "ParenExpr":
        expression = expression.expr
    return expression


def compared(node: Any, op: str, left: Reading, right: Reading) -> Reading:
    """What a comparison of two yields."""
    sign = cast("Op", op)
    verdict = True if alike(node) and sign in ("==", ">=", "<=") else decided(sign, left.value, right.value)
    verdict = False if verdict is None and alike(node) else verdict
    if verdict is not None and node.modifier is not None and node.modifier.return_bool:
        return replace(joined(left, right, exactly(float(verdict))), boolean=True)
    found, absent = ((), frozenset[str]()) if verdict is not None else _asked(sign, left, right)
    if node.modifier is not None and node.modifier.return_bool:
        value = Value(0, 1, of=left.value.of | right.value.of, by="bool")
        return replace(joined(left, right, value), truth=found, boolean=True)
    kept = right if left.scalar and not right.scalar else left
    result = joined(left, right, kept.value)
    if verdict is None:
        return replace(
            result,
            fires=min(result.fires, Fires.SOME),
            comparisons=tuple(dict.fromkeys(result.comparisons + found))[:MOST],
            ways=every(result.ways, (found,)),
            absent=bounded(result.absent | absent),
            **_narrowed(node, sign, left, right),
        )
    text = quote(text_of(node))
    why = f"{text} is always true" if verdict else f"{text} is never true"
    return replace(result, fires=result.fires if verdict else Fires.NEVER, why=why)


def _asked(op: Op, left: Reading, right: Reading) -> tuple[tuple[Comparison, ...], frozenset[str]]:
    """What a comparison asks of the metrics, and those whose absence makes it true."""
    if left.value.constant is not None and right.value.constant is None:
        return _asked(MIRRORED[op], right, left)
    number = right.value.constant
    if number is None:
        sides = ((op, left), (MIRRORED[op], right))
        made = tuple(Comparison(sign, None, _whose(side)) for sign, side in sides if side.metrics)
        return made or (Comparison(op, None, frozenset()),), frozenset()
    if not (left.metrics or left.value.scale):
        return (Comparison(op, None, frozenset()),), frozenset()
    if left.truth is not None and holds(op, 1, number) != holds(op, 0, number):
        return (left.truth if holds(op, 1, number) else tuple(map(opposed, left.truth))), frozenset()
    absent = frozenset[str]()
    if left.otherwise is not None and holds(op, left.otherwise[0], number):
        absent = left.otherwise[1]
    sign, threshold = beside(op, left.value, number)
    made = (Comparison(sign, threshold, _whose(left), left.value.by),)
    if left.value.behind:
        made += tuple(Comparison(one, None, left.value.behind) for one in (sign, MIRRORED[sign]))
    return made, absent


def _whose(side: Reading) -> frozenset[str]:
    """The metrics whose value stands on a side of a comparison."""
    return side.value.of or (side.metrics - side.value.behind)


def _narrowed(node: Any, op: Op, left: Reading, right: Reading) -> dict[str, Any]:
    """What is known of the numbers that a comparison with a number lets through."""
    side, one, number = (node.lhs, left, right.value.constant)
    if left.value.constant is not None:
        side, one, op, number = node.rhs, right, MIRRORED[op], left.value.constant
    if number is None or not one.metrics:
        return {}
    exact = one.fires == Fires.DATA and not one.comparisons
    known = {"within": {text_of(bared(side)): where(op, number)}, "exact": exact}
    # A number that is made a vector stays what is seen of the comparison: `vector(1) < x` yields 1.
    seen = one is left or left.scalar
    return {**known, "value": filtered(op, one.value, number)} if seen else known


def text_of(node: Any) -> str:
    """An expression as people read it."""
    return " ".join(node.prettify().split())


def matched(node: Any) -> bool:
    """Whether its two sides match by some of their labels alone, or by none."""
    return node.modifier is not None and node.modifier.matching is not None


def alike(node: Any) -> bool:
    """Whether both sides say the same."""
    left, right = node.lhs, node.rhs
    if type(left) is not type(right) or type(left).__name__ == "NumberLiteral":
        return False
    return bool(left.prettify() == right.prettify())


def bare(node: Any) -> bool:
    """Whether its two sides match by no label at all."""
    matching = node.modifier.matching if node.modifier is not None else None
    return matching is not None and str(matching.type).endswith("Include") and not matching.labels
