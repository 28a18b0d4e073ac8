"""What each event leads to: a review, a comment, further deliveries, a row in the store, or nothing."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from pydantic_core import from_json

from bot import events
from bot.errors import RetryLater
from bot.events import Line
from bot.store.deliveries import Delivery
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from rules.catalogue import catalogue
from tests.bot.events.given import HEAD, payload
from tests.bot.github.hub import Hub
from tests.stores import empty

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SMALL = b"version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"
SEEN = [f"GET /repos/acme/triage/git/trees/{HEAD}", "GET /repos/acme/triage/pulls/17/files", "Files"]
REVIEWED = ["Pull", *SEEN, "POST /repos/acme/triage/check-runs"]
COMMENTED = ["Pull", *SEEN, "POST /repos/acme/triage/issues/17/comments"]
PERMISSION = "GET /repos/acme/triage/collaborators/dev/permission"


class Store:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def remember(self, installation: int, account: str, added: Collection[tuple[int, str]]) -> None:
        self.told.append(("remember", installation, account, list(added)))

    def forget(self, installation: int) -> None:
        self.told.append(("forget", installation))

    def suspend(self, installation: int, suspended: bool) -> None:
        self.told.append(("suspend", installation, suspended))

    def rename(self, repository: int, name: str) -> None:
        self.told.append(("rename", repository, name))

    def archive(self, repository: int, archived: bool) -> None:
        self.told.append(("archive", repository, archived))

    def names(self, installation: int) -> list[str]:
        return []

    def drop(self, removed: Collection[int]) -> None:
        self.told.append(("drop", list(removed)))


class World:
    """A line with what came of the events that were handled on it."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.hub = Hub(files={".pilot.yml": SMALL}, base={".pilot.yml": SMALL})
        self.store, self.put = Store(), list[Delivery]()
        remembered = empty()
        self.line = Line(
            app=self.hub.start(mock).app,
            catalogue=catalogue(),
            store=self.store,
            clock=lambda: NOW,
            put=self.put.append,
            memory=Memory(remembered),
            ledger=Ledger(remembered),
            delivery="guid",
        )

    def handle(self, event: str, **changes: Any) -> list[str]:
        """Handle an event; what it asked GitHub for."""
        return self.handle_payload(event, payload(event, **changes))

    def handle_payload(self, event: str, given: dict[str, Any]) -> list[str]:
        handler = events.handler(event)
        assert handler is not None
        handler.handle(handler.parse(given), self.line)
        return self.hub.counted()


@pytest.fixture
def world() -> Iterator[World]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield World(mock)


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_a_pull_request_is_reviewed(action: str, world: World) -> None:
    assert world.handle("pull_request", action=action, changes=None) == REVIEWED


@pytest.mark.parametrize("changes", [None, {}, {"title": {"from": "x"}}, {"base": None}])
def test_an_edit_of_words_changes_nothing(changes: Any, world: World) -> None:
    assert world.handle("pull_request", changes=changes) == []


def test_another_base_is_another_review(world: World) -> None:
    assert world.handle("pull_request") == REVIEWED


@pytest.mark.parametrize(
    ("changes", "reaches"),
    [
        ({}, True),
        ({"commits": [{"added": [".pilot.yml"]}]}, True),
        ({"commits": [{"removed": [".pilot.yml"], "added": None}]}, True),
        ({"commits": [{"modified": ["docs/.pilot.yml"]}]}, False),
        ({"commits": [{"modified": ["README.md"]}] * 19}, False),
        ({"commits": [{"modified": ["README.md"]}] * 20}, True),
        ({"commits": [{"modified": ["README.md"]}], "forced": True}, True),
        ({"commits": []}, True),
        ({"commits": None}, True),
        ({"ref": "refs/heads/feature"}, False),
        ({"ref": "refs/tags/main"}, False),
        ({"deleted": True}, False),
    ],
)
def test_a_push_reaches_open_pull_requests_if_it_may_change_the_policy(
    changes: dict[str, Any], reaches: bool, world: World
) -> None:
    world.hub.pulls = list(range(1, 251))
    asked = world.handle("push", **changes)
    assert asked == (["OpenPulls"] * 3 if reaches else [])
    assert [one.id for one in world.put] == ([f"guid/pull/{number}" for number in range(1, 251)] if reaches else [])


def test_what_a_push_puts_is_a_delivery_that_reviews(world: World) -> None:
    world.hub.pulls = [17]
    world.handle("push")
    (one,) = world.put
    assert (one.event, one.action, one.installation, one.repository) == (
        "pull_request",
        "synchronize",
        3,
        "acme/triage",
    )
    assert (one.lane, one.received) == ("repository/11", NOW)
    assert world.handle_payload(one.event, from_json(one.payload)) == REVIEWED


def test_a_suite_is_run_again_even_where_nothing_has_changed(world: World) -> None:
    world.handle("pull_request")
    assert world.handle("check_suite") == ["Pull", *SEEN, "PATCH /repos/acme/triage/check-runs/1"]


@pytest.mark.parametrize("named", [None, [], [{"number": 4, "base": {"repo": {"id": 99}}}]])
def test_a_suite_that_names_no_pull_request_here_is_looked_up(named: Any, world: World) -> None:
    world.hub.pulls = [17]
    suite = {"head_sha": HEAD, "pull_requests": named}
    assert world.handle("check_suite", check_suite=suite) == ["CommitPulls", *REVIEWED]


