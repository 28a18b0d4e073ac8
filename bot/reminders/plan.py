"""What is to be done in a repository on a day: decided from how its pilot stands and which issues there are, and from
nothing else. When nothing is to be done, it says on which day there will be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.reminders.items import Item, Standing, Whole, safe
from bot.store.dates import Kept
from rules.policy import Reminders
from rules.values import Handle, days_after

TRACKING = "tracking:items"
PACKET = "packet:decision"
PACKET_DAYS = 7
MOST = 50
"""So many overdue items of a repository have an issue of their own; the tracking issue names the others."""
ESCALATED = 2
"""After so many reminders the accountable owner is asked."""
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An issue that is to be open. `item` is what it is about, None for the tracking issue and a packet; `say` tells
    the word that is due in it today from all others in it, None where none is; `words` are the items ahead that it is
    about; `others` the overdue ones that have no issue of their own."""

    marker: str
    item: Item | None
    people: tuple[Handle, ...]
    say: str | None = None
    words: tuple[Item, ...] = ()
    escalated: tuple[Handle, ...] = ()
    others: tuple[Item, ...] = ()

    @property
    def packet(self) -> bool:
        """Whether this is what the deciders are to see."""
        return self.marker.startswith(PACKET)


@dataclass(frozen=True, slots=True)
class Unwanted:
    """An issue that is to be closed, and why; `completed`: what it asked for was done."""

    marker: str
    why: str
    completed: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people are reminded."""

    reminders: Reminders

    def quiet(self, day: date) -> bool:
        """Whether nobody is reminded on a day."""
        return _WEEK[day.weekday()] in self.reminders.quiet_weekdays

    def after(self, day: date) -> date | None:
        """A day, or the first one after it that is not quiet; None where all are."""
        week = (days_after(day, ahead) for ahead in range(7))
        return next((one for one in week if not self.quiet(one)), None)

    def reminder(self, kept: Kept) -> date | None:
        """When the next reminder in an open issue is due."""
        day = days_after(kept.reminded, self.reminders.repeat_days)
        return self.after(max(day, kept.snoozed) if kept.snoozed else day)

    def before(self, day: date) -> date | None:
        """A day, or the last one before it that is not quiet; None where all are."""
        week = (days_after(day, -back) for back in range(7))
        return next((one for one in week if not self.quiet(one)), None)

    def words(self, item: Item) -> set[date]:
        """The days on which there is a word ahead of a date: rather too early than on a quiet day."""
        found = {self.before(days_after(item.due, -lead)) for lead in self.reminders.lead_days}
        return {day for day in found if day is not None}

    def shown(self, item: Item) -> date | None:
        """From when on the tracking issue names a date ahead."""
        return min(self.words(item), default=None)


def ahead(here: Whole, calendar: Calendar) -> tuple[Item, ...]:
    """What the tracking issue names as due soon."""
    today = here.today
    return tuple(one for one in here.items if today < one.since and _reached(calendar.shown(one), today))


def _reached(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def packet_day(standing: Standing) -> date | None:
    """From when on the deciders have their packet; None where there is nothing to decide."""
    policy = standing.policy
    decision = policy.decision if policy and policy.pilot.stage != "retired" else None
    if decision is None or decision.date is None or not decision.undecided:
        return None
    return days_after(decision.date, -PACKET_DAYS)


def wanted(here: Whole, kept: Mapping[str, Kept], calendar: Calendar) -> Iterator[Wanted]:
    """The issues that are to be open today, and the words that are due in them."""
    overdue = _overdue(here, kept)
    own = {item.marker for item in overdue[:MOST]}
    for standing in here.standings:
        for item in standing.items:
            if item.marker in own:
                yield _reminded(standing, item, kept.get(item.marker), calendar)
        if _reached(packet_day(standing), here.today):
            decision = standing.policy.decision if standing.policy else None
            deciders = (decision.deciders if decision else None) or ()
            yield Wanted(PACKET + standing.suffix, None, deciders or standing.accountable)
    soon, others = ahead(here, calendar), tuple(overdue[MOST:])
    if here.missing or soon or others:
        yield replace(_tracked(here, soon, kept.get(TRACKING), calendar), others=others)


def _overdue(here: Whole, kept: Mapping[str, Kept]) -> list[Item]:
    """What is overdue: first what has an issue, then what is so for longer."""

    def rank(item: Item) -> tuple[bool, date, str]:
        known = kept.get(item.marker)
        return known is None or not known.open, item.since, item.marker

    return sorted((item for item in here.items if item.since <= here.today), key=rank)


def _reminded(standing: Standing, item: Item, kept: Kept | None, calendar: Calendar) -> Wanted:
    plain = Wanted(item.marker, item, item.people)
    if kept is None or not kept.open or not _reached(calendar.reminder(kept), standing.today):
        return plain
    if calendar.quiet(standing.today):
        return plain
    escalated = standing.accountable if kept.reminders >= ESCALATED else ()
    return replace(plain, say=f"reminder {kept.reminders + 1} after {kept.reminded}", escalated=escalated)


def _tracked(here: Whole, soon: tuple[Item, ...], kept: Kept | None, calendar: Calendar) -> Wanted:
    today = here.today
    people = tuple(dict.fromkeys((*here.accountable, *(one for item in soon for one in item.people))))
    plain = Wanted(TRACKING, None, people)
    if kept is None or not kept.open or calendar.quiet(today) or (kept.snoozed and today < kept.snoozed):
        return plain
    words = tuple(one for one in soon if _unsaid(one, kept, calendar, today))
    return replace(plain, say=f"ahead after {kept.reminded}", words=words) if words else plain


def _unsaid(item: Item, kept: Kept, calendar: Calendar, today: date) -> bool:
    """Whether a day for a word ahead has come since the last word."""
    return any(kept.reminded < day <= today for day in calendar.words(item))


def unwanted(here: Whole, kept: Mapping[str, Kept], stay: frozenset[str]) -> Iterator[Unwanted]:
    """The open issues that are to be closed, each with the reason."""
    for marker in sorted(name for name, one in kept.items() if one.open and name not in stay):
        found = _over(here, marker) if marker != TRACKING else _complete(here)
        if found is not None:
            yield found


def _complete(here: Whole) -> Unwanted | None:
    """The tracking issue, once nothing is missing; None where that can't be told."""
    if here.absent:
        return _gone(TRACKING)
    if here.complete and all(one.known for one in here.standings):
        overdue = any(item.since <= here.today for item in here.items)
        beside = ", but for what is overdue, which has issues of its own" if overdue else ""
        return Unwanted(TRACKING, f"nothing is missing on the default branch{beside}")
    return None


