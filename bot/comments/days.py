"""Days as people write them, in English. What could be another day to somebody else is none."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from bot.errors import UserError
from rules.values import days_after, quote

_YEARS = 50
_FAR = 270
"""Of a month's day without a year: more days ahead than this, it is rather the one that has passed that was meant."""
_LONGEST = 40
_HOW = "write it as 2026-12-15, or as in `tomorrow`, `next friday`, `15 december`, `+2w`"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_COUNTS = frozenset(
    ["a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
)
_UNITS = frozenset(("day", "days", "week", "weeks", "fortnight", "fortnights", "month", "months"))
_BACK = frozenset(("ago", "last", "yesterday", "before"))
_FILLING = frozenset(("in", "next", "this", "the", "of", "from", "now", "today", "tomorrow", "after"))
_TOKEN = re.compile(r"(\d{4})|(\d\d?)(?:st|nd|rd|th)?|([a-z]+)", re.ASCII)


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
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    ahead = re.fullmatch(r"\+ ?(\d{1,4}) ?(d|w|days?|weeks?)|(\d{1,4}) ?([dw])", text, re.ASCII | re.IGNORECASE)
    if ahead:
        count, unit = ahead[1] or ahead[3], (ahead[2] or ahead[4]).lower()
        return days_after(today, int(count) * (7 if unit.startswith("w") else 1))
    words = _Words(text)
    found = words.read(today, "future") if words.known else None
    return found if found is not None and words.mean(found, today) else None


class _Words:
    """A day in words. The library reads it, and guesses where it is not certain; here such guesses are refused."""

    def __init__(self, text: str) -> None:
        text = re.sub(r"^(?:on|by) |[,.](?= |$)", "", text.lower())
        text = re.sub(r"[a-z]{3,}", lambda found: _in_full(found[0]), text, flags=re.ASCII)
        self.text = text.replace("from today", "from now")
        parts = [found for one in re.split(r"[ -]", self.text) if one for found in [_TOKEN.fullmatch(one)]]
        self._whole = len(self.text) <= _LONGEST and None not in parts
        tokens = [one.groups() for one in parts if one is not None]
        self._years = [int(year) for year, _, _ in tokens if year]
        self._numbers = [int(number) for _, number, _ in tokens if number]
        words = [word for _, _, word in tokens if word]
        self._weekdays, self._months = _named(words, _WEEKDAYS), _named(words, _MONTHS)
        self._words = {word for word in words if not (_named([word], _WEEKDAYS) or _named([word], _MONTHS))}

    @property
    def known(self) -> bool:
        """Whether each word is one that has a part in a day, and no part is there twice."""
        parts = (self._weekdays, self._months, self._years, self._numbers, list(self._words & _UNITS))
        known = _COUNTS | _UNITS | _BACK | (_FILLING if "tomorrow" in self._words else _FILLING - {"after"})
        return self._whole and self._words <= known and all(len(one) < 2 for one in parts)

    def read(self, today: date, prefer: str) -> date | None:
        """What the library takes it for."""
        import dateparser  # noqa: PLC0415 - it is slow to load, and most comments name no day

        noon = datetime.combine(today, time(12))
        # Of a month without a day, it makes any day that it is asked to make.
        found = {
            said.date() if said else None
            for end in (("first", "last") if self._months else ("current",))
            for settings in [{"RELATIVE_BASE": noon, "PREFER_DATES_FROM": prefer, "PREFER_DAY_OF_MONTH": end}]
            for said in [dateparser.parse(self.text, languages=["en"], settings=settings)]
        }
        return found.pop() if len(found) == 1 else None

    def mean(self, found: date, today: date) -> bool:
        """Whether that is what the words say, as far as they can be held against it, and nothing else."""
        named = ((self._weekdays, found.weekday()), (self._years, found.year))
        if any(said and said != [is_] for said, is_ in named):
            return False
        if self._months:
            near = bool(self._years) or 0 <= (found - today).days <= _FAR
            return near and (self._months, self._numbers) == ([found.month - 1], [found.day])
        counted = bool(self._numbers or self._words & _COUNTS)
        if self._years or counted != bool(self._words & _UNITS) or (counted and self._weekdays):
            # A number alone is no day, and `next week` is seven of them.
            return "day" in self._words and not counted
        if self._weekdays and found.weekday() == today.weekday() and not self._words & {"next", "last"}:
            return False
        return found < today if self._words & _BACK else found >= today

    def unsure(self, today: date) -> Iterator[date]:
        """The days that may be meant by a weekday, or by a day of a month, alone."""
        if not self.known or self._years or bool(self._months) != bool(self._numbers):
            return
        if self._months and not self._weekdays:
            both = (self.read(today, prefer) for prefer in ("past", "future"))
            yield from (one for one in both if one and (self._months, self._numbers) == ([one.month - 1], [one.day]))
        elif self._weekdays == [today.weekday()] and self._words <= {"this"} and not self._months:
            yield from (today, days_after(today, 7))


def _named(words: list[str], names: tuple[str, ...]) -> list[int]:
    """Which of these names are among the words."""
    return [names.index(word) for word in words if word in names]


def _in_full(word: str) -> str:
    """The weekday or month that a word is cut from, in full; any other as it is."""
    return next((name for name in (*_WEEKDAYS, *_MONTHS) if name.startswith(word)), word)


def _likely(text: str, today: date) -> Iterator[date]:
    """The days that somebody may have meant by what means none for certain: by three numbers, of which the year is the
    one of four digits; by a day of a month whose year is not said; by the weekday that it is today."""
    found = re.fullmatch(r"(\d{1,4})([./-])(\d\d?)\2(\d{1,4})\.?", text, re.ASCII)
    if found is not None:
        first, middle, last = int(found[1]), int(found[3]), int(found[4])
        ways = [(first, middle, last)] if len(found[1]) == 4 else []
        ways += [(last, middle, first), (last, first, middle)] if len(found[4]) == 4 and len(found[1]) < 3 else []
        yield from (one for way in ways if (one := _date(*way)))
    elif len(text) <= _LONGEST:
        yield from _Words(text).unsure(today)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
