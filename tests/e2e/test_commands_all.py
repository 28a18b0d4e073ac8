"""Every slash command: allowed, refused, malformed, repeated, on an issue and a pull request, on a fork, and where the
app may not write. Each test has one Pilotgate for all of them, which makes a test of each as cheap as can be."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from bot.commands import Where, Who, catalogue
from bot.store.dates import Dates, Kept
from bot.store.ledger import Ledger
from tests.e2e.given import GOOD, HERE, POLICY
from tests.e2e.plant import Plant
from tests.e2e.test_commands import DONE, REFUSED, entries, policy, said

WAIVER = 'waivers:\n  - {rule: INT003, reason: y, approved_by: "@ana-r", expires: 2026-12-08}\n'
MAIN = GOOD.replace("due: 2026-11-27, outcome: pending", "due: 2027-01-27, outcome: pending") + WAIVER
"""Something for each command to do: a waiver to take away, and a date that the check can mend."""


READ_ONLY = {"checks": "write", "contents": "read", "issues": "write", "members": "read", "metadata": "read"} | {
    "pull_requests": "write",
    "statuses": "read",
}


class Given(NamedTuple):
    """A command that somebody may give; and somebody who may not, with what they are told."""

    text: str
    by: str
    other: str
    who: str


READER, WRITER = ("outsider", "whoever can read the repository"), ("sam", "whoever can write to the repository")
APPROVER = ("lee", "it takes `@ana-r`")
EVERY = {
    "help": Given("help", "sam", *READER),
    "check": Given("check", "sam", *READER),
    "status": Given("status", "sam", *READER),
    "explain": Given("explain INT002", "sam", *READER),
    "what-if": Given("what-if +4w", "sam", *READER),
    "init": Given("in docs init", "dev", *WRITER),
    "fix": Given("fix", "dev", *WRITER),
    "assign": Given("assign monitor @acme/ml-research", "dev", *WRITER),
    "schedule": Given("schedule legal 2026-11-29", "dev", *WRITER),
    "sign-off": Given("sign-off legal", "pat", "dev", "a member of `@acme/legal`"),
    "waive": Given("waive INT002 until +2w because x", "ana-r", *APPROVER),
    "unwaive": Given("unwaive INT003", "ana-r", *APPROVER),
    "decide": Given("decide no-go because it costs more than it saves", "ana-r", *APPROVER),
    "snooze": Given("snooze until +1w", "dev", *WRITER),
}
WRITES = {name for name in EVERY if catalogue()[name].WHO is not Who.READER} - {"snooze", "fix"}
APPROVES = {"sign-off", "waive", "decide"}

MALFORMED = [
    ("", "`/pilot help` lists the commands"),
    ("hepl", "did you mean `help`?"),
    ("help me", "the command stands alone"),
    ("check it", "the command stands alone"),
    ("status now", "the command stands alone"),
    ("explain", "Write `/pilot explain CODE`"),
    ("explain REV01", "did you mean `REV"),
    ("what-if", "Write `/pilot what-if DATE`"),
    ("what-if 12/01/2026", "is no day that can be told for certain"),
    ("init now", "the command stands alone"),
    ("fix all", "the command stands alone"),
    ("assign boss @lee", "is no role"),
    ("assign fix", "neither a person (`@login`) nor a team"),
    ("assign fix lee", "neither a person (`@login`) nor a team"),
    ("schedule security", "`schedule` takes a review and a day"),
    ("schedule securty tomorrow", "did you mean `security`?"),
    ("schedule security yesterday", "has passed"),
    ("sign-off", "Write `/pilot sign-off REVIEW [EVIDENCE]`"),
    ("sign-off securty", "did you mean `security`?"),
    ("sign-off security a b", "Write `/pilot sign-off REVIEW [EVIDENCE]`"),
    ("waive INT002 until tomorrow", "Write `/pilot waive CODE until DATE because TEXT`"),
    ("waive NIT002 until tomorrow because x", "did you mean `INT002`?"),
    ("waive POL002 until tomorrow because x", "never waived"),
    ("waive REV001 until tomorrow because x", "locked by the organisation"),
    ("waive INT002 until 2027-06-30 because x", "more than 30 days ahead"),
    (f"waive INT002 until tomorrow because {'x' * 60_000}", "has 60000 characters"),
    ("unwaive", "Write `/pilot unwaive CODE`"),
    ("unwaive INT002", "is not waived here"),
    ("unwaive NIT002", "did you mean `INT002`?"),
    ("decide maybe because x", "is no decision"),
    ("decide go", "`decide` takes `because` and a reason"),
    ("decide extend because x", "`extend` takes `until`"),
    ("decide no-go until tomorrow because x", "`extend` takes `until`"),
    ("snooze tomorrow", "Write `/pilot snooze until DATE`"),
    ("snooze until tomorrow", "works on issues alone"),
]


@pytest.fixture(autouse=True)
def main(line: Plant) -> None:
    line.stand.push(HERE, "main", {POLICY: MAIN})


def reminder(line: Plant) -> int:
    """An issue that the app keeps for something."""
    made = line.stand.open_issue(HERE, "The review was due")
    kept = Kept(made, True, "", 0, date(2026, 11, 20))
    Dates(line.stored).keep(line.stand.world.repositories[HERE].id, "REV002:legal", kept)
    return made


def paced(line: Plant, names: Iterable[str]) -> Iterator[tuple[str, Given]]:
    """The commands, with time enough between them to be answered at once."""
    for name in names:
        line.clock.now += timedelta(seconds=10)
        yield name, EVERY[name]


def place(line: Plant, number: int, name: str) -> int:
    """Where a command works: on this pull request, unless it is for issues alone."""
    return reminder(line) if catalogue()[name].WHERE is Where.ISSUE else number


def test_every_command_is_here() -> None:
    assert EVERY.keys() == catalogue().keys()
    assert {text.split()[0] for text, _ in MALFORMED if text} - {"hepl"} == catalogue().keys()


def test_who_may_not_is_told_who_could(line: Plant, number: int) -> None:
    line.stand.world.repositories[HERE].private = True
    for name, one in paced(line, EVERY):
        answer, seen = said(line, place(line, number, name), f"/pilot {one.text}", one.other)
        assert (seen, one.who in answer) == (REFUSED, True), f"{name}: {answer}"
    assert (policy(line), entries(line)) == (MAIN, [])


def test_a_mistake_is_answered_with_what_to_write(line: Plant, number: int) -> None:
    for text, says in MALFORMED:
        line.clock.now += timedelta(seconds=10)
        answer, seen = said(line, number, f"/pilot {text}", "ana-r")
        assert (seen, says in answer) == (REFUSED, True), f"{text[:100]}: {answer}"
    assert (policy(line), entries(line)) == (MAIN, [])


@pytest.mark.parametrize(("text", "told"), [("today", "is not to come"), ("2027-02-28", "more than 90 days ahead")])
def test_a_snooze_is_of_days_to_come_and_not_for_ever(line: Plant, text: str, told: str) -> None:
    answer, seen = said(line, reminder(line), f"/pilot snooze until {text}", "dev")
    assert (seen, told in answer) == (REFUSED, True), answer
    assert said(line, reminder(line), "/pilot snooze until 2027-02-22", "dev")[1] == DONE


def test_on_an_issue_a_change_is_a_pull_request_however_often_it_is_told(line: Plant) -> None:
    for name, one in paced(line, EVERY):
        issue = reminder(line) if name == "snooze" else line.stand.open_issue(HERE, "What now?")
        answer, seen = said(line, issue, f"/pilot {one.text}", one.by)
        assert (seen, bool(answer)) == (REFUSED if name == "fix" else DONE, True), f"{name}: {answer}"
        pulls = line.stand.world.repositories[HERE].issues.keys() - {issue} & set(range(issue, issue + 9))
        assert (bool(pulls), f"in #{issue + 1}: " in answer) == (name in WRITES, name in WRITES), f"{name}: {answer}"
        if name in WRITES:
            made = line.stand.pull_request(HERE, issue + 1)
            mine = [
                (entry.login, entry.commit) for entry in Ledger(line.stored).named(HERE) if entry.number == issue + 1
            ]
            assert mine == ([(one.by, made.head)] if name in APPROVES else []), name
        assert_once(line, issue)
    assert policy(line, "main") == MAIN


def assert_once(line: Plant, place: int) -> None:
    """The last comment's delivery comes again, and under another name: nothing more is written."""
    told = [
        one for one in line.stand.deliveries if one.event == "issue_comment" and one.body["sender"]["type"] == "User"
    ]
    before = written(line)
    assert told[-1].body["issue"]["number"] == place
    line.stand.redeliver(told[-1].guid)
    line.stand.deliver("issue_comment", told[-1].body)
    line.settle()
    assert written(line) == before


