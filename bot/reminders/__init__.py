"""The dates that nobody watches: what a default branch's policies say of them is kept, and on the day an issue says it.

What is kept is only when to look next. A look reads the repository as it stands, so that what has changed since is
what counts; each look may be repeated.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from bot import __version__
from bot.gather.branch import branch
from bot.gather.pilots import Page, Pilot, pages
from bot.github.client import Installation
from bot.reminders.act import Ground, act
from bot.reminders.items import may_be_asked, whole
from bot.reminders.plan import Calendar, next_day
from bot.review.judge import By, judge, usable
from bot.store.dates import Dates, Watched
from rules.policy import Organisation

log = structlog.get_logger()
_RESERVE = 0.5
"""The part of what GitHub allows that looks leave to pull requests and to people who ask."""
_AGAIN = timedelta(7)
"""When a repository without issues is looked at again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a look works with; `today` tells the date where an organisation is."""

    by: By
    dates: Dates
    today: Callable[[Organisation], date]


def look(installation: Installation, desk: Desk, repository: int, name: str, pushed: bool = False) -> None:
    """Do what is due in a repository as it stands; where it was `pushed` to and that is all, only if it is not as it
    was when it was looked at last. Raises RetryLater or Refused."""
    # Where an app is new to thousands of pilots, their pull requests come first.
    installation.spare(_RESERVE)
    (page,) = pages(installation, desk.by.catalogue, [name])
    found = next((one for one in page.pilots if one.id == repository), None)
    if found is None or found.archived:
        log.info("nothing to do", repository=name, reason="it is archived, gone, or not to be seen")
        desk.dates.drop([repository])
        return
    organisation = _organisation(desk, page, found)
    if organisation is None:
        return
    if pushed and desk.dates.mark(repository) == _mark(found, organisation):
        # Of many pushes in a row, the first look has seen the last.
        log.info("nothing to do", repository=name, reason="it is as it was when it was looked at")
        return
    ground = _ground(installation, desk, page, found, organisation)
    if found.issues:
        act(ground)
    else:
        log.warning("no reminder", repository=name, reason="issues are disabled in this repository")
    _watch(ground, desk, organisation)


def survey(installation: Installation, desk: Desk, names: Sequence[str]) -> Iterator[int]:
    """Read many repositories of one account, a hundred to a request; yields the ids of those that are not as they were
    when they were looked at last. Raises RetryLater or Refused."""
    known = desk.dates.marks(installation.id)
    for page in pages(installation, desk.by.catalogue, names):
        for one in page.pilots:
            organisation = None if one.archived else _organisation(desk, page, one)
            if organisation is None or (one.id not in known and not may_be_asked(one, organisation)):
                continue
            if known.get(one.id) != _mark(one, organisation):
                yield one.id


def _organisation(desk: Desk, page: Page, one: Pilot) -> Organisation | None:
    """The file that a repository is under; None where it can't be used, so that nobody knows what a day is."""
    owner = one.name.partition("/")[0]
    found = usable(desk.by.memory, owner, page.organisation)
    if found is None:
        log.warning("no reminder", repository=one.name, reason=f"the organisation's file of {owner} can't be used")
    return found


def _ground(installation: Installation, desk: Desk, page: Page, one: Pilot, organisation: Organisation) -> Ground:
    """A repository as it stands."""
    today = desk.today(organisation)
    pull = branch(one, page.organisation)
    judged = judge(installation, desk.by.on(today, organisation), pull) if pull else None
    here = whole(one, judged, organisation, today, desk.by.catalogue)
    return Ground(installation, desk.by.catalogue, desk.dates, here, Calendar(organisation.reminders))


def _watch(ground: Ground, desk: Desk, organisation: Organisation) -> None:
    """Keep a repository's dates, and when there is something to do next."""
    here = ground.here
    if not here.items and not here.missing and here.absent and not may_be_asked(here.pilot, organisation):
        desk.dates.drop([here.pilot.id])
        return
    kept = desk.dates.issues(here.pilot.id)
    due = next_day(here, kept, ground.calendar) if here.pilot.issues else here.today + _AGAIN
    desk.dates.watch(
        Watched(
            installation=ground.installation.id,
            repository=here.pilot.id,
            mark=_mark(here.pilot, organisation),
            zone=organisation.timezone,
            looked=here.today,
            due=due,
            items={one.marker: one.since for one in here.items},
        )
    )


def _mark(one: Pilot, organisation: Organisation) -> str:
    """The same as long as all is that a look hangs on, the calendar apart."""
    # Where there is no policy, a push asks for none. Another version may have other rules.
    commit = None if one.policy.absent and organisation.required_for.properties else one.commit
    parts = (__version__, one.branch, commit, one.issues, sorted(one.topics), organisation.model_dump_json())
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
