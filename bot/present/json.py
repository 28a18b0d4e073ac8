"""The report as one JSON object, for programs. Its shape is a promise: `pilotgate schema --report`."""

import json
from typing import Any, Literal

from typing_extensions import TypedDict

from bot.present import Shown
from rules.report import Conclusion, Located, Weight

OutcomeName = Literal["pass", "fail", "unverifiable", "not-applicable", "waived", "off"]


class JsonReadiness(TypedDict):
    """Rules passed ÷ rules applicable: of the lowest family (null where none applies), and of each."""

    overall: float | None
    families: dict[str, float]


class JsonRule(TypedDict):
    """One rule's outcome. `severity` is null where the rule is off or does not run at this stage."""

    code: str
    name: str
    outcome: OutcomeName
    severity: Weight | None
    reason: str | None


class JsonFix(TypedDict):
    """Text that takes the place of the finding's lines, `line` to `end_line`, whole."""

    replacement: str


class JsonFinding(TypedDict):
    """What a rule misses. Lines and columns count from 1; `key` is the policy's key, or null."""

    code: str
    severity: Weight
    message: str
    path: str
    line: int
    column: int
    end_line: int
    key: str | None
    fix: JsonFix | None
    help: str


class JsonForecast(TypedDict):
    """The first day on which a rule that passes today will fail."""

    date: str
    code: str
    key: str | None
    message: str


class JsonReport(TypedDict):
    """What there is to say about a pilot on a day."""

    version: Literal[1]
    pilot: str | None
    stage: str | None
    today: str
    commit: str | None
    conclusion: Conclusion
    readiness: JsonReadiness
    rules: list[JsonRule]
    findings: list[JsonFinding]
    forecast: list[JsonForecast]


def render(shown: Shown) -> str:
    """The report as indented JSON, in ASCII: a terminal or pipe of another encoding must not break it."""
    return json.dumps(_report(shown), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema 2020-12 of what `render` writes."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - only `pilotgate schema --report` needs it

    return TypeAdapter(JsonReport).json_schema()


def _report(shown: Shown) -> JsonReport:
    report = shown.report
    return {
        "version": 1,
        "pilot": report.pilot,
        "stage": report.stage,
        "today": report.today.isoformat(),
        "commit": report.commit,
        "conclusion": report.conclusion,
        "readiness": {"overall": report.readiness.overall, "families": dict(report.readiness.families)},
        "rules": [
            {
                "code": rule.code,
                "name": rule.name,
                "outcome": rule.outcome.value,
                "severity": rule.severity,
                "reason": rule.reason,
            }
            for rule in report.rules
        ],
        "findings": [_finding(finding) for finding in report.findings],
        "forecast": [
            {"date": one.date.isoformat(), "code": one.code, "key": one.key, "message": one.message}
            for one in report.forecast
        ],
    }


def _finding(finding: Located) -> JsonFinding:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "key": finding.key,
        "fix": None if finding.replacement is None else {"replacement": finding.replacement},
        "help": finding.help,
    }
