"""Bytes of evidence: whatever they are, there is data within bounds, or a word on why there is none."""

import base64
import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rules.evidence.loading import (
    MAX_LEVELS,
    MAX_VALUES,
    Block,
    Broken,
    Fault,
    Opaque,
    decoded,
    documents,
    json_value,
    line_of,
    listing,
    mapping,
    number,
    opened,
    templated,
    truth,
)
from rules.facts import MAX_EVIDENCE, Files, Unread


def said(content: bytes | Unread) -> str:
    """What is said of a file of this content that can't be opened, its line before it where one is named."""
    files = Files({"f": content}, ["f"])
    try:
        documents(opened(files, "f"))
    except Broken as broken:
        return str(Fault("f", broken.message, broken.line))
    except Opaque as opaque:
        return f"opaque: {opaque.reason}"
    return ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (Unread("is not there"), "`f` is not there: commit it there"),
        (Unread("is larger than 2 MiB", mendable=False), "opaque: is larger than 2 MiB"),
        (b"x" * (MAX_EVIDENCE + 1), "opaque: is larger than 2 MiB, more than is read"),
        (b"a: \0", "`f` is binary, not text: commit it as text, in UTF-8"),
        (b"a: 1\nb: \xff\n", "`f:2` is not UTF-8 (byte 0xff): save it as UTF-8"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "opaque: is kept in Git LFS, which is not read: commit the file itself",
        ),
        (b"a: [1\n", "`f:2` is not YAML: did not find expected ',' or ']'"),
        (b"a: 1\nb: @c\n", "`f:2` is not YAML: found character that cannot start any token"),
        (b"a: 1\nb: \x01\n", "`f:2` is not YAML: a control character stands in it: remove it"),
        (b"a: *b\n", "`f:1` is not YAML: `*b` names no anchor above it, or what it stands in"),
        (b"a: &a [*a]\n", "`f:1` is not YAML: `*a` names no anchor above it, or what it stands in"),
        (b"? [a]\n: 1\n", "`f:1` has a list or a mapping for a key, which can't be read"),
        (b"{{- if .Values.on }}\na: [\n", "opaque: is a template, and what it becomes is not known here"),
        (b"{% for a in b %}\n- {{ a }}\n", "opaque: is a template, and what it becomes is not known here"),
        (b"a: {{ .Values.on }}\n", "opaque: is a template, and what it becomes is not known here"),
    ],
)
def test_what_can_not_be_read_says_why(content: bytes | Unread, message: str) -> None:
    assert said(content).startswith(message)


def test_nesting_is_bounded() -> None:
    deepest = MAX_LEVELS - 1
    assert said(b"[" * deepest + b"]" * deepest) == ""
    assert f"nested deeper than {MAX_LEVELS} levels" in said(b"[" * 300 + b"]" * 300)
    assert said(b"[" * 500_000) != ""
    no_yaml = b'"\\ud83d\\ude00"'
    assert said(b"[" * deepest + no_yaml + b"]" * deepest) == ""
    assert f"nested deeper than {MAX_LEVELS} levels" in said(b"[" * 300 + no_yaml + b"]" * 300)


def test_a_bomb_of_aliases_is_defused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert f"holds more than {MAX_VALUES} values, aliases expanded: split it" in said("\n".join(lines).encode())


def test_an_escape_for_no_character_is_broken() -> None:
    assert said(b'a: "\\UFFFFFFFF"\n').startswith("`f:1` is not YAML")


def test_values_are_those_of_yaml_1_2() -> None:
    text = "a: no\nb: 1\nc: '1'\nd: 1.5\ne: null\nf: true\ng: 2026-01-01\nh: !!str 1\nj: |\n  x\nk: !!int 7\n"
    assert documents(text) == [
        {"a": "no", "b": 1, "c": "1", "d": 1.5, "e": None, "f": True, "g": "2026-01-01", "h": "1", "j": "x\n", "k": "7"}
    ]


def test_tags_of_their_own_stay() -> None:
    assert documents("a: !Ref b\nc: !Join [',', [x]]\nd: !GetAtt e.f\n") == [
        {"a": {"!Ref": "b"}, "c": {"!Join": [",", ["x"]]}, "d": {"!GetAtt": "e.f"}}
    ]


def test_every_document_of_a_stream_is_there_with_its_lines() -> None:
    first, second, third = documents("---\na:\n  - b: 1\n---\n\n# c\nd: 2\n---\n---\ne\n")[:3]
    assert (first.line, first["a"][0].line, second.line) == (2, 3, 7)
    assert third is None


def test_anchors_are_of_one_document() -> None:
    with pytest.raises(Broken, match="names no anchor"):
        documents("a: &x 1\n---\nb: *x\n")


