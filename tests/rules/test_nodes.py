"""What can't be read as YAML is one problem at the place where a person should look; what can, has its places."""

import pytest

from rules.document import plain
from rules.nodes import Composed, MappingNode, Node, ScalarNode, SequenceNode, compose
from rules.places import Edit, Place, Text
from tests.rules.given import HEADER, reading, told

FITS_NOWHERE = "this is not YAML: this fits nowhere: check the indentation, and the quotes before it"
NEVER_CLOSED = "this is not YAML: what opens here is never closed"
BAD_START = "this is not YAML: this character can't begin a plain value: put the text in quotes"
TAB_INDENTS = "a tab indents this line, which YAML forbids: indent with spaces"
COLON = "this is not YAML: a `:` stands where no key can begin: check the indentation, or quote the text"
ESCAPE = "this is not YAML: no such escape in double quotes: use single quotes, or double the backslash"
COMMA = "this is not YAML: a comma or the closing bracket is missing before this"

UNREADABLE = [
    ("owners:\n\tfix: '@a'\n", 2, 1, TAB_INDENTS),
    ("owners:\n  fix: '@a'\n \t monitor: '@b'\n", 3, 2, TAB_INDENTS),
    ("a: `b`\n", 1, 4, BAD_START),
    ("a: %b\n", 1, 4, BAD_START),
    ("a: @\n", 1, 4, BAD_START),
    ("a: >=\n", 1, 4, "`>=` can't begin a plain value in YAML: write it in quotes, as in \">=\""),
    ("a: [1, 2\nb: 3\n", 2, 2, COMMA),
    ("a: [1, 2\nb\n", 1, 4, NEVER_CLOSED),
    ("a: {b: 'c'\n", 1, 4, NEVER_CLOSED),
    ('a: "b\n', 1, 4, NEVER_CLOSED),
    ("a: b: c\n", 1, 5, COLON),
    ("a: 1\nhello\nb: 2\n", 2, 1, "this is not YAML: a key without its `:` stands here"),
    ('a: "\\q"\n', 1, 6, ESCAPE),
    ("a:\n    b: 1\n  c: 2\n", 3, 3, FITS_NOWHERE),
    ("a: 'b' c\n", 1, 8, FITS_NOWHERE),
    ("'a' 'b'\n", 1, 5, FITS_NOWHERE),
    ("a: {b: 1 c: 2}\n", 1, 11, COMMA),
    ("a: !x!y z\n", 1, 4, "this is not YAML: a policy has no tags: remove the one here"),
    ("a: *b\n", 1, 4, "`*b` names no anchor above it"),
    ("a: &a [*a]\n", 1, 8, "`*a` stands inside what it repeats"),
    ("a: 1\n---\nb: 1\n", 2, 1, "a second document starts here: keep one policy to a file"),
    ("a: 1\n...\nb: 1\n", 3, 1, "a second document starts here: keep one policy to a file"),
    (
        "a: 1\nb: \"\\U00110000\"\n",
        2,
        7,
        "this is not YAML: no character has this number: write another, or double the backslash",
    ),
    ("a: 1\n\0b: 2\n", 2, 1, "a NUL byte stands here: remove it"),
    ("a: 1\rb: 2\n", 1, 5, "a carriage return without a line feed stands here: remove it"),
    ("a: 1\nb: \x07\n", 2, 4, "the control character U+0007 stands here: remove it"),
    ("a: 1\nb: \ufffe\n", 2, 4, "the control character U+FFFE stands here: remove it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message"), UNREADABLE)
