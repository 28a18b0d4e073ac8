"""Slash commands: who may give them, what they do, and that nothing happens twice."""

import hashlib

import pytest

from bot.demo.github.state import Comment
from bot.store.ledger import Entry, Ledger
from tests.e2e.given import GOOD, HERE, POLICY
from tests.e2e.plant import Plant, judged

ORG = "acme"


def said(line: Plant, number: int, text: str, by: str) -> tuple[str, set[str]]:
    """What a comment is answered, and the reactions to it."""
    before = len(line.stand.issue(HERE, number).comments)
    comment = line.stand.comment(HERE, number, text, by=by)
    line.settle()
    answers = line.stand.issue(HERE, number).comments[before + 1 :]
    assert len(answers) <= 1
    return answers[0].body.partition("-->\n")[2] if answers else "", reactions(comment)


def reactions(comment: Comment) -> set[str]:
    return {one.content for one in comment.reactions}


def policy(line: Plant, branch: str = "feature") -> str:
    git = line.stand.world.repositories[HERE.lower()].git
    found = git.branch(branch)
    assert found is not None
    entry = git.entry(found, POLICY)
    assert entry is not None
    return git.blob(entry.sha).decode()


DONE, REFUSED = {"eyes", "+1"}, {"eyes", "confused"}


def test_help_lists_every_command(line: Plant, number: int) -> None:
    text, seen = said(line, number, "/pilot help", "dev")
    assert seen == DONE
    assert "| `/pilot waive CODE until DATE because TEXT` |" in text


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("assign monitor @acme/ml-research", "@acme/ml-oncall", "@acme/ml-research"),
        ("schedule security 2026-11-26", "due: 2026-11-20", "due: 2026-11-26"),
    ],
)
def test_a_command_changes_one_line(line: Plant, number: int, text: str, before: str, after: str) -> None:
    was = policy(line)
    answer, seen = said(line, number, f"/pilot {text}", "dev")
    assert (seen, answer.startswith("Done")) == (DONE, True), answer
    assert policy(line) == was.replace(before, after, 1)


def entries(line: Plant) -> list[Entry]:
    """What the ledger holds of the repository."""
    return Ledger(line.stored).named(HERE)


def test_a_waiver_by_an_approver_is_one_line_and_their_approval(line: Plant, number: int) -> None:
    was = policy(line)
    answer, seen = said(line, number, '/pilot waive INT002 until +2w because @dev #1 <b>x</b>: "y"', "ana-r")
    assert (seen, "which you approve by this" in answer) == (DONE, True), answer
    new = '  - {rule: INT002, reason: "@dev #1 <b>x</b>: \\"y\\"", approved_by: "@ana-r", expires: 2026-12-08}\n'
    assert policy(line).replace("waivers:\n" + new, "") == was
    (entry,) = entries(line)
    head = line.stand.pull_request(HERE, number).head
    assert (entry.kind, entry.login, entry.commit, entry.number) == ("waiver", "ana-r", head, number)
    assert entry.policy == hashlib.sha256(policy(line).encode()).hexdigest()
    assert (entry.address or "").endswith(f"#issuecomment-{entry.id.split('/')[1]}")
    assert judged(line, HERE, number) == ("success", set())
    message = line.stand.world.repositories[HERE].git.commit(head).message
    assert ("Asked for by ana-r" in message, "@dev" in message, "#1" in message) == (True, False, False)


def test_what_is_pushed_after_it_voids_an_approval(line: Plant, number: int) -> None:
    said(line, number, "/pilot waive INT002 until +2w because x", "ana-r")
    assert judged(line, HERE, number) == ("success", set())
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Other\n"})
    assert judged(line, HERE, number) == ("failure", {"POL003"})
    # Whoever asked for the commit before has a hand in the change by now.
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == ("failure", {"POL003"})


def test_an_approver_who_is_an_author_waives_nothing(line: Plant, number: int) -> None:
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Other\n"}, author="ana-r")
    answer, seen = said(line, number, "/pilot waive INT002 until +2w because x", "ana-r")
    assert (seen, "hand in this change" in answer, entries(line)) == (REFUSED, True, [])
    assert policy(line) == GOOD


def test_who_had_the_bot_commit_does_not_approve(line: Plant, number: int) -> None:
    assert said(line, number, "/pilot schedule legal +1d", "ana-r")[1] == DONE
    answer, seen = said(line, number, "/pilot waive INT002 until +2w because x", "ana-r")
    assert (seen, "hand in this change" in answer, entries(line)) == (REFUSED, True, [])


def test_a_decider_with_a_hand_in_the_change_of_others_is_told_where_to_decide(line: Plant, number: int) -> None:
    assert said(line, number, "/pilot schedule legal +1d", "ana-r")[1] == DONE
    answer, seen = said(line, number, "/pilot decide no-go because x", "ana-r")
    assert (seen, "or the same command on an issue" in answer, entries(line)) == (REFUSED, True, []), answer
    issue = line.stand.open_issue(HERE, "What now?")
    answer, seen = said(line, issue, "/pilot decide no-go because nobody uses it", "ana-r")
    assert (seen, f"It counts once #{issue + 1} is merged." in answer) == (DONE, True), answer
    assert "Because: nobody uses it" in str(line.stand.issue(HERE, issue + 1).body)