def written(line: Plant) -> tuple[int, dict[str, str], int, int]:
    """All that the app could have written: issues and pull requests, branches, comments, and the ledger."""
    here = line.stand.world.repositories[HERE]
    comments = sum(len(one.comments) for one in here.issues.values())
    return len(here.issues), dict(here.git.branches), comments, len(entries(line))


def test_on_a_pull_request_a_change_is_a_commit_however_often_it_is_told(line: Plant) -> None:
    for name, one in paced(line, EVERY):
        line.stand.push(HERE, name, {"docs/page.md": f"# {name}\n".encode()})
        made = line.stand.pull(HERE, name)
        line.settle()
        before = line.stand.pull_request(HERE, made).head
        answer, seen = said(line, made, f"/pilot {one.text}", one.by)
        assert seen == (REFUSED if name == "snooze" else DONE), f"{name}: {answer}"
        assert bool(answer) == (name != "check"), f"{name}: {answer}"
        assert (line.stand.pull_request(HERE, made).head != before) == (name in WRITES), f"{name}: {answer}"
        assert_once(line, made)
    assert {entry.kind for entry in entries(line)} == {"sign-off", "waiver", "decision"}


def test_on_a_fork_a_change_is_a_patch(line: Plant) -> None:
    line.stand.fork(HERE, "stranger")
    line.stand.push("stranger/triage", "theirs", {"docs/page.md": "# Theirs\n"}, author="stranger")
    made = line.stand.pull(HERE, "theirs", fork="stranger/triage", author="stranger")
    for name, one in paced(line, EVERY.keys() - {"snooze"}):
        answer, seen = said(line, made, f"/pilot {one.text}", one.by)
        assert (seen, bool(answer)) == (DONE, name != "check"), f"{name}: {answer}"
        patch = name in WRITES or name == "fix"
        told = ("comes from a fork" in answer, patched(name) in answer)
        assert told == (patch, patch), f"{name}: {answer}"
    assert entries(line) == []


def patched(name: str) -> str:
    """How the patch of a command begins."""
    where = "--- /dev/null\n+++ b/docs" if name == "init" else f"--- a/{POLICY}\n+++ b"
    return f"```diff\n{where}/{POLICY}\n"


def test_without_the_right_to_write_a_change_is_a_patch(line: Plant, number: int) -> None:
    (installation,) = line.stand.world.installations
    line.stand.grant(installation, READ_ONLY)
    line.clock.now += timedelta(hours=2)
    issue = line.stand.open_issue(HERE, "What now?")
    for where in (number, issue):
        for name, one in paced(line, EVERY):
            if name == "fix" and where == issue:
                continue
            here = place(line, where, name)
            answer, seen = said(line, here, f"/pilot {one.text}", one.by)
            assert (seen, bool(answer)) == (DONE, name != "check" or where == issue), f"{name}: {answer}"
            patch = name in WRITES or name == "fix"
            told = ("contents: write" in answer, patched(name) in answer)
            assert told == (patch, patch), f"{name}: {answer}"
    assert (policy(line), entries(line)) == (MAIN, [])
