"""GraphQL documents with lines that are repeated: as often as is asked for, each with a number of its own."""

import re
from importlib.resources import files

import pytest
from graphql import parse

from bot.github import queries
from bot.github.queries import document, repeated

NAMES = sorted(
    file.name.removesuffix(".graphql") for file in files(queries).iterdir() if file.name.endswith(".graphql")
)
KINDS = {"login": 2, "org": 3, "team": 3, "check": 11, "path": 12, "name": 2}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("times", [KINDS, dict.fromkeys(KINDS, 1), {"path": 1}])
def test_a_document_is_graphql_however_often_its_lines_are_repeated(name: str, times: dict[str, int]) -> None:
    text = repeated(name, times)
    assert " # repeated" not in text
    assert parse(text).definitions
    assert {line for line in document(name).splitlines() if " # repeated" not in line} <= set(text.splitlines())


def test_each_line_that_is_repeated_is_counted_up() -> None:
    found = re.findall(r"(\w+): file\(path: (\$\w+)\)", repeated("nested", {"path": 3}))
    assert found == [(f"path{number}", f"$path{number}") for number in range(3)] * 2


def test_what_is_asked_for_no_time_is_left_out() -> None:
    text = repeated("nested", {})
    assert "path" not in text.partition("query")[2]
