"""Pull requests: each head gets one check run, whatever happened to it, and nothing is written twice."""

import pytest

from bot.demo import company
from tests.e2e.given import BAD, GOOD, HERE, NAME, POLICY, SAID, UNOWNED, WITHOUT
from tests.e2e.plant import CREATE, LOOK, POLICY_PULLS, PULL, SEEN, USUAL, Plant, about, codes, lines, pull_of

PLANNED = UNOWNED.replace("stage: pilot", "stage: planned")
"""The same at a stage that has no errors."""


def test_an_opened_one_is_judged_in_five_requests(line: Plant) -> None:
    line.stand.repository("acme/new", files=WITHOUT)
    company.employ(line.stand, "acme/new")
    line.stand.push("acme/new", "bad", {POLICY: BAD})
    number = line.stand.pull("acme/new", "bad")
    run = line.run("acme/new", number)
    assert line.asked() == [PULL, *SEEN, CREATE]
    assert about(run) == (NAME, "failure")
    assert pull_of(run) == str(number)
    assert lines(run, BAD) >= {
        ("OWN001", "owners:"),
        ("CRI001", "- id: routing-accuracy"),
        ("INT003", "kind: csv"),
        ("REV001", "due: 2027-01-25"),
        ("RUN004", "stop_switch: ops/disable-triage.sh"),
        ("DEC001", "date: 2027-06-30"),
    }
    assert [one["identifier"] for one in run.actions] == ["recheck", "explain", "fix"]


def test_one_that_keeps_every_promise_passes(line: Plant) -> None:
    line.stand.push(HERE, "docs", {"docs/page.md": b"# Page\n"})
    run = line.run(HERE, line.stand.pull(HERE, "docs"))
    assert line.asked() == USUAL
    assert (about(run), run.annotations) == ((NAME, "success"), [])


def test_each_push_gives_its_own_head_a_check_run(line: Plant) -> None:
    first = line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    number = line.stand.pull(HERE, "feature")
    line.asked()
    second = line.stand.push(HERE, "feature", {POLICY: GOOD})
    # The push may change by what pull requests into this branch are judged.
    assert line.asked() == [*USUAL, POLICY_PULLS]
    assert (about(line.run(HERE, first)), lines(line.run(HERE, first), UNOWNED)) == (
        (NAME, "failure"),
        SAID,
    )
    assert about(line.run(HERE, second)) == (NAME, "success")
    assert pull_of(line.run(HERE, second)) == str(number)
    assert line.asked() == []


def test_what_is_told_again_or_changes_nothing_is_not_written_again(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    number = line.stand.pull(HERE, "feature")
    before = line.run(HERE, number)
    line.asked()
    opened = [one for one in line.stand.deliveries if (one.event, one.action) == ("pull_request", "opened")]
    assert line.stand.redeliver(opened[0].guid) == 202
    assert line.asked() == []
    line.stand.close(HERE, number)
    assert line.asked() == []
    line.stand.reopen(HERE, number)
    assert line.asked() == [PULL, *LOOK]
    assert line.run(HERE, number) is before


def test_a_head_that_moved_while_it_was_closed_is_judged_when_it_is_reopened(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: GOOD + "# One.\n"})
    number = line.stand.pull(HERE, "feature")
    line.stand.close(HERE, number)
    line.asked()
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    assert line.asked() == [POLICY_PULLS]
    line.stand.reopen(HERE, number)
    assert about(line.run(HERE, number)) == (NAME, "failure")
    assert line.asked() == USUAL


