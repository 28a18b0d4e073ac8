"""Results in the shapes that the tools' own documentation shows, whole: what a team commits on its first day."""

import json
from datetime import date
from typing import Any

import pytest

from rules.evidence.hashes import Hash
from tests.rules.evidence.results.reading import value, wrong

SHA, MD5 = "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "a304afb96060aad90176268345e10355"


# promptfoo: `promptfoo eval -o results.json`

METRICS = {
    "score": 2,
    "testPassCount": 2,
    "testFailCount": 1,
    "testErrorCount": 0,
    "assertPassCount": 2,
    "assertFailCount": 1,
    "totalLatencyMs": 1200,
    "tokenUsage": {"total": 30, "prompt": 20, "completion": 10, "cached": 0},
    "namedScores": {},
    "namedScoresCount": {},
    "cost": 0.001,
}
STATS = {"successes": 2, "failures": 1, "errors": 0, "tokenUsage": {"total": 30}}
CONFIG = {
    "description": "Invoice triage",
    "tags": {"commit": SHA, "dataset": f"md5:{MD5}"},
    "prompts": ["file://prompt.txt"],
    "providers": ["openai:gpt-4.1-mini"],
    "tests": "file://tests.csv",
}
ROW = {
    "promptIdx": 0,
    "testIdx": 0,
    "success": True,
    "score": 1,
    "latencyMs": 400,
    "namedScores": {},
    "provider": {"id": "openai:gpt-4.1-mini", "label": ""},
    "response": {"output": "accounts-payable"},
    "gradingResult": {"pass": True, "score": 1, "reason": "All assertions passed"},
    "vars": {"invoice": "…"},
}
PROMPT = {"raw": "Sort {{invoice}}", "label": "prompt.txt", "provider": "openai:gpt-4.1-mini", "metrics": METRICS}
VERSION_3: dict[str, Any] = {
    "evalId": "eval-abc-2026-11-20T20:08:11",
    "results": {
        "version": 3,
        "timestamp": "2026-11-20T20:08:11.168Z",
        "prompts": [PROMPT],
        "results": [ROW] * 3,
        "stats": STATS,
    },
    "config": CONFIG,
    "shareableUrl": None,
    "metadata": {"promptfooVersion": "0.119.0", "nodeVersion": "v22"},
}
VERSION_2 = {
    "results": {
        "version": 2,
        "timestamp": "2024-06-20T20:08:11.168Z",
        "results": [ROW] * 3,
        "stats": {"successes": 2, "failures": 1, "tokenUsage": {"total": 30}},
        "table": {"head": {"prompts": [PROMPT], "vars": ["invoice"]}, "body": []},
    },
    "config": CONFIG,
    "shareableUrl": None,
}


@pytest.mark.parametrize("content", [VERSION_3, VERSION_2], ids=["version 3", "version 2"])
def test_promptfoo_says_value_samples_and_day_and_its_tags_the_rest(content: Any) -> None:
    found = value(content, format="promptfoo", dataset="/config/tags/dataset", commit="/config/tags/commit")
    assert (found.value, found.samples, found.commit, found.dataset) == (2 / 3, 3, SHA, Hash("md5", MD5))
    assert found.time is not None
    assert found.faults == {}


def test_promptfoo_has_its_prompts_where_each_version_keeps_them() -> None:
    assert value(VERSION_3, pointer="/results/prompts/0").value == 2 / 3
    assert value(VERSION_2, pointer="/results/table/head/prompts/0").value == 2 / 3
    assert value(VERSION_2, pointer="/results/table/head/prompts/0/metrics/score").value == 2 / 3


def test_several_prompts_of_an_older_version_are_pointed_at_where_they_stand() -> None:
    both = json.loads(json.dumps(VERSION_2))
    both["results"]["table"]["head"]["prompts"] *= 2
    assert wrong(both)[1].endswith("as in `pointer: /results/table/head/prompts/0`")
    assert value(both, pointer="/results/table/head/prompts/1").samples == 3


