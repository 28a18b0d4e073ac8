"""Which alerts watch a signal of the policy."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from rules.evidence.monitoring import Alert, Alerts
from rules.facts import NotApplicable
from rules.places import Place
from rules.policy import Criterion, Policy, Signal
from rules.values import Path, quote

Said = TypeVar("Said")
_SERIES = ("_bucket", "_sum", "_count", "_total", "_created")


@dataclass(frozen=True, slots=True)
class Watched:
    """A signal with its criterion and the alerts that watch it: those of its alert's name that use its metric, else all
    of that name.

    A name may have several alerts: a warning and a page, say. What holds of one of them holds of the signal.
    """

    number: int
    signal: Signal
    alerts: tuple[Alert, ...]
    criterion: Criterion | None = None

    @property
    def name(self) -> str:
        """What people call the signal."""
        return f"the signal {quote(self.signal.id)}" if self.signal.id else f"signal {self.number + 1}"

    @property
    def unfound(self) -> str:
        """Why there is nothing to judge where it has no alert."""
        return f"no alert of {self.name} is found (MON002)"

    @property
    def measured(self) -> bool:
        """Whether it is the metric's value that counts, so that an alert on its absence alone does not watch it."""
        return self.signal.kind in ("quality", "drift", "safety") or self.signal.criterion is not None

    def at(self, key: str) -> Path:
        """Where a key of the signal stands in the policy."""
        return ("monitoring", "signals", self.number, key)


def watched(policy: Policy, alerts: Alerts) -> tuple[Watched, ...]:
    """The policy's signals, in their order."""
    signals = (policy.monitoring.signals if policy.monitoring else None) or ()
    criteria = {criterion.id: criterion for criterion in policy.criteria or () if criterion.id}
    by_name: dict[str, list[Alert]] = {}
    for alert in alerts.alerts:
        by_name.setdefault(alert.name, []).append(alert)
    return tuple(
        Watched(
            number,
            signal,
            _watching(by_name.get(signal.alert or "", []), signal.metric),
            criteria.get(signal.criterion or ""),
        )
        for number, signal in enumerate(signals)
    )


def judged(
    policy: Policy, alerts: Alerts, judge: Callable[[Watched], Iterator[Said]]
) -> Iterator[Said | NotApplicable]:
    """What is said of every signal that has an alert, and of every other that there is nothing to judge."""
    signals = watched(policy, alerts)
    if not signals:
        yield NotApplicable("there are no signals (MON001)")
    for one in signals:
        if one.alerts:
            yield from judge(one)
        else:
            yield NotApplicable(one.unfound)


def _watching(alerts: list[Alert], metric: str | None) -> tuple[Alert, ...]:
    names = _series(metric) if metric is not None else frozenset[str]()
    return tuple([alert for alert in alerts if not names.isdisjoint(alert.metrics)] or alerts)


def holds(metrics: Iterable[str], metric: str) -> bool:
    """Whether a metric is among these, itself or as one of the series that Prometheus keeps of it (`x_bucket`)."""
    return not _series(metric).isdisjoint(metrics)


def _series(metric: str) -> frozenset[str]:
    return frozenset((metric, *(metric + ending for ending in _SERIES)))


def comparing(system: str, metric: str, number: str) -> str:
    """How an alert of this system compares a metric with a number: what to write."""
    match system:
        case "Datadog":
            return f"end its query with a comparison, as in {quote(f'avg(last_5m):avg:{metric}{{*}} {number}')}"
        case "CloudWatch":
            return f"write its `ComparisonOperator` and its `Threshold` so that it fires on {quote(number)}"
        case "Grafana":
            return f"add a threshold that fires on {quote(number)}, and name it in `condition`"
    return f"compare, as in {quote(f'{metric} {number}')}"


def on_absence(system: str | None, metric: str) -> str:
    """How people are called in this system when a metric goes silent: what to write. None: the system is not known."""
    match system:
        case "Datadog":
            return "write `on_missing_data: show_and_notify_no_data` among the options of its monitor"
        case "CloudWatch":
            return "write `breaching` for `TreatMissingData` of its alarm"
        case "Grafana":
            return "write `Alerting` for `noDataState` of its rule"
        case "Prometheus":
            return f"add an alert on its absence, such as {quote(f'absent({metric})')}"
    return "add an alert on its absence, or let missing data alert"


def asking(alert: Alert) -> Place:
    """Where the query of an alert stands in its file; where that is not known, the alert."""
    return on_line(alert.asked or alert.line)


def on_line(line: int | None) -> Place:
    """The beginning of a line of a file, of its first where none is known."""
    return Place(line or 1, 1, line or 1, 1)


def shown(alert: Alert) -> str:
    """The alert's name and where it stands."""
    return f"{quote(alert.name)} ({quote(f'{alert.path}:{alert.line}')})"
