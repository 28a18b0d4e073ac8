"""`pilotgate worker`: works deliveries off until it is told to stop, or its parent is gone."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import FrameType

import structlog

from bot.jobs import Jobs, Work
from bot.jobs.rows import now
from bot.store.deliveries import KEPT, Deliveries

_SAME = 2.0
log = structlog.get_logger()


def run(
    jobs: Jobs,
    work: Work,
    deliveries: Deliveries,
    with_parent: bool,
    tasks: Sequence[tuple[str, timedelta, Callable[[], None]]] = (),
) -> None:
    """Work, and do each task (its name, how often, and itself) when its time comes, until SIGTERM or SIGINT.

    `with_parent`: or until standard input ends, as a killed parent's does.
    """
    stop = threading.Event()

    asked: list[float] = []

    def end(_: int, __: FrameType | None) -> None:
        # One wish may come twice, from the terminal and from the parent; a later one is impatience.
        if asked and time.monotonic() - asked[0] > _SAME:
            os._exit(1)
        asked.append(time.monotonic())
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if with_parent:
        threading.Thread(target=_end_with_input, args=(stop,), daemon=True, name="parent").start()

    def prune() -> None:
        forgotten = deliveries.prune(now() - KEPT)
        if forgotten:
            log.info("pruned", deliveries=forgotten)

    jobs.schedule("prune", timedelta(hours=6), prune)
    for name, every, task in tasks:
        jobs.schedule(name, every, task)
    jobs.run(work, stop)
    log.info("worker stopped")


def _end_with_input(stop: threading.Event) -> None:
    # Not through sys.stdin: a thread that waits inside it keeps the interpreter from ending.
    while os.read(0, 1024):
        pass
    stop.set()
