"""JUnit XML, MLflow runs, promptfoo and lm-evaluation-harness, as these tools write them."""

from datetime import date
from typing import Any

import pytest

from rules.evidence.hashes import Hash
from rules.evidence.results.times import day
from tests.rules.evidence.results.reading import REAL, read, value, wrong

SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

# junit


def test_a_real_report_counts_no_skipped_test() -> None:
    content = (REAL / "normal.xml").read_bytes()
    found = value(content, format="junit")
    assert (found.value, found.samples, found.time) == (0.5, 2, date(2013, 5, 24))
    words = ("passed", "failed", "skipped", "tests", "time", "/pass-rate", "JUnitXmlReporter.constructor/passed")
    assert [value(content, pointer=word).value for word in words] == [1, 1, 1, 2, 0.006, 0.5, 1]
    assert value(content, pointer="passed", slices="suites").slices == {"JUnitXmlReporter.constructor": 0.5}


def test_a_real_report_of_pytest_that_failed() -> None:
    found = value((REAL / "pytest_error.xml").read_bytes())
    assert (found.value, found.samples, found.time) == (0.0, 1, date(2025, 1, 14))


NESTED = f"""<testsuites xmlns="urn:x">
<properties><property name="commit" value="{SHA}"/><property name="n" value="07"/><property value="x"/></properties>
<testsuite name="a" timestamp="2026-11-02T23:30:00-05:00"><properties>
<property name="f1">0.75</property><property name="n" value="8"/><property name="count" value="12"/></properties>
<testcase name="1" time="1,000.5"/><testcase time="x"><error/></testcase><system-out>&lt;</system-out>
<testsuite name="b"><testcase status="notrun"/><testcase result="skipped"/>
<testcase><skipped/><failure/></testcase></testsuite></testsuite>
<testsuite name="off"><testcase><skipped/></testcase></testsuite></testsuites>"""


def test_nested_suites_and_properties() -> None:
    found = value(NESTED, pointer="pass-rate", commit="commit", samples="count", slices="suites")
    assert (found.value, found.samples, found.commit, found.time) == (1 / 3, 12, SHA, date(2026, 11, 3))
    assert found.slices == {"b": 0.0, "a": 1 / 3}
    assert value(NESTED, pointer="a/time").value == 1000.5
    assert value(NESTED, pointer="b/failed").samples == 1
    property_ = value(NESTED, pointer="f1")
    assert (property_.value, property_.samples) == (0.75, None)


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("off/pass-rate", "`r` holds no test that ran, 1 were skipped: run the tests and commit the report"),
        ("n", "`r` has several values of the property `n`: `07`, `8`: write one for all"),
        ("commit", f"`r` holds text at `commit`, `{SHA}`: write the number without quotes"),
        ("pass-rat", "`r` has nothing called `pass-rat`: did you mean `pass-rate`?"),
        ("b/pas-rate", "`r` has nothing called `b/pas-rate`: did you mean `b/pass-rate`?"),
    ],
)
def test_what_a_report_does_not_say(pointer: str, message: str) -> None:
    assert wrong(NESTED, pointer=pointer)[1] == message


def test_no_test_at_all_is_no_value() -> None:
    assert wrong("<testsuites/>")[1].startswith("`r` holds no test that ran, 0 were skipped")
    assert value("<testsuites/>", pointer="failed").value == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '<testsuite name="x" tests="2"><testcase/></testsuite>',
            "`r` claims 2 tests in `x`, but its testcases hold 1",
        ),
        (
            '<testsuites failures="1" errors="1"><testsuite><testcase><error/></testcase></testsuite></testsuites>',
            "`r` claims 2 failures and errors in `testsuites`, but its testcases hold 1: commit the report whole",
        ),
        ("<testsuite>" * 70 + "</testsuite>" * 70, "`r` has test suites nested deeper than 64 levels: flatten them"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><testsuite/>', "`r` has a document type, which may hide anything"),
        ("<testsuite>&a;</testsuite>", "`r:1` is not XML: undefined entity"),
    ],
)
def test_a_report_that_can_not_be_trusted(content: str, message: str) -> None:
    key, said, _ = wrong(content)
    assert (key, said[: len(message)]) == ("file", message)