PENDING = GOOD.replace("outcome: passed, evidence: docs/reviews/security.md", "outcome: pending")


def test_a_member_of_the_reviewing_team_signs_off(line: Plant) -> None:
    line.stand.push(HERE, "main", {POLICY: PENDING})
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Page\n"})
    number = line.stand.pull(HERE, "feature")
    answer, seen = said(line, number, "/pilot sign-off security docs/reviews/security.md", "pat")
    assert (seen, "it takes a member of `@acme/appsec`" in answer) == (REFUSED, True), answer
    answer, seen = said(line, number, "/pilot sign-off security docs/reviews/security.md", "kim")
    assert (seen, "which you approve" in answer) == (DONE, True), answer
    assert "evidence: docs/reviews/security.md, team" in policy(line)
    assert judged(line, HERE, number)[1] == set()
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Other\n"})
    assert "REV004" in judged(line, HERE, number)[1] or judged(line, HERE, number)[0] == "failure"
    assert [one.kind for one in entries(line)] == ["sign-off"]


def test_a_waiver_is_renewed_in_its_place_and_taken_away(line: Plant, number: int) -> None:
    assert said(line, number, "/pilot waive INT002 until +1w because x", "ana-r")[1] == DONE
    once = policy(line)
    assert said(line, number, "/pilot waive INT002 until +2w because y", "ana-r")[1] == DONE
    assert policy(line) == once.replace("2026-12-01", "2026-12-08").replace("reason: x", "reason: y")
    assert judged(line, HERE, number) == ("success", set())
    line.stand.merge(HERE, number)
    line.stand.push(HERE, "other", {"docs/page.md": b"# Other\n"})
    other = line.stand.pull(HERE, "other")
    assert said(line, other, "/pilot unwaive INT002", "ana-r")[1] == DONE
    assert policy(line, "other").replace("waivers:\n", "") == GOOD
    assert [one.kind for one in entries(line)] == ["waiver", "waiver"]


def test_what_the_check_can_mend_becomes_a_pull_request(line: Plant) -> None:
    late = GOOD.replace("due: 2026-11-27, outcome: pending", "due: 2027-01-27, outcome: pending")
    line.stand.push(HERE, "feature", {POLICY: late})
    number = line.stand.pull(HERE, "feature")
    answer, seen = said(line, number, "/pilot fix", "dev")
    assert seen == DONE
    assert f"#{number + 1} mends" in answer
    line.stand.push(HERE, "docs", {"docs/page.md": b"# Page\n"})
    answer, seen = said(line, line.stand.pull(HERE, "docs"), "/pilot fix", "dev")
    assert (seen, "No finding has a replacement" in answer) == (DONE, True)
    answer, seen = said(line, line.stand.open_issue(HERE, "What now?"), "/pilot fix", "dev")
    assert (seen, "works on pull requests alone" in answer) == (REFUSED, True)


def test_go_is_decided_where_each_criterion_is_met(line: Plant) -> None:
    met = GOOD.replace("go: [routing-accuracy, p95-latency]", "go: [routing-accuracy]")
    line.stand.push(HERE, "main", {POLICY: met})
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Page\n"})
    number = line.stand.pull(HERE, "feature")
    answer, seen = said(line, number, "/pilot decide go because it is better than what we have", "ana-r")
    assert (seen, "which you approve" in answer, ", met |" in answer) == (DONE, True, True), answer
    assert policy(line) == met.replace("  outcome: pending\n", "  outcome: go\n")
    assert "DEC005" not in judged(line, HERE, number)[1]
    assert [(one.kind, one.details["because"]) for one in entries(line)] == [
        ("decision", "it is better than what we have")
    ]


def test_an_organisation_that_can_t_be_read_stops_what_is_up_to_it(line: Plant, number: int) -> None:
    line.stand.repository("acme/.github", files={".pilot-org.yml": "version: 2\n"})
    for text in ("waive INT002 until tomorrow because x", "status"):
        answer, seen = said(line, number, f"/pilot {text}", "ana-r")
        assert (seen, "`.pilot-org.yml` of `acme` can't be used" in answer) == (REFUSED, True), answer


def test_a_closed_pull_request_is_not_written_to(line: Plant, number: int) -> None:
    line.stand.close(HERE, number)
    answer, seen = said(line, number, "/pilot schedule legal 2026-11-29", "dev")
    assert (seen, "closed" in answer, policy(line)) == (REFUSED, True, GOOD), answer


@pytest.mark.parametrize(
    ("text", "by", "left"),
    [
        ("schedule legal 2027-06-01", "dev", "- **REV001** `reviews.legal.due`: "),
        ("assign monitor @acme/nobody-there", "dev", "- **OWN002** `owners.monitor`: "),
        ("sign-off security docs/nowhere.md", "kim", "- **REV003** `reviews.security.evidence`: "),
    ],
)
def test_what_the_check_will_still_say_of_a_change_is_said_with_it(line: Plant, text: str, by: str, left: str) -> None:
    line.stand.push(HERE, "main", {POLICY: PENDING})
    issue = line.stand.open_issue(HERE, "What now?")
    answer, seen = said(line, issue, f"/pilot {text}", by)
    assert (seen, answer.startswith("Done in #")) == (DONE, True), answer
    assert "The check still says of it:" in answer, answer
    assert left in answer, answer
