"""A plain scalar is what YAML 1.2's core schema says: `no`, `on` and dates are text, numbers are numbers."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.resolver import VersionedResolver

from rules.resolve import resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"), ("none", "none"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("tRUE", "tRUE"),
        ("0", 0), ("-0", 0), ("+12", 12), ("012", 12), ("0o14", 12), ("0x1F", 31), ("0xg", "0xg"), ("0o8", "0o8"),
        ("1_000", "1_000"), ("-0x1F", "-0x1F"), ("0b1", "0b1"), ("12:30", "12:30"), ("+", "+"), ("-", "-"),
        ("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("-.5e3", -500.0), ("1e3", 1000.0), ("1E+3", 1000.0), ("1e", "1e"),
        (".", "."), ("e3", "e3"), ("1.2.3", "1.2.3"), ("٣", "٣"), ("1e999", math.inf),
        (".inf", math.inf), ("+.Inf", math.inf), ("-.INF", -math.inf), ("inf", "inf"), ("-.nan", "-.nan"),
        ("nan", "nan"), (".iNf", ".iNf"), ("2026-11-02", "2026-11-02"), ("<<", "<<"), ("=", "="), ("1 ", "1 "),
    ],
)  # fmt: skip
def test_a_plain_scalar_is_what_the_core_schema_says(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_one(text: str) -> None:
    found = resolve(text)
    assert isinstance(found, float)
    assert math.isnan(found)


def test_numbers_of_more_than_300_digits_are_infinite() -> None:
    assert resolve("9" * 300) == int("9" * 300)
    assert resolve("9" * 301) == math.inf
    assert resolve("1" * 100_000) == math.inf
    assert resolve("0x" + "f" * 249) == int("f" * 249, 16)
    assert resolve("0x" + "f" * 250) == math.inf
    assert resolve("0o" + "7" * 5000) == math.inf


_RESOLVER = VersionedResolver(version="1.2", loader=None)
_TAGS: dict[str, type] = {"null": type(None), "bool": bool, "int": int, "float": float, "str": str}


def ruamel_kind(text: str) -> type | None:
    """What ruamel.yaml takes a plain scalar for; None where it knows a kind that the core schema lacks."""
    from ruamel.yaml.nodes import ScalarNode  # noqa: PLC0415 - its name is that of ours elsewhere

    tag = str(_RESOLVER.resolve(ScalarNode, text, (True, False)))
    return _TAGS.get(tag.rpartition(":")[2])


# Where ruamel.yaml goes beyond the core schema: underscores, signs before bases, a bare exponent, `0b`, and so on.
_BEYOND = re.compile(
    r".*_.*|[-+]0[ox].*|[-+]?0b.*|[-+]?\.?[eE].*|[-+]?\.[-+]?[eE]?.*|[-+]?[0-9.]+[eE][^-+]?.*|.*\.nan", re.I
)


@given(st.from_regex(r"[-+]?[0-9a-fox.eE_~]{0,8}", fullmatch=True) | st.text("nulNULtrefasTRUEFASinIN.~", max_size=6))
@settings(max_examples=200)
def test_it_agrees_with_ruamel_where_both_are_defined(text: str) -> None:
    expected = ruamel_kind(text)
    if expected is None or _BEYOND.fullmatch(text):
        return
    assert type(resolve(text)) is expected, text


@given(st.integers(1 - 10**299, 10**299 - 1))
def test_whole_numbers_come_back(number: int) -> None:
    assert resolve(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_fractions_come_back(number: float) -> None:
    assert resolve(repr(number)) == number


@given(st.from_regex(r"[A-Za-z][a-z ]{5,20}", fullmatch=True))
def test_words_are_text(text: str) -> None:
    assert resolve(text) == text
