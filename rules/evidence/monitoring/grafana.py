"""Grafana's alert rules: of file provisioning and its export, of the operator's resources and of Terraform."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rules.evidence.hcl import Template
from rules.evidence.loading import Fault, line_of, listing, mapping, truth
from rules.evidence.monitoring import Alert, Doc, Reach, Untold
from rules.evidence.monitoring import grafana_parts as parts
from rules.evidence.monitoring.grafana_reach import Points, Tree
from rules.evidence.monitoring.grafana_rule import Firing, firing
from rules.evidence.monitoring.grafana_terraform import Terraform
from rules.evidence.monitoring.promql_text import Parser

SYSTEM = "Grafana"
recognises = parts.recognises


def alerts(docs: Sequence[Doc]) -> Iterable[Alert | Fault]:
    """Every alert rule, each routed by the policies of its organisation; recording rules are none."""
    found = [*parts.parts(docs), *Terraform(docs).parts()]
    points = _points(found)
    trees = {one.org: Tree(one.top) for one in found if isinstance(one, parts.Policy)}
    gone, parser = parts.deleted(docs), Parser()
    for one in found:
        if isinstance(one, parts.Rule) and not mapping(one.body.get("record")):
            fires = firing(one.body.get("condition"), listing(one.body.get("data")), parser)
            reached = _reach(one, points.get(one.org, Points()), trees.get(one.org))
            yield _alert(one, fires, gone, reached)


def _points(found: Sequence[parts.Part]) -> dict[int, Points]:
    receivers: dict[int, dict[str, list[tuple[str, Mapping[Any, Any]]]]] = {}
    unknown: dict[int, set[str]] = {}
    for point in found:
        if isinstance(point, parts.Point):
            receivers.setdefault(point.org, {}).setdefault(point.name, []).extend(point.receivers or ())
            unknown.setdefault(point.org, set()).update([point.name] if point.receivers is None else [])
    return {org: Points(own, True, frozenset(unknown[org])) for org, own in receivers.items()}


def _alert(rule: parts.Rule, fires: Firing, gone: frozenset[str], reached: Reach) -> Alert:
    body = rule.body
    faults = list(fires.faults)
    if truth(body.get("isPaused")) is True:
        faults.append("is paused: write `false` for `isPaused` (in Terraform, `is_paused`)")
    if body.get("uid") is not None and str(body["uid"]) in gone:
        faults.append("is taken away again by `deleteRules`: take its `uid` off there")
    annotations = mapping(body.get("annotations"))
    runbook = annotations.get("runbook_url")
    # A missing state is `NoData`; that and `Alerting` tell people, `OK` and `KeepLast` don't.
    state = body.get("noDataState")
    silent = isinstance(state, Template) or str(state or "NoData").strip().lower() in ("ok", "keeplast")
    return Alert(
        name=str(body.get("title")),
        system=SYSTEM,
        path=rule.path,
        line=rule.line,
        metrics=fires.metrics,
        comparisons=fires.comparisons,
        absent=fires.absent if silent else fires.absent | fires.metrics,
        faults=tuple(faults),
        ways=fires.ways,
        asked=line_of(body, "data", "condition"),
        unread=fires.unread,
        unclear=rule.unsure or fires.unclear,
        labels=_labels(body),
        runbook_url=runbook if isinstance(runbook, str) else None,
        reach=reached,
    )


def _labels(body: Mapping[Any, Any]) -> dict[str, str]:
    labels = mapping(body.get("labels")).items()
    return {str(key): value if isinstance(value, str) else str(value) for key, value in labels}


def _reach(rule: parts.Rule, points: Points, tree: Tree | None) -> Reach:
    if rule.receiver is not None:
        return points.reach(rule.receiver)
    if rule.routed:
        return Untold("its notification settings name a policy of their own, which is not followed: name a receiver")
    if tree is None:
        return Untold("its notification policies are in no file: name that file in `monitoring.configs`")
    # What Grafana adds of its own ("Labels" in its documentation); a rule's own can't replace these.
    folder = {"grafana_folder": rule.folder} if rule.folder else {}
    return tree.reach({**_labels(rule.body), "alertname": str(rule.body.get("title")), **folder}, points)
