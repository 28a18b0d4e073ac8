"""What day it is, is a matter of where the organisation is; and whatever changes on the way, the present state wins."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic_core import from_json

from bot import events
from bot.demo.github import Exchange
from tests.bot.reminders.year import ORGANISATION, Pilot, Year, founded
from tests.e2e.given import at_home
from tests.stand import Stand

SECURITY = "REV002:security"
CREATE = "/repos/{owner}/{repo}/issues"


def policy(due: date, outcome: str = "pending") -> str:
    return Pilot({"security": (due, outcome)}, (date(2028, 12, 1), "pending")).text()


def organised(zone: str) -> dict[str, str]:
    return {".pilot-org.yml": f"{ORGANISATION}required_reviews: [security]\ntimezone: {zone}\n"}


@pytest.fixture
def year() -> Iterator[Year]:
    with Stand() as stand:
        made = Year(stand, seed=1)
        made.today = date(2028, 2, 1)
        yield made


def inhabit(year: Year, owner: str, zone: str, due: date) -> None:
    """An organisation somewhere, with a review that is due on a day."""
    year.stand.repository(f"{owner}/.github", files=organised(zone))
    founded(year.stand, f"{owner}/pilot", at_home(policy(due), owner).encode())
    year.stand.install(owner)
    year.day(due - timedelta(20))


def overdue(year: Year, moment: datetime) -> set[str]:
    """In which organisations the review is said to be overdue, after a scan at that moment."""
    line = replace(year.line, clock=lambda: moment, today=None)
    events.due(line)
    while year.rows:
        row = year.rows.pop(0)
        handler = events.handler(row.event)
        assert handler is not None
        handler.handle(handler.parse(from_json(row.payload)), replace(line, delivery=row.id))
    return {one.owner.login for one in year.stand.world.repositories.values() if SECURITY in year.open(one.full_name)}


def test_each_organisation_has_its_own_midnight(year: Year) -> None:
    due = date(2028, 2, 28)
    for owner, zone in {"acme": "Pacific/Auckland", "globex": "Europe/Berlin", "umbrella": "America/Santiago"}.items():
        inhabit(year, owner, zone, due)
    found = [
        overdue(year, datetime(2028, 2, day, hour, minute, tzinfo=UTC))
        for day, hour, minute in ((28, 10, 59), (28, 11, 0), (28, 22, 59), (28, 23, 0), (29, 2, 59), (29, 3, 0))
    ]
    acme, both, all_ = {"acme"}, {"acme", "globex"}, {"acme", "globex", "umbrella"}
    assert found == [set(), acme, acme, both, both, all_]


@pytest.mark.parametrize(
    ("zone", "due", "midnight"),
    [
        ("Europe/Berlin", date(2028, 3, 26), datetime(2028, 3, 26, 22, tzinfo=UTC)),  # a day of 23 hours
        ("Europe/Berlin", date(2028, 10, 29), datetime(2028, 10, 29, 23, tzinfo=UTC)),  # one of 25
        ("America/Santiago", date(2028, 9, 2), datetime(2028, 9, 3, 4, tzinfo=UTC)),  # the next begins at one o'clock
        ("Pacific/Apia", date(2028, 2, 29), datetime(2028, 2, 29, 11, tzinfo=UTC)),
    ],
)
def test_a_day_is_as_long_as_it_is(year: Year, zone: str, due: date, midnight: datetime) -> None:
    inhabit(year, "acme", zone, due)
    assert overdue(year, midnight - timedelta(seconds=1)) == set()
    assert overdue(year, midnight) == {"acme"}


def test_an_organisation_that_moves_has_another_midnight(year: Year) -> None:
    inhabit(year, "acme", "Pacific/Auckland", date(2028, 2, 28))
    year.stand.push("acme/.github", "main", organised("America/Santiago"))
    year.told()
    assert overdue(year, datetime(2028, 2, 28, 11, 0, tzinfo=UTC)) == set()
    assert overdue(year, datetime(2028, 2, 29, 2, 59, tzinfo=UTC)) == set()
    assert overdue(year, datetime(2028, 2, 29, 3, 0, tzinfo=UTC)) == {"acme"}


@pytest.mark.parametrize("changed", [policy(date(2028, 2, 28), "passed"), policy(date(2028, 6, 1)), None])
def test_what_changes_while_an_issue_is_opened_wins(year: Year, changed: str | None) -> None:
    inhabit(year, "acme", "UTC", date(2028, 2, 28))
    year.stand.hooks.held.clear()

    def change(exchange: Exchange) -> None:
        """Somebody pushes just after the issue was opened, of which its opener knows nothing."""
        if (exchange.method, exchange.route) == ("POST", CREATE):
            year.stand.observe.remove(change)
            year.stand.push("acme/pilot", "main", {".pilot.yml": changed})

    year.stand.observe.append(change)
    year.day(date(2028, 2, 29))
    assert SECURITY in year.open("acme/pilot")
    year.told()
    assert (SECURITY in year.open("acme/pilot"), len(year.issues("acme/pilot")) > 0) == (False, True)
