"""Databases for tests: a SQLite file of its own, or a PostgreSQL database of its own that is dropped afterwards."""

import os
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from bot.store import Store, open_store
from bot.store.tables import metadata

SERVER = os.environ.get("PILOTGATE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
ENGINES = ("sqlite", "postgresql")


def lacking(what: str) -> None:
    """Skip a test for want of something that the machine may lack, or fail where the machine must have it."""
    if os.environ.get("PILOTGATE_TEST_ALL"):
        pytest.fail(f"{what}, and PILOTGATE_TEST_ALL asks for every test", pytrace=False)
    pytest.skip(f"{what}: this test needs it")


@contextmanager
def address(engine: str, folder: Path) -> Iterator[str]:
    """The SQLAlchemy address of a new, empty database of an engine."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'pilotgate.db'}"
        return
    name = f"pilotgate_test_{uuid.uuid4().hex}"
    try:
        with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as server:
            server.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        lacking("no PostgreSQL answers")
    try:
        base = SERVER.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://")
        yield f"{base}/{name}"
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[Store]:
    """A migrated store on a new database, which need not outlive the machine."""
    with address(engine, folder) as url:
        if engine == "sqlite":
            (folder / "pilotgate.db").write_bytes(_migrated())
        store = open_store(url)
        try:
            if store.embedded:
                # To wait for the disk at each of its transactions is most of what a test would do.
                event.listen(store.engine, "connect", _relax)
            else:
                store.migrate()
            yield store
        finally:
            store.close()


def _relax(raw: Any, _: object) -> None:
    raw.execute("PRAGMA synchronous=OFF")


@cache
def _migrated() -> bytes:
    """A SQLite database as the migrations leave it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pilotgate.db"
        store = open_store(f"sqlite:///{file}")
        store.migrate()
        store.close()
        return file.read_bytes()


def empty() -> Store:
    """A migrated store in memory, gone with whoever holds it."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    metadata.create_all(engine)
    return _InMemory(engine)


class _InMemory(Store):
    def __init__(self, engine: Engine) -> None:
        self.engine, self.embedded = engine, True
        self._turn, self._lock = threading.Lock(), None
