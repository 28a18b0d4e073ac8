"""A simulated year of 200 repositories, with processes that end at any request, against an oracle.

Promised: on every day the open issues are exactly those that the oracle computes, none doubled and none missing, and
the reminders in each fall on the promised days. `--repositories N --days N --seed N --killed SHARE`
"""

import argparse
import sys
from collections import Counter

from bot.demo.github import StandIn
from tests.bot.reminders.year import Oracle, Year, live


def main() -> int:
    """Live through it, and say what was not as promised."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repositories", type=int, default=200)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--killed", type=float, default=0.02)
    options = parser.parse_args()
    wrong, oracles = 0, dict[str, Oracle]()
    with StandIn() as stand:
        year = Year(stand, options.seed, options.killed)
        for today, name, found, oracle in live(year, options.repositories, options.days):
            oracles[name] = oracle
            if found != Counter(list(oracle.open)):
                wrong += 1
                print(f"{today} {name}: {dict(found)} are open, not {sorted(oracle.open)}")
        for name, oracle in oracles.items():
            if year.words(name) != Counter(list(oracle.words)):
                wrong += 1
                print(f"{name}: other reminders than promised")
        print(f"{options.repositories} repositories, {options.days} days, {year.requests} requests, {year.kills} kills")
    print(f"{wrong} things were not as promised")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
