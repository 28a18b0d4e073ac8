"""The organisation's file is read as a policy is: each mistake at its line and column, with what to write."""

import pytest

from rules.document import read
from rules.policy import Organisation
from tests.rules.given import CODES, organisation


def organisation_told(text: str) -> list[tuple[int, int, str]]:
    problems = read(text.encode(), ".pilot-org.yml", Organisation, CODES).problems
    return [(problem.place.line, problem.place.column, problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            "timezone: Europe/Berlinn",
            11,
            "`timezone`: `Europe/Berlinn` is no time zone: write one as in Europe/Berlin, or UTC",
        ),
        ("timezone: ../../etc", 11, "`timezone`: `../../etc` is no time zone: write one as in Europe/Berlin, or UTC"),
        ("locked: [REV01]", 10, "`locked`: no rule has this code: did you mean `REV001`?"),
        ("locked: [zzz]", 10, "`locked`: no rule has this code: `pilotgate rules` lists them"),
        ("rules: {POL001: off}", 9, "`POL001` guards the policy itself and is never lowered or off: remove this line"),
        ("limits: {review_weeks: 521}", 24, "`review_weeks`: at most 520"),
        ("limits: {extensions: -1}", 22, "`extensions`: at least 0"),
        ("mode: advice", 7, "`mode`: `advice` is not known here: did you mean `advise`? (one of enforce, advise)"),
        ("required_for: {properties: {tier: 3}}", 35, "`tier`: a list belongs here, not a number"),
        ("limit: {}", 1, "`limit` is not a key here: did you mean `limits`?"),
    ],
)
def test_a_mistake_in_the_organisation_s_file_is_told(text: str, column: int, message: str) -> None:
    assert organisation_told(text) == [(1, column, message)]


def test_the_organisation_s_file_may_lock_rules_of_the_policy_and_those_to_come() -> None:
    assert organisation("locked: [POL003, POL001, MON007]").locked == ("POL003", "POL001", "MON007")
