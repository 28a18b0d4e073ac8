"""Which questions a monitoring system is asked, and which not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from rules.facts import Live, LiveAlert, Measurements, Unverifiable
from rules.policy import Policy

_QUESTIONS = 50

UNSET = Unverifiable("no Prometheus server is set: PILOTGATE_PROMETHEUS_URL names it", elsewhere=True)
OFFLINE = Unverifiable("no server is asked with --offline", elsewhere=True)


class Server(Protocol):
    """A monitoring system (`bot.gather.prometheus`)."""

    def value(self, query: str) -> float | Unverifiable:
        """The one number that a query yields now, or why there is none."""

    def alerts(self) -> Mapping[str, tuple[LiveAlert, ...]] | Unverifiable:
        """The alerting rules that run there, by name."""

    def age(self, metric: str) -> float | Unverifiable | None:
        """The age of a metric's newest sample in seconds; None where it has no recent one."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What may be asked of which server: only what `policy` asks itself. `otherwise`: why something is not asked."""

    server: Server | None
    policy: Policy | None
    otherwise: Unverifiable

    def measurements(self) -> Measurements:
        """The values of the criteria's queries."""
        queries = [one.source.query for one in (self.policy.criteria if self.policy else None) or () if one.source]
        asked = self._bounded([query for query in queries if query])
        server = self.server
        return Measurements({query: server.value(query) for query in asked} if server else {}, self.otherwise)

    def live(self) -> Live:
        """What runs of the signals' alerts and metrics."""
        monitoring = self.policy.monitoring if self.policy else None
        signals = (monitoring.signals if monitoring else None) or ()
        if self.server is None or not signals:
            return Live(self.otherwise, {}, self.otherwise)
        server, metrics = self.server, self._bounded([one.metric for one in signals if one.metric])
        return Live(server.alerts(), {metric: server.age(metric) for metric in metrics}, self.otherwise)

    def _bounded(self, asked: Collection[str]) -> list[str]:
        return list(dict.fromkeys(asked))[:_QUESTIONS]
