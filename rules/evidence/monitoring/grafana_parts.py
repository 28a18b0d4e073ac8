"""Grafana's alerting resources, told alike whether provisioning, the API, its operator or Terraform wrote them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.evidence import terraform
from rules.evidence.loading import listing, mapping
from rules.evidence.monitoring import Doc
from rules.evidence.monitoring.grafana_reach import Route, route

_OPERATOR = frozenset({"GrafanaAlertRuleGroup", "GrafanaContactPoint", "GrafanaNotificationPolicy"})


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert rule, its keys those of file provisioning; `receiver` is that of its own notification settings."""

    path: str
    line: int
    org: int
    folder: str | None
    body: Mapping[Any, Any]
    receiver: str | None = None
    routed: bool = False
    unsure: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point; `receivers` are types and settings, None where they are known only once Terraform runs."""

    org: int
    name: str
    receivers: tuple[tuple[str, Mapping[Any, Any]], ...] | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A tree of notification policies."""

    org: int
    top: Route


Part = Rule | Point | Policy


def recognises(data: Any) -> bool:
    """Whether a document is of Grafana's alerting. A dashboard is not: it shows, and tells nobody."""
    if isinstance(data, list):
        return any(_is_rule(one) or _is_point(one) for one in data)
    if not isinstance(data, Mapping):
        return False
    if terraform.provider(data) == "grafana" or str(data.get("kind")) in _OPERATOR or _is_rule(data):
        return True
    return _provisioned(data)


def _provisioned(data: Mapping[Any, Any]) -> bool:
    rules = [rule for group in listing(data.get("groups")) for rule in listing(mapping(group).get("rules"))]
    if any("data" in rule and ("title" in rule or "record" in rule) for rule in map(mapping, rules)):
        return True
    keys = ("contactPoints", "policies", "muteTimes", "deleteRules")
    return ("apiVersion" in data and any(isinstance(data.get(key), list) for key in keys)) or _is_tree(data)


def _is_rule(data: Any) -> bool:
    rule = mapping(data)
    return "title" in rule and "condition" in rule and isinstance(rule.get("data"), list)


def _is_point(data: Any) -> bool:
    return all(key in mapping(data) for key in ("name", "type", "settings"))


def _is_tree(data: Mapping[Any, Any]) -> bool:
    # The API's tree of policies; Alertmanager's stands under `route`.
    return isinstance(data.get("receiver"), str) and any(key in data for key in ("group_by", "routes"))


def deleted(docs: Sequence[Doc]) -> frozenset[str]:
    """The rules that provisioning takes away again, by their `uid`."""
    listed = [one for doc in docs for one in listing(mapping(doc.data).get("deleteRules"))]
    return frozenset(str(mapping(one).get("uid")) for one in listed)


def parts(docs: Sequence[Doc]) -> Iterator[Part]:
    """Everything in all the documents, in order."""
    for doc in docs:
        data = doc.data
        if isinstance(data, Mapping):
            yield from _mapped(doc.path, data)
        for one in data if isinstance(data, list) else [data]:
            if _is_rule(one):
                yield _rule(doc.path, one, one.get("orgID"), one.get("folder"))
            elif isinstance(data, list) and _is_point(one):
                yield Point(1, str(one["name"]), (_receiver(one),))


def _mapped(path: str, data: Mapping[Any, Any]) -> Iterator[Part]:
    for group in map(mapping, listing(data.get("groups"))):
        for rule in listing(group.get("rules")):
            yield _rule(path, rule, group.get("orgId"), group.get("folder"))
    for point in map(mapping, listing(data.get("contactPoints"))):
        yield Point(_org(point.get("orgId")), str(point.get("name")), _receivers(point))
    for policy in listing(data.get("policies")):
        yield Policy(_org(mapping(policy).get("orgId")), route(policy))
    if _is_tree(data):
        yield Policy(1, route(data))
    if str(data.get("kind")) in _OPERATOR:
        yield from _operated(path, data)


def _operated(path: str, data: Mapping[Any, Any]) -> Iterator[Part]:
    spec = mapping(data.get("spec"))
    for rule in listing(spec.get("rules")):
        yield _rule(path, rule, 1, None)
    if data.get("kind") == "GrafanaContactPoint":
        name = spec.get("name", mapping(data.get("metadata")).get("name"))
        yield Point(1, str(name), _receivers(spec) or (_receiver(spec),))
    if "route" in spec:
        yield Policy(1, route(spec.get("route")))


def _org(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 1


def _rule(path: str, rule: Any, org: Any, folder: Any) -> Rule:
    body = mapping(rule)
    settings = mapping(body.get("notification_settings", body.get("notificationSettings")))
    receiver = settings.get("receiver")
    return Rule(
        path,
        getattr(body, "line", 1),
        _org(org),
        folder if isinstance(folder, str) else None,
        body,
        receiver if isinstance(receiver, str) else None,
        bool(settings) and not receiver,
    )


def _receivers(point: Mapping[Any, Any]) -> tuple[tuple[str, Mapping[Any, Any]], ...]:
    return tuple(_receiver(one) for one in listing(point.get("receivers")))


def _receiver(receiver: Any) -> tuple[str, Mapping[Any, Any]]:
    one = mapping(receiver)
    secure = mapping(one.get("secureSettings"))
    elsewhere = {str(mapping(it).get("targetPath")): "set" for it in listing(one.get("valuesFrom"))}
    return str(one.get("type", "")), {**mapping(one.get("settings")), **secure, **elsewhere}