def test_attributes_that_claim_less_are_passed_over() -> None:
    both = '<testsuite tests="1" failures="1" errors="1"><testcase><failure/><error/></testcase><testcase/></testsuite>'
    assert value(both).value == 0.5


# mlflow


def run(**changes: Any) -> dict[str, Any]:
    info = {"run_id": "1", "status": "FINISHED", "end_time": 1793577600000, **changes.pop("info", {})}
    data = {
        "metrics": {"accuracy": 0.95, "slice/de": 0.9, "slice/fr": 0.8},
        "params": {"n": "2180", "accuracy_of": "x"},
        "tags": {"mlflow.source.git.commit": SHA, "md5": "a304afb96060aad90176268345e10355"},
        **changes.pop("data", {}),
    }
    return {"info": info, "data": data, "inputs": {"dataset_inputs": []}, **changes}


def inputs(*digests: str) -> dict[str, Any]:
    return {"dataset_inputs": [{"tags": [], "dataset": {"name": "d", "digest": digest}} for digest in digests]}


def test_a_run_as_the_command_line_prints_it() -> None:
    found = value(run(), pointer="accuracy", samples="n", dataset="md5", slices="slice/")
    assert (found.value, found.samples, found.commit, found.time) == (0.95, 2180, SHA, date(2026, 11, 2))
    assert found.dataset == Hash(None, "a304afb96060aad90176268345e10355")
    assert found.slices == {"de": 0.9, "fr": 0.8}
    assert value(run(), format="mlflow", pointer="/slice/de").value == 0.9
    assert value(run(), pointer="/data/metrics/accuracy").value == 0.95


def test_a_run_as_the_api_answers_it_counts_the_last_step() -> None:
    metrics = [
        {"key": "f1", "value": 0.9, "timestamp": 5, "step": 2},
        {"key": "f1", "value": 0.1, "timestamp": 9, "step": 1},
        {"key": "f1", "value": 0.8, "timestamp": 7, "step": 2},
    ]
    answer = {"run": run(data={"metrics": metrics, "tags": [{"key": "mlflow.source.git.commit", "value": "none"}]})}
    found = value(answer, pointer="f1")
    assert (found.value, found.commit, found.faults) == (0.8, None, {})


def test_the_digest_of_the_only_data_set_counts_where_it_is_a_hash() -> None:
    whole = "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"
    assert value(run(inputs=inputs(whole, whole)), pointer="accuracy").dataset == Hash(None, whole)
    assert value(run(inputs=inputs(whole, "1a2b3c4d")), pointer="accuracy").dataset is None
    short = value(run(inputs=inputs("1a2b3c4d")), pointer="accuracy")
    assert short.dataset is None
    assert short.faults["dataset"].startswith("`r` names its data by `1a2b3c4d`, MLflow's own digests")
    assert value(run(inputs=inputs("1a2b3c4d")), pointer="accuracy", dataset="md5").faults == {}


@pytest.mark.parametrize(
    ("content", "key", "message"),
    [
        (
            run(info={"status": "FAILED"}),
            "file",
            "`r` is of a run that has not finished, its status is `FAILED`: export",
        ),
        (run(info={"status": "RUNNING"}), "file", "`r` is of a run that has not finished"),
        (run(info={"lifecycle_stage": "deleted"}), "file", "`r` is of a run that was deleted: export one that stands"),
        (run(data={"metrics": {"accuracy": "NaN"}}), "pointer", "`r` holds text at `accuracy`, `NaN`: write"),
        (
            run(data={"metrics": {"acuracy": 1}}),
            "pointer",
            "`r` has nothing called `accuracy`: did you mean `acuracy`?",
        ),
        (run(data={"metrics": {}}), "pointer", "`r` has nothing called `accuracy`: log a metric in the run"),
    ],
)
def test_runs_that_do_not_count(content: object, key: str, message: str) -> None:
    found = wrong(content, pointer="accuracy")
    assert (found[0], found[1][: len(message)]) == (key, message)


def test_a_run_without_a_pointer_lists_its_metrics() -> None:
    assert wrong(run())[1] == (
        "`r` holds a run, of which no metric is named: write `pointer:`; write the name of a metric: `accuracy`,"
        " `slice/de`, `slice/fr`"
    )
    assert value(run(info={"status": 3}), pointer="accuracy").value == 0.95


# promptfoo


