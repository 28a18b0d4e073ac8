"""The slips that people make in YAML are named as what they are, where they are, with what to write."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import parser
from ruamel.yaml import scanner as theirs
from ruamel.yaml.error import MarkedYAMLError

from rules import scanner
from rules.document import plain, read
from rules.nodes import MAX_SLIPS, compose
from rules.places import Problem
from rules.policy import Organisation
from rules.slips import Slips, spaced
from rules.values import _written
from tests.rules.given import CODES, HEADER, policy, reading, solved, told

TAB_INDENTS = "a tab indents this line, which YAML forbids: indent with spaces"
TAB = "a tab stands here, where YAML wants a space: write one"
FITS_NOWHERE = "this is not YAML: this fits nowhere: check the indentation, and the quotes before it"
CONFLICT = "a merge conflict stands here: keep one side, and remove the lines that mark it"
TAG = "a policy has no tags: remove the %TAG directive"
VERSION = "a policy is YAML 1.2: remove the %YAML directive"
WIDE = "the file is UTF-16 or UTF-32: save it as UTF-8"
NUL = "a NUL byte stands here: remove it"
PERSON = 'people are written "@login" or "@org/team"'
FOLDED = '`op`: `>` begins a text of several lines in YAML: write it in quotes, as in ">"'
KNOWN_OPERATORS = "(one of >, >=, <, <=)"


def value(text: str) -> object:
    """What YAML text is read as."""
    composed = compose(text.encode())
    assert composed.problems == ()
    assert composed.root is not None
    return plain(composed.root)


def handle(name: str) -> str:
    return f'`@` can\'t begin a plain value in YAML: put it in quotes, as in "{name}"'


def pattern(name: str) -> str:
    return f'`*` begins an alias in YAML: put a pattern in quotes, as in `"{name}"`'


def operator(sign: str) -> str:
    return f'`{sign}` can\'t begin a plain value in YAML: write it in quotes, as in "{sign}"'


def missing(written: str) -> str:
    return f"a space is missing after the colon: write `{written}`"


def cleared(text: str) -> str:
    """The text with the edits of all its problems put in, from the last line to the first; nothing is left to tell."""
    edits = {problem.edit.line: problem for problem in reading(text).problems if problem.edit is not None}
    for line in sorted(edits, reverse=True):
        text = solved(text, edits[line])
    assert told(text) == []
    return text


# Tabs


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ('a:\t"b"', {"a": "b"}),
        ("a:\t\n  b: c", {"a": {"b": "c"}}),
        ("a: {}\t# c\n\t# d\nb:\t1\t\n", {"a": {}, "b": 1}),
        ("\t\n \t \n\t# c\na: 1\n\t", {"a": 1}),
        ("a\t: 1\n'b'\t:\t2", {"a": 1, "b": 2}),
        ("-\ta\n- \tb\n-\t[c,\td]", ("a", "b", ("c", "d"))),
        ("a:\n - b\n -\n  \tc", {"a": ("b", "c")}),
        ("a: b\tc \td\t# e", {"a": "b\tc \td"}),
        ("a: b\t: c", "refused"),
        ("a: b\n  c\n \td\n  \t\n  e\n\nf: g", {"a": "b c d\ne", "f": "g"}),
        ("a: b\n\t\nc: d", {"a": "b", "c": "d"}),
        ("a: [\n \tb\t,\n  \t\tc,\n\t\n d ]", {"a": ("b", "c", "d")}),
        ("\t[\n\t]", ()),
        ("a: |\t\n b\tc\n \td", {"a": "b\tc\n\td"}),
        ("a: >-\t# c\n b\n\n c", {"a": "b\nc"}),
        ("a: |2+\t\n   b\n", {"a": " b\n"}),
        ("a: |-1\n  b\n", {"a": " b"}),
        ("a: 'b\tc'\nd: \"e\t\\\tf\"", {"a": "b\tc", "d": "e\t\tf"}),
        ("a: &x\tb\nc: *x\t\n", {"a": "b", "c": "b"}),
        ("?\ta\n:\tb", {"a": "b"}),
        ("---\t\na: b\n...\t\n", {"a": "b"}),
        ("a\nb\n---", "refused"),
        ("a: b\n...\n", {"a": "b"}),
    ],
)
def test_tabs_separate_as_spaces_do(text: str, read_as: object) -> None:
    if read_as == "refused":
        assert compose(text.encode()).problems
        return
    assert value(text) == read_as
    spaces = "\n".join(text.split("\n"))
    assert value(spaces.replace("\n", "\r\n")) == read_as


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("\ta: 1", 1, 1, TAB_INDENTS),
        ("a:\n\tb: c", 2, 1, TAB_INDENTS),
        ("a:\n \tb: c", 2, 2, TAB_INDENTS),
        ("a:\n\tb", 2, 1, TAB_INDENTS),
        ("a: b\n\tc", 2, 1, TAB_INDENTS),
        ("a:\n  b: c\n \td", 3, 2, TAB_INDENTS),
        ("a:\n\t- b", 2, 1, TAB_INDENTS),
        ("a:\n \t- b", 2, 2, TAB_INDENTS),
        ("a:\n \t? b", 2, 2, TAB_INDENTS),
        ("a: [\n\tb]", 2, 1, TAB_INDENTS),
        ("a: [b\n\t]", 2, 1, TAB_INDENTS),
        ("a: [b c\n\td]", 2, 1, TAB_INDENTS),
        ("a: |\n\tb", 2, 1, TAB_INDENTS),
        ("-\t- a", 1, 2, TAB),
        ("-  \ta: b", 1, 4, TAB),
        ("? a\n:\tb: c", 2, 2, TAB),
        ("-\t? a", 1, 2, TAB),
    ],
)
def test_a_tab_that_indents_is_told_at_its_column(text: str, line: int, column: int, message: str) -> None:
    (problem,) = compose(text.encode()).problems
    assert (problem.place.line, problem.place.column, problem.message) == (line, column, message)
    assert (problem.edit is not None) == (message == TAB)
    if problem.edit is not None:
        assert compose(solved(text, problem).encode()).problems == ()


# Directives, characters that end no line, byte order marks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%YAML 1.2\n---\n", []),
        ("# c\n\n%YAML\t1.2 # c\n# c\n---\n", []),
        ("%YAML 1.2\r\n---\r\n", []),
        ("%OTHER thing\n---\n", []),
        ("%YAML 1.3\n---\n", [(1, VERSION)]),
        ("# c\n%YAML 1.1\n---\n", [(2, VERSION)]),
        ("%YAML 3\n---\n", [(1, VERSION)]),
        ("%YAML\n---\n", [(1, VERSION)]),
        ("%YAML 1.2\n%YAML 1.2\n---\n", [(2, "a second %YAML directive stands here: remove it")]),
        ("%TAG ! x\n%TAG ! x\n---\n", [(1, TAG), (2, TAG)]),
        ("%\n---\n", [(1, "`%` begins a directive, and this one has no name: remove it")]),
        ("%YAML 1.2\n", [(1, "a directive needs the line `---` below it: remove the directive")]),
    ],
)
def test_directives_are_told_where_they_stand(text: str, found: list[tuple[int, str]]) -> None:
    assert told(text + HEADER) == [(line, 1, message) for line, message in found]
    cleared(text + HEADER)


def test_a_directive_below_the_head_is_told_as_what_it_is() -> None:
    message = "`%` begins no line of a policy: put the text in quotes, or remove it"
    assert told(HEADER + "%YAML 1.2\n") == [(3, 1, message)]


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_only_line_feeds_end_lines(character: str) -> None:
    assert told(f"# a{character}b: c\n{HEADER}x: {{}}\n")[0][:2] == (4, 1)
    found = policy(f"criteria: [{{unit: a{character}b, id: 'c{character} d', description: \"e\\L\"}}]\n").criteria
    assert found is not None
    assert (found[0].unit, found[0].id, found[0].description) == (f"a{character}b", f"c{character} d", "e\u2028")
    shown = character.encode("unicode_escape").decode()
    assert told(f"{HEADER}x: *a{character}\n") == [(3, 4, f"`*a{shown}` names no anchor above it")]
    assert value(f"a: &x{character} b\nc: *x{character}") == {"a": "b", "c": "b"}
    assert value(f"a: |\n b{character}c\n d\n") == {"a": f"b{character}c\nd\n"}


def test_a_second_byte_order_mark_is_named() -> None:
    text = "\ufeff" + HEADER
    assert told("\ufeff" + text) == [(1, 1, "a second byte order mark stands here: remove it")]
    (problem,) = reading("\ufeff" + text).problems
    assert solved(text, problem) == HEADER


@pytest.mark.parametrize(
    ("data", "column", "message"),
    [
        *((HEADER.encode(form), 1, WIDE) for form in ("utf-32-be", "utf-32-le", "utf-16-be", "utf-16-le")),
        *((f"\ufeff{HEADER}".encode(form), 1, WIDE) for form in ("utf-32-be", "utf-32-le", "utf-16-be", "utf-16-le")),
        (b"\0version: 1\n", 1, NUL),
        (b"v\0ersion: 1\n", 2, NUL),
        (b"\0v\0ersion: 1\n", 1, NUL),
        (b"v\0e\0rsion: 1\n", 2, NUL),
        (b"\0\0\0version: 1\n", 1, NUL),
        (b"v\0\0\0e\0\0\0\0\0\0\0", 2, NUL),
        (b"a\0", 2, NUL),
    ],
)
def test_other_encodings_are_told_from_stray_nul_bytes(data: bytes, column: int, message: str) -> None:
    assert told(data) == [(1, column, message)]


# What has to be in quotes

QUOTES = [
    ("owners:\n  fix: @acme/ml # c\n", [(4, 8, handle("@acme/ml"))], 'owners:\n  fix: "@acme/ml" # c\n'),
    (
        "decision: {deciders: [@a, @b]}\n",
        [(3, 23, handle("@a")), (3, 27, handle("@b"))],
        'decision: {deciders: ["@a", "@b"]}\n',
    ),
    (
        "# c: @z\nowners:\n  fix: @a\n  # monitor: @b\n  monitor:\n    @c\n"
        "reviews:\n  legal: {team: '@d', evidence: \"it: @e\"} # - @f\n"
        "criteria:\n  - description: |\n      ask: @g\n\n      - @h\n    unit: mail@x, or @y\n"
        "  - description: >-\n      - @i\n"
        "decision:\n  deciders:\n    - @j\n    - - @k\n",
        [(5, 8, handle("@a")), (8, 5, handle("@c")), (21, 7, handle("@j")), (22, 9, handle("@k"))],
        None,
    ),
    ('owners:\n  fix: @a"\n', [(4, 8, handle("@a"))], 'owners:\n  fix: "@a"\n'),
    (
        "criteria:\n  - op: >=\n    target: 1\n  - op: >= # c\n",
        [(4, 9, operator(">=")), (6, 9, operator(">="))],
        'criteria:\n  - op: ">="\n    target: 1\n  - op: ">=" # c\n',
    ),
    (
        "criteria: [{op: >=, target: 1}, {op: >}]\n",
        [(3, 17, operator(">=")), (3, 38, operator(">"))],
        'criteria: [{op: ">=", target: 1}, {op: ">"}]\n',
    ),
    (
        "monitoring: {configs: [*.yml, a/*.yml, **/*.[jt]s, *]}\n",
        [(3, 24, pattern("*.yml")), (3, 40, pattern("**/*.[jt]s")), (3, 52, pattern("*"))],
        'monitoring: {configs: ["*.yml", a/*.yml, "**/*.[jt]s", "*"]}\n',
    ),
    (
        "monitoring:\n  configs:\n  - **/*.yml\n  - *.{yml,yaml}\n",
        [(5, 5, pattern("**/*.yml")), (6, 5, pattern("*.{yml,yaml}"))],
        'monitoring:\n  configs:\n  - "**/*.yml"\n  - "*.{yml,yaml}"\n',
    ),
    (
        "monitoring:\n  configs: [&a a.yml, *a]\n  feedback: *.md\n",
        [(5, 13, pattern("*.md"))],
        'monitoring:\n  configs: [&a a.yml, *a]\n  feedback: "*.md"\n',
    ),
    (
        "monitoring:\n  configs: [&a.b c.yml, *.d, *a.b]\n",
        [(4, 25, pattern("*.d"))],
        'monitoring:\n  configs: [&a.b c.yml, "*.d", *a.b]\n',
    ),
]


@pytest.mark.parametrize(("text", "found", "mended"), QUOTES)
def test_what_lacks_quotes_is_told_at_once_each_with_its_fix(
    text: str, found: list[tuple[int, int, str]], mended: str | None
) -> None:
    assert told(HEADER + text) == found
    if mended is not None:
        assert cleared(HEADER + text) == HEADER + mended


def test_the_fix_of_a_slip_mends_its_line() -> None:
    text = HEADER + "decision: {deciders: [@a, @b]}\n"
    first, second = reading(text).problems
    assert first.edit == second.edit
    assert told(solved(text, first)) == []


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ('reviews: {legal: {team: ""@acme/legal"}}', 27, FITS_NOWHERE),
        ("reviews: {legal: {team: ''@acme/legal}}", 27, FITS_NOWHERE),
        ("owners: {fix: @a or @b}", 15, handle("@a")),
        (
            "criteria: [{target: >= 0.9, unit: s}]",
            21,
            "`>` begins a text of several lines in YAML: put the value in quotes",
        ),
        ('monitoring: {configs: [*.y"ml]}', 24, pattern("*.y")),
        ("owners: {fix: *fix}", 15, "`*fix` names no anchor above it"),
    ],
)
def test_no_fix_is_offered_where_nobody_knows_it(text: str, column: int, message: str) -> None:
    (problem,) = reading(HEADER + text + "\n").problems
    assert (problem.place.line, problem.place.column, problem.message) == (3, column, message)
    assert problem.edit is None


def test_no_line_is_repeated_for_each_of_thousands_of_slips() -> None:
    problems = reading(HEADER + "x: [" + "@a, " * 20_000 + "]\n").problems
    assert len(problems) == MAX_SLIPS
    assert {problem.edit for problem in problems} == {None}
    assert len(told(HEADER + "x:\n" + "  - @a\n" * 30_000)) == MAX_SLIPS


@pytest.mark.parametrize(
    ("text", "mended"), [("op: >\n   target: 1\n", 'op: ">"\n   target: 1\n'), ("op: > # c\n", 'op: ">" # c\n')]
)
def test_a_lone_sign_is_no_text_of_several_lines(text: str, mended: str) -> None:
    assert told(f"{HEADER}criteria:\n - {text}") == [(4, 8, FOLDED)]
    assert cleared(f"{HEADER}criteria:\n - {text}") == f"{HEADER}criteria:\n - {mended}"


@pytest.mark.parametrize("text", ["op: >\n     target: 1\n", "op: >-\n"])
def test_a_sign_with_text_below_it_has_no_fix(text: str) -> None:
    (problem,) = reading(f"{HEADER}criteria:\n - {text}").problems
    assert (problem.message, problem.edit) == (FOLDED, None)


@pytest.mark.parametrize(("wrong", "right"), [("=>", ">="), ("=<", "<="), ("≥", ">="), ("≤", "<=")])
def test_signs_of_other_languages_are_read_as_meant(wrong: str, right: str) -> None:
    text = f"{HEADER}criteria: [{{op: {wrong}}}]\n"
    assert told(text) == [(3, 17, f"`op`: `{wrong}` is not known here: did you mean `{right}`? {KNOWN_OPERATORS}")]
    assert cleared(text) == f'{HEADER}criteria: [{{op: "{right}"}}]\n'


# A colon without its space


@pytest.mark.parametrize(
    ("text", "found", "mended"),
    [
        (
            "owners:\n  fix:\"@a\"\n  monitor: '@b'\n",
            [(4, 3, missing('fix: "@a"'))],
            "owners:\n  fix: \"@a\"\n  monitor: '@b'\n",
        ),
        (
            "owners:\n  monitor: '@b'\n  fix:\"@a\" # c\nreviews: {}\n",
            [(5, 3, missing('fix: "@a"'))],
            "owners:\n  monitor: '@b'\n  fix: \"@a\" # c\nreviews: {}\n",
        ),
        (
            "owners:\n  monitor: '@b'\n  fix:@a\n",
            [(5, 3, missing('fix: "@a"'))],
            "owners:\n  monitor: '@b'\n  fix: \"@a\"\n",
        ),
        (
            "owners:\n  fix:'@a'\nreviews: {}\n",
            [(4, 3, "`owners`: " + missing("fix: '@a'"))],
            "owners:\n  fix: '@a'\nreviews: {}\n",
        ),
        (
            "owners:\n  fix:@a\n  monitor:@b\n",
            [(4, 3, "`owners`: " + missing('fix: "@a"'))],
            'owners:\n  fix: "@a"\n  monitor: "@b"\n',
        ),
        ("owners: {fix:'@a'}\n", [(3, 10, missing("fix: '@a'"))], "owners: {fix: '@a'}\n"),
        ("owners: {fix:@a}\n", [(3, 10, missing('fix: "@a"'))], 'owners: {fix: "@a"}\n'),
        ("owners:{fix: '@a'}\n", [(3, 1, missing("owners: {fix: '@a'}"))], "owners: {fix: '@a'}\n"),
        (
            "owners:{fix: '@a', monitor: '@b'}\n",
            [(3, 1, missing("owners: {fix: '@a', monitor: '@b'}"))],
            "owners: {fix: '@a', monitor: '@b'}\n",
        ),
        (
            "criteria:\n  - op:>=\n    target: 1\n",
            [(4, 5, missing('op: ">="'))],
            'criteria:\n  - op: ">="\n    target: 1\n',
        ),
        (
            "criteria:\n  - op:<=\n    target: 1\n",
            [(4, 5, missing("op: <="))],
            "criteria:\n  - op: <=\n    target: 1\n",
        ),
        ("criteria:\n  - id:a\n", [(4, 5, "`criteria`: " + missing("id: a"))], "criteria:\n  - id: a\n"),
    ],
)
def test_a_missing_space_is_told_with_its_fix(text: str, found: list[tuple[int, int, str]], mended: str) -> None:
    assert told(HEADER + text) == found
    assert cleared(HEADER + text) == HEADER + mended


def test_every_key_that_lacks_its_space_is_told() -> None:
    text = "version:1\npilot:\n  name:a\n  stage:pilot\n  start:2026-11-02\n"
    assert told(text) == [
        (1, 1, missing("version: 1")),
        (3, 3, missing("name: a")),
        (4, 3, missing("stage: pilot")),
        (5, 3, missing("start: 2026-11-02")),
    ]
    assert cleared(text) == text.replace(":", ": ").replace("pilot: \n", "pilot:\n")


def test_a_file_of_one_key_that_lacks_its_space_is_told() -> None:
    (problem,) = reading("version:1\n").problems
    assert problem.message == "the file: " + missing("version: 1")
    assert solved("version:1\n", problem) == "version: 1\n"


def test_what_follows_a_slip_is_told_if_it_is_certain() -> None:
    text = "owners:\n  fix: @a\n  monitor:'@b'\n  retrain:lee\n  oversight: see\n    time:out\n"
    assert told(HEADER + text) == [(4, 8, handle("@a")), (5, 3, missing("monitor: '@b'"))]
    text = "owners:\n  fix:>= 3\n  monitor: '@b'\n"
    (problem,) = reading(HEADER + text).problems
    assert (problem.message, problem.edit) == (missing("fix: >= 3"), None)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("owners: fix:'@a'", 9, "`owners`: keys belong here (accountable, monitor, fix, retrain, oversight), not text"),
        (
            "owners: {a:b, fix: '@a'}",
            10,
            "`a:b` is not a key here: known here are accountable, monitor, fix, retrain, oversight",
        ),
        ("owners: {fix:b: c}", 10, "`fix:b` is not a key here: did you mean `fix`?"),
        ("owners: {fix:b: }", 10, "`fix:b` is not a key here: did you mean `fix`?"),
        ("owners: {fix:: }", 10, "`fix:` is not a key here: did you mean `fix`?"),
        (
            "owners: [https://x]",
            1,
            "`owners`: keys belong here (accountable, monitor, fix, retrain, oversight), not a list",
        ),
        ("a:b\nhttps://x\n", 1, missing("a: b")),
        ("hello\nb: 2", 1, "this is not YAML: a key without its `:` stands here"),
    ],
)
def test_a_colon_in_text_is_left_alone(text: str, column: int, message: str) -> None:
    assert told(HEADER + text + "\n")[0] == (3, column, message)


def test_text_of_keys_is_spaced_and_other_text_is_not() -> None:
    assert spaced("fix:'@a'") == "fix: '@a'"
    assert spaced("# c") is None
    assert spaced("a b:c") is None
    assert spaced("a:") is None
    assert spaced("op:>= 3") is None
    assert spaced("a:b\nc") == "a: b\nc"


@pytest.mark.parametrize("text", ["a:*b 1", "a:*b", "a:&b c", "a:!!int 1", "a:'b'\nc:*d e"])
def test_text_whose_value_would_repeat_another_stays_as_it_is(text: str) -> None:
    assert spaced(text) is None


@pytest.mark.parametrize(
    "text", ["a:- b", "a:-", "a:?", "a:|b", "a:%b", "a:`b`", "a:@-", "a:#b", "a:'b", 'a:"b" c', "a:'b'\nc:'d"]
)
def test_text_whose_value_would_be_no_text_stays_as_it_is(text: str) -> None:
    assert spaced(text) is None


@pytest.mark.parametrize("text", ["a:-b", "a:?b", "a:'b''c'", 'a:"b\\"c"', "a:[b]", "a:'b'\nc:\"d\"", "a:b'c"])
def test_text_whose_value_stands_by_itself_is_spaced(text: str) -> None:
    assert spaced(text) == text.replace(":", ": ")


# Merge conflicts


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<<<<<<< HEAD\nowners: {}\n=======\ncriteria: []\n>>>>>>> x\n", [3]),
        ("<<<<<<< HEAD\r\nowners: {}\r\n=======\r\ncriteria: []\r\n>>>>>>> x\r\n", [3]),
        ("<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\n<<<<<<< a\n=======\n>>>>>>> c\n", [3, 7]),
        ("owners: {}\n=======\ncriteria: []\n", [4]),
        ("owners: {}\n>>>>>>> x\n", [4]),
        ("runbooks: [\n<<<<<<< a\n  x,\n=======\n  y,\n>>>>>>> b\n]\n", [4]),
    ],
)
def test_a_merge_conflict_is_named(text: str, lines: list[int]) -> None:
    assert told(HEADER + text) == [(line, 1, CONFLICT) for line in lines]


def test_what_only_looks_like_a_conflict_is_read() -> None:
    assert told(HEADER + "criteria:\n - description: |\n     <<<<<<< a\n     >>>>>>> b\n") == []
    assert told(HEADER + "# <<<<<<< a\n#=======\n# >>>>>>> b\n") == []


def test_a_conflict_that_breaks_the_parser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(scanner.TabScanner, "scan_to_next_token", break_down)
    assert compose(b"=======\n").problems[0].message == CONFLICT
    assert compose(b"a\n").problems[0].message == "this is not YAML: what follows here can't be parsed"


# Every other mistake has a sentence


def raised(module: object) -> Iterator[tuple[str, str]]:
    """Context and problem of each error that a module of the parser raises, `x` for what is filled in."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):  # type: ignore[attr-defined]
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and "Error" in ast.unparse(node.exc.func):
            texts = [_literal(argument) for argument in node.exc.args]
            context, _, problem = [*texts, "", "", ""][:3]
            yield context, problem


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) and node.value else ""


