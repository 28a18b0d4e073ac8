"""Slash commands about policies below the root: `in FOLDER` says which one, and nothing else is changed."""

import hashlib
from datetime import timedelta

import pytest

from bot.store.ledger import Ledger
from tests.e2e.given import GOOD, HERE, POLICY
from tests.e2e.plant import Plant, judged
from tests.e2e.test_commands import DONE, REFUSED, entries, policy, said

FOLDER = "services/triage"
BELOW, OTHER = f"{FOLDER}/{POLICY}", f"billing/{POLICY}"
THEIRS = GOOD.replace('deciders: ["@ana-r"]', 'deciders: ["@lee"]').replace("name: invoice-triage", "name: below")
WAIVE = "waive INT002 until +2w because x"


def at(line: Plant, path: str, branch: str = "feature") -> str | None:
    """A file of a branch."""
    git = line.stand.world.repositories[HERE].git
    commit = git.branch(branch)
    assert commit is not None
    entry = git.entry(commit, path)
    return git.blob(entry.sha).decode() if entry else None


def opened(line: Plant, **main: str | None) -> int:
    """A pull request by `dev` that changes a page in the folder, onto a main branch with these policies."""
    line.stand.push(HERE, "main", {POLICY: GOOD, BELOW: THEIRS, **main})
    line.stand.push(HERE, "feature", {f"{FOLDER}/page.md": "# Page\n"})
    number = line.stand.pull(HERE, "feature")
    line.settle()
    return number


@pytest.fixture
def number(line: Plant) -> int:
    return opened(line)


def test_a_waiver_below_is_its_approver_s_and_approves_of_exactly_its_commit(line: Plant, number: int) -> None:
    answer, seen = said(line, number, f"/pilot in {FOLDER} {WAIVE}", "ana-r")
    assert (seen, "it takes `@lee`" in answer, entries(line)) == (REFUSED, True, []), answer
    answer, seen = said(line, number, f"/pilot in {FOLDER} {WAIVE}", "lee")
    assert (seen, f"which you approve by this, changes `{BELOW}`" in answer) == (DONE, True), answer
    new = 'waivers:\n  - {rule: INT002, reason: x, approved_by: "@lee", expires: 2026-12-08}\n'
    written = at(line, BELOW) or ""
    assert (written.replace(new, ""), policy(line)) == (THEIRS, GOOD)
    head = line.stand.pull_request(HERE, number).head
    (entry,) = entries(line)
    assert (entry.commit, entry.login, entry.details["path"]) == (head, "lee", BELOW)
    assert entry.policy == hashlib.sha256(written.encode()).hexdigest()
    assert entry.plain()["path"] == BELOW
    message = line.stand.world.repositories[HERE].git.commit(head).message
    assert f"Changes {BELOW}. Asked for by lee" in message
    assert judged(line, HERE, number) == ("success", set())
    line.stand.push(HERE, "feature", {f"{FOLDER}/other.md": "# Other\n"})
    assert judged(line, HERE, number) == ("failure", {"POL003"})


def test_an_approval_below_is_none_of_the_policy_above(line: Plant, number: int) -> None:
    line.stand.push(HERE, "feature", {POLICY: GOOD.replace("target: 0.93", "target: 0.9")})
    assert said(line, number, f"/pilot in {FOLDER} {WAIVE}", "lee")[1] == DONE
    assert judged(line, HERE, number) == ("failure", {"POL003"})
    run = line.latest(HERE, number)
    assert {one["path"] for one in run.annotations if one["annotation_level"] == "failure"} == {POLICY}


