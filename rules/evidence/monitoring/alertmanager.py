"""Which way Alertmanager's routes take an alert, as far as its labels tell.

Source: Alertmanager's documentation of its configuration, `<route>`. A label that the alert does not state may come
from its series or from Prometheus's external labels: then every way is followed. Inhibition and silences are left
aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.evidence.monitoring import Reach, Reached, Unreached, Untold
from rules.evidence.monitoring.matchers import Matcher
from rules.values import quote

_BUDGET = 250_000
_TOO_MUCH = Untold("the routes and alerts are more than can be followed: name fewer files")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that an alert has for certain; `untold` are those whose values are templates.

    `namespace` is the one that its resource stands in, None for one that says none.
    """

    known: Mapping[str, str]
    untold: frozenset[str] = frozenset()
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A route: its end for what none of its routes takes, its conditions (None where they can't be told)."""

    end: Reach
    conditions: tuple[Matcher, ...] | None = ()
    goes_on: bool = False
    routes: tuple["Route", ...] = ()


class _Spent(Exception):
    """The work that one look at the files may take is done."""


class Budget:
    """How much following of routes is left."""

    def __init__(self) -> None:
        self._left = _BUDGET

    def spend(self, steps: int) -> None:
        """Takes some; raises where none is left."""
        self._left -= steps
        if self._left < 0:
            raise _Spent


@dataclass(frozen=True, slots=True)
class Tree:
    """The routes of one configuration. `labels` are those that its conditions name.

    `tenant`: it is an AlertmanagerConfig, in this namespace ("" where none is said). `faults` are what Alertmanager
    refuses in it, with the line where that is known.
    """

    root: Route
    labels: tuple[str, ...]
    faults: tuple[tuple[str, int | None], ...] = ()
    tenant: str | None = None
    known: dict[tuple[str | None, ...], Reach] = field(default_factory=dict)

    def reach(self, labels: Labels, budget: Budget) -> Reach:
        """Where an alert with these labels ends."""
        if self.tenant is not None and not self._own(labels):
            where = f"the AlertmanagerConfig takes the alerts of the namespace {quote(self.tenant)} alone"
            return Untold(f"{where}: label the alert with it, or name the configuration that takes this one")
        key = tuple(None if name in labels.untold else labels.known.get(name) for name in self.labels)
        known = (*key, *(name for name in self.labels if name in labels.untold))
        if known not in self.known:
            try:
                self.known[known] = self._reach(labels, budget)
            except _Spent:
                return _TOO_MUCH
        return self.known[known]

    def _own(self, labels: Labels) -> bool:
        """Whether the operator gives an AlertmanagerConfig this alert: one of its own namespace.

        An alert that states no `namespace` is taken to be of the one that its rule stands in, as tenants' are.
        """
        own = labels.known.get("namespace") or labels.namespace or ""
        return "namespace" not in labels.untold and ("" in (own, self.tenant) or own == self.tenant)

    def _reach(self, labels: Labels, budget: Budget) -> Reach:
        unsure: dict[str, str] = {}
        found = {type(end): end for end in _ends(self.root, labels, budget, unsure)}
        if len(found) == 1:
            return next(iter(found.values())) or _UNTAKEN
        why = next(iter(unsure.values()))
        names = " and ".join(quote(label) for label in list(unsure)[:3] if unsure[label] == why)
        return Untold(f"where it goes depends on {why.format(names)}")


_PASSED_BY: set[Reach | None] = {None}
_UNTAKEN = Untold("no route of the AlertmanagerConfig takes it: add one, or name the configuration that takes it")
_UNREAD = "a matcher that can't be read: mend it"
_PATTERN = "a pattern for the label {}, which is more than is read here: write a simpler one"
_TEMPLATE = "the label {}, whose value is a template: write the value"
_UNSET = "the label {}, which the alert does not set: set it under the alert's `labels`"


def _better(one: Reach | None, other: Reach) -> Reach:
    """Of two ends that are both come to, the one that counts: somebody is reached, or may be, or nobody."""
    kinds = (Reached, Untold, Unreached)
    return other if one is None else min(one, other, key=lambda end: kinds.index(type(end)))


def _ends(route: Route, labels: Labels, budget: Budget, unsure: dict[str, str]) -> set[Reach | None]:
    """All ways in which the alert may end here, one of each kind; None where the route does not take it."""
    takes = _takes(route, labels, budget, unsure)
    if takes is False:
        return _PASSED_BY
    left: set[Reach | None] = {None}
    done: set[Reach | None] = set() if takes else {None}
    for child in route.routes:
        ways = _ends(child, labels, budget, unsure)
        if ways == _PASSED_BY:
            continue
        pairs = [(end, way) for end in left for way in ways]
        left = {end for end, way in pairs if way is None}
        came = {_better(end, way) for end, way in pairs if way is not None}
        if child.goes_on:
            left |= came
        else:
            done |= came
        left, done = _few(left), _few(done)
        if not left:
            break
    return _few(done | {route.end if end is None else end for end in left})


def _few(ends: set[Reach | None]) -> set[Reach | None]:
    """One end of each kind, the same whatever the order."""
    return set({type(end): end for end in sorted(ends, key=str, reverse=True)}.values())


def _takes(route: Route, labels: Labels, budget: Budget, unsure: dict[str, str]) -> bool | None:
    """Whether the route takes the alert; None where that can't be told."""
    budget.spend(1)
    if route.conditions is None:
        unsure.setdefault("", _UNREAD)
        return None
    open_labels: dict[str, str] = {}
    for one in route.conditions:
        value = labels.known.get(one.label)
        if one.label in labels.untold or not value:
            open_labels[one.label] = _TEMPLATE if one.label in labels.untold else _UNSET
            continue
        budget.spend(one.steps(value))
        holds = one.holds(value)
        if holds is False:
            return False
        if holds is None:
            open_labels[one.label] = _PATTERN
    for label, why in open_labels.items():
        unsure.setdefault(label, why)
    return None if open_labels else True
