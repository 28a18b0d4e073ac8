"""What reviews remember from one webhook to the next. Each method is one transaction, and may be repeated."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import hands, organisations, pulls, repositories, watches


@dataclass(frozen=True, slots=True)
class Judged:
    """How a pull request was judged: a `mark` of all that was asked, the `external_id` of the check run that says so,
    the head, when the answer changes by itself, and what else it hangs on (`@login`, `@org/team`, `check:NAME`)."""

    mark: str
    shown: str
    head: str
    again: datetime | None = None
    watched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """An open pull request that was judged: whose installation, and where."""

    installation: int
    repository: int
    name: str
    number: int


class Memory:
    """What is remembered of pull requests and of organisations."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dialect = sqlite if store.embedded else postgresql

    def add_hand(self, repository: int, number: int, login: str) -> None:
        """Somebody has pushed to a pull request, or had the bot commit to it."""
        row = {"repository": repository, "number": number, "login": login.lower()}
        with self._store.write() as connection:
            connection.execute(self._dialect.insert(hands).values(row).on_conflict_do_nothing())

    def hands(self, repository: int, number: int) -> frozenset[str]:
        """Whoever did; in small letters."""
        query = select(hands.c.login).where(hands.c.repository == repository, hands.c.number == number)
        with self._store.read() as connection:
            return frozenset(connection.scalars(query))

    def judge(self, installation: int, repository: int, number: int, judged: Judged) -> None:
        """A pull request was judged, and its check run says so."""
        key = {"repository": repository, "number": number}
        values = {"installation": installation, "mark": judged.mark, "shown": judged.shown, "head": judged.head}
        values |= {"again": judged.again}
        row = self._dialect.insert(pulls).values({**key, **values})
        with self._store.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))
            connection.execute(delete(watches).where(*_here(watches, repository, number)))
            watched = [{**key, "what": one} for one in sorted(set(map(_kept, judged.watched)))]
            if watched:
                connection.execute(insert(watches), watched)

    def judged(self, repository: int, number: int) -> Judged | None:
        """How a pull request was judged last; what it hangs on is not told."""
        query = select(pulls).where(*_here(pulls, repository, number))
        with self._store.read() as connection:
            row = connection.execute(query).first()
        return Judged(row.mark, row.shown, row.head, row.again) if row else None

    def forget(self, repository: int, number: int) -> None:
        """A pull request is closed: nothing about it is due any more. Who had a hand in it stays known."""
        with self._store.write() as connection:
            for table in (pulls, watches):
                connection.execute(delete(table).where(*_here(table, repository, number)))

    def due(self, now: datetime) -> list[Known]:
        """The pull requests whose answer may be another by now."""
        return self._known(pulls.c.again <= now)

    def asked(self, which: Iterable[Known]) -> None:
        """These were put down to be looked at again: they are no longer due."""
        with self._store.write() as connection:
            for one in which:
                connection.execute(pulls.update().where(*_here(pulls, one.repository, one.number)).values(again=None))

    def of(self, installation: int, repository: int | None = None) -> list[Known]:
        """The open pull requests of an installation, or of one of its repositories."""
        wanted = pulls.c.installation == installation
        return self._known(wanted if repository is None else wanted & (pulls.c.repository == repository))

    def hanging(self, installation: int, what: Collection[str], head: str | None = None) -> list[Known]:
        """The open pull requests of an installation whose answer hangs on one of these, those of a head alone."""
        wanted = pulls.c.installation == installation
        watched = watches.c.what.in_(sorted(set(map(_kept, what))))
        return self._watching(watched, wanted if head is None else wanted & (pulls.c.head == head))

    def hanging_on_anyone(self, installation: int, organisation: str, login: str | None) -> list[Known]:
        """The open pull requests whose answer hangs on this person, or on any team of an organisation."""
        team = watches.c.what.startswith(f"@{organisation.lower()}/", autoescape=True)
        watched = team if login is None else team | (watches.c.what == f"@{login.lower()}")
        return self._watching(watched, pulls.c.installation == installation)

    def _watching(self, watched: Any, wanted: Any) -> list[Known]:
        here = and_(watches.c.repository == pulls.c.repository, watches.c.number == pulls.c.number)
        return self._known(wanted & exists().where(here, watched))

    def _known(self, wanted: Any) -> list[Known]:
        query = (
            select(pulls.c.installation, pulls.c.repository, repositories.c.name, pulls.c.number)
            .join(repositories, repositories.c.id == pulls.c.repository)
            .where(wanted, repositories.c.archived.is_(False))
            .order_by(pulls.c.repository, pulls.c.number)
        )
        with self._store.read() as connection:
            return [Known(*row) for row in connection.execute(query)]

    def saw_organisation(self, account: str, now: datetime) -> None:
        """An account has an organisation's file."""
        row = {"account": account.lower(), "seen": now}
        with self._store.write() as connection:
            connection.execute(self._dialect.insert(organisations).values(row).on_conflict_do_nothing())

    def has_seen_organisation(self, account: str) -> bool:
        """Whether an account ever had an organisation's file."""
        query = select(organisations.c.account).where(organisations.c.account == account.lower())
        with self._store.read() as connection:
            return connection.scalar(query) is not None

    def forget_organisation(self, account: str) -> bool:
        """The operator says that an account has no such file any more; returns whether one was known."""
        with self._store.write() as connection:
            gone = connection.execute(delete(organisations).where(organisations.c.account == account.lower()))
        return bool(gone.rowcount)


_LONGEST = 400


def _kept(what: str) -> str:
    """What is kept of what an answer hangs on: no database takes every name that a policy can write."""
    return what.encode(errors="replace").decode().replace("\0", "").lower()[:_LONGEST]


def _here(table: Any, repository: int, number: int) -> tuple[Any, Any]:
    return table.c.repository == repository, table.c.number == number
