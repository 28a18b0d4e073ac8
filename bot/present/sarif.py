"""The report as SARIF 2.1.0 (OASIS), for code scanning and other tools that collect findings."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from bot import __version__
from bot.present import Shown
from rules.report import Located
from rules.rule import Rule, Severity

_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_DEFAULTS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTICE: "note",
    Severity.ERROR_FROM_DECISION: "warning",
}


def render(shown: Shown) -> str:
    """One run with the rules that were asked and a result for each finding."""
    rules = [shown.catalogue.rules[result.code] for result in shown.report.rules]
    places = {rule.code: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "Pilotgate",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(shown, finding, places[finding.code]) for finding in shown.report.findings],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.page},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": _DEFAULTS[rule.severity]},
        "properties": {"tags": [rule.family]},
    }


def _result(shown: Shown, finding: Located, place: int) -> dict[str, Any]:
    artifact = {"uri": quote(shown.prefix + finding.path, errors="surrogateescape")}
    region = {"startLine": finding.line, "startColumn": finding.column, "endLine": finding.end_line}
    if finding.end_line == finding.line and finding.end_column > finding.column:
        region["endColumn"] = finding.end_column
    identity = sha256(f"{finding.code}\0{finding.key}\0{finding.message}".encode()).hexdigest()
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": place,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"pilotgate/v1": identity[:32]},
    }
    if finding.replacement is not None:
        lines = {"startLine": finding.line, "startColumn": 1, "endLine": finding.end_line}
        lines["endColumn"] = len(shown.source.lines(finding.end_line, finding.end_line)) + 1
        change = {"deletedRegion": lines, "insertedContent": {"text": finding.replacement}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": artifact, "replacements": [change]}]}]
    return result