@pytest.mark.parametrize(
    ("text", "by", "before", "after"),
    [
        ("assign monitor @acme/ml-research", "dev", "@acme/ml-oncall", "@acme/ml-research"),
        ("schedule security 2026-11-26", "dev", "due: 2026-11-20", "due: 2026-11-26"),
        ("sign-off legal", "pat", "2026-11-30, outcome: pending", "2026-11-30, outcome: passed"),
        ("decide no-go because x", "lee", "  outcome: pending\n", "  outcome: no-go\n"),
    ],
)
def test_a_command_in_a_folder_changes_one_line_there(
    line: Plant, number: int, text: str, by: str, before: str, after: str
) -> None:
    assert before in THEIRS
    for place in (number, line.stand.open_issue(HERE, "What now?")):
        answer, seen = said(line, place, f"/pilot in {FOLDER}/ {text}", by)
        assert (seen, f"`{BELOW}`" in answer) == (DONE, True), answer
        branch = "feature" if place == number else line.stand.pull_request(HERE, place + 1).head_ref
        assert at(line, BELOW, branch) == THEIRS.replace(before, after, 1)
        assert policy(line, branch) == GOOD
    if text.startswith("decide"):
        assert "## Go or no-go: below" in answer


def test_unwaive_takes_the_folder_s_alone(line: Plant) -> None:
    waiver = 'waivers:\n  - {rule: INT002, reason: x, approved_by: "@lee", expires: 2026-12-08}\n'
    number = opened(line, **{POLICY: GOOD + waiver, BELOW: THEIRS + waiver})
    assert said(line, number, f"/pilot in {FOLDER} unwaive INT002", "lee")[1] == DONE
    assert (at(line, BELOW), policy(line)) == (THEIRS + "waivers:\n", GOOD + waiver)


@pytest.mark.parametrize("text", ["status", "what-if +4w", "check", "explain INT002", "help"])
def test_what_is_asked_in_a_folder_is_said_of_its_policy(line: Plant, number: int, text: str) -> None:
    line.stand.push(HERE, "docs", {"docs/page.md": "# Page\n"})
    # One pull request that it judges, one that it does not, and an issue.
    for place in (number, line.stand.pull(HERE, "docs"), line.stand.open_issue(HERE, "What now?")):
        answer, seen = said(line, place, f"/pilot in {FOLDER} {text}", "dev")
        assert seen == DONE, answer
        if text in ("status", "what-if +4w"):
            assert [one in answer for one in (" below ", f"· `{BELOW}`", "invoice-triage")] == [True, True, False]


def test_without_a_folder_the_root_s_is_meant(line: Plant, number: int) -> None:
    for lead in ("", "in . ", "in ./ "):
        before = policy(line)
        answer, seen = said(line, number, f"/pilot {lead}{WAIVE}{lead}", "ana-r")
        assert (seen, f"changes `{POLICY}`" in answer, policy(line) != before) == (DONE, True, True), answer
    assert (at(line, BELOW), {one.details["path"] for one in entries(line)}) == (THEIRS, {POLICY})


def test_without_a_root_s_the_only_one_that_judges_is_meant(line: Plant) -> None:
    number = opened(line, **{POLICY: None, OTHER: THEIRS})
    answer, seen = said(line, number, "/pilot schedule legal 2026-11-29", "dev")
    assert (seen, f"`{BELOW}`" in answer, at(line, OTHER)) == (DONE, True, THEIRS), answer
    line.stand.push(HERE, "feature", {"billing/page.md": "# Page\n"})
    answer, seen = said(line, number, "/pilot schedule legal 2026-11-29", "dev")
    assert (seen, "say which: write `/pilot in billing …`" in answer) == (REFUSED, True), answer
    assert f"there are pilots in `billing`, `{FOLDER}`" in answer
    # Whatever only says something says it of each.
    assert said(line, number, "/pilot status", "dev")[0].count("below passes") == 2
    line.stand.push(HERE, "docs", {"docs/page.md": "# Page\n"})
    docs, issue = line.stand.pull(HERE, "docs"), line.stand.open_issue(HERE, "What now?")
    for place, text in ((docs, "status"), (docs, "assign fix @lee"), (issue, "assign fix @lee")):
        answer, seen = said(line, place, f"/pilot {text}", "dev")
        assert (seen, f"`billing`, `{FOLDER}`" in answer) == (REFUSED, True), answer
    assert said(line, issue, "/pilot status", "dev")[0].count("below passes") == 2


