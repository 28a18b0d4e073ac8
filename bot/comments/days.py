"""Days as people write them."""

import re
from datetime import date, datetime, time

from bot.errors import UserError
from rules.values import days_after, quote

_AHEAD = re.compile(r"\+?\s*(\d{1,4})\s*(d|w|days?|weeks?)", re.I)
_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9 ,.]*|\d{1,2}\.? [A-Za-z][A-Za-z0-9 ,.]*")
_LONGEST = 40
_YEARS = 50
_HOW = "write it as 2026-12-15, or as in `tomorrow`, `next friday`, `15 december`, `+2w`"


def day(text: str, today: date) -> date:
    """The day that a text means, seen from `today`; UserError for one that means none, or several, or is far away."""
    text = " ".join(text.split())
    found = _day(text, today)
    if found is None:
        raise UserError(f"{quote(text)} is no day that can be told for certain: {_HOW}")
    if abs(found.year - today.year) > _YEARS:
        raise UserError(f"{found} is more than {_YEARS} years away: {_HOW}")
    return found


def _day(text: str, today: date) -> date | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    ahead = _AHEAD.fullmatch(text)
    if ahead:
        return days_after(today, int(ahead[1]) * (7 if ahead[2].lower().startswith("w") else 1))
    return _said(text, today) if len(text) <= _LONGEST and _WORDS.fullmatch(text) else None


def _said(text: str, today: date) -> date | None:
    import dateparser  # noqa: PLC0415 - it is slow to load, and most comments name no day

    # What people write before a day says nothing to it.
    text, noon = re.sub(r"(?i)^(?:on|by) ", "", text), datetime.combine(today, time(12))
    # Of a month without a day, it makes any day that it is asked to make.
    found = {
        said.date() if said else None
        for end in ("first", "last")
        for settings in [{"RELATIVE_BASE": noon, "PREFER_DATES_FROM": "future", "PREFER_DAY_OF_MONTH": end}]
        for said in [dateparser.parse(text, languages=["en"], settings=settings)]
    }
    return found.pop() if len(found) == 1 else None
