"""Datadog's monitors: as its API exports them, of Terraform, and of its Kubernetes operator."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.evidence import terraform
from rules.evidence.hcl import Template
from rules.evidence.loading import Broken, Fault, Opaque, json_value, line_of, listing, mapping, number, truth
from rules.evidence.monitoring import Alert, Doc, Reach, Untold, datadog_reach
from rules.evidence.monitoring.datadog_query import Query, read
from rules.evidence.monitoring.links import runbook

SYSTEM = "Datadog"
_TYPES = frozenset({"composite", "service check"})


def recognises(data: Any) -> bool:
    """Whether a document holds monitors."""
    return terraform.provider(data) == "datadog" or any(True for _ in _exported("", data))


def alerts(docs: Sequence[Doc]) -> Iterable[Alert | Fault]:
    """Every monitor; a composite one stands on the metrics of those whose ids it names."""
    own = [(doc.path, doc.data) for doc in docs if terraform.provider(doc.data) == "datadog"]
    configuration = terraform.Configuration(own)
    found: list[_Monitor | Fault] = [one for doc in docs for one in _exported(doc.path, doc.data)]
    found += _terraformed(configuration)
    ruled = any(True for _ in configuration.resources("datadog_monitor_notification_rule"))
    told = [(one, one.alert(ruled) if isinstance(one, _Monitor) else one) for one in found]
    simple = {one.id: alert for one, alert in told if isinstance(one, _Monitor) and isinstance(alert, Alert)}
    for one, alert in told:
        if isinstance(one, _Monitor) and isinstance(alert, Alert) and one.query.parts:
            yield _composed(alert, [simple.get(part) for part in one.query.parts])
        else:
            yield alert


def _composed(alert: Alert, parts: Sequence[Alert | None]) -> Alert:
    there = [part for part in parts if part]
    unclear = alert.unclear or "stands on monitors that are in no file of `monitoring.configs`"
    return replace(
        alert,
        metrics=frozenset[str]().union(*(part.metrics for part in there)),
        comparisons=tuple(
            dict.fromkeys(replace(one, metrics=part.metrics) for part in there for one in part.comparisons)
        ),
        unclear=next((part.unclear for part in there if part.unclear), alert.unclear) if all(parts) else unclear,
    )


@dataclass(frozen=True, slots=True)
class _Monitor:
    """A monitor, its options' names those of the API."""

    path: str
    line: int
    id: str
    body: Mapping[Any, Any]
    options: Mapping[Any, Any]
    unsure: str | None = None

    @property
    def query(self) -> Query:
        query = self.body.get("query")
        if self.body.get("type") == "synthetics alert":
            return Query(unclear="is made by a synthetic test, which is not read here")
        if not isinstance(query, str) or not query.strip():
            return Query(fault="has no query: write one")
        return read(query, written_later=isinstance(query, Template))

    def alert(self, ruled: bool) -> Alert:
        """What Datadog would run; `ruled`: rules beside the monitors say who is told."""
        query = self.query
        message = self.body.get("message")
        return Alert(
            name=str(self.body.get("name")),
            system=SYSTEM,
            path=self.path,
            line=self.line,
            metrics=query.metrics,
            comparisons=query.comparisons,
            absent=query.metrics if self._tells_of_silence() else frozenset(),
            faults=tuple(self._faults(query)),
            asked=line_of(self.body, "query"),
            unread=query.fault if query.unread else None,
            unclear=query.unclear or self.unsure,
            labels=self._labels(),
            runbook_url=runbook(message),
            reach=self._reach(message, ruled),
        )

    def _reach(self, message: Any, ruled: bool) -> Reach:
        text = message if isinstance(message, str) else ""
        found = datadog_reach.reach(text, written_later=isinstance(message, Template))
        if ruled and not hasattr(found, "receiver"):
            return Untold("`datadog_monitor_notification_rule` may route it, which is not followed: write a handle")
        return found

    def _labels(self) -> dict[str, str]:
        tags = [str(tag).split(":", 1) for tag in listing(self.body.get("tags")) if not isinstance(tag, Template)]
        return {tag[0]: tag[-1] for tag in tags if len(tag) == 2}

    def _tells_of_silence(self) -> bool:
        missing = self.options.get("on_missing_data")
        if missing not in (None, "", "default"):
            return bool(missing == "show_and_notify_no_data")
        return truth(self.options.get("notify_no_data")) is True

    def _faults(self, query: Query) -> Iterator[str]:
        if query.fault:
            yield query.fault
        thresholds = self.options.get("thresholds")
        critical = _number(mapping(thresholds).get("critical"))
        if query.threshold is not None and critical is not None and critical != query.threshold:
            yield (
                f"has the threshold {critical:g} beside its query's {query.threshold:g}, which Datadog refuses:"
                " write the same twice"
            )
        silenced = mapping(self.options.get("silenced"))
        if "*" in silenced and silenced["*"] in (None, 0, "0", ""):
            yield "is muted without an end: take `*` out of `silenced`"
        if self.body.get("draft_status") == "draft":
            yield "is a draft, which tells nobody: write `published` for `draft_status`"


def _number(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,2})?", value.strip()):
        value = float(value)
    return number(value)


def _exported(path: str, data: Any) -> Iterator[_Monitor]:
    data = mapping(data).get("monitors", data)
    for one in data if isinstance(data, list) else [data]:
        monitor = mapping(one)
        # Datadog's own integrations keep their recommended monitors under `definition`.
        if isinstance(monitor.get("definition"), Mapping):
            monitor = mapping(monitor.get("definition"))
        line = getattr(monitor, "line", 1)
        if monitor.get("kind") == "DatadogMonitor":
            spec = _snaked(mapping(monitor.get("spec")))
            yield _Monitor(path, line, "", spec, _snaked(mapping(spec.get("options"))))
        elif all(isinstance(monitor.get(key), str) for key in ("name", "type", "query")) and _typed(monitor):
            yield _Monitor(path, line, str(monitor.get("id", "")), monitor, mapping(monitor.get("options")))


def _typed(monitor: Mapping[Any, Any]) -> bool:
    kind = str(monitor.get("type"))
    return kind in _TYPES or kind.endswith(" alert")


def _snaked(options: Mapping[Any, Any]) -> dict[str, Any]:
    return {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(key)).lower(): value for key, value in options.items()}


def _terraformed(configuration: terraform.Configuration) -> Iterator[_Monitor | Fault]:
    for resource in configuration.resources("datadog_monitor"):
        body = {key: configuration.value(value, resource.each) for key, value in resource.body.items()}
        blocks = terraform.inner(resource.body, "monitor_thresholds") or [mapping(body.get("thresholds"))]
        thresholds = {key: configuration.value(value, resource.each) for one in blocks for key, value in one.items()}
        yield _Monitor(
            resource.path, resource.line, resource.name, body, {**body, "thresholds": thresholds}, resource.unsure
        )
    for resource in configuration.resources("datadog_monitor_json"):
        written = configuration.value(resource.body.get("monitor"), resource.each)
        try:
            data = json_value(written) if isinstance(written, str) else written
        except (Broken, Opaque) as error:
            yield Fault(resource.path, f"has a `monitor` that {error}: correct it", resource.line)
            continue
        body = dict(mapping(data))
        yield _Monitor(resource.path, resource.line, resource.name, body, mapping(body.get("options")), resource.unsure)
