"""What a scan costs: 10,000 pilots with 60,000 dates.

Promised: with nothing due it asks GitHub for nothing and ends within seconds, and its cost grows with what is due.
Where that is not so, it says what and exits 1.
"""

import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from bot.events import Line, due
from bot.github.client import App
from bot.store import open_store
from bot.store.dates import Dates, Watched
from bot.store.deliveries import Delivery
from bot.store.installations import Installations
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from rules.catalogue import catalogue

PILOTS, DATES, DUE = 10_000, 6, (0, 10, 100, 1000)
TODAY = date(2027, 6, 1)
PROMISED = 5.0


@dataclass
class Unasked:
    """An app that counts what would be asked of it."""

    asked: int = 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        raise AssertionError(f"a scan asked for {name}")


@dataclass
class Rows:
    """What was put."""

    rows: list[Delivery] = field(default_factory=list)


def main() -> int:
    """Measure, and say whether the promise is kept."""
    with tempfile.TemporaryDirectory() as folder, closing(open_store(f"sqlite:///{folder}/pilotgate.db")) as store:
        store.migrate()
        dates, installed, app, put = Dates(store), Installations(store), Unasked(), Rows()
        installed.remember(1, "acme", [(number, f"acme/pilot-{number}") for number in range(1, PILOTS + 1)])
        for number in range(1, PILOTS + 1):
            found = {f"REV002:{each}": TODAY + timedelta(1 + each) for each in range(DATES)}
            dates.watch(
                Watched(1, number, "mark", ("UTC", "Europe/Berlin")[number % 2], TODAY, TODAY + timedelta(1), found)
            )
        line = Line(
            app=cast("App", app),
            catalogue=catalogue(),
            store=installed,
            clock=lambda: None,  # type: ignore[arg-type, return-value]
            put=put.rows.append,
            memory=Memory(store),
            ledger=Ledger(store),
            dates=dates,
            today=TODAY,
        )
        return _measured(line, dates, app)


def _measured(line: Line, dates: Dates, app: Unasked) -> int:
    good = True
    for count in DUE:
        for number in range(1, count + 1):
            dates.put_off(number, TODAY)
        start = time.perf_counter()
        found = len(due(line))
        seconds = time.perf_counter() - start
        print(f"{PILOTS} pilots, {PILOTS * DATES} dates, {found} due: {seconds:.2f} s, {app.asked} requests")
        good = good and found == count and app.asked == 0 and (count > 0 or seconds < PROMISED)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
