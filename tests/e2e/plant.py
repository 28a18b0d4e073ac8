"""Pilotgate in the test's own process, built as in earnest: webhooks over HTTP, rows in SQLite, a worker's threads.

Its GitHub is the stand-in, over HTTP as well. The clock stands still until a test sets it, so that what waits for
GitHub waits for as long as the test likes.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication

import pytest
from sqlalchemy import select

from bot.demo.github import Asked
from bot.demo.github.state import Run
from bot.events import Line
from bot.gather.cache import Cache
from bot.gather.metrics import Server
from bot.github.checks import NAME
from bot.github.client import App
from bot.jobs import Jobs, jobs
from bot.jobs.work import Worker
from bot.store import Store
from bot.store.dates import Dates
from bot.store.deliveries import ANEW, Deliveries, Standing
from bot.store.installations import Installations
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from bot.store.tables import Moment, deliveries
from bot.store.written import Written
from bot.web.accept import Accept, GroupCommit
from bot.web.app import pages
from rules.catalogue import catalogue
from tests.bot.given import TODAY
from tests.stand import Stand
from tests.stores import opened

PATIENCE = 60.0
# As text, since it is asked over and over: what SQLAlchemy makes of it takes longer than the answer.
_LEFT = "SELECT count(*) FROM deliveries WHERE state IN ('accepted', 'queued') AND (state = 'queued' OR due <= ?)"
_LOOKS = {("repository", ANEW), ("installation", ANEW)}

PULL, CONTENTS, POLICY_PULLS, HEAD_PULLS = "Pull", "Files", "OpenPulls", "CommitPulls"
TREE = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}"
PATCHES = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files"
COMPARE = "GET /repos/{owner}/{repo}/compare/{basehead}"
CREATE, UPDATE = "POST /repos/{owner}/{repo}/check-runs", "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}"
COMMENT = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"
ROLE = "GET /repos/{owner}/{repo}/collaborators/{username}/permission"
TOKEN = "POST /app/installations/{installation_id}/access_tokens"
SEEN = [TREE, PATCHES, CONTENTS]
"""What is asked of a head: which files there are, what the pull request adds, and what is in the files."""
LOOK = [*SEEN, COMPARE]
"""The same where results name the commit that was measured."""
USUAL = [PULL, *LOOK, CREATE]
"""A review: the pull request, its head, and one request that writes."""


def wait(until: Callable[[], bool], what: str) -> None:
    """Wait for something to come true; a test that never sees it fails here instead of hanging."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, f"it never came true: {what}"
        time.sleep(0.02)


class Clock:
    """The time that Pilotgate and the stand-in go by, ahead of the machine's: what comes in is never of the future."""

    def __init__(self, ahead: timedelta = timedelta(hours=1)) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0) + ahead

    def __call__(self) -> datetime:
        return self.now


class Plant:
    """A running Pilotgate and the GitHub that it is installed on."""

    def __init__(self, stand: Stand, store: Store, clock: Clock) -> None:
        self.stand, self.clock = stand, clock
        self.rows, self.installations = Deliveries(store), Installations(store)
        self.stored = store
        self._mark = 0

    def settle(self) -> None:
        """Wait until nothing is left to do at this time: each row is finished, or waits for a later one."""
        self.stand.settle()
        # A row puts others before it is finished itself, so none is overlooked between two looks.
        wait(lambda: self._left() == 0, "every row is finished or waits")

    def _left(self) -> int:
        with self.stored.read() as connection:
            left: int = connection.exec_driver_sql(_LEFT, (Moment.milliseconds(self.clock()),)).scalar_one()
        return left

    def due(self, id: str) -> datetime:
        """When a row is to be taken up."""
        with self.stored.read() as connection:
            found: datetime = connection.scalars(select(deliveries.c.due).where(deliveries.c.id == id)).one()
        return found

    def row(self, event: str, repository: str | None = None) -> Standing:
        """The last row of an event, of that repository where it is named."""
        found = [one for one in self.rows.standings() if one.event == event and repository in (None, one.repository)]
        return found[-1]

    def asked(self) -> list[str]:
        """What was asked of GitHub since the last time, once nothing is left to do: GraphQL documents by their name,
        the rest by its route, tokens apart."""
        return [one for one in self.asked_with_tokens() if one != TOKEN]

    def asked_with_tokens(self) -> list[str]:
        """The same with tokens."""
        self.settle()
        requests = list(self.stand.requests)
        new, self._mark = requests[self._mark :], len(requests)
        return [label(one) for one in new]

    def run(self, repository: str, at: int | str) -> Run:
        """The one check run on a commit or the head of a pull request, once nothing is left to do."""
        (found,) = self.runs(repository, at)
        return found

    def latest(self, repository: str, at: int | str, name: str = NAME) -> Run:
        """The app's own check run of that name that counts there, once nothing is left to do."""
        ours = [one for one in self.runs(repository, at) if one.name == name and one.suite.app is self.stand.app]
        return max(ours, key=lambda one: one.id)

    def runs(self, repository: str, at: int | str) -> list[Run]:
        """All check runs there, in order of their names."""
        self.settle()
        return sorted(self.stand.checks(repository, at, every=True), key=lambda one: one.name)


