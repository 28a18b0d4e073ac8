"""Builds what a command works with; the only place that reads the environment and the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings
from bot.errors import Refused, RetryLater, UserError
from bot.settings import Settings
from rules.catalogue import Catalogue, InvalidRule, catalogue
from rules.facts import Today

if TYPE_CHECKING:
    from bot.events import Line
    from bot.gather.metrics import Metrics
    from bot.gather.metrics import Server as PrometheusServer
    from bot.github.client import App
    from bot.jobs import Jobs
    from bot.jobs.work import Worker
    from bot.settings.server import Server
    from bot.store import Store
    from bot.store.deliveries import Deliveries
    from rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Tools:
    """What every command has at hand."""

    settings: Settings
    catalogue: Catalogue

    def today(self, chosen: str | None) -> Today:
        """The date to judge by: the one chosen, else `PILOTGATE_TODAY`, else today in UTC."""
        for name, text in (("--today", chosen), ("PILOTGATE_TODAY", self.settings.today)):
            if text is not None:
                return Today(_date(name, text))
        return Today(datetime.now(UTC).date())

    def metrics(self, policy: Policy | None, offline: bool) -> Metrics:
        """What a checkout's policy may ask of the Prometheus server that the settings name, if they do."""
        from bot.gather.metrics import OFFLINE, UNSET, Metrics  # noqa: PLC0415 - the other commands start without it

        url = self.settings.prometheus_url
        if offline or not url:
            return Metrics(None, policy, OFFLINE if offline else UNSET)
        return Metrics(prometheus(url), policy, UNSET)


def prometheus(url: str) -> PrometheusServer:
    """The Prometheus server at an address; UserError for what is none."""
    from bot.gather.prometheus import Prometheus  # noqa: PLC0415 - HTTP takes long to load, and most ask no server

    if not url.startswith(("http://", "https://")):
        raise UserError("PILOTGATE_PROMETHEUS_URL: write an address that begins with https://")
    return Prometheus(url)


