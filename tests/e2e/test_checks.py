"""Checks that are asked for again, and the buttons under them: who may press which, and what they do."""

import pytest

from tests.e2e.given import GOOD, HERE, NAME, POLICY, SAID, UNOWNED
from tests.e2e.plant import (
    COMMENT,
    CREATE,
    HEAD_PULLS,
    LOOK,
    POLICY_PULLS,
    PULL,
    ROLE,
    UPDATE,
    USUAL,
    Plant,
    about,
    lines,
    pull_of,
)


@pytest.fixture
def number(line: Plant) -> int:
    """A pull request that fails, by its number."""
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    opened = line.stand.pull(HERE, "feature")
    line.asked()
    return opened


def test_a_check_that_is_asked_for_again_is_written_again(line: Plant, number: int) -> None:
    before = line.run(HERE, number)
    line.stand.rerequest(before)
    assert about(line.run(HERE, number)) == (NAME, "failure")
    assert line.asked() == [PULL, *LOOK, UPDATE]
    assert line.run(HERE, number) is before
    assert lines(before, UNOWNED) == SAID
    assert len(before.annotations) == 2


def test_all_checks_that_are_asked_for_again_are_written_again(line: Plant, number: int) -> None:
    before = line.run(HERE, number)
    line.stand.rerequest(before.suite)
    assert about(line.run(HERE, number)) == (NAME, "failure")
    assert line.asked() == [PULL, *LOOK, UPDATE]
    assert len(before.annotations) == 2


def test_a_suite_of_a_fork_names_no_pull_request_and_its_own_is_found(line: Plant) -> None:
    line.stand.fork(HERE, "stranger")
    line.stand.push(f"stranger/{HERE.partition('/')[2]}", "theirs", {POLICY: UNOWNED}, author="stranger")
    number = line.stand.pull(HERE, "theirs", fork="stranger/triage", author="stranger")
    run = line.run(HERE, number)
    line.asked()
    line.stand.rerequest(run.suite)
    assert about(line.run(HERE, number)) == (NAME, "failure")
    assert line.asked() == [HEAD_PULLS, PULL, *LOOK, UPDATE]
    told = [one for one in line.stand.deliveries if (one.event, one.action) == ("check_suite", "rerequested")]
    assert told[-1].body["check_suite"]["pull_requests"] == []
    line.stand.rerequest(run)
    assert (about(line.run(HERE, number)), line.asked()) == ((NAME, "failure"), [PULL, *LOOK, UPDATE])


def test_a_suite_of_two_pull_requests_is_one_delivery_for_each(line: Plant, number: int) -> None:
    line.stand.push(HERE, "release/1", {"page.md": "# Page\n"})
    other = line.stand.pull(HERE, "feature", base="release/1")
    first, second = line.runs(HERE, "feature")
    line.asked()
    line.stand.rerequest(first.suite)
    assert [about(run) for run in line.runs(HERE, "feature")] == [
        (NAME, "failure"),
        (f"{NAME} (release/1)", "failure"),
    ]
    assert line.asked() == [PULL, *LOOK, UPDATE] * 2
    assert line.runs(HERE, "feature") == [first, second]
    guid = next(one.guid for one in line.stand.deliveries if one.action == "rerequested")
    rows = {one.id: one.state for one in line.rows.standings() if one.event == "check_suite"}
    assert rows == {guid: "done", f"{guid}/pull/{number}": "done", f"{guid}/pull/{other}": "done"}


def test_a_check_of_a_closed_pull_request_is_not_judged_again(line: Plant, number: int) -> None:
    run = line.run(HERE, number)
    line.stand.close(HERE, number)
    line.stand.rerequest(run)
    assert line.asked() == [PULL]


@pytest.mark.parametrize(
    ("role", "recheck", "explain"),
    [
        ("none", [ROLE], [ROLE]),
        ("read", [ROLE], [ROLE, PULL, *LOOK, COMMENT]),
        ("triage", [ROLE], [ROLE, PULL, *LOOK, COMMENT]),
        ("write", [ROLE, PULL, *LOOK], [ROLE, PULL, *LOOK, COMMENT]),
        ("maintain", [ROLE, PULL, *LOOK], [ROLE, PULL, *LOOK, COMMENT]),
        ("admin", [ROLE, PULL, *LOOK], [ROLE, PULL, *LOOK, COMMENT]),
    ],
)
def test_who_may_press_which_button(
    line: Plant, number: int, role: str, recheck: list[str], explain: list[str]
) -> None:
    if role != "none":
        line.stand.permit(HERE, "someone", role)
        line.asked()
    run = line.run(HERE, number)
    line.stand.press(run, "recheck", by="someone")
    assert line.asked() == recheck
    line.stand.press(run, "explain", by="someone")
    assert line.asked() == explain
    assert len(line.stand.issue(HERE, number).comments) == (COMMENT in explain)
    assert line.run(HERE, number) is run


def test_a_button_checks_again_what_has_changed_around_it(line: Plant, number: int) -> None:
    before = line.run(HERE, number)
    line.stand.repository("acme/.github", files={".pilot-org.yml": "version: 1\nmode: advise\n"})
    line.asked()
    line.stand.press(before, "recheck", by="dev")
    assert line.asked() == [ROLE, PULL, *LOOK, UPDATE]
    assert (about(line.run(HERE, number)), len(before.annotations)) == ((NAME, "neutral"), 2)


def test_a_button_under_an_old_head_does_nothing(line: Plant, number: int) -> None:
    old = line.run(HERE, number)
    line.stand.push(HERE, "feature", {POLICY: GOOD})
    line.asked()
    for button in ("recheck", "explain"):
        line.stand.press(old, button, by="dev")
        assert line.asked() == [ROLE, PULL]
    assert line.stand.issue(HERE, number).comments == []


def test_each_head_is_explained_once(line: Plant, number: int) -> None:
    for _ in range(2):
        line.stand.press(line.run(HERE, number), "explain", by="dev")
        line.settle()
    (comment,) = line.stand.issue(HERE, number).comments
    assert line.asked() == [ROLE, PULL, *LOOK, COMMENT, ROLE, PULL]
    assert "### OWN001 roles-assigned" in comment.body
    assert ("<!-- pilotgate:explain:" in comment.body, comment.user.kind) == (True, "Bot")
    line.stand.push(HERE, "feature", {POLICY: UNOWNED + "# Again.\n"})
    line.stand.press(line.run(HERE, number), "explain", by="dev")
    assert line.asked() == [*USUAL, POLICY_PULLS, ROLE, PULL, *LOOK, COMMENT]


def test_what_a_person_wrote_is_not_taken_for_the_explanation(line: Plant, number: int) -> None:
    run = line.run(HERE, number)
    line.stand.comment(HERE, number, f"<!-- pilotgate:explain:{run.suite.head} -->")
    line.stand.press(run, "explain", by="dev")
    assert line.asked() == [ROLE, PULL, *LOOK, COMMENT]


def test_a_check_of_the_same_name_from_elsewhere_is_not_taken_for_ours(line: Plant) -> None:
    sha = line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.post_check(HERE, sha, NAME, "success")
    number = line.stand.pull(HERE, "feature")
    ours = [run for run in line.runs(HERE, number) if run.suite.app is line.stand.app]
    assert ([about(run) for run in ours], pull_of(ours[0])) == ([(NAME, "failure")], str(number))
    assert line.asked() == [PULL, *LOOK, CREATE]
