"""A simulated year of 200 repositories, with real processes that are killed at random, against an oracle.

A web server takes what GitHub tells, each day a worker works it off, and `pilotgate scan --today` does what is due; on
a third of the days both are at it at the same time. They are killed at any moment, when a request arrives, or after it
was done and before it is answered, and started again until they end by themselves. People change policies, close,
rename and comment on issues, and snooze them; the organisation changes how many days ahead there is a word.

Promised: on every day the open issues are exactly those that the oracle computes, none doubled, none missing, none
opened again without cause, and the reminders in each fall on the promised days. Where that is not so, it says what and
exits 1. `--repositories N --days N --seed N --killed SHARE`
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bot.demo.github import StandIn
from bot.doctor import EVENTS
from tests.bot.reminders.year import START, Life
from tests.e2e.year import Days


def main() -> int:
    """Live through it, and say what was not as promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, default=200)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--killed", type=float, default=0.3, help="how many of the processes' runs end by a kill")
    options = parser.parse_args()
    begun, wrong = time.monotonic(), 0
    with (
        StandIn(events=EVENTS) as stand,
        tempfile.TemporaryDirectory() as folder,
        Days(stand, Path(folder), options.seed, options.killed) as days,
    ):
        life = Life(days, options.repositories, options.seed)
        stand.install("acme")
        for said in life.live(options.days):
            wrong += 1
            print(said, flush=True)
        lost = [one.guid for one in stand.deliveries if one.redelivery]
        print(f"{options.repositories} repositories, every day from {START} to {days.today}, seed {options.seed}")
        print(f"  requests     {len(stand.requests)}; {len(stand.deliveries)} webhooks, {len(lost)} of them again")
        print(f"  runs         {', '.join(f'{count} of {kind}' for kind, count in sorted(days.runs.items()))}")
        print(f"  kills        {days.kills.total()}")
        for where, count in days.kills.most_common():
            print(f"    {count:5}  {where}")
        print(f"  issues       {sum(len(days.issues(name)) for name in life.oracles)}")
        print(f"  again        {days.reopened.total()} times an issue was opened again")
        print(f"  words        {sum(len(one.words) for one in life.oracles.values())} promised")
        wrong += len(stand.unknown) + len(stand.broken)
        print(*stand.unknown, *map(repr, stand.broken), sep="\n")
    print(f"  seconds      {time.monotonic() - begun:.0f}")
    print(f"{wrong} things were not as promised")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
