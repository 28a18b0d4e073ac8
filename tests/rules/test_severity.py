"""How much a finding weighs: by the rule, the stage, the policy, the organisation and its locks, and the base "
"branch."""

from collections.abc import Iterator

import pytest

from rules.catalogue import catalogue
from rules.evaluate import evaluate
from rules.facts import Base
from rules.policy import Policy
from rules.report import Outcome
from rules.rule import Finding, Rule, Severity
from tests.rules.given import HEADER, facts, policy, report, result

STAGES = ("planned", "pilot", "decision", "production", "retired")


def head(stage: str, more: str = "") -> str:
    return f"version: 1\npilot: {{name: triage, stage: {stage}, start: 2026-11-02}}\n{more}"


def failing(severity: Severity) -> Rule:
    def check(policy: Policy) -> Iterator[Finding]:
        yield Finding(("version",), "wrong: mend")

    return Rule("CRI002", "fails", "criteria", severity, "t", "p", "r", check, {"policy": Policy}, ())


def weight(
    severity: Severity = Severity.ERROR, text: str = "", org: str = "version: 1", base: Base | None = None
) -> str | None:
    """What the finding of a failing rule weighs; the outcome where there is none."""
    found = evaluate([failing(severity)], facts(text or head("pilot"), org=org), base)
    (one,) = found.rules
    assert [finding.severity for finding in found.findings] == ([one.severity] if one.outcome is Outcome.FAIL else [])
    return one.severity if one.outcome is Outcome.FAIL else one.outcome.value


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.ERROR, ("warning", "error", "error", "error", "not-applicable")),
        (Severity.WARNING, ("warning", "warning", "warning", "warning", "not-applicable")),
        (Severity.NOTICE, ("notice", "notice", "notice", "notice", "not-applicable")),
        (Severity.ERROR_FROM_DECISION, ("warning", "warning", "error", "error", "not-applicable")),
    ],
)
def test_a_stage_weighs_findings(severity: Severity, expected: tuple[str, ...]) -> None:
    assert tuple(weight(severity, head(stage)) for stage in STAGES) == expected


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("error", ("warning", "error", "error", "error", "not-applicable")),
        ("warning", ("warning", "warning", "warning", "warning", "not-applicable")),
        ("notice", ("notice", "notice", "notice", "notice", "not-applicable")),
        ("off", ("off", "off", "off", "off", "not-applicable")),
    ],
)
@pytest.mark.parametrize("severity", Severity)
def test_the_policy_s_own_severity_wins_over_the_rule_s(
    severity: Severity, chosen: str, expected: tuple[str, ...]
) -> None:
    rules = f"rules: {{CRI002: {chosen}}}\n"
    assert tuple(weight(severity, head(stage, rules)) for stage in STAGES) == expected


def test_a_retired_pilot_is_judged_by_the_rules_about_its_file_alone() -> None:
    found = report(head("retired", "waivers: [{}]\n"))
    for one in found.rules:
        if one.code.startswith("POL"):
            assert one.severity == "error"
        else:
            assert (one.outcome, one.severity) == (Outcome.NOT_APPLICABLE, None)
            assert one.reason == "the pilot is retired"
    assert {finding.code for finding in found.findings} == {"POL004"}
    assert found.conclusion == "failure"


@pytest.mark.parametrize("stage", STAGES)
def test_the_rules_about_the_file_are_always_errors(stage: str) -> None:
    found = report(head(stage, "waivers: [{}]\n"), select=["POL004"], base=Base(policy(head("retired"))))
    assert {finding.severity for finding in found.findings} == {"error"}
    assert report(head(stage, "x: 1\n"), select=["POL002"]).findings[0].severity == "error"
    assert report(None, select=["POL001"], base=Base(None)).findings[0].severity == "error"


