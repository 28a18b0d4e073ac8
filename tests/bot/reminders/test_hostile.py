"""What a look costs, and what people see, where somebody writes policies to do harm."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.doctor import EVENTS, PERMISSIONS
from bot.gather.pilots import Pilot as Branch
from bot.reminders.items import Whole, whole
from bot.review import alone
from rules.catalogue import catalogue
from rules.document import read
from rules.policy import Organisation, Policy
from tests.bot.reminders.year import ORGANISATION, Pilot, Year, founded
from tests.stand import Stand

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


@pytest.fixture
def year() -> Iterator[Year]:
    with Stand(events=EVENTS, permissions=PERMISSIONS) as stand:
        made = Year(stand, seed=1)
        stand.repository(
            "acme/.github", files={".pilot-org.yml": f"{ORGANISATION}required_reviews: [security]\n".encode()}
        )
        founded(stand, NAME, Pilot({"security": (DUE, "pending")}, (date(2028, 8, 1), "pending")).text().encode())
        made.today = date(2028, 2, 1)
        stand.install("acme")
        made.day(made.today)
        yield made


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
