"""What the comparisons of a Grafana alert rule ask of the metrics behind its queries, and how they belong together."""

from collections.abc import Iterable, Mapping

from rules.evidence.monitoring import Comparison, Ways
from rules.evidence.monitoring import grafana_math as math
from rules.evidence.monitoring.grafana_queries import Watched
from rules.evidence.monitoring.promql_values import Value, beside
from rules.evidence.monitoring.promql_ways import any_of, every
from rules.evidence.spans import Op


def held(value: Value, op: Op, limit: float | None) -> Comparison:
    """What holding a value against a number asks of its metrics."""
    sign, threshold = (op, None) if limit is None else beside(op, value, limit)
    return Comparison(sign, threshold, value.of or None, value.by)


def asked_by(
    compared: Iterable[math.Compared], inner: Mapping[str, Watched], known: Mapping[str, Value]
) -> list[Comparison]:
    """What comparisons ask of the metrics behind the queries that they speak of."""
    made: list[Comparison] = []
    for one in compared:
        below = [inner[ref] for ref in sorted(one.refs)]
        if any(ref.compared for ref in below):
            made += [comparison for ref in below for comparison in ref.comparisons]
        else:
            made.append(held(math.value(one.side, known), one.op, one.number))
    return made


def ways_of(node: math.Node, inner: Mapping[str, Watched], known: Mapping[str, Value]) -> Ways | None:
    """The ways in which an expression is not zero, of those that are plain; None for the rest."""
    if node.what == "ref":
        return inner[node.name].ways if inner[node.name].compared else None
    if node.what == "operator" and node.name in ("&&", "||"):
        left, right = (ways_of(part, inner, known) for part in node.parts)
        return every(left, right) if node.name == "&&" else any_of(left, right)
    made = asked_by(math.comparisons(node), inner, known)
    return (tuple(made),) if len(made) == 1 else None
