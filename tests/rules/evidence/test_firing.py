"""Which values of a metric an alert fires on, and whether it can fire at all for what its signal watches."""

import pytest

from rules.evidence.monitoring import Alerts
from tests.rules.given import holding, keyed, report, result

POLICY = """version: 1
pilot: {{name: triage, stage: pilot, start: 2026-11-02}}
criteria: [{{id: c, {criterion}}}]
monitoring:
  configs: [ops/a.yml]
  signals: [{{kind: quality, metric: {metric}, alert: A, criterion: c}}]
"""
RATIO = "kind: quality, op: '>=', target: 0.93, unit: ratio"
ERRORS = "kind: quality, op: '<=', target: 0.05, unit: ratio"
COSTS = "kind: cost, op: '<=', target: 0.5, unit: ratio"
PERCENT = "kind: adoption, op: '>=', target: 40, unit: percent"
SECONDS = "kind: latency, op: '<=', target: 2, unit: s"


def outcomes(criterion: str, metric: str, *expressions: str, records: str = "") -> tuple[str, str]:
    """How MON003 and MON006 come out for alerts with these expressions."""
    rules = "".join(f"  - alert: A\n    expr: {one}\n" for one in expressions)
    files = {"ops/a.yml": f"groups:\n- name: a\n  rules:\n{rules}{records}".encode()}
    found = report(POLICY.format(criterion=criterion, metric=metric), select=["MON003", "MON006"], files=files)
    return result(found, "MON003").outcome.value, result(found, "MON006").outcome.value


@pytest.mark.parametrize(
    ("criterion", "metric", "expression", "expected"),
    [
        # All that an `and` asks for has to hold.
        (RATIO, "acc", "acc < 0.95 and acc < 0.9", "fail"),
        (RATIO, "acc", "acc < 0.95 and acc < 0.93", "pass"),
        (RATIO, "acc", "acc < 0.5 and up < 0.95", "fail"),
        (RATIO, "acc", "acc < 0.93 and up < 0.5", "pass"),
        (RATIO, "acc", "acc < 0.93 and stddev(acc) < 0.1", "pass"),
        (RATIO, "acc", "acc < 0.93 unless on () maintenance == 1", "pass"),
        (RATIO, "acc", "acc < 0.5 unless on () maintenance == 1", "fail"),
        (RATIO, "acc", "acc unless acc >= 0.93", "pass"),
        (RATIO, "acc", "absent(acc >= 0.93)", "pass"),
        (RATIO, "acc", "absent(acc >= 0.93 and up == 1)", "pass"),
        (RATIO, "acc", "absent(acc >= 0.9 or acc == 0.1)", "fail"),
        # One that an `or` names is enough, and several may do it together.
        (RATIO, "acc", "acc < 0.93 or up < 0.5", "pass"),
        (RATIO, "acc", "up < 0.95 or acc < 0.5", "fail"),
        (RATIO, "acc", "acc < 0.5 or acc >= 0.5 and acc < 0.93", "pass"),
        (RATIO, "acc", "acc < 0.5 or acc > 0.5 and acc < 0.93", "fail"),
        (RATIO, "acc", "acc >= 0 and acc < 0.93", "pass"),
        (RATIO, "acc", "0.5 < acc < 0.93", "fail"),
        (ERRORS, "err", "err > 0.05 and err <= 1", "pass"),
        (COSTS, "cost", "cost > 0.5 and cost <= 1", "fail"),
        # Thresholds that are no numbers.
        (RATIO, "acc", "acc < on () acc_target", "unverifiable"),
        (RATIO, "acc", "on_target > on () acc", "unverifiable"),
        (RATIO, "acc", "acc > on () acc_target", "fail"),
        (RATIO, "acc", "acc < 0.5 and acc < on () acc_target", "fail"),
        (RATIO, "acc", "acc < 0.95 and acc < on () acc_target", "unverifiable"),
        # What is made of the metric.
        (RATIO, "acc", "rate(acc[5m]) < 0.93", "unverifiable"),
        (RATIO, "acc", "sum(acc < bool 0.93) > 0", "unverifiable"),
        (RATIO, "acc", "delta(acc[1h]) < 0.93", "fail"),
        (RATIO, "acc", "acc - acc offset 1d < 0.93", "unverifiable"),
        (RATIO, "acc", "avg_over_time(acc[1h]) < 0.93", "pass"),
        (RATIO, "acc", "1 - acc > 0.07", "pass"),
        (RATIO, "acc", "vector(scalar(acc)) < 0.93", "pass"),
        (ERRORS, "errors_total", "sum(rate(errors_total[5m])) / sum(rate(all_total[5m])) > 0.05", "pass"),
        (ERRORS, "errors", "sum(rate(errors_total[5m])) / sum(rate(all_total[5m])) > 0.05", "pass"),
        (
            ERRORS,
            "errors_total",
            "rate(errors_total[5m]) / rate(all_total[5m]) > 0.05 and increase(errors_total[5m]) > 10",
            "pass",
        ),
        (ERRORS, "errors_total", "rate(errors_total[5m]) > 0.05", "pass"),
        (ERRORS + ", source: {format: prometheus, query: 'stddev(err)'}", "err", "stddev(err) > 0.05", "pass"),
        (ERRORS + ", source: {format: prometheus, query: 'avg(err)'}", "err", "stddev(err) > 0.05", "fail"),
        (
            SECONDS,
            "t_seconds",
            "histogram_quantile(0.95, sum by (le) (rate(t_seconds_bucket[5m]))) > 2 and rate(t_seconds_count[5m]) > 3",
            "pass",
        ),
        (SECONDS, "t_seconds", "rate(t_seconds_count[5m]) > 1", "fail"),
        (SECONDS, "t_seconds", "rate(t_seconds_sum[5m]) / rate(t_seconds_count[5m]) > 2", "pass"),
    ],
)
def test_an_alert_holds_its_metric_to_the_criterion(
    criterion: str, metric: str, expression: str, expected: str
) -> None:
    assert outcomes(criterion, metric, expression) == ("pass", expected)