@pytest.mark.parametrize(
    ("org", "own", "expected"),
    [
        ("", "", "error"),
        ("rules: {CRI002: notice}", "", "notice"),
        ("rules: {CRI002: off}", "", "off"),
        ("rules: {CRI002: notice}", "warning", "warning"),
        ("rules: {CRI002: error}", "off", "off"),
        ("rules: {CRI002: warning}, locked: [CRI002]", "", "warning"),
        ("rules: {CRI002: warning}, locked: [CRI002]", "off", "warning"),
        ("rules: {CRI002: warning}, locked: [CRI002]", "notice", "warning"),
        ("rules: {CRI002: warning}, locked: [CRI002]", "error", "error"),
        ("locked: [CRI002]", "off", "error"),
        ("locked: [CRI002]", "warning", "error"),
        ("rules: {CRI002: off}, locked: [CRI002]", "off", "off"),
        ("rules: {CRI002: off}, locked: [CRI002]", "notice", "notice"),
        ("locked: [CRI001]", "off", "off"),
    ],
)
def test_the_organisation_says_how_strictly_and_what_is_locked(org: str, own: str, expected: str) -> None:
    text = head("pilot", f"rules: {{CRI002: {own}}}\n" if own else "")
    assert weight(Severity.ERROR, text, f"{{version: 1, {org}}}") == expected


def test_a_lock_says_why_a_severity_does_not_count() -> None:
    org = "{version: 1, locked: [CRI002]}"
    for own, reason in (
        ("off", "locked by the organisation: `CRI002: off` can only make it stricter"),
        ("error", "locked by the organisation: `CRI002: error` can only make it stricter"),
    ):
        text = head("pilot", f"rules: {{CRI002: {own}}}\n")
        assert evaluate([failing(Severity.ERROR)], facts(text, org=org)).rules[0].reason == reason
    assert evaluate([failing(Severity.ERROR)], facts(head("pilot"), org=org)).rules[0].reason is None
    unlocked = head("pilot", "rules: {CRI002: error}\n")
    assert evaluate([failing(Severity.ERROR)], facts(unlocked)).rules[0].reason is None


def test_a_lock_says_so_of_a_rule_that_passes_too() -> None:
    text = head("pilot", "rules: {RUN005: off}\nrunbooks: [{exercised: 2026-11-20}]\n")
    one = result(report(text, org="{version: 1, locked: [RUN005]}"), "RUN005")
    assert one.outcome is Outcome.PASS
    assert one.reason == "locked by the organisation: `RUN005: off` can only make it stricter"


def test_a_lock_at_stage_retired_runs_nothing() -> None:
    text = head("retired", "rules: {CRI002: off}\n")
    assert weight(Severity.ERROR, text, "{version: 1, locked: [CRI002]}") == "not-applicable"


@pytest.mark.parametrize(
    ("on_base", "on_head", "expected"),
    [
        (("pilot", ""), ("pilot", ""), "error"),
        (("pilot", "warning"), ("pilot", "notice"), "warning"),
        (("pilot", "notice"), ("pilot", "warning"), "warning"),
        (("pilot", "off"), ("pilot", "notice"), "notice"),
        (("pilot", "off"), ("pilot", "off"), "off"),
        (("pilot", ""), ("planned", ""), "error"),
        (("planned", ""), ("pilot", ""), "error"),
        (("planned", ""), ("planned", ""), "warning"),
        (("planned", "error"), ("planned", "notice"), "warning"),
        (("pilot", ""), ("retired", ""), "error"),
        (("retired", ""), ("pilot", "notice"), "notice"),
        (("retired", ""), ("retired", ""), "not-applicable"),
        (("retired", ""), ("retired", "error"), "not-applicable"),
    ],
)
def test_the_stricter_of_base_and_head_counts(
    on_base: tuple[str, str], on_head: tuple[str, str], expected: str
) -> None:
    before, after = (head(stage, f"rules: {{CRI002: {own}}}\n" if own else "") for stage, own in (on_base, on_head))
    assert weight(Severity.ERROR, after, base=Base(policy(before))) == expected


@pytest.mark.parametrize(
    ("base", "text", "reason"),
    [
        (
            Base(policy(head("pilot"))),
            head("pilot", "rules: {CRI002: off}\n"),
            "the base branch's policy makes it `error`; what is written here would make it `off` once that is merged",
        ),
        (
            Base(policy(head("pilot"))),
            head("planned"),
            "the base branch's policy makes it `error`; what is written here would make it `warning` once that is"
            " merged",
        ),
        (
            Base(policy(head("pilot"))),
            head("retired"),
            "the base branch's policy makes it `error`; what is written here would not run it once that is merged",
        ),
        (
            Base(None),
            head("pilot", "rules: {CRI002: notice}\n"),
            "a base branch with no policy makes it `warning`; what is written here would make it `notice` once that is"
            " merged",
        ),
        (
            Base(None, broken=True),
            head("planned"),
            "a base branch with a policy that can't be read makes it `error`; what is written here would make it"
            " `warning` once that is merged",
        ),
        (Base(policy(head("planned"))), head("pilot"), None),
        (Base(policy(head("pilot"))), head("pilot"), None),
        (Base(policy(head("pilot")), own=True), head("planned"), None),
    ],
)
def test_a_base_that_is_stricter_is_named(base: Base, text: str, reason: str | None) -> None:
    (one,) = evaluate([failing(Severity.ERROR)], facts(text), base).rules
    assert (one.outcome, one.reason) == (Outcome.FAIL, reason)


