"""Turns what `pilotgate deliveries --format json` prints into metrics for Prometheus, on standard output.

For node_exporter's textfile collector, every minute, until Pilotgate serves metrics itself:

    python deliveries.py > pilotgate.prom.new && mv pilotgate.prom.new pilotgate.prom

Another command that prints the same may follow, as `docker compose exec -T web pilotgate deliveries --format json`.
Pilotgate keeps finished deliveries for 30 days, so `done` and `failed` count those of 30 days.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil, nan
from typing import Any

_WEEK = timedelta(days=7)


def metrics(deliveries: Iterable[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    """The lines of the metrics that these deliveries make at that time."""
    counts: Counter[str] = Counter()
    oldest, taken = now, []
    for one in deliveries:
        counts[one["state"]] += 1
        received = datetime.fromisoformat(one["received"])
        if one["state"] == "pending":
            oldest = min(oldest, received)
        elif one["state"] == "done" and one["event"] == "pull_request":
            finished = datetime.fromisoformat(one["finished"])
            if now - finished < _WEEK:
                taken.append((finished - received).total_seconds())
    finished_at_all = counts["done"] + counts["failed"]
    yield from _gauge("deliveries_pending", "Deliveries that wait or are at work.", counts["pending"])
    yield from _gauge(
        "deliveries_oldest_pending_seconds", "Since when the oldest has waited.", (now - oldest).total_seconds()
    )
    yield from _gauge("deliveries_done", "Deliveries of the last 30 days that were done.", counts["done"])
    yield from _gauge("deliveries_failed", "Deliveries of the last 30 days that were given up.", counts["failed"])
    yield from _gauge(
        "deliveries_done_ratio",
        "Share of the finished deliveries of the last 30 days that were done.",
        counts["done"] / finished_at_all if finished_at_all else nan,
    )
    help = "From the webhook of a pull request to the end of its review, in the last 7 days."
    yield from _gauge("delivery_seconds", help, _percentile(sorted(taken), 0.95), '{quantile="0.95"}')
    yield from _gauge("deliveries_read_timestamp_seconds", "When this was read.", now.timestamp())


def _percentile(values: list[float], share: float) -> float:
    return values[ceil(share * len(values)) - 1] if values else nan


def _gauge(name: str, help: str, value: float, labels: str = "") -> Iterator[str]:
    yield f"# HELP pilotgate_{name} {help}"
    yield f"# TYPE pilotgate_{name} gauge"
    yield f"pilotgate_{name}{labels} {'NaN' if value != value else f'{value:.15g}'}"  # noqa: PLR0124 - not a number


if __name__ == "__main__":
    # A command that fails makes no metrics at all: an empty list would look like good health.
    command = sys.argv[1:] or ["pilotgate", "deliveries", "--format", "json"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    print("\n".join(metrics([json.loads(line) for line in printed.splitlines()], datetime.now(UTC))))