def test_slices_are_metrics_of_their_names() -> None:
    scores = {"de": 1.5, "language/fr": 1.0, "odd": "x"}
    named = {**METRICS, "namedScores": scores, "namedScoresCount": {"de": 2, "language/fr": 1, "odd": 1}}
    prompt = {**PROMPT, "metrics": named}
    content = {**VERSION_3, "results": {**VERSION_3["results"], "prompts": [prompt]}}
    assert value(content, slices="/results/prompts/0/metrics/namedScores").slices == {"de": 0.75, "language/fr": 1.0}
    broken = {**content, "results": {**VERSION_3["results"], "prompts": [{"metrics": {"namedScores": 5}}]}}
    assert value(broken, slices="/results/prompts/0/metrics/namedScores").slices == {}


def test_promptfoo_line_by_line_is_no_summary() -> None:
    lines = "\n".join([json.dumps(ROW)] * 3)
    assert wrong(lines, format="promptfoo")[1].startswith("`r:2` holds several JSON values, one to a line")


# lm-eval: `lm_eval --output_path results` writes results_2026-11-20T….json

HARNESS: dict[str, Any] = {
    "results": {"triage": {"alias": "triage", "acc,none": 0.94, "acc_stderr,none": 0.005, "sample_len": 2180}},
    "group_subtasks": {"triage": []},
    "configs": {"triage": {"task": "triage", "metadata": {"version": 1.0, "dataset": MD5}}},
    "versions": {"triage": 1.0},
    "n-shot": {"triage": 0},
    "higher_is_better": {"triage": {"acc": True}},
    "n-samples": {"triage": {"original": 2180, "effective": 2180}},
    "config": {"model": "hf", "model_args": "pretrained=acme/triage", "limit": None, "random_seed": 0},
    "git_hash": SHA[:8],
    "date": 1793577600.5,
    "pretty_env_info": "PyTorch version: …",
    "task_hashes": {"triage": "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"},
    "model_name": "acme/triage",
    "total_evaluation_time_seconds": "93.1",
}


def test_the_harness_says_value_samples_and_day_and_the_task_its_data() -> None:
    pointers = {"dataset": "/configs/triage/metadata/dataset", "commit": "/git_hash"}
    found = value(HARNESS, format="lm-eval", pointer="triage/acc", **pointers)
    assert (found.value, found.samples, found.time) == (0.94, 2180, date(2026, 11, 2))
    assert (found.commit, found.dataset) == (SHA[:8], Hash(None, MD5))
    assert value(HARNESS, pointer="triage/acc", samples="triage/sample_len").samples == 2180


def test_slices_are_tasks_that_share_a_metric() -> None:
    several = {"de": {"acc,none": 0.9, "acc_stderr,none": 0.1}, "fr": {"acc,none": 0.8}, "es": {"f1": 1.0}}
    both = {"gsm": {"acc,a": 1, "acc,b": 2}}
    content = {**HARNESS, "results": {**HARNESS["results"], **several, **both}}
    found = value(content, pointer="triage/acc", slices="acc")
    assert found.slices == {"triage": 0.94, "de": 0.9, "fr": 0.8}
    assert value(content, pointer="triage/acc", slices="/acc,none").slices == found.slices
    assert "slices" in value(content, pointer="triage/acc", slices="none").faults


def test_the_harness_of_before_had_no_filters() -> None:
    old = {
        "results": {"triage": {"acc": 0.9, "acc_stderr": 0.01}},
        "versions": {"triage": 0},
        "config": {"model": "gpt2"},
    }
    found = value(old, pointer="triage/acc")
    assert (found.value, found.samples) == (0.9, None)


def test_what_others_write_in_the_harness_s_shape_is_read() -> None:
    content = {"results": {"swe": {"exact_match,resolved": 0.4}}, "n-samples": {"swe": {"effective": 50}}}
    found = value(content, format="lm-eval", pointer="swe/exact_match")
    assert (found.value, found.samples) == (0.4, 50)


