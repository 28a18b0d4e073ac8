"""Webhooks: who is told what, how it is signed, and how it is sent again."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from bot.demo.github import StandIn
from tests.bot.demo.stage import Client, Inbox
from tests.stand import Stand


@pytest.fixture
def stand(box: Inbox) -> Iterator[StandIn]:
    with StandIn(webhook_url=box.url, webhook_secret="s3cret") as found:
        found.repository("acme/triage", files={".pilot.yml": "version: 1\n"})
        yield found
        assert not found.broken


def test_a_webhook_is_signed_and_has_githubs_headers(stand: StandIn, box: Inbox) -> None:
    id = stand.install("acme")
    headers, data = box.got[0]
    digest = hmac.new(b"s3cret", data, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={digest}"
    assert headers["x-github-event"] == "installation"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("GitHub-Hookshot/")
    assert headers["x-github-hook-installation-target-id"] == str(stand.app.id)
    payload = json.loads(data)
    assert (payload["action"], payload["installation"]["id"]) == ("created", id)
    assert [one["full_name"] for one in payload["repositories"]] == ["acme/triage"]


def test_people_cause_events_in_order(stand: StandIn, box: Inbox) -> None:
    stand.install("acme")
    stand.commit("acme/triage", "feature", {"a": "1"})
    number = stand.pull("acme/triage", "feature")
    stand.push("acme/triage", "feature", {"a": "2"})
    stand.edit("acme/triage", number, title="Another")
    stand.comment("acme/triage", number, "/pilot check")
    stand.close("acme/triage", number)
    assert box.events[1:] == [
        ("pull_request", "opened"),
        ("pull_request", "synchronize"),
        ("push", None),
        ("check_suite", "requested"),
        ("pull_request", "edited"),
        ("issue_comment", "created"),
        ("pull_request", "closed"),
    ]
    pushed = json.loads(box.got[3][1])
    assert (pushed["ref"], pushed["commits"][0]["modified"]) == ("refs/heads/feature", ["a"])


def test_only_what_is_subscribed_and_permitted_is_told(stand: StandIn, box: Inbox) -> None:
    stand.install("acme", permissions={"metadata": "read", "pull_requests": "read"})
    stand.push("acme/triage", "feature", {"a": "1"})
    stand.open_issue("acme/triage", "x")
    stand.pull("acme/triage", "feature")
    assert box.events[1:] == [("pull_request", "opened")]


def test_buttons_and_reruns_come_with_their_run(stand: StandIn, box: Inbox) -> None:
    client = Client(stand, stand.install("acme"))
    stand.commit("acme/triage", "feature", {"a": "1"})
    number = stand.pull("acme/triage", "feature")
    actions = [{"label": "Check again", "description": "x", "identifier": "recheck"}]
    body = {"name": "Pilot readiness", "head_sha": stand.pull_request("acme/triage", number).head, "actions": actions}
    with client.session:
        client.ask("POST", "/repos/acme/triage/check-runs", body | {"external_id": "pull/1", "conclusion": "success"})
    stand.settle()
    run = stand.check("acme/triage", number)
    assert run is not None
    with pytest.raises(ValueError, match="has no button"):
        stand.press(run, "explain")
    stand.press(run, "recheck", by="ana")
    told = json.loads(box.got[-1][1])
    assert told["requested_action"] == {"identifier": "recheck"}
    assert (told["check_run"]["external_id"], told["sender"]["login"]) == ("pull/1", "ana")
    stand.rerequest(run)
    stand.rerequest(run.suite)
    assert box.events[-2:] == [("check_run", "rerequested"), ("check_suite", "rerequested")]
    assert run.status == "queued"


def test_a_failed_delivery_is_listed_and_sent_again_under_its_guid(stand: StandIn, box: Inbox) -> None:
    client = Client(stand, stand.install("acme"))
    box.status = 503
    assert stand.deliver("ping", {"zen": "x"}, guid="one") == 503
    box.status = 202
    with client.session:
        listed = client.app("GET", "/app/hook/deliveries?status=failure").json()
        assert [(each["guid"], each["status_code"], each["event"]) for each in listed] == [("one", 503, "ping")]
        again = client.app("POST", f"/app/hook/deliveries/{listed[0]['id']}/attempts")
        assert again.status_code == 202
        stand.settle()
        first = client.app("GET", "/app/hook/deliveries?per_page=1")
        assert [(each["guid"], each["redelivery"], each["status"]) for each in first.json()] == [("one", True, "OK")]
        rest = client.app("GET", first.links["next"]["url"].removeprefix(stand.url)).json()
        assert rest[0]["guid"] == "one"
        whole = client.app("GET", f"/app/hook/deliveries/{listed[0]['id']}").json()
        assert whole["request"]["payload"] == {"zen": "x"}
    assert [headers["x-github-delivery"] for headers, _ in box.got[-2:]] == ["one", "one"]
    assert stand.redeliver("one") == 202


def test_nobody_there_is_a_failed_delivery(stand: StandIn) -> None:
    stand.hooks.url = "http://127.0.0.1:9/"
    assert stand.deliver("ping", {}) == 0
    assert (stand.deliveries[-1].status, stand.deliveries[-1].arrived) == ("failed to connect to host", False)


def test_what_is_held_back_comes_late_and_out_of_order(stand: StandIn, box: Inbox) -> None:
    stand.install("acme")
    stand.hooks.hold = True
    stand.commit("acme/triage", "feature", {"a": "1"})
    number = stand.pull("acme/triage", "feature")
    stand.close("acme/triage", number)
    assert len(box.got) == 1
    stand.hooks.release(backwards=True)
    assert box.events[1:] == [("pull_request", "closed"), ("pull_request", "opened")]


def test_the_merge_queue_asks_for_the_check_of_a_merge(stand: StandIn, box: Inbox) -> None:
    stand.install("acme")
    stand.commit("acme/triage", "feature", {"a": "1"})
    stand.commit("acme/triage", "main", {"b": "1"})
    sha = stand.queue("acme/triage", stand.pull("acme/triage", "feature"))
    told = json.loads(box.got[-1][1])
    assert (box.events[-1], told["merge_group"]["head_sha"]) == (("merge_group", "checks_requested"), sha)
    git = stand.world.repositories["acme/triage"].git
    assert git.file(sha, "a") == b"1"
    # The temporary branch is pushed as any other.
    pushed = json.loads(box.got[-3][1])
    branch = f"refs/heads/gh-readonly-queue/main/pr-1-{git.branch('main')}"
    assert (pushed["ref"], pushed["created"], told["merge_group"]["head_ref"]) == (branch, True, branch)
    stand.unqueue("acme/triage", 1)
    assert box.events[-3:] == [("merge_group", "destroyed"), ("pull_request", "dequeued"), ("push", None)]
    assert branch not in git.refs


def test_the_queue_merges_the_very_commit_that_was_checked(stand: StandIn, box: Inbox) -> None:
    client = Client(stand, stand.install("acme"))
    for name in ("one", "two"):
        stand.commit("acme/triage", name, {name: "1"})
        stand.pull("acme/triage", name)
    sha, late = stand.queue("acme/triage", 1), stand.queue("acme/triage", 2)
    assert stand.land("acme/triage", 1) == sha == stand.world.repositories["acme/triage"].git.branch("main")
    assert box.events[-5:] == [
        ("check_suite", "requested"),
        ("pull_request", "closed"),
        ("merge_group", "destroyed"),
        ("pull_request", "dequeued"),
        ("push", None),
    ]
    assert json.loads(box.got[-3][1])["reason"] == "merged"
    with client.session:
        moved = client.ask("GET", "/repos/acme/triage/activity?ref=main").json()[0]
    assert (moved["activity_type"], moved["actor"]["login"]) == ("merge_queue_merge", "github-merge-queue[bot]")
    with pytest.raises(ValueError, match="main has moved"):
        stand.land("acme/triage", 2)
    assert late in stand.world.repositories["acme/triage"].git.branches.values()


def test_a_conflict_leaves_no_branch_in_the_queue(stand: StandIn) -> None:
    stand.commit("acme/triage", "feature", {"a": "1"})
    stand.commit("acme/triage", "main", {"a": "2"})
    with pytest.raises(ValueError, match="in conflict"):
        stand.queue("acme/triage", stand.pull("acme/triage", "feature"))
    assert [*stand.world.repositories["acme/triage"].git.branches] == ["feature", "main"]


def test_those_who_have_the_app_are_told_of_what_is_transferred(box: Inbox) -> None:
    with Stand(webhook_url=box.url) as stand:
        stand.repository("acme/triage")
        stand.repository("acme/other")
        stand.install("acme")
        stand.install("globex")
        number = stand.open_issue("acme/triage", "Late")
        stand.transfer_issue("acme/triage", number, "acme/other")
        stand.delete_issue("acme/other", 1)
        box.got.clear()
        stand.transfer("acme/triage", "globex")
        assert box.events == [
            ("installation_repositories", "removed"),
            ("installation_repositories", "added"),
            ("repository", "transferred"),
        ]
        told = json.loads(box.got[2][1])
        assert (told["repository"]["full_name"], told["installation"]["id"]) == (
            "globex/triage",
            max(stand.world.installations),
        )
