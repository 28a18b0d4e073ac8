"""A report says of each rule how it came out and why, and holds the findings that count, where they stand."""

from collections.abc import Iterator
from datetime import date

import pytest

from rules.catalogue import catalogue
from rules.document import Document
from rules.evaluate import evaluate
from rules.facts import Base, Codes, Commit, Facts, NotApplicable, Today, Tree, Unverifiable
from rules.places import Edit, Place
from rules.policy import Organisation, Policy
from rules.report import Forecast, Located, Outcome, Readiness, RuleResult
from rules.rule import Finding, Fix, Rule, Severity, Yield
from rules.values import written
from tests.rules.given import HEADER, TODAY, around_example, example, example_files, facts, policy, report, result


def saying(*said: Yield, code: str = "OWN900", family: str = "ownership", severity: Severity = Severity.ERROR) -> Rule:
    """A rule that always says the same of a policy."""

    def check(policy: Policy) -> Iterator[Yield]:
        yield from said

    return Rule(code, "says-it", family, severity, "It says.", "It says.", "listen", check, {"policy": Policy}, ())


def test_the_policy_that_the_project_ships_passes_every_rule() -> None:
    found = report(example(), files=example_files(), given=around_example())
    assert (found.pilot, found.stage, found.today, found.path) == ("invoice-triage", "pilot", TODAY, ".pilot.yml")
    assert found.conclusion == "success"
    assert found.findings == ()
    idle = {"POL003", "POL004", "REV005", "DEC005"}
    outcomes = {one.code: one.outcome for one in found.rules}
    assert set(outcomes) == set(catalogue().rules)
    assert {code for code, outcome in outcomes.items() if outcome is Outcome.NOT_APPLICABLE} == idle
    # Whether a label is there, and who has approved a sign-off, GitHub knows.
    beyond = {one.code for one in found.rules if one.beyond_checkout}
    assert beyond == {"MON008", "REV004"}
    assert {code for code, outcome in outcomes.items() if outcome is Outcome.PASS} == set(outcomes) - idle - beyond
    assert found.readiness.overall == 1.0


def test_a_finding_is_located_with_all_that_there_is_to_say() -> None:
    rule = saying(Finding(("owners", "fix"), "wrong: write", fix=Fix('"@new"')))
    found = evaluate([rule], facts(HEADER + "owners:\n  fix: '@old' # who\n"))
    assert found.findings == (
        Located(
            code="OWN900",
            severity="error",
            message="wrong: write",
            path=".pilot.yml",
            line=4,
            column=3,
            end_line=4,
            end_column=6,
            key="owners.fix",
            replacement='  fix: "@new" # who',
            help="listen",
        ),
    )
    assert found.rules == (RuleResult("OWN900", "says-it", "ownership", Outcome.FAIL, "error", None, False),)
    assert found.conclusion == "failure"


def test_a_finding_that_brings_its_place_and_edit_keeps_them() -> None:
    finding = Finding((), "wrong: write", place=Place(1, 2, 1, 4), edit=Edit(1, 2, "new"))
    (found,) = evaluate([saying(finding)], facts(HEADER)).findings
    assert (found.line, found.column, found.end_line, found.end_column) == (1, 2, 2, 4)
    assert (found.key, found.replacement) == (None, "new")


def test_a_finding_without_a_fix_ends_where_its_key_ends() -> None:
    (found,) = evaluate([saying(Finding(("pilot",), "wrong: write"))], facts(HEADER)).findings
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 1, 2, 6)
    assert found.replacement is None


def test_findings_stand_in_the_order_of_the_file_and_rules_in_that_of_the_catalogue() -> None:
    late = saying(Finding(("owners",), "b: c"), Finding(("version",), "b: c"), code="AAA001")
    early = saying(Finding(("version",), "a: b"), code="AAA000")
    found = evaluate([late, early], facts(HEADER + "owners: {}\n"))
    assert [(one.code, one.line) for one in found.findings] == [("AAA000", 1), ("AAA001", 1), ("AAA001", 3)]
    assert [one.code for one in found.rules] == ["AAA001", "AAA000"]


def test_rules_may_come_one_by_one() -> None:
    rule = saying(Finding(("version",), "a: b"))
    assert evaluate(iter([rule]), facts(HEADER)) == evaluate([rule], facts(HEADER))


def outcome(*said: Yield) -> tuple[str, str | None]:
    (one,) = evaluate([saying(*said)], facts(HEADER)).rules
    return one.outcome.value, one.reason


