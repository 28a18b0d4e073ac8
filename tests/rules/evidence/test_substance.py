"""What counts as something in a switch or a record, and which workflows somebody can start."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence.substance import Substance
from rules.facts import Files, Unread
from tests.rules.given import holding, policy

PATH = ".github/workflows/stop.yml"
POLICY = policy(
    f"runbooks: [{{stop_switch: {PATH}}}, {{file: a.md}}]\n"
    "reviews: {a: {outcome: passed, evidence: docs/a.md}, b: {outcome: failed, evidence: docs/b.md},"
    " c: {outcome: passed}, d: {outcome: passed, evidence: 'https://acme.example/d'}}"
)


def stuck(workflow: str, path: str = PATH) -> str | None:
    """Why a workflow can't be started."""
    found = Substance.read(policy(f"runbooks: [{{stop_switch: {path}}}]"), holding({path: workflow.encode()}))
    return str(found.stuck[path]) if path in found.stuck else None


def test_only_switches_and_records_of_passed_reviews_are_read() -> None:
    assert Substance.wanted(POLICY) == (PATH, "docs/a.md")
    assert Substance.wanted(policy("owners: {}")) == ()


@pytest.mark.parametrize("content", [b"", b"  \n\t\r\n", b"\xef\xbb\xbf\n"])
def test_a_file_without_a_word_is_empty(content: bytes) -> None:
    assert Substance.read(POLICY, holding({PATH: content, "docs/a.md": b"\x00"})) == Substance(frozenset({PATH}))


def test_what_can_not_be_read_is_not_said_to_be_empty() -> None:
    assert (
        Substance.read(POLICY, Files({PATH: Unread("is binary"), "docs/a.md": Unread("is large")}, ())) == Substance()
    )


@pytest.mark.parametrize(
    "workflow",
    [
        "on: workflow_dispatch\n",
        "on: [push, workflow_dispatch]\n",
        "on:\n  push:\n  workflow_dispatch:\n",
        "'on': {schedule: [{cron: '0 0 * * *'}]}\n",
        "on: repository_dispatch\n",
        "on: {workflow_call: {}}\n",
        "on: issue_comment\n",
        "{{- if .Values.stop }}\non: push\n",
    ],
)
def test_a_workflow_that_somebody_can_start_is_a_switch(workflow: str) -> None:
    assert stuck(workflow) is None


@pytest.mark.parametrize(
    ("workflow", "says"),
    [
        ("on: push\n", "starts on `push` alone, so that nobody can start it when it is needed"),
        ("on: [push, pull_request]\n", "starts on `pull_request`, `push` alone, so"),
        ("on:\n  push:\n    branches: [main]\n", "starts on `push` alone, so"),
        ("on: workflow-dispatch\n", "starts on `workflow-dispatch` alone, so"),
        ("name: Stop\njobs: {}\n", "has no event to start on, so that nobody can start it"),
        ("on:\n", "has no event to start on"),
        ("on: 3\n", "has no event to start on"),
        ("on: [3]\n", "has no event to start on"),
        ("# later\n", "has no event to start on"),
        ("- on: workflow_dispatch\n", "has no event to start on"),
        ("on: [push\n", ":2` is not YAML"),
    ],
)
def test_a_workflow_that_nobody_can_start_is_none(workflow: str, says: str) -> None:
    message = stuck(workflow)
    assert message is not None
    assert message.startswith(f"`{PATH}")
    assert says in message
    assert "not YAML" in says or message.endswith(": add `workflow_dispatch:` to its `on:`")


@pytest.mark.parametrize("path", ["flags/stop.yml", ".github/workflows/stop.sh", ".github/workflows/old/stop.yml"])
def test_any_other_file_is_no_workflow(path: str) -> None:
    assert stuck("on: push\n", path) is None


def test_a_record_need_not_be_started() -> None:
    one = policy(f"reviews: {{a: {{outcome: passed, evidence: {PATH}}}}}")
    assert Substance.read(one, holding({PATH: b"on: push\n"})) == Substance()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet="on: puswrkflw_dic[]{},\n-'\"#&*!", max_size=60).map(str.encode))
def test_no_switch_is_too_odd_to_be_read(data: bytes) -> None:
    found = Substance.read(POLICY, holding({PATH: data, "docs/a.md": data}))
    assert found.stuck.keys() <= {PATH} - found.empty
