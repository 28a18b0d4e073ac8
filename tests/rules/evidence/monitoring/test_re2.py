"""RE2's regular expressions: the answers of another engine where the two agree, and none that takes long."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.monitoring.re2 import MAX_LENGTH, Pattern, pattern
from rules.evidence.monitoring.re2_syntax import Refused, Unread

_ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", "[a-c]", r"\d", r"\w", r"\.", "", "^", "$", "(?i:A)", r"[\d_]"]
)
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("(?:%s|%s)".__mod__),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"])).map("(%s)%s".__mod__),
    ),
    max_leaves=6,
)


@given(_PATTERNS, st.text("abcA1._", max_size=6))
def test_a_pattern_means_what_it_means_to_another_engine(text: str, label: str) -> None:
    assert pattern(text).matches(label) is (re.fullmatch(text, label, re.ASCII) is not None)


@given(_PATTERNS)
def test_the_words_of_a_pattern_are_what_it_means(text: str) -> None:
    one = pattern(text)
    for word in one.words or ():
        assert one.matches(word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a|b|cd", {"a", "b", "cd"}),
        ("^(a|b)$", {"a", "b"}),
        ("critical", {"critical"}),
        ("(?:crit|warn)(?:ing)?", {"crit", "criting", "warn", "warning"}),
        (r"a\.b\x41\x{42}\n", {"a.bAB\n"}),
        (r"\Qa.b\E", {"a.b"}),
        (r"\Qa.b", {"a.b"}),
        ("", {""}),
        ("a{", {"a{"}),
        ("(?i)1", {"1"}),
    ],
)
def test_a_pattern_of_few_words_is_told_by_them(text: str, words: set[str]) -> None:
    assert set(pattern(text).words or ()) == words


@pytest.mark.parametrize("text", ["a*", ".", "[ab]", "(?i)a", "a|b*", "(a|b|c|d){7}", "(0|1)" * 7, "(a*|b)c", "(a|b)+"])
def test_a_pattern_of_many_words_is_not(text: str) -> None:
    assert pattern(text).words is None
    assert pattern("|".join(f"w{number}" for number in range(101))).words is None


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("(?i)crit.*", "CRITICAL", "warning"),
        ("a(?i)b|c", "aB", "AB"),
        ("(?s).", "\n", ""),
        (".", "a", "\n"),
        ("(?i-s:a)b", "Ab", "aB"),
        ("[[:alpha:]]+", "aB", "a1"),
        (r"[^\w]", "-", "a"),
        (r"[\w-.]+", "a-.", "a/"),
        (r"[\d-]+", "1-2", "1.2"),
        (r"[\w-a]+", "b-", "+"),
        (r"\D\S\W", "a-!", "1a!"),
        (r"\Aab\z", "ab", "a"),
        (r"\Qa+\E+", "a++", "a+a+"),
        ("(?P<name>a)(?<other>b)", "ab", "a"),
        ("[]a-]+", "]-a", "b"),
        (r"[a\]\t]", "]", "\\"),
        ("a{2,3}?", "aaa", "aaaa"),
        (r"a\-b", "a-b", "a"),
        ("(a*)*b", "aaab", "aaa"),
    ],
)
def test_the_syntax_is_re2s(text: str, yes: str, no: str) -> None:
    assert pattern(text).matches(yes)
    assert not pattern(text).matches(no)


@pytest.mark.parametrize(
    "text",
    ["(", ")", "[", "[a", "a**", "*", "(?=a)", "(?<!a)", r"\y", "\\", "a{2}{3}", "a{3,2}", "a{1001}", "[z-a]", "(?i)*",
     r"[\y]", "(?z)"],
)  # fmt: skip
def test_what_re2_refuses_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Pattern(text)


@pytest.mark.parametrize(
    "text",
    [r"\ba", r"\pL", r"\1", "(?m)a", r"[\D]", "[[:cntrl:]]", "(" * 41 + ")" * 41, "a" * (MAX_LENGTH + 1),
     "((a{100}){100}){100}", "((){1000}){1000}"],
)  # fmt: skip
def test_what_few_write_is_left_unread(text: str) -> None:
    with pytest.raises(Unread):
        Pattern(text)


def test_a_text_too_long_for_the_pattern_is_left_unread() -> None:
    with pytest.raises(Unread):
        pattern("(a*)*b").matches("a" * 200_000)


@given(st.text(max_size=30))
def test_no_text_is_more_than_refused_or_unread(text: str) -> None:
    with suppress(Refused, Unread):
        assert pattern(text).matches(text) in (True, False)