RAISED = sorted({*raised(theirs), *raised(parser)} - {("", "")})


def test_the_parser_s_errors_are_found() -> None:
    assert len(RAISED) > 30


@pytest.mark.parametrize(("context", "problem"), RAISED)
def test_no_error_of_the_parser_is_shown_in_its_own_words(context: str, problem: str) -> None:
    # An alias and an anchor, a tag and a directive are scanned by the same code.
    for what in ("alias", "anchor") if "anchor" not in context and problem.startswith("expected alpha") else ("tag",):
        said = scanner.reason(MarkedYAMLError(context.replace("an x", f"an {what}"), None, problem))
        assert said != scanner._UNKNOWN
        assert not problem or problem not in said


def test_an_unknown_error_has_a_general_sentence() -> None:
    assert scanner.reason(MarkedYAMLError(None, None, "brand new")) == scanner._UNKNOWN


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("x: |y", 5, "begin a text of several lines"),
        ("x: |0", 5, "begin a text of several lines"),
        ("x: | y", 6, "begin a text of several lines"),
        ("x: - a", 4, "a `-` stands where no item can begin"),
        ("x: ? a", 4, "a `?` stands where no key can begin"),
        ("x: & a", 5, "`&` and `*` begin an anchor's name"),
        ("x: !<", 6, "remove the one here"),
        ("x: }", 4, "a value is missing before this"),
        ("x: 'a\n---\n'", 4, "not closed before the document ends"),
        ('x: "\\u12"', 7, "an escape lacks digits"),
        ('x: "\\U00110000"', 7, "no character has this number"),
        ('x: "\\UFFFFFFFF"', 7, "no character has this number"),
        ("x: [a, ]]", 9, "this fits nowhere"),
    ],
)
def test_what_else_can_go_wrong_is_said_plainly(text: str, column: int, says: str) -> None:
    ((line, found, message),) = told(HEADER + text + "\n")
    assert (line, found) == (3, column)
    assert message.startswith("this is not YAML: ")
    assert says in message


