"""When a Grafana alert rule fires: its queries and expressions, from the one that `condition` names backwards.

A rule fires for every series of its condition whose value is not zero ("Queries and conditions" in its documentation).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.evidence.hcl import Template
from rules.evidence.loading import Broken, Opaque, json_value, listing, mapping, number
from rules.evidence.monitoring import Comparison, Ways
from rules.evidence.monitoring import grafana_math as math
from rules.evidence.monitoring.grafana_queries import Watched, watched
from rules.evidence.monitoring.grafana_ways import asked_by, held, ways_of
from rules.evidence.monitoring.promql_reading import MOST
from rules.evidence.monitoring.promql_text import Parser
from rules.evidence.monitoring.promql_values import ANY, Value
from rules.evidence.monitoring.promql_ways import WHENEVER, any_of, every
from rules.evidence.spans import Op
from rules.values import quote

MAX_LEVELS = 50
_EXPRESSIONS = frozenset({"math", "reduce", "resample", "threshold", "classic_conditions", "sql"})
# Reducers whose result is of the same size as what they reduce.
_KEEPING = frozenset({"", "last", "mean", "avg", "min", "max", "median"})
_COUNTED = Value(blended=True)
# `threshold` has `gte` where `classic_conditions` has `ge`.
_EVALUATORS: dict[str, tuple[Op, ...]] = {
    "gt": (">",),
    "lt": ("<",),
    "eq": ("==",),
    "ne": ("!=",),
    "ge": (">=",),
    "gte": (">=",),
    "le": ("<=",),
    "lte": ("<=",),
    "within_range": (">", "<"),
    "outside_range": ("<", ">"),
    "within_range_included": (">=", "<="),
    "outside_range_included": ("<=", ">="),
}


@dataclass(frozen=True, slots=True)
class Firing:
    """What a rule fires on; the names are those of `Alert`."""

    metrics: frozenset[str]
    comparisons: tuple[Comparison, ...]
    ways: Ways | None
    absent: frozenset[str]
    faults: tuple[str, ...]
    unread: str | None
    unclear: str | None


def firing(condition: object, data: Sequence[Any], parser: Parser) -> Firing:
    """What a rule with this condition and these queries fires on."""
    return _Rule(data, parser).fires(condition)


class _Rule:
    def __init__(self, data: Sequence[Any], parser: Parser) -> None:
        self.parser = parser
        self.queries: dict[str, Mapping[Any, Any]] = {}
        self.models: dict[str, Mapping[Any, Any]] = {}
        self.known: dict[str, Watched] = {}
        self.faults: list[str] = []
        self.unread: list[str] = []
        self.unclear: list[str] = []
        for one in data:
            query = mapping(one)
            model = self._model(query.get("model"))
            name = query.get("refId", model.get("refId"))
            if isinstance(name, str):
                self.queries[name], self.models[name] = query, model

    def _model(self, model: Any) -> Mapping[Any, Any]:
        if not isinstance(model, str):
            return mapping(model)
        try:
            return mapping(json_value(model))
        except (Broken, Opaque) as error:
            if isinstance(model, Template):
                self.unclear.append("has a query that is known only once Terraform runs")
            else:
                self.unread.append(f"has a `model` that {error}: correct it")
                self.faults += self.unread[-1:]
            return {}

    def fires(self, condition: object) -> Firing:
        if not isinstance(condition, str) or not condition:
            self.faults.append("has no condition: write the `refId` of one of its queries")
            found = Watched()
        elif isinstance(condition, Template):
            self.unclear.append("has a condition that is known only once Terraform runs")
            found = Watched()
        else:
            found = self._of(condition, "condition", ())
            self._judge(condition, found)
        return Firing(
            found.metrics,
            tuple(dict.fromkeys(found.comparisons)),
            found.ways,
            found.absent,
            tuple(dict.fromkeys(self.faults)),
            next(iter(self.unread), None),
            next(iter(self.unclear), None),
        )

    def _judge(self, condition: str, found: Watched) -> None:
        if self.faults or found.compared:
            asked = [(one.op, one.threshold) for one in found.comparisons]
            straight = found.compared and found.value.scale == 1 and asked == [("==", 0.0)]
            if straight and not self._is_expression(condition):
                self.faults.append(
                    "can never fire, as its query gives 0 where it holds, which Grafana takes for normal:"
                    " write `== bool 0`"
                )
        elif found.compared is None:
            self.unclear.append("has a query whose comparison can't be told, as it is not PromQL")
        else:
            self.faults.append("compares with nothing: add a threshold, and name it in `condition`")

    def _is_expression(self, name: str) -> bool:
        return self._kind(name) in _EXPRESSIONS - {"reduce", "resample"}

    def _kind(self, name: str) -> str:
        query, model = self.queries[name], self.models[name]
        uids = (query.get("datasourceUid"), mapping(model.get("datasource")).get("uid"))
        expression = any(uid in ("__expr__", "-100", -100) for uid in uids)
        kind = model.get("type")
        return kind if expression and isinstance(kind, str) else ""

    def _of(self, name: str, by: str, trail: tuple[str, ...]) -> Watched:
        if name not in self.queries:
            self.faults.append(f"names {quote(name)} in its {by}, which is no `refId` of its queries: correct it")
            return Watched(compared=False)
        if name in trail:
            self.faults.append(f"has the query {quote(name)}, which stands on itself: take that out")
            return Watched(compared=False)
        if len(trail) > MAX_LEVELS:
            self.unclear.append("has expressions that stand on each other too deep to be read")
            return Watched()
        if name not in self.known:
            kind = self._kind(name)
            read = getattr(self, f"_{kind}") if kind in _EXPRESSIONS else self._data
            self.known[name] = read(name, self.models[name], (*trail, name))
        return self.known[name]

    def _data(self, _: str, model: Mapping[Any, Any], __: tuple[str, ...]) -> Watched:
        kind = mapping(model.get("datasource")).get("type")
        found = watched(model, kind if isinstance(kind, str) else "", self.parser)
        self.faults += [found.fault] if found.fault else []
        self.unread += [found.fault] if found.fault and found.unread else []
        self.unclear += [found.unclear] if found.unclear else []
        return found

    def _inner(self, name: str, model: Mapping[Any, Any], trail: tuple[str, ...]) -> Watched:
        text = model.get("expression")
        if not isinstance(text, str) or not text.strip():
            self.faults.append(f"has the expression {quote(name)}, which stands on nothing: write its `expression`")
            return Watched(compared=False)
        return self._of(text.strip().removeprefix("$").strip("{}"), f"expression {quote(name)}", trail)

    def _reduce(self, name: str, model: Mapping[Any, Any], trail: tuple[str, ...]) -> Watched:
        found = self._inner(name, model, trail)
        return found if str(model.get("reducer", "")) in _KEEPING else replace(found, value=_COUNTED)

    def _resample(self, name: str, model: Mapping[Any, Any], trail: tuple[str, ...]) -> Watched:
        return self._inner(name, model, trail)

    def _sql(self, *_: object) -> Watched:
        self.unclear.append("has an expression in SQL, which is not read")
        return Watched()

    def _threshold(self, name: str, model: Mapping[Any, Any], trail: tuple[str, ...]) -> Watched:
        found = self._inner(name, model, trail)
        evaluator = mapping(mapping(next(iter(listing(model.get("conditions"))), None)).get("evaluator"))
        return self._evaluated(found, evaluator, ordered=True)

    def _evaluated(self, found: Watched, evaluator: Mapping[Any, Any], *, ordered: bool) -> Watched:
        operators = _EVALUATORS.get(str(evaluator.get("type")))
        if any(isinstance(one, Template) for one in (evaluator.get("params"), *listing(evaluator.get("params")))):
            self.unclear.append("has a threshold that is known only once Terraform runs")
            unknown = tuple(held(found.value, op, None) for op in operators or ())
            return found if found.compared else replace(found, comparisons=unknown, ways=None, compared=True)
        limits = [number(one) for one in listing(evaluator.get("params"))]
        if operators is None or len([one for one in limits[: len(operators)] if one is not None]) < len(operators):
            self.faults.append("has a threshold without a number: write its `evaluator` with `type` and `params`")
            return replace(found, compared=True)
        pairs = [(op, limit) for op, limit in zip(operators, limits, strict=False) if limit is not None]
        if len(pairs) == 2 and pairs[0][1] > pairs[1][1]:
            if ordered and "within" in str(evaluator.get("type")):
                self.faults.append("can never fire, as its range ends before it begins: write the smaller number first")
            pairs = [(pairs[0][0], pairs[1][1]), (pairs[1][0], pairs[0][1])]
        if found.compared:
            return found
        made = tuple(held(found.value, op, limit) for op, limit in pairs)
        within = "within" in str(evaluator.get("type"))
        ways = (made,) if within else tuple((one,) for one in made)
        return replace(found, comparisons=made, ways=ways, value=ANY, compared=True)

    def _classic_conditions(self, name: str, model: Mapping[Any, Any], trail: tuple[str, ...]) -> Watched:
        made: list[Watched] = []
        ways: Ways | None = None
        for one in listing(model.get("conditions")):
            condition = mapping(one)
            ref = next(iter(listing(mapping(condition.get("query")).get("params"))), None)
            evaluator = mapping(condition.get("evaluator"))
            found = self._of(str(ref), f"expression {quote(name)}", trail)
            if str(mapping(condition.get("reducer")).get("type", "")) not in _KEEPING:
                found = replace(found, value=_COUNTED)
            if evaluator.get("type") == "no_value":
                found = replace(found, absent=found.metrics, comparisons=(), ways=WHENEVER, compared=True)
            else:
                found = self._evaluated(found, evaluator, ordered=False)
            joined = any_of if mapping(condition.get("operator")).get("type") == "or" else every
            ways = joined(ways, found.ways) if made else found.ways
            made.append(found)
        return replace(_together(made, compared=bool(made)), ways=ways)

    def _math(self, name: str, model: Mapping[Any, Any], trail: tuple[str, ...]) -> Watched:
        text = model.get("expression")
        if not isinstance(text, str) or isinstance(text, Template):
            if text is not None:
                self.unclear.append("has an expression that is known only once Terraform runs")
                return Watched()
            text = ""
        try:
            tree = math.parsed(text)
        except math.NoMath as error:
            self.faults.append(f"has the expression {quote(name)}, which {error}: correct it")
            return Watched(compared=False)
        always = math.constant(tree)
        if always is not None:
            what = "fires always" if always else "can never fire"
            self.faults.append(f"{what}, as {quote(text.strip())} depends on no query: compare one, such as `$A > 0.9`")
        inner = {ref: self._of(ref, f"expression {quote(name)}", trail) for ref in sorted(math.refs(tree))}
        return self._worked(tree, inner)

    def _worked(self, tree: math.Node, inner: Mapping[str, Watched]) -> Watched:
        whole = _together(list(inner.values()), compared=False)
        known = {ref: found.value for ref, found in inner.items()}
        if tree.what == "ref":
            return inner[tree.name]
        compared = list(math.comparisons(tree))
        made = asked_by(compared, inner, known)
        spoken = frozenset[str]().union(*(one.refs for one in compared))
        made += [comparison for ref, found in inner.items() if ref not in spoken for comparison in found.comparisons]
        tested = bool(compared) or math.tests(tree) or any(found.compared for found in inner.values())
        unseen = None if any(found.compared is None for found in inner.values()) else False
        value = ANY if tested else math.value(tree, known)
        ways = ways_of(tree, inner, known)
        return replace(whole, comparisons=_few(made), ways=ways, value=value, compared=True if tested else unseen)


def _few(comparisons: Iterable[Comparison]) -> tuple[Comparison, ...]:
    return tuple(dict.fromkeys(comparisons))[:MOST]


def _together(found: Sequence[Watched], *, compared: bool) -> Watched:
    return Watched(
        frozenset[str]().union(*(one.metrics for one in found)),
        _few(comparison for one in found for comparison in one.comparisons),
        absent=frozenset[str]().union(*(one.absent for one in found)),
        compared=compared,
    )
