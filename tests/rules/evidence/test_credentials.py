"""Credentials at the borders: long lines, pragmas, YAML of every shape, notebooks, and texts made to take long."""

import json
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.credentials import search
from rules.evidence.credentials.assignments import Assignment, by_line, in_shell, in_yaml
from rules.evidence.credentials.detectors import KEYWORD
from rules.evidence.credentials.names import drawn, token_name
from rules.facts import Written
from tests.rules.integration.credentials.made import TOKENS, some

TOKEN = TOKENS["GitHub Token"][0](random.Random(1))
AWS = TOKENS["AWS Access Key"][0](random.Random(1))


def lines(text: str, path: str = "triage/client.py") -> list[int]:
    return [leak.line for leak in search(Written(path, text)).leaks]


def test_only_lines_that_count_are_searched() -> None:
    text = f"password = 'hunter2'\na = '{TOKEN}'\npassword = 'hunter2'\n"
    leaks = search(Written("a.py", text, frozenset({2, 3}))).leaks
    assert [(leak.line, leak.kind) for leak in leaks] == [(2, "GitHub Token"), (3, KEYWORD)]
    assert search(Written("a.yml", "a: 1\npassword: hunter2\n", frozenset({1}))).leaks == ()
    assert search(Written("a.py", "a = 1\nAPI_TOKEN = 'k9f8e7d6c5'\n", frozenset({1}))).leaks == ()


def test_a_variable_is_no_password() -> None:
    for text in ("password := hunter2var\n", 'password:=hunter2var+"k9f8e7d6"\n'):
        assert lines(text, "a.go") == []
    assert lines('password := "hunter2"\n', "a.go") == [1]


@pytest.mark.parametrize("before", [0, 150, 900, 1500, 5000])
def test_a_long_line_is_searched_to_its_end(before: int) -> None:
    assert lines("a = '" + "x y " * before + f" {TOKEN} " + "x y " * 2000 + f"{AWS}'\npassword = 'hunter2'") == [
        1,
        1,
        2,
    ]


def test_many_tokens_of_a_long_line_are_one_of_each_kind() -> None:
    leaks = search(Written("a.py", f"'{TOKEN} {AWS}' " * 300)).leaks
    assert [(leak.line, leak.kind) for leak in leaks] == [(1, "GitHub Token"), (1, "AWS Access Key")]


@pytest.mark.parametrize(
    ("path", "text", "secret", "kind"),
    [
        ("a.py", f"token = '{TOKEN}'", TOKEN, "GitHub Token"),
        ("a.py", f'headers = {{"Authorization": "Bearer {TOKEN}"}}', TOKEN, "GitHub Token"),
        ("a.py", "connect(user='hunter2x', password='hunter2')", "hunter2'", KEYWORD),
        ("a.py", "connect(  'hunter2' ==   password)", "hunter2", KEYWORD),
        ("a.py", 'auth = BasicAuth("ops", password="hunter2")', "hunter2", "Basic Auth Credentials"),
        ("a.yml", "b: 1\na:\n  password: hunter2  # ours", "hunter2", KEYWORD),
        ("a.yml", "  api_token: k9f8e7d6c5b4a392", "k9f8", KEYWORD),
        ("a.yml", '  password: "hunt\\x65r2"', "password", KEYWORD),
        (".env", f"A=1\nURL=https://ops:{TOKEN}@git.acme.io/", TOKEN, "GitHub Token"),
        ("a.ipynb", '{"nbformat": 4, "cells": [{"source": ["a\\n",\n "password = \'hunter2\'"]}]}', "hunter2", KEYWORD),
        ("a.ipynb", '{"nbformat": 4, "cells": [{"source": ["password = \'hunt\\u0065r2\'"]}]}', "{", KEYWORD),
    ],
)
def test_a_credential_is_told_once_where_its_value_starts(path: str, text: str, secret: str, kind: str) -> None:
    (leak,) = search(Written(path, text)).leaks
    line = text.split("\n")[leak.line - 1]
    assert line[leak.column - 1 :].startswith(secret)
    assert (leak.end_line, leak.kind) == (leak.line, kind)
    assert leak.column <= leak.end_column <= len(line) + 1


