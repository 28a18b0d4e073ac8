"""Queries that measure nothing, and those that measure although they look odd."""

import pytest

from rules.evidence.results.promql import unfit
from rules.policy import Criterion, Operator

NOTHING = "the query measures nothing, it yields the same whatever the pilot does: write one of the pilot's metrics"


@pytest.mark.parametrize(
    "query",
    [
        "1",
        "-(2 * 3)",
        "vector(1)",
        "time()",
        "scalar(vector(time()))",
        "sum(vector(3)) by (le)",
        "vector(1)[7d:1h]".join(("avg_over_time(", ")")),
        "1 + 2 > bool 1",
        "x * 0",
        "x * 0 + 0.99",
        "0 * x",
        "group(x)",
        "absent(x)",
        "vector(1) unless absent(x)",
        "x == bool x",
        "rate(x[5m]) >= bool 0",
    ],
)
def test_what_yields_the_same_whatever_happens_measures_nothing(query: str) -> None:
    assert unfit(query, Criterion()) == NOTHING


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("x or vector(1)", "1"),
        ("vector(1) or x", "1"),
        ("(x) or on() vector(2)", "2"),
        ("sum(x or vector(0.5))", "0.5"),
        ("count(x or vector(7))", "1"),
        ("1 - (x or vector(0))", "1"),
        ("-(x or vector(3))", "-3"),
        ("avg_over_time((x or vector(4))[7d:1h])", "4"),
        ("scalar(x or vector(5))", "5"),
        ("vector(6) unless x or vector(8)", "6"),
        ("(x or vector(9)) > 1", "9"),
        ("(x or vector(9)) and vector(1)", "9"),
        ("absent(x) or x", "1"),
        ("x or vector(time())", "a number"),
        ("stddev(x or vector(1))", "a number"),
        ("clamp_max(x or vector(1), 1)", "a number"),
        ('label_replace(x or vector(1), "a", "$1", "b", "c")', "1"),
    ],
)
def test_what_yields_a_number_without_samples_measures_nothing_then(query: str, number: str) -> None:
    said = unfit(query, Criterion())
    assert said is not None
    assert said.startswith(f"the query yields {number} where nothing is measured: leave out")


@pytest.mark.parametrize(
    "query",
    [
        "up",
        '{job="a"}',
        "scalar(x)",
        "x or vector(NaN)",
        "x or vector(-Inf)",
        "histogram_quantile(0.95, sum by (le) (rate(x[7d])))",
        "(sum(errors) or vector(0)) / sum(requests)",
        "(sum(errors) or vector(0)) and on() requests",
        "x or y",
        "x or scalar(y) + vector(0)",
        "x * 100",
        "x > bool 0.9",
        "1 - x / y",
        'label_replace(x, "a", "$1", "b", "c")',
        "-x",
        "avg_over_time((x / y)[7d:1h])",
        "quantile(0.95, x)",
    ],
)
def test_what_needs_its_metrics_measures(query: str) -> None:
    assert unfit(query, Criterion()) is None


@pytest.mark.parametrize(
    ("op", "target", "number", "fine"),
    [(">=", 0.9, "0", True), (">=", 0.9, "1", False), ("<=", 5, "0", False), ("<", 5, "5", True)],
)
def test_a_number_that_misses_the_target_may_stand_in(op: Operator, target: float, number: str, fine: bool) -> None:
    said = unfit(f"x or vector({number})", Criterion(op=op, target=target))
    assert (said is None) == fine
