"""What a data query of a Grafana alert rule watches: PromQL by its text, other data sources by their fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.evidence.hcl import Template
from rules.evidence.loading import Broken, Opaque, mapping
from rules.evidence.monitoring import Comparison, Ways
from rules.evidence.monitoring.promql import reading
from rules.evidence.monitoring.promql_reading import Fires, Reading, shortcoming
from rules.evidence.monitoring.promql_text import Parser
from rules.evidence.monitoring.promql_values import ANY, OWN, Value


@dataclass(frozen=True, slots=True)
class Watched:
    """What a query gives.

    `value` is what is known of its numbers, `compared` whether a comparison has made or filtered them already; None
    where that can't be seen. `fault` and `unclear` fit behind the alert's name; `unread`: the fault is that it can't be
    parsed.
    """

    metrics: frozenset[str] = frozenset()
    comparisons: tuple[Comparison, ...] = ()
    ways: Ways | None = None
    absent: frozenset[str] = frozenset()
    value: Value = ANY
    compared: bool | None = None
    fault: str | None = None
    unread: bool = False
    unclear: str | None = None


_MACRO = re.compile(r"\$__(interval|rate_interval|range)(_ms|_s)?\b|\$\{__(interval|rate_interval|range)(_ms|_s)?\}")
_PROMETHEUS = re.compile(r"prometheus|mimir|victoriametrics|cortex|thanos", re.IGNORECASE)
# Where other data sources name a metric: CloudWatch, Azure Monitor, Google's, InfluxDB and others.
_FIELDS = ("metricName", "metric", "measurement", "metricType")
_INNER = ("azureMonitor", "metricQuery", "timeSeriesList")


def watched(model: Mapping[Any, Any], kind: str, parser: Parser) -> Watched:
    """What a query of this model gives; `kind` is the type of its data source, empty where nothing says."""
    text = model.get("expr")
    if isinstance(text, str) and text.strip() and (not kind or _PROMETHEUS.search(kind)):
        return _promql(text, parser, sure=bool(kind))
    names = [inner.get(field) for inner in (model, *(mapping(model.get(key)) for key in _INNER)) for field in _FIELDS]
    named = frozenset(name for name in names if isinstance(name, str) and name and not isinstance(name, Template))
    if named:
        return Watched(named, value=OWN, compared=False)
    return Watched(unclear="has a query whose metrics can't be told, as it is not PromQL")


def _promql(text: str, parser: Parser, *, sure: bool) -> Watched:
    # What Grafana puts in for these is a duration, or a number.
    written = _MACRO.sub(lambda found: "300" if found.group(2) or found.group(4) else "5m", text)
    try:
        found = reading(parser.parse(written), _unrecorded)
    except Opaque as error:
        return Watched(unclear=f"has a query that is not known: {error.reason}")
    except Broken as error:
        if sure:
            return Watched(fault=f"has a query that {error.message}", unread=True)
        return Watched(unclear="has a query that is not PromQL, and of which language is not known here")
    return _read(found)


def _unrecorded(_: str) -> Reading | None:
    return None


def _read(found: Reading) -> Watched:
    if found.fires == Fires.NEVER:
        return Watched(found.metrics, fault=shortcoming(found))
    made = found.truth is not None
    unclear = found.unclear or (None if found.metrics else "it names no metric")
    return Watched(
        found.metrics,
        found.truth if found.truth is not None else found.comparisons,
        (found.truth,) if found.truth is not None else found.ways,
        found.absent,
        ANY if made else found.value,
        made or found.fires == Fires.SOME,
        unclear=f"has a query that is not all known: {unclear}" if unclear else None,
    )
