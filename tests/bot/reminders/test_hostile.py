"""What a look costs, and what people see, where somebody writes policies to do harm."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot import events
from bot.errors import Refused
from bot.gather.pilots import Pilot as Branch
from bot.reminders.items import Whole, whole
from bot.review import alone
from rules.catalogue import catalogue
from rules.document import read
from rules.policy import Organisation, Policy
from tests.bot.reminders.year import Pilot, Year

NAME = "acme/triage"
DUE = date(2028, 2, 28)
HEAD = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
TODAY = date(2026, 12, 1)


def waivers(ends: Iterator[date]) -> str:
    """A waiver of a rule for each of these days, each of a key of its own."""
    rows = (
        f'  - {{rule: INT002, key: "k{number}", reason: x, approved_by: "@ana-r", expires: {end}}}\n'
        for number, end in enumerate(ends)
    )
    return f"{HEAD}waivers:\n{''.join(rows)}"


def standing(policy: str) -> Whole:
    known = catalogue()
    document = read(policy.encode(), ".pilot.yml", Policy, known.codes)
    assert document.model is not None
    pilot = Branch(1, "acme/triage", False, True, frozenset(), "main", "a" * 40, "b" * 40, document)
    return whole(pilot, None, Organisation(), TODAY, known)


def test_a_thousand_waivers_that_end_too_late_cost_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    judged, plain = [0], alone.judged

    def counted(*asked: Any) -> Any:
        judged[0] += 1
        return plain(*asked)

    monkeypatch.setattr(alone, "judged", counted)
    ends = (date.fromordinal(TODAY.toordinal() + 40 + number) for number in range(300))
    (found,) = standing(waivers(ends)).standings
    # A waiver may end thirty days ahead at most, so that the first is told ten days from now.
    assert found.turn == date(2026, 12, 11)
    assert judged[0] < 20


@pytest.mark.parametrize("elsewhen", [date(2040, 1, 3), date(2020, 1, 1)])
def test_a_scan_of_another_day_changes_nothing_for_the_days_that_follow(year: Year, elsewhen: date) -> None:
    year.day(elsewhen)
    year.day(date(2028, 2, 2))
    assert not year.open(NAME)
    year.day(date(2028, 2, 29))
    year.day(date(2028, 3, 7))
    overdue = year.issue(NAME, "REV002:security")
    assert (overdue.state, "still overdue" in overdue.comments[-1].body) == ("open", True)


def test_a_clock_that_went_wrong_and_is_put_right_is_no_reason_to_remind_nobody(year: Year) -> None:
    year.day(date(2028, 2, 29))
    year.day(date(2040, 1, 3))
    overdue = year.issue(NAME, "REV002:security")
    before = len(overdue.comments)
    year.day(date(2028, 3, 1))
    year.day(date(2028, 3, 8))
    assert (overdue.state, len(overdue.comments) > before) == ("open", True)


def many(count: int) -> bytes:
    """A policy with so many reviews, all of which are overdue on the last of February."""
    return (
        Pilot({f"r{number:03}": (DUE, "pending") for number in range(count)}, (date(2028, 8, 1), "pending"))
        .text()
        .encode()
    )


def test_of_very_many_that_are_overdue_the_tracking_issue_names_those_beyond_fifty(year: Year) -> None:
    year.stand.push(NAME, "main", {".pilot.yml": many(120)})
    requests = year.requests
    year.day(date(2028, 2, 29))
    assert len(year.issues(NAME)) == 50 + 1
    # For each a request to open it, and one that assigns it.
    assert year.requests - requests < 150
    tracking = year.issue(NAME, "tracking:items")
    assert str(tracking.body).count("**REV002**: ") == 70
    assert "r119" in str(tracking.body)
    year.day(date(2028, 3, 1))
    assert len(year.issues(NAME)) == 51
    year.stand.push(NAME, "main", {".pilot.yml": many(52)})
    year.day(date(2028, 3, 2))
    assert (len(year.issues(NAME)), str(tracking.body).count("**REV002**: ")) == (51, 2)
    year.stand.push(NAME, "main", {".pilot.yml": many(50)})
    year.day(date(2028, 3, 3))
    assert (len(year.issues(NAME)), "Overdue, beside" in str(tracking.body)) == (51, False)


def test_one_issue_that_takes_no_more_comments_keeps_none_of_the_others_from_being_told(year: Year) -> None:
    year.day(date(2028, 2, 29))
    overdue = year.issue(NAME, "REV002:security")
    full = f"/repos/{NAME}/issues/{overdue.number}/comments"
    year.stand.fail(lambda asked: asked.method == "POST" and asked.path == full, times=99, status=403)
    year.stand.push(NAME, "main", {".pilot.yml": many(3)})
    with pytest.raises(Refused):
        year.day(date(2028, 3, 1))
    assert {"REV002:r000", "REV002:r001", "REV002:r002"} <= set(year.open(NAME))


def test_an_issue_that_somebody_gave_the_marker_of_another_is_not_taken_for_it(year: Year) -> None:
    year.stand.push(NAME, "main", {".pilot.yml": many(1)})
    year.day(date(2028, 2, 29))
    taken = year.issue(NAME, "REV002:r000")
    taken.body = str(taken.body).replace("REV002:r000", "REV002:r001")
    year.stand.push(NAME, "main", {".pilot.yml": many(2)})
    year.day(date(2028, 3, 1))
    assert len([one for one in year.issues(NAME) if one.state == "open" and "REV002" in str(one.body)]) == 2


def test_of_many_pushes_in_a_row_the_last_alone_is_looked_at(year: Year) -> None:
    for number in range(20):
        year.stand.push(NAME, "main", {"page.md": f"# {number}\n"})
    requests = year.requests
    year.told()
    # Two get to know the commit, for pull requests that begin at it, and one says that it was looked at.
    assert year.requests - requests < 20 * 3 + 5
    year.stand.push(NAME, "main", {".pilot.yml": many(1)})
    year.day(date(2028, 2, 29))
    assert "REV002:r000" in year.open(NAME)


def test_a_repository_that_has_moved_is_not_lost_where_its_leaving_is_told_late(year: Year) -> None:
    place = year.stand.world.repositories[NAME].id
    (old,) = year.stand.world.installations
    year.line.store.remember(old + 1, "other", [(place, "other/triage")])
    told = {"action": "removed", "installation": {"id": old}, "repositories_removed": [{"id": place}]}
    handler = events.handler("installation_repositories")
    assert handler is not None
    handler.handle(handler.parse(told), replace(year.line, delivery="late"))
    assert (year.line.store.known(old + 1), year.dates.watches(place)) == ({place: "other/triage"}, True)
    year.line.store.remember(old, "acme", [(place, NAME)])
    handler.handle(handler.parse(told), replace(year.line, delivery="later"))
    assert (place in year.line.store.known(old), year.dates.watches(place)) == (False, False)
