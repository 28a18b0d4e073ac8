"""What becomes of an issue when people, policies and repositories do what nobody planned."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import events
from bot.github import people
from tests.bot.reminders.year import Killed, Pilot, Year

NAME = "acme/triage"
DUE = date(2028, 2, 28)
"""A Monday, and the day before a leap day."""
SECURITY = "REV002:security"


def policy(due: date = DUE, outcome: str = "pending") -> bytes:
    return Pilot({"security": (due, outcome)}, (date(2028, 8, 1), "pending")).text().encode()


def states(year: Year) -> dict[str, str]:
    return {str(one.body).partition(" -->")[0].removeprefix("<!-- pilotgate:"): one.state for one in year.issues(NAME)}


def test_nothing_is_asked_while_nothing_is_due(year: Year) -> None:
    year.day(date(2028, 2, 1))
    asked = year.requests
    for ahead in range(1, 20):
        year.day(date(2028, 2, 1) + timedelta(ahead))
    assert (year.requests, states(year)) == (asked, {})
    year.day(date(2028, 2, 21))
    assert states(year) == {"tracking:items": "open"}


def test_an_issue_is_opened_on_the_leap_day_after_its_date(year: Year) -> None:
    year.day(DUE)
    assert SECURITY not in states(year)
    year.day(date(2028, 2, 29))
    assert states(year)[SECURITY] == "open"
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    assert "@acme/security" in str(issue.body)
    assert "Overdue since 2028-02-29" in str(issue.body)


def test_the_accountable_owner_is_asked_after_two_reminders(year: Year) -> None:
    year.day(date(2028, 2, 29))
    for week in (7, 14, 21):
        year.day(date(2028, 2, 29) + timedelta(week))
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    assert ["@ana-r you answer" in one.body for one in issue.comments] == [False, False, True]
    assert [one.login for one in issue.assignees] == ["ana-r"] or not issue.assignees


def test_nobody_is_reminded_before_a_snooze_ends(year: Year) -> None:
    year.day(date(2028, 2, 29))
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    repository = year.stand.world.repositories[NAME].id
    assert year.dates.snooze(repository, issue.number, date(2028, 3, 20))
    for ahead in range(1, 20):
        year.day(date(2028, 2, 29) + timedelta(ahead))
    assert not issue.comments
    year.day(date(2028, 3, 20))
    assert len(issue.comments) == 1


def test_a_snooze_that_is_made_shorter_ends_on_its_day(year: Year) -> None:
    year.day(date(2028, 2, 29))
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    repository = year.stand.world.repositories[NAME].id
    assert year.dates.snooze(repository, issue.number, date(2028, 3, 20))
    year.day(date(2028, 3, 7))
    assert year.dates.snooze(repository, issue.number, date(2028, 3, 9))
    year.day(date(2028, 3, 8))
    assert not issue.comments
    year.day(date(2028, 3, 9))
    assert len(issue.comments) == 1


def test_one_that_a_person_has_closed_is_open_again_with_the_next_reminder(year: Year) -> None:
    year.day(date(2028, 2, 29))
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    year.person_closes(issue)
    year.day(date(2028, 3, 1))
    assert issue.state == "closed"
    year.day(date(2028, 3, 7))
    assert (issue.state, len(year.issues(NAME)), len(issue.comments)) == ("open", 1, 1)
    year.day(date(2028, 3, 14))
    assert len(issue.comments) == 2


def test_one_that_a_person_has_closed_stays_closed_while_only_its_words_change(year: Year) -> None:
    year.day(date(2028, 2, 22))
    (issue,) = year.issues(NAME)
    year.person_closes(issue)
    year.stand.push(NAME, "main", {".pilot.yml": policy(due=date(2028, 2, 25))})
    year.day(date(2028, 2, 23))
    assert (issue.state, "2028-02-25" in str(issue.body), issue.comments) == ("closed", True, [])
    year.day(date(2028, 2, 24))
    assert (issue.state, len(year.issues(NAME))) == ("open", 1)


def test_a_reminder_that_was_broken_off_is_said_though_one_of_before_reads_the_same(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    year.day(date(2028, 2, 29))
    year.day(date(2028, 3, 7))
    for day, outcome in ((date(2028, 3, 8), "passed"), (date(2028, 3, 9), "pending")):
        year.stand.push(NAME, "main", {".pilot.yml": policy(outcome=outcome)})
        year.day(day)
    comment, deaths = people.comment, iter([Killed()])

    def dying(*said: Any) -> None:
        for death in deaths:
            raise death
        comment(*said)

    monkeypatch.setattr(people, "comment", dying)
    year.day(date(2028, 3, 16))
    said = [day for marker, day in year.words(NAME) if marker == SECURITY]
    assert (year.kills, said) == (1, [date(2028, 3, 7), date(2028, 3, 16)])


def test_one_that_is_gone_is_opened_anew(year: Year) -> None:
    year.day(date(2028, 2, 29))
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    del year.stand.world.repositories[NAME].issues[issue.number]
    year.day(date(2028, 3, 7))
    assert states(year)[SECURITY] == "open"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (policy(outcome="passed"), "it is mended on the default branch"),
        (policy(due=date(2028, 3, 20)), "it is now due on 2028-03-20"),
        (None, "its `.pilot.yml` is not on the default branch any more"),
    ],
)
def test_it_is_closed_with_the_reason(changed: bytes | None, why: str, year: Year) -> None:
    year.day(date(2028, 2, 29))
    year.stand.push(NAME, "main", {".pilot.yml": changed})
    year.day(date(2028, 3, 1))
    (issue,) = (one for one in year.issues(NAME) if SECURITY in str(one.body))
    assert (issue.state, why in issue.comments[-1].body) == ("closed", True)


def test_a_policy_that_can_not_be_read_closes_nothing(year: Year) -> None:
    year.day(date(2028, 2, 29))
    year.stand.push(NAME, "main", {".pilot.yml": b"version: 1\nversion: 1\n"})
    year.day(date(2028, 3, 1))
    assert (states(year)[SECURITY], states(year)["tracking:items"]) == ("open", "open")


def test_a_policy_that_has_changed_since_the_scan_is_what_counts(year: Year) -> None:
    year.day(date(2028, 2, 20))
    year.today = date(2028, 2, 29)
    events.due(replace(year.line, today=year.today))
    assert [one.action for one in year.rows] == ["anew"]
    year.stand.push(NAME, "main", {".pilot.yml": policy(outcome="passed")})
    year.stand.hooks.held.clear()
    year.work()
    assert SECURITY not in states(year)


def test_where_issues_are_disabled_nothing_fails_and_nothing_is_opened(year: Year) -> None:
    year.day(date(2028, 2, 1))
    year.stand.world.repositories[NAME].has_issues = False
    year.day(date(2028, 2, 29))
    assert states(year) == {}
    year.stand.world.repositories[NAME].has_issues = True
    year.day(date(2028, 3, 7))
    assert states(year)[SECURITY] == "open"


def test_a_store_that_is_new_finds_the_issues_that_are_there(year: Year) -> None:
    year.day(date(2028, 2, 29))
    before = [one.number for one in year.issues(NAME)]
    again = Year(year.stand, seed=2)
    again.today = date(2028, 3, 1)
    year.stand.world.clock = again.clock
    repository = year.stand.world.repositories[NAME].id
    (installation,) = year.stand.world.installations
    again.line.store.remember(installation, "acme", [(repository, NAME)])
    events.survey(replace(again.line, delivery="first"), installation)
    again.day(date(2028, 3, 1))
    assert [one.number for one in year.issues(NAME)] == before


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", datetime(2028, 2, 28, 23, 59, tzinfo=UTC), date(2028, 2, 28)),
        ("Pacific/Auckland", datetime(2028, 2, 28, 11, 0, tzinfo=UTC), date(2028, 2, 29)),
        ("America/New_York", datetime(2028, 2, 29, 4, 59, tzinfo=UTC), date(2028, 2, 28)),
        # The clocks go forward at one o'clock UTC: that day has 23 hours.
        ("Europe/Berlin", datetime(2028, 3, 26, 21, 59, tzinfo=UTC), date(2028, 3, 26)),
        ("Europe/Berlin", datetime(2028, 3, 26, 22, 0, tzinfo=UTC), date(2028, 3, 27)),
    ],
)
def test_a_day_begins_where_the_organisation_is(zone: str, moment: datetime, day: date, year: Year) -> None:
    assert replace(year.line, clock=lambda: moment).day(zone) == day
