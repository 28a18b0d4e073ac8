"""What a path says of a file."""

import pytest

from rules.evidence.whereabouts import (
    is_documentation,
    is_example,
    is_foreign,
    is_measurement,
    is_migration,
    is_prose,
    is_test,
)


@pytest.mark.parametrize(
    "path",
    [
        "tests/a.py", "test/a.c", "src/test/java/A.java", "pkg/a_test.go", "test_a.py", "a/conftest.py", "a/tests.py",
        "web/a.spec.ts", "web/a.test.js", "web/__tests__/a.js", "spec/a_spec.rb", "testdata/a", "e2e/a.ts",
        "ATest.java",
        "ATests.cs", "Tests/A.swift", "AIT.java", "fixtures/a.json", "a_test.py",
    ],
)  # fmt: skip
def test_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path",
    ["a.py", "contest.py", "latest/a.py", "attest.go", "protest.java", "Latest.java", "a/specs.py"],
)
def test_no_tests(path: str) -> None:
    assert not is_test(path)


@pytest.mark.parametrize(
    ("path", "example"),
    [
        (".env.example", True), (".env.sample", True), (".env.template", True), (".env.dist", True),
        ("config.example.yml", True), ("conf.yml.tmpl", True), ("examples/a.py", True), ("a-sample.json", True),
        ("example.env", True), ("vpc.template", False), ("template.yaml", False), ("sampler.py", False),
        ("sample_batch.py", False), ("a.py", False), (".env", False),
    ],
)  # fmt: skip
def test_examples(path: str, example: bool) -> None:
    assert is_example(path) is example


@pytest.mark.parametrize(
    ("path", "foreign"),
    [
        ("node_modules/a/b.js", True), ("vendor/a.go", True), (".venv/lib/a.py", True), ("dist/a.js", True),
        ("package-lock.json", True),
        ("sub/poetry.lock", True), ("go.sum", True), ("a.min.js", True), ("a.js.map", True),
        ("vendors.py", False), ("distance/a.py", False), ("lock.py", False), ("admin.js", False),
    ],
)  # fmt: skip
def test_what_others_wrote(path: str, foreign: bool) -> None:
    assert is_foreign(path) is foreign


def test_prose_and_documentation() -> None:
    assert [is_prose(path) for path in ("README", "a.md", "LICENSE", ".github/CODEOWNERS", "a.py", "readme.py.py")] == [
        True, True, True, True, False, True,
    ]  # fmt: skip
    assert [is_documentation(path) for path in ("docs/conf.py", "a.rst", "doc.py")] == [True, True, False]


def test_migrations_and_measurements() -> None:
    assert [is_migration(path) for path in ("a/migrations/1.py", "db/V1_2__a.sql", "a/Version.py")] == [
        True,
        True,
        False,
    ]
    assert [is_measurement(path) for path in ("eval/a.py", "a/evaluate.py", "benchmark_a.py", "evaluator.py")] == [
        True, True, True, False,
    ]  # fmt: skip