def _date(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # such as 20261124, or the 2nd day of a week, 2026-W48-2
            raise ValueError
    except ValueError:
        raise UserError(f"{name} {text}: write a date as in 2026-11-24") from None
    return day


def build() -> Tools:
    """The tools, from this process's environment; UserError where a rule does not load."""
    try:
        return Tools(settings.read(os.environ), catalogue())
    except InvalidRule as error:
        raise UserError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Plant:
    """What a worker works with."""

    store: Store
    deliveries: Deliveries
    jobs: Jobs
    worker: Worker
    line: Line

    def hourly(self) -> None:
        """Do what the calendar asks for."""
        from bot import events  # noqa: PLC0415 - what follows is loaded by the server's commands alone

        events.dates(self.line)
        events.due(self.line)

    def scan(self) -> tuple[int, int]:
        """Have what is due looked at, by this process unless a worker is there to do it; in how many repositories, and
        how many looks are left, as GitHub takes no more by now, or a worker is at it."""
        from bot import events  # noqa: PLC0415

        due = events.due(self.line)
        self.jobs.work_off(self.worker, [*self._looks(), *due])
        return len(due), len(self._looks())

    def _looks(self) -> list[str]:
        from bot.store.deliveries import ANEW  # noqa: PLC0415

        return self.deliveries.pending(ANEW, "repository")

    def redeliver(self) -> None:
        """Ask for the webhooks that were lost."""
        from bot.jobs.redeliver import redeliver  # noqa: PLC0415
        from bot.store.cursors import Cursors  # noqa: PLC0415

        _tried("redeliver", lambda: redeliver(self.line.app, Cursors(self.store), self.line.clock()))

    def reconcile(self) -> None:
        """Have all that GitHub has told, or should have, read anew."""
        from bot.jobs.reconcile import reconcile  # noqa: PLC0415
        from bot.store.installations import Installations  # noqa: PLC0415

        _tried("reconcile", lambda: reconcile(self.line, Installations(self.store)))

    @property
    def tasks(self) -> list[tuple[str, timedelta, Callable[[], None]]]:
        """What is done every so often, first when a worker starts: then it is in this order, so that nothing is looked
        at where the app is no longer."""
        return [
            ("reconcile", timedelta(days=1), self.reconcile),
            ("redeliver", timedelta(minutes=5), self.redeliver),
            ("hourly", timedelta(hours=1), self.hourly),
        ]


def _tried(name: str, do: Callable[[], object]) -> None:
    """Do something that GitHub may refuse: it is tried again when its time comes again."""
    import structlog  # noqa: PLC0415

    try:
        do()
    except (RetryLater, Refused) as error:
        structlog.get_logger().warning("not now", task=name, reason=error.reason)


def logging(settings: Server) -> Server:
    """The same settings, once logs are written as they say."""
    from bot import log  # noqa: PLC0415 - what follows is loaded by the server's commands alone

    log.set_up(settings.log_level, settings.log_format)
    return settings


def store(settings: Server, new: bool = True) -> Store:
    """The database, made where there is none and `new` allows it; UserError where it can't be opened."""
    from bot.store import open_store  # noqa: PLC0415

    file = settings.database.removeprefix("sqlite:///")
    if not new and file != settings.database and not Path(file).exists():
        raise UserError(f"there is no database at {file}: is PILOTGATE_DATA_DIR that of the server?")
    return open_store(settings.database)


@contextmanager
def deliveries(settings: Server) -> Iterator[Deliveries]:
    """The deliveries of a database, which is brought up to date before and closed after."""
    from bot.store.deliveries import Deliveries  # noqa: PLC0415

    with closing(store(settings, new=False)) as opened:
        opened.migrate()
        yield Deliveries(opened)


@contextmanager
def current(settings: Server) -> Iterator[Store]:
    """The database as it is, closed after; UserError where there is none, or not this version's."""
    with closing(store(settings, new=False)) as opened:
        why = opened.outdated()
        if why is not None:
            raise UserError(why)
        yield opened


def plant(settings: Server, tools: Tools, today: str | None = None) -> Plant:
    """What a worker works with, from its settings."""
    from bot.github.client import App  # noqa: PLC0415
    from bot.jobs import jobs as queue  # noqa: PLC0415
    from bot.jobs.work import Worker  # noqa: PLC0415
    from bot.store.deliveries import Deliveries  # noqa: PLC0415
    from bot.store.written import Written  # noqa: PLC0415

    opened = store(settings)
    rows, jobs = Deliveries(opened), queue(opened, settings.workers)
    key = settings.private_key.get_secret_value()
    app = App(settings.app_id, key, settings.github_api_url, now, Written(opened))
    straight = replace(line(settings, tools, app, opened, today), put=jobs.put)
    accounts = frozenset(name.lower() for name in settings.allowed_accounts)
    return Plant(opened, rows, jobs, Worker(rows, jobs, straight, now, accounts), straight)


def line(settings: Server, tools: Tools, app: App, opened: Store, today: str | None = None) -> Line:
    """What handlers work with, from the settings; it puts nothing anywhere."""
    from bot.events import Line  # noqa: PLC0415
    from bot.store.dates import Dates  # noqa: PLC0415
    from bot.store.installations import Installations  # noqa: PLC0415
    from bot.store.ledger import Ledger  # noqa: PLC0415
    from bot.store.memory import Memory  # noqa: PLC0415

    return Line(
        app=app,
        catalogue=tools.catalogue,
        store=Installations(opened),
        clock=now,
        put=lambda _: None,
        memory=Memory(opened),
        ledger=Ledger(opened),
        dates=Dates(opened),
        today=tools.today(today).date if today is not None or tools.settings.today else None,
        prometheus=prometheus(settings.prometheus_url) if settings.prometheus_url else None,
        prometheus_accounts=frozenset(name.lower() for name in settings.prometheus_accounts),
    )


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
