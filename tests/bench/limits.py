"""What a day costs: an organisation of 2,000 repositories and 500 pull requests, on a stand-in for GitHub.

Each pull request is opened, pushed to once more, labelled by a bot, reviewed and merged, at a random time of eight
working hours; a tenth of the repositories keep a pilot, and a few are busy while most rest. Every request is counted
that comes out of GitHub's limits: 5,000 an hour at least (more is granted to an organisation of this size), 304s and
tokens apart, and 80 that create content a minute. No wall clock is measured. It says what the busiest hour and minute
took, and exits 1 where that does not fit.

`--repositories N --pulls N --seed N`
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import log
from bot.demo import company, tour
from bot.doctor import EVENTS, PERMISSIONS
from bot.gather.cache import Cache
from tests.e2e.given import FILES
from tests.e2e.plant import TOKEN, Clock, Plant, label, plant
from tests.stand import Stand

HOURLY, CREATING = 5_000, 80
_DAY = 8 * 3600
_PILOTS = 0.1
_STEP = 60


@dataclass(frozen=True)
class Act:
    """Something that somebody does at a second of the day."""

    second: int
    do: Callable[[], object]


def day(line: Plant, repositories: int, pulls: int, chance: random.Random) -> list[Act]:
    """What happens in a day."""
    acts: list[Act] = []
    made: set[str] = set()
    for number in range(pulls):
        # The busiest tenth gets most of the work.
        place = int(repositories * chance.random() ** 3)
        acts += _life(line, _Work(f"acme/r{place}", number, made), chance)
    return sorted(acts, key=lambda act: act.second)


@dataclass
class _Work:
    """A pull request to come."""

    place: str
    number: int
    made: set[str]
    opened: int = 0


def _life(line: Plant, work: _Work, chance: random.Random) -> list[Act]:
    """What becomes of a pull request."""
    branch, start = f"work-{work.number}", chance.randrange(_DAY // 2)
    steps = sorted(chance.randrange(start + 60, _DAY) for _ in range(4))

    def opens() -> None:
        if work.place not in work.made:
            work.made.add(work.place)
            _plant(line, work)
        line.stand.push(work.place, branch, {f"docs/{work.number}.md": f"# Page {work.number}\n".encode()})
        work.opened = line.stand.pull(work.place, branch)

    def pushes() -> None:
        line.stand.push(work.place, branch, {f"docs/{work.number}.md": f"# Page {work.number}\n\nMore.\n".encode()})

    return [
        Act(start, opens),
        Act(steps[0], pushes),
        Act(steps[1], lambda: line.stand.label(work.place, work.opened, ["size/S"])),
        Act(steps[2], lambda: line.stand.review(work.place, work.opened, "ana-r")),
        Act(steps[3], lambda: line.stand.merge(work.place, work.opened)),
    ]


def _plant(line: Plant, work: _Work) -> None:
    """A repository: a tenth of them keep a pilot."""
    chosen = random.Random(work.place).random() < _PILOTS
    files = FILES if chosen else {"README.md": b"# Here\n"}
    first = line.stand.repository(work.place, files=files).git.branch("main")
    assert first is not None
    if chosen:
        company.employ(line.stand, work.place)
        line.stand.push(work.place, "main", tour.measured(first))
    else:
        line.stand.permit(work.place, "ana-r", "write")


def play(repositories: int, pulls: int, seed: int) -> tuple[Counter[int], Counter[int], int, int]:
    """The requests by hour, those that create content by minute, how many check runs there are, and all requests."""
    hours, minutes, clock = Counter[int](), Counter[int](), Clock()
    begin = clock.now
    with tempfile.TemporaryDirectory() as folder:
        stand = Stand(clock=clock, events=EVENTS, permissions=PERMISSIONS)
        with stand, plant(Path(folder), stand, clock, cache=Cache()) as line:
            stand.install("acme")
            seen = 0
            for act in day(line, repositories, pulls, random.Random(seed)):
                clock.now = begin + timedelta(seconds=act.second)
                act.do()
                line.settle()
                new = [one for one in stand.requests[seen:] if one.status != 304 and label(one) != TOKEN]
                seen = len(stand.requests)
                hours[act.second // 3600] += len(new)
                minutes[act.second // _STEP] += sum(one.method != "GET" and one.document is None for one in new)
            runs = sum(len(suite.runs) for place in stand.world.repositories.values() for suite in place.suites)
    return hours, minutes, runs, sum(hours.values())


def main() -> int:
    """Play the day and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, default=2000)
    parser.add_argument("--pulls", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    log.set_up("ERROR", "console")
    hours, minutes, runs, total = play(options.repositories, options.pulls, options.seed)
    busiest, creating = max(hours.values(), default=0), max(minutes.values(), default=0)
    print(f"{options.repositories} repositories, {options.pulls} pull requests in a day, seed {options.seed}")
    print(f"  {total} requests, {total / max(1, options.pulls):.1f} for each pull request; {runs} check runs")
    print(f"  the busiest hour took {busiest} of {HOURLY}; the busiest minute created {creating} of {CREATING}")
    fits = busiest <= HOURLY and creating <= CREATING
    print("  it fits" if fits else "  it does NOT fit")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
