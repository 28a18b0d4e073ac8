"""Makes the issues of a repository what they are to be: each step is kept before and after it is taken, so that it may
be broken off at any point and begun again."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import structlog

from bot.errors import Refused
from bot.github import issues, people
from bot.github.client import Installation
from bot.github.issues import Place
from bot.present import Shown, packet
from bot.reminders import words
from bot.reminders.items import Whole
from bot.reminders.plan import Calendar, Unwanted, Wanted, ahead, unwanted, wanted
from bot.store.dates import Dates, Kept
from rules.catalogue import Catalogue

log = structlog.get_logger()
_PASSING = re.compile(r" · (?:as of [0-9-]+|at [0-9a-f]{12})")
"""What changes in a packet from day to day while nothing in it does."""
_AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Ground:
    """A repository to act in: as which installation, by which rules, and what is remembered of it."""

    installation: Installation
    catalogue: Catalogue
    dates: Dates
    here: Whole
    calendar: Calendar


def act(ground: Ground) -> int:
    """Do what is due today; returns how many issues were touched. Raises RetryLater or Refused."""
    return _Hand(ground).act()


class _Hand:
    def __init__(self, ground: Ground) -> None:
        self.installation, self.catalogue, self.dates = ground.installation, ground.catalogue, ground.dates
        self.here, self.calendar = ground.here, ground.calendar
        self.repository, self.today = ground.here.pilot.id, ground.here.today
        self.name = ground.here.pilot.name
        self.refused: Refused | None = None

    @cached_property
    def _listed(self) -> list[dict[str, Any]]:
        """The app's issues that are there, but for those that are known by their numbers."""
        known = {one.number for one in self.dates.issues(self.repository).values()}
        return [one for one in issues.listed(self.installation, self.name) if one["number"] not in known]

    def act(self) -> int:
        """See the module's `act`."""
        kept = self._known()
        open_ = list(wanted(self.here, kept, self.calendar))
        closing = list(unwanted(self.here, kept, frozenset(one.marker for one in open_)))
        steps = [(one.marker, partial(self._close, one, kept[one.marker])) for one in closing]
        steps += [(one.marker, partial(self._see_to, one, kept.get(one.marker))) for one in open_]
        touched = [marker for marker, step in steps if self._done(kept.get(marker), step)]
        if touched:
            log.info("issues kept", repository=self.name, touched=touched)
        if self.refused is not None:
            raise self.refused
        return len(touched)

    def _done(self, kept: Kept | None, step: Callable[[], bool]) -> bool:
        """Take a step. What GitHub refuses of one issue, which may have more comments than it takes, is no reason to
        leave the others alone."""
        try:
            return step()
        except Refused as refused:
            if kept is None or kept.number is None:
                raise
            self.refused = self.refused or refused
            return False

    def _known(self) -> dict[str, Kept]:
        """The issues that are kept. None has had its last word on a day that is still to come, as after a scan of
        another day, or it would have no other until then."""
        kept = self.dates.issues(self.repository)
        late = {marker: one for marker, one in kept.items() if one.reminded > self.today}
        return kept | {marker: self._keep(marker, replace(one, reminded=self.today)) for marker, one in late.items()}

    def _keep(self, marker: str, one: Kept) -> Kept:
        self.dates.keep(self.repository, marker, one)
        return one

    def _see_to(self, one: Wanted, kept: Kept | None) -> bool:
        """Have an issue open and say what it is to say; whether that took a request."""
        if not self.differs(one, kept):
            return False
        body = self._body(one)
        shown = self._shown(one, body)
        place = self._place(kept)
        is_open = issues.is_open(self.installation, place) if place else None
        if place is None or is_open is None or kept is None:
            self._open(one, kept, body, shown)
            return True
        if kept.shown != shown:
            issues.edit(self.installation, place, body)
            issues.assign(self.installation, place, words.logins(one.people))
            kept = self._keep(one.marker, replace(kept, shown=shown))
        if not is_open and kept.open and not one.say:
            # A person has closed it, who is left in peace until the next word is due.
            return True
        if not is_open:
            self._reopen(one, kept, place)
        elif not kept.open or (kept.saying or "").startswith(_AGAIN):
            # A person was faster, or this was broken off right after it had opened it.
            self._keep(one.marker, Kept(kept.number, True, kept.shown, 0, self.today))
        elif one.say:
            self._remind(one, kept, place)
        return True

    def differs(self, one: Wanted, kept: Kept | None) -> bool:
        """Whether an issue is not, as far as is known, what it is to be."""
        if kept is None or kept.number is None or not kept.open or one.say:
            return True
        return kept.shown != self._shown(one, self._body(one))

    def _shown(self, one: Wanted, body: str) -> str:
        return hashlib.sha256("\n".join([_PASSING.sub("", body), *words.logins(one.people)]).encode()).hexdigest()

    def _place(self, kept: Kept | None) -> Place | None:
        return Place(self.name, kept.number) if kept is not None and kept.number is not None else None

    def _open(self, one: Wanted, before: Kept | None, body: str, shown: str) -> None:
        """Open an issue, unless it is there and only this store does not know it."""
        fresh = Kept(None, True, "", 0, self.today)
        found = issues.among(self._listed, words.mark(one.marker))
        if found is None:
            number = issues.create(self.installation, self.name, words.title(self.here, one), body)
            kept = replace(fresh, number=number)
            if not self.dates.opened(self.repository, one.marker, kept, before.number if before else None):
                self._withdraw(Place(self.name, number))
                return
        else:
            place = Place(self.name, found["number"])
            kept = self._keep(one.marker, replace(fresh, number=place.number))
            if (found.get("body") or "") != body:
                issues.edit(self.installation, place, body)
            if found["state"] != "open":
                kept = self._reopen(one, kept, place)
        assert kept.number is not None
        issues.assign(self.installation, Place(self.name, kept.number), words.logins(one.people))
        self._keep(one.marker, replace(kept, shown=shown))

    def _withdraw(self, place: Place) -> None:
        """Close an issue that another worker, by whom this one was taken for dead, has opened as well."""
        log.warning("opened twice", repository=self.name, closed=place.number)
        people.comment(self.installation, self.name, place.number, words.DOUBLED)
        issues.close(self.installation, place, completed=False)

    def _reopen(self, one: Wanted, kept: Kept, place: Place) -> Kept:
        """Open an issue again, as if for the first time."""
        kept = self._say(one.marker, kept, place, f"{_AGAIN} after {kept.reminded}", words.again(one))
        issues.reopen(self.installation, place)
        return self._keep(one.marker, Kept(kept.number, True, kept.shown, 0, self.today))

    def _remind(self, one: Wanted, kept: Kept, place: Place) -> None:
        assert one.say is not None
        kept = self._say(one.marker, kept, place, one.say, words.reminder(one))
        issues.assign(self.installation, place, words.logins(one.escalated))
        self._keep(one.marker, replace(kept, reminders=kept.reminders + 1, reminded=self.today, saying=None))

    def _close(self, one: Unwanted, kept: Kept) -> bool:
        """Close an issue and say why, unless a person has closed it before."""
        place = self._place(kept)
        if place is not None and issues.is_open(self.installation, place):
            kept = self._say(one.marker, kept, place, f"closed after {kept.reminded}", words.closed(one))
            issues.close(self.installation, place, one.completed)
        self._keep(one.marker, replace(kept, open=False, reminders=0, snoozed=None, saying=None, shown=""))
        return True

    def _say(self, marker: str, kept: Kept, place: Place, tag: str, text: str) -> Kept:
        """Comment once: what is kept as being said may have been said already."""
        seal = words.said(tag)
        if kept.saying == tag and issues.has_comment(self.installation, place, seal):
            return kept
        kept = self._keep(marker, replace(kept, saying=tag))
        people.comment(self.installation, self.name, place.number, f"{text}\n\n{seal}\n")
        return kept

    def _body(self, one: Wanted) -> str:
        standing = self.here.of(one.marker)
        if not one.packet or standing is None or standing.policy is None or standing.held is None:
            return words.body(self.here, one, ahead(self.here, self.calendar), self.catalogue)
        shown = Shown(standing.held.report, self.catalogue, standing.document.text)
        return words.packet(one, standing.document.path, packet.render(shown, standing.policy, standing.held.facts))
