"""What a look costs, and what people see, where somebody writes policies to do harm."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.gather.pilots import Pilot as Branch
from bot.reminders.items import Whole, whole
from bot.review import alone
from rules.catalogue import catalogue
from rules.document import read
from rules.policy import Organisation, Policy

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
