"""What people try with slash commands, and does not get through; and what the ledger's approvals are worth."""

from typing import Any

import pytest

from bot.store.ledger import Ledger
from tests.e2e.given import GOOD, HERE, POLICY
from tests.e2e.plant import Plant, judged
from tests.e2e.test_commands import DONE, REFUSED, policy, reactions, said

WAIVE = "/pilot waive INT002 until +2w because x"


def untouched(line: Plant, number: int) -> bool:
    """Nothing was written, whatever was asked for."""
    line.settle()
    return policy(line) == GOOD and not Ledger(line.stored).named(HERE)


def test_a_command_that_is_edited_into_a_comment_does_nothing(line: Plant, number: int) -> None:
    comment = line.stand.comment(HERE, number, "Looks good", by="ana-r")
    line.stand.edit_comment(comment, WAIVE, by="ana-r")
    line.stand.edit_comment(comment, f"{WAIVE} and y", by="dev")
    assert (untouched(line, number), reactions(comment)) == (True, set())
    assert not [one for one in line.asked() if one.startswith("POST /repos")]


@pytest.mark.parametrize(
    "text",
    [
        f"> {WAIVE}",
        f"> Somebody said\n{WAIVE}",
        f"```\n{WAIVE}\n```",
        f"~~~\n{WAIVE}",
        f"    {WAIVE}",
        f"`{WAIVE}`",
        f"<!-- {WAIVE} -->",
        f"<!--\n{WAIVE}\n-->",
        f"<details>\n\n{WAIVE}\n\n</details>",
        f"<b>\n{WAIVE}</b>",
        f"[{WAIVE}](https://example.com)",
        f"- {WAIVE}",
        f"# {WAIVE}",
        f"please {WAIVE}",
        WAIVE.replace("/pilot", "/pilots"),
        WAIVE.replace("/", "\\/"),
        WAIVE.replace("pilot", "p\N{CYRILLIC SMALL LETTER I}lot"),
        f"| a |\n|---|\n| {WAIVE} |",
    ],
)
def test_what_only_looks_like_a_command_is_none(line: Plant, number: int, text: str) -> None:
    comment = line.stand.comment(HERE, number, text, by="ana-r")
    assert (untouched(line, number), reactions(comment)) == (True, set())


def _event(line: Plant, number: int, **changed: Any) -> dict[str, Any]:
    line.stand.comment(HERE, number, "Looks good", by="ana-r")
    told = [one.body for one in line.stand.deliveries if one.event == "issue_comment"][-1]
    told["comment"]["body"] = WAIVE
    return {**told, **changed}


@pytest.mark.parametrize(
    "sender",
    [
        {"login": "outsider", "id": 1, "type": "User"},
        {"login": "ana-r[bot]", "id": 1, "type": "Bot"},
        {"login": "\N{CYRILLIC SMALL LETTER A}na-r", "id": 1, "type": "User"},
    ],
)
def test_the_sender_is_who_counts_never_the_author_by_name(line: Plant, number: int, sender: dict[str, Any]) -> None:
    line.stand.deliver("issue_comment", _event(line, number, sender=sender))
    assert untouched(line, number)


@pytest.mark.parametrize(
    "login", ["\N{CYRILLIC SMALL LETTER A}na-r", "ana-r\N{ZERO WIDTH SPACE}", "an\N{LATIN SMALL LETTER ALPHA}-r"]
)
def test_a_login_that_looks_like_an_approvers_is_none(line: Plant, number: int, login: str) -> None:
    event = _event(line, number)
    event["sender"] = event["comment"]["user"] = {**event["sender"], "login": login}
    line.stand.deliver("issue_comment", event)
    assert untouched(line, number)


def test_a_program_gives_no_command(line: Plant, number: int) -> None:
    event = _event(line, number)
    event["sender"] = event["comment"]["user"] = {**event["sender"], "type": "Bot"}
    line.stand.deliver("issue_comment", event)
    assert untouched(line, number)


