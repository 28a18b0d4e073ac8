"""What survives: signed deliveries to a Pilotgate whose processes are killed with SIGKILL at random, on both engines.

Each delivery opens a pull request of its own, on a stand-in for GitHub. What is not answered 2xx is delivered again
with the same GUID, as GitHub does once it is asked to. On SQLite every process is killed and all start again. On
PostgreSQL there are a web server and two workers: the first worker is killed and never comes back, then the web server
and the second worker are killed in turn and start again.

Promised: each accepted delivery is done, each pull request has exactly one check run, and what the lost worker had in
hand is done within a minute. Where that is not so, it says what and exits 1. `--pulls N --repositories N --kills N
--seed N --engine sqlite|postgresql`
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import psycopg

from bot.demo.github import StandIn
from bot.demo.served import Served
from tests.e2e.storm import Storm, at_random, populate, settings, started, unkept, when
from tests.stores import ENGINES, address

PROMISED = 60.0
PATIENCE = 600.0


@dataclass
class Taken:
    """The deliveries that the lost worker had in hand, and how long it took until they were done."""

    held: list[str]
    seconds: float = -1.0


def sqlite(stand: StandIn, folder: Path, stack: ExitStack) -> tuple[Served, Callable[[], None]]:
    """Pilotgate on SQLite, and what kills and restarts it."""
    served = stack.enter_context(Served(folder, settings(stand)))

    def kill() -> None:
        served.kill()
        served.start()

    return served, kill


class Cluster:
    """Pilotgate on PostgreSQL: a web server and two workers."""

    def __init__(self, stand: StandIn, folder: Path, database: str, stack: ExitStack) -> None:
        self.database = database.replace("+psycopg", "")
        more = settings(stand, PILOTGATE_DATABASE_URL=database)
        self.web = stack.enter_context(started(folder / "web", more, "serve", "--no-worker"))
        self.first = stack.enter_context(started(folder / "first", more, "worker"))
        self.lost_id = self._until_there(1).pop()
        self.second = stack.enter_context(started(folder / "second", more, "worker"))
        self._until_there(2)
        self.taken: Taken | None = None
        self._victims = cycle([self.web, self.second])

    def kill(self) -> None:
        """Lose the first worker for good the first time, then kill the web server and the second worker in turn."""
        if self.taken is None:
            held = self._column(f"SELECT args->>'id' FROM procrastinate_jobs WHERE worker_id = {self.lost_id}")
            self.first.kill()
            self.taken = Taken(held)
            threading.Thread(target=self._watch, args=(self.taken, time.monotonic()), daemon=True).start()
            return
        victim = next(self._victims)
        victim.kill()
        victim.start(ready=victim is self.web)

    def _watch(self, taken: Taken, killed: float) -> None:
        while time.monotonic() < killed + PATIENCE:
            done = self._column("SELECT id FROM deliveries WHERE state = 'done'")
            if set(taken.held) <= set(done):
                taken.seconds = time.monotonic() - killed
                return
            time.sleep(0.1)

    def _until_there(self, count: int) -> list[str]:
        deadline = time.monotonic() + PATIENCE
        while len(found := self._column("SELECT id FROM procrastinate_workers")) < count:
            if time.monotonic() > deadline:
                raise SystemExit(f"there are {len(found)} workers, not {count}")
            time.sleep(0.1)
        return found

    def _column(self, query: str) -> list[str]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            try:
                return [str(row[0]) for row in connection.execute(query).fetchall()]
            except psycopg.errors.UndefinedTable:
                return []


@contextmanager
def running(engine: str, stand: StandIn) -> Iterator[tuple[Served, Callable[[], None], Cluster | None]]:
    """Pilotgate on an engine, what kills a part of it, and the cluster if it is one."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if engine == "sqlite":
            served, kill = sqlite(stand, folder, stack)
            yield served, kill, None
            return
        cluster = Cluster(stand, folder, stack.enter_context(address(engine, folder)), stack)
        yield cluster.web, cluster.kill, cluster


def endure(engine: str, options: argparse.Namespace) -> list[str]:
    """One engine's run: prints its figures and returns what was not kept."""
    with StandIn() as stand:
        pulls = populate(stand, options.repositories, options.pulls)
        with running(engine, stand) as (served, kill, cluster):
            storm = Storm(stand, served.address, ahead=options.ahead)
            begun = time.monotonic()
            storm.start()
            moments = at_random(options.seed, options.kills, options.pulls)
            for count in moments:
                when(stand, count, kill)
            storm.join()
            served.settle(PATIENCE)
            seconds = time.monotonic() - begun
            counts, broken = unkept(stand, served, storm, pulls)
        broken += [f"the stand-in was asked for {one}" for one in stand.unknown] + [repr(one) for one in stand.broken]
    print(f"\n{engine}: {options.pulls} pull requests in {options.repositories} repositories, seed {options.seed}")
    print(f"  deliveries   {len(storm.accepted)} accepted, {storm.refused} attempts more that were not answered 2xx")
    print(f"  states       {', '.join(f'{count} {state}' for state, count in counts.items())}")
    print(f"  check runs   {sum(len(stand.checks(*pull, every=True)) for pull in pulls)}")
    print(f"  kills        {len(moments)}, after {', '.join(map(str, moments))} check runs")
    print(f"  seconds      {seconds:.1f}, from the first delivery until nothing was left to do")
    if cluster is not None and cluster.taken is not None:
        taken = cluster.taken
        print(
            f"  taken over   {len(taken.held)} deliveries of the lost worker, done {taken.seconds:.1f} s after it died"
        )
        if not 0 <= taken.seconds <= PROMISED:
            broken.append(f"the lost worker's deliveries took {taken.seconds:.1f} s")
    return broken


def main() -> int:
    """Run, print the figures, and say whether every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pulls", type=int, default=1000)
    parser.add_argument("--repositories", type=int, default=20)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1000))
    parser.add_argument("--ahead", type=int, default=100, help="how many may be accepted and not yet judged")
    parser.add_argument("--engine", choices=ENGINES, action="append")
    options = parser.parse_args()
    broken = [f"{engine}: {one}" for engine in options.engine or ENGINES for one in endure(engine, options)]
    for one in broken:
        print(f"NOT KEPT: {one}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
