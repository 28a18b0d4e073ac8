"""The queue and the schedule, behind one port.

The delivery row is the truth, a queue only carries its id: a job looks at the row first, so a second run is harmless,
and whatever a dead worker held is queued again. Deliveries of one lane (a repository) run one at a time, in the order
of arrival; one that has to wait for GitHub lets the later ones pass, since each looks the present state up.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from bot.store import Store
from bot.store.deliveries import Delivery

Work = Callable[[str], None]
"""Runs the delivery of an id and settles its row. Never raises."""


class Jobs(Protocol):
    """What the rest of the bot knows of a queue."""

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries for good, and see that each is run. Known ids change nothing."""

    def later(self, id: str, when: datetime, why: str, told: bool = False) -> None:
        """Run this one again at that time, and not before; `told`: since GitHub has told so."""

    def schedule(self, name: str, every: timedelta, task: Callable[[], None]) -> None:
        """Run a task every so often, by one worker at a time, first when `run` begins."""

    def work_off(self, work: Work, ids: Sequence[str]) -> None:
        """Work these off here and now, unless that is for a worker to do."""

    def run(self, work: Work, stop: Event) -> None:
        """Work deliveries off until `stop` is set; what is in hand then is brought to its end."""


def jobs(store: Store, workers: int) -> Jobs:
    """The queue that fits the store: embedded on SQLite, procrastinate on PostgreSQL. `workers` run at a time."""
    if store.embedded:
        from bot.jobs.embedded import Embedded  # noqa: PLC0415 - each engine is loaded only where it is used

        return Embedded(store, workers)
    from bot.jobs.postgres import Procrastinate  # noqa: PLC0415

    return Procrastinate(store, workers)
