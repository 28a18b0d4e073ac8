"""Whose approval lets a weakened policy through: an approver's who had no hand in it, of exactly the head."""

import pytest

from tests.e2e.given import GOOD, HERE, NAME, POLICY
from tests.e2e.plant import CREATE, LOOK, PULL, Plant, about, judged

ACTIVITY = "GET /repos/{owner}/{repo}/activity"
EASED = GOOD.replace("target: 0.93", "target: 0.9")
RED = ("failure", {"POL003"})
GREEN = ("success", set[str]())


def eased(line: Plant, policy: str = EASED, **people: str) -> int:
    """A pull request that eases a target, by its number."""
    line.stand.push(HERE, "eased", {POLICY: policy}, **people)
    number = line.stand.pull(HERE, "eased", author="opener")
    assert judged(line, HERE, number) == RED
    return number


def organised(line: Plant, text: str) -> None:
    line.stand.repository("acme/.github", files={".pilot-org.yml": f"version: 1\n{text}\n"})


@pytest.mark.parametrize(
    "people",
    [
        {"author": "ana-r"},
        {"author": "ana-r", "by": "dev"},
        {"author": "dev", "committer": "ana-r"},
        {"author": "Ana <ana@home.example>", "by": "ana-r"},
        {"author": "dev", "by": "ana-r"},
    ],
    ids=["wrote", "wrote, pushed by another", "committed", "under a made-up name", "pushed"],
)
def test_who_has_a_hand_in_it_does_not_approve_of_it(line: Plant, people: dict[str, str]) -> None:
    number = eased(line)
    line.stand.push(HERE, "eased", {"page.md": "# Page\n"}, **people)
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == RED
    # Neither does anything else that comes after it bring that out of the way.
    line.stand.push(HERE, "eased", {"page.md": "# Other\n"}, author="dev")
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == RED


def test_who_pushed_before_it_was_opened_has_a_hand_in_it(line: Plant) -> None:
    number = eased(line, author="dev", by="ana-r")
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == RED


def test_who_pushed_is_asked_only_where_an_approval_makes_a_difference(line: Plant) -> None:
    line.stand.push(HERE, "page", {"page.md": "# Page\n"})
    number = line.stand.pull(HERE, "page", author="opener")
    line.asked()
    line.stand.review(HERE, number, by="ana-r")
    assert line.asked() == [PULL, *LOOK]
    number = eased(line)
    line.asked()
    line.stand.review(HERE, number, by="ana-r")
    assert line.asked() == [PULL, *LOOK, ACTIVITY, CREATE]
    assert judged(line, HERE, number) == GREEN


def test_who_wrote_a_commit_with_others_has_a_hand_in_it(line: Plant) -> None:
    number = eased(line)
    message = "Page\n\nCo-authored-by: Ana <ana-r@users.noreply.github.com>"
    line.stand.push(HERE, "eased", {"page.md": "# Page\n"}, message, author="dev")
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == RED


def test_an_approval_is_of_the_commit_that_it_was_given_for(line: Plant) -> None:
    number = eased(line)
    before = line.stand.pull_request(HERE, number).head
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN
    line.stand.push(HERE, "eased", {"page.md": "# Page\n"})
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r", commit=before)
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN


def test_an_approval_that_is_taken_back_is_none(line: Plant) -> None:
    number = eased(line)
    given = line.stand.review(HERE, number, by="ana-r")
    line.stand.review(HERE, number, by="ana-r", state="COMMENTED", body="By the way.")
    assert judged(line, HERE, number) == GREEN
    line.stand.dismiss(given)
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN
    line.stand.review(HERE, number, by="ana-r", state="CHANGES_REQUESTED", body="On second thoughts.")
    assert judged(line, HERE, number) == RED


def test_others_than_approvers_approve_of_nothing(line: Plant) -> None:
    number = eased(line)
    for login in ("ana", "lee", "sam", "stranger"):
        line.stand.review(HERE, number, by=login)
        assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN


def test_the_head_names_nobody_who_may_approve_of_it(line: Plant) -> None:
    line.stand.permit(HERE, "mallory", "admin")
    number = eased(line, EASED.replace('deciders: ["@ana-r"]', 'deciders: ["@mallory"]'))
    line.stand.review(HERE, number, by="mallory")
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN


def test_an_organisation_s_file_of_the_repository_itself_counts_for_nothing(line: Plant) -> None:
    line.stand.push(HERE, "eased", {POLICY: EASED, ".pilot-org.yml": "version: 1\napprovers: ['@mallory']\n"})
    number = line.stand.pull(HERE, "eased")
    line.stand.review(HERE, number, by="mallory")
    assert judged(line, HERE, number) == RED


def test_the_organisation_s_approvers_take_the_place_of_the_deciders(line: Plant) -> None:
    organised(line, "approvers: ['@acme/grc', '@Boss']")
    number = eased(line)
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="pat")
    assert judged(line, HERE, number) == GREEN
    line.stand.part("acme", "grc", "pat")
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="boss")
    assert judged(line, HERE, number) == GREEN


def test_a_program_approves_of_nothing_and_its_commits_are_no_approval(line: Plant) -> None:
    organised(line, "approvers: ['@robot', '@ana-r']")
    line.stand.user("robot", kind="Bot")
    line.stand.user("pilotgate[bot]", kind="Bot")
    number = eased(line, author="pilotgate[bot]", by="pilotgate[bot]")
    for login in ("robot", "pilotgate[bot]"):
        line.stand.review(HERE, number, by=login)
        assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN


def test_a_check_of_the_same_name_from_elsewhere_lets_nothing_through(line: Plant) -> None:
    number = eased(line)
    head = line.stand.pull_request(HERE, number).head
    line.stand.post_check(HERE, head, NAME, "success")
    line.stand.status(HERE, head, NAME, "success")
    assert judged(line, HERE, number) == RED
    line.stand.rerequest(line.latest(HERE, number))
    assert about(line.latest(HERE, number)) == (NAME, "failure")


def test_a_fork_is_approved_like_any_other(line: Plant) -> None:
    line.stand.fork(HERE, "stranger")
    line.stand.push("stranger/triage", "eased", {POLICY: EASED}, author="stranger")
    number = line.stand.pull(HERE, "eased", fork="stranger/triage", author="stranger")
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN
    line.stand.push("stranger/triage", "eased", {"page.md": "# Page\n"}, author="stranger")
    assert judged(line, HERE, number) == RED


def test_what_was_approved_elsewhere_is_not_approved_here(line: Plant) -> None:
    number = eased(line)
    line.stand.push(HERE, "release/1", {"page.md": "# Page\n"})
    other = line.stand.pull(HERE, "eased", base="release/1", author="opener")
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN
    run = line.latest(HERE, other, f"{NAME} (release/1)")
    assert run.conclusion == "failure"


def test_an_approval_does_not_outlive_another_base(line: Plant) -> None:
    number = eased(line)
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN
    line.stand.push(HERE, "main", {POLICY: GOOD.replace('deciders: ["@ana-r"]', 'deciders: ["@lee"]')})
    assert judged(line, HERE, number) == RED
