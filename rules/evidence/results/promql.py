"""Whether PromQL parses and yields a number: what the query itself shows, before any server is asked."""

import re
from math import isfinite
from typing import Any

from rules.evidence.comparison import satisfies, shown
from rules.policy import Criterion
from rules.values import quote

_LONGEST = 10_000
_MOST = 200
_SILENT = re.compile(r"""#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`""", re.S)
_NESTING = re.compile(r"[-+*/%^(=<>!]|\b(?:and|or|unless|atan2)\b", re.I)


def readable(query: str) -> bool:
    """Whether the parser can be trusted with a query: it takes quadratic time on nested ones, and dies of deep ones."""
    if len(query) > _LONGEST:
        return False
    return len(_NESTING.findall(_SILENT.sub("", query))) <= _MOST


def unfit(query: str, criterion: Criterion) -> str | None:
    """What is wrong with the query of a criterion, and what to write; None where nothing is. Never raises."""
    if not readable(query):
        return f"the query has more than {_MOST} operators and brackets: write a recording rule and ask for its name"
    import promql_parser  # noqa: PLC0415 - few policies have a query, and a parser is slow to load

    try:
        parsed = promql_parser.parse(query)
    except ValueError as error:
        why = " ".join(str(error).split())
        return f"the query is not PromQL, {quote(why)}: write one that Prometheus takes"
    while isinstance(parsed, promql_parser.ParenExpr):
        parsed = parsed.expr
    if isinstance(parsed, promql_parser.MatrixSelector | promql_parser.SubqueryExpr):
        return "the query yields a range of values, not one: put it in a function, as in `avg_over_time(…[7d])`"
    if isinstance(parsed, promql_parser.StringLiteral):
        return "the query yields text: write one that yields a number"
    return _unmeasured(parsed, criterion)


def _unmeasured(parsed: Any, criterion: Criterion) -> str | None:
    """Why a query measures nothing; None where it does.

    A number that stands in for metrics without samples is harmless where it misses the target.
    """
    from rules.evidence.results.promql_constant import constant, fallback  # noqa: PLC0415 - as above

    if constant(parsed):
        return (
            "the query measures nothing, it yields the same whatever the pilot does: write one of the pilot's metrics"
        )
    instead, op, target = fallback(parsed), criterion.op, criterion.target
    # What is not finite is no value later on either.
    if instead is None or (instead.constant is not None and not isfinite(instead.constant)):
        return None
    ends = (instead.low, instead.high)
    if op is not None and target is not None and not any(satisfies(op, end, target) for end in ends):
        return None
    said = f"yields {shown(ends[0])}" if ends[0] == ends[1] else "yields a number"
    return (
        f"the query {said} where nothing is measured: leave out what stands in for the metrics, or write `and on()` and"
        " a metric behind it that is there whenever the pilot runs"
    )
