"""`/pilot snooze` in a reminder issue."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.commands import snooze
from bot.errors import UserError
from bot.review.asked import Asked

TODAY = date(2028, 3, 1)


def asked(kept: bool, until: date, told: list[Any]) -> Asked:
    def keep(*said: Any) -> bool:
        told.append(said)
        return kept

    issue = SimpleNamespace(number=4)
    here = {"pull": SimpleNamespace(id=11), "comment": issue, "folder": None}
    plain = SimpleNamespace(today=TODAY, day=lambda _: until, by=SimpleNamespace(snooze=keep), **here)
    return cast("Asked", plain)


def test_reminders_are_kept_back_until_a_day_to_come() -> None:
    told: list[Any] = []
    until = TODAY + timedelta(3)
    assert snooze.do("2028-03-04", asked(True, until, told)) == "Nobody is reminded here before 2028-03-04."
    assert told == [(11, 4, until)]


def test_elsewhere_and_for_a_day_that_has_passed_it_is_refused() -> None:
    with pytest.raises(UserError, match="no reminder issue"):
        snooze.do("2028-03-04", asked(False, TODAY + timedelta(3), []))
    with pytest.raises(UserError, match="is not to come"):
        snooze.do("2028-03-01", asked(True, TODAY, []))
