"""What stands in the file by which users report a wrong answer."""

import pytest

from rules.evidence.feedback import Feedback
from rules.facts import Files, Unread
from tests.rules.given import policy


@pytest.mark.parametrize(
    ("text", "data", "wanted", "empty"),
    [
        ("monitoring: {feedback: docs/form.md}\n", b"\n \n", ["docs/form.md"], True),
        ("monitoring: {feedback: docs/form.md}\n", b"# Form\n", ["docs/form.md"], False),
        ("monitoring: {feedback: docs/form.md}\n", Unread("is not there"), ["docs/form.md"], False),
        ("monitoring: {feedback: 'label:wrong'}\n", b"", [], False),
        ("monitoring: {}\n", b"", [], False),
        ("owners: {}\n", b"", [], False),
    ],
)
def test_a_file_with_nothing_in_it_is_empty(text: str, data: bytes | Unread, wanted: list[str], empty: bool) -> None:
    found = Feedback.read(policy(text), Files({"docs/form.md": data}, ["docs/form.md"]))
    assert ([*map(str, Feedback.wanted(policy(text)))], found.empty) == (wanted, empty)
