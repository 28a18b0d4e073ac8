"""The report as JSON has exactly the promised shape, which its published schema describes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from bot.present import json as report
from tests.bot.given import FAILING, SMALL, TODAY, Ran, example, shown

Pilotgate = Callable[..., Ran]

# Written down here a second time, since programs rely on it.
_SHAPE = {
    "": [
        "version",
        "pilot",
        "stage",
        "today",
        "commit",
        "conclusion",
        "readiness",
        "rules",
        "findings",
        "forecast",
    ],
    "readiness": ["overall", "families"],
    "rules": ["code", "name", "outcome", "severity", "reason"],
    "findings": [
        "code",
        "severity",
        "message",
        "path",
        "line",
        "column",
        "end_line",
        "key",
        "fix",
        "help",
    ],
    "forecast": ["date", "code", "key", "message"],
}


@pytest.fixture
def failing(pilotgate: Pilotgate, tmp_path: Path) -> Any:
    """The report on the failing example."""
    return pilotgate("check", example(tmp_path, failing=True, plain=True), "--today", TODAY, "--format", "json").json()


@pytest.fixture
def schema(pilotgate: Pilotgate) -> Draft202012Validator:
    """What `pilotgate schema --report` says."""
    published = pilotgate("schema", "--report").json()
    Draft202012Validator.check_schema(published)
    return Draft202012Validator(published)


def test_the_shape_is_the_promised_one(failing: Any) -> None:
    assert list(failing) == _SHAPE[""]
    assert list(failing["readiness"]) == _SHAPE["readiness"]
    for part in ("rules", "findings", "forecast"):
        assert failing[part]
        assert all(list(one) == _SHAPE[part] for one in failing[part])


def test_the_values_are_the_report_s(failing: Any) -> None:
    assert (failing["version"], failing["pilot"], failing["stage"]) == (1, "invoice-triage", "pilot")
    assert (failing["today"], failing["commit"], failing["conclusion"]) == (TODAY, None, "failure")
    assert failing["readiness"]["overall"] == 0
    assert failing["readiness"]["families"]["decision"] == 0.3333
    assert {
        "code": "REV001",
        "name": "reviews-by-week-four",
        "outcome": "fail",
        "severity": "error",
        "reason": None,
    } in failing["rules"]
    assert failing["forecast"][0]["date"] == "2027-07-01"
    found = next(finding for finding in failing["findings"] if finding["code"] == "REV001")
    assert {name: found[name] for name in ("severity", "path", "line", "column", "end_line", "key", "fix")} == {
        "severity": "error",
        "path": ".pilot.yml",
        "line": 29,
        "column": 5,
        "end_line": 29,
        "key": "reviews.security.due",
        "fix": {"replacement": "    due: 2026-11-30"},
    }
    assert found["help"].startswith("name the review's `team`")


def test_each_finding_stands_on_its_key(failing: Any) -> None:
    lines = FAILING.read_text(encoding="utf-8").splitlines()
    for finding in failing["findings"]:
        if finding["code"] in ("REV001", "REV002", "REV003", "DEC001"):
            last = finding["key"].rpartition(".")[2]
            assert lines[finding["line"] - 1][finding["column"] - 1 :].startswith(f"{last}:")


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "version: 1\n",
        SMALL,
        SMALL.replace("stage: pilot", "stage: retired"),
        SMALL + "rules: {OWN001: off}\n",
        SMALL + "reviews: {security: {outcome: passed, evidence: https://acme.example/r}}\n",
        SMALL + "waivers: [{rule: OWN001, reason: Hiring, approved_by: '@ana-r', expires: 2026-12-01}]\n",
    ],
)
def test_every_outcome_fits_the_schema(pilotgate: Pilotgate, schema: Draft202012Validator, policy: str) -> None:
    written = Ran(0, report.render(shown(policy)), "").json()
    schema.validate(written)
    assert list(written) == _SHAPE[""]


def test_the_example_s_reports_fit_the_schema(failing: Any, schema: Draft202012Validator) -> None:
    schema.validate(failing)


@pytest.mark.parametrize(
    ("part", "value"),
    [("version", 2), ("conclusion", "maybe"), ("today", None), ("rules", {}), ("pilot", 1)],
)
def test_the_schema_refuses_what_is_no_report(
    failing: Any, schema: Draft202012Validator, part: str, value: object
) -> None:
    with pytest.raises(ValidationError):
        schema.validate({**failing, part: value})
    with pytest.raises(ValidationError):
        schema.validate({name: kept for name, kept in failing.items() if name != part})


def test_what_is_waived_or_off_stands_in_the_rules_alone() -> None:
    policy = (
        SMALL + "rules: {INT003: off}\n"
        "waivers: [{rule: OWN001, reason: Hiring, approved_by: '@ana-r', expires: 2026-12-01}]\n"
    )
    ran = Ran(0, report.render(shown(policy)), "")
    assert not ran.codes() & {"OWN001", "INT003"}
    reasons = {rule["code"]: (rule["outcome"], rule["severity"], rule["reason"]) for rule in ran.json()["rules"]}
    assert reasons["OWN001"] == ("waived", "error", "until 2026-12-01, approved by @ana-r: Hiring")
    assert reasons["INT003"] == ("off", None, "`rules` turns it off")


def test_it_is_ascii_whatever_the_policy_holds() -> None:
    rendered = report.render(shown('version: 1\npilot: {stage: "日本語 é 🚀", name: x, start: 2026-11-02}\n'))
    assert rendered.isascii()
    assert "日本語 é 🚀" in Ran(0, rendered, "").json()["findings"][0]["message"]