def label(asked: Asked) -> str:
    """What tests call a request: its GraphQL document, or method and route."""
    return asked.document or f"{asked.method} {asked.route}"


def about(run: Run) -> tuple[str, str | None]:
    """What a check run is called and how it came out; it must be completed."""
    assert run.status == "completed"
    return run.name, run.conclusion


def codes(run: Run) -> set[str]:
    """The codes of the rules that annotate a check run."""
    return {_code(one) for one in run.annotations}


def judged(line: Plant, repository: str, at: int | str) -> tuple[str | None, set[str]]:
    """How the app's check run came out, and the codes of the rules that fail it."""
    run = line.latest(repository, at)
    return run.conclusion, {_code(one) for one in run.annotations if one["annotation_level"] == "failure"}


def _code(note: dict[str, Any]) -> str:
    return str(note["title"]).split()[0]


def lines(run: Run, policy: str) -> set[tuple[str, str]]:
    """Code and text of each line of the policy that a check run annotates."""
    text = policy.splitlines()
    assert all(one["path"] == ".pilot.yml" and one["start_line"] == one["end_line"] for one in run.annotations)
    return {(_code(one), text[one["start_line"] - 1].strip()) for one in run.annotations}


def pull_of(run: Run) -> str:
    """The pull request that the external id of a check run names."""
    return run.external_id.partition("/")[2].partition("/")[0]


@contextmanager
def plant(
    folder: Path,
    stand: Stand,
    clock: Clock,
    workers: int = 2,
    prometheus: Server | None = None,
    cache: Cache | None = None,
    *,
    looks: bool = False,
) -> Iterator[Plant]:
    """Pilotgate at work on a new SQLite file, for a stand-in that has been started. Its webhooks go there.

    With no `workers` it only takes them, for a process of the test's to work them off. `prometheus` is asked for the
    account `acme`. Only with `looks` are due dates looked at, which is no matter of pull requests.
    """
    with opened("sqlite", folder) as store, pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        # The queue looks at the clock through a name of its own.
        patch.setattr("bot.jobs.embedded.now", clock)
        patch.setattr("bot.jobs.embedded._LOOK", 0.02)
        built = Plant(stand, store, clock)
        queue = jobs(store, workers or 1)
        app = App(stand.app.id, stand.private_key, stand.url, clock, Written(store))
        line = Line(
            app=app,
            catalogue=catalogue(),
            store=built.installations,
            clock=clock,
            put=lambda given: queue.put([one for one in given if looks or (one.event, one.action) not in _LOOKS]),
            memory=Memory(store),
            cache=Cache(0) if cache is None else cache,
            ledger=Ledger(store),
            dates=Dates(store),
            today=date.fromisoformat(TODAY),
            prometheus=prometheus,
            prometheus_accounts=frozenset({"acme"}),
        )
        commit = GroupCommit(built.rows.pack, built.rows.keep)
        front = Accept([stand.hooks.secret], commit, pages(store.outdated).wsgi_app)
        stand.hooks.url = stack.enter_context(_listening(front)) + "/webhook"
        if workers:
            stack.enter_context(_working(queue, Worker(built.rows, queue, line, clock)))
        yield built


@contextmanager
def _working(queue: Jobs, worker: Worker) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=queue.run, args=(worker, stop), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _listening(app: WSGIApplication) -> Iterator[str]:
    def bounded(environ: dict[str, object], start: object) -> object:
        # This server hands the connection itself on, whose end nobody sees.
        length = int(str(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))  # type: ignore[attr-defined]
        return app(environ, start)  # type: ignore[arg-type]

    with make_server("127.0.0.1", 0, bounded, _Server, _Quiet) as server:  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="webhooks")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
