"""An emergency: the label and an approver's review let a red head through, once, and it is not forgotten."""

import pytest

from bot.store.ledger import Ledger
from tests.e2e.given import GOOD, HERE, POLICY, UNOWNED
from tests.e2e.plant import Plant, judged

LABEL = "pilot-emergency"
RED = ("failure", {"OWN001", "POL003"})
ISSUE = "POST /repos/{owner}/{repo}/issues"


@pytest.fixture
def number(line: Plant) -> int:
    """A pull request that fails, by its number."""
    line.stand.push(HERE, "hotfix", {POLICY: UNOWNED})
    return line.stand.pull(HERE, "hotfix")


def kept(line: Plant) -> list[tuple[str, str, str | None, int | None]]:
    """The kind, actor, commit and pull request of each entry of the ledger."""
    line.settle()
    place = line.stand.world.repositories[HERE]
    numbers = [one.number for one in place.pulls]
    found = [one for number in numbers for one in Ledger(line.stored).of(place.id, number)]
    return [(one.kind, one.login, one.commit, one.number) for one in found]


def opened(line: Plant) -> list[str]:
    """The bodies of the issues that the app has opened."""
    line.settle()
    return [str(one.body) for one in line.stand.world.repositories[HERE].issues.values() if one.by_app]


def test_the_label_and_an_approval_let_it_through_and_are_kept(line: Plant, number: int) -> None:
    line.stand.label(HERE, number, [LABEL])
    assert (judged(line, HERE, number), kept(line), opened(line)) == (RED, [], [])
    line.stand.review(HERE, number, by="ana-r")
    conclusion, _ = judged(line, HERE, number)
    run = line.latest(HERE, number)
    head = line.stand.pull_request(HERE, number).head
    assert (conclusion, str(run.title).startswith("Emergency: ")) == ("neutral", True)
    assert "`ana-r`" in str(run.summary)
    assert kept(line) == [("emergency", "ana-r", head, number)]
    (body,) = opened(line)
    assert f"#{number} was let through at {head[:12]}" in body
    assert "**OWN001** `.pilot.yml` line 9" in body


def test_the_approval_may_come_before_the_label(line: Plant, number: int) -> None:
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == ("failure", {"OWN001"})
    line.stand.label(HERE, number, [LABEL.upper()])
    assert judged(line, HERE, number)[0] == "neutral"


def test_it_is_kept_once_whatever_is_repeated(line: Plant, number: int) -> None:
    line.stand.label(HERE, number, [LABEL])
    line.stand.review(HERE, number, by="ana-r")
    first = kept(line)
    line.stand.rerequest(line.latest(HERE, number))
    line.stand.press(line.latest(HERE, number), "recheck", by="dev")
    reviews = [one for one in line.stand.deliveries if one.event == "pull_request_review"]
    line.stand.redeliver(reviews[-1].guid)
    assert (judged(line, HERE, number)[0], kept(line), len(opened(line))) == ("neutral", first, 1)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_it_is_kept_once_whatever_fails_on_the_way(line: Plant, number: int, after: bool) -> None:
    line.stand.label(HERE, number, [LABEL])
    line.asked()
    failing = line.stand.fail("POST */issues", "status", 502, after=after)
    line.stand.review(HERE, number, by="ana-r")
    line.settle()
    row = line.row("pull_request_review")
    assert (failing.hits, row.state) == (1, "accepted")
    line.clock.now = line.due(row.id)
    assert (judged(line, HERE, number)[0], len(kept(line)), len(opened(line))) == ("neutral", 1, 1)


def test_each_further_head_is_red_until_it_is_approved_anew(line: Plant, number: int) -> None:
    line.stand.label(HERE, number, [LABEL])
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number)[0] == "neutral"
    line.stand.push(HERE, "hotfix", {"page.md": "# Page\n"})
    assert judged(line, HERE, number) == RED
    line.stand.review(HERE, number, by="ana-r")
    assert (judged(line, HERE, number)[0], len(kept(line)), len(opened(line))) == ("neutral", 2, 2)


def test_without_the_label_it_is_red_again(line: Plant, number: int) -> None:
    line.stand.label(HERE, number, [LABEL])
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number)[0] == "neutral"
    line.stand.label(HERE, number, [])
    assert judged(line, HERE, number) == ("failure", {"OWN001"})


def test_nobody_else_s_approval_makes_it_an_emergency(line: Plant, number: int) -> None:
    line.stand.label(HERE, number, [LABEL])
    for login in ("ana", "lee"):
        line.stand.review(HERE, number, by=login)
    assert judged(line, HERE, number) == RED
    line.stand.push(HERE, "hotfix", {"page.md": "# Page\n"}, author="dev", by="ana-r")
    line.settle()
    line.stand.review(HERE, number, by="ana-r")
    assert (judged(line, HERE, number), kept(line), opened(line)) == (RED, [], [])


def test_what_passes_is_no_emergency(line: Plant) -> None:
    line.stand.push(HERE, "fine", {POLICY: GOOD + "# Fine.\n"})
    number = line.stand.pull(HERE, "fine")
    line.stand.label(HERE, number, [LABEL])
    line.stand.review(HERE, number, by="ana-r")
    assert (judged(line, HERE, number), kept(line), opened(line)) == (("success", set()), [], [])
