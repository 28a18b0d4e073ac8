"""Terraform's resources of Grafana's alerting, in the words of file provisioning."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.evidence import terraform
from rules.evidence.loading import Block, truth
from rules.evidence.monitoring import Doc
from rules.evidence.monitoring.grafana_parts import Part, Point, Policy, Rule
from rules.evidence.monitoring.grafana_reach import route


class Terraform:
    """The provider's resources, in the words of file provisioning."""

    def __init__(self, docs: Sequence[Doc]) -> None:
        own = [(doc.path, doc.data) for doc in docs if terraform.provider(doc.data) == "grafana"]
        self.configuration = terraform.Configuration(own)
        self.names = {
            point.name: _name(self.configuration.value(point.body.get("name"), point.each))
            for point in self.configuration.resources("grafana_contact_point")
        }

    def parts(self) -> Iterator[Part]:
        for group in self.configuration.resources("grafana_rule_group"):
            for rule in terraform.inner(group.body, "rule"):
                yield self._rule(group, rule)
        for point in self.configuration.resources("grafana_contact_point"):
            name = self._name(point, "name", point.body)
            made = None if terraform.dynamic(point.body) else tuple(self._receivers(point))
            yield Point(1, name, made)
        for policy in self.configuration.resources("grafana_notification_policy"):
            yield Policy(1, route(self._policy(policy, policy.body, 1)))

    def _rule(self, group: terraform.Resource, rule: Mapping[Any, Any]) -> Rule:
        def value(key: str, body: Mapping[Any, Any] = rule) -> Any:
            return self.configuration.whole(body.get(key), group.each)

        data = [
            {"refId": value("ref_id", one), "datasourceUid": value("datasource_uid", one), "model": value("model", one)}
            for one in terraform.inner(rule, "data")
        ]
        settings = next(iter(terraform.inner(rule, "notification_settings")), None)
        body = Block(
            title=value("name"),
            condition=value("condition"),
            data=data,
            noDataState=value("no_data_state"),
            isPaused=value("is_paused"),
            labels=value("labels"),
            annotations=value("annotations"),
        )
        receiver = None if settings is None else self._name(group, "contact_point", settings)
        unsure = group.unsure or ("has `dynamic` blocks" if terraform.dynamic(group.body) else None)
        unsure = unsure or ("has `dynamic` blocks" if terraform.dynamic(rule) else None)
        line = getattr(rule, "line", group.line)
        return Rule(group.path, line, 1, None, body, receiver or None, settings is not None and not receiver, unsure)

    def _name(self, at: terraform.Resource, key: str, body: Mapping[Any, Any]) -> str:
        """A contact point's name, where it is that of another resource too."""
        value = self.configuration.value(body.get(key), at.each)
        target = terraform.referred(value)
        if target and target[0] == "grafana_contact_point" and target[1] in self.names:
            return self.names[target[1]]
        return _name(value)

    def _receivers(self, point: terraform.Resource) -> Iterator[tuple[str, Mapping[Any, Any]]]:
        for kind in map(str, point.body):
            for block in terraform.inner(point.body, kind):
                written = {str(key): self.configuration.value(one, point.each) for key, one in block.items()}
                own = {"token": _TOKENS.get(kind, "token"), "topic": _TOPICS.get(kind, "topic"), **_SETTINGS}
                yield _KINDS.get(kind, kind), {own.get(key, _camel(key)): one for key, one in written.items()}

    def _policy(self, at: terraform.Resource, body: Mapping[Any, Any], level: int) -> dict[str, Any]:
        def value(key: str, inner: Mapping[Any, Any]) -> Any:
            return self.configuration.value(inner.get(key), at.each)

        matchers = [
            [value(key, one) for key in ("label", "match", "value")] for one in terraform.inner(body, "matcher")
        ]
        inner = terraform.inner(body, "policy") if level <= 30 else []
        return {
            "receiver": self._name(at, "contact_point", body),
            # A matcher that nobody can read leaves open what matches.
            "object_matchers": [*matchers, []] if terraform.dynamic(body) else matchers,
            "continue": truth(value("continue", body)),
            "routes": [self._policy(at, one, level + 1) for one in inner],
        }


def _name(value: Any) -> str:
    return value if isinstance(value, str) else ""


_KINDS = {"alertmanager": "prometheus-alertmanager"}
# The provider's words for provisioning's settings, where they differ in more than their spelling.
_SETTINGS = {
    "chat_id": "chatid",
    "gateway_id": "gateway_id",
    "recipient_id": "recipient_id",
    "rest_proxy_url": "kafkaRestProxy",
    "room_id": "room_id",
}
_TOKENS = {"telegram": "bottoken", "webex": "bot_token"}
_TOPICS = {"kafka": "kafkaTopic", "sns": "topic_arn"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
