"""Where Grafana's alerts end: notification settings, else the tree of policies, and the contact points behind them.

The tree is walked as Alertmanager does: children before their parent, on to the next one only with `continue`. What a
rule's labels don't tell (those of its series are not known here) may match or not, and then both ways count.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.evidence.hcl import Template
from rules.evidence.loading import listing, mapping
from rules.evidence.monitoring import Reach, Reached, Unreached, Untold
from rules.evidence.monitoring.re2 import pattern
from rules.evidence.monitoring.re2_syntax import Refused, Unread
from rules.values import quote
from rules.wording import nearest

BUILT_IN = "grafana-default-email"
MAX_LEVELS = 30
_HELP = "name that file in `monitoring.configs`"


@dataclass(frozen=True, slots=True)
class Points:
    """The contact points of an organisation of Grafana: their receivers, each a type and its settings."""

    receivers: Mapping[str, Sequence[tuple[str, Mapping[Any, Any]]]] = field(default_factory=dict)
    known: bool = False
    open: frozenset[str] = frozenset()
    """Those whose receivers are known only once Terraform runs."""

    def reach(self, name: str) -> Reach:
        """What a contact point of this name comes to."""
        if name in self.open or isinstance(name, Template):
            return Untold(f"its contact point {quote(name)} is known only once Terraform runs: write it out")
        if name in self.receivers:
            if any(_works(kind, settings) for kind, settings in self.receivers[name]):
                return Reached(name)
            return Unreached(
                f"ends at the contact point {quote(name)}, which has nobody's address: write one in its `settings`"
            )
        if name == BUILT_IN:
            return Unreached(
                f"ends at {quote(BUILT_IN)}, which Grafana sets up with `<example@email.com>`: name a contact point"
            )
        if not self.known:
            return Untold(f"its contact point {quote(name)} is in no file: {_HELP}")
        better = nearest(name, list(self.receivers))
        hint = f"did you mean {quote(better)}?" if better else "add it"
        return Unreached(f"ends at {quote(name)}, and no contact point is called so: {hint}")


# What each type of receiver can't do without, in settings or secure settings; of each group one is enough.
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "email": (("addresses",),),
    "slack": (("url", "token"),),
    "pagerduty": (("integrationKey",),),
    "webhook": (("url",),),
    "teams": (("url",),),
    "discord": (("url",),),
    "googlechat": (("url",),),
    "victorops": (("url",),),
    "oncall": (("url",),),
    "dingding": (("url",),),
    "opsgenie": (("apiKey",),),
    "telegram": (("bottoken",), ("chatid",)),
    "pushover": (("apiToken",), ("userKey",)),
    "sns": (("topic_arn", "phone_number", "target_arn"),),
    "prometheus-alertmanager": (("url",),),
    "kafka": (("kafkaRestProxy",), ("kafkaTopic",)),
    "line": (("token",),),
    "webex": (("bot_token",), ("room_id",)),
    "threema": (("gateway_id",), ("recipient_id",)),
}


def _works(kind: str, settings: Mapping[Any, Any]) -> bool:
    if kind == "email":
        addresses = settings.get("addresses")
        written = ",".join(map(str, addresses)) if isinstance(addresses, list) else str(addresses or "")
        return any("@" in one or "$" in one for one in re.split(r"[,;\s]+", written) if "example@email.com" not in one)
    groups = _NEEDED.get(kind)
    if groups is None:
        return bool(kind) and any(settings.values())
    return all(any(settings.get(key) for key in group) for group in groups)


@dataclass(frozen=True, slots=True)
class Route:
    """A notification policy. `matchers` are (label, operator, value); `fuzzy`: there are more, which can't be read."""

    receiver: str | None
    matchers: tuple[tuple[str, str, str], ...] = ()
    routes: tuple["Route", ...] = ()
    goes_on: bool = False
    fuzzy: bool = False


_MATCHER = re.compile(r"\s*\"?([^\"=!~\s]{1,200})\"?\s{0,20}(=~|!~|!=|=)\s{0,20}(.*?)\s*", re.DOTALL)


