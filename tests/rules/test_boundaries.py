"""What lies just on either side: days, places and repositories that a rule must tell apart."""

from datetime import date

import pytest

from rules.catalogue import catalogue
from rules.edits import scalar
from rules.evaluate import evaluate
from rules.facts import Repository
from tests.rules.given import HEADER, facts, report

LATE = (
    "reviews: {security: {team: '@a/b', due: 2027-01-11}, compliance: {team: '@a/b', due: 2026-11-27},"
    " legal: {team: '@a/b', due: 2026-11-30}}\n"
)
LONG = "decision: {date: 2028-01-25, deciders: ['@ana-r']}\n"


@pytest.mark.parametrize(
    ("code", "text", "last"),
    [("REV001", LATE, date(2026, 11, 30)), ("DEC001", LONG, date(2027, 5, 1))],
)
def test_the_last_day_itself_is_still_offered_and_the_day_after_is_not(code: str, text: str, last: date) -> None:
    (on_it,) = report(HEADER + text, select=[code], today=last).findings
    assert on_it.replacement is not None
    assert str(last) in on_it.replacement
    (after,) = report(HEADER + text, select=[code], today=date.fromordinal(last.toordinal() + 1)).findings
    assert after.replacement is None


def test_a_mistake_of_form_stands_on_what_is_wrong() -> None:
    (found,) = report(HEADER + "owners:\n  fix: '@a'\n  fix: '@b'\n", select=["POL002"]).findings
    assert (found.line, found.column, found.end_line, found.end_column) == (5, 3, 5, 6)


@pytest.mark.parametrize(
    ("repository", "asked"),
    [
        (Repository(frozenset({"ai-pilot"}), {}), True),
        (Repository(frozenset({"other"}), {}), False),
        (Repository(frozenset(), {"lifecycle": "pilot"}), True),
        (Repository(frozenset(), {"lifecycle": "done"}), False),
        (Repository(None, {}), True),
        (Repository(frozenset(), None), True),
    ],
)
def test_a_policy_is_asked_of_the_repositories_that_the_organisation_names(repository: Repository, asked: bool) -> None:
    org = "{version: 1, required_for: {topics: [ai-pilot], properties: {lifecycle: pilot}}}"
    rule = catalogue().rules["POL001"]
    found = evaluate([rule], facts(None, org=org).also(repository)).rules[0]
    assert found.outcome.value == ("fail" if asked else "not-applicable")


def test_only_ascii_words_are_written_without_quotes() -> None:
    assert [scalar(word) for word in ("naïve", "Zoe", "zoe", "9a", "a b")] == ['"naïve"', "Zoe", "zoe", "9a", "a b"]


def test_a_misspelt_waiver_is_never_led_to_a_rule_that_guards_the_policy() -> None:
    text = "waivers: [{rule: POL04, reason: x, approved_by: '@ana-r', expires: 2026-12-15}]\n"
    (found,) = report(HEADER + text, select=["POL004"]).findings
    assert "POL0" not in found.message.replace("`POL04`", "")


def test_a_built_in_family_is_called_by_its_package() -> None:
    assert catalogue().rules["REV001"].family == "reviews"
    assert list(catalogue().families)[:2] == ["policy_file", "ownership"]
