"""What each event leads to: a review, a comment, further deliveries, a row in the store, or nothing."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses
from pydantic_core import from_json

from bot import events
from bot.errors import RetryLater
from bot.events import Line
from bot.store.dates import Dates
from bot.store.deliveries import Delivery
from bot.store.installations import Installations
from bot.store.ledger import Ledger
from bot.store.memory import Judged, Memory
from rules.catalogue import catalogue
from tests.bot.events.given import HEAD, REPOSITORY, payload
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

    def known(self, installation: int) -> dict[int, str]:
        return {12: "acme/other"} if installation == 3 else {}

    def drop(self, removed: Collection[int]) -> None:
        self.told.append(("drop", list(removed)))


class World:
    """A line with what came of the events that were handled on it."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.hub = Hub(files={".pilot.yml": SMALL}, base={".pilot.yml": SMALL})
        self.store, self.put, self.looks = Store(), list[Delivery](), list[Delivery]()
        remembered = empty()
        self.line = Line(
            app=self.hub.start(mock).app,
            catalogue=catalogue(),
            store=self.store,
            clock=lambda: NOW,
            put=self._put,
            memory=Memory(remembered),
            ledger=Ledger(remembered),
            dates=Dates(remembered),
            delivery="guid",
        )
        self.installations = Installations(remembered)
        self.installations.remember(3, "acme", [(11, "acme/triage"), (12, "acme/sorting")])
        self.installations.remember(4, "other", [(13, "other/triage")])

    def knows(
        self, repository: int, number: int, *watched: str, head: str = HEAD, again: datetime | None = None
    ) -> None:
        """A pull request that was judged before."""
        installation = 4 if repository == 13 else 3
        judged = Judged("mark", "shown", head, again, frozenset(watched))
        self.line.memory.judge(installation, repository, number, judged)

    def judged_anew(self) -> list[tuple[str, int]]:
        """The pull requests for which a delivery was put since the last time."""
        put = [from_json(one.payload) for one in self.put]
        assert {one["action"] for one in put} <= {"anew"}
        self.put.clear()
        return [(one["repository"]["full_name"], one["number"]) for one in put]

    def _put(self, given: Sequence[Delivery]) -> None:
        """Looks at due dates are kept apart from all that concerns pull requests."""
        for one in given:
            (self.looks if one.action == "anew" and one.event != "pull_request" else self.put).append(one)

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
        ({"commits": [{"modified": ["docs/.pilot.yml"]}]}, True),
        ({"commits": [{"modified": ["docs/x.pilot.yml", ".pilot-org.yml"]}]}, False),
        ({"commits": [{"modified": ["README.md"]}] * 19}, False),
        ({"commits": [{"modified": ["README.md"]}] * 20}, True),
        ({"commits": [{"modified": ["README.md"]}], "forced": True}, True),
        ({"commits": []}, True),
        ({"commits": None}, True),
        ({"ref": "refs/heads/release/1"}, True),
        ({"ref": "refs/heads/release/1", "commits": []}, False),
        ({"ref": "refs/heads/release/1", "commits": [{"modified": ["README.md"]}]}, False),
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
    assert world.handle("check_suite") == ["Pull", *SEEN[1:], "PATCH /repos/acme/triage/check-runs/1"], (
        "its tree is known by its hash"
    )


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
        listed = number == 17  # of the other, which has the same head, the tree is known by its hash
        assert asked == [
            each.replace("/pulls/17/", f"/pulls/{number}/") for each in REVIEWED if listed or "trees" not in each
        ]
    assert {run["external_id"].split("/")[1] for run in world.hub.runs.values()} == {"17", "18"}


def test_a_suite_of_none_is_nothing(world: World) -> None:
    assert world.handle("check_suite", check_suite={"head_sha": HEAD}) == ["CommitPulls"]


def test_our_run_is_run_again_whoever_asks(world: World) -> None:
    world.handle("pull_request")
    asked = world.handle("check_run", action="rerequested", requested_action=None)
    assert asked == ["Pull", *SEEN[1:], "PATCH /repos/acme/triage/check-runs/1"], "its tree is known by its hash"


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


TRIAGE, SORTING = "acme/triage", "acme/sorting"


@pytest.mark.parametrize("action", ["submitted", "edited", "dismissed"])
def test_a_review_of_a_pull_request_may_be_an_approval(action: str, world: World) -> None:
    assert world.handle("pull_request_review", action=action) == REVIEWED


@pytest.mark.parametrize("action", ["labeled", "unlabeled"])
@pytest.mark.parametrize(("label", "matters"), [("pilot-emergency", True), ("Pilot-Emergency", True), ("bug", False)])
def test_the_label_of_emergencies_alone_matters(action: str, label: str, matters: bool, world: World) -> None:
    assert world.handle("pull_request", action=action, changes=None, label={"name": label}) == REVIEWED * matters


