"""What is offered for a name that nobody knows: a fix where one is near, none where none is, and an end to guessing."""

import pytest

from tests.rules.given import HEADER, report

CRITERIA = "criteria: [{id: accuracy, kind: quality}]\n"


@pytest.mark.parametrize(
    ("code", "text", "key"),
    [
        ("DEC002", "decision: {go: [accuracy, zzz]}\n", "decision.go[1]"),
        ("MON001", "monitoring: {signals: [{kind: quality, criterion: zzz}]}\n", "monitoring.signals[0].criterion"),
        ("POL004", "waivers: [{rule: zzz}]\n", "waivers[0].rule"),
    ],
)
def test_where_no_name_is_near_none_is_offered(code: str, text: str, key: str) -> None:
    found = [one for one in report(HEADER + CRITERIA + text, select=[code]).findings if one.key == key]
    assert [(one.replacement, "did you mean" in one.message) for one in found] == [(None, False)]


def test_guessing_what_each_of_many_waivers_means_has_an_end() -> None:
    text = "waivers:\n" + "  - {rule: INT03}\n" * 60
    found = [one for one in report(HEADER + text, select=["POL004"]).findings if str(one.key).endswith(".rule")]
    assert ["did you mean" in one.message for one in found] == [True] * 50 + [False] * 10