def prompt(passed: int, failed: int, errors: int) -> dict[str, Any]:
    scores = {"tone": 3.0, "sum/2": 2.0, "derived": 0.5}
    counts = {"tone": 4, "sum/2": 4}
    metrics = {"score": 6.0, "testPassCount": passed, "testFailCount": failed, "testErrorCount": errors}
    more = {"namedScores": scores, "namedScoresCount": counts, "namedScoreWeights": {"sum/2": 8}}
    return {"raw": "x", "provider": "echo", "metrics": {**metrics, **more}}


def exported(*prompts: dict[str, Any]) -> dict[str, Any]:
    stats = {"successes": 5, "failures": 2, "errors": 1, "tokenUsage": {"total": 6}}
    summary = {"version": 3, "timestamp": "2026-11-20T20:08:11.168Z", "prompts": list(prompts), "results": []}
    return {"evalId": "eval-1", "results": {**summary, "stats": stats}, "config": {}, "metadata": {}}


def test_the_share_of_tests_that_passed_counts_errors_as_failed() -> None:
    found = value(exported(prompt(5, 2, 1)), format="promptfoo")
    assert (found.value, found.samples, found.time) == (5 / 8, 8, date(2026, 11, 20))
    summary = exported(prompt(5, 2, 1))["results"]
    assert value(summary).value == 5 / 8


def test_what_promptfoo_is_told_beside_its_results_is_pointed_at() -> None:
    content = {**exported(prompt(5, 2, 1)), "config": {"metadata": {"commit": SHA}}}
    assert value(content, commit="/config/metadata/commit").commit == SHA


def test_an_older_summary_counts_no_errors() -> None:
    table = {"head": {"prompts": [{"raw": "x"}], "vars": []}, "body": []}
    assert value({"results": {"version": 2, "table": table, "stats": {"successes": 3, "failures": 1}}}).value == 0.75


def test_several_prompts_are_no_one_share() -> None:
    both = exported(prompt(5, 2, 1), prompt(0, 8, 0))
    assert wrong(both)[1].endswith("whose tests are no one share: point at the pilot's own, as in `pointer:"
                                   " /results/prompts/0`")  # fmt: skip
    assert wrong(both["results"])[1].endswith("`pointer: /prompts/0`")
    found = value(both, pointer="/results/prompts/1")
    assert (found.value, found.samples) == (0.0, 8)


@pytest.mark.parametrize(
    ("pointer", "expected", "samples"),
    [
        ("metrics/score", 0.75, 8),
        ("metrics/namedScores/tone", 0.75, 4),
        ("metrics/namedScores/sum~12", 0.25, 4),
        ("metrics/namedScores/derived", 0.5, 8),
        ("metrics/testPassCount", 5, None),
    ],
)
def test_sums_are_read_as_the_means_that_are_shown(pointer: str, expected: float, samples: int | None) -> None:
    found = value(exported(prompt(5, 2, 1)), pointer="/results/prompts/0/" + pointer)
    assert (found.value, found.samples) == (expected, samples)


def test_an_evaluation_without_tests_is_no_value() -> None:
    content = {"results": {"stats": {"successes": 0, "failures": 0, "errors": 0}}}
    assert wrong(content)[1].startswith("`r` holds no test that ran: run the evaluation")
    broken = {"results": {"stats": {"successes": "3", "failures": 0}}}
    assert wrong(broken)[1] == "`r` holds text at `successes`, `3`: write the number without quotes"


# lm-eval

HARNESS: dict[str, Any] = {
    "results": {
        "gsm8k": {
            "alias": "gsm8k",
            "exact_match,strict-match": 0.31,
            "exact_match_stderr,strict-match": 0.01,
            "exact_match,flexible-extract": 0.5,
        },
        "arc_easy": {"alias": "arc_easy", "acc,none": 0.71, "acc_stderr,none": "N/A", "acc_norm,none": float("nan")},
        "mmlu": {"acc,none": 0.6},
    },
    "groups": {"mmlu": {"acc,none": 0.6}},
    "group_subtasks": {"mmlu": ["mmlu_stem", "mmlu_law"], "mmlu_stem": ["mmlu_maths"], "gsm8k": [], "loop": ["loop"]},
    "configs": {},
    "versions": {"gsm8k": 3.0},
    "n-samples": {
        "gsm8k": {"original": 1319, "effective": 200},
        "mmlu_maths": {"original": 100, "effective": 100},
        "mmlu_law": {"original": 50, "effective": 50},
    },
    "config": {"model": "hf", "limit": 200.0},
    "git_hash": "abc1234",
    "date": 1793577600.5,
}


