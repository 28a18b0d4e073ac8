"""What is known of a PromQL expression: when it yields something, of which metrics, by which comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

from rules.evidence.monitoring import Comparison, Ways
from rules.evidence.monitoring.promql_values import ANY, Value, either
from rules.evidence.monitoring.promql_ways import WHENEVER, any_of, denied, every, opposed
from rules.evidence.spans import EVERYTHING, Spans, both
from rules.evidence.spans import either as either_span
from rules.values import quote

MOST = 300
"""How many metrics and comparisons of one expression are followed."""


class Fires(IntEnum):
    """When an expression yields something: never, on a condition, as long as its metrics have samples, or always."""

    NEVER = 0
    SOME = 1
    DATA = 2
    ALWAYS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of an expression.

    `ways` are those in which its comparisons make it yield; None where they are too many. `within`: whenever it yields
    something, the expressions of these texts are among these numbers; `exact`: and whenever that one is, it yields.
    `needs` are the metrics without any of which it yields nothing. `truth`: it is 1 where these comparisons hold and 0
    elsewhere, as `bool` makes it. `otherwise`: the number that it yields where those metrics have no samples.
    `boolean`: something in it compares with `bool`. `why` names the comparison that makes it yield never or always.
    """

    fires: Fires = Fires.ALWAYS
    value: Value = ANY
    metrics: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    comparisons: tuple[Comparison, ...] = ()
    ways: Ways | None = WHENEVER
    absent: frozenset[str] = frozenset()
    within: Mapping[str, Spans] = field(default_factory=dict)
    exact: bool = False
    truth: tuple[Comparison, ...] | None = None
    otherwise: tuple[float, frozenset[str]] | None = None
    scalar: bool = False
    boolean: bool = False
    unclear: str | None = None
    why: str | None = None


def bounded(names: frozenset[str]) -> frozenset[str]:
    """No more of the names than are followed."""
    return names if len(names) <= MOST else frozenset(sorted(names)[:MOST])


def merged(left: Reading, right: Reading, fires: Fires, value: Value) -> Reading:
    """Something made of both, that yields when `fires` says."""
    metrics = left.metrics | right.metrics
    crowded = f"it uses more than {MOST} metrics: alert on one of them" if len(metrics) > MOST else None
    return Reading(
        fires,
        value,
        bounded(metrics),
        bounded(left.needs | right.needs),
        tuple(dict.fromkeys(left.comparisons + right.comparisons))[:MOST],
        every(left.ways, right.ways),
        bounded(left.absent | right.absent),
        scalar=left.scalar and right.scalar,
        unclear=left.unclear or right.unclear or crowded,
        boolean=left.boolean or right.boolean,
        why=left.why or right.why,
    )


def joined(left: Reading, right: Reading, value: Value) -> Reading:
    """Something that needs both."""
    return merged(left, right, min(left.fires, right.fires), value)


def lacking(inner: Reading) -> Reading:
    """Something that is there where this one yields nothing, as `absent` and `unless` have it."""
    fires = {Fires.NEVER: Fires.ALWAYS, Fires.ALWAYS: Fires.NEVER}.get(inner.fires, Fires.SOME)
    result = replace(inner, fires=fires, comparisons=(), absent=frozenset(), needs=frozenset(), truth=None)
    result = replace(result, otherwise=None, scalar=False, ways=WHENEVER, within={}, exact=False)
    if fires != Fires.SOME:
        return result
    if inner.absent and not inner.comparisons:
        return replace(result, fires=Fires.DATA, needs=inner.absent)
    ways = any_of(denied(inner.ways), WHENEVER)
    return replace(result, comparisons=tuple(map(opposed, inner.comparisons)), ways=ways, absent=inner.needs)


def either_of(left: Reading, right: Reading, *, matched: bool = False) -> Reading:
    """What `or` makes of two. `matched`: by some labels alone."""
    result = merged(left, right, max(left.fires, right.fires), either(left.value, right.value))
    within = {text: either_span(left.within[text], right.within[text]) for text in left.within if text in right.within}
    exact = left.exact and right.exact and not matched and left.within.keys() == right.within.keys()
    result = replace(
        result, needs=left.needs & right.needs, ways=any_of(left.ways, right.ways), within=within, exact=exact
    )
    if exact and EVERYTHING in within.values():
        return replace(result, fires=max(result.fires, Fires.DATA), why=f"no value of {quote(min(within))} is left out")
    number = right.value.constant
    if left.fires == Fires.DATA and right.fires == Fires.ALWAYS and number is not None and not right.metrics:
        return replace(result, otherwise=(number, left.needs))
    return result


def together(left: Reading, right: Reading, text: str) -> Reading:
    """What `and` makes of two whose series match by all their labels; `text` is what people see of it."""
    shared = {one: both(left.within[one], right.within[one]) for one in left.within if one in right.within}
    exact = left.exact and right.exact and left.within.keys() == right.within.keys()
    result = replace(joined(left, right, left.value), within={**left.within, **right.within, **shared}, exact=exact)
    if () in shared.values():
        return replace(result, fires=Fires.NEVER, why=f"{quote(text)} is never true")
    return result


def unless(left: Reading, right: Reading, alike: bool, bare: bool) -> Reading:
    """What `unless` makes of two.

    `alike`: both sides say the same. `bare`: no label is compared, so that anything on the right takes all away.
    """
    if alike or (bare and right.fires == Fires.ALWAYS):
        return replace(left, fires=Fires.NEVER, why=left.why or "what stands behind `unless` is always there")
    away = lacking(right)
    if away.fires == Fires.NEVER:
        return replace(left, metrics=bounded(left.metrics | right.metrics))
    result = replace(joined(left, away, left.value), within=left.within)
    # Where the left side asks for more, it takes more than an absence for the whole to fire.
    absent = away.absent - left.metrics if left.fires >= Fires.DATA else frozenset()
    result = replace(result, absent=left.absent | absent, needs=left.needs, why=left.why)
    if result.fires == Fires.SOME and not result.comparisons and not result.absent:
        # It tells a metric's series from each other, as `x unless x offset 1d` does.
        differs = Comparison("!=", None)
        return replace(result, comparisons=(differs,), ways=((differs,),))
    return result


def shortcoming(found: Reading) -> str | None:
    """Why an alert with this expression can't fire or fires always, and what to write; None where it is neither."""
    if found.fires == Fires.SOME:
        return None
    if found.fires == Fires.NEVER:
        counted = ", and `count` of nothing is nothing" if found.why and "count" in found.why else ""
        said = f": {found.why}{counted}" if found.why else ""
        return f"can never fire{said}: write a comparison that can be true, or `absent(…)` for a metric that is gone"
    if found.fires == Fires.ALWAYS:
        said = found.why or "its expression yields a value whatever the metrics say"
        return f"fires always, since {said}: write a comparison, as in `accuracy < 0.9`"
    metric = min(found.needs or found.metrics, default="")
    name = quote(metric) if metric else "its metric"
    if found.why:
        return f"fires as long as {name} has samples, since {found.why}: compare with a number that can be crossed"
    compared = "`bool` filters nothing" if found.boolean else "it compares nothing"
    return f"fires as long as {name} has samples, since {compared}: write a comparison, as in `{metric or 'x'} < 0.9`"
