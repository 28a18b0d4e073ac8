"""Deliveries to a Pilotgate of real processes that are killed at any moment, and what is left to show for each.

Shared with `tests/bench/kills.py`, which does it on a larger scale.
"""

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.demo.github import StandIn
from bot.demo.served import Served
from tests.bot.given import TODAY
from tests.e2e.given import POLICY, UNOWNED, planted

SENDERS = 4
_PATIENCE = 600.0


def settings(stand: StandIn, **more: str) -> dict[str, str]:
    """What a Pilotgate has to be told to be the app of this stand-in."""
    return {
        "PILOTGATE_APP_ID": str(stand.app.id),
        "PILOTGATE_PRIVATE_KEY": stand.private_key,
        "PILOTGATE_WEBHOOK_SECRET": stand.hooks.secret,
        "PILOTGATE_GITHUB_API_URL": stand.url,
        "PILOTGATE_TODAY": TODAY,
        **more,
    }


@contextmanager
def started(folder: Path, settings: dict[str, str], *command: str) -> Iterator[Served]:
    """A Pilotgate in a folder of its own; a worker has no address to be asked whether it is ready."""
    folder.mkdir()
    served = Served(folder, settings, command)
    served.start(ready=command[0] == "serve")
    try:
        yield served
    finally:
        served.stop()


def populate(stand: StandIn, repositories: int, pulls: int) -> list[tuple[str, int]]:
    """So many pull requests over so many repositories, the webhooks of which are held back: each place and number."""
    stand.hooks.hold = True
    stand.hooks.url = "http://127.0.0.1"
    stand.install("acme")
    stand.hooks.held.clear()
    names = [f"acme/pilot-{number}" for number in range(repositories)]
    for name in names:
        planted(stand, name)
    stand.hooks.held.clear()
    made = []
    for number in range(pulls):
        name = names[number % repositories]
        stand.commit(name, f"change-{number}", {POLICY: UNOWNED + f"# Change {number}.\n"})
        made.append((name, stand.pull(name, f"change-{number}")))
    return made


@dataclass
class Storm:
    """Sends every delivery that is held, a few at a time, and again with the same GUID until it is taken: as GitHub
    does, once it has been asked to. Not many more than are judged, so that kills find some on their way."""

    stand: StandIn
    address: str
    ahead: int = 100
    accepted: set[str] = field(default_factory=set)
    refused: int = 0

    def __post_init__(self) -> None:
        self._left: queue.Queue[Any] = queue.Queue()
        self._guard = threading.Lock()

    def start(self) -> None:
        """Begin to send."""
        self.stand.hooks.url, self.stand.hooks.hold = f"{self.address}/webhook", False
        held, self.stand.hooks.held = self.stand.hooks.held, []
        for one in held:
            self._left.put(one)
        self.total = len(held)
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        while len(self.accepted) < self.total:
            try:
                one = self._left.get(timeout=0.1)
            except queue.Empty:
                continue
            done = self.stand.hooks.send(one)
            with self._guard:
                if done.arrived:
                    self.accepted.add(done.guid)
                else:
                    self.refused += 1
                    self._left.put(one)
            if not done.arrived:
                time.sleep(0.2)
            while done.arrived and self.total > len(self.accepted) > judged(self.stand) + self.ahead:
                time.sleep(0.2)

    def join(self) -> None:
        """Wait until everything is accepted."""
        for thread in self._threads:
            thread.join(_PATIENCE)
            assert not thread.is_alive()


def judged(stand: StandIn) -> int:
    """How many check runs were made so far."""
    return stand.count(method="POST", route="/repos/{owner}/{repo}/check-runs")


def at_random(seed: int, kills: int, total: int) -> list[int]:
    """After how many check runs to kill, drawn from all that are to come but the last ones."""
    return sorted(random.Random(seed).sample(range(1, max(2, total * 9 // 10)), kills))


def when(stand: StandIn, count: int, kill: Callable[[], None]) -> None:
    """Kill as soon as so many check runs have been made."""
    deadline = time.monotonic() + _PATIENCE
    while judged(stand) < count:
        assert time.monotonic() < deadline, f"there were never {count} check runs"
        time.sleep(0.02)
    kill()


def unkept(
    stand: StandIn, served: Served, storm: Storm, pulls: Sequence[tuple[str, int]]
) -> tuple[dict[str, int], list[str]]:
    """How many deliveries of the storm are done, how many of any kind failed or are pending, and every promise that was
    not kept."""
    rows = served.deliveries()
    states = {one["id"]: one["state"] for one in rows}
    counts = {state: list(states.values()).count(state) for state in ("failed", "pending")}
    counts["done"] = sum(states.get(id) == "done" for id in storm.accepted)
    broken = [f"{id} is {states.get(id, 'lost')}" for id in sorted(storm.accepted) if states.get(id) != "done"]
    for place, number in pulls:
        runs = [(run.conclusion, len(run.annotations)) for run in stand.checks(place, number, every=True)]
        if runs != [("failure", 2)]:
            broken.append(f"{place}#{number} has {runs}")
    return counts, broken
