"""Plain JSON and YAML by pointer, and what every format has in common."""

import pytest

from rules.evidence.hashes import Hash
from rules.evidence.results import Measured, Query, Results, Unmeasured
from tests.rules.evidence.results.reading import read, unclear, value, wrong
from tests.rules.given import holding, policy

REPORT = {
    "0": {"precision": 0.5, "support": 10},
    "accuracy": 0.95,
    "a/b": {"c~d": 3},
    "list": [1, 2],
    "text": "0.95",
    "flag": True,
    "nothing": None,
    "empty": {},
}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [("/accuracy", 0.95), ("/0/precision", 0.5), ("/a~1b/c~0d", 3), ("/list/1", 2)],
)
def test_a_pointer_finds_a_number(pointer: str, expected: float) -> None:
    assert value(REPORT, format="json", pointer=pointer) == Measured(expected)
    assert value(REPORT, pointer=pointer) == Measured(expected)


def test_the_empty_pointer_is_the_whole() -> None:
    assert value("0.75\n", pointer="").value == 0.75
    assert wrong("false", pointer="")[1] == (
        "`r` holds false as a whole, which is no number: write the pointer of a number that stands in it"
    )


def test_yaml_is_read_too_with_keys_that_are_numbers() -> None:
    assert value("0: {f1: 0.5}\n-1: {f1: 0.25}\n", pointer="/0/f1").value == 0.5
    assert value("0: {f1: 0.5}\n-1: {f1: 0.25}\n", pointer="/-1/f1").value == 0.25
    assert wrong("0: {f1: 0.5}\n", pointer="/2/f1")[1].startswith("`r` has nothing at `/2`: write the pointer")


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("/text", "holds text at `/text`, `0.95`: write the number without quotes"),
        ("/flag", "holds true at `/flag`, which is no number: write the pointer of a number that stands in it"),
        ("/nothing", "holds none at `/nothing`, which is no number: write the pointer of a number that stands in it"),
        ("/list", "holds a list at `/list`: point at one number"),
        ("/0", "holds several values at `/0`: point at one of them, as in `/0/precision`"),
        ("/a~1b", "holds several values at `/a~1b`: point at one of them, as in `/a~1b/c~0d`"),
        ("/empty", "holds several values at `/empty`: point at one of them"),
        ("/list/01", "has nothing at `/list/01`, since it holds a list at `/list`: write `/list/0` for its first item"),
        ("/list/2", "has nothing at `/list/2`, since it holds a list at `/list`: write `/list/0` for its first item"),
        ("/list/-", "has nothing at `/list/-`, since it holds a list at `/list`: write `/list/0` for its first item"),
        ("/accuracy/x", "has nothing at `/accuracy/x`: write the pointer of a number that stands in it"),
        ("text", "has nothing at `text`, which is no JSON Pointer since it lacks the `/` before it: write `/text`"),
        ("/txt", "has nothing at `/txt`: write the pointer of a number that stands in it"),
    ],
)
def test_a_pointer_to_anything_else_is_said(pointer: str, message: str) -> None:
    assert wrong(REPORT, pointer=pointer) == ("pointer", f"`r` {message}", None)


def test_a_list_says_how_to_point_into_it() -> None:
    items = [1, {"metric": "x"}, {"a": {"b": 0.5}}]
    assert wrong(items, pointer="/a/b")[1] == (
        "`r` has nothing at `/a`, since it holds a list as a whole: name one of its items, as in `/2/a/b`"
    )
    assert wrong([], pointer="/a")[1] == "`r` has nothing at `/a`, since it holds a list as a whole: measure again"
    assert value(items, pointer="/2/a/b").value == 0.5


def test_anchors_and_merge_keys_are_followed() -> None:
    assert value("x: &x {a: 0.5}\ny: {<<: *x, b: 1}\nz: {<<: [*x], <<: *x}\n", pointer="/y/a").value == 0.5


