"""Which hosts an endpoint names, and which texts speak of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.comments import uncommented
from rules.evidence.mentions import Needle, hosts, mentioned
from rules.facts import Written


@pytest.mark.parametrize(
    ("endpoint", "names"),
    [
        ("https://Invoices.acme.example/v1", ("invoices.acme.example",)),
        ("invoices.acme.example:8443", ("invoices.acme.example",)),
        ("https://user:word@a.example:1/x?y=http://b.example", ("a.example",)),
        ("jdbc:postgresql://a.example:5432/db", ("a.example",)),
        ("jdbc:oracle:thin:@a.example:1521:sid", ("a.example",)),
        ("jdbc:oracle:thin:@//a.example:1521/x", ("a.example",)),
        ("jdbc:sqlserver://a.example:1433;databaseName=x", ("a.example",)),
        ("Server=tcp:a.example,1433;Database=x", ("a.example",)),
        ("mongodb+srv://a.example/x", ("a.example",)),
        ("amqp://queue.acme.example//", ("queue.acme.example",)),
        ("b1.example:9092, b2.example:9092,b1.example:9092", ("b1.example", "b2.example")),
        ("s3://acme-invoices/in", ("acme-invoices",)),
        ("dns:///a.example:50051", ("a.example",)),
        ("http://[2001:db8::1]:80/", ("2001:db8::1",)),
        ("arn:aws:sqs:eu-west-1:123456789012:Invoices", ("invoices",)),
        ("projects/acme/topics/invoices", ("invoices",)),
        ("arn:", ()),
        ("https://", ()),
        (" ", ()),
        ("https://${HOST}/x", None),
        ("https://{{ host }}", None),
        ("https://{host}/x", None),
        ("https://<host>/", None),
        ("$HOST:80", None),
    ],
)
def test_hosts(endpoint: str, names: tuple[str, ...] | None) -> None:
    assert hosts(endpoint) == names


def spoken(needle: Needle, text: str, path: str = "triage/client.py") -> bool:
    return bool(mentioned([needle], [Written(path, text)], frozenset({"eval/data.json"})))


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("https://A.example/x", True), ("'a.example:80'", True), ("see a.example.", True), ("u@a.example", True),
        ("b.a.example", False), ("a.example.com", False), ("ca.example", False), ("a-example", False),
        ("a.examples", False), ("x-a.example", False),
    ],
)  # fmt: skip
def test_a_host_is_a_whole_word(text: str, there: bool) -> None:
    assert spoken(Needle("a.example", host=True), text) is there


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("db", False), ("the db is", False), ("//db/x", True), ("u@db", True), ("'db'", True), ("db:5432", True),
        ("host: db\nx: y", True), ("HOST=db", True), ("db: x", False), ("db.x", False), ("mydb:5432", False),
    ],
)  # fmt: skip
def test_a_host_that_is_a_common_word_stands_where_hosts_do(text: str, there: bool) -> None:
    assert spoken(Needle("db", host=True), text) is there


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("secrets.API_SECRET", True), ("$API_SECRET", True), ("${API_SECRET}", True), ("api_secret", False),
        ("MY_API_SECRET", False), ("API_SECRET_2", False),
    ],
)  # fmt: skip
def test_a_secret_is_a_whole_word_as_it_is_written(text: str, there: bool) -> None:
    assert spoken(Needle("API_SECRET"), text) is there


def test_a_path_of_a_secret() -> None:
    assert spoken(Needle("projects/acme/secrets/in"), "gcp:projects/acme/secrets/in/versions/1")
    assert not spoken(Needle("projects/acme/secrets/in"), "projects/acme/secrets/inn acme secrets projects in")


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("deploy/values.yaml", True), (".env.example", True), ("Dockerfile", True), (".pilot.yml", False),
        ("sub/.pilot.yml", False), ("eval/data.json", False), ("README.md", False), ("docs/a.py", False),
        ("tests/a.py", False), ("CODEOWNERS", False), ("LICENSE", False), ("node_modules/a.js", False),
        ("appsettings.json", True), ("infra/task.json", True), ("eval/run.py", True), ("results.py", True),
        ("a.csv", False), ("a.jsonl.gz", False), ("eval/results.json", False), ("out/metrics-1.json", False),
        ("results/x.yaml", False),
        ("data/x.json", False), ("data/x.yaml", True), ("poetry.lock", False), ("app.log", False), ("uv.lock", False),
    ],
)  # fmt: skip
def test_where_it_counts(path: str, counts: bool) -> None:
    assert spoken(Needle("API_SECRET"), "API_SECRET", path) is counts


@pytest.mark.parametrize(
    ("path", "text", "there"),
    [
        ("a.py", "x = 1  # API_SECRET", False), ("a.py", "x = '#'; y = API_SECRET", True),
        ("a.py", "# API_SECRET", False),
        ("a.py", '"""API_SECRET"""\nx', False), ("a.py", 'def f():\n    """API_SECRET."""', False),
        ("a.py", 'x = """API_SECRET"""', True), ("a.py", "x = 'it\\'s # ' + API_SECRET", True),
        ("a.yml", "a: b # API_SECRET", False), ("a.yml", "a: don't b#c API_SECRET", True),
        ("a.yml", "a: 'x # y' API_SECRET", True), ("a.ini", "; API_SECRET", False),
        ("a.ts", "// API_SECRET", False), ("a.ts", "/* a\n API_SECRET\n*/", False), ("a.ts", "/* API_SECRET", False),
        ("a.ts", "f('https://x/', API_SECRET)", True), ("a.ts", "`http://${API_SECRET}`", True),
        ("a.ts", "a / API_SECRET", True),
        ("main.tf", "# API_SECRET", False), ("main.tf", "// API_SECRET", False), ("main.tf", 'x = "API_SECRET"', True),
        ("a.sql", "-- API_SECRET", False), ("a.sql", "select API_SECRET", True),
        ("a.xml", "<!-- API_SECRET -->", False), ("a.xml", "<a>API_SECRET</a>", True),
        ("Dockerfile", "# API_SECRET", False), ("Dockerfile.gpu", "ENV A=1 # API_SECRET", False),
        (".env.prod", "# API_SECRET", False),
        ("Jenkinsfile", "// API_SECRET", False), ("a.unknown", "# API_SECRET", False),
        ("a.unknown", "x # API_SECRET", True),
        ("a.json", '{"x": "http://API_SECRET"}', True),
    ],
)  # fmt: skip
def test_comments_do_not_count(path: str, text: str, there: bool) -> None:
    assert spoken(Needle("API_SECRET"), text, path) is there


@pytest.mark.parametrize(("kind", "there"), [("code", True), ("markdown", False)])
def test_of_a_notebook_its_code_counts(kind: str, there: bool) -> None:
    cell = {"cell_type": kind, "source": ["x(API_SECRET)"], "outputs": [{"text": ["B_KEY"]}]}
    text = json.dumps({"nbformat": 4, "cells": [cell]})
    assert spoken(Needle("API_SECRET"), text, "a.ipynb") is there
    assert not spoken(Needle("B_KEY"), text, "a.ipynb")
    assert not spoken(Needle("API_SECRET"), text.replace("x(", "# x("), "a.ipynb")


@given(st.text(alphabet="'\"#/*-;<>!\\ \n:a"), st.sampled_from(["a.py", "a.ts", "a.sql", "a.xml", "a.tf", "a"]))
def test_what_is_left_of_a_text_was_in_it(text: str, path: str) -> None:
    left = uncommented(path, text)
    assert len(left) <= len(text)
    assert left.count("a") <= text.count("a")


def test_all_are_looked_for_at_once() -> None:
    needles = [Needle("A_KEY"), Needle("B_KEY"), Needle("C_KEY"), Needle("$$")]
    files = [Written("a", "A_KEY"), Written("b", "B_KEY A_KEY"), Written("c", "")]
    assert mentioned(needles, files, frozenset()) == {Needle("A_KEY"), Needle("B_KEY")}
    assert mentioned(needles[:1], files, frozenset()) == {Needle("A_KEY")}


@given(st.text(), st.booleans(), st.text())
def test_no_text_is_too_strange(needle: str, host: bool, text: str) -> None:
    assert mentioned([Needle(needle, host)], [Written("a", text)], frozenset()) <= {Needle(needle, host)}
    assert all(hosts(text) or ()) is True