WRONG = Finding(("version",), "a: b")
COMING = Finding(("version",), "a: b", since=date(2026, 11, 25))
COME = Finding(("version",), "a: b", since=TODAY)
IDLE, BLIND = NotApplicable("nothing here"), Unverifiable("no permission: grant it")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((), ("pass", None)),
        ((WRONG,), ("fail", None)),
        ((COME,), ("fail", None)),
        ((COMING,), ("pass", None)),
        ((IDLE,), ("not-applicable", "nothing here")),
        ((IDLE, NotApplicable("nor there")), ("not-applicable", "nothing here")),
        ((IDLE, COMING), ("pass", None)),
        ((BLIND,), ("unverifiable", "no permission: grant it")),
        ((BLIND, COMING), ("unverifiable", "no permission: grant it")),
        ((IDLE, BLIND), ("unverifiable", "no permission: grant it")),
        ((BLIND, WRONG), ("fail", None)),
        ((IDLE, WRONG), ("fail", None)),
    ],
)
def test_a_rule_fails_on_what_it_can_show_and_never_passes_on_what_it_cannot_see(
    said: tuple[Yield, ...], expected: tuple[str, str | None]
) -> None:
    assert outcome(*said) == expected


@pytest.mark.parametrize("said", [(BLIND,), (BLIND, COMING), (IDLE, BLIND)])
def test_what_the_base_branch_shows_and_the_head_does_not_fails(said: tuple[Yield, ...]) -> None:
    found = evaluate([saying(*said), saying(BLIND, code="OWN901")], facts(HEADER), verified={"OWN900", "OWN902"})
    assert [(one.code, one.outcome.value) for one in found.rules] == [("OWN900", "fail"), ("OWN901", "unverifiable")]
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.key, finding.line) == ("OWN900", "error", None, 1)
    assert finding.message == ("no permission: grant it; on the base branch this was verified: keep what shows it")
    assert found.conclusion == "failure"


def test_what_is_verified_and_can_be_seen_is_judged_by_what_it_says() -> None:
    for said, expected in (((), "pass"), ((IDLE,), "not-applicable"), ((COMING,), "pass"), ((WRONG,), "fail")):
        found = evaluate([saying(*said)], facts(HEADER), verified={"OWN900"})
        assert found.rules[0].outcome.value == expected
        assert len(found.findings) == (expected == "fail")


def test_evidence_that_is_lost_fails_beside_what_is_wrong_and_may_be_waived() -> None:
    found = evaluate([saying(WRONG, BLIND)], facts(HEADER), verified={"OWN900"})
    assert [one.message for one in found.findings] == [
        "a: b",
        "no permission: grant it; on the base branch this was verified: keep what shows it",
    ]
    waiver = "waivers: [{rule: OWN002, reason: x, approved_by: '@a', expires: 2026-12-01}]\n"
    waived = evaluate([saying(BLIND, code="OWN002")], facts(HEADER + waiver), verified={"OWN002"})
    assert waived.rules[0].outcome is Outcome.WAIVED
    advised = evaluate([saying(BLIND)], facts(HEADER, org="{version: 1, mode: advise}"), verified={"OWN900"})
    assert (advised.conclusion, advised.rules[0].outcome) == ("neutral", Outcome.FAIL)


def test_the_policy_is_judged_without_anybody_who_approves() -> None:
    document, org, today, codes, commit = (
        facts(HEADER).having(kind) for kind in (Document, Organisation, Today, Codes, Commit)
    )
    found = evaluate([saying(WRONG)], Facts(document, org, today, codes, commit))
    assert found.rules[0].outcome is Outcome.FAIL


def test_evidence_that_cannot_be_had_is_unverifiable_and_never_fails_the_check() -> None:
    known = facts(example(), example_files(), given=around_example()).lacking(
        Tree, Unverifiable("the files can't be listed: grant contents:read", True)
    )
    found = evaluate(catalogue().rules.values(), known)
    for code in ("REV003", "RUN004"):
        one = result(found, code)
        assert one.outcome is Outcome.UNVERIFIABLE
        assert one.reason == "the files can't be listed: grant contents:read"
        assert one.beyond_checkout
        assert one.severity == "error"
    assert found.conclusion == "success"
    assert found.readiness.families["runbook"] == 1.0


def test_a_fact_that_nobody_gathered_is_an_error_of_the_program() -> None:
    with pytest.raises(LookupError):
        evaluate([saying()], Facts(Commit(None)))


def test_while_the_policy_cannot_be_read_rules_about_it_do_not_apply() -> None:
    found = report("version: 1\n", base=Base(policy(HEADER)))
    assert (found.pilot, found.stage) == (None, None)
    assert {one.code: (one.outcome.value, one.reason) for one in found.rules if one.code != "POL002"} == {
        code: ("not-applicable", "POL002 fails") for code in catalogue().rules if code != "POL002"
    }
    assert [finding.code for finding in found.findings] == ["POL002"]
    assert found.conclusion == "failure"


def test_without_a_policy_only_its_absence_is_judged() -> None:
    found = report(None)
    assert [finding.code for finding in found.findings] == ["POL001"]
    assert (found.findings[0].line, found.findings[0].column, found.findings[0].key) == (1, 1, None)
    assert result(found, "POL002").reason == "there is no .pilot.yml"
    assert result(found, "OWN001").reason == "there is no .pilot.yml"
    assert result(found, "OWN001").outcome is Outcome.NOT_APPLICABLE