# mlflow

INFO = {"run_id": "a" * 32, "status": "FINISHED", "end_time": 1793577600000, "lifecycle_stage": "active"}
EXPORT = {
    "system": {"package_version": "1.2.0", "export_time": 1793577600},
    "mlflow": {
        "info": INFO,
        "params": {"n": "2180"},
        "metrics": {
            "accuracy": [{"value": 0.5, "timestamp": 1, "step": 0}, {"value": 0.94, "timestamp": 2, "step": 1}]
        },
        "tags": {"mlflow.source.git.commit": SHA},
        "inputs": [{"dataset": {"name": "d", "digest": MD5}, "tags": []}],
    },
}
SEARCHED = {
    "runs": [
        {
            "info": INFO,
            "data": {
                "metrics": [{"key": "accuracy", "value": 0.94, "timestamp": 2, "step": 0}],
                "params": [{"key": "n", "value": "2180"}],
                "tags": [{"key": "mlflow.source.git.commit", "value": SHA}],
            },
            "inputs": {"dataset_inputs": [{"dataset": {"name": "d", "digest": MD5}}]},
        }
    ]
}


@pytest.mark.parametrize("content", [EXPORT, SEARCHED], ids=["mlflow-export-import", "runs/search"])
def test_an_exported_run_says_all_of_it(content: Any) -> None:
    found = value(content, format="mlflow", pointer="accuracy", samples="n")
    assert (found.value, found.samples, found.commit, found.dataset) == (0.94, 2180, SHA, Hash(None, MD5))


def test_several_runs_are_no_run() -> None:
    key, said, better = wrong({"runs": SEARCHED["runs"] * 2}, format="mlflow", pointer="accuracy")
    assert (key, said, better) == ("format", "`r` is not of format mlflow: write `format: json`", "json")


# JUnit

PYTEST = """<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1"
failures="1" skipped="2" tests="6" time="0.1" timestamp="2026-11-20T20:08:11.1+00:00" hostname="ci">
<testcase classname="t" name="passed" time="0.01"/>
<testcase classname="t" name="failed" time="0.01"><failure message="assert">x</failure></testcase>
<testcase classname="t" name="skipped" time="0"><skipped type="pytest.skip" message="no">x</skipped></testcase>
<testcase classname="t" name="xfailed" time="0"><skipped type="pytest.xfail" message=""/></testcase>
<testcase classname="t" name="teardown" time="0.01"><error message="failed on teardown">x</error></testcase>
</testsuite></testsuites>"""
SUREFIRE = """<testsuite name="acme.TriageTest" time="0.1" tests="3" errors="0" skipped="1" failures="0">
<testcase name="a" classname="acme.TriageTest" time="0.01"/><testcase name="b"><skipped message="later"/></testcase>
<testcase name="c"><flakyFailure message="x">x</flakyFailure></testcase></testsuite>"""
GOOGLETEST = """<testsuites tests="2" failures="0" disabled="1" errors="0" name="All"><testsuite name="T" tests="2">
<testcase name="a" status="run" result="completed" time="0."/><testcase name="b" status="notrun" result="suppressed"/>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("content", "passed", "samples", "skipped"), [(PYTEST, 1, 3, 2), (SUREFIRE, 2, 2, 1), (GOOGLETEST, 1, 1, 1)]
)
def test_a_skipped_test_is_never_one_that_passed(content: str, passed: int, samples: int, skipped: int) -> None:
    found = value(content, format="junit")
    assert (found.value, found.samples) == (passed / samples, samples)
    assert value(content, pointer="skipped").value == skipped


def test_a_report_of_skipped_tests_alone_has_no_rate() -> None:
    assert (
        "holds no test that ran, 2 were skipped"
        in wrong("<testsuite>" + "<testcase><skipped/></testcase>" * 2 + "</testsuite>")[1]
    )