# Values


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("'95%'", '"95"'),
        ("'NULL'", '"null"'),
        ("True!", '"true"'),
        ("0x1f_", '"0x1f"'),
        ("Invoice Triage", "invoice-triage"),
    ],
)
def test_a_name_that_is_offered_stays_text(name: str, fix: str) -> None:
    text = f"version: 1\npilot: {{name: {name}, stage: pilot, start: 2026-11-02}}\n"
    assert cleared(text) == text.replace(name, fix)


def test_a_number_is_put_in_quotes_only_where_that_helps() -> None:
    def only(text: str) -> Problem:
        (problem,) = reading(text).problems
        return problem

    refused = only(HEADER + "reviews: {legal: {team: 1}}\n")
    assert refused.message == f"`team`: text belongs here, not a number: {PERSON}"
    assert refused.edit is None
    assert only(HEADER + "decision: {deciders: [1]}\n").edit is None
    assert only(HEADER.replace("triage", "95")).edit is not None
    assert only(HEADER + "runbooks: [{alerts: [3]}]\n").edit is not None
    organisation = read(b"version: 1\nrequired_for: {topics: [1]}\n", ".pilot-org.yml", Organisation, CODES)
    assert [problem.edit is None for problem in organisation.problems] == [False]
    organisation = read(b"version: 1\nrequired_for: {properties: {tier: [1]}}\n", ".pilot-org.yml", Organisation, CODES)
    assert [problem.edit is None for problem in organisation.problems] == [False]


