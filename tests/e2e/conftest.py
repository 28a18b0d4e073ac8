"""A Pilotgate that is installed on a repository, for each end-to-end test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.doctor import EVENTS, PERMISSIONS
from bot.gather.cache import Cache
from tests.e2e.given import HERE, planted
from tests.e2e.plant import Clock, Plant, plant
from tests.stand import Stand


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Plant]:
    """Pilotgate and a GitHub where there is nothing yet."""
    clock = Clock()
    with Stand(clock=clock, events=EVENTS, permissions=PERMISSIONS) as stand, plant(tmp_path, stand, clock) as running:
        yield running


@pytest.fixture
def knowing(tmp_path: Path) -> Iterator[Plant]:
    """The same as `line`, but what was read of repositories is kept, as in earnest."""
    clock = Clock()
    stand = Stand(clock=clock, events=EVENTS, permissions=PERMISSIONS)
    with stand, plant(tmp_path, stand, clock, cache=Cache()) as running:
        planted(stand, HERE)
        stand.install("acme")
        running.asked()
        yield running


@pytest.fixture
def line(bare: Plant) -> Plant:
    """Pilotgate, installed on an organisation whose repository is the shipped example. It keeps nothing of what it has
    read, so that each review is the first."""
    planted(bare.stand, HERE)
    bare.stand.install("acme")
    bare.asked()
    return bare


@pytest.fixture
def number(line: Plant) -> int:
    """A pull request by `dev` that changes a page."""
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Page\n"})
    made = line.stand.pull(HERE, "feature")
    line.asked()
    return made
