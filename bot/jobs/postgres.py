"""The queue beyond one machine: procrastinate on the PostgreSQL that holds the rows, for any number of workers.

A feeder moves accepted rows whose time has come into procrastinate, with the lane as its lock. Workers send heartbeats;
what one that fell silent had in hand is given to the others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Event
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job
from sqlalchemy import text

from bot.jobs import Work
from bot.jobs.rows import Rows, Task, now
from bot.store import Store
from bot.store.deliveries import READY
from bot.store.tables import Moment

QUEUE = "deliveries"
TASK = "delivery"
_FEED = 0.2
# A job that waited for its lane is found by looking: procrastinate tells of new jobs only.
_POLL = 0.1
_BATCH = 500
_BESIDE = 4
"""What runs beside the jobs: the feeder, the rescue, and a task."""
_SILENT = 20
_RESCUE = 5
_BEAT = 5.0
_LOST = timedelta(minutes=10)
# Any number will do, as long as nothing else on that database asks for the same.
_FEEDING = 7_061_403

log = structlog.get_logger()

_READY = [one.with_for_update(skip_locked=True) for one in READY]
_QUEUED = text("UPDATE deliveries SET state = 'queued', started = :now WHERE id = ANY(:ids)")
# Of a feeder that died halfway, or of a job that ended without settling its row; not what waits in the queue.
_UNHELD = text(
    "UPDATE deliveries SET state = 'accepted' WHERE state = 'queued' AND state IN ('accepted', 'queued')"
    " AND coalesce(started, due) < :before"
    " AND NOT EXISTS (SELECT FROM procrastinate_jobs WHERE args->>'id' = deliveries.id)"
)
_DUE = text(
    "INSERT INTO schedule (name, next) VALUES (:name, :next) ON CONFLICT (name) DO UPDATE SET next = :next"
    " WHERE schedule.next <= :now RETURNING name"
)


class Procrastinate(Rows):
    """Any number of workers on one PostgreSQL."""

    def __init__(self, store: Store, workers: int) -> None:
        super().__init__(store, workers)
        address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._app = App(connector=PsycopgConnector(conninfo=address, min_size=2, max_size=8))

    def run(self, work: Work, stop: Event) -> None:
        """Work deliveries off until `stop` is set; what is in hand then is brought to its end."""

        @self._app.task(name=TASK, queue=QUEUE)
        def delivery(id: str) -> None:
            work(id)

        asyncio.run(self._run(stop))

    async def _run(self, stop: Event) -> None:
        # Its own has as many threads as there are processors, which jobs and those who feed them would share.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self.workers + _BESIDE, "job"))
        async with self._app.open_async():
            worker = asyncio.create_task(
                self._app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self.workers,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=_POLL,
                    update_heartbeat_interval=_BEAT,
                    stalled_worker_timeout=_SILENT,
                )
            )
            rounds = [
                asyncio.create_task(_over_and_over(do, every))
                for do, every in ((self._feed, _FEED), (self._rescue, _RESCUE), (self._start_tasks, 1.0))
            ]
            log.info("worker ready", threads=self.workers)
            while not stop.is_set() and not worker.done():
                await asyncio.sleep(0.1)
            for task in (*rounds, worker):
                task.cancel()
            for task in (*rounds, worker):
                with suppress(asyncio.CancelledError):
                    await task

    def work_off(self, work: Work, ids: Sequence[str]) -> None:  # noqa: ARG002 - the port's
        """Left to the workers: only they know what is in whose hands."""
        log.info("left to the workers", deliveries=len(ids))

    async def _feed(self) -> None:
        """Move what is ready into the queue. A feeder that dies halfway leaves rows that are fed twice: harmless."""
        while await asyncio.to_thread(self._move, asyncio.get_running_loop()) == _BATCH:
            pass

    def _move(self, loop: asyncio.AbstractEventLoop) -> int:
        with self.store.write() as connection:
            # One feeder at a time, or two would queue a lane's deliveries out of order.
            if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _FEEDING}):
                return 0
            moved, moment = 0, now()
            for patient, query in enumerate(_READY):
                rows = connection.execute(query, {"now": moment, "most": _BATCH - moved}).all()
                if rows:
                    ready = [(row.id, row.lane) for row in rows]
                    asyncio.run_coroutine_threadsafe(self._defer(ready, -patient), loop).result()
                    ids = [row.id for row in rows]
                    connection.execute(_QUEUED, {"ids": ids, "now": Moment.milliseconds(moment)})
                moved += len(rows)
                if moved == _BATCH:
                    break
            return moved

    async def _defer(self, ready: list[tuple[str, str]], priority: int) -> None:
        alike: dict[str, Any] = {"id": None, "queue": QUEUE, "queueing_lock": None, "task_name": TASK}
        jobs = [Job(lock=lane, task_kwargs={"id": id}, priority=priority, **alike) for id, lane in ready]
        await self._app.job_manager.batch_defer_jobs_async(jobs)

    async def _rescue(self) -> None:
        """Give to others what a worker that fell silent had in hand, and feed again what no queue holds."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=_SILENT):
            log.warning("taken over from a silent worker", delivery=job.task_kwargs.get("id"))
            await manager.retry_job(job)
        await asyncio.to_thread(self._release)

    def _release(self) -> None:
        with self.store.write() as connection:
            connection.execute(_UNHELD, {"before": Moment.milliseconds(now() - _LOST)})

    async def _start_tasks(self) -> None:
        for task in self.tasks:
            if await asyncio.to_thread(self._mine, task):
                await asyncio.to_thread(task.do)

    def _mine(self, task: Task) -> bool:
        """Whether this worker is the one to run a task now: the first to move its time on."""
        times = {
            "name": task.name,
            "now": Moment.milliseconds(now()),
            "next": Moment.milliseconds(now() + task.every),
        }
        with self.store.write() as connection:
            return connection.execute(_DUE, times).first() is not None


async def _over_and_over(do: Callable[[], Awaitable[Any]], every: float) -> None:
    while True:
        try:
            await do()
        except Exception as error:
            # The database may be away for a while; the next round tries again.
            log.warning("a round failed", round=getattr(do, "__name__", "?"), error=str(error))
        await asyncio.sleep(every)
