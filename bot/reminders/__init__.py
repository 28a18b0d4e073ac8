"""The dates that nobody watches: what a default branch's policy says of them is kept, and on the day an issue says it.

What is kept is only when to look next. A look reads the repository as it stands, so that a policy that has changed
since is what counts; each look may be repeated.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from bot.gather.pilots import Page, Pilot, pages
from bot.github.client import Installation
from bot.reminders.act import Ground, act, due_today
from bot.reminders.items import asked_for, standing
from bot.reminders.plan import Calendar, next_day
from bot.review.judge import usable
from bot.store.dates import Dates, Watched
from bot.store.memory import Memory
from rules.catalogue import Catalogue
from rules.policy import Organisation

log = structlog.get_logger()
_AGAIN = timedelta(7)
"""When a repository without issues is looked at again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a look works with; `today` tells the date where an organisation is."""

    catalogue: Catalogue
    dates: Dates
    memory: Memory
    today: Callable[[Organisation], date]


def look(installation: Installation, desk: Desk, repository: int, name: str) -> None:
    """Do what is due in a repository by its policy as it stands. Raises RetryLater or Refused."""
    (page,) = pages(installation, desk.catalogue, [name])
    found = next((one for one in page.pilots if one.id == repository), None)
    if found is None or found.archived:
        log.info("nothing to do", repository=name, reason="it is archived, gone, or not to be seen")
        desk.dates.drop([repository])
        return
    ground = _ground(installation, desk, page, found)
    if ground is None:
        return
    if found.issues:
        act(ground)
        _watch(ground, desk, due=None)
    else:
        log.warning("no reminder", repository=name, reason="issues are disabled in this repository")
        _watch(ground, desk, due=ground.standing.today + _AGAIN)


def survey(installation: Installation, desk: Desk, names: Sequence[str]) -> Iterator[int]:
    """Read many repositories of one account, a hundred to a request, and keep when to look at each; yields the ids of
    those in which there is something to do today. Raises RetryLater or Refused."""
    known = desk.dates.marks(installation.id)
    for page in pages(installation, desk.catalogue, names):
        for one in page.pilots:
            if one.archived:
                continue
            if one.id not in known and one.policy.absent and not _asked(page, one):
                continue
            ground = _ground(installation, desk, page, one)
            if ground is not None and _surveyed(ground, desk, known.get(one.id)):
                yield one.id


def _asked(page: Page, one: Pilot) -> bool:
    return page.organisation.model is not None and asked_for(one, page.organisation.model)


def _surveyed(ground: Ground, desk: Desk, mark: str | None) -> bool:
    """Keep when to look at a repository; whether there is something to do today."""
    if not ground.standing.pilot.issues:
        # A look would only say so again.
        if mark is None:
            _watch(ground, desk, due=ground.standing.today + _AGAIN)
        return False
    if not due_today(ground):
        if mark != _mark(ground):
            _watch(ground, desk, due=None)
        return False
    # Should the look come to nothing, the next day brings another.
    _watch(ground, desk, due=ground.standing.today + timedelta(1))
    return True


def _ground(installation: Installation, desk: Desk, page: Page, one: Pilot) -> Ground | None:
    """A repository as it stands; None where its organisation's file, which says what a day is, can't be used."""
    owner = one.name.partition("/")[0]
    organisation = usable(desk.memory, owner, page.organisation)
    if organisation is None:
        log.warning("no reminder", repository=one.name, reason=f"the organisation's file of {owner} can't be used")
        return None
    today = desk.today(organisation)
    stands, calendar = standing(one, organisation, today, desk.catalogue), Calendar(organisation.reminders)
    return Ground(installation, desk.catalogue, desk.dates, stands, calendar, organisation.timezone)


def _watch(ground: Ground, desk: Desk, due: date | None) -> None:
    """Keep a repository's dates, and when to look at it: on `due`, else when there is something to do next."""
    here = ground.standing
    if not here.items and not here.missing and here.pilot.policy.absent:
        desk.dates.drop([here.pilot.id])
        return
    kept = desk.dates.issues(here.pilot.id)
    desk.dates.watch(
        Watched(
            installation=ground.installation.id,
            repository=here.pilot.id,
            mark=_mark(ground),
            zone=ground.zone,
            due=due or next_day(here, kept, ground.calendar),
            items={one.marker: one.since for one in here.items},
        )
    )


def _mark(ground: Ground) -> str:
    """The same as long as all that dates hang on is the same, the calendar apart."""
    text = f"{ground.zone}\n{ground.calendar}\n{ground.standing.pilot.policy.text.text}"
    return hashlib.sha256(text.encode()).hexdigest()
