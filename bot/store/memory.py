"""What reviews remember from one webhook to the next. Each method is one transaction, and may be repeated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import hands, organisations, pulls, repositories


@dataclass(frozen=True, slots=True)
class Judged:
    """How a pull request was judged last: a mark of all that was asked, what its check run is called since
    (`external_id`), and the day on which the answer changes by itself."""

    mark: str
    shown: str
    again: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """A pull request whose answer may be another today."""

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
        values = {
            "installation": installation,
            "mark": judged.mark,
            "shown": judged.shown,
            "again": judged.again.isoformat() if judged.again else None,
        }
        insert = self._dialect.insert(pulls).values({**key, **values})
        with self._store.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=values))

    def judged(self, repository: int, number: int) -> Judged | None:
        """How a pull request was judged last."""
        query = select(pulls.c.mark, pulls.c.shown, pulls.c.again).where(
            pulls.c.repository == repository, pulls.c.number == number
        )
        with self._store.read() as connection:
            row = connection.execute(query).first()
        return Judged(row.mark, row.shown, date.fromisoformat(row.again) if row.again else None) if row else None

    def forget(self, repository: int, number: int) -> None:
        """A pull request is closed: nothing about it is due any more. Who had a hand in it stays known."""
        with self._store.write() as connection:
            connection.execute(delete(pulls).where(pulls.c.repository == repository, pulls.c.number == number))

    def due(self, today: date) -> list[Due]:
        """The pull requests whose answer may be another today, in repositories that the app is on."""
        query = (
            select(pulls.c.installation, pulls.c.repository, repositories.c.name, pulls.c.number)
            .join(repositories, repositories.c.id == pulls.c.repository)
            .where(pulls.c.again <= today.isoformat(), repositories.c.archived.is_(False))
            .order_by(pulls.c.repository, pulls.c.number)
        )
        with self._store.read() as connection:
            return [Due(*row) for row in connection.execute(query)]

    def asked(self, which: Iterable[Due]) -> None:
        """These were put down to be looked at again: they are no longer due."""
        with self._store.write() as connection:
            for one in which:
                here = (pulls.c.repository == one.repository, pulls.c.number == one.number)
                connection.execute(pulls.update().where(*here).values(again=None))

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
