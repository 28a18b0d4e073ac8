"""Builds what a command works with; the only place that reads the environment and the clock."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot import settings
from bot.errors import UserError
from bot.settings import Settings
from rules.catalogue import Catalogue, InvalidRule, catalogue
from rules.facts import Today


@dataclass(frozen=True, slots=True)
class Tools:
    """What every command has at hand."""

    settings: Settings
    catalogue: Catalogue

    def today(self, chosen: str | None) -> Today:
        """The date to judge by: the one chosen, else `PILOTGATE_TODAY`, else today in UTC."""
        for name, text in (("--today", chosen), ("PILOTGATE_TODAY", self.settings.today)):
            if text is not None:
                return Today(_date(name, text))
        return Today(datetime.now(UTC).date())


def _date(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # such as 20261124, or the 2nd day of a week, 2026-W48-2
            raise ValueError
    except ValueError:
        raise UserError(f"{name} {text}: write a date as in 2026-11-24") from None
    return day


def build() -> Tools:
    """The tools, from this process's environment; UserError where a rule does not load."""
    try:
        return Tools(settings.read(os.environ), catalogue())
    except InvalidRule as error:
        raise UserError(str(error)) from error
