"""Both queues, by one suite: each delivery runs, once, in its lane's order, not before its time, whoever dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.errors import UserError
from bot.jobs import Jobs, jobs
from bot.jobs.embedded import Embedded
from bot.store import Store
from bot.store.deliveries import ANEW, Deliveries, Delivery
from tests.stores import ENGINES, opened

PATIENCE = 30.0


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def delivery(id: str, lane: str = "one") -> Delivery:
    return Delivery(id, "push", None, 7, "acme/triage", lane, b"{}", datetime.now(UTC))


@contextmanager
def running(queue: Jobs, work: Callable[[str], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=queue.run, args=(work, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def wait(until: Callable[[], bool]) -> None:
    """Wait for something to come true; a test that never sees it fails here instead of hanging."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


class Worker:
    """Runs deliveries as the real one does, as far as the queue can tell, and notes what it ran."""

    def __init__(self, store: Store, takes: float = 0.0) -> None:
        self.rows, self.takes = Deliveries(store), takes
        self.ran: list[str] = []
        self.lanes: list[str] = []
        self.overlaps = 0
        self.together = 0

    def __call__(self, id: str) -> None:
        started = self.rows.start(id, datetime.now(UTC))
        if started is None:
            return
        lane = started[0].lane
        self.overlaps += lane in self.lanes
        self.lanes.append(lane)
        self.together = max(self.together, len(self.lanes))
        time.sleep(self.takes)
        self.ran.append(id)
        self.lanes.remove(lane)
        self.rows.finish(id, datetime.now(UTC))


def test_what_is_put_runs_once_also_if_it_is_put_again(store: Store) -> None:
    queue, worker = jobs(store, 4), Worker(store)
    queue.put([delivery("a"), delivery("b")])
    queue.put([])
    with running(queue, worker):
        queue.put([delivery("a"), delivery("c")])
        wait(lambda: len(worker.ran) == 3)
        queue.put([delivery("b")])
        time.sleep(0.5)
    assert sorted(worker.ran) == ["a", "b", "c"]
    assert {one.state for one in worker.rows.standings()} == {"done"}


def test_a_lane_keeps_its_order_and_lanes_run_side_by_side(store: Store) -> None:
    queue, worker = jobs(store, 4), Worker(store, takes=0.03)
    queue.put([delivery(f"{lane}{number}", lane) for number in range(8) for lane in "xyz"])
    with running(queue, worker):
        wait(lambda: len(worker.ran) == 24)
    for lane in "xyz":
        assert [id for id in worker.ran if id[0] == lane] == [f"{lane}{number}" for number in range(8)]
    assert worker.overlaps == 0
    assert worker.together > 1


def test_as_many_run_at_a_time_as_it_was_told(store: Store) -> None:
    queue, worker, together = jobs(store, 20), Worker(store), threading.Barrier(20, timeout=PATIENCE)

    def work(id: str) -> None:
        together.wait()
        worker(id)

    queue.put([delivery(f"{number}", f"lane {number}") for number in range(20)])
    with running(queue, work):
        wait(lambda: len(worker.ran) == 20)
    assert not together.broken


def test_looks_at_whole_repositories_come_after_what_people_wait_for(store: Store) -> None:
    queue, worker = jobs(store, 1), Worker(store)
    looks = [replace(delivery(f"look/{at}", f"lane {at}"), event="repository", action=ANEW) for at in range(30)]
    queue.put([*looks, delivery("told", "another"), delivery("told beside a look", "lane 29")])
    with running(queue, worker):
        wait(lambda: len(worker.ran) == 32)
    assert worker.ran == ["told", "told beside a look", *(one.id for one in looks)]


def test_one_that_waits_is_not_run_before_its_time_and_lets_others_pass(store: Store) -> None:
    queue, worker = jobs(store, 2), Worker(store)
    queue.put([delivery("waits"), delivery("next")])
    when = datetime.now(UTC) + timedelta(seconds=2)
    queue.later("waits", when, "a limit")
    with running(queue, worker):
        wait(lambda: worker.ran == ["next"])
        assert datetime.now(UTC) < when
        wait(lambda: worker.ran == ["next", "waits"])
        assert datetime.now(UTC) >= when


def test_a_task_runs_when_work_begins_and_again(store: Store) -> None:
    queue, ran = jobs(store, 1), list[str]()
    queue.schedule("often", timedelta(milliseconds=300), lambda: ran.append("often"))
    queue.schedule("rarely", timedelta(hours=1), lambda: ran.append("rarely"))
    with running(queue, Worker(store)):
        wait(lambda: ran.count("often") >= 3)
    assert ran.count("rarely") == 1


def test_a_task_that_fails_does_not_stop_the_others(store: Store) -> None:
    queue, worker = jobs(store, 1), Worker(store)

    def broken() -> None:
        raise RuntimeError("as tests want it")

    queue.schedule("broken", timedelta(milliseconds=100), broken)
    with capture_logs() as said, running(queue, worker):
        queue.put([delivery("a")])
        wait(lambda: worker.ran == ["a"])
        wait(lambda: "as tests want it" in str(said))


