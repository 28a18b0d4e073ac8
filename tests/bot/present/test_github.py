"""Workflow commands: one for each finding, escaped as GitHub reads them, and the verdict as a plain line."""

from bot.present import github
from tests.bot.given import SMALL, shown


def test_each_finding_is_a_command_and_the_verdict_a_line() -> None:
    lines = github.render(shown(SMALL)).splitlines()
    assert [line for line in lines if "OWN001" in line] == [
        "::error file=.pilot.yml,line=2,endLine=2,title=OWN001 roles-assigned,col=55,endColumn=55"
        "::nobody owns the pilot: write `owners:` with accountable, monitor, fix, retrain"
    ]
    assert {line.split()[0] for line in lines[:-1]} == {"::error", "::warning"}
    assert (
        lines[-1]
        == "triage fails: 11 errors, 1 warning; readiness 0 % (lowest: Ownership, Evaluation data, Reviews and 3 more)"
    )


def test_a_planned_pilot_is_warned() -> None:
    lines = github.render(shown(SMALL.replace("stage: pilot", "stage: planned"))).splitlines()
    assert {line.split()[0] for line in lines[:-1]} == {"::warning"}


def test_a_message_is_escaped() -> None:
    policy = SMALL + 'reviews: {security: {outcome: passed, evidence: "docs/100%,a:b.md"}}\n'
    line = next(line for line in github.render(shown(policy)).splitlines() if "REV003" in line)
    assert "`docs/100%25,a:b.md`" in line


def test_a_property_is_escaped() -> None:
    line = github.render(shown("version: 1\n", path="b:c,d%.yml", prefix="a\n/")).splitlines()[0]
    assert line.startswith("::error file=a%0A/b%3Ac%2Cd%25.yml,line=1,")


def test_columns_are_left_out_where_an_annotation_spans_lines() -> None:
    policy = SMALL + "waivers:\n  - reason: |\n      x\n    approved_by: '@a'\n    rule: OWN001\n"
    spanning = [line for line in github.render(shown(policy)).splitlines() if "line=4,endLine=5" in line]
    assert len(spanning) == 1
    assert "col=" not in spanning[0]
    assert "endColumn=" not in spanning[0]


def test_the_verdict_is_one_line_whatever_the_path() -> None:
    assert github.render(shown("", path="a\n::error::b")).splitlines()[-1].startswith("a ::error::b fails: 1 error")
