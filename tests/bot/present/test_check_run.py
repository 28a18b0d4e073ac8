"""A report as a check run: within GitHub's limits, and with what was cut said."""

import pytest

from bot.github import checks
from bot.github.checks import LIMIT
from bot.present import Shown, check_run, explanation
from bot.present.cut import cut
from rules.catalogue import catalogue
from rules.document import Document, read
from rules.evaluate import evaluate
from rules.facts import Commit
from rules.policy import Organisation, Policy
from tests.rules.given import facts

SMALL = "version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"


def _policy(text: str) -> Document[Policy]:
    return read(text.encode(), ".pilot.yml", Policy, catalogue().codes)


def _shown(text: str, organisation: Organisation | None = None) -> Shown:
    document = _policy(text)
    known = facts(text, given=(organisation or Organisation(), Commit("a" * 40)))
    return Shown(evaluate(list(catalogue().rules.values()), known), catalogue(), document.text)


def _broken(count: int) -> str:
    """A policy with so many unknown keys."""
    return SMALL + "owners:\n" + "".join(f"  key{number}: '@ana'\n" for number in range(count))


def test_each_finding_stands_on_its_key() -> None:
    run = check_run.render([_shown(SMALL + "criteria: [{id: accuracy, op: '>='}]\n")], "Pilot readiness")
    assert run.conclusion == "failure"
    assert run.title.startswith("triage fails: ")
    (note,) = [one for one in run.annotations if one.title == "CRI001 measurable" and "target" in one.message]
    assert (note.path, note.line, note.level) == (".pilot.yml", 3, "failure")
    assert note.details
    assert note.details.startswith("give")
    assert "CRI001" in run.text
    assert "| Readiness |" in run.summary


def test_the_buttons_fit_what_github_takes() -> None:
    for action in (check_run.RECHECK, check_run.EXPLAIN, check_run.FIX):
        assert len(action.label) <= 20
        assert len(action.description) <= 40
        assert len(action.identifier) <= 20
    assert check_run.render([_shown(SMALL)], "x").actions == (check_run.RECHECK, check_run.EXPLAIN)


def test_the_name_carries_a_base_that_is_not_the_default() -> None:
    assert checks.name("main", "main") == "Pilot readiness"
    assert checks.name("release/1", "main") == "Pilot readiness (release/1)"
    assert checks.name("main", None) == "Pilot readiness (main)"


def test_a_report_of_any_length_fits() -> None:
    run = check_run.render([_shown(_broken(3000))], "x")
    assert len(run.annotations) == check_run.ANNOTATED
    for text in (run.summary, run.text):
        assert len(text.encode()) <= LIMIT
    assert "Only the first 1000 of 3000 findings stand on their lines. `pilotgate check`" in run.summary
    assert run.text.endswith("_Cut here: the report is longer than GitHub shows. `pilotgate check` in a checkout"
                             " shows the whole._\n")  # fmt: skip
    assert len(run.text.encode()) > LIMIT - 1000


def test_a_name_of_any_length_fits_the_title() -> None:
    run = check_run.render([_shown(SMALL.replace("triage", "t" * 5000))], "x")
    assert len(run.title) == 255
    assert len(run.summary.encode()) <= LIMIT


def test_an_organisations_file_that_is_broken_is_told_with_its_problems() -> None:
    text = b"version: 1\n" + b"".join(b"key%d: '@acme/all'\n" % number for number in range(2000))
    document = read(text, ".pilot-org.yml", Organisation, catalogue().codes)
    run = check_run.unusable("x", document, "acme")
    assert run.conclusion == "action_required"
    assert "- line 2, column 1: `key0` is not a key here" in run.summary
    assert "Cut here" in run.summary
    assert len(run.summary.encode()) <= LIMIT


@pytest.mark.parametrize("limit", range(60, 200, 7))
def test_what_is_cut_ends_between_lines_and_outside_code(limit: int) -> None:
    text = "a line\n" * 5 + "  ````yaml\n  ```\n  x: 1\n  ````\n" + "é line\n" * 20
    kept = cut(text, limit, "cut here")
    assert len(kept.encode()) <= limit
    assert kept.endswith("\ncut here\n")
    above = kept.removesuffix("\ncut here\n")
    assert text.startswith(above)
    assert above.count("````") in (0, 2)


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert cut("é" * 10, 20, "no") == "é" * 10


def test_an_explanation_says_why_of_each_rule_and_mentions_nobody() -> None:
    shown = _shown(SMALL + "owners: {fix: '@acme/ml', accountable: '@acme/ml'}\ncriteria: [{id: '@acme/all'}]\n")
    body = explanation.render([shown], "a" * 40)
    assert body.startswith(f"<!-- pilotgate:explain:{'a' * 40} -->\n")
    for one in shown.report.findings:
        rule = shown.catalogue.rules[one.code]
        assert f"### {rule.code} {rule.name}\n\n**{rule.title}**" in body
        assert f"**Fix:** {rule.remedy}" in body
    # Code mentions nobody, and the pages of the rules are ours.
    outside = "".join(body.split("`")[::2])
    pages = "".join(rule.page for rule in shown.catalogue.rules.values())
    assert "@acme" not in outside or "@acme" in pages


def test_an_explanation_of_any_length_fits() -> None:
    body = explanation.render([_shown(_broken(4000))], "a" * 40)
    assert len(body.encode()) <= explanation.LIMIT
    assert "Cut here" in body


def test_a_pilot_that_passes_needs_no_explanation() -> None:
    shown = _shown("version: 1\npilot: {name: triage, stage: retired, start: 2026-11-02}\n")
    assert "nothing to explain" in explanation.render([shown], "a" * 40)
    assert check_run.render([shown], "x").actions == (check_run.RECHECK,)