def test_what_could_not_be_settled_is_run_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if not store.embedded:
        # In earnest it is ten minutes before what no queue holds is fed again.
        for name, value in (("_LOST", timedelta(seconds=1)), ("_RESCUE", 0.3)):
            monkeypatch.setattr(f"bot.jobs.postgres.{name}", value)
    queue, worker, full = jobs(store, 1), Worker(store), [True]

    def work(id: str) -> None:
        if full and id == "a":
            worker.rows.start(id, datetime.now(UTC))
            raise OperationalError("UPDATE", {}, Exception(f"the disk is {full.pop() and 'full'}"))
        worker(id)

    queue.put([delivery("a"), delivery("b")])
    with running(queue, work):
        wait(lambda: sorted(worker.ran) == ["a", "b"])
    assert {one.id: one.attempts for one in worker.rows.standings(("done",))} == {"a": 2, "b": 1}


def test_a_database_that_takes_nothing_for_a_while_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened("sqlite", tmp_path) as store:
        queue, worker, full = Embedded(store, 1), Worker(store), [1, 2]

        def refused(*_: object) -> None:
            if full:
                raise OperationalError("UPDATE", {}, Exception(f"the disk is full, {full.pop()}"))
            monkeypatch.undo()
            queue.deliveries.put_back(["a"])

        def work(id: str) -> None:
            if full:
                worker.rows.start(id, datetime.now(UTC))
                raise OperationalError("UPDATE", {}, Exception("the disk is full"))
            worker(id)

        monkeypatch.setattr(queue.deliveries, "put_back", refused)
        queue.put([delivery("a")])
        with capture_logs() as said, running(queue, work):
            wait(lambda: worker.ran == ["a"])
    assert "the disk is full, 1" in str(said)


_DIES = """
import sys, time
from datetime import UTC, datetime
from threading import Event
from bot import log
from bot.jobs import jobs
from bot.store import open_store
from bot.store.deliveries import Deliveries
log.set_up("error", "json")
store = open_store(sys.argv[1])
rows = Deliveries(store)
def work(id):
    rows.start(id, datetime.now(UTC))
    print(id, flush=True)
    time.sleep(600)
jobs(store, 1).run(work, Event())
"""


def test_what_a_killed_worker_had_in_hand_is_taken_over(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if not store.embedded:
        # Silence is noticed sooner than in earnest, so that the test need not wait for half a minute.
        for name, value in (("_SILENT", 3), ("_RESCUE", 0.3), ("_BEAT", 0.5)):
            monkeypatch.setattr(f"bot.jobs.postgres.{name}", value)
    queue, worker = jobs(store, 2), Worker(store)
    queue.put([delivery("in-hand"), delivery("behind"), delivery("beside", "two")])
    url = store.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", _DIES, url], stdout=subprocess.PIPE, text=True) as dying:
        assert dying.stdout is not None
        held = dying.stdout.readline().strip()
        os.kill(dying.pid, signal.SIGKILL)
        dying.wait(PATIENCE)
    with running(queue, worker):
        wait(lambda: len(worker.ran) == 3)
    assert held == "in-hand"
    assert sorted(worker.ran) == ["behind", "beside", "in-hand"]
    assert worker.ran.index("in-hand") < worker.ran.index("behind")
    attempts = {one.id: one.attempts for one in worker.rows.standings()}
    assert attempts == {"in-hand": 2, "behind": 1, "beside": 1}


def test_what_waits_in_the_queue_for_long_is_not_fed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_LOST", timedelta(seconds=0.5)), ("_RESCUE", 0.2)):
        monkeypatch.setattr(f"bot.jobs.postgres.{name}", value)
    with opened("postgresql", tmp_path) as store:
        queue, worker, jobs_run = jobs(store, 1), Worker(store, takes=0.8), list[str]()

        def work(id: str) -> None:
            jobs_run.append(id)
            worker(id)

        queue.put([delivery("a"), delivery("b", "two"), delivery("c", "three")])
        with running(queue, work):
            wait(lambda: len(worker.ran) == 3)
            time.sleep(0.5)
        assert sorted(jobs_run) == ["a", "b", "c"]


def test_an_embedded_queue_refuses_a_second_worker(tmp_path: Path) -> None:
    with opened("sqlite", tmp_path) as store:
        queue, worker = jobs(store, 1), Worker(store)
        with running(queue, worker):
            queue.put([delivery("a")])
            wait(lambda: worker.ran == ["a"])
            with pytest.raises(UserError, match="another worker is at work"):
                jobs(store, 1).run(Worker(store), threading.Event())


def test_several_workers_share_one_postgresql(tmp_path: Path) -> None:
    with opened("postgresql", tmp_path) as store:
        first, second = Worker(store, takes=0.02), Worker(store, takes=0.02)
        once = list[str]()
        queues = jobs(store, 2), jobs(store, 2)
        for queue in queues:
            queue.schedule("once", timedelta(hours=1), lambda: once.append("ran"))
        queues[0].put([delivery(f"{lane}{number}", lane) for number in range(10) for lane in "abcdef"])
        with running(queues[0], first), running(queues[1], second):
            wait(lambda: len(first.ran) + len(second.ran) == 60)
        for lane in "abcdef":
            for worker in (first, second):
                mine = [id for id in worker.ran if id[0] == lane]
                assert mine == sorted(mine)
        assert first.ran
        assert second.ran
        assert once == ["ran"]