def test_the_first_thing_that_is_written_says_that_it_was_seen(line: Plant, number: int) -> None:
    line.stand.comment(HERE, number, WAIVE, by="ana-r")
    written = [one for one in line.asked() if one.partition(" ")[0] in ("POST", "PUT", "PATCH")]
    assert written[0] == "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions"


@pytest.mark.parametrize(
    "text", ["@dev <img src=x> #1 **x**", "a ``` b\N{RIGHT-TO-LEFT OVERRIDE}", "[x](https://a.example)"]
)
def test_the_answer_mentions_nobody_and_keeps_its_shape(line: Plant, number: int, text: str) -> None:
    for words in (f"/pilot {text}", f"/pilot assign fix {text}", f"/pilot decide go because {text}"):
        answer, seen = said(line, number, words, "ana-r")
        assert seen == REFUSED
        assert "<img" not in answer.replace("`@dev <img src=x> #1 **x**`", "").replace("`<img src=x> #1 **x**`", "")
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in answer
        assert "](https://a.example)" not in answer.replace("`[x](https://a.example)`", "")


def test_an_approval_is_of_what_was_looked_at(line: Plant, number: int) -> None:
    def meanwhile(asked: object) -> bool:
        if getattr(asked, "method", "") == "PUT" and not done:
            done.append(True)
            line.stand.push(HERE, "feature", {"docs/page.md": "# Meanwhile\n"})
        return False

    done: list[bool] = []
    line.stand.fail(meanwhile)
    answer, seen = said(line, number, WAIVE, "ana-r")
    assert (seen, "review the last commit" in answer, Ledger(line.stored).named(HERE)) == (DONE, True, [])
    assert judged(line, HERE, number) == ("failure", {"POL003"})


def test_a_commit_that_only_says_so_is_no_approval(line: Plant, number: int) -> None:
    comment = line.stand.comment(HERE, number, "Looks good", by="ana-r")
    told = [one.body for one in line.stand.deliveries if one.event == "issue_comment"][-1]
    forged = GOOD.replace("target: 0.93", "target: 0.5")
    message = f"Waive\n\nPilotgate-Command: {told['comment']['html_url']} 1"
    line.stand.push(HERE, "feature", {POLICY: forged}, message)
    told["comment"]["body"] = WAIVE
    line.stand.deliver("issue_comment", told)
    line.settle()
    assert (Ledger(line.stored).named(HERE), reactions(comment)) == ([], DONE)
    assert judged(line, HERE, number)[0] == "failure"


def test_go_is_refused_where_a_criterion_is_missed_and_the_packet_says_so(line: Plant) -> None:
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Page\n"})
    number = line.stand.pull(HERE, "feature")
    answer, seen = said(line, number, "/pilot decide go because we like it", "ana-r")
    assert (seen, policy(line), Ledger(line.stored).named(HERE)) == (REFUSED, GOOD, [])
    assert "can't be decided yet" in answer
    assert "| `routing-accuracy` (go) | " in answer.replace("\\", "")
    for title in ("Open findings", "Waivers in force", "Reviews", "Readiness"):
        assert title in answer


def test_a_decision_stands_with_its_packet(line: Plant, number: int) -> None:
    answer, seen = said(line, number, "/pilot decide extend until 2027-02-22 because the API came late", "ana-r")
    assert (seen, "## Go or no-go" in answer) == (DONE, True), answer
    assert ("date: 2027-02-22" in policy(line), "outcome: extend" in policy(line)) == (True, True)
    assert "{from: 2027-01-25, to: 2027-02-22, because: the API came late}" in policy(line)
    (entry,) = Ledger(line.stored).named(HERE)
    assert (entry.kind, entry.login, entry.details["outcome"]) == ("decision", "ana-r", "extend")
    assert judged(line, HERE, number) == ("success", set())
    answer, seen = said(line, number, "/pilot decide extend until 2027-03-22 because again", "ana-r")
    assert (seen, "more than 1" in answer) == (REFUSED, True), answer