def test_on_an_issue_the_only_one_that_there_is_is_meant(line: Plant) -> None:
    opened(line, **{POLICY: None})
    issue = line.stand.open_issue(HERE, "What now?")
    for text in ("schedule legal 2026-11-29", "status"):
        answer, seen = said(line, issue, f"/pilot {text}", "dev")
        assert (seen, BELOW in answer or "below " in answer) == (DONE, True), answer


ASTRAY = [
    ("in services/triag status", f"did you mean `in {FOLDER}`?"),
    ("in docs status", f"there is no `docs/{POLICY}`: `/pilot in docs init` begins one; there are pilots in `.`, "),
    (f"in /{FOLDER} status", f"begins with `/`: write `in {FOLDER}`"),
    ("in ../other status", "leaves the repository"),
    ("in services/../../x status", "leaves the repository"),
    ("in services\\\\triage status", "is no folder"),
    (f"in {FOLDER}", "`in` takes a folder and a command"),
    ("in", "`in` takes a folder and a command"),
    (f"in {FOLDER} hepl", "did you mean `help`?"),
    (f"in {FOLDER} init", f"there is a `{BELOW}` here already"),
    ("in servces init", "there is no folder `servces`: did you mean `in services`?"),
    (f"in {FOLDER} fix", "write `/pilot fix`"),
    (f"in docs {WAIVE}", f"there is no `docs/{POLICY}`"),
    ("in docs check", f"there is no `docs/{POLICY}`"),
]


def test_a_folder_that_is_none_is_answered_with_what_to_write(line: Plant, number: int) -> None:
    for text, says in ASTRAY:
        line.clock.now += timedelta(seconds=10)
        answer, seen = said(line, number, f"/pilot {text}", "lee")
        assert (seen, says.lower() in answer.lower()) == (REFUSED, True), f"{text}: {answer}"
    answer, seen = said(line, line.stand.open_issue(HERE, "What now?"), f"/pilot in {FOLDER} snooze until +1w", "dev")
    assert (seen, "write `/pilot snooze until DATE`" in answer) == (REFUSED, True), answer
    assert (at(line, BELOW), policy(line), entries(line)) == (THEIRS, GOOD, [])


def test_a_first_policy_is_begun_in_a_folder(line: Plant) -> None:
    files = {"team sort/ops/alerts/rules.yml": at(line, "ops/alerts/triage.yml", "main")}
    line.stand.push(HERE, "feature", files)
    number = line.stand.pull(HERE, "feature")
    answer, seen = said(line, number, '/pilot in "team sort" init', "dev")
    assert (seen, f"changes `team sort/{POLICY}`" in answer, policy(line)) == (DONE, True, GOOD), answer
    begun = at(line, f"team sort/{POLICY}") or ""
    # What the folder shows, and nothing that is elsewhere, but for what stands at the root in any case.
    shown = ("name: team-sort", "configs: [team sort/ops/alerts/rules.yml]", 'fix: "@acme/ml-platform"')
    assert [one in begun for one in (*shown, "\ncriteria:", "\nevaluation:")] == [True, True, True, False, False]


def test_on_a_fork_the_patch_is_of_the_folder_s(line: Plant, number: int) -> None:
    line.stand.fork(HERE, "stranger")
    line.stand.push("stranger/triage", "theirs", {"docs/page.md": "# Theirs\n"}, author="stranger")
    made = line.stand.pull(HERE, "theirs", fork="stranger/triage", author="stranger")
    answer, seen = said(line, made, f"/pilot in {FOLDER} {WAIVE}", "lee")
    assert (seen, f"```diff\n--- a/{BELOW}\n+++ b/{BELOW}\n" in answer) == (DONE, True), answer
    assert Ledger(line.stored).named(HERE) == []


def test_a_delivery_that_comes_again_commits_once_there_as_well(line: Plant, number: int) -> None:
    said(line, number, f"/pilot in {FOLDER} {WAIVE}", "lee")
    head = line.stand.pull_request(HERE, number).head
    told = next(one for one in line.stand.deliveries if one.event == "issue_comment")
    line.stand.deliver("issue_comment", told.body)
    line.settle()
    assert (line.stand.pull_request(HERE, number).head, len(entries(line))) == (head, 1)