def test_what_cannot_be_read_is_one_problem_where_to_look(text: str, line: int, column: int, message: str) -> None:
    assert told(text) == [(line, column, message)]


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (HEADER.encode("utf-16"), 1, 1, "the file is UTF-16 or UTF-32: save it as UTF-8"),
        (HEADER.encode("utf-16-le"), 1, 1, "the file is UTF-16 or UTF-32: save it as UTF-8"),
        (HEADER.encode("utf-16-be"), 1, 1, "the file is UTF-16 or UTF-32: save it as UTF-8"),
        (b"\xfe\xff\0a", 1, 1, "the file is UTF-16 or UTF-32: save it as UTF-8"),
        (b"\xff\xfea\0", 1, 1, "the file is UTF-16 or UTF-32: save it as UTF-8"),
        (HEADER.encode("utf-32"), 1, 1, "the file is UTF-16 or UTF-32: save it as UTF-8"),
        (b"\0\0", 1, 1, "a NUL byte stands here: remove it"),
        (b"a\0b", 1, 2, "a NUL byte stands here: remove it"),
        (b"\0\0\0\0", 1, 1, "a NUL byte stands here: remove it"),
        (b"a: \xc3\xa9\nb: caf\xe9\n", 2, 7, "byte 0xe9 is not UTF-8: save the file as UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, 4, "byte 0xed is not UTF-8: save the file as UTF-8"),
        (b"\x0f", 1, 1, "the control character U+000F stands here: remove it"),
        (b"\x81", 1, 1, "byte 0x81 is not UTF-8: save the file as UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_one_problem(data: bytes, line: int, column: int, message: str) -> None:
    found = compose(data)
    assert found.root is None
    assert found.text.text == ""
    assert told(data) == [(line, column, message)]


@pytest.mark.parametrize(
    "character", ["\t", "\x85", "\xa0", "\u2028", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "😀"]
)
def test_every_character_that_yaml_allows_may_stand_in_quotes(character: str) -> None:
    assert told(f"{HEADER}owners: {{}} # {character}\n") == []
    assert told(f'{HEADER}criteria: [{{unit: "a{character}b"}}]\n') == []


def test_a_handle_without_quotes_is_put_in_quotes() -> None:
    text = "owners:\n  fix: @acme/ml-platform # them\n"
    (problem,) = reading(text).problems
    assert problem.place == Place(2, 8, 2, 25)
    assert problem.message == '`@` can\'t begin a plain value in YAML: put it in quotes, as in "@acme/ml-platform"'
    assert problem.key is None
    assert problem.edit == Edit(2, 2, '  fix: "@acme/ml-platform" # them')


def test_half_a_character_is_refused() -> None:
    (problem,) = reading(HEADER + 'criteria: [{unit: "\\ud800"}]\n').problems
    assert problem.place == Place(3, 19, 3, 27)
    assert problem.message == "this text holds half a character (a lone surrogate): write the whole one"
    assert problem.key == ("criteria", 0, "unit")


def test_directives_of_another_yaml_are_refused() -> None:
    assert told("%YAML 1.1\n---\n" + HEADER) == [(1, 1, "a policy is YAML 1.2: remove the %YAML directive")]
    assert told("%TAG ! tag:x,2000:\n---\n" + HEADER) == [(1, 1, "a policy has no tags: remove the %TAG directive")]
    assert told("%YAML 1.2\n%YAML 1.2\n---\n" + HEADER) == [(2, 1, "a second %YAML directive stands here: remove it")]
    assert told("%YAML 1.2\n---\n" + HEADER + "...\n") == []


def test_a_problem_names_the_key_where_it_stands() -> None:
    problems = compose(b"a: {b: [x, !t y]}\n<<: {}\n? [q]\n: 1\n").problems
    assert [problem.key for problem in problems] == [("a", "b", 1), ("<<",), None]
    assert [problem.place for problem in problems] == [Place(1, 12, 1, 16), Place(2, 1, 2, 3), Place(3, 3, 3, 6)]
    assert compose(b"a: [1, *x]").problems[0].key == ("a", 1)


def root(text: str) -> Node:
    composed = compose(text.encode())
    assert composed.problems == ()
    assert composed.root is not None
    return composed.root


def value(text: str, key: str) -> tuple[Node, str]:
    """The node at a key and the text that it covers."""
    node = root(text)
    assert isinstance(node, MappingNode)
    found = node.entries[key].value
    return found, text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("k: a b # c\n", "a b"),
        ("k: 'a b'  \n", "'a b'"),
        ("k: [a, b] # c\n", "[a, b]"),
        ("k:\n  a: 1\n  b: 2\n\n# c\nz: 1\n", "a: 1\n  b: 2"),
        ("k:\n  - 1\n  - 2 # c\n\nz: 1\n", "- 1\n  - 2"),
        ("k: |\n  a\n  b\n\n\nz: 1\n", "|\n  a\n  b"),
        ("k: >-\n  a\n\n# c\nz: 1\n", ">-\n  a"),
        ("k: &x a\n", "&x a"),
        ("k: a\n  b\nz: 1\n", "a\n  b"),
        ("k: {a: {b: }}\n", "{a: {b: }}"),
    ],
)
def test_a_node_covers_its_own_text_and_no_more(text: str, covered: str) -> None:
    assert value(text, "k")[1] == covered


