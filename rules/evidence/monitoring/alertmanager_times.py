"""When Alertmanager's routes are muted: its time intervals as minutes of a week, as far as they are plain.

Source: Alertmanager's documentation of its configuration, `<time_interval>`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rules.evidence.loading import listing, mapping
from rules.evidence.monitoring.matchers import scalar
from rules.evidence.spans import Spans, both, either

_DAY = 24 * 60
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def _between(start: int, end: int) -> Spans:
    return (((start, False), (end, False)),) if start < end else ()


WEEK = _between(0, 7 * _DAY)


class Interval:
    """A named interval. `surely` are the minutes of every week that are in it, `perhaps` those of some weeks.

    Each by the place whose clock counts.
    """

    def __init__(self, written: Mapping[Any, Any]) -> None:
        parts = [one for key in ("time_intervals", "timeIntervals") for one in listing(written.get(key))]
        self.surely: dict[str, Spans] = {}
        self.perhaps: dict[str, Spans] = {}
        for one in [part for part in parts if isinstance(part, Mapping)]:
            place, minutes = scalar(one.get("location")) or "UTC", _minutes(one)
            self.perhaps[place] = either(self.perhaps.get(place, ()), WEEK if minutes is None else minutes)
            whole = minutes is not None and _all_year(one)
            self.surely[place] = either(self.surely.get(place, ()), minutes if minutes is not None and whole else ())


def muted(active: Sequence[Interval], mute: Iterable[Interval]) -> bool:
    """Whether a route that is active at some times (where none is named, at any) and muted at others tells nobody."""
    on = _joined(one.perhaps for one in active) if active else {"UTC": WEEK}
    off = _joined(one.surely for one in mute)
    if any(minutes == WEEK for minutes in off.values()):
        return True
    if len(on.keys() | off.keys()) > 1:
        return False
    there, away = next(iter(on.values()), ()), next(iter(off.values()), ())
    return both(there, away) == there


def _joined(intervals: Iterable[Mapping[str, Spans]]) -> dict[str, Spans]:
    found: dict[str, Spans] = {}
    for one in intervals:
        for place, minutes in one.items():
            found[place] = either(found.get(place, ()), minutes)
    return found


def _minutes(part: Mapping[Any, Any]) -> Spans | None:
    """The minutes of the week in a part of an interval; None where they can't be read."""
    times = list(_times(part.get("times")))
    days = list(_ranges(part.get("weekdays"), _DAYS))
    if None in times or None in days:
        return None
    found: Spans = ()
    for first, last in [one for one in days if one is not None]:
        for day in range(first, last + 1):
            for start, end in [one for one in times if one is not None]:
                found = either(found, _between(day * _DAY + start, day * _DAY + end))
    return found


def _times(value: object) -> Iterator[tuple[int, int] | None]:
    if not value:
        yield 0, _DAY
    for one in listing(value):
        block = mapping(one)
        ends = [_clock(block.get(key, block.get(other))) for key, other in _TIMES]
        yield (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None


_TIMES = (("start_time", "startTime"), ("end_time", "endTime"))


def _clock(value: object) -> int | None:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", scalar(value) or "", re.ASCII)
    return int(found[1]) * 60 + int(found[2]) if found else None


def _ranges(value: object, names: tuple[str, ...], least: int = 0) -> Iterator[tuple[int, int] | None]:
    """Ranges such as `monday:friday` or `1:12` as numbers from `least`; None for one that can't be read."""
    if not value:
        yield least, least + len(names) - 1
    for one in listing(value):
        ends = [_place(end, names, least) for end in (scalar(one) or "").lower().split(":")]
        first, last = ends[0], ends[-1]
        yield (first, last) if len(ends) <= 2 and first is not None and last is not None else None


def _place(text: str, names: tuple[str, ...], least: int) -> int | None:
    text = text.strip()
    if text in names:
        return least + names.index(text)
    return int(text) if re.fullmatch(r"\d{1,2}", text, re.ASCII) and names is not _DAYS else None


def _all_year(part: Mapping[Any, Any]) -> bool:
    """Whether a part of an interval leaves out no day of any year."""
    days = part.get("days_of_month", part.get("daysOfMonth"))
    plain = [str(scalar(one)).replace(" ", "") for one in listing(days)]
    if part.get("years") or (days and not any(one in ("1:31", "1:-1") for one in plain)):
        return False
    months = [one for one in _ranges(part.get("months"), _MONTHS, 1) if one is not None]
    named = {month for first, last in months for month in range(first, last + 1)}
    return named >= set(range(1, 13))