@pytest.mark.parametrize("key", ["true", "1", "'true'", "null"])
def test_no_key_is_offered_for_what_is_no_word(key: str) -> None:
    (problem,) = reading(f"{HEADER}{key}: a\n").problems
    assert "did you mean" not in problem.message
    assert problem.edit is None


@pytest.mark.parametrize(
    "text", ["criteria: [{window: 0s}]", "integrations: [{timeout: 000ms}]", "evaluation: [{max_age: 0w}]"]
)
def test_a_duration_is_at_least_one(text: str) -> None:
    ((_, _, message),) = told(HEADER + text + "\n")
    assert message.endswith(": a duration is at least 1: write how long, as in 250ms or 7d")
    (problem,) = reading(HEADER + "criteria: [{window: 0 sec}]\n").problems
    assert problem.edit is None


@pytest.mark.parametrize("text", ["runbooks: [{file: https://wiki/x}]", "monitoring: {configs: ['http://x/*.yml']}"])
def test_an_address_is_no_path(text: str) -> None:
    ((_, _, message),) = told(HEADER + text + "\n")
    assert message.endswith(": a path of the repository belongs here, not an address")


@pytest.mark.parametrize(
    ("address", "fix"),
    [("http://a.b/c", "https://a.b/c"), ("'http://a,b'", '"https://a,b"'), ("'http://a\"\\b'", '"https://a\\"\\\\b"')],
)
def test_an_address_that_is_offered_is_read_as_text(address: str, fix: str) -> None:
    text = f"{HEADER}reviews: {{legal: {{evidence: {address}}}}}\n"
    assert cleared(text) == text.replace(address, fix)