def test_a_suite_of_several_pull_requests_is_a_delivery_for_each(world: World) -> None:
    world.hub.pulls = [17, 18]
    assert world.handle("check_suite", check_suite={"head_sha": HEAD}) == ["CommitPulls"]
    assert [one.id for one in world.put] == ["guid/pull/17", "guid/pull/18"]
    for number, one in zip((17, 18), world.put, strict=True):
        assert (one.event, one.action) == ("check_suite", "rerequested")
        asked = world.handle_payload(one.event, from_json(one.payload))
        assert asked == [each.replace("/pulls/17/", f"/pulls/{number}/") for each in REVIEWED]
    assert {run["external_id"].split("/")[1] for run in world.hub.runs.values()} == {"17", "18"}


def test_a_suite_of_none_is_nothing(world: World) -> None:
    assert world.handle("check_suite", check_suite={"head_sha": HEAD}) == ["CommitPulls"]


def test_our_run_is_run_again_whoever_asks(world: World) -> None:
    world.handle("pull_request")
    asked = world.handle("check_run", action="rerequested", requested_action=None)
    assert asked == ["Pull", *SEEN, "PATCH /repos/acme/triage/check-runs/1"]


def _pressed(identifier: str) -> dict[str, Any]:
    return {"requested_action": {"identifier": identifier}}


@pytest.mark.parametrize(
    ("button", "role", "follows"),
    [
        ("recheck", "admin", REVIEWED),
        ("recheck", "maintain", REVIEWED),
        ("recheck", "write", REVIEWED),
        ("recheck", "triage", []),
        ("recheck", "read", []),
        ("recheck", "none", []),
        ("explain", "read", COMMENTED),
        ("explain", "triage", COMMENTED),
        ("explain", "admin", COMMENTED),
        ("explain", "none", []),
    ],
)
def test_a_button_is_for_those_who_may(button: str, role: str, follows: list[str], world: World) -> None:
    world.hub.roles = {"dev": role}
    assert world.handle("check_run", **_pressed(button)) == [PERMISSION, *follows]


@pytest.mark.parametrize(
    "changes",
    [
        _pressed("launch"),
        {"requested_action": None},
        {"sender": {"login": "dependabot[bot]", "type": "Bot"}},
        {"sender": {"login": "dependabot[bot]"}},
        {"check_run": {"head_sha": HEAD, "external_id": "theirs"}},
        {"check_run": {"head_sha": HEAD}},
    ],
)
def test_a_button_that_means_nothing_does_nothing(changes: dict[str, Any], world: World) -> None:
    world.hub.roles = {"dev": "admin", "dependabot[bot]": "admin"}
    assert world.handle("check_run", **changes) == []


@pytest.mark.parametrize("button", ["recheck", "explain"])
def test_a_button_on_a_head_that_has_moved_does_nothing(button: str, world: World) -> None:
    world.hub.roles = {"dev": "admin"}
    run = {"head_sha": "c" * 40, "external_id": "pull/17/aa/bb"}
    assert world.handle("check_run", check_run=run, **_pressed(button)) == [PERMISSION, "Pull"]


def test_an_explanation_is_not_written_twice_by_a_job_that_runs_twice(world: World) -> None:
    world.hub.roles = {"dev": "read"}
    world.hub.faults = [lambda: (502, {}, "")]
    with pytest.raises(RetryLater):
        world.handle("check_run", **_pressed("explain"))
    world.hub.counted()
    assert world.handle("check_run", **_pressed("explain")) == [PERMISSION, "Pull"]
    assert len(world.hub.comments) == 1


@pytest.mark.parametrize(
    ("event", "changes", "told"),
    [
        ("installation", {}, [("remember", 3, "acme", [(11, "acme/triage")])]),
        ("installation", {"action": "deleted"}, [("forget", 3)]),
        (
            "installation",
            {"action": "suspend", "repositories": None},
            [("remember", 3, "acme", []), ("suspend", 3, True)],
        ),
        (
            "installation",
            {"action": "unsuspend", "repositories": []},
            [("remember", 3, "acme", []), ("suspend", 3, False)],
        ),
        ("installation", {"action": "new_permissions_accepted"}, [("remember", 3, "acme", [(11, "acme/triage")])]),
        (
            "installation",
            {"installation": {"id": 3, "account": {"slug": "big"}}},
            [("remember", 3, "big", [(11, "acme/triage")])],
        ),
        ("installation", {"installation": {"id": 3, "account": None}}, [("remember", 3, "", [(11, "acme/triage")])]),
        ("installation_repositories", {}, [("remember", 3, "acme", [(11, "acme/triage")]), ("drop", [12])]),
        ("repository", {}, [("rename", 11, "acme/triage")]),
        ("repository", {"action": "transferred"}, [("rename", 11, "acme/triage")]),
        ("repository", {"action": "archived"}, [("archive", 11, True)]),
        ("repository", {"action": "unarchived"}, [("archive", 11, False)]),
        ("repository", {"action": "deleted"}, [("drop", [11])]),
    ],
)
def test_what_is_installed_where_is_remembered(
    event: str, changes: dict[str, Any], told: list[tuple[Any, ...]], world: World
) -> None:
    assert world.handle(event, **changes) == []
    assert world.store.told == told
