"""MON006: what fails a criterion makes the alert fire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.comparison import satisfies
from rules.evidence.monitoring import Alert, Alerts, Comparison
from rules.evidence.spans import Op
from rules.policy import Operator
from tests.rules.given import keyed, report, result

OPERATORS: tuple[Operator, ...] = (">", ">=", "<", "<=")
OPS: tuple[Op, ...] = (">", ">=", "<", "<=", "==", "!=")


def judged(op: str, target: float, unit: str, *comparisons: Comparison) -> tuple[str, list[tuple[str | None, str]]]:
    policy = f"""version: 1
pilot: {{name: triage, stage: pilot, start: 2026-11-02}}
criteria: [{{id: c, op: "{op}", target: {target}, unit: "{unit}"}}]
monitoring:
  configs: [ops/a.yml]
  signals: [{{metric: m, alert: A, criterion: c}}]
"""
    alert = Alert("A", "Prometheus", "ops/a.yml", 3, frozenset({"m"}), comparisons)
    found = report(policy, select=["MON006"], given=[Alerts((alert,))])
    return result(found, "MON006").outcome.value, keyed(found)


def fires(op: Op, threshold: float, value: float) -> bool:
    return {
        ">": value > threshold,
        ">=": value >= threshold,
        "<": value < threshold,
        "<=": value <= threshold,
        "==": value == threshold,
        "!=": value != threshold,
    }[op]


@given(
    st.sampled_from(OPERATORS), st.integers(2, 8).map(float), st.sampled_from(OPS), st.integers(2, 8).map(float)
)  # fmt: skip
def test_an_alert_is_strict_where_it_fires_on_every_value_that_fails(
    op: Operator, target: float, alert: Op, threshold: float
) -> None:
    values = [tenth / 10 for tenth in range(101)]
    missed = [one for one in values if not satisfies(op, one, target) and not fires(alert, threshold, one)]
    # An alert on values that differ fires on nearly all that fail, and on nearly all that don't.
    expected = "fail" if missed or alert == "!=" else "pass"
    assert judged(op, target, "s", Comparison(alert, threshold))[0] == expected


@pytest.mark.parametrize(
    ("op", "target", "unit", "alert", "threshold", "expected"),
    [
        (">=", 0.93, "ratio", "<", 93, "pass"),
        (">=", 0.93, "ratio", "<", 92, "fail"),
        (">=", 0.93, "Ratio", "<=", 100, "pass"),
        (">=", 0.57, "share", "<", 57, "pass"),
        ("<=", 0.02, "ratio", ">", 2, "pass"),
        ("<=", 0.02, "ratio", ">", 3, "fail"),
        (">=", 93, "percent", "<", 0.93, "pass"),
        (">=", 93, "%", "<", 0.95, "pass"),
        (">=", 93, "percent", "<", 0.9, "fail"),
        ("<=", 2, "percent", ">", 0.02, "pass"),
        ("<=", 2, "percent", ">", 0.5, "pass"),
        ("<=", 2, "percent", ">", 3, "fail"),
        (">=", 0.93, "score", "<", 93, "pass"),
        (">=", 93, "score", "<", 0.93, "fail"),
        ("<=", 2, "s", ">", 2000, "fail"),
        (">=", 0.93, "ratio", "<", 200, "pass"),
    ],
)
def test_percent_and_ratio_are_compared_as_the_same_where_it_is_clear(
    op: str, target: float, unit: str, alert: Op, threshold: float, expected: str
) -> None:
    assert judged(op, target, unit, Comparison(alert, threshold))[0] == expected


def test_the_finding_says_both_numbers() -> None:
    outcome, findings = judged("<=", 2, "s", Comparison("<", 1), Comparison(">", 2000), Comparison(">", 2000))
    message = "`c` promises `<= 2`, but the alert `A` (`ops/a.yml:3`) fires on `< 1` and `> 2000`: let it fire on `> 2`"
    assert (outcome, findings) == ("fail", [("monitoring.signals[0].alert", message)])


def test_one_strict_comparison_of_several_is_enough() -> None:
    assert judged("<=", 2, "s", Comparison(">", None), Comparison(">", 1.5))[0] == "pass"
    assert judged("<=", 2, "s", Comparison(">", None), Comparison(">", 3))[0] == "unverifiable"
    assert judged("<=", 2, "s", Comparison("<", None), Comparison(">", 3))[0] == "fail"
