"""Which metrics a CloudWatch alarm watches: `MetricName`, or `Metrics` with metric math and Metrics Insights."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.evidence.cloudformation import Reference
from rules.evidence.hcl import Template
from rules.evidence.loading import listing, mapping, truth
from rules.values import quote


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics' names. `plain`: the threshold is held against their value, or a ratio.

    `faults` say why CloudWatch refuses this; `later`: some of it is known only once it runs.
    """

    names: frozenset[str]
    plain: bool
    faults: tuple[str, ...] = ()
    later: bool = False


def watched(properties: Mapping[Any, Any]) -> Metrics:
    """What an alarm of these properties watches."""
    queries = properties.get("Metrics")
    if isinstance(queries, Template | Reference):
        return Metrics(frozenset(), False, later=True)
    if listing(queries):
        return _Math(listing(queries), properties.get("ThresholdMetricId")).metrics()
    name = properties.get("MetricName")
    if isinstance(name, Template | Reference | Mapping):
        return Metrics(frozenset(), True, later=True)
    if name is None or name == "":
        return Metrics(frozenset(), False, ("watches no metric: write its name and its namespace",))
    return Metrics(frozenset({str(name)}), properties.get("Statistic") != "SampleCount")


_WORD = re.compile(r"(?<![\w.])([a-z]\w*)(?![\w(])", re.ASCII)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_INSIGHTS = re.compile(r"\s*SELECT\s+\w{1,20}\s*\(\s*(?:\"([^\"]{1,255})\"|([\w.-]{1,255}))\s*\)", re.IGNORECASE)
_SAME = re.compile(r"\s*(?:FILL\s*\(\s*([a-z]\w*)\s*,[^()]*\)|([a-z]\w*))\s*", re.ASCII)
_RATIO = re.compile(r"[\s()]*[a-z]\w*[\s()]*(?:/[\s()]*[a-z]\w*[\s()]*)+", re.ASCII)
_FILLED = re.compile(r"FILL\s{0,9}\(\s{0,9}([a-z]\w*)\s{0,9},[^(),]*\)", re.ASCII)


class _Math:
    """Queries that build on each other by their ids."""

    def __init__(self, queries: list[Any], band: Any) -> None:
        self.queries = {str(mapping(query).get("Id")): mapping(query) for query in queries}
        self.band = band
        self.names: set[str] = set()
        self.faults: list[str] = []
        self.later = any(not isinstance(query, Mapping) for query in queries)

    def metrics(self) -> Metrics:
        """Those that the query which returns the data builds on."""
        returned = [name for name, query in self.queries.items() if truth(query.get("ReturnData")) is not False]
        if isinstance(self.band, str) and self.band not in self.queries and not isinstance(self.band, Template):
            self.faults.append(f"holds against {quote(self.band)}, which is no `Id` of its metrics: correct it")
        # With a band, the query and its band both return.
        alone = [name for name in returned if name != self.band] if self.band else returned
        if not self.later and not (len(alone) == 1 or (self.band and len(alone) == 0)):
            what = "more than one of its metrics returns" if alone else "none of its metrics returns"
            self.faults.append(f"is refused, as {what} data: leave `ReturnData` true for the one that is compared")
        seen: set[str] = set()
        waiting = list(returned)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += self._follow(self.queries[name])
        plain = len(alone) == 1 and not self.band and self._plain(alone[0])
        return Metrics(frozenset(self.names), plain, tuple(dict.fromkeys(self.faults)), self.later)

    def _follow(self, query: Mapping[Any, Any]) -> list[str]:
        name = mapping(mapping(query.get("MetricStat")).get("Metric")).get("MetricName")
        expression = query.get("Expression")
        if isinstance(name, Template | Reference | Mapping) or isinstance(expression, Template | Reference | Mapping):
            self.later = True
        elif name is not None:
            self.names.add(str(name))
        if not isinstance(expression, str):
            return []
        if insights := _INSIGHTS.match(expression):
            self.names.add(insights.group(1) or insights.group(2))
            return []
        ids = dict.fromkeys(_WORD.findall(_QUOTED.sub("''", expression)))
        if isinstance(expression, Template):
            return [one for one in ids if one in self.queries]
        missing = [one for one in ids if one not in self.queries]
        self.faults += [f"builds on {quote(one)}, which is no `Id` of its metrics: correct it" for one in missing]
        return [one for one in ids if one in self.queries]

    def _plain(self, name: str) -> bool:
        for _ in self.queries:
            query = self.queries.get(name, {})
            expression = query.get("Expression")
            if not isinstance(expression, str):
                return mapping(query.get("MetricStat")).get("Stat") != "SampleCount"
            if _INSIGHTS.match(expression):
                return True
            same = _SAME.fullmatch(expression)
            if same is None:
                return _RATIO.fullmatch(_FILLED.sub(r"\1", expression)) is not None
            name = same.group(1) or same.group(2)
        return False
