"""The store on both engines: migrations give the tables that the code names, and rows keep what they promise."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, QueuePool, event

from bot.errors import UserError
from bot.store import Store, open_store
from bot.store.deliveries import PENDING, Deliveries, Delivery
from bot.store.installations import Installations
from bot.store.tables import metadata
from tests.stores import ENGINES, opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def delivery(id: str, lane: str = "repository/1", received: datetime = NOON) -> Delivery:
    return Delivery(id, "pull_request", "opened", 7, "acme/triage", lane, b'{"action": "opened"}', received)


def test_migrations_make_the_tables_that_the_code_names(store: Store) -> None:
    def ours(object_: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return not (reflected and kind == "table" and str(name).startswith(("procrastinate_", "alembic_")))

    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    assert store.outdated() is None
    store.migrate()
    assert store.outdated() is None


def test_a_database_without_tables_is_told_from_a_current_one(tmp_path: Path) -> None:
    bare = open_store(f"sqlite:///{tmp_path / 'new' / 'bare.db'}")
    assert "start `pilotgate serve` once" in str(bare.outdated())
    bare.close()


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/test", "no address", "oracle+nothing://x"])
def test_an_address_that_can_not_be_used_is_said(url: str) -> None:
    with pytest.raises(UserError, match="PILOTGATE_DATABASE_URL"):
        open_store(url)


def test_a_row_keeps_what_was_delivered_and_a_known_id_changes_nothing(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery("a")])
    rows.accept([delivery("a", lane="other"), delivery("b")])
    found = rows.start("a", NOON)
    assert found == (delivery("a"), 1, 0)
    assert [one.id for one in rows.standings()] == ["a", "b"]


def test_ready_are_those_whose_time_has_come_in_the_order_of_arrival_busy_lanes_apart(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery("a", "one"), delivery("b", "two"), delivery("c", "one", NOON + timedelta(seconds=1))])
    assert rows.ready(NOON, (), 9) == [("a", "one"), ("b", "two")]
    assert rows.ready(NOON + timedelta(seconds=1), ("two",), 9) == [("a", "one"), ("c", "one")]
    assert rows.ready(NOON, (), 1) == [("a", "one")]


def test_what_is_done_or_failed_or_not_due_is_not_started(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery("done"), delivery("failed"), delivery("waits")])
    rows.finish("done", NOON)
    rows.fail("failed", NOON, "gone")
    rows.postpone("waits", NOON + timedelta(minutes=5), "limit")
    assert [rows.start(id, NOON) for id in ("done", "failed", "waits", "unknown")] == [None] * 4
    started = rows.start("waits", NOON + timedelta(minutes=5))
    assert started is not None
    assert started[1] == 1
    assert [(one.state, one.error) for one in rows.standings(("failed", "queued"))] == [
        ("failed", "gone"),
        ("queued", "limit"),
    ]


def test_release_gives_back_what_was_in_hand(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery("a"), delivery("b")])
    rows.start("a", NOON)
    assert rows.release() == 1
    assert rows.ready(NOON, (), 9) == [("a", "repository/1"), ("b", "repository/1")]
    assert rows.release() == 0


def test_retry_takes_up_what_had_ended(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery("a")])
    rows.fail("a", NOON, "gone")
    assert rows.retry("a", NOON)
    assert not rows.retry("unknown", NOON)
    assert rows.start("a", NOON) == (delivery("a"), 1, 0)


def test_prune_forgets_what_ended_long_ago_and_waiting_counts_the_rest(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery("old"), delivery("new"), delivery("pending")])
    rows.finish("old", NOON)
    rows.finish("new", NOON + timedelta(days=1))
    assert rows.prune(NOON + timedelta(hours=1)) == 1
    assert [one.id for one in rows.standings()] == ["new", "pending"]
    assert rows.waiting() == (1, NOON)


def test_a_transaction_that_raises_is_undone(store: Store) -> None:
    def broken() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("INSERT INTO repositories VALUES (1, 7, 'acme/triage', false)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert Installations(store).names(7) == []


def test_installations_follow_what_github_tells(store: Store) -> None:
    known = Installations(store)
    known.remember(7, "acme", [(1, "acme/triage"), (2, "acme/other"), (3, "acme/third")])
    known.remember(7, "acme", [(1, "acme/triage")])
    known.rename(1, "acme/sorting")
    known.archive(2, True)
    known.drop([3])
    known.drop([])
    assert known.names(7) == ["acme/sorting"]
    known.archive(2, False)
    known.suspend(7, True)
    assert known.names(7) == ["acme/other", "acme/sorting"]
    known.forget(7)
    assert known.names(7) == []


def test_whoever_reads_many_rows_slowly_holds_no_transaction_open(store: Store) -> None:
    rows = Deliveries(store)
    rows.accept([delivery(f"{number}") for number in range(1203)])
    read = rows.standings()
    first = next(read)
    assert isinstance(store.engine.pool, QueuePool)
    assert store.engine.pool.checkedout() == 0
    assert [one.id for one in (first, *read)] == [f"{number}" for number in range(1203)]


def test_what_is_pending_is_found_without_a_look_at_what_is_done(tmp_path: Path) -> None:
    plans: dict[str, str] = {}

    def explain(connection: Connection, _: object, statement: str, parameters: Any, *__: object) -> None:
        if statement == "BEGIN":
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        steps = driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        plans[statement] = " ".join(step[3] for step in steps)

    with opened("sqlite", tmp_path) as store:
        rows = Deliveries(store)
        event.listen(store.engine, "before_cursor_execute", explain)
        rows.ready(NOON, [], 5)
        rows.ready(NOON, ["repository/1"], 5)
        rows.waiting()
        rows.pending("anew", "repository")
        rows.release()
        assert not [*rows.standings(PENDING), *rows.standings(("accepted",))]
        event.remove(store.engine, "before_cursor_execute", explain)
    assert len(plans) == 9
    assert not [found for found in plans.items() if "USING INDEX deliveries_pending" not in found[1]]