@pytest.mark.parametrize(
    ("changes", "hands"),
    [
        ({"action": "opened"}, {"dev"}),
        ({"action": "synchronize", "sender": {"login": "Max", "type": "User"}}, {"max"}),
        ({"action": "synchronize", "sender": None}, set()),
        ({"action": "reopened"}, set()),
        ({"action": "labeled", "label": {"name": "bug"}}, set()),
    ],
)
def test_whoever_pushes_has_a_hand_in_it(changes: dict[str, Any], hands: set[str], world: World) -> None:
    world.handle("pull_request", **changes)
    assert world.line.memory.hands(11, 17) == hands


def test_what_is_closed_is_judged_no_more_and_its_hands_stay_known(world: World) -> None:
    world.knows(11, 17, "@lee")
    world.line.memory.add_hand(11, 17, "max")
    assert world.handle("pull_request", action="closed") == []
    assert world.line.memory.judged(11, 17) is None
    assert world.line.memory.hands(11, 17) == {"max"}
    world.handle("member")
    assert world.judged_anew() == []


def test_a_check_of_others_reaches_what_asks_for_it_on_that_commit(world: World) -> None:
    world.knows(11, 17, "check:integration / invoices")
    world.knows(11, 18, "check:integration / invoices", head="c" * 40)
    world.knows(11, 19, "check:other")
    world.knows(12, 20, "check:integration / invoices")
    world.knows(13, 21, "check:integration / invoices")
    assert world.handle("status") == []
    assert world.judged_anew() == [(TRIAGE, 17), (SORTING, 20)]
    run = {"head_sha": HEAD, "name": "Integration / invoices", "app": {"id": 15368}}
    assert world.handle("check_run", action="completed", check_run=run) == []
    assert world.judged_anew() == [(TRIAGE, 17), (SORTING, 20)]


@pytest.mark.parametrize(
    "run",
    [
        {"head_sha": HEAD, "name": "Pilot readiness", "app": {"id": 7}},
        {"head_sha": HEAD, "name": None, "app": {"id": 1}},
        {"head_sha": HEAD, "app": None},
        {"head_sha": HEAD, "name": "unasked"},
    ],
)
def test_our_own_check_and_one_that_nobody_asks_for_reach_nothing(run: dict[str, Any], world: World) -> None:
    world.knows(11, 17, "check:Pilot readiness", "check:None", "check:")
    assert world.handle("check_run", action="completed", check_run=run) == []
    assert world.judged_anew() == []


@pytest.mark.parametrize("event", ["member", "custom_property_values"])
def test_what_changes_in_a_repository_reaches_its_open_pull_requests(event: str, world: World) -> None:
    world.knows(11, 17)
    world.knows(11, 18)
    world.knows(12, 19)
    assert world.handle(event) == []
    assert world.judged_anew() == [(TRIAGE, 17), (TRIAGE, 18)]


@pytest.mark.parametrize(
    ("event", "changes", "reaches"),
    [
        ("membership", {}, [(TRIAGE, 17), (SORTING, 18)]),
        ("team", {"action": "deleted", "repository": None}, [(TRIAGE, 17), (SORTING, 18)]),
        ("team", {"action": "added_to_repository"}, [(TRIAGE, 17)]),
    ],
)
def test_what_changes_in_a_team_reaches_what_hangs_on_it(
    event: str, changes: dict[str, Any], reaches: list[tuple[str, int]], world: World
) -> None:
    world.knows(11, 17, "@acme/ML-oncall")
    world.knows(12, 18, "@acme/ml-oncall")
    world.knows(12, 19, "@acme/legal", "@ml-oncall")
    world.knows(13, 20, "@acme/ml-oncall")
    assert world.handle(event, **changes) == []
    assert world.judged_anew() == reaches


def test_what_a_team_may_do_in_a_repository_matters_there_alone(world: World) -> None:
    world.knows(11, 17, "@acme/ml-oncall")
    world.knows(12, 18, "@acme/ml-oncall")
    assert world.handle("team", action="added_to_repository") == []
    assert world.judged_anew() == [(TRIAGE, 17)]


def test_whoever_joins_or_leaves_a_team_is_one_that_may_hang_alone(world: World) -> None:
    world.knows(11, 17, "@max")
    world.handle("membership")
    assert world.judged_anew() == [(TRIAGE, 17)]
    world.handle("team")
    assert world.judged_anew() == []


@pytest.mark.parametrize(
    ("membership", "reaches"),
    [
        ({"user": {"login": "Lee"}}, [(TRIAGE, 17), (TRIAGE, 18)]),
        ({"user": {"login": "max"}}, [(TRIAGE, 18)]),
        (None, [(TRIAGE, 18)]),
    ],
)
def test_whoever_leaves_the_organisation_leaves_every_team(
    membership: Any, reaches: list[tuple[str, int]], world: World
) -> None:
    world.knows(11, 17, "@lee")
    world.knows(11, 18, "@acme/legal")
    world.knows(11, 19, "@acmee/legal", "@acme")
    assert world.handle("organization", membership=membership) == []
    assert world.judged_anew() == reaches


