"""Facts: which files a pattern means, and what may be asked of them."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import (
    MAX_PATTERNS,
    Descent,
    Files,
    Lineage,
    Live,
    LiveAlert,
    Measurements,
    Presence,
    Today,
    Unread,
    Unverifiable,
    Written,
    evidence,
    most_patterns,
)
from rules.policy import Policy
from rules.values import Glob, RepoPath

WHY = Unverifiable("nobody knows")


@pytest.mark.parametrize(
    ("pattern", "path", "meant"),
    [
        ("a.yml", "a.yml", True),
        ("a.yml", "b/a.yml", False),
        ("*.yml", "a.yml", True),
        ("*.yml", "b/a.yml", False),
        ("*/a.yml", "b/a.yml", True),
        ("**", "a", True),
        ("**", "a/b/c", True),
        ("**/a.yml", "a.yml", True),
        ("**/a.yml", "b/c/a.yml", True),
        ("b/**", "b/c/a.yml", True),
        ("b/**", "bb/a.yml", False),
        ("b/**/a.yml", "b/a.yml", True),
        ("b/**/a.yml", "b/c/d/a.yml", True),
        ("b/**/a.yml", "c/a.yml", False),
        ("b/**/c/**/a.yml", "b/x/c/y/z/a.yml", True),
        ("b/**/c/**/a.yml", "b/x/y/z/a.yml", False),
        ("a?.yml", "ab.yml", True),
        ("a?.yml", "a.yml", False),
        ("a[bc].yml", "ac.yml", True),
        ("a[!bc].yml", "ac.yml", False),
        ("**x", "a/x", False),
        ("A.yml", "a.yml", False),
        (".*", ".env", True),
        ("*", ".env", True),
        ("a/*/c", "a/b/d/c", False),
        ("x/y/z", "x/y", False),
        ("x/y", "x/y/z", False),
    ],
)
def test_a_pattern_means_these_files(pattern: str, path: str, meant: bool) -> None:
    assert Glob(pattern).matches(path) is meant
    assert Glob(pattern).among([path, path]) == ((path, path) if meant else ())


names = st.text("ab*?", min_size=1, max_size=3) | st.just("**")


def _meant(pattern: list[str], names: list[str]) -> bool:
    if not pattern:
        return not names
    if pattern[0] == "**":
        return any(_meant(pattern[1:], names[skipped:]) for skipped in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], pattern[0]) and _meant(pattern[1:], names[1:])


@given(st.lists(names, min_size=1, max_size=4), st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_pattern_means_what_its_definition_says(pattern: list[str], path: list[str]) -> None:
    assert Glob("/".join(pattern)).matches("/".join(path)) is _meant(pattern, path)
    assert bool(Glob("/".join(pattern)).among(["/".join(path)])) is _meant(pattern, path)


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not Glob("/".join(["**", "*a*a*a*a*b"] * 50)).matches("/".join(["a" * 200] * 100))


@pytest.mark.parametrize(("pattern", "plain"), [("a/b.yml", True), ("*.yml", False), ("a?", False), ("[ab]", False)])
def test_a_pattern_without_signs_names_one_file(pattern: str, plain: bool) -> None:
    assert Glob(pattern).plain is plain


def test_files_are_those_that_stand_there() -> None:
    files = Files({"a/b.yml": b"x"}, ["c", "a/b.yml", "a/d.yml"])
    assert files.paths == ("a/b.yml", "a/d.yml", "c")
    assert files.matching(Glob("a/*.yml")) == ("a/b.yml", "a/d.yml")
    assert files.matching(Glob("*.md")) == ()
    assert files.read("a/b.yml") == b"x"
    with pytest.raises(LookupError):
        files.read("c")


def test_a_file_named_outright_is_there_where_it_can_be_read() -> None:
    contents: dict[str, bytes | Unread] = {
        "behind/link": b"",
        "gone": Unread("is not there"),
        "large": Unread("is larger than 2 MiB", mendable=False),
    }
    files = Files(contents, ["here"])
    assert files.matching(Glob("behind/link")) == ("behind/link",)
    assert files.matching(Glob("gone")) == ()
    assert files.matching(Glob("large")) == ("large",)
    assert files.matching(Glob("here")) == ("here",)


@pytest.mark.parametrize(
    ("path", "presence"),
    [
        ("a/b", Presence.FILE),
        ("a", Presence.FOLDER),
        ("a/", Presence.FOLDER),
        (".", Presence.FOLDER),
        ("", Presence.FOLDER),
        ("ab", Presence.NOTHING),
        ("z", Presence.NOTHING),
        ("a/b/c", Presence.NOTHING),
    ],
)
def test_what_stands_anywhere_is_known(path: str, presence: Presence) -> None:
    assert Files({}, ["a/b", "abc"]).at(path) is presence


def test_what_can_not_be_listed_is_not_known() -> None:
    files = Files({"a": b""}, WHY)
    assert (files.paths, files.at("a"), files.matching(Glob("*"))) == (WHY, WHY, WHY)
    assert files.matching(Glob("a")) == ("a",)


def test_patterns_are_bounded() -> None:
    files = Files({}, ["a"])
    for number in range(MAX_PATTERNS):
        assert files.matching(Glob(f"*{number}")) == ()
    assert files.matching(Glob("*a")) == Unverifiable("more than 100 patterns are named: name fewer")
    assert files.matching(Glob("*0")) == ()


def test_fewer_patterns_are_looked_up_among_very_many_files() -> None:
    assert [most_patterns(count) for count in (0, 20_000, 40_000, 10_000_000)] == [100, 100, 50, 10]
    assert Files({}, ["a"], {"*": ("known",)}).matching(Glob("*")) == ("known",)


class Reader:
    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        return ()

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        return cls()


def test_evidence_is_what_is_read_from_files() -> None:
    assert evidence([Today, Reader, Policy, Reader]) == (Reader,)


def test_lines_count_where_they_are_added_or_all_do() -> None:
    assert Written("a", "b").counts(7)
    assert [Written("a", "b", frozenset({2})).counts(line) for line in (1, 2)] == [False, True]


def test_what_was_not_asked_has_its_reason() -> None:
    measured = Measurements({"a": 1.5}, WHY)
    assert (measured.of("a"), measured.of("b")) == (1.5, WHY)
    live = Live({"A": (LiveAlert("ok"),)}, {"m": None}, WHY)
    assert (live.sample("m"), live.sample("n")) == (None, WHY)
    lineage = Lineage({"abc": Descent(True), "def": None})
    assert (lineage.of("abc"), lineage.of("def")) == (Descent(True, frozenset()), None)
    with pytest.raises(LookupError):
        lineage.of("ghi")