def test_the_commit_is_passed_on() -> None:
    assert evaluate([], facts(HEADER).also(Commit("abc"))).commit == "abc"
    assert report(HEADER).commit is None


def test_the_readiness_is_that_of_the_lowest_family() -> None:
    rules = [
        saying(code="AAA001", family="a"),
        saying(WRONG, code="AAA002", family="a"),
        saying(BLIND, code="AAA003", family="a"),
        saying(IDLE, code="AAA004", family="a"),
        saying(Unverifiable("ask GitHub", beyond_checkout=True), code="AAA005", family="a"),
        saying(code="BBB001", family="b"),
        saying(IDLE, code="CCC001", family="c"),
    ]
    assert evaluate(rules, facts(HEADER)).readiness == Readiness(0.3333, {"a": 0.3333, "b": 1.0})
    assert evaluate(rules[-1:], facts(HEADER)).readiness == Readiness(None, {})
    assert evaluate([], facts(HEADER)).readiness == Readiness(None, {})


def test_a_rule_that_is_off_does_not_count() -> None:
    rules = [catalogue().rules["OWN001"]]
    found = evaluate(rules, facts(HEADER + "rules: {OWN001: off}\n"))
    assert found.rules == (
        RuleResult("OWN001", "roles-assigned", "ownership", Outcome.OFF, None, "`rules` turns it off"),
    )
    assert found.readiness == Readiness(None, {})


def test_the_forecast_names_what_comes_soonest_first() -> None:
    def coming(day: int, at: str) -> Finding:
        return Finding((at,), f"{at} {day}: mend", since=date(2026, 12, day))

    rules = [
        saying(coming(3, "pilot"), coming(2, "version"), code="AAA002"),
        saying(coming(3, "version"), code="AAA001"),
        saying(Finding((), "the file: mend", since=date(2026, 12, 3)), code="AAA002"),
        saying(WRONG, coming(1, "pilot"), code="AAA003"),
        saying(BLIND, coming(1, "pilot"), code="AAA004"),
    ]
    assert evaluate(rules, facts(HEADER)).forecast == (
        Forecast(date(2026, 12, 2), "AAA002", "version", "version 2: mend"),
        Forecast(date(2026, 12, 3), "AAA001", "version", "version 3: mend"),
        Forecast(date(2026, 12, 3), "AAA002", None, "the file: mend"),
        Forecast(date(2026, 12, 3), "AAA002", "pilot", "pilot 3: mend"),
    )


@pytest.mark.parametrize(
    ("org", "today", "conclusion"),
    [
        ("version: 1", TODAY, "failure"),
        ("{version: 1, mode: advise}", TODAY, "neutral"),
        ("{version: 1, enforce_from: 2026-11-25}", TODAY, "neutral"),
        ("{version: 1, enforce_from: 2026-11-24}", TODAY, "failure"),
        ("{version: 1, enforce_from: 2026-11-23}", TODAY, "failure"),
        ("{version: 1, mode: advise, enforce_from: 2026-11-01}", TODAY, "neutral"),
    ],
)
def test_an_organisation_that_advises_leaves_the_check_neutral(org: str, today: date, conclusion: str) -> None:
    assert report(HEADER, org=org, today=today).conclusion == conclusion


def test_only_errors_fail_the_check() -> None:
    assert report(HEADER, select=["RUN005", "CRI001"]).conclusion == "failure"
    found = report(HEADER + "rules: {CRI001: warning}\n", select=["CRI001"])
    assert [finding.severity for finding in found.findings] == ["warning"]
    assert found.conclusion == "success"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("owners",), "owners"),
        (("reviews", "security", "due"), "reviews.security.due"),
        (("criteria", 0, "target"), "criteria[0].target"),
        (("decision", "go", 12), "decision.go[12]"),
        (("reviews", "a.b", "due"), 'reviews."a.b".due'),
        (("reviews", 'say "x"'), 'reviews."say \\"x\\""'),
        (("reviews", "", "due"), 'reviews."".due'),
        (("on_failure-2",), "on_failure-2"),
        (("a b",), '"a b"'),
    ],
)
def test_a_path_is_written_as_people_do(path: tuple[str | int, ...], text: str) -> None:
    assert written(path) == text


def test_a_base_that_is_the_policy_itself_changes_nothing() -> None:
    for text in (HEADER, HEADER + "rules: {OWN001: notice}\n"):
        based, own = report(text, base=Base(policy(text))), report(text)
        assert result(based, "POL003").outcome is Outcome.PASS
        assert result(own, "POL003").outcome is Outcome.NOT_APPLICABLE
        assert [one for one in based.rules if one.code != "POL003"] == [
            one for one in own.rules if one.code != "POL003"
        ]
        assert (based.findings, based.forecast) == (own.findings, own.forecast)
