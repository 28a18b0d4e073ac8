"""Slash commands again and again, several in one comment, many at once, and the first one of all."""

from datetime import timedelta

from bot.store.ledger import Ledger
from tests.e2e.given import GOOD, HERE, POLICY, WITHOUT
from tests.e2e.plant import Plant, judged
from tests.e2e.test_commands import DONE, REFUSED, policy, reactions, said


def test_a_first_policy_is_begun(line: Plant) -> None:
    shown = {path: data for path, data in WITHOUT.items() if path != ".github/CODEOWNERS"}
    line.stand.repository("acme/new", files={**shown, "CODEOWNERS": "* @acme/ml-platform\n", "a\nb.yml": "x: 1\n"})
    line.stand.permit("acme/new", "dev", "write")
    issue = line.stand.open_issue("acme/new", "A pilot?")
    line.stand.comment("acme/new", issue, "/pilot init", by="dev")
    line.settle()
    made = line.stand.pull_request("acme/new", issue + 1)
    git = line.stand.world.repositories["acme/new"].git
    entry = git.entry(made.head, POLICY)
    assert entry is not None
    begun = git.blob(entry.sha).decode()
    for text in ("name: new", 'fix: "@acme/ml-platform"', "ops/alerts/", "docs/runbook.md"):
        assert text in begun
    answer, seen = said(line, line.stand.open_issue(HERE, "x"), "/pilot init", "dev")
    assert (seen, "never overwritten" in answer) == (REFUSED, True)


def test_a_delivery_that_comes_again_does_nothing_again(line: Plant, number: int) -> None:
    said(line, number, "/pilot waive INT002 until +2w because x", "ana-r")
    before = (policy(line), line.stand.pull_request(HERE, number).head, len(line.stand.issue(HERE, number).comments))
    told = next(one for one in line.stand.deliveries if one.event == "issue_comment")
    line.asked()
    line.stand.redeliver(told.guid)
    assert line.asked() == []
    line.stand.deliver("issue_comment", told.body)
    line.settle()
    head = line.stand.pull_request(HERE, number).head
    assert (policy(line), head, len(line.stand.issue(HERE, number).comments)) == before
    assert len(Ledger(line.stored).named(HERE)) == 1


def test_a_job_that_is_cut_off_after_its_commit_commits_once(line: Plant, number: int) -> None:
    line.stand.fail(lambda asked: asked.method == "POST" and asked.path.endswith(f"/{number}/comments"), times=1)
    comment = line.stand.comment(HERE, number, "/pilot waive INT002 until +2w because x", by="ana-r")
    line.settle()
    head = line.stand.pull_request(HERE, number).head
    line.clock.now += timedelta(minutes=1)
    line.settle()
    assert (line.stand.pull_request(HERE, number).head, reactions(comment)) == (head, DONE)
    assert [one.commit for one in Ledger(line.stored).named(HERE)] == [head]
    assert len(line.stand.issue(HERE, number).comments) == 2
    assert judged(line, HERE, number) == ("success", set())
    # The approval holds whenever it is looked at, also after the second attempt.
    line.stand.rerequest(line.latest(HERE, number))
    assert judged(line, HERE, number) == ("success", set())


def test_two_commands_of_one_comment_are_both_carried_out(line: Plant, number: int) -> None:
    text = "/pilot schedule legal 2026-11-29\nand\n/pilot assign oversight @lee\n/pilot hepl"
    answer, seen = said(line, number, text, "dev")
    assert (seen, answer.count("Done: "), "did you mean `help`?" in answer) == (REFUSED, 2, True), answer
    assert ("due: 2026-11-29" in policy(line), 'oversight: "@lee"' in policy(line)) == (True, True)


def test_two_changes_at_once_lose_neither(line: Plant, number: int) -> None:
    def meanwhile(asked: object) -> bool:
        if getattr(asked, "method", "") == "PUT" and not done:
            done.append(True)
            line.stand.push(HERE, "feature", {POLICY: GOOD.replace("due: 2026-11-27", "due: 2026-11-26")})
        return False

    done: list[bool] = []
    line.stand.fail(meanwhile)
    answer, seen = said(line, number, "/pilot schedule legal 2026-11-29", "dev")
    assert (seen, done) == (DONE, [True]), answer
    assert ("due: 2026-11-26" in policy(line), "due: 2026-11-29" in policy(line)) == (True, True)


def test_a_storm_of_commands_is_answered_within_the_limits(line: Plant) -> None:
    issue = line.stand.open_issue(HERE, "What now?")
    line.stand.hooks.hold = True
    comments = [line.stand.comment(HERE, issue, "/pilot explain INT002", by="dev") for _ in range(100)]
    line.asked()
    line.stand.hooks.release()
    minutes = 0
    while any(reactions(one) != DONE for one in comments):
        line.settle()
        made = sum(one.startswith("POST /repos") for one in line.asked())
        assert made <= 60
        line.clock.now += timedelta(minutes=1, seconds=1)
        minutes += 1
        assert minutes < 30
    assert len(line.stand.issue(HERE, issue).comments) == 200
    # Each is acknowledged, answered and marked as done, once.
    assert sum(one.method == "POST" and "/issues" in one.path for one in line.stand.requests) == 300
