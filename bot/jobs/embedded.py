"""The queue on one machine: the delivery rows themselves, worked off by the threads of one process."""

import fcntl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import UserError
from bot.jobs import Work
from bot.jobs.rows import Rows, Task, now
from bot.store.database import reason

_LOOK, _TROUBLED = 0.1, 1.0
log = structlog.get_logger()


class Embedded(Rows):
    """Threads of one worker process; a lock file says that it is the only one."""

    def run(self, work: Work, stop: threading.Event) -> None:
        """Work deliveries off until `stop` is set. UserError where another worker is at it already."""
        with self._alone():
            released = self.deliveries.release()
            log.info("worker ready", threads=self.workers, taken_over=released)
            _Round(self, work, stop).run()

    def work_off(self, work: Work, ids: Sequence[str]) -> None:
        """Work these off, unless a worker is there: the rows are in its hands already."""
        try:
            with self._alone():
                for id in dict.fromkeys(ids):
                    work(id)
        except UserError as error:
            log.info("left to the worker", deliveries=len(ids), reason=str(error))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        path = Path(f"{self.store.engine.url.database}.worker")
        with path.open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    f"another worker is at work on this database ({path}): stop it, or use PostgreSQL for several"
                ) from None
            yield


class _Round:
    """One run: hands ready deliveries to threads, one at a time for each lane."""

    def __init__(self, queue: Embedded, work: Work, stop: threading.Event) -> None:
        self.queue, self.work, self.stop = queue, work, stop
        self.busy: set[str] = set()
        self.changed = threading.Condition()
        self.due: dict[str, datetime] = {}
        self.unsettled: set[str] = set()

    def run(self) -> None:
        with ThreadPoolExecutor(self.queue.workers, "job") as jobs, ThreadPoolExecutor(1, "schedule") as clock:
            while not self.stop.is_set():
                self._start_tasks(clock)
                try:
                    troubled = self._put_back()
                    handed = self._hand_out(jobs)
                except SQLAlchemyError as error:
                    log.error("the database can't be used", reason=reason(error))
                    troubled, handed = True, False
                if troubled:
                    self.stop.wait(_TROUBLED)
                elif not handed:
                    with self.changed:
                        self.changed.wait(_LOOK)
            clock.shutdown(cancel_futures=True)

    def _start_tasks(self, clock: ThreadPoolExecutor) -> None:
        for task in self.queue.tasks:
            if self.due.get(task.name, now()) <= now():
                self.due[task.name] = now() + task.every
                clock.submit(self._run, task)

    def _run(self, task: Task) -> None:
        try:
            task.do()
        except Exception as error:
            log.error("a task failed", task=task.name, exc_info=error)

    def _put_back(self) -> bool:
        """Have what could not be settled run again, once the rows can be written to; whether there was any."""
        with self.changed:
            ids = set(self.unsettled)
        if ids:
            self.queue.deliveries.put_back(ids)
            with self.changed:
                self.unsettled -= ids
        return bool(ids)

    def _hand_out(self, jobs: ThreadPoolExecutor) -> bool:
        """Give a thread each lane's next delivery, as far as threads are free; whether there was any."""
        with self.changed:
            busy = set(self.busy)
        free = self.queue.workers - len(busy)
        if free <= 0:
            return False
        handed = False
        for id, lane in self.queue.deliveries.ready(now(), busy, 16 * self.queue.workers):
            if free and lane not in busy:
                busy.add(lane)
                with self.changed:
                    self.busy.add(lane)
                jobs.submit(self._do, id, lane)
                free -= 1
                handed = True
        return handed

    def _do(self, id: str, lane: str) -> None:
        try:
            self.work(id)
        except Exception as error:
            # Its row is as it was: what settles rows does so for every error but those of the rows themselves.
            log.error("not settled", delivery=id, exc_info=error)
            with self.changed:
                self.unsettled.add(id)
        finally:
            with self.changed:
                self.busy.discard(lane)
                self.changed.notify()
