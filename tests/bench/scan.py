"""What a scan costs: 10,000 pilots with 60,000 dates, on both engines.

Promised: with nothing due it asks GitHub for nothing and ends within seconds, and its cost grows with what is due: a
tenth of it is found in less than half the time. Where that is not so, it says what and exits 1. `--engine
sqlite|postgresql`
"""

import argparse
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import insert

from bot.events import Line, due
from bot.github.client import App
from bot.store import Store, open_store
from bot.store.dates import Dates
from bot.store.deliveries import Delivery
from bot.store.installations import Installations
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from bot.store.tables import items, pilots
from rules.catalogue import catalogue
from tests.stores import ENGINES, address

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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    kept = [_kept(engine) for engine in parser.parse_args().engine or ENGINES]
    return 0 if all(kept) else 1


def _kept(engine: str) -> bool:
    with (
        tempfile.TemporaryDirectory() as folder,
        address(engine, Path(folder)) as database,
        closing(open_store(database)) as store,
    ):
        store.migrate()
        dates, installed, app, put = Dates(store), Installations(store), Unasked(), Rows()
        installed.remember(1, "acme", [(number, f"acme/pilot-{number}") for number in range(1, PILOTS + 1)])
        _watched(store)
        line = Line(
            app=cast("App", app),
            catalogue=catalogue(),
            store=installed,
            clock=lambda: None,  # type: ignore[arg-type, return-value]
            put=put.rows.extend,
            memory=Memory(store),
            ledger=Ledger(store),
            dates=dates,
            today=TODAY,
        )
        return _measured(engine, line, app)


def _watched(store: Store) -> None:
    """All pilots, in one transaction: how long it takes to keep them is no matter here."""
    day = [(TODAY + timedelta(1 + each)).isoformat() for each in range(DATES)]
    numbers = range(1, PILOTS + 1)
    with store.write() as connection:
        common = {"installation": 1, "mark": "mark", "due": day[0], "looked": TODAY.isoformat()}
        connection.execute(
            insert(pilots),
            [{**common, "repository": one, "zone": ("UTC", "Europe/Berlin")[one % 2]} for one in numbers],
        )
        rows = (
            {"repository": one, "marker": f"REV002:{each}", "since": day[each]}
            for one in numbers
            for each in range(DATES)
        )
        connection.execute(insert(items), list(rows))


def _measured(engine: str, line: Line, app: Unasked) -> bool:
    took = {}
    for count in DUE:
        for number in range(1, count + 1):
            line.dates.put_off({number: TODAY})
        start = time.perf_counter()
        found = len(due(line))
        took[count] = time.perf_counter() - start
        print(
            f"{engine}: {PILOTS} pilots, {PILOTS * DATES} dates, {found} due: {took[count]:.3f} s, {app.asked} requests"
        )
        if found != count or app.asked:
            return False
    return took[0] < PROMISED and took[100] < took[1000] / 2 and took[10] < took[1000] / 2


if __name__ == "__main__":
    sys.exit(main())
