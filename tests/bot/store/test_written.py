"""What was written lately, on both engines: never more than the limits allow, however many workers count."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store import Store
from bot.store.tables import written
from bot.store.written import Written
from tests.stores import ENGINES, opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMITS = ((6, MINUTE), (20, HOUR))
WORKER = """
import sys
from datetime import datetime, timedelta
from bot.store import open_store
from bot.store.written import Written
store, now = open_store(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
limits, pace = ((60, timedelta(minutes=1)), (450, timedelta(hours=1))), Written(store)
store.outdated()
print("ready", flush=True)
sys.stdin.readline()
print(sum(pace.count(3, now + timedelta(milliseconds=one), limits) is None for one in range(50)))
"""


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def rows(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(written)) or 0


def test_there_is_room_again_once_the_oldest_that_counts_is_out_of_the_window(store: Store) -> None:
    pace = Written(store)
    for second in range(6):
        assert pace.count(3, NOON + timedelta(seconds=second), LIMITS) is None
    for second in (6, 59):
        assert pace.count(3, NOON + timedelta(seconds=second), LIMITS) == NOON + MINUTE
    assert pace.count(3, NOON + MINUTE, LIMITS) is None
    assert pace.count(3, NOON + MINUTE, LIMITS) == NOON + MINUTE + timedelta(seconds=1)


def test_the_hour_counts_as_well(store: Store) -> None:
    pace, now, counted = Written(store), NOON, 0
    while counted < 20:
        room = pace.count(3, now, LIMITS)
        now, counted = (now, counted + 1) if room is None else (room, counted)
    assert now == NOON + 3 * MINUTE
    assert pace.count(3, NOON + 10 * MINUTE, LIMITS) == NOON + HOUR
    assert pace.count(3, NOON + HOUR, LIMITS) is None


def test_what_one_installation_writes_is_nothing_to_another(store: Store) -> None:
    pace = Written(store)
    assert [pace.count(one, NOON, ((1, MINUTE),)) for one in (3, 4, 3)] == [None, None, NOON + MINUTE]


def test_what_counts_no_more_is_kept_no_longer(store: Store) -> None:
    pace = Written(store)
    for installation in (3, 4):
        pace.count(installation, NOON, LIMITS)
    assert rows(store) == 2
    pace.count(5, NOON + HOUR, LIMITS)
    assert rows(store) == 1
    # A clock that was wrong for a moment holds nothing back for years.
    pace.count(5, NOON + timedelta(days=900), ((1, MINUTE),))
    assert pace.count(5, NOON, ((1, MINUTE),)) is None


def test_processes_on_one_database_stay_within_the_limits_together(store: Store) -> None:
    address = store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, address, NOON.isoformat()]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for one in workers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in workers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert sum(int(one.communicate(timeout=60)[0]) for one in workers) == 60
    assert rows(store) == 60
