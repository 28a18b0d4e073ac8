"""Numbers as a person writes them."""

import pytest

from rules.evidence.comparison import shown


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        (0.9300000001, None, "0.93"),
        (0.9300000001, 0.93, "0.9300000001"),
        (0.9299999999999999, 0.93, "0.9299999999999999"),
        (0.92999999, 0.93, "0.92999999"),
        (0.1 + 0.2, 0.5, "0.3"),
        (19 / 26, 0.9, "0.730769"),
        (95, 0.9, "95"),
        (95.0, 0.9, "95"),
        (1234567.891, 1, "1234568"),
        (1e-7, 1, "1e-07"),
        (1e300, 1, "1e+300"),
        (10**30, 1, "1e+30"),
        (-2.5, 0, "-2.5"),
        (float("nan"), 1, "nan"),
        (1 + 2**-52, 1, "1.0000000000000002"),
    ],
)
def test_numbers_are_shown_as_a_person_writes_them(value: float, target: float | None, text: str) -> None:
    assert shown(value, target) == text