@pytest.mark.parametrize(
    ("org", "stage", "own", "expected"),
    [
        ("", "planned", "", "warning"),
        ("", "pilot", "", "error"),
        ("", "pilot", "notice", "warning"),
        ("", "retired", "", "warning"),
        ("", "planned", "off", "warning"),
        ("rules: {CRI002: off}", "planned", "off", "off"),
        ("rules: {CRI002: notice}", "pilot", "off", "notice"),
        ("rules: {CRI002: error}", "pilot", "off", "warning"),
    ],
)
def test_a_base_without_a_policy_counts_as_planned(org: str, stage: str, own: str, expected: str) -> None:
    text = head(stage, f"rules: {{CRI002: {own}}}\n" if own else "")
    assert weight(Severity.ERROR, text, f"{{version: 1, {org}}}", Base(None)) == expected


def test_a_base_whose_policy_cannot_be_read_counts_as_a_pilot_that_has_begun() -> None:
    broken = Base(None, broken=True)
    assert weight(Severity.ERROR, head("planned"), base=broken) == "error"
    assert weight(Severity.ERROR, head("retired"), base=broken) == "error"
    assert weight(Severity.ERROR, head("pilot", "rules: {CRI002: off}\n"), base=broken) == "error"
    assert weight(Severity.ERROR, head("planned"), "{version: 1, rules: {CRI002: notice}}", broken) == "notice"


def test_a_base_has_a_policy_or_a_broken_one_or_none() -> None:
    assert Base(policy(head("pilot"))).exists
    assert Base(None, broken=True).exists
    assert not Base(None).exists


def test_what_turns_a_rule_off_is_named() -> None:
    def reason(text: str, org: str = "version: 1") -> str | None:
        return evaluate([failing(Severity.ERROR)], facts(text, org=org)).rules[0].reason

    off = "{version: 1, rules: {CRI002: off}}"
    assert reason(head("pilot", "rules: {CRI002: off}\n")) == "`rules` turns it off"
    assert reason(head("pilot", "rules: {CRI002: off}\n"), off) == "`rules` turns it off"
    assert reason(head("pilot"), off) == "the organisation turns it off"


def test_a_base_alone_weighs_rules_where_the_head_has_no_policy() -> None:
    found = report(None, base=Base(policy(head("pilot"))))
    one = result(found, "OWN001")
    assert (one.outcome, one.severity, one.reason) == (Outcome.NOT_APPLICABLE, "error", "there is no .pilot.yml")


def test_every_rule_has_the_severity_that_was_promised() -> None:
    promised = {
        Severity.ERROR: "POL001 POL002 POL004 OWN001 CRI001 INT003 REV001 REV002 REV003 MON001 DEC001 DEC002 "
        "DEC004 RUN004",
        Severity.WARNING: "CRI002 CRI004 REV005",
        Severity.NOTICE: "RUN005",
    }
    found = {code: rule.severity for code, rule in catalogue().rules.items()}
    for severity, codes in promised.items():
        assert {found[code] for code in codes.split()} == {severity}


@pytest.mark.parametrize(
    ("above", "expected"),
    [((), "off"), (("notice",), "notice"), (("notice", "error"), "error"), (("error", "off"), "error")],
)
def test_a_policy_below_others_may_only_be_stricter_than_each(above: tuple[str, ...], expected: str) -> None:
    own = policy("rules: {CRI002: off}")
    around = tuple(policy(f"rules: {{CRI002: {level}}}") for level in above)
    found = evaluate([failing(Severity.ERROR)], facts(HEADER + "rules: {CRI002: off}\n"), Base(own, above=around))
    assert (found.rules[0].severity or "off") == expected
