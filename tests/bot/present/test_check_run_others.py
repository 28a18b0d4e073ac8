"""The check runs that are no report: quiet ones, emergencies, and what is said of the organisation's file."""

import pytest

from bot.github.checks import LIMIT
from bot.present import check_run
from bot.present.check_run import ANNOTATED, RECHECK, Changed
from rules.approval import Approval
from rules.catalogue import catalogue
from rules.document import Document, absent, read
from rules.policy import Organisation
from tests.bot.given import SMALL, shown

NAME = "Pilot readiness"
RETIRED = SMALL.replace("stage: pilot", "stage: retired")
APPROVED = Approval("ana-r", "`@ana-r`")


def organisation(text: str) -> Document[Organisation]:
    return read(text.encode(), ".pilot-org.yml", Organisation, catalogue().codes)


ABSENT = absent(".pilot-org.yml", Organisation)


def test_a_quiet_one_says_how_each_pilot_stands_and_nothing_else() -> None:
    two = [shown(RETIRED), shown(RETIRED, path="a/.pilot.yml")]
    run = check_run.quiet(two, NAME)
    assert (run.name, run.conclusion, run.title) == (NAME, "success", "2 pilots, none fails")
    assert run.summary.count("as of 2026-11-24") == 2
    assert (run.text, run.annotations, run.actions) == ("", (), (RECHECK,))
    assert len(check_run.quiet(two * 2000, NAME).summary.encode()) <= LIMIT


def test_in_an_emergency_it_stops_nothing_and_says_who_answers() -> None:
    before = check_run.render([shown(SMALL)], NAME)
    run = check_run.let_through(before, APPROVED)
    assert (before.conclusion, run.conclusion) == ("failure", "neutral")
    assert run.title == f"Emergency: {before.title}"
    assert "with the approval of `ana-r`" in run.summary.splitlines()[0]
    assert run.summary.endswith(before.summary)
    assert (run.annotations, run.text, run.actions) == (before.annotations, before.text, before.actions)


def test_an_emergency_of_any_length_fits() -> None:
    long = check_run.render([shown(SMALL)] * 400, NAME)
    run = check_run.let_through(long, APPROVED)
    assert len(run.summary.encode()) <= LIMIT
    assert len(run.title) <= 255


def test_a_file_out_of_sight_says_how_to_bring_it_back_or_give_it_up() -> None:
    run = check_run.lost(NAME, ABSENT, "acme")
    assert (run.conclusion, run.title) == ("action_required", "acme/.github: .pilot-org.yml is out of sight")
    assert "pilotgate organisation forget acme" in run.summary
    assert len(check_run.lost(NAME, ABSENT, "a" * 300).title) <= 255


@pytest.mark.parametrize(
    ("changed", "known", "title"),
    [
        ([], 0, "Changes what 0 repositories are told; 0 known pilots"),
        ([Changed("acme/triage", "success", "failure", ("REV001", "OWN001"))], 1, "; 1 known pilot"),
    ],
)
def test_a_usable_file_says_whom_it_changes(changed: list[Changed], known: int, title: str) -> None:
    run = check_run.organised(NAME, changed, known)
    assert (run.conclusion, run.annotations) == ("success", ())
    assert run.title.endswith(title)
    row = "| acme/triage | success | failure | REV001, OWN001 |"
    assert (row in run.summary) == bool(changed)


def test_many_that_change_are_listed_up_to_a_number() -> None:
    changed = [Changed(f"acme/{'r' * 90}{number}", "success", "failure", ("REV001",) * 50) for number in range(300)]
    run = check_run.organised(NAME, changed, 300)
    assert len(run.summary.encode()) <= LIMIT
    few = check_run.organised(NAME, [Changed(f"acme/{number}", "a", "b", ()) for number in range(300)], 300)
    assert few.summary.count("\n| acme/") == 200
    assert "\n\nand 100 more" in few.summary


def test_a_name_breaks_no_table() -> None:
    run = check_run.organised(NAME, [Changed("acme/a|b`<x>", "success", "failure", ())], 1)
    (row,) = [line for line in run.summary.splitlines() if "acme" in line]
    assert "<x>" not in row


def test_a_file_that_can_not_be_used_here_is_told_on_its_lines() -> None:
    run = check_run.unusable_here(NAME, organisation("mode: strict\nlimit: {}\n"))
    assert (run.conclusion, run.title) == ("failure", ".pilot-org.yml can't be read: 2 problems")
    assert [(note.path, note.line, note.level) for note in run.annotations] == [
        (".pilot-org.yml", 1, "failure"),
        (".pilot-org.yml", 2, "failure"),
    ]
    assert "- line 2, column 1:" in run.summary
    many = organisation("\n".join(f"key{number}: 1" for number in range(3000)))
    assert len(check_run.unusable_here(NAME, many).annotations) <= ANNOTATED
    assert len(check_run.unusable_here(NAME, many).summary.encode()) <= LIMIT


def test_a_file_that_is_taken_away_is_red() -> None:
    run = check_run.given_up(NAME, ABSENT)
    assert (run.conclusion, run.title) == ("failure", ".pilot-org.yml is taken away")
    assert "`action_required`" in run.summary
