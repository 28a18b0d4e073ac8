"""The arithmetic of targets and of samples, and hashes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.comparison import clears, enough, interval, misfit, satisfies, scale, shared
from rules.evidence.hashes import Hash, hashed, matching
from rules.policy import Criterion, Operator

MD5 = "a304afb96060aad90176268345e10355"
OPS: tuple[Operator, ...] = (">", ">=", "<", "<=")


@pytest.mark.parametrize(
    ("op", "below", "same", "above"),
    [(">", False, False, True), (">=", False, True, True), ("<", True, False, False), ("<=", True, True, False)],
)
def test_a_value_satisfies_its_target(op: Operator, below: bool, same: bool, above: bool) -> None:
    assert [satisfies(op, value, 2) for value in (1, 2, 3)] == [below, same, above]


@pytest.mark.parametrize(
    ("share", "samples", "low", "high"),
    # As R's `prop.test(…, correct = FALSE)` has them.
    [(0.5, 10, 0.236593, 0.763407), (0.9, 100, 0.825634, 0.944771), (0.0, 20, 0.0, 0.161125), (1.0, 20, 0.838875, 1.0)],
)
def test_the_interval_is_wilsons(share: float, samples: int, low: float, high: float) -> None:
    assert interval(share, samples) == pytest.approx((low, high), abs=1e-5)


@given(st.sampled_from(OPS), st.floats(0, 1), st.floats(0.01, 0.99))
def test_so_many_samples_are_enough_and_one_less_is_not(op: Operator, share: float, target: float) -> None:
    least = enough(op, share, target)
    if share == target or not satisfies(op, share, target):
        assert least is None
    elif abs(share - target) > 1e-6:
        assert least is not None
        assert clears(op, interval(share, least), target)
        assert least < 3 or not clears(op, interval(share, least - 2), target)


def test_no_number_is_enough_for_a_share_that_misses_or_equals_its_target() -> None:
    assert [enough(">=", share, 0.9) for share in (0.8, 0.9)] == [None, None]
    assert enough(">=", 0.951, 0.93) == 568


@pytest.mark.parametrize(
    ("unit", "expected"), [("ratio", 1), (" Share ", 1), ("%", 100), ("percent", 100), ("s", None), (None, None)]
)
def test_units_of_shares_are_known(unit: str | None, expected: int | None) -> None:
    assert scale(unit) == expected


def test_a_value_that_can_not_be_a_share_is_seen() -> None:
    accuracy, cost = Criterion(kind="quality", unit="ratio"), Criterion(kind="cost", unit="ratio")
    assert [shared(cost, value) for value in (0.5, 1, 1.7, -0.1)] == [1, 1, None, None]
    assert [misfit(accuracy, value) for value in (0.95, 95)] == [False, True]
    assert not misfit(cost, 95)
    assert not misfit(Criterion(kind="quality", unit="points"), 95)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MD5, Hash(None, MD5)),
        (MD5.upper() + ".dir", Hash(None, MD5)),
        (f"md5:{MD5}", Hash("md5", MD5)),
        (f" SHA-256: {MD5}{MD5} ", Hash("sha256", MD5 + MD5)),
        (f"sha256={MD5}{MD5}", Hash("sha256", MD5 + MD5)),
        (f"xxh3:{MD5[:16]}", Hash("xxh3", MD5[:16])),
        (f"sha256:{MD5}", None),
        (MD5[:16], None),
        (MD5[:8], None),
        (MD5[:-1] + "g", None),
        ("https://github.com/mlcommons/croissant/issues/80", None),
        (int("1" * 32), None),
        ("a" * 300, None),
    ],
)
def test_hashes_are_read_as_people_write_them(text: object, expected: Hash | None) -> None:
    assert hashed(text) == expected


def test_hashes_are_the_same_by_value_and_by_algorithm_where_both_name_one() -> None:
    assert matching(Hash(None, MD5), [Hash("md5", MD5)])
    assert not matching(Hash("xxh128", MD5), [Hash("md5", MD5)])
    assert not matching(Hash("md5", MD5), [Hash("md5", MD5[::-1])])
    assert (str(Hash("md5", MD5)), str(Hash(None, MD5))) == (f"md5:{MD5}", MD5)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_hash(text: str) -> None:
    found = hashed(text)
    assert found is None or len(found.value) >= 16