@pytest.mark.parametrize(
    ("pointer", "expected", "samples"),
    [
        ("/results/arc_easy/acc,none", 0.71, None),
        ("/arc_easy/acc", 0.71, None),
        ("gsm8k/exact_match,strict-match", 0.31, 200),
        ("mmlu/acc", 0.6, 150),
        ("/groups/mmlu/acc,none", 0.6, 150),
        ("/config/limit", 200, None),
    ],
)
def test_a_metric_of_a_task_on_the_samples_that_were_run(pointer: str, expected: float, samples: int | None) -> None:
    found = value(HARNESS, format="lm-eval", pointer=pointer)
    assert (found.value, found.samples, found.commit, found.time) == (expected, samples, None, date(2026, 11, 2))


def test_the_commit_is_read_where_the_source_says_so() -> None:
    found = value(HARNESS, pointer="mmlu/acc", commit="/git_hash", samples="/n-samples/gsm8k/original")
    assert (found.commit, found.samples) == ("abc1234", 1319)


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        (
            "gsm8k/exact_match",
            "`r` has `gsm8k` with several filters: `exact_match,strict-match`, `exact_match,flexible-extract`: write"
            " one with its filter",
        ),
        ("arc_easy/acc_norm", "`r` holds `nan` at `arc_easy/acc_norm`, which is no finite number: measure it again"),
        (
            "arc_easy/accc,none",
            "`r` has no `accc,none` for the task `arc_easy`: did you mean `/results/arc_easy/acc,none`?",
        ),
        ("arc_easy/zzz", "`r` has no `zzz` for the task `arc_easy`: write one of `acc,none`"),
        ("/arc/acc", "`r` has nothing at `/arc`: write the pointer of a number that stands in it"),
    ],
)
def test_what_the_harness_does_not_say(pointer: str, message: str) -> None:
    assert wrong(HARNESS, pointer=pointer)[1] == message


def test_a_task_must_be_named() -> None:
    said = "`r` holds the metrics of tasks, of which none is named: write `pointer:` with TASK/METRIC; its tasks are"
    assert wrong(HARNESS)[1] == f"{said} `gsm8k`, `arc_easy`, `mmlu`"
    empty = {**HARNESS, "results": {"a": {"alias": "a"}}}
    assert wrong(empty, pointer="a/x")[1].endswith("point at a task that has metrics")


@pytest.mark.parametrize("size", [{"effective": -1}, {"effective": "9"}, 9])
def test_a_number_of_samples_that_is_none_is_not_known(size: object) -> None:
    assert value({**HARNESS, "n-samples": {"gsm8k": size}}, pointer="gsm8k/exact_match,strict-match").samples is None


def test_groups_that_hold_each_other_come_to_an_end() -> None:
    looped = {**HARNESS, "group_subtasks": {"mmlu": ["b", 3], "b": ["mmlu", "gsm8k"]}}
    assert value(looped, pointer="mmlu/acc").samples == 200


# All of them


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("2026-11-02T23:59:59-01:00", date(2026, 11, 3)),
        ("1793577600", date(2026, 11, 2)),
        (1793577600000, date(2026, 11, 2)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
        (None, None),
        (-1, None),
        (1e300, None),
        (True, None),
        (9_999_999_999_999, date(2286, 11, 20)),
        ("x" * 41, None),
    ],
)
def test_days_are_read_in_every_way_that_results_write_them(written: object, expected: date | None) -> None:
    assert day(written) == expected


def test_what_is_recognised_as_one_format_is_not_taken_for_another() -> None:
    assert "is not of format lm-eval: write `format: promptfoo`" in str(read(exported(), format="lm-eval"))
    assert "is not of format promptfoo: write `format: mlflow`" in str(read(run(), format="promptfoo"))
    assert "is not of format mlflow: write `format: lm-eval`" in str(read(HARNESS, format="mlflow"))
    assert "is not of format junit: write `format: json`" in str(read({"a": 1}, format="junit"))
