"""What both queues do alike: keep rows and let them wait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.store import Store
from bot.store.deliveries import Deliveries, Delivery

_AT_ONCE = 500
"""So many rows a transaction writes, or others would have to wait for it."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do every so often."""

    name: str
    every: timedelta
    do: Callable[[], None]


class Rows:
    """The part of a queue that is the delivery rows themselves."""

    def __init__(self, store: Store, workers: int) -> None:
        self.store, self.workers = store, workers
        self.deliveries = Deliveries(store)
        self.tasks: list[Task] = []

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries for good. Known ids change nothing."""
        for start in range(0, len(deliveries), _AT_ONCE):
            self.deliveries.accept(deliveries[start : start + _AT_ONCE])

    def later(self, id: str, when: datetime, why: str, told: bool = False) -> None:
        """Run this one again at that time, and not before; `told`: since GitHub has told so."""
        self.deliveries.postpone(id, when, why, told)

    def schedule(self, name: str, every: timedelta, task: Callable[[], None]) -> None:
        """Run a task every so often once `run` is called."""
        self.tasks.append(Task(name, every, task))


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
