"""What becomes due, and the issues that say so. Each method is one transaction, and may be repeated."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import installations, issues, items, pilots, repositories


@dataclass(frozen=True, slots=True)
class Watched:
    """A repository with dates: a `mark` of what was read, the organisation's time zone, the day on which it was looked
    at and the one on which there is something to do next, and each item's marker with the first day on which it is
    overdue."""

    installation: int
    repository: int
    mark: str
    zone: str
    looked: date
    due: date | None
    items: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Due:
    """A repository in which there is something to do, by the name that it has now."""

    installation: int
    repository: int
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The issue of a marker. `number` is None until it is known to be there; `saying` names a comment that was about to
    be posted."""

    number: int | None
    open: bool
    shown: str
    reminders: int
    reminded: date
    snoozed: date | None = None
    saying: str | None = None


class Dates:
    """The dates of a store, and the issues that the app keeps for them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dialect = sqlite if store.embedded else postgresql

    def watch(self, one: Watched) -> None:
        """This is all that a repository's policy says of dates."""
        values = {"installation": one.installation, "mark": one.mark, "zone": one.zone}
        values |= {"looked": _written(one.looked), "due": _written(one.due)}
        row = self._dialect.insert(pilots).values({"repository": one.repository, **values})
        with self._store.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["repository"], set_=values))
            connection.execute(delete(items).where(items.c.repository == one.repository))
            rows = [
                {"repository": one.repository, "marker": marker, "since": since.isoformat()}
                for marker, since in one.items.items()
            ]
            if rows:
                connection.execute(insert(items), rows)

    def watches(self, repository: int) -> bool:
        """Whether anything is kept of a repository."""
        with self._store.read() as connection:
            return connection.scalar(select(pilots.c.repository).where(pilots.c.repository == repository)) is not None

    def mark(self, repository: int) -> str | None:
        """What was read last of a repository; None where nothing is kept of it."""
        with self._store.read() as connection:
            return connection.scalar(select(pilots.c.mark).where(pilots.c.repository == repository))

    def marks(self, installation: int) -> dict[int, str]:
        """What was read last of each repository of an installation."""
        query = select(pilots.c.repository, pilots.c.mark).where(pilots.c.installation == installation)
        with self._store.read() as connection:
            return {row.repository: row.mark for row in connection.execute(query)}

    def items(self, repository: int) -> dict[str, date]:
        """The markers of a repository's dates, and from which day on each is overdue."""
        query = select(items.c.marker, items.c.since).where(items.c.repository == repository)
        with self._store.read() as connection:
            return {row.marker: date.fromisoformat(row.since) for row in connection.execute(query)}

    def due(self, today: Callable[[str], date]) -> list[Due]:
        """The repositories in which there is something to do; `today` tells the date in a time zone.

        Also where the last look was made on a day that is still to come: what it found is not true yet.
        """
        with self._store.read() as connection:
            zones = list(connection.scalars(select(pilots.c.zone).distinct()))
            if not zones:
                return []
            days = {zone: today(zone).isoformat() for zone in zones}
            come = or_(
                *(and_(pilots.c.zone == zone, pilots.c.due <= day) for zone, day in days.items()),
                *(and_(pilots.c.zone == zone, pilots.c.looked > day) for zone, day in days.items()),
            )
            query = (
                select(pilots.c.installation, pilots.c.repository, repositories.c.name, pilots.c.zone)
                .join(repositories, repositories.c.id == pilots.c.repository)
                .join(installations, installations.c.id == repositories.c.installation)
                .where(come, repositories.c.archived.is_(False), installations.c.suspended.is_(False))
                .order_by(pilots.c.repository)
            )
            return [Due(*row) for row in connection.execute(query)]

    def put_off(self, days: Mapping[int, date]) -> None:
        """Whatever there is to do in these repositories is under way; if nothing comes of it, it is due again on the
        day of each."""
        if not days:
            return
        query = update(pilots).where(pilots.c.repository == bindparam("which"))
        query = query.values(due=bindparam("day"), looked=None)
        with self._store.write() as connection:
            connection.execute(query, [{"which": which, "day": day.isoformat()} for which, day in days.items()])

    def drop(self, gone: Collection[int]) -> None:
        """Nothing is watched in these repositories any more; their issues stay known."""
        with self._store.write() as connection:
            for table in (pilots, items):
                connection.execute(delete(table).where(table.c.repository.in_(list(gone))))

    def issues(self, repository: int) -> dict[str, Kept]:
        """The issues that the app keeps in a repository, by marker."""
        with self._store.read() as connection:
            found = connection.execute(select(issues).where(issues.c.repository == repository)).all()
        return {row.marker: _kept(row) for row in found}

    def keep(self, repository: int, marker: str, one: Kept) -> None:
        """An issue is like this now."""
        self._keep(repository, marker, one)

    def opened(self, repository: int, marker: str, one: Kept, before: int | None) -> bool:
        """An issue was opened in the place of the one of that number, if there was any; False, and nothing is changed,
        where another was faster."""
        return self._keep(repository, marker, one, issues.c.number.is_not_distinct_from(before))

    def _keep(self, repository: int, marker: str, one: Kept, where: ColumnElement[bool] | None = None) -> bool:
        values = asdict(one)
        values |= {name: _written(values[name]) for name in ("reminded", "snoozed")}
        row = self._dialect.insert(issues).values({"repository": repository, "marker": marker, **values})
        key = ["repository", "marker"]
        kept = row.on_conflict_do_update(index_elements=key, set_=values, where=where).returning(issues.c.marker)
        with self._store.write() as connection:
            return connection.execute(kept).first() is not None

    def snooze(self, repository: int, number: int, until: date) -> bool:
        """Nobody is reminded in an issue before that day, on which it is looked at; False where the app keeps no issue
        of that number."""
        day = until.isoformat()
        here = (issues.c.repository == repository, issues.c.number == number)
        later = (pilots.c.repository == repository, or_(pilots.c.due.is_(None), pilots.c.due > day))
        with self._store.write() as connection:
            found = connection.execute(update(issues).where(*here).values(snoozed=day))
            if found.rowcount > 0:
                # It may have been snoozed for longer before.
                connection.execute(update(pilots).where(*later).values(due=day))
        return found.rowcount > 0


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _kept(row: Any) -> Kept:
    reminded = date.fromisoformat(row.reminded)
    return Kept(row.number, row.open, row.shown, row.reminders, reminded, _day(row.snoozed), row.saying)
