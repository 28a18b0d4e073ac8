"""Days as people write them, in English. What could be another day to somebody else is none."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date

from bot.errors import UserError
from rules.values import days_after, quote

_YEARS = 50
_FAR = 270
"""Of a month's day without a year: more days ahead than this, it is rather the one that has passed that was meant."""
_HOW = "write it as 2026-12-15, or as in `tomorrow`, `next friday`, `15 december`, `+2w`"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NEAR = {
    "today": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "yesterday": -1,
    "day before yesterday": -2,
    "the day before yesterday": -2,
}

_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|" + "|".join(_MONTHS) + r")\.?"
_WEEKDAY = r"(?P<weekday>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|" + "|".join(_WEEKDAYS) + r")\.?"
_YEAR = r"(?:[ -](?P<year>\d{4}))?"
_COUNT = r"(?P<count>\d{1,4}|an?|" + "|".join(_NUMBERS) + ")"


def day(text: str, today: date) -> date:
    """The day that a text means, seen from `today`; UserError for one that means none, or several, or is far away."""
    text = " ".join(text.split())
    found = _day(text, today)
    if found is None:
        likely = sorted({str(one) for one in _likely(text, today)})
        how = f"write {' or '.join(likely)}" if likely else _HOW
        raise UserError(f"{quote(text)} is no day that can be told for certain: {how}")
    if abs(found.year - today.year) > _YEARS:
        raise UserError(f"{found} is more than {_YEARS} years away: {_HOW}")
    return found


def _day(text: str, today: date) -> date | None:
    words = _words(text)
    for form, meant in _FORMS:
        found = re.fullmatch(form, words, re.ASCII)
        if found is not None:
            return meant(found, today)
    return days_after(today, _NEAR[words]) if words in _NEAR else None


def _words(text: str) -> str:
    return re.sub(r"^(?:on|by) ", "", re.sub(r",(?= )", "", text.lower()))


def _iso(found: re.Match[str], _: date) -> date | None:
    return _date(int(found["year"]), int(found["month"]), int(found["day"]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ahead(found: re.Match[str], today: date) -> date | None:
    """So many days, weeks or months from today, or ago."""
    parts = {"count": None, "unit": "", "ago": None, **found.groupdict()}
    count, unit = _number(str(parts["count"])), str(parts["unit"])
    count = -count if parts["ago"] else count
    if unit.startswith("m"):
        months = 12 * today.year + today.month - 1 + count
        return _date(months // 12, months % 12 + 1, today.day)
    return days_after(today, count * {"d": 1, "w": 7, "f": 14}[unit[0]])


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 1 if word in ("a", "an") else _NUMBERS.index(word) + 1


def _on_weekday(found: re.Match[str], today: date) -> date | None:
    """The first such day after today, or the last before; none where it is such a day today, and that may be meant."""
    which, ahead = found["which"], (_index(found["weekday"], _WEEKDAYS) - today.weekday()) % 7
    if which == "last":
        return days_after(today, (ahead or 7) - 7 if ahead else -7)
    return days_after(today, ahead or 7) if ahead or which == "next" else None


def _of_month(found: re.Match[str], today: date) -> date | None:
    """A day of a month: the next one where no year is said, unless it has passed not long ago."""
    month, number = _index(found["month"], _MONTHS) + 1, int(found["day"])
    if found["year"]:
        meant = _date(int(found["year"]), month, number)
    else:
        meant = next((one for one in _in_either_year(month, number, today) if one >= today), None)
        meant = meant if meant and (meant - today).days <= _FAR else None
    # Of a weekday and a date that do not fit, either may be the slip.
    weekday = found["weekday"]
    return None if meant and weekday and meant.weekday() != _index(weekday, _WEEKDAYS) else meant


def _in_either_year(month: int, number: int, today: date) -> list[date]:
    """A day of a month in this year and the next."""
    return [one for year in (today.year, today.year + 1) if (one := _date(year, month, number))]


def _end(found: re.Match[str], today: date) -> date | None:
    """The last day of a month or of the year."""
    year, month = today.year, today.month
    if found["unit"] == "year":
        year, month = year + bool(found["next"]), 12
    elif found["unit"]:
        year, month = (year + month // 12, month % 12 + 1) if found["next"] else (year, month)
    else:
        month = _index(found["month"], _MONTHS) + 1
        year = int(found["year"]) if found["year"] else year + (month < today.month)
    last = _date(year, month, 1) and date(year, month, monthrange(year, month)[1])
    sure = found["unit"] or found["year"]
    return last if last and (sure or (last - today).days <= _FAR) else None


def _index(word: str, names: tuple[str, ...]) -> int:
    return next(number for number, name in enumerate(names) if name.startswith(word[:3]))


_OF_MONTH = (
    rf"(?:{_WEEKDAY} )?(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th|\.)?[ -](?:of )?{_MONTH}{_YEAR}",
    rf"(?:{_WEEKDAY} )?{_MONTH} ?(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?{_YEAR}",
)
_FORMS: tuple[tuple[str, Callable[[re.Match[str], date], date | None]], ...] = (
    (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _iso),
    (r"\+? ?(?P<count>\d{1,4}) ?(?P<unit>[dw])", _ahead),
    (rf"(?:\+ ?|in )?{_COUNT} (?P<unit>day|week|fortnight|month)s?(?: from (?:now|today))?", _ahead),
    (rf"{_COUNT} (?P<unit>day|week|fortnight|month)s? (?P<ago>ago)", _ahead),
    (rf"(?:(?P<which>this|next|last) )?{_WEEKDAY}", _on_weekday),
    *((form, _of_month) for form in _OF_MONTH),
    (rf"(?:the )?end of (?:(?:the |this |(?P<next>next ))?(?P<unit>month|year)|{_MONTH}{_YEAR})", _end),
)


def _likely(text: str, today: date) -> Iterator[date]:
    """The days that somebody may have meant by what means none for certain: by three numbers, of which the year is the
    one of four digits; by a day of a month whose year is not said; by the weekday that it is today."""
    found = re.fullmatch(r"(\d{1,4})([./-])(\d\d?)\2(\d{1,4})\.?", text, re.ASCII)
    if found is not None:
        first, middle, last = int(found[1]), int(found[3]), int(found[4])
        ways = [(first, middle, last)] if len(found[1]) == 4 else []
        ways += [(last, middle, first), (last, first, middle)] if len(found[4]) == 4 and len(found[1]) < 3 else []
        yield from (one for way in ways if (one := _date(*way)))
    for form in _OF_MONTH:
        found = re.fullmatch(form, _words(text), re.ASCII)
        if found is not None and not found["year"] and not found["weekday"]:
            yield from _in_either_year(_index(found["month"], _MONTHS) + 1, int(found["day"]), today)
    if re.fullmatch(rf"(?:this )?{_WEEKDAY}", _words(text), re.ASCII):
        yield from (today, days_after(today, 7))
