"""What a pull request comes to: what the base branch shows and the head does not, emergencies, groups, comments, and
changes of the organisation's file."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import responses

from bot.errors import Refused
from bot.github.client import Installation
from bot.review import group, pull
from bot.review.group import Group
from bot.review.judge import By
from bot.review.pull import Asked
from bot.review.sticky import MARKER
from tests.bot.github.hub import BASE, HEAD, approved
from tests.bot.review.given import NOW, SMALL, Workshop, by, label

ASKED = Asked("acme/triage", 17)
DECIDED = SMALL + b"decision: {date: 2027-01-25, deciders: ['@ana-r']}\n"
LABELLED = label("Pilot-Emergency")
QUIET = b"version: 1\npilot: {name: triage, stage: retired, start: 2026-11-02}\n"


@pytest.fixture
def hub() -> Workshop:
    return Workshop(files={".pilot.yml": DECIDED}, base={".pilot.yml": DECIDED})


@pytest.fixture
def installation(hub: Workshop) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


@pytest.fixture
def line() -> By:
    return by()


def last(hub: Workshop) -> dict[str, Any]:
    return hub.runs[max(hub.runs)]


def test_an_approved_emergency_stops_nothing_and_is_kept_once(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.pull = {**LABELLED, **approved("Ana-R")}
    for again in range(2):
        pull.review(installation, line, replace(ASKED, again=bool(again)))
    assert (last(hub)["conclusion"], last(hub)["output"]["title"][:11]) == ("neutral", "Emergency: ")
    assert "with the approval of `ana-r`" in last(hub)["output"]["summary"]
    (entry,) = line.ledger.of(501, 17)
    assert (entry.kind, entry.login, entry.commit, entry.at) == ("emergency", "ana-r", HEAD, NOW)
    assert entry.policy == hashlib.sha256(DECIDED).hexdigest()
    (issue,) = hub.issues
    assert issue["title"] == "Make up for the emergency of #17"
    assert "**OWN001** `.pilot.yml`" in issue["body"]


def test_an_emergency_is_kept_where_a_repository_has_no_issues(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.pull, hub.refuses = {**LABELLED, **approved("ana-r")}, {"/issues": 410}
    pull.review(installation, line, ASKED)
    assert [one.login for one in line.ledger.of(501)] == ["ana-r"]
    assert (last(hub)["conclusion"], hub.issues) == ("neutral", [])


@pytest.mark.parametrize(
    "change",
    [
        approved("ana-r"),
        LABELLED,
        {**LABELLED, **approved("lee")},
        {**LABELLED, **approved("ana-r", commit="c" * 40)},
        {**LABELLED, **approved("dev")},
        {**label("bug"), **approved("ana-r")},
    ],
)
def test_what_is_no_emergency_or_not_approved_stays_red(
    change: dict[str, Any], hub: Workshop, installation: Installation, line: By
) -> None:
    hub.pull = change
    pull.review(installation, line, ASKED)
    assert (last(hub)["conclusion"], line.ledger.of(501), hub.issues) == ("failure", [], [])


def test_a_long_emergency_names_its_first_findings(hub: Workshop, installation: Installation, line: By) -> None:
    many = "".join(f"  - {{id: i{number}, kind: csv}}\n" for number in range(60))
    hub.files[".pilot.yml"] = hub.base[".pilot.yml"] = DECIDED + b"integrations:\n" + many.encode()
    hub.pull = {**LABELLED, **approved("ana-r")}
    pull.review(installation, line, ASKED)
    (issue,) = hub.issues
    assert issue["body"].count("\n- **") == 50
    assert " more\n" in issue["body"]


SEEN = DECIDED + b"monitoring: {feedback: 'label:model-feedback'}\n"
UNSEEN = DECIDED + b"monitoring: {feedback: 'https://acme.example/feedback'}\n"


@pytest.mark.parametrize(
    ("base", "lost"), [(SEEN, {"MON008"}), (UNSEEN, set()), (DECIDED, set()), (None, set()), (b"version: [", set())]
)
def test_what_passes_on_the_base_branch_and_can_not_be_told_on_the_head_fails(
    base: bytes | None, lost: set[str], hub: Workshop, installation: Installation, line: By
) -> None:
    hub.files, hub.base = {".pilot.yml": UNSEEN}, {".pilot.yml": base} if base else {}
    pull.review(installation, line, ASKED)
    notes = last(hub)["output"]["annotations"]
    said = {note["title"].split()[0] for note in notes if "on the base branch this was verified" in note["message"]}
    assert said == lost


GROUP = Group("acme/triage", 17, "gh-readonly-queue/main/pr-17-b", "c" * 40, BASE)


def test_a_group_of_the_queue_is_judged_by_the_approvals_of_its_pull_request(
    hub: Workshop, installation: Installation, line: By
) -> None:
    assert group.review(installation, line, GROUP) == 1
    run = last(hub)
    assert (run["head_sha"], run["conclusion"], run["name"]) == ("c" * 40, "failure", "Pilot readiness")
    assert run["external_id"].startswith(f"group/17/{BASE}/")
    hub.pull = {**LABELLED, **approved("ana-r")}
    group.review(installation, line, GROUP)
    assert last(hub)["conclusion"] == "neutral"
    assert line.memory.judged(501, 17) is None, "the pull request itself was not judged"


def test_a_group_that_is_gone_is_final(hub: Workshop, installation: Installation, line: By) -> None:
    with pytest.raises(Refused, match="is gone"):
        group.review(installation, line, replace(GROUP, head="f" * 40))
    assert hub.runs == {}


def commented(wish: str) -> dict[str, bytes]:
    return {".pilot-org.yml": f"version: 1\ncomment: {wish}\n".encode()}


@pytest.mark.parametrize(
    ("wish", "policy", "count"),
    [
        ("never", DECIDED, 0),
        ("on-failure", DECIDED, 1),
        ("on-failure", QUIET, 0),
        ("always", DECIDED, 1),
        ("always", QUIET, 1),
    ],
)
def test_a_comment_stands_where_the_organisation_wants_it(
    wish: str, policy: bytes, count: int, hub: Workshop, installation: Installation, line: By
) -> None:
    hub.organisation = commented(wish)
    hub.files[".pilot.yml"] = hub.base[".pilot.yml"] = policy
    for _ in range(2):
        pull.review(installation, line, replace(ASKED, again=True))
    assert len(hub.comments) == count, "never a second one"
    assert all(one["body"].startswith(MARKER) for one in hub.comments)


def test_a_comment_is_kept_as_it_is_while_it_says_the_same(hub: Workshop, installation: Installation, line: By) -> None:
    hub.organisation = commented("always")
    pull.review(installation, line, ASKED)
    hub.comments[0]["body"] = hub.comments[0]["body"].replace("\n", "\r\n").rstrip()
    hub.counted()
    pull.review(installation, line, replace(ASKED, anew=True))
    assert [one for one in hub.counted() if "comments" in one] == []


def test_a_comment_is_changed_where_it_says_something_else(hub: Workshop, installation: Installation, line: By) -> None:
    hub.organisation = commented("always")
    hub.comments = [
        {"databaseId": 4, "id": "C4", "body": f"{MARKER}\nold", "viewerDidAuthor": True},
        {"databaseId": 5, "id": "C5", "body": f"{MARKER}\ntheirs", "viewerDidAuthor": False},
        {"databaseId": 6, "id": "C6", "body": f"see {MARKER}", "viewerDidAuthor": True},
    ]
    pull.review(installation, line, ASKED)
    writes = [one for one in hub.counted() if "comments" in one]
    assert writes == ["PATCH /repos/acme/triage/issues/comments/4"]


def test_a_comment_that_was_hidden_is_followed_by_a_new_one(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.organisation = commented("always")
    old = {"databaseId": 4, "id": "C4", "body": f"{MARKER}\nold", "viewerDidAuthor": True, "isMinimized": True}
    hub.comments = [old]
    pull.review(installation, line, ASKED)
    assert len(hub.comments) == 2