def test_text_that_cannot_be_shown_is_not_offered() -> None:
    assert _written("a\u200bb") is None


# Files without keys


@pytest.mark.parametrize(
    ("text", "what"), [("", "is empty"), ("# c\n", "is empty"), ("- a\n", "holds no keys"), ("a\n", "holds no keys")]
)
def test_a_file_without_keys_is_told_what_belongs_in_it(text: str, what: str) -> None:
    (problem,) = reading(text).problems
    assert problem.message == f"the file {what}: `pilotgate init` shows what a policy looks like"
    (problem,) = read(text.encode(), ".pilot-org.yml", Organisation, CODES).problems
    assert problem.message == f"the file {what}: write `version: 1`, and below it what differs from the defaults"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What stands deeper than the key is the text, whatever it looks like; what does not comes after it.
        ("a: |\n  b: @in\nc: @out\n", ["@out"]),
        ("a: |\n b: @in\nc: @out\n", ["@out"]),
        ("a:\n  b: |\n    c: @in\n  d: @out\n", ["@out"]),
        ("a:\n  b: |\n   c: @in\n  d: @out\n", ["@out"]),
        ("a:\n    b: >-\n     c: @in\n    d: @out\n", ["@out"]),
        ("- a: |\n    b: @in\n  c: @out\n", ["@out"]),
        ("- a: |\n   b: @in\n  c: @out\n", ["@out"]),
        ("- - a: |\n     b: @in\n    c: @out\n", ["@out"]),
        # Of an item that is itself a text, everything deeper than its dash is inside.
        ("- |\n b: @in\n- c: @out\n", ["@out"]),
        ("- |\n  b: @in\n- @out\n", ["@out"]),
        ("x:\n  - |\n   b: @in\n  - @out\n", ["@out"]),
        ("x:\n- |\n b: @in\n- @out\n", ["@out"]),
        # At the top, only the left margin ends it.
        ("|\n b: @in\nc: @out\n", ["@out"]),
        # Blank lines and comments within do not.
        ("a: |\n  b\n\n\n  c: @in\nd: @out\n", ["@out"]),
        ("a: |\n  b\n \t\n  c: @in\nd: @out\n", ["@out"]),
        ("a: |\r\n  b: @in\r\n\r\nc: @out\r\n", ["@out"]),
        ("a: | # why\n  b: @in\nc: @out\n", ["@out"]),
        ("first: 1\na: |\n  b: @in\nc: @out\n", ["@out"]),
        ("first:\n  a: |\n    b: @in\n", []),
        ("a: |\n  b: @in", []),
        ("a: |", []),
    ],
)
def test_a_text_of_several_lines_ends_where_what_holds_it_does(text: str, found: list[str]) -> None:
    assert [text[slip.start : slip.end] for slip in Slips(text).found] == found