@pytest.mark.parametrize(
    ("text", "at"), [("k:\n\n# c\nz: 1\n", 2), ("k : # c\nz: 1\n", 3), ("{k, z: 1}", 2), ("? k\nz: 1\n", 3), ("k:", 2)]
)
def test_a_missing_value_stands_right_behind_its_key(text: str, at: int) -> None:
    node, _ = value(text, "k")
    assert (node.start, node.end) == (at, at)


def test_an_anchored_nothing_stays_where_its_anchor_is() -> None:
    node, covered = value("k: &x\nz: 1\n", "k")
    assert node.anchored
    assert covered == "&x"


def test_the_sizes_and_depths_of_what_aliases_repeat_are_counted() -> None:
    node = root("a: &a [1, [2]]\nb: *a\n")
    assert isinstance(node, MappingNode)
    first, second = (entry.value for entry in node.entries.values())
    assert (first.size, first.levels) == (4, 2)
    assert (second.size, second.levels) == (4, 2)
    assert (second.start, second.end) == (18, 20)
    assert first.anchored
    assert second.anchored
    assert (node.size, node.levels) == (11, 3)
    assert isinstance(root("a"), ScalarNode)
    assert (root("[]").size, root("[]").levels) == (1, 1)
    assert (root("{}").size, root("{}").levels) == (1, 1)
    assert (root("a").size, root("a").levels) == (1, 0)


def test_an_anchor_may_be_used_again() -> None:
    assert plain(root("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")) == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_values_are_mappings_lists_and_scalars() -> None:
    text = "a: {b: [1, x, ~]}\n1: 'two'\ntrue: !!str 3\n? null\n: \"4\"\n"
    composed: Composed = compose(text.encode())
    assert composed.root is not None
    assert plain(composed.root) == {"a": {"b": (1, "x", None)}, "1": "two", "true": "3", "null": "4"}
    assert [problem.message for problem in composed.problems] == ["a policy has no tags: remove `!!str`"]
    assert plain(Node(0, 0)) is None


def test_flow_and_block_style_are_told_apart() -> None:
    for text, flow in (("{a: 1}", True), ("a: 1", False)):
        mapping = root(text)
        assert isinstance(mapping, MappingNode)
        assert mapping.flow is flow
    for text, flow in (("[1]", True), ("- 1", False)):
        sequence = root(text)
        assert isinstance(sequence, SequenceNode)
        assert sequence.flow is flow


def test_lines_end_at_line_feeds_and_columns_count_characters() -> None:
    text = Text("ab\r\n\né😀x\u2028y")
    assert len(text) == 3
    assert text.newline == "\r\n"
    assert Text("a\nb").newline == "\n"
    assert [text.position(offset) for offset in (0, 2, 4, 5, 7, 10)] == [(1, 1), (1, 3), (2, 1), (3, 1), (3, 3), (3, 6)]
    assert text.place(0, 5) == Place(1, 1, 3, 1)
    assert text.place(5, 0) == Place(3, 1, 3, 1)
    assert text.lines(1, 1) == "ab"
    assert text.lines(1, 2) == "ab\r\n"
    assert text.lines(2, 3) == "\né😀x\u2028y"
    assert Text("a\n").lines(2, 2) == ""


def test_a_splice_rewrites_whole_lines_unless_they_are_huge() -> None:
    assert Text("abc\ndef\nghi").splice(1, 9, "X") == Edit(1, 3, "aXhi")
    assert Text("abc\r\ndef\n").splice(1, 2, "X\r\nY") == Edit(1, 1, "aX\r\nYc")
    assert Text("x" * 4097).splice(0, 1, "y") == Edit(1, 1, "y" + "x" * 4096)
    assert Text("x" * 4098).splice(0, 1, "y") is None
