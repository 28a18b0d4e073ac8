"""A Datadog monitor's query: what it watches and what it compares ("Query types" of the API's "Create a monitor").

A query is told by its form, not by the monitor's `type`: metric queries, checks, and searches of logs and the like.
"""

import re
from dataclasses import dataclass

from rules.evidence.monitoring import Comparison
from rules.evidence.spans import Op

MAX_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Query:
    """What a query says. `threshold` is the number at its end, whatever it is held against.

    `fault` says why Datadog can't run it, `unclear` why its metrics can't be told; both fit behind the monitor's name.
    `unread`: the fault is that it can't be parsed.
    `parts` are the ids of the monitors that a composite one stands on.
    """

    metrics: frozenset[str] = frozenset()
    comparisons: tuple[Comparison, ...] = ()
    threshold: float | None = None
    fault: str | None = None
    unread: bool = False
    unclear: str | None = None
    parts: tuple[str, ...] = ()


_CHECK = re.compile(r'\s*"([^"]{1,300})"\s*\.over\(')
_SEARCH = re.compile(r"\s*([a-z][a-z-]{2,40})\(", re.ASCII)
_MEASURE = re.compile(r"\.rollup\(\s*[\"']\w{1,30}[\"']\s*,\s*[\"']([^\"']{1,200})[\"']")
_END = re.compile(
    r"(>=|<=|==|!=|>|<)\s{0,20}([+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?)"
    r"\s{0,20}(?:by\s{0,20}\{[^{}]{0,500}\})?\s{0,20}$"
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_METRIC = re.compile(r"(?<![\w.])([A-Za-z][\w.]{0,250})\{[^{}]*\}", re.ASCII)
# What compares a metric with itself or with what it was expected to be.
_CHANGING = re.compile(
    r"\b(?:anomalies|forecast|outliers|change|pct_change|diff|derivative|per_\w+|\w+_before)\(", re.ASCII
)
_SCALED = re.compile(r"([*/])\s?(\d{1,20}(?:\.\d{0,20})?)\s?\)?$", re.ASCII)
_SEARCHES = re.compile(
    r"logs|events|rum|audits|spans|trace-analytics|ci-pipelines|ci-tests|processes|error-tracking(?:-\w+)?"
    r"|database-monitoring|network-performance|network-path|cost|product-analytics|llm-observability",
    re.ASCII,
)
_SLOS = frozenset({"error_budget", "burn_rate"})


def read(text: str, *, written_later: bool) -> Query:
    """What a query says; `written_later`: parts of its text are not known yet, as those of a Terraform variable."""
    if len(text) > MAX_LENGTH:
        return Query(unclear=f"has a query of more than {MAX_LENGTH} characters, which is not read")
    if check := _CHECK.match(text):
        return Query(frozenset({check.group(1)}), (Comparison(">=", None),))
    if ids := _composite(text):
        return Query(parts=ids)
    bare = _QUOTED.sub('""', text)
    end = _END.search(text)
    if end and _balanced(bare):
        return _compared(text, bare, end.group(1), float(end.group(2)))
    if written_later or "{{" in text or "${" in text:
        return Query(_metrics(bare), unclear="has a query that is known only once its template is filled in")
    why = "a bracket that is not closed: close it" if end else "no comparison: end it with one, such as `> 0.9`"
    metrics = frozenset[str]() if end else _metrics(bare)
    return Query(metrics, fault=f"has a query with {why}", unread=not metrics)


def _compared(text: str, bare: str, op: str, threshold: float) -> Query:
    head = _SEARCH.match(text)
    kind = head.group(1) if head else ""
    if _SEARCHES.fullmatch(kind):
        measure = _MEASURE.search(text)
        names = frozenset({measure.group(1), measure.group(1).lstrip("@")}) if measure else frozenset[str]()
        why = None if measure else f"counts what a search of {kind} finds, which is no metric"
        return Query(names, (_comparison(op, threshold),), threshold, unclear=why)
    if any(bare.lstrip().startswith(f"{name}(") for name in _SLOS):
        why = "stands on an SLO by its id, whose metrics are not known here"
        return Query(comparisons=(_comparison(op, threshold),), threshold=threshold, unclear=why)
    metrics = _metrics(bare)
    if not metrics:
        return Query(
            comparisons=(_comparison(op, threshold),),
            threshold=threshold,
            unclear="has a query in which no metric is found",
        )
    return Query(metrics, (_comparison(op, _own(_END.sub("", bare), threshold)),), threshold)


def _own(left: str, threshold: float) -> float | None:
    """The threshold as it is beside the metric's own value, or a ratio; None where the query makes something else."""
    shape = re.sub(r"\{[^{}]*\}", "", _METRIC.sub("M", left)).strip()
    worked = re.sub(r"\([^()]*\)\s?:", "", shape)
    if _CHANGING.search(shape) or re.search(r"[-+]|\d\s?\*", worked):
        return None
    scaled = _SCALED.search(worked)
    if scaled is None:
        return threshold
    factor = float(scaled.group(2))
    if shape.count("M") > 1 or not factor:
        return None
    return float(f"{threshold / factor if scaled.group(1) == '*' else threshold * factor:.12g}")


def _comparison(op: str, threshold: float | None) -> Comparison:
    operators: dict[str, Op] = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "==", "!=": "!="}
    return Comparison(operators[op], threshold)


def _metrics(bare: str) -> frozenset[str]:
    return frozenset(_METRIC.findall(bare)) - {"by"}


_COMPOSITE = re.compile(r"(?:[\s()!|&\d]|\$\{\s*datadog_monitor\.[\w.\[\]\"-]{1,200}\s*\})+", re.ASCII)
_PART = re.compile(r"\d+|datadog_monitor\.([\w-]+)", re.ASCII)


def _composite(text: str) -> tuple[str, ...]:
    if not _COMPOSITE.fullmatch(text):
        return ()
    return tuple(dict.fromkeys(match.group(1) or match.group() for match in _PART.finditer(text)))


def _balanced(bare: str) -> bool:
    depth: list[str] = []
    for character in bare:
        if character in "({[":
            depth.append({"(": ")", "{": "}", "[": "]"}[character])
        elif character in ")}]" and (not depth or depth.pop() != character):
            return False
    return not depth
