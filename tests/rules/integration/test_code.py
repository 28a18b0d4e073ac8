"""What the rules on code say of many files, and of what they could not look at."""

import json

import pytest

from rules.evidence.notebooks import MAX_CELLS
from rules.facts import Change, Code, Written
from tests.rules.given import keyed, report, result

MANY = Written("a.py", "password = 'hunter2'\n" * 150)
LOADS = Written("a.py", "open('x.csv')\n" * 150)


@pytest.mark.parametrize(("code", "file"), [("INT001", MANY), ("INT002", LOADS)])
def test_of_many_findings_the_first_are_told_and_how_many_more_there_are(code: str, file: Written) -> None:
    files = (file, Written("b.py", file.text))
    found = report(
        "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n", select=[code], given=[Change(files)]
    )
    assert len(found.findings) == 201
    assert [message for _, message in keyed(found) if message.startswith("100 more ")]


@pytest.mark.parametrize("code", ["INT001", "INT002"])
def test_what_was_seen_fails_whatever_was_not(code: str) -> None:
    text = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
    change = Change((MANY, LOADS), "a file is too large")
    assert result(report(text, select=[code], given=[change]), code).outcome.value == "fail"
    assert result(report(text, select=[code], given=[Change((), "a file is too large")]), code).reason == (
        "a file is too large"
    )


def test_a_file_that_is_not_searched_to_its_end_is_no_pass() -> None:
    text = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
    change = Change((Written("a.py", "secret" * 100_000),))
    one = result(report(text, select=["INT001"], given=[change]), "INT001")
    assert (one.outcome.value, one.reason) == (
        "unverifiable",
        "`a.py` holds too much that may be a credential to be read: split it",
    )


def test_a_pull_request_answers_for_the_lines_that_it_adds() -> None:
    text = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
    change = Change((Written("a.py", "password = 'hunter2'\nopen('x.csv')\na = 1\n", frozenset({3})),))
    found = report(text, select=["INT001", "INT002"], given=[change])
    assert [one.outcome.value for one in found.rules] == ["pass", "pass"]


def test_an_integration_is_found_in_any_file_of_the_code() -> None:
    text = (
        "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
        "integrations: [{kind: rest, endpoint: 'https://a.acme.io', auth: {secret: A_KEY}}, {kind: csv},"
        " {kind: queue, endpoint: 'b.acme.io:9092', auth: {type: none}}]\n"
    )
    files = (Written("a.py", "os.environ['A_KEY']"), Written("deploy.yml", "x: b.acme.io\n"))
    assert result(report(text, select=["INT004"], given=[Code(files)]), "INT004").outcome.value == "pass"
    found = report(text, select=["INT004"], given=[Code(files[:1], "one is too large")])
    assert result(found, "INT004").outcome.value == "unverifiable"


def test_notebooks_that_hold_too_much_are_no_pass() -> None:
    text = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
    whole = json.dumps({"nbformat": 4, "cells": [{"source": "read_csv(key)"}] * (MAX_CELLS + 1)})
    found = report(text, select=["INT001", "INT002"], given=[Change((Written("a.ipynb", whole),))])
    assert [(one.outcome.value, one.reason) for one in found.rules] == [
        ("unverifiable", "`a.ipynb` holds too much that may be a credential to be read: split it"),
        (
            "unverifiable",
            "`a.ipynb` is a notebook of more cells and lines than are read: split it, or clear what it put out",
        ),
    ]