def _over(here: Whole, marker: str) -> Unwanted | None:
    """What has become of what an issue is about; None where that can't be told."""
    standing = here.of(marker)
    if standing is None:
        return _gone(marker) if here.complete else None
    if not standing.known:
        return None
    items = {one.marker: one for one in standing.items}
    if standing.document.absent:
        return _gone(marker)
    if marker == PACKET + standing.suffix:
        return _packet_over(standing, marker)
    if marker in items:
        return Unwanted(marker, f"it is now due on {items[marker].due}", completed=False)
    return _mended(standing, marker)


def _gone(marker: str) -> Unwanted:
    return Unwanted(marker, "its `.pilot.yml` is not on the default branch any more", completed=False)


def _packet_over(standing: Standing, marker: str) -> Unwanted:
    decision = standing.policy.decision if standing.policy else None
    if decision is not None and not decision.undecided:
        return Unwanted(marker, f"the decision is `{decision.outcome}`")
    day = packet_day(standing)
    moved = f"the decision is now due on {days_after(day, PACKET_DAYS)}" if day else "there is no decision to make"
    return Unwanted(marker, moved, completed=False)


def _mended(standing: Standing, marker: str) -> Unwanted:
    """What has become of something that was overdue and has no date any more."""
    code = marker.partition(":")[0]
    result = next((one for one in standing.report.rules if one.code == code), None)
    if result is None or result.severity in (None, "off") or result.outcome.value == "off":
        return Unwanted(marker, f"{code} is not asked of this pilot any more", completed=False)
    if result.outcome.value == "waived":
        return Unwanted(marker, "a waiver covers it", completed=False)
    if not any(_is(marker, name) for _, name in standing.names):
        return Unwanted(marker, "it is not in the policy any more", completed=False)
    return Unwanted(marker, "it is mended on the default branch")


def _is(marker: str, name: str) -> bool:
    return marker.partition("~")[0].partition(":")[2].partition(":")[0] == safe(name)


def next_day(here: Whole, kept: Mapping[str, Kept], calendar: Calendar) -> date | None:
    """The first day after today on which there may be something to do, if all is done today."""
    days = (day for one in here.standings for day in _days(one, kept, calendar))
    return min((day for day in days if day and day > here.today), default=None)


def _days(standing: Standing, kept: Mapping[str, Kept], calendar: Calendar) -> Iterator[date | None]:
    yield standing.turn
    yield packet_day(standing)
    tomorrow = standing.today + timedelta(1)
    tracking = kept.get(TRACKING)
    for item in standing.items:
        if item.since > standing.today:
            yield item.since
            yield from calendar.words(item)
            if tracking and tracking.open and _unsaid(item, tracking, calendar, standing.today):
                # It was a quiet day, or the issue is snoozed.
                yield calendar.after(max(tomorrow, tracking.snoozed or tomorrow))
        elif item.marker in kept and kept[item.marker].open:
            reminder = calendar.reminder(kept[item.marker])
            yield reminder and calendar.after(max(reminder, tomorrow))
