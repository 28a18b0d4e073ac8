"""A pull request that changes the organisation's file says whether it can be used, and whom it would change."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import responses

from bot.github.client import Installation
from bot.review import pull
from bot.review.judge import By
from bot.review.pull import Asked
from tests.bot.review.given import SMALL, Workshop, by

FILE = ".pilot-org.yml"
PLAIN = b"version: 1\n"
ASKED = Asked("acme/.github", 17)
OWNED = SMALL + b"owners: {accountable: '@a', monitor: '@a', fix: '@a', retrain: '@a'}\n"


@pytest.fixture
def hub() -> Workshop:
    return Workshop(
        files={FILE: PLAIN},
        organisation={FILE: PLAIN},
        repository={"nameWithOwner": "acme/.github"},
        others={"triage": SMALL, "owned": OWNED, "plain": None, "archived": SMALL},
    )


@pytest.fixture
def installation(hub: Workshop) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


@pytest.fixture
def line() -> By:
    names = ["acme/triage", "acme/owned", "acme/plain", "acme/archived", "acme/gone"]
    return replace(by(), repositories=lambda _: names)


def run(hub: Workshop, installation: Installation, line: By, **pulled: Any) -> dict[str, Any]:
    hub.pull = pulled
    pull.review(installation, line, ASKED)
    return hub.runs[max(hub.runs)]


def test_the_pilots_that_are_told_something_else_are_listed(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.files[FILE] = PLAIN + b"rules: {OWN001: off}\n"
    said = run(hub, installation, line)
    assert (said["conclusion"], said["output"]["title"]) == (
        "success",
        "Changes what 2 repositories are told; 2 known pilots",
    )
    rows = [row for row in said["output"]["summary"].splitlines() if row.startswith("| acme/")]
    assert [row.split("|")[1].strip() for row in rows] == ["acme/triage", "acme/owned"]
    assert all("OWN001" in row for row in rows)


def test_a_gate_that_opens_is_told_and_what_is_archived_is_not(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.files[FILE] = PLAIN + b"mode: advise\n"
    said = run(hub, installation, line)
    assert "failure | neutral" in said["output"]["summary"]
    assert "acme/archived" not in said["output"]["summary"]


def test_a_repository_that_would_need_a_policy_is_told(hub: Workshop, installation: Installation, line: By) -> None:
    hub.topics = ["ai"]
    hub.files[FILE] = PLAIN + b"required_for: {topics: [ai]}\n"
    rows = [row for row in run(hub, installation, line)["output"]["summary"].splitlines() if "acme/plain" in row]
    assert [row.split("|")[2:5] for row in rows] == [[" success ", " failure ", " POL001 "]]


def test_a_change_that_changes_nobody_says_so(hub: Workshop, installation: Installation, line: By) -> None:
    hub.files[FILE] = PLAIN + b"# a word\n"
    said = run(hub, installation, line)
    assert said["output"]["title"] == "Changes what 0 repositories are told; 2 known pilots"
    assert "|" not in said["output"]["summary"]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"mode: strict\nlimit: {}\n", "can't be read: 2 problems"),
        (b"\xff", "can't be read: 1 problem"),
        (None, ".pilot-org.yml is taken away"),
    ],
)
def test_a_file_that_could_not_be_used_is_red(
    content: bytes | None, title: str, hub: Workshop, installation: Installation, line: By
) -> None:
    hub.files = {} if content is None else {FILE: content}
    said = run(hub, installation, line)
    assert said["conclusion"] == "failure"
    assert title in said["output"]["title"]
    assert {note["path"] for note in said["output"]["annotations"]} <= {FILE}


def test_the_change_that_mends_the_file_is_not_stopped_by_it(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.organisation = {FILE: b"mode: strict\n"}
    assert run(hub, installation, line)["conclusion"] == "success"
    line.memory.saw_organisation("acme", line.now)
    hub.organisation = {}
    assert run(hub, installation, line)["conclusion"] == "success", "nor where it brings it back"


def test_a_change_of_something_else_is_judged_as_anywhere(hub: Workshop, installation: Installation, line: By) -> None:
    assert run(hub, installation, line)["output"]["title"] == "No pilot here"
    hub.organisation = {FILE: b"mode: strict\n"}
    hub.files[FILE] = b"mode: strict\n"
    assert run(hub, installation, line)["conclusion"] == "action_required"


def test_into_another_branch_the_file_counts_for_nothing(hub: Workshop, installation: Installation, line: By) -> None:
    hub.files[FILE] = b"mode: strict\n"
    assert run(hub, installation, line, baseRefName="draft")["output"]["title"] == "No pilot here"


def test_a_pilot_of_the_repository_itself_that_fails_is_told_beside(
    hub: Workshop, installation: Installation, line: By
) -> None:
    hub.files = {FILE: PLAIN + b"rules: {OWN001: notice}\n", ".pilot.yml": SMALL}
    hub.base[".pilot.yml"] = SMALL
    said = run(hub, installation, line)
    assert said["conclusion"] == "failure"
    assert "The organisation's file can be used." in said["output"]["summary"]
    assert any(note["path"] == ".pilot.yml" for note in said["output"]["annotations"])


def test_a_file_that_was_seen_and_is_out_of_sight_stops_everything(
    hub: Workshop, installation: Installation, line: By
) -> None:
    pull.review(installation, line, ASKED)
    assert line.memory.has_seen_organisation("ACME")
    hub.organisation, hub.repository, hub.files = None, {}, {".pilot.yml": SMALL}
    pull.review(installation, line, Asked("acme/triage", 17))
    said = hub.runs[max(hub.runs)]
    assert (said["conclusion"], said["output"]["title"]) == (
        "action_required",
        "acme/.github: .pilot-org.yml is out of sight",
    )
    line.memory.forget_organisation("acme")
    pull.review(installation, line, replace(Asked("acme/triage", 17), anew=True))
    assert hub.runs[max(hub.runs)]["conclusion"] == "failure"