def test_a_closed_or_archived_one_is_left_alone(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.hooks.hold = True
    closed = line.stand.pull(HERE, "feature")
    line.stand.close(HERE, closed)
    line.stand.hooks.release()
    assert line.asked() == [PULL]
    line.stand.repository("acme/old", files={POLICY: UNOWNED})
    line.stand.push("acme/old", "feature", {POLICY: BAD})
    line.stand.hooks.hold = True
    archived = line.stand.pull("acme/old", "feature")
    line.stand.archive("acme/old")
    line.stand.hooks.release()
    assert line.asked() == [PULL]
    assert line.runs(HERE, closed) == line.runs("acme/old", archived) == []


def test_a_draft_is_judged_and_its_check_stands_when_it_is_ready(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    number = line.stand.pull(HERE, "feature", draft=True)
    assert about(line.run(HERE, number)) == (NAME, "failure")
    assert line.asked() == USUAL
    line.stand.ready_for_review(HERE, number)
    assert line.asked() == [PULL]
    line.run(HERE, number)


def test_another_title_is_no_reason_to_ask_anything(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    number = line.stand.pull(HERE, "feature")
    line.asked()
    line.stand.edit(HERE, number, title="Another title")
    assert line.asked() == []
    assert (line.row("pull_request").action, line.row("pull_request").state) == ("edited", "done")


def test_another_base_is_judged_by_that_base_under_its_name(line: Plant) -> None:
    line.stand.push(HERE, "release/1", {POLICY: PLANNED})
    line.stand.push(HERE, "feature", {POLICY: PLANNED + "# The same.\n"})
    number = line.stand.pull(HERE, "feature")
    line.asked()
    line.stand.edit(HERE, number, base="release/1")
    assert line.asked() == USUAL
    ours, theirs = line.runs(HERE, number)
    assert (about(ours), about(theirs)) == ((NAME, "failure"), (f"{NAME} (release/1)", "success"))
    assert (codes(ours), codes(theirs)) == ({"OWN001", "POL003"}, {"OWN001"})
    assert [one["annotation_level"] for one in theirs.annotations] == ["warning"]


def test_one_commit_in_two_pull_requests_has_a_check_run_for_each_base(line: Plant) -> None:
    line.stand.push(HERE, "release/1", {POLICY: PLANNED})
    line.stand.push(HERE, "feature", {POLICY: PLANNED + "# The same.\n"})
    line.asked()
    numbers = [line.stand.pull(HERE, "feature", base=base) for base in ("main", "release/1")]
    assert line.asked() == [*USUAL, *USUAL]
    runs = line.runs(HERE, "feature")
    assert [about(run) for run in runs] == [(NAME, "failure"), (f"{NAME} (release/1)", "success")]
    assert [pull_of(run) for run in runs] == [str(number) for number in numbers]
    sha = line.stand.push(HERE, "feature", {POLICY: GOOD})
    assert [about(run) for run in line.runs(HERE, sha)] == [(NAME, "success"), (f"{NAME} (release/1)", "success")]
    assert line.asked().count(CREATE) == 2


@pytest.mark.parametrize("public", [False, True])
def test_a_fork_is_judged_by_the_base_like_any_other(line: Plant, public: bool) -> None:
    line.stand.repository("acme/other", files={POLICY: GOOD}, private=not public)
    line.stand.fork("acme/other", "stranger")
    sha = line.stand.push("stranger/other", "theirs", {POLICY: UNOWNED}, author="stranger")
    number = line.stand.pull("acme/other", "theirs", fork="stranger/other", author="stranger")
    run = line.run("acme/other", number)
    assert (run.suite.head, pull_of(run), run.conclusion) == (sha, str(number), "failure")
    assert ("OWN001", "owners:") in lines(run, UNOWNED)
    assert line.asked() == [PULL, *SEEN, CREATE]


def test_what_comes_in_backwards_ends_at_the_present_head(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.asked()
    line.stand.hooks.hold = True
    number = line.stand.pull(HERE, "feature")
    sha = line.stand.push(HERE, "feature", {POLICY: GOOD})
    line.stand.hooks.release(backwards=True)
    assert about(line.run(HERE, sha)) == (NAME, "success")
    assert line.asked() == [POLICY_PULLS, *USUAL, PULL]
    assert pull_of(line.run(HERE, sha)) == str(number)
