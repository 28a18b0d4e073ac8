"""What a file of results is, told from what it holds alone."""

import pytest

from rules.evidence.results import format_of
from tests.rules.given import holding


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (b'{"accuracy": 0.9}', "json"),
        (b"accuracy: 0.9\n", "json"),
        (b'{"name": "x"}', None),
        (b"[1, 2]", None),
        (b'<testsuite name="a"><testcase name="b"/></testsuite>', "junit"),
        (b"<html/>", None),
        (b"{", None),
        (b"", None),
        (b"{{- if .Values.a }}\na: [\n", None),
    ],
)
def test_what_a_file_holds_is_told_without_a_policy(content: bytes, format: str | None) -> None:
    assert format_of("eval/results", holding({"eval/results": content})) == format
