"""The tables, as SQLAlchemy Core. Migrations bring a database here; a test holds the two together."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A time in UTC, kept as whole milliseconds since 1970: SQLite has no times, and order is all that counts."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002 - the base's
        """Milliseconds, of an aware time."""
        return None if value is None else self.milliseconds(value)

    @staticmethod
    def milliseconds(value: datetime) -> int:
        """The number that an aware time is kept as."""
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """The time in UTC."""
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


_Counter = BigInteger().with_variant(Integer(), "sqlite")

deliveries = Table(
    "deliveries",
    metadata,
    Column("seq", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(200), nullable=False, unique=True),
    Column("event", String(100), nullable=False),
    Column("action", String(100)),
    Column("installation", BigInteger),
    Column("repository", String(300)),
    Column("lane", String(100), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("waited", Integer, nullable=False, server_default="0"),
    Column("received", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Column("error", Text),
)
# What is ready, in the order of arrival; done rows, which are nearly all, stay out of it.
Index(
    "deliveries_pending",
    deliveries.c.seq,
    postgresql_where=deliveries.c.state.in_(("accepted", "queued")),
    sqlite_where=deliveries.c.state.in_(("accepted", "queued")),
)
Index("deliveries_finished", deliveries.c.finished)

installations = Table(
    "installations",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account", String(200), nullable=False),
    Column("suspended", Boolean, nullable=False),
)

repositories = Table(
    "repositories",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("installation", BigInteger, nullable=False, index=True),
    Column("name", String(300), nullable=False, index=True),
    Column("archived", Boolean, nullable=False),
)

schedule = Table(
    "schedule",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("next", Moment, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""How far something was read that goes on and on."""

hands = Table(
    "hands",
    metadata,
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("login", String(100), primary_key=True),
)
"""Who has a hand in a pull request beside those whom its commits name: who pushed to it, who had the bot commit."""

pulls = Table(
    "pulls",
    metadata,
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("installation", BigInteger, nullable=False),
    Column("mark", String(64), nullable=False),
    Column("shown", String(100), nullable=False),
    Column("head", String(64), nullable=False),
    Column("again", Moment, index=True),
)
"""What an open pull request was like when it was judged last, and when, if ever, the answer changes by itself."""

watches = Table(
    "watches",
    metadata,
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("what", String(400), primary_key=True, index=True),
)
"""What the answer on an open pull request hangs on beside itself: `@login`, `@org/team`, `check:NAME`."""

organisations = Table(
    "organisations",
    metadata,
    Column("account", String(200), primary_key=True),
    Column("seen", Moment, nullable=False),
)
"""The accounts whose organisation's file was ever seen, in small letters."""

ledger = Table(
    "ledger",
    metadata,
    Column("seq", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(200), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("repository", BigInteger, nullable=False, index=True),
    Column("name", String(300), nullable=False),
    Column("number", Integer),
    Column("kind", String(20), nullable=False),
    Column("login", String(100), nullable=False),
    Column("commit", String(64), nullable=False),
    Column("policy", String(64)),
    Column("address", Text),
    Column("details", Text, nullable=False),
)
"""Decisions, sign-offs, waivers and emergencies: only ever added to."""

pilots = Table(
    "pilots",
    metadata,
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("installation", BigInteger, nullable=False, index=True),
    Column("mark", String(64), nullable=False),
    Column("zone", String(100), nullable=False),
    Column("due", String(10)),
    Column("looked", String(10)),
)
"""Repositories whose default branch has something to watch: a mark of all that was read, the day, in that zone, on
which there is something to do next, and the one on which it was looked at. Days are `2026-11-28`, which sort as they
stand."""
Index("pilots_due", pilots.c.zone, pilots.c.due)
Index("pilots_looked", pilots.c.zone, pilots.c.looked)

items = Table(
    "items",
    metadata,
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("marker", String(300), primary_key=True),
    Column("since", String(10), nullable=False),
)
"""What a policy's dates decide, and from which day on each is overdue."""

issues = Table(
    "issues",
    metadata,
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("marker", String(300), primary_key=True),
    Column("number", Integer),
    Column("open", Boolean, nullable=False),
    Column("shown", String(64), nullable=False),
    Column("reminders", Integer, nullable=False),
    Column("reminded", String(10), nullable=False),
    Column("snoozed", String(10)),
    Column("saying", String(100)),
)
"""The issue of each marker. `reminded` is the day of the last word in it, `shown` a mark of what it says; `saying`
names the comment that is being posted, which may stand there already."""

written = Table(
    "written",
    metadata,
    Column("seq", _Counter, primary_key=True, autoincrement=True),
    Column("installation", BigInteger, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""When each installation has created content on GitHub, as long as GitHub counts it."""
Index("written_lately", written.c.installation, written.c.at)
