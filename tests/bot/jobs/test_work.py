"""One delivery is run and its row settled, whatever its handler does: done, later, or failed with the reason."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.errors import Refused, RetryLater
from bot.events import Line
from bot.jobs import jobs
from bot.jobs.work import GIVE_UP, MOST_BUGS, MOST_RUNS, Worker, pause
from bot.store import Store
from bot.store.deliveries import Deliveries, Delivery, Standing
from tests.stores import opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened("sqlite", tmp_path) as store:
        yield store


class Bench:
    """A worker whose clock and handler the test sets."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, ...] = ()) -> None:
        self.now = NOON
        self.handle: Callable[[], None] = lambda: None
        self.handled: list[str] = []
        self.rows = Deliveries(store)
        line = cast("Line", SimpleNamespace())
        self.worker = Worker(self.rows, jobs(store, 1), line, lambda: self.now, accounts)
        module = SimpleNamespace(parse=self._parse, handle=self._handle)
        monkeypatch.setattr("bot.jobs.work.events.handler", {"push": module}.get)
        monkeypatch.setattr("bot.jobs.work.replace", lambda line, delivery: delivery)

    def _parse(self, payload: dict[str, Any]) -> dict[str, Any]:
        if "bad" in payload:
            raise ValueError("not any more\nat all")
        return payload

    def _handle(self, event: dict[str, Any], delivery: str) -> None:
        self.handled.append(delivery)
        self.handle()

    def accept(self, event: str = "push", payload: bytes = b"{}") -> None:
        self.rows.accept([Delivery("d", event, None, 7, "Acme/triage", "lane", payload, NOON)])

    def run(self) -> Standing:
        self.worker("d")
        (standing,) = self.rows.standings()
        return standing


@pytest.fixture
def bench(store: Store, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(store, monkeypatch)


def raising(error: Exception) -> Callable[[], None]:
    def handle() -> None:
        raise error

    return handle


def test_what_goes_well_is_done_and_not_run_again(bench: Bench) -> None:
    bench.accept()
    assert (bench.run().state, bench.run().state) == ("done", "done")
    assert bench.handled == ["d"]


def test_what_asks_for_later_waits_at_least_that_long_and_longer_each_time(bench: Bench) -> None:
    bench.accept()
    bench.handle = raising(RetryLater(NOON + timedelta(minutes=10), "a limit"))
    standing = bench.run()
    assert (standing.state, standing.error, standing.attempts) == ("accepted", "a limit", 1)
    bench.now = NOON + timedelta(minutes=9)
    assert bench.run().attempts == 1
    bench.now = NOON + timedelta(minutes=10)
    assert bench.run().attempts == 2
    bench.now += pause(2) - timedelta(seconds=1)
    assert bench.run().attempts == 2
    bench.now += timedelta(seconds=1)
    bench.handle = lambda: None
    standing = bench.run()
    assert (standing.state, standing.attempts, standing.error) == ("done", 3, None)


def test_after_three_days_it_is_given_up(bench: Bench) -> None:
    bench.accept()
    bench.handle = raising(RetryLater(NOON, "GitHub is down"))
    bench.now = NOON + GIVE_UP + timedelta(seconds=1)
    standing = bench.run()
    assert (standing.state, standing.error) == ("failed", "given up after 3 days: GitHub is down")


def test_what_github_refuses_has_failed_and_says_why(bench: Bench) -> None:
    bench.accept()
    bench.handle = raising(Refused("404 Not Found"))
    standing = bench.run()
    assert (standing.state, standing.error, standing.finished) == ("failed", "404 Not Found", NOON)


def test_a_bug_is_tried_again_a_few_times_and_then_has_failed(bench: Bench) -> None:
    bench.accept()
    bench.handle = raising(KeyError("head"))
    for attempt in range(1, MOST_BUGS):
        standing = bench.run()
        assert (standing.state, standing.attempts) == ("accepted", attempt)
        bench.now += pause(attempt)
    standing = bench.run()
    assert (standing.state, standing.error) == ("failed", f"a bug, {MOST_BUGS} times: KeyError: 'head'")


def test_what_always_kills_its_worker_is_given_up(bench: Bench) -> None:
    bench.accept()
    for _ in range(MOST_RUNS):
        bench.rows.start("d", NOON)
    standing = bench.run()
    assert (standing.state, standing.error) == (
        "failed",
        f"given up after {MOST_RUNS} attempts, none of which came to an end",
    )
    assert bench.handled == []


def test_what_is_told_to_come_later_is_not_given_up_for_that_before_three_days_are_over(bench: Bench) -> None:
    bench.accept()
    bench.handle = raising(RetryLater(NOON, "GitHub is down"))
    while bench.now + pause(99) < NOON + GIVE_UP:
        standing = bench.run()
        assert standing.state == "accepted"
        bench.now += pause(standing.attempts)
    assert standing.attempts > 4 * MOST_RUNS
    # Nor does a bug in the end count for more than itself.
    bench.handle = raising(KeyError("head"))
    for _ in range(1, MOST_BUGS):
        assert bench.run().state == "accepted"
        bench.now += pause(99)
    assert bench.run().error == f"a bug, {MOST_BUGS} times: KeyError: 'head'"


@pytest.mark.parametrize(
    ("event", "payload", "error"),
    [
        ("star", b"{}", "this version knows no event star"),
        ("push", b"{", "the payload can't be read any more: EOF while parsing an object at line 1 column 1"),
        ("push", b'{"bad": 1}', "the payload can't be read any more: not any more"),
    ],
)
def test_what_another_version_has_left_is_said(bench: Bench, event: str, payload: bytes, error: str) -> None:
    bench.accept(event, payload)
    standing = bench.run()
    assert (standing.state, standing.error) == ("failed", error)


@pytest.mark.parametrize(("accounts", "handled"), [((), ["d"]), (("acme",), ["d"]), (("other",), [])])
def test_accounts_that_are_not_allowed_are_left_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, ...], handled: list[str]
) -> None:
    bench = Bench(store, monkeypatch, accounts)
    bench.accept()
    assert bench.run().state == "done"
    assert bench.handled == handled


def test_the_pause_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [pause(attempts).total_seconds() for attempts in (1, 2, 3, 8, 9, 60)] == [5, 10, 20, 640, 900, 900]
