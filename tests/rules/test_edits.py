"""A value is written into a policy so that all else in it stays as it is, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.document import absent
from rules.edits import put, scalar
from rules.nodes import ScalarNode, compose
from rules.places import Edit
from rules.policy import Policy
from rules.values import Path
from tests.rules.given import HEADER, example, reading, written

NEW = "2026-11-30"
DUE: Path = ("reviews", "legal", "due")

PUT = [
    # over what stands there
    ("reviews:\n  legal:\n    due: 2027-01-01 # late\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30 # late\n"),
    ("reviews: {legal: {due: 2027-01-01}}\n", DUE, "reviews: {legal: {due: 2026-11-30}}\n"),
    ("reviews:\n  legal:\n    due: '2027-01-01'\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\n"),
    ("reviews:\n  legal:\n    due: |\n      x\n      y\n\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\n\n"),
    ('reviews: {legal: {due: "x\n  y"}}\n', DUE, "reviews: {legal: {due: 2026-11-30}}\n"),
    ("reviews:\n  legal:\n    ? due\n    : 2027-01-01\n", DUE, "reviews:\n  legal:\n    ? due\n    : 2026-11-30\n"),
    (
        "decision:\n  go:\n    - a # first\n    - b\n",
        ("decision", "go", 1),
        "decision:\n  go:\n    - a # first\n    - 2026-11-30\n",
    ),
    ("decision: {go: [a, b]}\n", ("decision", "go", 0), "decision: {go: [2026-11-30, b]}\n"),
    # where a key has no value yet
    (
        "reviews:\n  legal:\n    due: # when?\n    team: x\n",
        DUE,
        "reviews:\n  legal:\n    due: 2026-11-30 # when?\n    team: x\n",
    ),
    ("reviews:\n  legal:\n    due:\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\n"),
    ("reviews: {legal: {due: , team: x}}\n", DUE, "reviews: {legal: {due: 2026-11-30 , team: x}}\n"),
    # as a new key of a mapping
    ("reviews:\n  legal:\n    team: x # who\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\n    team: x # who\n"),
    (
        "reviews:\n    legal:\n          team: x\n",
        DUE,
        "reviews:\n    legal:\n          due: 2026-11-30\n          team: x\n",
    ),
    ("reviews: {legal: {team: x}}\n", DUE, "reviews: {legal: {due: 2026-11-30, team: x}}\n"),
    ("reviews: {legal: {}}\n", DUE, "reviews: {legal: {due: 2026-11-30}}\n"),
    ("reviews: {legal: { team: x }}\n", DUE, "reviews: {legal: {due: 2026-11-30,  team: x }}\n"),
    (
        "reviews:\n  legal: {team: x,\n    outcome: pending}\n",
        DUE,
        "reviews:\n  legal: {due: 2026-11-30, team: x,\n    outcome: pending}\n",
    ),
    (
        "runbooks:\n  - file: x\n    alerts: [y]\n",
        ("runbooks", 0, "exercised"),
        "runbooks:\n  - file: x\n    exercised: 2026-11-30\n    alerts: [y]\n",
    ),
    (
        "runbooks:\n- file: |\n    x\n    y\n",
        ("runbooks", 0, "exercised"),
        "runbooks:\n- file: |\n    x\n    y\n  exercised: 2026-11-30\n",
    ),
    (
        "runbooks:\n  -\n    file: x\n",
        ("runbooks", 0, "exercised"),
        "runbooks:\n  -\n    file: x\n    exercised: 2026-11-30\n",
    ),
    ("runbooks:\n  - {file: x}\n", ("runbooks", 0, "exercised"), "runbooks:\n  - {exercised: 2026-11-30, file: x}\n"),
    # below a key that has no value yet
    ("reviews:\n  legal: # soon\n", DUE, "reviews:\n  legal: # soon\n    due: 2026-11-30\n"),
    ("reviews:\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\n"),
    ("reviews:\n  team: x\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\n  team: x\n"),
    ("reviews: {team: x}\n", DUE, "reviews: {legal: {due: 2026-11-30}, team: x}\n"),
    ("reviews: {}\n", DUE, "reviews: {legal: {due: 2026-11-30}}\n"),
    ("reviews:\n", ("reviews", "a b: c", "due"), 'reviews:\n  "a b: c":\n    due: 2026-11-30\n'),
    # as a section of its own, behind the one after which it belongs
    ("runbooks: []\n", DUE, "reviews:\n  legal:\n    due: 2026-11-30\nrunbooks: []\n"),
    (
        "owners: {}\n\n# then\nrunbooks: []\n",
        DUE,
        "owners: {}\nreviews:\n  legal:\n    due: 2026-11-30\n\n# then\nrunbooks: []\n",
    ),
    (
        "runbooks: []\nowners:\n  fix: x\n",
        DUE,
        "runbooks: []\nowners:\n  fix: x\nreviews:\n  legal:\n    due: 2026-11-30\n",
    ),
    ("owners:\n", DUE, "owners:\nreviews:\n  legal:\n    due: 2026-11-30\n"),
    ("owners: {}", DUE, "owners: {}\nreviews:\n  legal:\n    due: 2026-11-30"),
    ("  owners: {}\n", DUE, "  owners: {}\n  reviews:\n    legal:\n      due: 2026-11-30\n"),
    ("owners: {}\n", ("version",), "version: 2026-11-30\nowners: {}\n"),
    ("{owners: {}}\n", DUE, "{reviews: {legal: {due: 2026-11-30}}, owners: {}}\n"),
    ("owners: {}\n", ("odd",), "odd: 2026-11-30\nowners: {}\n"),
]


@pytest.mark.parametrize(("text", "path", "expected"), PUT)
def test_a_value_is_written_where_it_belongs(text: str, path: Path, expected: str) -> None:
    assert written(text, path, NEW) == expected


@pytest.mark.parametrize(("text", "path", "expected"), PUT)
def test_line_ends_are_kept(text: str, path: Path, expected: str) -> None:
    if "\n" in text:
        assert written(text.replace("\n", "\r\n"), path, NEW) == expected.replace("\n", "\r\n")
    else:
        assert written(text + "\r\n", path, NEW) == expected.replace("\n", "\r\n") + "\r\n"


@pytest.mark.parametrize(("text", "path", "expected"), PUT)
def test_what_was_written_is_read_back(text: str, path: Path, expected: str) -> None:
    node, _ = reading(expected).find(path)
    assert isinstance(node, ScalarNode)
    assert node.value == NEW


@pytest.mark.parametrize(
    ("text", "path"),
    [
        # what an anchor or an alias repeats would change in several places
        ("reviews: {legal: &r {due: 2027-01-01}, a: *r}\n", DUE),
        ("reviews: {a: &r {due: 2027-01-01}, legal: *r}\n", DUE),
        ("reviews: &r\n  legal:\n    due: 2027-01-01\n", DUE),
        ("reviews: {legal: {due: &d 2027-01-01}}\n", DUE),
        ("--- &r\nreviews: {}\n", DUE),
        ("reviews: &r\n", DUE),
        # a list or a mapping is no single value
        ("reviews: {legal: {due: [x]}}\n", DUE),
        ("reviews: {legal: {due: {}}}\n", DUE),
        # a value that is there is not replaced by keys
        ("reviews: x\n", DUE),
        ("reviews: {legal: x}\n", DUE),
        ("reviews: {legal: }\n", DUE),
        ("reviews: [x]\n", DUE),
        ("reviews:\n- x\n", DUE),
        # a list position that isn't there
        ("runbooks: []\n", ("runbooks", 0, "exercised")),
        ("runbooks:\n", ("runbooks", 0, "exercised")),
        ("owners: {}\n", ("runbooks", 0)),
        ("decision: {go: [a]}\n", ("decision", "go", 1)),
        # keys that begin with a question mark
        ("? reviews\n", DUE),
        ("reviews:\n  ? legal\n", DUE),
        ("? owners\n: {}\n", DUE),
        ("? reviews\n: legal: {due: }\n  a: {}\n", ("reviews", "b")),
        ("{reviews, owners: {}}\n", ("reviews",)),
        ("{reviews}\n", DUE),
        # a single pair in a list has no braces
        ("runbooks: [file: x]\n", ("runbooks", 0, "exercised")),
        # no keys at all
        ("", DUE),
        ("# nothing\n", DUE),
        ("hello\n", DUE),
        ("- x\n", DUE),
        ("{}", ("reviews", 0)),
    ],
)
def test_nothing_is_written_where_no_place_is_safe(text: str, path: Path) -> None:
    assert put(reading(text), path, NEW) is None


def test_nothing_is_written_into_a_file_that_is_not_there() -> None:
    assert put(absent(".pilot.yml", Policy), DUE, NEW) is None


def test_nothing_is_written_into_a_line_that_is_huge() -> None:
    long = "reviews: {legal: {team: " + "x" * 5000 + ", due: 2027-01-01}}\n"
    assert put(reading(long), DUE, NEW) is None
    assert put(reading(long.replace("due", "outcome")), DUE, NEW) is None


def test_an_edit_begins_where_its_finding_stands() -> None:
    text = "reviews:\n  legal:\n    due:\n      2027-01-01\n"
    edit = put(reading(text), DUE, NEW)
    assert edit == Edit(3, 4, "    due:\n      2026-11-30")
    section = "runbooks: []\nowners:\n  fix: x\n"
    assert put(reading(section), DUE, NEW) == Edit(3, 3, "  fix: x\nreviews:\n  legal:\n    due: 2026-11-30")
    below = "reviews:\n  legal:\n\n    team: x\n"
    assert put(reading(below), DUE, NEW) == Edit(2, 2, "  legal:\n    due: 2026-11-30")


def test_the_lines_above_an_edit_keep_their_breaks() -> None:
    text = "reviews:\r\n  legal:\r\n    due:\r\n      2027-01-01\r\n"
    assert put(reading(text), DUE, NEW) == Edit(3, 4, "    due:\r\n      2026-11-30")


def test_every_date_of_the_example_can_be_written_over() -> None:
    for path in (("decision", "date"), ("runbooks", 0, "exercised"), ("reviews", "legal", "due")):
        new = written(example(), path, "2026-12-31")
        assert new is not None
        node, _ = reading(new).find(path)
        assert isinstance(node, ScalarNode)
        assert node.value == "2026-12-31"
        assert len(new.splitlines()) == len(example().splitlines())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("a b", "a b"),
        ("a/b.yml", "a/b.yml"),
        (".github/x", ".github/x"),
        ("a+b-c_d", "a+b-c_d"),
        ("7d", "7d"),
        ("2026-11-02", "2026-11-02"),
        ("x", "x"),
        ("no", "no"),
        ("", '""'),
        (" a", '" a"'),
        ("a ", '"a "'),
        ("@ana", '"@ana"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("1", '"1"'),
        ("1.5", '"1.5"'),
        ("0x1F", '"0x1F"'),
        (".5", '".5"'),
        ("true", '"true"'),
        ("Null", '"Null"'),
        ("-a", '"-a"'),
        ("a,b", '"a,b"'),
        ("[a]", '"[a]"'),
        ('say "x"', '"say \\"x\\""'),
        ("a\\b", '"a\\\\b"'),
        ("a\nb", '"a\\U0000000ab"'),
        ("é", '"é"'),
        ("\u202e", '"\\U0000202e"'),
        ("a\n", '"a\\U0000000a"'),
        (3, "3"),
        (0.5, "0.5"),
        (["a", "@b", 1], '[a, "@b", 1]'),
        (("a",), "[a]"),
        ([], "[]"),
        ({"a": 1, "b": "@c", "d": ["e"]}, '{a: 1, b: "@c", d: [e]}'),
        ({}, "{}"),
    ],
)
def test_a_value_is_quoted_only_where_it_must_be(value: object, text: str) -> None:
    assert scalar(value) == text


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_read_back_as_it_was_written(value: str) -> None:
    text = scalar(value)
    assert "\n" not in text
    for whole in (f"k: {text}\n", f"{{k: {text}}}", f"k: [{text}]\n", f"{text}: 1\n" if len(text) < 120 else "k: 1\n"):
        assert compose(whole.encode()).problems == ()
    node, _ = reading(f"k: {text}\n").find(("k",))
    assert isinstance(node, ScalarNode)
    assert node.value == value


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_key_is_written_so_that_it_is_found_again(name: str) -> None:
    path: Path = ("reviews", name, "due")
    for text in (HEADER, HEADER + "reviews: {}\n", HEADER + "reviews:\n  legal: {}\n"):
        new = written(text, path, NEW)
        assert new is not None
        node, _ = reading(new).find(path)
        assert isinstance(node, ScalarNode), new
        assert node.value == NEW
