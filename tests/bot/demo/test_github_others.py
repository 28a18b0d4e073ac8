"""Checks and statuses that others than the app have set on a commit."""

import json
from typing import Any

import pytest

from bot.demo.github import EVENTS
from tests.bot.demo.stage import Client, Inbox, staged

REPO = "acme/triage"
COMMIT = """query($head: GitObjectID!, $name: String) { repository(owner: "acme", name: "triage") {
  object(oid: $head) { ... on Commit { oid
    status { id state context(name: "ci/build") { state } commit { oid }
      contexts { id context state description targetUrl createdAt creator { login } commit { oid } } }
    checkSuites(first: 9, filterBy: {checkName: $name}) { nodes { app { databaseId slug }
      checkRuns(first: 9, filterBy: {checkName: $name}) { nodes { name conclusion status databaseId } } } } } } } }"""


def commit(client: Client, name: str | None = None) -> Any:
    head = client.stand.pull_request(REPO, 1).head
    found = client.query(COMMIT, head=head, name=name)
    assert "errors" not in found
    return found["data"]["repository"]["object"]


def test_runs_of_other_apps_stand_beside_those_of_the_app(client: Client) -> None:
    stand, head = client.stand, client.stand.pull_request(REPO, 1).head
    first = stand.post_check(REPO, head, "eval", "failure")
    second = stand.post_check(REPO, head, "eval", "success")
    slow = stand.post_check(REPO, head, "eval", None, app="evals")
    stand.post_check(REPO, head, "scan", "neutral", app="evals")
    suites = commit(client, "eval")["checkSuites"]["nodes"]
    # Each run of a workflow has a suite of its own, and GitHub Actions is one app.
    assert [one["app"]["slug"] for one in suites] == ["github-actions", "github-actions", "evals"]
    assert {one["app"]["databaseId"] for one in suites[:2]} == {15368}
    runs = [run for one in suites for run in one["checkRuns"]["nodes"]]
    assert [(one["databaseId"], one["status"], one["conclusion"]) for one in runs] == [
        (first.id, "COMPLETED", "FAILURE"),
        (second.id, "COMPLETED", "SUCCESS"),
        (slow.id, "IN_PROGRESS", None),
    ]
    stand.conclude_check(slow, "timed_out")
    listed = client.ask("GET", f"/repos/{REPO}/commits/{head}/check-runs?check_name=eval").json()["check_runs"]
    assert [one["conclusion"] for one in listed] == ["timed_out", "success"]
    for wrong in (("0" * 40, "success"), (head, "fine")):
        with pytest.raises(ValueError, match="nobody can conclude"):
            stand.post_check(REPO, wrong[0], "eval", wrong[1])


def test_the_last_status_of_a_context_counts(client: Client) -> None:
    stand, head = client.stand, client.stand.pull_request(REPO, 1).head
    assert commit(client)["status"] is None
    stand.status(REPO, head, "ci/build", "pending")
    stand.status(REPO, head, "ci/build", by="mallory", description="Built")
    found = commit(client)["status"]
    assert (found["state"], found["context"], found["commit"]) == ("SUCCESS", {"state": "SUCCESS"}, {"oid": head})
    assert [(one["creator"]["login"], one["description"]) for one in found["contexts"]] == [("mallory", "Built")]
    stand.status(REPO, head, "ci/scan", "error")
    assert commit(client)["status"]["state"] == "FAILURE"
    got = client.ask("GET", f"/repos/{REPO}/commits/feature/status").json()
    assert (got["state"], [one["context"] for one in got["statuses"]]) == ("failure", ["ci/scan", "ci/build"])
    listed = client.ask("GET", f"/repos/{REPO}/commits/feature/statuses").json()
    assert [(one["state"], one["creator"]["login"]) for one in listed] == [
        ("error", "ci"),
        ("success", "mallory"),
        ("pending", "ci"),
    ]
    assert client.ask("GET", f"/repos/{REPO}/commits/none/statuses").status_code == 422
    for sha, state in ((head, "fine"), ("0" * 40, "success")):
        with pytest.raises(ValueError, match=r"is none of|no commit"):
            stand.status(REPO, sha, "x", state)


def test_statuses_take_their_permission() -> None:
    with staged({"metadata": "read", "contents": "read", "checks": "read"}) as client:
        head = client.stand.pull_request(REPO, 1).head
        client.stand.status(REPO, head, "ci/build")
        found = client.query(COMMIT, head=head)
        assert found["data"]["repository"]["object"]["status"] is None
        assert found["errors"][0]["type"] == "FORBIDDEN"
        assert client.ask("GET", f"/repos/{REPO}/commits/feature/status").status_code == 403


def test_what_others_set_is_told_to_whoever_has_subscribed(box: Inbox) -> None:
    with staged(events=[*EVENTS, "status"]) as client:
        stand, head = client.stand, client.stand.pull_request(REPO, 1).head
        stand.hooks.url = box.url
        stand.conclude_check(stand.post_check(REPO, head, "eval", None, app="evals"), "success")
        stand.status(REPO, head, "ci/build")
        for what in (stand.checks(REPO, head)[0], stand.checks(REPO, head)[0].suite):
            stand.rerequest(what)  # That is nothing to us.
        assert box.events == [("check_run", "created"), ("check_run", "completed"), ("status", None)]
        told = [json.loads(data) for _, data in box.got]
        assert (told[1]["check_run"]["app"]["slug"], told[1]["sender"]["login"]) == ("evals", "evals[bot]")
        assert (told[2]["sha"], [one["name"] for one in told[2]["branches"]]) == (head, ["feature"])