@pytest.mark.parametrize(
    ("changes", "reaches"),
    [
        ({"topics": {"from": []}}, [(TRIAGE, 17)]),
        ({"description": {"from": "x"}}, []),
        ({}, []),
        (None, []),
    ],
)
def test_other_topics_may_ask_for_a_policy(changes: Any, reaches: list[tuple[str, int]], world: World) -> None:
    world.knows(11, 17)
    world.knows(12, 18)
    assert world.handle("repository", action="edited", changes=changes) == []
    assert world.judged_anew() == reaches
    assert world.store.told == []


HOME = {**REPOSITORY, "name": ".github", "full_name": "acme/.github", "id": 14}


@pytest.mark.parametrize(
    ("changes", "reaches"),
    [
        ({"commits": [{"modified": [".pilot-org.yml"]}]}, True),
        ({"commits": [{"removed": [".pilot-org.yml"]}]}, True),
        ({"commits": [{"modified": ["README.md"]}], "forced": True}, True),
        ({"commits": [{"modified": ["README.md"]}]}, False),
        ({"commits": [{"modified": [".pilot.yml"]}]}, False),
        ({"commits": [{"modified": [".pilot-org.yml"]}], "ref": "refs/heads/feature"}, False),
        ({"commits": [{"modified": [".pilot-org.yml"]}], "deleted": True}, False),
        ({"commits": [{"modified": [".pilot-org.yml"]}], "repository": REPOSITORY}, False),
    ],
)
def test_a_push_of_the_organisations_file_reaches_every_pull_request(
    changes: dict[str, Any], reaches: bool, world: World
) -> None:
    world.knows(11, 17)
    world.knows(12, 18)
    world.knows(13, 19)
    world.handle("push", **{"repository": HOME, **changes})
    assert world.judged_anew() == ([(TRIAGE, 17), (SORTING, 18)] if reaches else [])


def test_what_is_judged_anew_is_a_delivery_that_reviews(world: World) -> None:
    world.knows(11, 17)
    world.handle("member")
    (one,) = world.put
    assert (one.id, one.event, one.action) == ("guid/again/11/17", "pull_request", "anew")
    assert (one.installation, one.repository, one.lane) == (3, TRIAGE, "repository/11")
    assert world.handle_payload(one.event, from_json(one.payload)) == REVIEWED
    assert world.line.memory.hands(11, 17) == set(), "nobody has pushed"


def test_a_repository_that_is_archived_or_gone_is_not_judged_anew(world: World) -> None:
    world.knows(11, 17, "@acme/ml-oncall")
    world.knows(12, 18, "@acme/ml-oncall")
    world.installations.archive(11, True)
    world.installations.drop([12])
    world.handle("team")
    assert world.judged_anew() == []


def test_a_day_that_has_come_has_pull_requests_judged_anew_once(world: World) -> None:
    world.knows(11, 17, again=NOW)
    world.knows(11, 18, again=NOW + timedelta(seconds=1))
    world.knows(12, 19)
    events.dates(world.line)
    assert [one.id for one in world.put] == ["dates/2026-11-24T12+00:00/again/11/17"]
    assert world.judged_anew() == [(TRIAGE, 17)]
    events.dates(world.line)
    assert world.judged_anew() == []


QUEUE = f"gh-readonly-queue/main/pr-17-{'b' * 40}"


@pytest.mark.parametrize("ref", [QUEUE, f"refs/heads/{QUEUE}", QUEUE.replace("main", "release/pr-1-a")])
def test_a_group_of_the_merge_queue_gets_its_check_run(ref: str, world: World) -> None:
    group = {**payload("merge_group")["merge_group"], "head_ref": ref, "head_sha": "c" * 40}
    asked = world.handle("merge_group", merge_group=group)
    assert asked[:2] == ["Pull", "Group"]
    assert asked[-1] == "POST /repos/acme/triage/check-runs"
    (run,) = world.hub.runs.values()
    assert (run["head_sha"], run["conclusion"]) == ("c" * 40, "failure")
    assert run["external_id"].startswith("group/17/")


@pytest.mark.parametrize("ref", ["main", "gh-readonly-queue/main", "gh-readonly-queue/main/pr-x-abc", "pr-17-abc"])
def test_a_group_that_names_no_pull_request_is_left(ref: str, world: World) -> None:
    group = {**payload("merge_group")["merge_group"], "head_ref": ref}
    assert world.handle("merge_group", merge_group=group) == []


def test_a_run_of_a_group_is_run_again_as_one(world: World) -> None:
    run = {"head_sha": HEAD, "external_id": f"group/17/{'b' * 40}/aa/bb"}
    asked = world.handle("check_run", action="rerequested", requested_action=None, check_run=run)
    assert asked[:2] == ["Pull", "Group"]
    world.hub.roles = {"dev": "admin"}
    assert world.handle("check_run", check_run=run, **_pressed("recheck")) == []
