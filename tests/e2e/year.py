"""A Pilotgate of real processes that lives through days and is killed on the way: a web server that takes what GitHub
tells, each day a worker that works it off, and `pilotgate scan --today`.

They are killed at any moment, when a request arrives, or once GitHub has done what it asks for and before it is
answered. Each is started again until it has come to its end by itself. Shared with `tests/bench/year.py`.
"""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy import delete, func, select, text, update

from bot.demo.github import Asked, Fault, StandIn
from bot.demo.served import Served
from bot.store import open_store
from bot.store.deliveries import ANEW
from bot.store.tables import deliveries, written
from tests.bot.reminders.year import Watched
from tests.e2e.forked import Forked
from tests.e2e.storm import settings

_PATIENCE = 600.0
_KILLED = -signal.SIGKILL


class Days(Watched):
    """Pilotgate in processes. `killed` is how many of their runs end by a kill; of the mornings on which there is
    something to tell, the web server is killed on a `lost` part."""

    def __init__(self, stand: StandIn, folder: Path, seed: int, killed: float, lost: float = 0.1) -> None:
        super().__init__(stand)
        self.random, self.killed, self.lost = random.Random(seed), killed, lost
        self.kills = Counter[str]()
        """How often which process was killed, and when."""
        self.runs = Counter[str]()
        self._folder, self._settings = folder, settings(stand, PILOTGATE_WORKERS="2")
        self._usual = {"worker": (9, 2.0), "scan": (9, 2.0)}
        self._read, self._arrived, self._failed = 0, set[str](), set[str]()
        self.web = Served(folder, self._settings, ("serve", "--no-worker"))
        stand.hooks.hold, stand.hooks.url = True, f"{self.web.address}/webhook"

    def __enter__(self) -> Self:
        """Start the web server."""
        self.web.start()
        self._store = open_store(f"sqlite:///{self._folder / 'pilotgate.db'}")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.web.stop()
        self._store.close()

    def day(self, today: date) -> None:
        """A day: what was told is taken in, and what is due is done, in any order or at the same time."""
        self.today = today
        self._deliver()
        match self.random.randrange(3):
            case 0:
                self._work()
            case 1:
                self._scan()
                self._work()
            case _:
                beside = self._process("scan", "--today", str(today))
                beside.start()
                self._work()
                assert beside.wait(_PATIENCE) == 0, beside.log[-3000:]
        self._scan()
        self._rest()

    def told(self) -> None:
        """Take in what GitHub has told since, and work it off."""
        self._deliver()
        self._work()
        self._rest()

    def _rest(self) -> None:
        self.stand.settle()
        self.stand.hooks.hold = True

    def _process(self, *command: str) -> Forked:
        return Forked(self._folder, self._settings | {"PILOTGATE_TODAY": str(self.today)}, command)

    def _deliver(self) -> None:
        """Send what was held back; the web server may be killed meanwhile, so that some of it is lost."""
        held, self.stand.hooks.held = self.stand.hooks.held, []
        last = self.random.randrange(len(held)) if held and self.random.random() < self.lost else None
        for number, one in enumerate(held):
            if number == last:
                killer = threading.Timer(self.random.uniform(0, 0.01), self.web.kill)
                killer.start()
                self.stand.hooks.send(one)
                killer.join()
                self.kills["serve: while it is told"] += 1
            else:
                self.stand.hooks.send(one)
        if last is not None:
            self.web.start()
        self.stand.hooks.hold = False

    def _work(self) -> None:
        """Let a worker work off what was told, and ask again for what was lost."""
        while self._waiting() or self._missing():
            worker = self._process("worker")
            with self._doomed(worker, "worker"):
                worker.start()
                self._until(partial(self._over, worker))
            if worker.ended is None:
                worker.stop()

    def _over(self, worker: Forked) -> bool:
        return worker.ended is not None or not (self._waiting() or self._missing())

    def _scan(self) -> None:
        """Do what is due today."""
        while True:
            scan = self._process("scan", "--today", str(self.today))
            with self._doomed(scan, "scan"):
                scan.start()
                self._until(lambda: scan.ended is not None)  # noqa: B023 - it is over before there is another
            assert scan.ended in (0, _KILLED), scan.log[-3000:]
            if scan.ended == 0 and not self._waiting(deliveries.c.action == ANEW, deliveries.c.event == "repository"):
                return

    @contextmanager
    def _doomed(self, process: Forked, kind: str) -> Iterator[None]:
        """Some of the runs are killed: at any moment, or by what they ask, before or after GitHub has done it."""
        begun, asked = time.monotonic(), len(self.stand.requests)
        self.runs[kind] += 1
        most, seconds = self._usual[kind]
        fate = self.random.choice(("moment", "arrives", "done")) if self.random.random() < self.killed else None
        if fate is None:
            yield
            self._usual[kind] = (max(2, len(self.stand.requests) - asked), time.monotonic() - begun)
            return
        if fate == "moment":
            timer = threading.Timer(self.random.uniform(0.1, 1.2 * seconds), process.kill)
            timer.start()
            yield
            timer.cancel()
            timer.join()
            where = "at any moment"
        else:
            fault = _Doom(process, self.random.randrange(most), done=fate == "done")
            with self.stand.world.lock:
                self.stand.faults.waiting.insert(0, fault)
            yield
            with self.stand.world.lock:
                self.stand.faults.waiting.remove(fault)
            where = f"{fault.last}, {'done' if fault.after else 'not yet done'}"
        if process.ended == _KILLED:
            self.kills[f"{kind}: {where}"] += 1

    def _until(self, come: Callable[[], bool]) -> None:
        """Wait until something has come; meanwhile the hours pass, of which days have many more elsewhere."""
        deadline = time.monotonic() + _PATIENCE
        while not come():
            assert time.monotonic() < deadline, f"still waiting: {self._missing()} lost, {self._waiting()} pending"
            time.sleep(0.03)
            self._hour_passes()

    def _missing(self) -> int:
        """How many webhooks have failed and not arrived since."""
        told = self.stand.deliveries[self._read :]
        self._read += len(told)
        self._arrived |= {one.guid for one in told if one.arrived}
        self._failed = (self._failed | {one.guid for one in told}) - self._arrived
        return len(self._failed)

    def _waiting(self, *which: object) -> int:
        # Written out, or the index of what is pending is not used, and the days get longer and longer.
        pending = select(func.count()).select_from(deliveries).where(text("state IN ('accepted', 'queued')"))
        query = pending.where(*which)  # type: ignore[arg-type]
        with self._store.read() as connection:
            return connection.scalar(query) or 0

    def _hour_passes(self) -> None:
        """What has to wait until GitHub takes more is ready."""
        now = datetime.now(UTC)
        later = (deliveries.c.state == "accepted", deliveries.c.due > now)
        if self._waiting(*later):
            with self._store.write() as connection:
                connection.execute(delete(written))
                connection.execute(update(deliveries).where(*later).values(due=now))


class _Doom(Fault):
    """The request of that number is the last of a process; GitHub does what it asks for, if `done`."""

    def __init__(self, process: Forked, number: int, done: bool) -> None:
        super().__init__(self._strikes, "drop", times=10**9, after=done)
        self._process, self._number, self.last = process, number, ""

    def _strikes(self, asked: Asked) -> bool:
        self._number -= 1
        if self._number == -1:
            self.last = asked.document or f"{asked.method} {asked.route}"
            self._process.kill()
        return self._number == -1
