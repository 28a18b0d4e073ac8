"""Dates on both engines: what is due is found by the day in its own zone, and an issue is kept as it was said to be."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.store import Store
from bot.store.dates import Dates, Due, Kept, Watched
from bot.store.installations import Installations
from tests.stores import ENGINES, opened

DAY = date(2026, 11, 28)
KEPT = Kept(4, True, "mark", 1, DAY)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        Installations(store).remember(3, "acme", [(11, "acme/triage"), (12, "acme/other"), (13, "acme/third")])
        yield store


def watched(repository: int = 11, zone: str = "UTC", due: date | None = DAY) -> Watched:
    return Watched(3, repository, "abc", zone, DAY - timedelta(1), due, {"REV002:security": DAY})


def found(store: Store, today: date = DAY, **elsewhere: date) -> list[int]:
    return [one.repository for one in Dates(store).due(lambda zone: elsewhere.get(zone, today))]


def test_a_repository_is_due_from_its_day_on_and_by_its_own_zone(store: Store) -> None:
    dates = Dates(store)
    dates.watch(watched())
    dates.watch(watched(12, "Ahead"))
    dates.watch(watched(13, due=None))
    before = DAY - timedelta(1)
    assert found(store, before, Ahead=before) == []
    assert found(store, before, Ahead=DAY) == [12]
    assert dates.due(lambda _: DAY) == [Due(3, 11, "acme/triage", "UTC"), Due(3, 12, "acme/other", "Ahead")]
    assert found(store, date.max) == [11, 12]


def test_what_was_looked_at_on_a_day_to_come_is_due_until_it_is_under_way(store: Store) -> None:
    dates, later = Dates(store), DAY + timedelta(400)
    dates.watch(Watched(3, 11, "abc", "UTC", DAY + timedelta(1), later, {}))
    assert (found(store), found(store, DAY + timedelta(1))) == ([11], [])
    dates.put_off({11: later})
    assert found(store) == []


def test_what_is_archived_suspended_or_gone_is_not_due(store: Store) -> None:
    dates, installed = Dates(store), Installations(store)
    dates.watch(watched())
    installed.archive(11, True)
    assert found(store) == []
    installed.archive(11, False)
    installed.suspend(3, True)
    assert found(store) == []
    installed.suspend(3, False)
    assert found(store) == [11]
    installed.drop([11])
    assert found(store) == []


def test_watching_again_replaces_what_was_known(store: Store) -> None:
    dates = Dates(store)
    dates.watch(watched())
    later = DAY + timedelta(7)
    dates.watch(Watched(3, 11, "def", "UTC", DAY, later, {"DEC004:decision": later}))
    assert (dates.items(11), dates.marks(3), found(store)) == ({"DEC004:decision": later}, {11: "def"}, [])
    dates.put_off({11: DAY})
    dates.put_off({})
    assert found(store) == [11]
    dates.drop([11])
    assert (dates.items(11), dates.marks(3), found(store)) == ({}, {}, [])


def test_an_issue_is_kept_as_it_was_said_to_be(store: Store) -> None:
    dates = Dates(store)
    dates.keep(11, "REV002:security", Kept(None, True, "", 0, DAY))
    dates.keep(11, "REV002:security", KEPT)
    assert dates.issues(11) == {"REV002:security": KEPT}
    assert dates.issues(12) == {}


def test_an_issue_is_snoozed_by_its_number(store: Store) -> None:
    dates = Dates(store)
    dates.keep(11, "REV002:security", KEPT)
    assert not dates.snooze(11, 5, DAY)
    assert not dates.snooze(12, 4, DAY)
    assert dates.snooze(11, 4, DAY)
    assert dates.issues(11)["REV002:security"].snoozed == DAY