def test_the_right_pointer_is_guessed_where_it_would_do() -> None:
    assert wrong(REPORT, pointer="/0/precison")[1:] == (
        "`r` has nothing at `/0/precison`: did you mean `/0/precision`?",
        "/0/precision",
    )
    assert wrong({"a/x": {"n": 1}}, pointer="/ax/n")[2] == "/a~1x/n"


def test_numbers_that_are_not_finite_are_none() -> None:
    for text, said in (("NaN", "nan"), ("1e999", "inf"), ("-Infinity", "-inf")):
        found = wrong(f'{{"a": {text}}}', pointer="/a")
        assert found[1] == f"`r` holds `{said}` at `/a`, which is no finite number: measure it again"


def test_a_json_source_without_a_pointer_says_so() -> None:
    assert wrong(REPORT) == ("pointer", "`r` is not pointed into: write `pointer:`, as in `pointer: /accuracy`", None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "`r` is empty: run the evaluation and commit what it writes"),
        (b'{"a": 1', "`r:1` is not JSON: expecting ',' delimiter"),
        (b'{"a": 1}\n{"a": 2}\n', "`r:2` holds several JSON values, one to a line: commit the one with the result"),
        (
            b'{"a": 1,\n"b": 1}\n\n{"a": 2}\n',
            "`r:4` holds several JSON values, one to a line: commit the one with the result",
        ),
        (b"[1]\n[2]\n", "`r:2` holds several JSON values, one to a line: commit the one with the result"),
        (b'{"b": {"a": 1, "c": 2, "a": 3}}', "`r` has the key `a` twice in one object: remove the wrong one"),
        (b"b: 1\na: 1\na: 2\n", "`r:3` has the key `a` twice in one mapping: remove the wrong one"),
        (b"a,b\n1,2\n", "`r` is plain text, in which no value has a name: have the evaluation write JSON"),
        (b"\xff\xfe{\0}\0", "`r` is UTF-16: save it as UTF-8"),
        (b"a: 1\n---\na: 2\n", "`r` holds 2 YAML documents: commit the one with the result"),
        (b"a: [\n", "`r:2` is not YAML: did not find expected node content"),
        (b"\xff", "`r:1` is not UTF-8 (byte 0xff): save it as UTF-8"),
        (b"<a>", "`r:1` is not XML: no element found"),
        (b"<a/>", "`r` is XML, but no JUnit report: name a file of results"),
    ],
)
def test_a_broken_file_is_said_with_its_line(content: bytes, message: str) -> None:
    assert wrong(content, pointer="/a") == ("file", message, None)


def test_what_is_not_read_is_unclear() -> None:
    assert unclear(b"{{ .Values.x }}: [", pointer="/a").startswith("`r` is a template")


def test_a_format_that_the_file_is_not_of_is_said() -> None:
    assert wrong("<testsuite/>", format="json", pointer="/a") == (
        "format",
        "`r` is not of format json: write `format: junit`",
        "junit",
    )
    assert wrong("<a/>", format="mlflow", pointer="/a") == (
        "format",
        "`r` is not of format mlflow: name a file of that format",
        None,
    )


FULL = {
    "a": 0.9,
    "n": 12,
    "md5": "A304AFB96060AAD90176268345E10355.dir",
    "sha": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "by": {"de": 0.8, "fr": {"f1": 0.7}, "es": {"f1": 0.7, "n": 2}, "it": "bad"},
}


def test_the_other_pointers_are_followed() -> None:
    found = value(FULL, pointer="/a", samples="/n", dataset="/md5", commit="/sha", slices="/by")
    assert found == Measured(
        0.9,
        12,
        "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        Hash(None, "a304afb96060aad90176268345e10355"),
        {"de": 0.8, "fr": 0.7},
    )


