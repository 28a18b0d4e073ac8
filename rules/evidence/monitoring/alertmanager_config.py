"""Alertmanager's configuration, read: its routes, and which of its receivers tell anybody.

Source: Alertmanager's documentation of its configuration, `<route>`, `<receiver>` and `<time_interval>`, and the
operator's of its AlertmanagerConfig.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rules.evidence.loading import line_of, listing, mapping, templated
from rules.evidence.monitoring import Reach, Reached, Unreached, Untold
from rules.evidence.monitoring.alertmanager import Route, Tree
from rules.evidence.monitoring.alertmanager_times import Interval, muted
from rules.evidence.monitoring.matchers import BadMatcher, Matcher, matchers, scalar
from rules.values import quote


def tree(
    config: Mapping[Any, Any], *, tenant: str | None = None, path: str | None = None, line: int | None = None
) -> Tree:
    """The routes of a configuration, or of an AlertmanagerConfig's `spec`. Never raises.

    `path` and `line` say where it stands; with a line, all of it is said to stand there.
    """
    made = _Maker(config, tenant, path, line)
    root = made.root()
    named = tuple(sorted({one.label for one in _conditions(root)}))
    return Tree(root, named, tuple(made.faults), tenant)


def _conditions(route: Route) -> Iterator[Matcher]:
    yield from route.conditions or ()
    for inner in route.routes:
        yield from _conditions(inner)


class _Maker:
    """Makes routes of what is written."""

    def __init__(self, config: Mapping[Any, Any], tenant: str | None, path: str | None, line: int | None) -> None:
        self.config, self.tenant = config, tenant
        self.path, self.line = path, line
        self.faults: list[tuple[str, int | None]] = []
        self.ends: dict[str, Reach] = {}
        for one in listing(config.get("receivers")):
            self._receiver(mapping(one))
        written = [mapping(one) for key in _INTERVALS for one in listing(config.get(key))]
        self.intervals = {scalar(one.get("name")): Interval(one) for one in written}

    def _receiver(self, one: Mapping[Any, Any]) -> None:
        name = scalar(one.get("name")) or ""
        if name in self.ends:
            self._say(f"has two receivers with the name {quote(name)}: rename one", one)
        keys = [key for key in one if isinstance(key, str) and key.endswith(("_configs", "Configs"))]
        told = {_tells(key, integration) for key in keys for integration in listing(one[key])}
        if True in told:
            self.ends[name] = Reached(name)
        elif None in told or any(isinstance(one[key], str) and "{{" in one[key] for key in keys):
            self.ends[name] = Untold(f"the receiver {quote(name)} is a template: name what it renders to")
        else:
            said = f"ends at the receiver {quote(name)}, which has no integration and so tells nobody"
            write = "give it one, such as `slack_configs`, or route the alert elsewhere"
            self.ends[name] = self._nobody(f"{said}: {write}", one, "name")

    def _nobody(self, reason: str, block: object, *keys: str) -> Unreached:
        return Unreached(reason, self.path, self.line or line_of(block, *keys))

    def _say(self, message: str, block: object) -> None:
        self.faults.append((message, getattr(block, "line", None)))

    def root(self) -> Route:
        route = mapping(self.config.get("route"))
        if self.tenant is None:
            if not route.get("receiver"):
                self._say("names no receiver at the root of its routes: write `receiver:` under `route`", route)
            if any(route.get(key) for key in ("match", "match_re", "matchers")):
                self._say("has matchers at the root of its routes, which takes every alert: remove them", route)
            if route.get("continue") is True:
                self._say("has `continue` at the root of its routes, where nothing follows: remove it", route)
        nowhere = Untold("no receiver is named for it: write `receiver:` under `route`")
        made = self._route(route, nowhere)
        return made if self.tenant is not None else replace(made, conditions=())

    def _route(self, route: Mapping[Any, Any], above: Reach) -> Route:
        inherited = self._end(route, above)
        conditions: tuple[Matcher, ...] | None
        try:
            conditions = tuple(matchers(route))
        except BadMatcher as error:
            self._say(str(error), route)
            conditions = None
        inner = tuple(self._route(mapping(one), inherited) for one in listing(route.get("routes")))
        end = self._hushed(route) or inherited
        return Route(end, conditions, route.get("continue") is True, inner)

    def _hushed(self, route: Mapping[Any, Any]) -> Unreached | None:
        """Why a route tells nobody, whatever its receiver; None where it does at some time, or that can't be told."""
        mute, active = (self._named(route, keys) for keys in (_MUTE, _ACTIVE))
        if None in (*mute.values(), *active.values()):
            return None
        on = [one for one in active.values() if one is not None]
        if not muted(on, [one for one in mute.values() if one is not None]):
            return None
        if not muted(on, []):
            by = "interval" if len(mute) == 1 else "intervals"
            names = " and ".join(map(quote, [*mute][:3]))
            said = f"is muted at all times by the time {by} {names}: take off the route what covers all times"
            return self._nobody(said, route, *_MUTE)
        names = " and ".join(map(quote, [*active][:3]))
        said = f"is never active, by the time interval {names}: give it times, or take it off the route"
        return self._nobody(said, route, *_ACTIVE)

    def _named(self, route: Mapping[Any, Any], keys: Iterable[str]) -> dict[str | None, Interval | None]:
        """The intervals that a route names, None in the place of one that is not there."""
        names = [scalar(one) for key in keys for one in listing(route.get(key))]
        return {name: self.intervals.get(name) for name in names}

    def _end(self, route: Mapping[Any, Any], above: Reach) -> Reach:
        name = scalar(route.get("receiver"))
        if not name:
            return above
        if name in self.ends:
            return self.ends[name]
        if "{{" in name or "$" in name:
            return Untold(f"its receiver {quote(name)} is a template: name what it renders to")
        self._say(f"routes to {quote(name)}, which is none of its receivers: add it under `receivers`", route)
        said = f"ends at {quote(name)}, which is none of Alertmanager's receivers"
        return self._nobody(f"{said}: add it under `receivers`", route, "receiver")


_INTERVALS = ("time_intervals", "mute_time_intervals", "muteTimeIntervals")
_MUTE = ("mute_time_intervals", "muteTimeIntervals")
_ACTIVE = ("active_time_intervals", "activeTimeIntervals")
_ADDRESSES = {"webhook": ("url", "url_file", "urlSecret"), "email": ("to",)}
"""Where the integrations that have no address of their own, nor one that is set for all, say whom they tell."""


def _tells(key: str, integration: object) -> bool | None:
    """Whether an integration tells somebody, None where its address is a template."""
    if not isinstance(integration, Mapping):
        return False
    needed = _ADDRESSES.get(key.removesuffix("_configs").removesuffix("Configs"))
    if needed is None:
        return True
    stated = [integration[name] for name in needed if integration.get(name)]
    return bool(stated) and (None if any(templated(str(one)) for one in stated) else True)