SECRET = some(random.Random(2), string.ascii_letters + string.digits, 40)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f'aws_access_key_id = "{AWS}"\naws_secret_access_key = "{SECRET}"\n'),
        (".env", f"AWS_ACCESS_KEY_ID={AWS}\nAWS_SECRET_ACCESS_KEY={SECRET}\n"),
        ("a.py", f'boto3.client("s3", aws_access_key_id="{AWS}", aws_secret_access_key="{SECRET}")'),
        ("a.yml", f"aws:\n  secret_key: {SECRET}\n  access_key: {AWS}\n"),
        (
            "a.ipynb",
            json.dumps({"nbformat": 4, "cells": [{"source": [f"ID='{AWS}'\n", f"SECRET='{SECRET}'"]}]}, indent=1),
        ),
    ],
)
def test_an_id_and_its_secret_are_one_credential(path: str, text: str) -> None:
    (leak,) = search(Written(path, text)).leaks
    lines = text.split("\n")
    first, last = lines[leak.line - 1][leak.column - 1 :], lines[leak.end_line - 1][: leak.end_column - 1]
    assert leak.kind == "AWS Access Key"
    assert (first.startswith(AWS) and last.endswith(SECRET)) or (first.startswith(SECRET) and last.endswith(AWS))


def test_what_is_far_from_an_id_or_no_secret_is_a_credential_of_its_own() -> None:
    assert lines(f'ID = "{AWS}"\n' + "\n" * 6 + f'SECRET = "{SECRET}"') == [1, 8]
    assert lines(f'ID = "{AWS}"\npassword = "hunter2"') == [1, 2]
    assert lines(f'ID = "{AWS}"\nSECRET = "{SECRET}"  # pragma: allowlist secret - revoked') == [1]


def test_lines_that_are_very_long_are_not_looked_through_for_columns() -> None:
    text = json.dumps({"nbformat": 4, "cells": [{"source": ["x" * 30_000 + "\n", "password = 'hunter2'"]}]})
    (leak,) = search(Written("a.ipynb", text)).leaks
    assert (leak.line, leak.column, leak.end_line, leak.end_column) == (1, 1, 1, 1)


def test_a_letter_that_grows_when_made_small_moves_nothing() -> None:
    assert lines("İ" * 400 + "\nx\npassword = 'hunter2'\n") == [3]


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("{} # pragma: allowlist secret", [True]),
        ("{} # pragma: allowlist secret - ok", [True]),
        ("{} # pragma: allowlist secret - the public demo", []),
        ("{} // pragma: whitelist secret (the public demo)", []),
        ("{} /* pragma: allowlist secret the public demo */", []),
        ("{} /* pragma: allowlist secret */", [True]),
        ("<!-- {} --> <!-- pragma: allowlist secret -->", [True]),
        ("# pragma: allowlist nextline secret - the public demo\n{}", []),
        ("# pragma: allowlist nextline secret\n{}", [True]),
        ("a = 1 # pragma: allowlist nextline secret - the public demo\n{}", [False]),
        ("# pragma: allowlist secret - the public demo\n{}", [False]),
        ("pragma: allowlist secret - the public demo {}", [False]),
        ("{} # pragma: allowlist secrets - the public demo", [False]),
    ],
)
def test_a_pragma_counts_with_a_reason(text: str, leaks: list[bool]) -> None:
    for secret in (TOKEN, 'password = "hunter2"'):
        found = search(Written("a.py", text.format(secret))).leaks
        assert [leak.unexplained for leak in found] == leaks


def test_a_private_key_is_one_where_a_key_follows() -> None:
    head = "-----BEGIN RSA PRIVATE " + "KEY-----"
    body = "aB3/" * 16
    for text in (
        f"{head}\n{body}\n",
        f'key = "{head}\\n{body}\\n"',
        f"# {head}\n# {body}\n",
        f"{head}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{body}\n",
    ):
        assert lines(text, "key.pem") == [1]
    for text in (head, f"{head}\n...\n", f'HEAD = "{head}"\n' + "pass\n" * 200 + body):
        assert lines(text, "key.pem") == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a: b", [(1, "a", "b")]),
        ("a: {b: c, d: 'e'}", [(1, "b", "c"), (1, "d", "e")]),
        ("a:\n- name: X\n  value: y", [(2, "name", "X"), (3, "value", "y"), (3, "X", "y")]),
        ("- X=y\n- 'Z=w'", [(1, "X", "y"), (2, "Z", "w")]),
        ("a: 1\n---\nb: 2", [(1, "a", "1"), (3, "b", "2")]),
        ("a: |\n  b\n", [(2, "a", "b\n")]),
        ("a: |\n  x: y\n  Z=w\n", [(3, "Z", "w"), (2, "x", "y"), (3, "Z", "w")]),
        ("a: !vault |\n  b\nc: !Ref d\ne: !!str f", [(4, "e", "f")]),
        ("a: &x b\nc: *x\nd: e", [(1, "a", "b"), (3, "d", "e")]),
        ("[a, b]: c\nd: e", [(1, "", "c"), (2, "d", "e")]),
        ("{a: b}: c\nd: e", [(1, "a", "b"), (1, "", "c"), (2, "d", "e")]),
        ("? *x\n", [(2, "", "")]),
        ("&x a: b\n*x : c\nd: e", [(1, "a", "b"), (2, "", "c"), (3, "d", "e")]),
        ("- [a, {b: c}]", [(1, "b", "c")]),
        ("just text", []),
        ("", []),
        ("a: [", None),
        ("{{- if x }}\na: b\n", None),
        ("a: \x07", None),
        ("[" * 2000, None),
        ("!binary x: y\nc: !!binary d", [(1, "x", "y")]),
    ],
)
def test_yaml(text: str, pairs: list[tuple[int, str, str]] | None) -> None:
    found = in_yaml(text)
    assert (found is None) is (pairs is None)
    assert [(one.line, one.name, one.value) for one in found or ()] == (pairs or [])


