"""What the rules on results and data say together: forecasts, several evaluations, the project's own example."""

import json
from datetime import date

import pytest

from rules.evidence.manifests import Manifests
from rules.facts import Descent, Files, Lineage, Measurements, Unverifiable
from rules.report import Outcome
from tests.rules.given import HEADER, ROOT, example, keyed, policy, report, result

CODES = ("CRI003", "CRI005", "EVA001", "EVA002", "EVA003", "EVA004", "EVA005", "EVA006", "DEC003", "DEC005")
FOLDER = ROOT / "bot/demo/example"
FILES = {str(path.relative_to(FOLDER)): path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.is_file()}
SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
QUERY = "histogram_quantile(0.95, sum by (le) (rate(triage_seconds_bucket[7d])))"
GIVEN = (
    Measurements({QUERY: 1.2}, Unverifiable("not asked")),
    Lineage({json.loads(FILES["eval/results.json"])["commit"]: Descent(True, frozenset({"eval/results.json"}))}),
)


@pytest.mark.parametrize("code", CODES)
def test_the_example_keeps_every_rule_on_results(code: str) -> None:
    found = report(example(), select=[code], files=FILES, given=GIVEN)
    assert found.findings == ()
    expected = Outcome.NOT_APPLICABLE if code == "DEC005" else Outcome.PASS
    assert result(found, code).outcome == expected, result(found, code).reason


def test_the_example_says_when_its_data_and_its_results_fall_due() -> None:
    found = report(example(), select=["EVA003", "DEC003"], files={"eval/results.json": b"{}"}, given=GIVEN)
    assert [(one.date, one.code, one.key) for one in found.forecast] == [
        (date(2026, 12, 30), "EVA003", "evaluation[0].collected"),
        (date(2027, 1, 18), "DEC003", "criteria[0].source"),
    ]


def test_a_commit_that_nobody_looked_up_is_unclear() -> None:
    found = report(example(), select=["EVA005"], files=FILES)
    assert result(found, "EVA005").outcome is Outcome.UNVERIFIABLE


def test_data_is_told_apart_by_the_criterions_evaluation() -> None:
    text = HEADER + (
        "criteria:\n- {evaluation: b, source: {file: r, pointer: /a, dataset: /d}}\n"
        "evaluation: [{id: a, manifest: a.dvc}, {id: b, manifest: b.dvc}]\n"
    )
    one, two = "a304afb96060aad90176268345e10355", "b304afb96060aad90176268345e10355"
    files = {
        "a.dvc": f"outs: [{{md5: {one}}}]".encode(),
        "b.dvc": f"outs: [{{md5: {two}}}, {{md5: {two[::-1]}}}]".encode(),
        "r": f'{{"a": 1, "d": "{one}"}}'.encode(),
    }
    found = dict(keyed(report(text, select=["EVA005"], files=files)))
    said = f"criterion 1 was measured on `{one}`, but the manifest names `md5:{two[::-1]}` and others"
    assert found["criteria[0].source.dataset"].startswith(said)


def test_patterns_that_can_not_be_looked_up_are_unclear() -> None:
    text = HEADER + "criteria: [{source: {file: r, pointer: /a, commit: /c}}]\nevaluation: [{paths: [src/**]}]\n"
    listed = Manifests.read(policy(text), Files({}, Unverifiable("the list of files was cut short")))
    given = (listed, Lineage({SHA: Descent(True)}))
    found = report(text, select=["EVA005"], files={"r": f'{{"a": 1, "c": "{SHA}"}}'.encode()}, given=given)
    assert result(found, "EVA005").reason == "the list of files was cut short"


def test_slices_may_be_scored_by_several_criteria() -> None:
    text = HEADER + (
        "criteria:\n- {source: {file: r, pointer: /a, slices: /x}}\n- {source: {file: r, pointer: /a, slices: /y}}\n"
        "- {source: {query: up}}\n- {evaluation: e, source: {file: r, pointer: /a}}\n"
        "evaluation: [{id: e, slices: [p, q], unhappy: [q]}]\n"
    )
    files = {"r": b'{"a": 1, "x": {"p": 1}, "y": {"q": 1}}'}
    assert report(text, select=["EVA006"], files=files).findings == ()
    half = {"r": b'{"a": 1, "x": {"p": 1}}'}
    assert [key for key, _ in keyed(report(text, select=["EVA006"], files=half))] == [
        "criteria[1].source.slices",
        "evaluation[0].slices[1]",
    ]


def test_a_waiver_of_everything_opens_go_and_one_that_is_not_in_force_does_not() -> None:
    text = HEADER + (
        "criteria: [{id: a, kind: quality, unit: ratio, op: '>', target: 0.9, source: {file: r, pointer: /a}}]\n"
        "decision: {go: [a], outcome: go}\nwaivers:\n"
    )
    files = {"r": b'{"a": 95}'}
    whole = "- {rule: CRI005, reason: x, approved_by: '@a', expires: 2026-12-01}\n"
    other = "- {rule: EVA004, reason: x, approved_by: '@a', expires: 2026-12-01}\n"
    assert report(text + whole, select=["DEC005"], files=files).findings == ()
    for waiver in (other, whole.replace("reason: x, ", ""), whole.replace("'@a'", "null"), other + other):
        found = keyed(report(text + waiver, select=["DEC005"], files=files))
        said = "go was decided although `a` measures 95, which is not > 0.9 ratio: write `no-go` or `extend`, or have"
        assert [(key, message[: len(said)]) for key, message in found] == [("decision.outcome", said)]


def test_go_without_any_criterion_is_for_another_rule() -> None:
    found = result(report(HEADER + "decision: {outcome: go}\n", select=["DEC005"]), "DEC005")
    assert (found.outcome, found.reason) == (Outcome.NOT_APPLICABLE, "no criterion must be met (DEC002)")
