"""Processes are killed at any moment: what was accepted is done, and each pull request has its one check run."""

import signal
import time
from pathlib import Path

import psycopg

from bot.demo.served import Served
from bot.web.serve import WEB_PROCESSES
from tests.e2e.plant import wait
from tests.e2e.storm import Storm, at_random, populate, settings, started, unkept, when
from tests.stand import Stand
from tests.stores import address

_LONG = 300.0


def test_what_was_accepted_is_done_once_whatever_is_killed(tmp_path: Path) -> None:
    with Stand() as stand:
        pulls = populate(stand, repositories=6, pulls=60)
        served = Served(tmp_path, settings(stand))
        storm = Storm(stand, served.address, ahead=10)
        with served:
            storm.start()
            for count in at_random(seed=17, kills=2, total=60):
                when(stand, count, served.kill)
                served.start()
            storm.join()
            served.settle(_LONG)
            counts, broken = unkept(stand, served, storm, pulls)
        assert (len(storm.accepted), broken) == (60, [])
        assert counts == {"done": 60, "failed": 0, "pending": 0}


def test_a_worker_that_never_comes_back_loses_nothing(tmp_path: Path) -> None:
    with (
        Stand() as stand,
        address("postgresql", tmp_path) as database,
        psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as seen,
    ):
        pulls = populate(stand, repositories=6, pulls=12)
        more = settings(stand, PILOTGATE_DATABASE_URL=database, PILOTGATE_WORKERS="2")

        def rows(query: str) -> list[tuple[str, ...]]:
            return [tuple(map(str, row)) for row in seen.execute(query).fetchall()]

        with (
            started(tmp_path / "web", more, "serve", "--no-worker") as web,
            started(tmp_path / "first", more, "worker") as first,
        ):
            wait(lambda: "worker ready" in first.log, "the first worker is ready")
            # What it takes it does not let go of before it is stopped, nor after.
            holding = stand.fail("graphql Pull", "delay", delay=8.0, times=2)
            storm = Storm(stand, web.address)
            storm.start()
            wait(lambda: holding.hits == 2, "two deliveries are in the first worker's hands")
            first.signal(signal.SIGSTOP)
            held = [one for (one,) in rows("SELECT args->>'id' FROM procrastinate_jobs WHERE status = 'doing'")]
            with started(tmp_path / "second", more, "worker") as second:
                wait(lambda: "worker ready" in second.log, "the second worker is ready")
                first.kill()
                killed = time.monotonic()
                storm.join()
                done = "SELECT id FROM deliveries WHERE state = 'done'"
                wait(lambda: {id for (id,) in rows(done)} >= set(held), "what it held is done")
                assert time.monotonic() - killed < 60
                web.settle(_LONG)
                counts, broken = unkept(stand, web, storm, pulls)
                taken_over = [id for id in held if f'"{id}"' in second.log]
        assert (len(held), sorted(taken_over), broken) == (2, sorted(held), [])
        assert counts == {"done": 12, "failed": 0, "pending": 0}


def test_no_web_process_is_forked_off_the_server_that_runs_threads(tmp_path: Path) -> None:
    # One that is would wait for ever where a thread was importing a module as it was forked: one start in twenty.
    with Stand() as stand, started(tmp_path / "server", settings(stand), "serve") as server:
        told = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in server.processes()]
    assert len(told) > WEB_PROCESSES
    assert told.count(told[0]) == 1