def test_two_alerts_of_a_name_may_share_the_work() -> None:
    assert outcomes(RATIO, "acc", "acc < 0.93 and acc >= 0.8", "acc < 0.8") == ("pass", "pass")


@pytest.mark.parametrize(
    ("record", "expression", "expected"),
    [
        ("avg(acc)", "rec < 0.93", "pass"),
        ("100 * acc", "rec < 93", "pass"),
        ("1 - acc", "rec > 0.07", "unverifiable"),
        ("stddev(acc)", "rec < 0.93", "unverifiable"),
        ("acc < 0.93", "rec", "pass"),
    ],
)
def test_recording_rules_are_followed_to_the_value(record: str, expression: str, expected: str) -> None:
    records = f"  - record: rec\n    expr: {record}\n"
    assert outcomes(RATIO, "acc", expression, records=records) == ("pass", expected)


@pytest.mark.parametrize(
    ("criterion", "metric", "expression", "fires"),
    [
        (RATIO, "acc", "acc < 0", False),
        (RATIO, "acc", "acc < -1", False),
        (RATIO, "acc", "acc > 1", False),
        (RATIO, "acc", "acc > 100", False),
        (RATIO, "acc", "acc >= 1", True),
        (RATIO, "acc", "acc > 50", True),
        (RATIO, "acc", "acc <= 1", False),
        (RATIO, "acc", "acc >= 0", False),
        (RATIO, "acc", "acc < 0 or up == 0", False),
        (RATIO, "acc", "acc < 0 or acc < on () acc_target", True),
        (RATIO, "acc", "acc < 0 or acc > on () acc_target", True),
        (RATIO, "acc", "stddev(acc) > 1", True),
        (RATIO, "acc", "acc_total > 500", True),
        (RATIO, "acc_total", "acc_total > 500", True),
        (RATIO.replace("0.93", "0.01"), "acc", "acc > 1", True),
        (COSTS, "cost", "cost > 1", True),
        (COSTS, "cost", "cost < 0", False),
        (PERCENT, "adopted", "adopted > 100", False),
        (PERCENT, "adopted", "adopted < 0", False),
        (PERCENT, "adopted", "adopted < 40", True),
        (SECONDS, "t", "t < 0", True),
        (RATIO.replace("target: 0.93, ", ""), "acc", "acc < 0", True),
        # The metric's absence, beside a comparison of another one.
        (RATIO, "acc", "absent(acc) and up == 1", False),
        (RATIO, "acc", "absent(acc) or acc < 0.93", True),
        (RATIO, "acc", "acc and on () up == 0", True),
    ],
)
def test_an_alert_can_fire_for_what_its_signal_watches(
    criterion: str, metric: str, expression: str, fires: bool
) -> None:
    able, strict = outcomes(criterion, metric, expression)
    assert able == ("pass" if fires else "fail")
    assert fires or strict == "not-applicable"


def test_more_ways_to_fire_than_are_followed_are_taken_one_by_one() -> None:
    many = " and ".join(f"(acc < 0.9{digit} or up == {digit})" for digit in range(9))
    assert outcomes(RATIO, "acc", many) == ("pass", "pass")
    long = " and ".join(f"acc < 0.9 + {number} / 1000" for number in range(45))
    assert outcomes(RATIO, "acc", long) == ("pass", "pass")
    away = f"absent({many})"
    assert outcomes(RATIO, "acc", away)[0] == "pass"


def test_numbers_are_told_without_what_fractions_leave_behind() -> None:
    rules = b"groups: [{name: a, rules: [{alert: A, expr: sqrt(acc) < 0.1 + 0.2 or acc < 0.1 + 0.2}]}]"
    text = POLICY.format(criterion=RATIO.replace("0.93", "0.9300000000000001"), metric="acc")
    found = report(text, select=["MON006"], files={"ops/a.yml": rules})
    assert keyed(found) == [
        (
            "monitoring.signals[0].alert",
            "`c` promises `>= 0.93`, but the alert `A` (`ops/a.yml:1`) fires on `< 0.3`: let it fire on `< 0.93`",
        )
    ]


def test_every_comparison_knows_its_metrics() -> None:
    text = b"groups: [{name: a, rules: [{alert: A, expr: acc < 0.9 and on () hour() > 9}]}]"
    (alert,) = Alerts.among(["a.yml"], holding({"a.yml": text})).alerts
    assert [sorted(one.metrics or ("none",)) for one in alert.comparisons] == [["acc"], ["none"]]
