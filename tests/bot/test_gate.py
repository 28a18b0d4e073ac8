"""Whether the check can stop a merge: read from the base branch's rules, said where it can't."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import responses

from bot.gather.gate import required, required_there
from bot.gather.metrics import UNSET, Metrics
from bot.github.checks import LIMIT, CheckRun
from bot.github.client import Installation
from bot.present import check_run
from bot.review import pull
from bot.review.pull import Asked, By
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from rules.catalogue import catalogue
from tests.bot.github.hub import SENT, Hub
from tests.stores import empty

NAME = "Pilot readiness"
SMALL = b"version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"
SAID = "No ruleset of the base branch requires this check with this app as its source"


def rules(*checks: tuple[str, int | None], more: int = 0) -> dict[str, Any]:
    wanted = [{"context": name, "integrationId": app} for name, app in checks]
    nodes: list[Any] = [{"parameters": {}}, {"parameters": None}, {"parameters": {"requiredStatusChecks": wanted}}]
    return {"totalCount": len(nodes) + more, "nodes": nodes}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, None),
        ({"totalCount": 0, "nodes": []}, False),
        (rules((NAME, 7)), True),
        (rules(("build", 7), (NAME, 7), more=9), True),
        (rules((NAME, None)), False),
        (rules((NAME, 15368)), False),
        (rules((f"{NAME} (main)", 7)), False),
        (rules(("build", 7), more=1), None),
    ],
)
def test_a_rule_counts_that_requires_the_check_of_this_app(found: Any, expected: bool | None) -> None:
    assert required(found, NAME, 7) is expected


@pytest.fixture
def hub() -> Hub:
    return Hub(files={".pilot.yml": SMALL}, base={".pilot.yml": SMALL})


@pytest.fixture
def installation(hub: Hub) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


@pytest.fixture
def by() -> By:
    store = empty()
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return By(catalogue(), now, lambda _, policy: Metrics(None, policy, UNSET), Memory(store), Ledger(store))


def summary(hub: Hub) -> str:
    found: str = hub.runs[max(hub.runs)]["output"]["summary"]
    return found


def test_the_last_sentence_says_that_the_check_is_not_required_until_it_is(
    hub: Hub, installation: Installation, by: By
) -> None:
    asked = Asked("acme/triage", 17)
    hub.rules = rules((NAME, 15368))
    assert pull.review(installation, by, asked) == 1
    assert summary(hub).splitlines()[-1].startswith(SAID)
    assert "require `Pilot readiness` of this app" in summary(hub).splitlines()[-1]
    assert pull.review(installation, by, asked) == 0
    hub.rules = rules((NAME, 7))
    assert pull.review(installation, by, asked) == 1
    assert SAID not in summary(hub)


@pytest.mark.parametrize("pull_request", [{"baseRef": None}, {}])
def test_nothing_is_said_where_the_rules_are_not_told(
    pull_request: dict[str, Any], hub: Hub, installation: Installation, by: By
) -> None:
    hub.pull = pull_request
    pull.review(installation, by, Asked("acme/triage", 17))
    assert SAID not in summary(hub)


def test_nothing_is_said_where_no_pilot_is(hub: Hub, installation: Installation, by: By) -> None:
    hub.files, hub.base, hub.rules = {"README.md": b""}, {}, rules()
    pull.review(installation, by, Asked("acme/triage", 17))
    assert hub.runs[max(hub.runs)]["output"]["title"] == "No pilot here"
    assert SAID not in summary(hub)


def test_rules_that_are_kept_back_stop_no_check(hub: Hub, installation: Installation, by: By) -> None:
    hub.denied = [["repository", "pullRequest", "baseRef", "rules"]]
    pull.review(installation, by, Asked("acme/triage", 17))
    assert hub.counted()[:2] == ["Pull", "GET /repos/acme/triage/git/trees/" + "a" * 40]
    assert SAID not in summary(hub)


def test_the_sentence_stays_where_the_summary_is_cut() -> None:
    run = check_run.ungated(CheckRun("Pilot readiness (a`b)", "failure", "", "line of text\n" * 10_000))
    assert len(run.summary.encode()) <= LIMIT
    assert run.summary.splitlines()[-1].startswith(SAID)
    assert "_Cut here." in run.summary


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([[]], False),
        ([[{"type": "deletion"}]], False),
        ([[{"parameters": {"required_status_checks": [{"context": NAME, "integration_id": 7}]}}]], True),
        ([[{"parameters": {"required_status_checks": [{"context": NAME}]}}]], False),
        ([[{}] * 100, [{"parameters": {"required_status_checks": [{"context": NAME, "integration_id": 7}]}}]], True),
        ([[{}] * 100, []], False),
    ],
)
def test_the_rules_of_any_branch_can_be_asked_for(pages: list[Any], expected: bool) -> None:
    hub = Hub()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for page in pages:
            mock.get(f"{SENT}/repos/acme/triage/rules/branches/a%2Fb", body=json.dumps(page))
        found = required_there(hub.start(mock), ("acme/triage", "a/b"), NAME)
        assert len([one for one in mock.calls if "/rules/" in str(one.request.url)]) == len(pages)
    assert found is expected
