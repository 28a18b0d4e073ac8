"""Opens the database, brings its tables up to date, and hands out transactions."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.errors import UserError

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as nothing else on that database asks for the same.
_MIGRATING = 7_061_402


class Store:
    """A database. `read` and `write` are transactions; a write is on the disk when it ends."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.embedded = engine.dialect.name == "sqlite"
        self._turn = threading.Lock()
        self._lock = open(f"{engine.url.database}.lock", "ab") if self.embedded else None  # noqa: PTH123, SIM115

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and changes nothing."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is durable once the block has ended, and undone if it raises."""
        if self._lock is None:
            with self.engine.begin() as connection:
                yield connection
            return
        # SQLite lets writers wait by sleeping ever longer; a lock that the kernel queues is fair and loses no time.
        with self._turn:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            try:
                with self.engine.begin() as connection:
                    yield connection
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def migrate(self) -> None:
        """Bring the tables up to date; several processes may try at once."""
        with self.write() as connection:
            if not self.embedded:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            config = _config()
            if self._version(connection) != ScriptDirectory.from_config(config).get_current_head():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    def outdated(self) -> str | None:
        """Why the database can't be used as it is; None where it can."""
        try:
            with self.read() as connection:
                found = self._version(connection)
        except SQLAlchemyError as error:
            return f"the database does not answer: {reason(error)}"
        wanted = ScriptDirectory.from_config(_config()).get_current_head()
        if found == wanted:
            return None
        return f"the tables are at {found or 'nothing'}, not at {wanted}: start `pilotgate serve` once"

    def _version(self, connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def open_store(url: str) -> Store:
    """The store at a SQLAlchemy address, its folder made where it is a file; UserError where it can't be used."""
    try:
        address = make_url(url)
        if address.get_backend_name() not in ("sqlite", "postgresql"):
            raise UserError("PILOTGATE_DATABASE_URL: write postgresql://user@host/name, or leave it out for SQLite")
        if address.get_backend_name() == "sqlite":
            return Store(_sqlite(address))
        return Store(create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20))
    except (ArgumentError, NoSuchModuleError) as error:
        raise UserError(f"PILOTGATE_DATABASE_URL can't be read: {error}") from error
    except OSError as error:
        raise UserError(f"the database can't be opened: {error.strerror}: {error.filename}") from error


def _sqlite(address: Any) -> Engine:
    Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: Any) -> None:
        # Autocommit, so that BEGIN below is the one that counts: the driver's own would come too late.
        raw.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "foreign_keys=ON",
            # Else what once was large, as after many rows are pruned, is for ever.
            f"journal_size_limit={64 * 2**20}",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def reason(error: Exception) -> str:
    """What a database said, in one line and without the statement."""
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return said.splitlines()[0]
