"""Whether PromQL measures anything: what it yields whatever the metrics say, or where none of them has samples."""

from typing import Any

from rules.evidence.monitoring.promql import reading
from rules.evidence.monitoring.promql_values import ANY, KEEPING, Value, called, combined, exactly

_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "^", "atan2"})
_NAN = exactly(float("nan"))


def constant(expression: Any) -> bool:
    """Whether an expression that was parsed yields the same number whatever its metrics say, or has no metric."""
    if not _selects(expression):
        return True
    value = reading(expression, lambda _: None).value
    return value.constant is not None or value.scale == 0


def _selects(node: Any) -> bool:
    """Whether a metric stands somewhere in it."""
    kind = type(node).__name__
    if kind in ("VectorSelector", "MatrixSelector"):
        return True
    inner = {"Call": ("args",), "BinaryExpr": ("lhs", "rhs")}.get(kind, ("expr",))
    parts = [getattr(node, name, None) for name in inner]
    return any(_selects(one) for part in parts for one in (part if isinstance(part, list) else [part]) if one)


def fallback(node: Any) -> Value | None:
    """What an expression yields where no metric has samples, as `x or vector(1)` yields 1; None for nothing."""
    kind = type(node).__name__
    found = _KINDS[kind](node) if kind in _KINDS else None
    return found if kind != "UnaryExpr" or found is None else combined("*", exactly(-1.0), found)


def _call(node: Any) -> Value | None:
    name, arguments = node.func.name, [fallback(one) for one in node.args]
    if name in ("absent", "absent_over_time"):
        return exactly(1) if None in arguments else None
    if None in arguments:
        # A scalar is always there, NaN where its vector is not one sample.
        return _NAN if name == "scalar" else None
    return arguments[0] if name == "scalar" else called(name, next(iter(arguments), ANY) or ANY)


def _aggregate(node: Any) -> Value | None:
    inner, name = fallback(node.expr), str(node.op)
    if inner is None or name in KEEPING or name == "sum":
        return inner
    # One sample is what there is.
    return exactly(1) if name in ("count", "group") else called(name, inner)


def _binary(node: Any) -> Value | None:
    left, right, op = fallback(node.lhs), fallback(node.rhs), str(node.op)
    if op == "or":
        return right if left is None else left
    if op == "unless":
        return left if right is None else None
    if left is None or right is None:
        return None
    return combined(op, left, right) if op in _ARITHMETIC else left


_KINDS: dict[str, Any] = {
    "NumberLiteral": lambda node: exactly(node.val),
    "StringLiteral": lambda _: ANY,
    "ParenExpr": lambda node: fallback(node.expr),
    "UnaryExpr": lambda node: fallback(node.expr),
    "SubqueryExpr": lambda node: fallback(node.expr),
    "Call": _call,
    "AggregateExpr": _aggregate,
    "BinaryExpr": _binary,
}