def test_merge_keys_are_followed_and_yield() -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {c: 3}\nz: {<<: [*x, *y], b: 9}\nw: {<<: *x}\nv: {<<: 1, d: 4}\n"
    (found,) = documents(text)
    assert found["z"] == {"b": 9, "a": 1, "c": 3}
    assert (found["w"], found["v"]) == ({"a": 1, "b": 2}, {"d": 4})


def test_an_alias_is_what_it_repeats() -> None:
    assert documents("- &a {b: 1}\n- *a\n") == [[{"b": 1}, {"b": 1}]]


def test_text_loses_its_mark_and_its_carriage_returns() -> None:
    assert decoded(b"\xef\xbb\xbfa\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: expecting property name enclosed in double quotes"),
        ('{"a": {{ .Values.a }}}', None),
        ("[" * 100_000, "is nested too deep to be read: flatten it"),
        ("1" * 5000, "is not JSON: a number has too many digits"),
    ],
)
def test_json_that_can_not_be_read_says_why(text: str, message: str | None) -> None:
    with pytest.raises(Opaque if message is None else Broken) as error:
        json_value(text)
    assert message is None or str(error.value) == message


def test_json_that_is_no_yaml_is_read_all_the_same() -> None:
    assert documents('{"a": "\\ud83d\\ude00",\t"b": 1}') == [{"a": "😀", "b": 1}]
    with pytest.raises(Broken, match="is not YAML"):
        documents('{"a": "\\ud83d\\ude00"')


def test_json_is_read() -> None:
    assert json_value('{"a": [1, 2.5, "x", null]}') == {"a": [1, 2.5, "x", None]}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (1, 1),
        (0.5, 0.5),
        (True, None),
        ("1", None),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_only_a_finite_number_is_a_number(value: object, read: object) -> None:
    assert number(value) == read
    assert type(number(value)) is type(read)


@pytest.mark.parametrize(
    ("value", "read"),
    [(True, True), (False, False), ("yes", True), ("Off", False), ("TRUE", True), ("1", None), (1, None), (None, None)],
)
def test_a_switch_is_read_in_all_its_ways(value: object, read: bool | None) -> None:
    assert truth(value) is read


def test_what_is_no_collection_is_an_empty_one() -> None:
    assert (mapping({"a": 1}), mapping([1]), mapping(None)) == ({"a": 1}, {}, {})
    assert (listing([1]), listing("ab"), listing({"a": 1})) == ([1], [], [])


@pytest.mark.parametrize(
    "text",
    ["{{- x }}", "{{ x -}}", "{% if a %}", "<% a %>", "{{ .Values.a }}", '{{ include "a" . }}', "{{if .Release.Name}}"],
)
def test_templates_are_told(text: str) -> None:
    assert templated(text)


@pytest.mark.parametrize("text", ["{{ $labels.instance }}", "{{ $value | humanize }}", "{{#is_alert}}", "${var.x}"])
def test_what_alerts_themselves_fill_in_is_no_template(text: str) -> None:
    assert not templated(text)


def test_a_fault_is_one_printable_line() -> None:
    assert str(Fault("a\nb`c", "is not there")) == "`a\\nb'c` is not there"


def test_a_block_knows_its_line() -> None:
    assert Block({"a": 1}).line == 1
    assert Block().begun(7).line == 7


def trees() -> SearchStrategy[Any]:
    """What YAML and JSON can hold."""
    leaves = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8)
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner))


@given(st.binary(max_size=200))
def test_any_bytes_are_data_or_have_a_reason(data: bytes) -> None:
    reason = said(data)
    assert reason == "" or len(reason) > 10


@given(st.binary(max_size=60))
def test_any_bytes_in_base64_are_text(data: bytes) -> None:
    assert documents(f'- "{base64.b64encode(data).decode()}"') == [[base64.b64encode(data).decode()]]


@given(trees())
def test_what_json_says_is_read_as_it_says(tree: Any) -> None:
    text = json.dumps([tree])
    assert documents(text) == [[tree]] or "<<" in text


def test_where_libyaml_is_lacking_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert documents("a: &x {b: no}\nc: *x\n") == [{"a": {"b": "no"}, "c": {"b": "no"}}]
    assert said(b'a: "\\UFFFFFFFF"\n') == "`f` is not YAML: an escape in it stands for no character"


def test_a_mapping_knows_the_lines_of_its_keys() -> None:
    (found,) = documents("a: 1\nb: &b\n  c: |\n    text\n  d: 2\ne: {<<: *b, f: 3}\n")
    assert [line_of(found, key) for key in ("a", "b", "e", "none")] == [1, 2, 6, 1]
    assert [line_of(found["b"], "none", "d", "c"), line_of(found["e"], "f"), line_of(found["e"], "c")] == [5, 6, 6]
    assert [line_of(Block(a=1), "a"), line_of({"a": 1}, "a"), line_of(None, "a")] == [1, None, None]
