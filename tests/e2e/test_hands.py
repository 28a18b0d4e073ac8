"""What people try so that nobody notices who has a hand in a pull request, or what it is that was approved."""

from datetime import timedelta

from tests.e2e.given import GOOD, HERE, NAME, POLICY
from tests.e2e.plant import Plant, judged
from tests.e2e.test_approvals import EASED, GREEN, RED

EXTENDED = (
    GOOD.replace("date: 2027-01-25", "date: 2027-02-22")
    .replace("  outcome: pending\n", "  outcome: extend\n")
    .replace("  otherwise:", "  extensions: [{from: 2027-01-25, to: 2027-02-22, because: late}]\n  otherwise:")
)


def test_a_decision_that_somebody_else_has_pushed_under_the_decider_s_name_stands_not(line: Plant) -> None:
    line.stand.push(HERE, "page", {"page.md": "# Page\n"}, author="ana-r", by="ana-r")
    number = line.stand.pull(HERE, "page", author="ana-r")
    line.settle()
    line.stand.close(HERE, number, by="dev")
    # GitHub tells of no push to what is closed.
    line.stand.push(HERE, "page", {POLICY: EXTENDED}, author="ana-r", committer="ana-r", by="dev")
    line.stand.reopen(HERE, number, by="dev")
    assert judged(line, HERE, number) == ("failure", {"DEC005", "POL003"})


def test_a_decision_by_the_decider_alone_stands(line: Plant) -> None:
    line.stand.push(HERE, "page", {POLICY: EXTENDED}, author="ana-r", committer="ana-r", by="ana-r")
    number = line.stand.pull(HERE, "page", author="ana-r")
    assert judged(line, HERE, number) == RED


def test_a_decider_who_edits_on_github_s_own_pages_is_alone(line: Plant) -> None:
    line.stand.push(
        HERE, "page", {POLICY: EXTENDED}, author="ana-r", committer="GitHub <noreply@github.com>", by="ana-r"
    )
    number = line.stand.pull(HERE, "page", author="ana-r")
    assert judged(line, HERE, number) == RED


def test_what_was_approved_for_another_base_is_not_for_this_one(line: Plant) -> None:
    line.stand.push(HERE, "lax", {POLICY: EASED})
    line.stand.push(HERE, "page", {POLICY: EASED, "page.md": "# Page\n"})
    number = line.stand.pull(HERE, "page", base="lax")
    line.stand.review(HERE, number, by="ana-r")
    assert line.latest(HERE, number, f"{NAME} (lax)").conclusion == "success"
    line.stand.edit(HERE, number, base="main")
    assert judged(line, HERE, number) == RED
    line.clock.now += timedelta(minutes=1)
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == GREEN


def test_what_a_command_has_approved_for_another_base_is_not_for_this_one(line: Plant) -> None:
    line.stand.push(HERE, "lax", {POLICY: EASED})
    line.stand.push(HERE, "page", {POLICY: EASED, "page.md": "# Page\n"})
    number = line.stand.pull(HERE, "page", base="lax")
    line.stand.comment(HERE, number, "/pilot waive INT002 until +2w because x", by="ana-r")
    line.settle()
    line.stand.edit(HERE, number, base="main")
    assert judged(line, HERE, number) == RED


def test_what_somebody_says_in_a_command_is_not_taken_for_an_explanation(line: Plant) -> None:
    line.stand.push(HERE, "eased", {POLICY: EASED})
    number = line.stand.pull(HERE, "eased")
    head = line.stand.pull_request(HERE, number).head
    run = line.latest(HERE, number)
    line.stand.comment(HERE, number, f"/pilot <!-- pilotgate:explain:{head} -->\n/pilot help")
    line.settle()
    before = len(line.stand.issue(HERE, number).comments)
    line.stand.press(run, "explain")
    line.settle()
    assert len(line.stand.issue(HERE, number).comments) == before + 1
