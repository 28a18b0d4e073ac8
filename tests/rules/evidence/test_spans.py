"""Sets of numbers, as comparisons tell them apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.monitoring.promql_values import NEGATED, holds
from rules.evidence.spans import EVERYTHING, Op, Spans, both, covers, either, where

OPS: tuple[Op, ...] = (">", ">=", "<", "<=", "==", "!=")
ASKED = st.lists(st.tuples(st.sampled_from(OPS), st.integers(-3, 3).map(float)), min_size=1, max_size=4)
HALVES = [half / 2 for half in range(-10, 11)]


def among(number: float, spans: Spans) -> bool:
    return any(low <= (number, False) and (number, True) <= high for low, high in spans)


@given(ASKED)
def test_a_number_is_in_both_and_in_either_as_the_comparisons_say(asked: list[tuple[Op, float]]) -> None:
    all_of, one_of = EVERYTHING, Spans()
    for op, number in asked:
        all_of, one_of = both(all_of, where(op, number)), either(one_of, where(op, number))
    for half in HALVES:
        told = [holds(op, half, number) for op, number in asked]
        assert (among(half, all_of), among(half, one_of)) == (all(told), any(told))
    assert covers(one_of, all_of)
    assert covers(all_of, one_of) is (all_of == one_of)


@pytest.mark.parametrize("op", OPS)
def test_what_a_comparison_leaves_out_is_what_its_opposite_lets_in(op: Op) -> None:
    assert either(where(op, 0.9), where(NEGATED[op], 0.9)) == EVERYTHING
    assert both(where(op, 0.9), where(NEGATED[op], 0.9)) == ()


def test_nothing_is_beyond_the_infinite() -> None:
    assert where(">", float("inf")) == where("<", float("-inf")) == ()
    assert covers(where("<", 1), ())
