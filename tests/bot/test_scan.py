"""`scan`: what is due is looked at by the command itself, or left to the worker that is there."""

import fcntl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot import events
from bot.demo.github import StandIn
from bot.demo.github.state import Issue
from bot.settings import server
from bot.store import open_store
from bot.store.deliveries import Deliveries
from bot.wiring import build, plant
from tests.bot.given import SMALL, Ran

Pilotgate = Callable[..., Ran]
POLICY = SMALL + 'reviews:\n  security: {team: "@acme/appsec", due: 2026-11-27, outcome: pending}\n'


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """An app whose database knows one repository, in which all that is due on November 24 was looked at."""
    with StandIn() as stand:
        stand.repository("acme/triage", files={".pilot.yml": POLICY.encode()})
        id = stand.install("acme")
        monkeypatch.chdir(tmp_path)
        for name, value in {
            "PILOTGATE_DATA_DIR": str(tmp_path),
            "PILOTGATE_APP_ID": str(stand.app.id),
            "PILOTGATE_PRIVATE_KEY": stand.private_key,
            "PILOTGATE_WEBHOOK_SECRET": "secret",
            "PILOTGATE_GITHUB_API_URL": stand.url,
        }.items():
            monkeypatch.setenv(name, value)
        made = plant(server.read(server.APP), build(), "2026-11-24")
        made.store.migrate()
        made.line.store.remember(id, "acme", [(stand.world.repositories["acme/triage"].id, "acme/triage")])
        events.survey(replace(made.line, delivery="first"), id)
        while waiting := list(made.deliveries.standings(("accepted",))):
            made.worker(waiting[0].id)
        made.store.close()
        yield stand
    # The command has set up logs for the streams that it had.
    structlog.reset_defaults()


def opened(stand: StandIn) -> list[Issue]:
    """The issues of overdue reviews."""
    issues = stand.world.repositories["acme/triage"].issues.values()
    return [one for one in issues if str(one.body).startswith("<!-- pilotgate:REV002:")]


def test_what_is_due_on_a_day_is_done_by_the_command(stand: StandIn, pilotgate: Pilotgate) -> None:
    assert pilotgate("scan", "--today", "2026-11-27").code == 0
    assert opened(stand) == []
    ran = pilotgate("scan", "--today", "2026-11-28")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "1 repository has something due")
    (issue,) = opened(stand)
    again = pilotgate("scan", "--today", "2026-11-28")
    assert (again.out.splitlines()[-1], opened(stand)) == ("0 repositories have something due", [issue])


def test_it_is_left_to_the_worker_that_is_there(stand: StandIn, pilotgate: Pilotgate, tmp_path: Path) -> None:
    with (tmp_path / "pilotgate.db.worker").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = pilotgate("scan", "--today", "2026-11-28")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "1 is still to be looked at: by a worker, or by the next scan")
    assert opened(stand) == []
    store = open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")
    (row,) = (one for one in Deliveries(store).standings(("accepted",)) if one.event == "repository")
    store.close()
    assert row.action == "anew"
    assert pilotgate("scan", "--today", "2026-11-28").code == 0
    assert len(opened(stand)) == 1


def test_what_github_takes_later_is_said(stand: StandIn, pilotgate: Pilotgate) -> None:
    stand.fail("POST */issues", "secondary")
    ran = pilotgate("scan", "--today", "2026-11-28")
    assert ran.out.splitlines()[-2:] == [
        "1 repository has something due",
        "1 is still to be looked at: by a worker, or by the next scan",
    ]
    assert opened(stand) == []


def test_a_day_that_is_none_is_said(stand: StandIn, pilotgate: Pilotgate) -> None:
    assert pilotgate("scan", "--today", "tomorrow").code == 2
