"""Webhook deliveries: the truth about what was accepted, and what became of it.

A row goes accepted → queued → done or failed. `accepted` waits for its time (`due`), `queued` is in a queue or in a
worker's hands; whatever a dead worker held becomes `accepted` again.
"""

import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Integer, Row, Select, and_, bindparam, delete, func, not_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import Moment, deliveries

State = Literal["accepted", "queued", "done", "failed"]
PENDING = ("accepted", "queued")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What GitHub delivered, or what the app puts to itself. `lane`: those of one lane are worked off in order."""

    id: str
    event: str
    action: str | None
    installation: int | None
    repository: str | None
    lane: str
    payload: bytes
    received: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery and what became of it, without its payload."""

    id: str
    event: str
    action: str | None
    repository: str | None
    state: State
    attempts: int
    received: datetime
    finished: datetime | None
    error: str | None


Packed = dict[str, Any] | tuple[Any, ...]
"""A delivery as the database's driver takes it."""

_ACCEPTED = tuple(
    one.name for one in deliveries.columns if one.name not in ("seq", "waited", "started", "finished", "error")
)
# The states are written out in the statement: for a value that it does not know, the database must not use the partial
# index, and would read every row that is done instead.
_IS_PENDING = deliveries.c.state.in_(bindparam("pending", PENDING, expanding=True, literal_execute=True))
ANEW = "anew"
"""The action of what the app puts to itself: GitHub sends none of that name."""
_PATIENT = and_(func.coalesce(deliveries.c.action, "") == ANEW, deliveries.c.event.in_(("repository", "installation")))
"""Looks at whole repositories and accounts: nobody waits for them, and there may be thousands at once."""


def _ready(patient: bool) -> Select[tuple[str, str]]:
    return (
        select(deliveries.c.id, deliveries.c.lane)
        .where(deliveries.c.state == "accepted", _IS_PENDING, _PATIENT if patient else not_(_PATIENT))
        .where(deliveries.c.due <= bindparam("now", type_=deliveries.c.due.type))
        .order_by(deliveries.c.seq)
        .limit(bindparam("most", type_=Integer()))
    )


# Made once: each worker asks this ten times a second.
READY = _ready(patient=False), _ready(patient=True)
"""Id and lane of what can be worked off at `now`, `most` at once: what people wait for, and what comes after that."""
_ELSEWHERE = tuple(one.where(deliveries.c.lane.not_in(bindparam("busy", expanding=True))) for one in READY)
_AT_ONCE = 500
_STANDING = tuple(deliveries.c[name] for name in Standing.__slots__)


