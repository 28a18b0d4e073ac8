"""What a Prometheus server knows: the value of a query, the alerts that it runs, the age of its samples.

Its HTTP API, version 1: `/api/v1/query` and `/api/v1/rules`. The server's address comes from the settings, never from a
repository, and no answer is followed elsewhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import requests

from rules.evidence.loading import listing, mapping
from rules.facts import LiveAlert, Unverifiable

_TIMEOUT = 10
_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A server by its address, with the name and password in it where it wants them."""

    url: str
    _session: requests.Session = field(default_factory=requests.Session, repr=False)

    def value(self, query: str) -> float | Unverifiable:
        """The one number that a query yields now, or why there is none."""
        answer = self._ask("query", {"query": query, "timeout": f"{_TIMEOUT}s"})
        if isinstance(answer, Unverifiable):
            return answer
        kind, result = answer.get("resultType"), answer.get("result")
        if kind == "scalar" and isinstance(result, list):
            return _number(result)
        if kind != "vector" or not isinstance(result, list):
            return Unverifiable(f"the query yields a {kind}, not a number: write one that yields a single value")
        if len(result) != 1:
            many = (
                f"{len(result)} values: aggregate them to one" if result else "nothing: is what it asks for reported?"
            )
            return Unverifiable(f"the query yields {many}")
        return _number(mapping(result[0]).get("value"))

    def alerts(self) -> Mapping[str, tuple[LiveAlert, ...]] | Unverifiable:
        """The alerting rules that the server runs, by name."""
        answer = self._ask("rules", {"type": "alert"})
        if isinstance(answer, Unverifiable):
            return answer
        found: dict[str, tuple[LiveAlert, ...]] = {}
        for group in listing(answer.get("groups")):
            for rule in map(mapping, listing(mapping(group).get("rules"))):
                alert = LiveAlert(str(rule.get("health")), str(rule.get("lastError") or ""))
                name = str(rule.get("name"))
                found[name] = (*found.get(name, ()), alert)
        return found

    def age(self, metric: str) -> float | Unverifiable | None:
        """The age of a metric's newest sample in seconds; None where it has none in the last five minutes."""
        name = json.dumps(metric, ensure_ascii=False)
        answer = self._ask("query", {"query": f"time() - max(timestamp({{__name__={name}}}))"})
        if isinstance(answer, Unverifiable):
            return answer
        result = answer.get("result")
        return _number(mapping(result[0]).get("value")) if isinstance(result, list) and result else None

    def _ask(self, what: str, parameters: Mapping[str, str]) -> dict[str, Any] | Unverifiable:
        try:
            with self._session.get(
                f"{self.url}/api/v1/{what}",
                params=dict(parameters),
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(_BYTES + 1, decode_content=True)
                status = answer.status_code
        except (requests.RequestException, OSError, ValueError) as error:
            # Its own words may hold the address, and so a password.
            return Unverifiable(
                f"the Prometheus server can't be reached ({type(error).__name__}): see that it runs", elsewhere=True
            )
        try:
            said = json.loads(body) if len(body) <= _BYTES else None
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return Unverifiable(
                f"the Prometheus server answers {status} with no JSON: see PILOTGATE_PROMETHEUS_URL", elsewhere=True
            )
        if said.get("status") != "success" or not isinstance(said.get("data"), dict):
            reason = " ".join(str(said.get("error") or status).split())[:200]
            return Unverifiable(f"the Prometheus server refuses the query: {reason}")
        data: dict[str, Any] = said["data"]
        return data


def _number(sample: Any) -> float | Unverifiable:
    """The value of a sample, `[time, "value"]`."""
    try:
        value = float(sample[1])
    except (TypeError, ValueError, IndexError, KeyError):
        return Unverifiable("the Prometheus server answers what is no sample: see PILOTGATE_PROMETHEUS_URL")
    return value if isfinite(value) else Unverifiable(f"the query yields {sample[1]}: it has nothing to count yet")
