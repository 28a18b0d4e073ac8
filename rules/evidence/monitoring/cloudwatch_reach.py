"""Where CloudWatch's alarms end: their actions, and who is subscribed to the topics among them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rules.evidence.cloudformation import Made, Reference
from rules.evidence.hcl import Template
from rules.evidence.loading import listing, mapping
from rules.evidence.monitoring import Reach, Reached, Unreached, Untold
from rules.evidence.monitoring.cloudwatch_parts import CHATS, FUNCTIONS, PLAN, SUBSCRIPTION, TOPIC
from rules.values import quote

# What an action that is no topic does, by how its ARN begins ("Alarm actions" in CloudWatch's user guide).
_ARN = re.compile(r"arn:[\w-]+:([\w-]+):[^:]*:[^:]*:(.*)", re.ASCII | re.DOTALL)
_TELLING = frozenset({"ssm", "ssm-incidents"})
_DUMB = frozenset({"automate", "swf", "autoscaling", "application-autoscaling"})


class Topics:
    """The resources, by what they are called, and the subscriptions to the topics among them."""

    def __init__(self, resources: Iterable[Made]) -> None:
        self._made: dict[Reference, Made] = {}
        self._named: dict[str, Made] = {}
        self._subscribed: set[object] = set()
        for one in resources:
            self._made.setdefault(one.identity, one)
            if one.kind == TOPIC:
                self._named.setdefault(_called(one), one)
                if any(_subscribes(inner) for inner in listing(one.properties.get("Subscription"))):
                    self._subscribed.add(one.identity)
            elif one.kind == SUBSCRIPTION and _subscribes(one.properties):
                self._subscribe(one.properties.get("TopicArn"))
            elif one.kind in CHATS:
                for topic in listing(one.properties.get("SnsTopicArns")):
                    self._subscribe(topic)
            elif one.kind in FUNCTIONS:
                for event in mapping(one.properties.get("Events")).values():
                    self._subscribe(mapping(mapping(event).get("Properties")).get("Topic"))

    def _subscribe(self, topic: Any) -> None:
        if isinstance(topic, str) and not isinstance(topic, Template):
            self._subscribed.add(topic.rpartition(":")[2])
        elif isinstance(topic, Reference):
            self._subscribed.add(topic)

    def reach(self, alarm: Made) -> Reach:
        """Where an alarm ends."""
        key = "alarm_actions" if isinstance(alarm.identity.scope, str) else "AlarmActions"
        actions = alarm.properties.get("AlarmActions")
        if isinstance(actions, Template):
            return Untold(f"its `{key}` is {quote(actions)}, known only once it runs: write the topics out")
        if isinstance(actions, str | Reference | Mapping):
            actions = [actions]
        ends = [self._end(action) for action in listing(actions)]
        if not ends:
            return Unreached(f"has no action, so that nobody learns of it: write the topic's ARN under `{key}`")
        for kind in (Reached, Untold):
            found = next((end for end in ends if isinstance(end, kind)), None)
            if found:
                return found
        return ends[0]

    def _end(self, action: Any) -> Reach:
        if isinstance(action, Reference):
            made = self._made.get(action)
            return self._resource(made) if made else _elsewhere(action.name)
        if isinstance(action, Template) or not isinstance(action, str):
            return Untold(f"its action is {quote(action)}, known only once it runs: write the topic out")
        arn = _ARN.fullmatch(action)
        return (
            self._arn(action, *arn.groups())
            if arn
            else Unreached(f"has the action {quote(action)}, which is no ARN: write a topic's ARN")
        )

    def _arn(self, action: str, service: str, rest: str) -> Reach:
        if service == "sns":
            topic = self._named.get(rest)
            if topic or rest in self._subscribed:
                return self._resource(topic) if topic else Reached(rest)
            return _elsewhere(rest)
        if service in _TELLING:
            return Reached(action)
        if service in _DUMB:
            return _mute(action)
        return _unknown(action)

    def _resource(self, made: Made) -> Reach:
        name = _called(made)
        if made.kind == TOPIC:
            if self._subscribed & {made.identity, name}:
                return Reached(name)
            return Unreached(f"ends at the topic {quote(name)}, to which nobody is subscribed: add a subscription")
        if made.kind == PLAN:
            return Reached(name)
        return _unknown(name) if made.kind in FUNCTIONS else _mute(name)


def _called(made: Made) -> str:
    name = made.properties.get("TopicName")
    return name if isinstance(name, str) and name and not isinstance(name, Template) else made.identity.name


def _subscribes(subscription: Any) -> bool:
    inner = mapping(subscription)
    return bool(inner.get("Endpoint")) and bool(inner.get("Protocol"))


def _elsewhere(name: str) -> Untold:
    return Untold(
        f"its action is the topic {quote(name)}, and who is subscribed to it stands in no file of `monitoring.configs`:"
        " name that file there"
    )


def _mute(name: str) -> Unreached:
    return Unreached(f"has the action {quote(name)}, which tells nobody: add a topic to which somebody is subscribed")


def _unknown(name: str) -> Untold:
    return Untold(f"its action is {quote(name)}, and whether that tells anybody is not known here: add a topic")