def test_what_is_wrong_with_them_is_kept_by_key() -> None:
    found = value(FULL, pointer="/a", samples="/a", dataset="/n", commit="/x", slices="/n")
    assert (found.value, found.samples, found.dataset, found.commit, found.slices) == (0.9, None, None, None, None)
    assert found.faults == {
        "samples": "`r` holds `0.9` at `/a`, which is no number of samples: point at a whole number",
        "dataset": "`r` holds `12` at `/n`, which is no hash of content: have the evaluation write the manifest's hash"
        " there, in quotes",
        "commit": "`r` has nothing at `/x`: point at the SHA of the measured commit",
        "slices": '`r` holds no object of slices at `/n`: write one there, as in `{"malformed": 0.9}`',
    }


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("md5:abc", "is no MD5 of 32 hexadecimal digits"),
        ("0" * 32, "is a placeholder"),
        ("v3", "is no hash of content"),
        ("", "is no hash of content"),
        (7, "is no hash of content"),
    ],
)
def test_what_is_no_hash_of_the_data_says_why(written: object, why: str) -> None:
    said = value({"a": 1, "d": written}, pointer="/a", dataset="/d").faults["dataset"]
    assert said.startswith(f"`r` holds `{written}` at `/d`, which {why}: have the evaluation write")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("ABCDEF0", "abcdef0"),
        ("v1.2-3-gabc1234", "abc1234"),
        (1234567, "1234567"),
        ("main", None),
        ("abc123", None),
        ("4b825dc-dirty", None),
        (0.5, None),
        ("a" * 300, None),
    ],
)
def test_a_commit_is_a_sha(written: object, read_as: str | None) -> None:
    found = value({"a": 1, "c": written}, pointer="/a", commit="/c")
    assert found.commit == read_as
    assert ("commit" in found.faults) == (read_as is None)


def test_sources_without_a_file_ask_prometheus() -> None:
    assert read("", format="prometheus", query="sum(up)") == Query("sum(up)")
    text = 'criteria: [{source: {query: "(up)"}}, {source: {query: "\\"a\\""}}, {source: {query: "((x[5m:1m]))"}}]'
    first, text_, ranged = Results.read(policy(text), holding({})).readings
    assert first == Query("(up)")
    assert "yields text: write" in str(text_)
    assert "yields a range of values" in str(ranged)
    assert Results.wanted(policy(text)) == ()


@pytest.mark.parametrize("query", ["a+" * 201 + "a", "(" * 201 + "a" + ")" * 201, "a and " * 201 + "a", "a" * 10_001])
def test_a_query_that_would_kill_the_parser_never_reaches_it(query: str) -> None:
    assert wrong("", format="prometheus", query=query)[1].startswith("the query has more than 200 operators")


def test_each_file_is_named_once_for_gathering() -> None:
    text = "criteria: [{}, {source: {file: a}}, {source: {format: prometheus, file: b, query: up}}, {source: {}}]"
    assert Results.wanted(policy(text)) == ("a",)


def test_the_commits_of_all_results_are_known() -> None:
    text = "criteria: [{source: {file: r, pointer: /a, commit: /c}}, {source: {file: r, pointer: /a}}, {}]"
    content = b'{"a": 1, "c": "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}'
    found = Results.read(policy(text), holding({"r": content}))
    assert found.commits == {"4b825dc642cb6eb9a060e54bf8d69288fbee4904"}


def test_a_file_may_be_read_as_several_formats() -> None:
    text = "criteria: [{source: {file: r, pointer: /a}}, {source: {format: json, file: r, pointer: /a}}]"
    assert Results.read(policy(text), holding({"r": b'{"a": 1}'})).readings == (Measured(1), Measured(1))


def test_a_policy_is_no_result() -> None:
    text = "criteria: [{source: {file: pilots/a/.pilot.yml, pointer: /criteria/0/target}}]"
    (found,) = Results.read(policy(text), holding({"pilots/a/.pilot.yml": b"criteria: [{target: 1}]"})).readings
    assert isinstance(found, Unmeasured)
    assert (found.key, found.message.partition(",")[0]) == ("file", "a policy is no result")


def test_more_slices_than_anybody_reads_are_said() -> None:
    found = value({"a": 1, "by": {str(number): 1 for number in range(1001)}}, pointer="/a", slices="/by")
    assert found.slices is None
    assert found.faults["slices"] == "`r` holds more than 1000 slices at `/by`: point at those of `slices` alone"