class Deliveries:
    """The deliveries of a store. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        dialect = sqlite if store.embedded else postgresql
        insert = dialect.insert(deliveries).on_conflict_do_nothing(index_elements=["id"])
        names: dict[str, Any] = {name: bindparam(name) for name in _ACCEPTED}
        compiled = insert.values(names).compile(dialect=store.engine.dialect)
        # Written out once: building it for each of thousands a second costs more than the database does.
        self._insert, self._order = str(compiled), compiled.positiontup

    def accept(self, batch: Sequence[Delivery]) -> None:
        """Keep deliveries for good; one whose id is known already changes nothing."""
        self.keep([self.pack(one) for one in batch])

    def pack(self, one: Delivery) -> Packed:
        """The row of a delivery, ready to be kept. A payload shrinks to a seventh, and the disk is what waits."""
        received = Moment.milliseconds(one.received)
        row: dict[str, Any] = {
            "id": one.id,
            "event": one.event,
            "action": one.action,
            "installation": one.installation,
            "repository": one.repository,
            "lane": one.lane,
            "payload": zlib.compress(one.payload, 1),
            "state": "accepted",
            "attempts": 0,
            "received": received,
            "due": received,
        }
        return row if self._order is None else tuple(row[name] for name in self._order)

    def keep(self, batch: Sequence[Packed]) -> None:
        """Keep packed deliveries for good, in one transaction; one whose id is known already changes nothing."""
        with self._store.write() as connection:
            connection.exec_driver_sql(self._insert, list(batch))

    def ready(self, now: datetime, busy: Collection[str], limit: int) -> list[tuple[str, str]]:
        """Id and lane of accepted deliveries whose time has come, those of busy lanes apart: oldest first, but looks at
        whole repositories last."""
        known: dict[str, Any] = {"now": now, **({"busy": list(busy)} if busy else {})}
        found: list[tuple[str, str]] = []
        with self._store.read() as connection:
            for query in _ELSEWHERE if busy else READY:
                if len(found) < limit:
                    rows = connection.execute(query, {**known, "most": limit - len(found)})
                    found += [(row.id, row.lane) for row in rows]
        return found

    def start(self, id: str, now: datetime) -> tuple[Delivery, int, int] | None:
        """Take a delivery in hand: it, how many attempts that makes, and how many of those before ended with being told
        to come later; None where it is done or not yet due."""
        query = (
            update(deliveries)
            .where(deliveries.c.id == id, _IS_PENDING, deliveries.c.due <= now)
            .values(state="queued", attempts=deliveries.c.attempts + 1, started=now)
            .returning(deliveries)
        )
        with self._store.write() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (_delivery(row), row.attempts, row.waited)

    def finish(self, id: str, now: datetime) -> None:
        """It is done."""
        self._set(id, state="done", finished=now, error=None)

    def fail(self, id: str, now: datetime, error: str) -> None:
        """It is given up, and why."""
        self._set(id, state="failed", finished=now, error=error)

    def postpone(self, id: str, until: datetime, error: str, told: bool = False) -> None:
        """It is to be taken up again at that time, and why; `told`: since GitHub has told so."""
        waited = {"waited": deliveries.c.waited + 1} if told else {}
        self._set(id, state="accepted", due=until, error=error, **waited)

    def _set(self, id: str, **values: Any) -> None:
        with self._store.write() as connection:
            connection.execute(update(deliveries).where(deliveries.c.id == id).values(**values))

    def release(self) -> int:
        """Make all queued deliveries accepted again. How many there were."""
        query = update(deliveries).where(deliveries.c.state == "queued", _IS_PENDING).values(state="accepted")
        with self._store.write() as connection:
            return connection.execute(query).rowcount

    def put_back(self, ids: Collection[str]) -> None:
        """These were in hand, and nothing has become of them: they are accepted again."""
        query = update(deliveries).where(deliveries.c.id.in_(list(ids)), deliveries.c.state == "queued")
        with self._store.write() as connection:
            connection.execute(query.values(state="accepted"))

    def retry(self, id: str, now: datetime) -> bool:
        """Take a finished delivery up once more; False where there is none of that id."""
        query = (
            update(deliveries)
            .where(deliveries.c.id == id)
            .values(state="accepted", due=now, attempts=0, waited=0, finished=None, error=None)
        )
        with self._store.write() as connection:
            return connection.execute(query).rowcount > 0

    def standings(self, states: Collection[str] | None = None) -> Iterator[Standing]:
        """What became of each, in the order of arrival. Whoever reads them slowly holds no transaction open."""
        query = select(deliveries.c.seq, *_STANDING).order_by(deliveries.c.seq).limit(_AT_ONCE)
        if states is not None:
            query = query.where(deliveries.c.state.in_(list(states)))
            query = query.where(_IS_PENDING) if set(states) <= set(PENDING) else query
        last, rows = 0, None
        while rows is None or len(rows) == _AT_ONCE:
            with self._store.read() as connection:
                rows = connection.execute(query.where(deliveries.c.seq > last)).all()
            for row in rows:
                last = row.seq
                yield Standing(*row[1:])

    def pending(self, action: str, event: str) -> list[str]:
        """The ids of those that the app has put to itself and that are not finished, in the order of arrival."""
        wanted = (_IS_PENDING, deliveries.c.event == event, deliveries.c.action == action)
        with self._store.read() as connection:
            return list(connection.scalars(select(deliveries.c.id).where(*wanted).order_by(deliveries.c.seq)))

    def waiting(self) -> tuple[int, datetime | None]:
        """How many are pending, and since when the oldest has been."""
        query = select(func.count(), func.min(deliveries.c.received)).where(_IS_PENDING)
        with self._store.read() as connection:
            count, oldest = connection.execute(query).one()
        return count, oldest

    def prune(self, before: datetime) -> int:
        """Forget what was finished before a time: payloads hold names and text of people. How many there were."""
        query = delete(deliveries).where(deliveries.c.state.in_(("done", "failed")), deliveries.c.finished < before)
        with self._store.write() as connection:
            return connection.execute(query).rowcount


KEPT = timedelta(days=30)
"""How long finished deliveries are kept: ten times as long as GitHub can deliver one again."""


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row.id,
        row.event,
        row.action,
        row.installation,
        row.repository,
        row.lane,
        zlib.decompress(row.payload),
        row.received,
    )
