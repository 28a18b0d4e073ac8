"""Two workers are at the same job, one of whom was taken for dead: there is one issue in the end."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import events, wiring
from bot.demo.github import Exchange
from bot.demo.github.state import Issue
from bot.doctor import EVENTS
from bot.settings import server
from tests.bot.reminders.year import ORGANISATION, START, Pilot, founded, marker
from tests.e2e.forked import IMPORTED
from tests.e2e.storm import settings
from tests.stand import Stand
from tests.stores import ENGINES, address

NAME = "acme/triage"
OVERDUE = Pilot({"security": (START - timedelta(2), "pending")}, (START + timedelta(200), "pending"))
LIST = "/repos/{owner}/{repo}/issues"


@pytest.fixture
def stand() -> Iterator[Stand]:
    with Stand(events=EVENTS) as stand:
        organised = f"{ORGANISATION}required_reviews: [security]\n"
        stand.repository("acme/.github", files={".pilot-org.yml": organised})
        founded(stand, NAME, OVERDUE.text().encode())
        stand.install("acme")
        yield stand


def issues(stand: Stand) -> list[Issue]:
    return [one for one in stand.world.repositories[NAME].issues.values() if one.by_app]


def work(environment: Mapping[str, str], id: str) -> None:
    """What a worker does with a delivery, in a process of its own."""
    os.environ.update(environment)
    made = wiring.plant(server.read(server.APP), wiring.build())
    made.worker(id)
    made.store.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_of_two_that_have_found_no_issue_one_leaves_its_own_open(
    engine: str, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)

    def hold(exchange: Exchange) -> None:
        """Neither goes on before the other has heard as well that there is none."""
        if (exchange.method, exchange.route) == ("GET", LIST):
            assert exchange.response == []
            both.wait(60)

    with address(engine, tmp_path) as database:
        environment = settings(stand, PILOTGATE_DATABASE_URL=database, PILOTGATE_TODAY=str(START))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        plant = wiring.plant(server.read(server.APP), wiring.build())
        with closing(plant.store):
            plant.store.migrate()
            (installation,) = stand.world.installations
            id = stand.world.repositories[NAME].id
            plant.line.store.remember(installation, "acme", [(id, NAME)])
            (look,) = events.look(replace(plant.line, delivery="a race"), installation, {id: NAME})
            stand.observe.append(hold)
            forked = multiprocessing.get_context("forkserver")
            forked.set_forkserver_preload(list(IMPORTED))
            racers = [forked.Process(target=work, args=(environment, look)) for _ in range(2)]
            for one in racers:
                one.start()
            for one in racers:
                one.join(120)
            stand.observe.remove(hold)
            assert [one.exitcode for one in racers] == [0, 0]
            (kept,) = plant.line.dates.issues(id).items()
            found = {one.state: one for one in issues(stand)}
            assert sorted(found) == ["closed", "open"]
            assert [marker(one) for one in issues(stand)] == [kept[0]] * 2
            assert (kept[1].number, kept[1].open) == (found["open"].number, True)
            assert "another issue says the same" in found["closed"].comments[-1].body
            assert [one.state for one in plant.deliveries.standings()] == ["done"]

            # From then on there is one.
            later = replace(plant.line, delivery="a week later", today=START + timedelta(7))
            plant.worker(*events.look(later, installation, {id: NAME}))
            assert [len(found[state].comments) for state in ("open", "closed")] == [1, 1]