def test_settings_and_scripts() -> None:
    text = '# a=b\n; a=b\n\n[x]\na = b ; c\nexport D=\'e # f\'\n"g": "h",\n- i: j\nk=\'l\nm\n'
    assert [(one.line, one.name, one.value) for one in by_line(text)] == [
        (5, "a", "b"), (6, "D", "e # f"), (7, "g", "h"), (8, "i", "j"), (9, "k", "l"),
    ]  # fmt: skip
    assert list(in_shell("# A=b\nX=y Z='w v' run --a=b ${C=d}\n")) == [
        Assignment(2, "X", "y"), Assignment(2, "Z", "w v"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("API_TOKEN", True), ("accessToken", True), ("accesstoken", True), ("X-Api-Key", True), ("token", True),
        ("SLACK_BOT_TOKEN_PROD", True), ("AWS_ACCESS_KEY", True), ("SMTP_PASS", True), ("Authorization", True),
        ("pad_token", False), ("eosToken", False), ("csrf_token", False), ("csrftoken", False), ("tokens", False),
        ("next_page_token", False), ("token_type", False), ("tokenizer", False), ("pass", False), ("cache_key", False),
        ("prod", False), ("1", False), ("", False),
    ],
)  # fmt: skip
def test_which_names_are_those_of_tokens(name: str, counts: bool) -> None:
    assert token_name(name) is counts


@pytest.mark.parametrize(
    ("value", "by_chance"),
    [
        ("k9f8e7d6c5b4a392", True), ("s3cr3t-token-value", True), ("acme-k9f8e7d6", True), ("a1b2c3d4e5f6==", True),
        ("k9f8e7", False), ("Winter2026", False), ("gpt-4-0125-preview", False), ("v1.oauth2", False),
        ("abcdefghijkl", False), ("1357902468", False), ("abc123def456", False), ("test-k9f8e7d6", False),
        ("k9f8 e7d6c5", False), ("[k9f8e7d6c5]", False), ("#a1b2c3d4", False), ("k9f8\u00e9e7d6c5", False),
    ],
)  # fmt: skip
def test_which_values_are_drawn_by_chance(value: str, by_chance: bool) -> None:
    assert drawn(value) is by_chance


def test_a_word_that_says_token_and_no_more_counts_where_its_value_is_long() -> None:
    assert lines('{"token": "k9f8e7d6"}', "a.json") == []
    assert lines('{"token": "k9f8e7d6c5b4a392"}', "a.json") == lines('{"api_token": "k9f8e7d6"}', "a.json") == [1]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Bearer k9f8e7d6c5b4a392", [1]), ("Token k9f8e7d6c5b4a392", [1]), ("k9f8e7d6c5b4a392", [1]),
        ("Basic b3BzOmh1bnRlcjI=", [1]), ("Basic b3BzOmh1bnRlcjI", [1]), ("Basic dXNlcjpwYXNzd29yZA==", []),
        ("Basic k9f8e7d6c5b4a392", []), ("Basic b3BzaHVudGVyMg==", []), ("Basic b3BzOg==", []), ("Basic a9!", []),
        ("Bearer <k9f8e7d6c5b4a392>", []), ("Bearer your-k9f8e7d6c5b4", []), ("Bearer k9f8e7", []), ("Basic auth", []),
    ],
)  # fmt: skip
def test_a_header(header: str, found: list[int]) -> None:
    for path, text in (
        ("a.py", f'headers = {{"Authorization": "{header}"}}'),
        ("a.sh", f"curl -H 'Authorization: {header}' $HOST"),
        ("a.yml", f'headers: {{Authorization: "{header}"}}'),
    ):
        assert sorted(set(lines(text, path))) == found, text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('auth=("ops", "hunter2")', [1]), ("auth: ['ops', 'hunter2']", [1]), ('BasicAuth(user, "hunter2")', [1]),
        ('auth=("ops", "ops")', []), ('auth=("ops", PASSWORD)', []), ('auth=("ops", "<password>")', []),
        ('auth=("ops", "${PASSWORD}")', []), ("curl -s -u ops:hunter2 $HOST", [1]), ("curl -u ops:$PASSWORD x", []),
        ("curl \\\n  --user 'ops:hunter2' $HOST", [2]), ("curl x; docker run -u ops:hunter2 x", []),
        ('{ Authorization: header2k9f8 }', []), ('getenv("API_TOKEN", "k9f8e7d6c5")', [1]),
    ],
)  # fmt: skip
def test_a_user_and_a_password(text: str, found: list[int]) -> None:
    assert lines(text, "a.ts") == found