def route(data: Any, level: int = 1) -> Route:
    """The policy that provisioning, the API or the operator writes like this."""
    policy = mapping(data)
    matchers, fuzzy = [], level > MAX_LEVELS
    for one in listing(policy.get("object_matchers")):
        parts = [part if isinstance(part, Template) else str(part) for part in listing(one)]
        matchers += [(parts[0], parts[1], parts[2])] if len(parts) == 3 else []
        fuzzy = fuzzy or len(parts) != 3
    for one in listing(policy.get("matchers")):
        if isinstance(one, Mapping):
            matchers.append((str(one.get("label", one.get("name"))), str(one.get("match", "=")), str(one.get("value"))))
            continue
        found = _MATCHER.fullmatch(str(one)[:2000].strip("{}"))
        matchers += [(found.group(1), found.group(2), found.group(3).strip("\"'"))] if found else []
        fuzzy = fuzzy or found is None
    for key, operator in (("match", "="), ("match_re", "=~")):
        matchers += [(str(label), operator, str(value)) for label, value in mapping(policy.get(key)).items()]
    receiver = policy.get("receiver")
    inner = tuple(route(one, level + 1) for one in listing(policy.get("routes"))) if level <= MAX_LEVELS else ()
    name = receiver if isinstance(receiver, str) and receiver else None
    return Route(name, tuple(matchers), inner, policy.get("continue") is True, fuzzy)


MAX_STEPS = 2_000_000
"""How much work is put into following the policies of one tree."""


class Tree:
    """A tree of policies, followed for one alert after the other."""

    def __init__(self, top: Route) -> None:
        self._top = top
        self._left = MAX_STEPS
        self._known: dict[frozenset[tuple[str, str]], tuple[list[str], list[str]] | None] = {}

    def reach(self, labels: Mapping[str, str], points: Points) -> Reach:
        """Where an alert with these labels ends."""
        key = frozenset(labels.items())
        if key not in self._known:
            ends = self._ends(self._top, labels, None)
            self._known[key] = ends if self._left >= 0 else None
        found = self._known[key]
        if found is None:
            return Untold("there are more policies than are followed: name a receiver in its notification settings")
        sure, perhaps = found
        known = [points.reach(name) for name in sure]
        for end in known:
            if isinstance(end, Reached):
                return end
        both = known + [points.reach(name) for name in perhaps]
        if not both:
            return Unreached("is taken by a policy without a contact point: write its `receiver`")
        for kind in (Unreached, Reached):
            if all(isinstance(end, kind) for end in both):
                return both[0]
        untold = next((end for end in both if isinstance(end, Untold)), None)
        return untold or Untold("whether it reaches anybody depends on labels of its series: set them on the rule")

    def _ends(self, top: Route, labels: Mapping[str, str], inherited: str | None) -> tuple[list[str], list[str]]:
        """The contact points at which an alert surely ends, and those at which it may."""
        receiver = top.receiver or inherited
        sure: dict[str, None] = {}
        perhaps: dict[str, None] = {}
        taken = False
        for child in top.routes:
            matching = self._takes(child, labels)
            if matching is False:
                continue
            inner, open_ = self._ends(child, labels, receiver)
            perhaps |= dict.fromkeys(open_ if matching else inner + open_)
            if matching:
                sure |= dict.fromkeys(inner)
                taken = True
                if not child.goes_on:
                    break
        if not taken and receiver:
            (perhaps if perhaps else sure)[receiver] = None
        return list(sure), list(perhaps)

    def _takes(self, route: Route, labels: Mapping[str, str]) -> bool | None:
        """Whether an alert with these labels goes this way; None where that can't be told."""
        results = [self._matches(one, labels) for one in route.matchers]
        if False in results:
            return False
        return None if route.fuzzy or None in results else True

    def _matches(self, matcher: tuple[str, str, str], labels: Mapping[str, str]) -> bool | None:
        label, operator, value = matcher
        self._left -= 10
        if label not in labels or self._left < 0:
            return None
        given = labels[label]
        if isinstance(value, Template) or isinstance(given, Template) or "{{" in given:
            return None
        if operator in ("=", "!="):
            return (given == value) is (operator == "=")
        try:
            found = pattern(value)
            self._left -= found.steps(given)
            return found.matches(given) is (operator == "=~") if self._left >= 0 else None
        except (Refused, Unread):
            return None