HOSTILE = [
    "token='" * 8_000, "token: " + "a " * 20_000, "curl " * 8_000, "auth=('" * 8_000, "Authorization: Bearer " * 4_000,
    "://a:" * 8_000, "-key" * 15_000, "x-" * 20_000, "auth=(" + "a" * 50_000,
    "eyJ" * 60_000, "secret" * 30_000, "password = 'hunter2'\n" * 18_000, "aws" * 60_000,
    "://a:b@" * 20_000, "api_key" + " " * 100_000, "'" * 100_000, "//_authToken" * 10_000, "- " * 30_000,
    "{" * 100_000, '{"password":"a1b2c3d4",' * 3_000, "password:" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("path", ["a.py", "a.yml", ".env"])
def test_what_would_take_long_is_not_searched_to_its_end(path: str) -> None:
    whole = [search(Written(path, text)).complete for text in HOSTILE]
    assert not all(whole)
    assert any(whole)


def test_what_is_left_out() -> None:
    for path in ("tests/a.py", "a.example.py", "vendor/a.py", "a.png", "a.lock", "api/swagger.json"):
        assert lines("password = 'hunter2'", path) == []
    for path in ("README.md", "locales/de.yml", ".pilot.yml", "a.html"):
        assert lines("password: hunter2\npassword = 'hunter2'", path) == []
        assert lines(f"password: {TOKEN}", path) == [1]


def test_addresses() -> None:
    for text in (
        "postgres://user:pass@db/x", "http://scott:tiger@db.acme.io", "http://a:pass@db.example.com/",
        "http://user:PASSWORD@db.acme.io", "http://u:$PASS@db.acme.io", "http://:x@localhost",
        "redis://default:default@redis:6379", "http://u:changeme@db.acme.io", "http://u:<password>@db.acme.io",
        "postgres://user:secret@db.acme.example/x", "http://u:%s@db.acme.io", "http://u:p@ss", "http://[u:q8w1e@]x",
    ):  # fmt: skip
        assert lines(f'URL = "{text}"') == [], text
    for text in (
        "http://u:q8w1e@db.acme.io", "http://u:q8w1e@db", "http://u:pass@db.acme.io/x", "http://u:a!b&c1@db.acme.io",
        "http://u:q8%21w1e@db.acme.io", "http://a:b1c2d3@db.example.com/", "http://a:hunter2@db.acme.example",
    ):  # fmt: skip
        assert lines(f'URL = "{text}"') == [1], text


PIECES = (
    "password", "api_key", "secret", "=", ":", " ", '"', "'", "hunter2", "\n", "- ", "{", "}", "|", TOKEN, AWS, "eyJ",
    "name:", "value:", "# pragma: allowlist secret", "-----BEGIN PRIVATE " + "KEY-----", "://", "@", "İ", "\0", "\\n",
    "token", "Authorization", "Bearer ", "auth=(", "k9f8e7d6c5b4a392", "curl -u a:",
    "!vault ", "&a ", "*a", "${", "[x]", "\ud800",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=25),
    st.sampled_from(["a.py", "a.yml", ".env", "a.sh", "a.go", "a.md", "a.toml", "Dockerfile", "a"]),
)
def test_no_text_is_too_strange(pieces: list[str], path: str) -> None:
    text = "".join(pieces)
    for leak in search(Written(path, text)).leaks:
        assert 1 <= leak.line <= text.count("\n") + 1


@given(st.text(), st.sampled_from(["a.py", "a.yml", ".env", "a.ipynb"]))
def test_no_characters_are_too_strange(text: str, path: str) -> None:
    assert search(Written(path, "password: " + text)).complete
    assert search(Written(path, '{"nbformat": 4, "cells": [{"source": ["password=' + text)).complete
