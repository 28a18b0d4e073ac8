"""Every route of the stand-in is asked once and every act of its people is done once; the stand watches."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import requests

from bot.demo.github.webhooks import NEEDS
from bot.github import queries
from bot.github.queries import document, repeated
from tests.contracts.prune import routes
from tests.contracts.scene import DEAF, PARTS, REPO, Scene, check_runs
from tests.stand import Stand


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Stand(webhook_url=DEAF, events=sorted(NEEDS)) as stand:
        yield Scene(stand)


def test_every_route_asks_and_answers_as_github_describes_it(scene: Scene) -> None:
    for part in PARTS:
        part(scene)
    asked = {(one.method, one.route) for one in scene.stand.requests}
    assert sorted({*routes()} - asked) == []
    # The requests were watched as the bot's own, then, and not only their answers.
    assert len(scene.stand.of_the_bot) == len(scene.stand.requests)


def test_refusals_are_worded_as_github_words_them(scene: Scene) -> None:
    annotation = {"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}
    output = {"title": "t", "summary": "s", "annotations": [annotation] * 51}
    refused: list[tuple[str, str, Any, int]] = [
        ("GET", f"{REPO}/contents/none.md", None, 404),
        ("GET", "/repos/acme/none", None, 404),
        ("GET", f"{REPO}/issues/99", None, 404),
        ("GET", f"{REPO}/commits/{'0' * 40}", None, 422),
        ("POST", f"{REPO}/check-runs", {"name": "n", "head_sha": scene.head, "output": output}, 422),
        ("POST", f"{REPO}/issues", {"title": ""}, 422),
        ("POST", f"{REPO}/labels", {"name": "x" * 51}, 422),
        ("POST", f"{REPO}/pulls", {"title": "t", "head": "none", "base": "main"}, 422),
        ("POST", f"{REPO}/git/refs", {"ref": "refs/heads/main", "sha": scene.head}, 422),
        ("PUT", f"{REPO}/contents/docs/a.md", {"message": "m", "content": "", "sha": "0" * 40}, 409),
    ]
    with requests.Session() as plain:
        plain.headers["Authorization"] = f"Bearer {scene.token}"
        for method, path, body, status in refused:
            got = plain.request(method, scene.stand.url + path, json=body, timeout=5)
            assert got.status_code == status, (method, path, got.text)
        etag = plain.get(scene.stand.url + REPO, timeout=5).headers["ETag"]
        again = plain.get(scene.stand.url + REPO, headers={"If-None-Match": etag}, timeout=5)
        assert again.status_code == 304
        scene.stand.grant(scene.installation, {"metadata": "read"})
        assert plain.get(scene.stand.url + REPO, headers={"Authorization": "Bearer x"}, timeout=5).status_code == 401


def test_every_document_of_the_bot_is_answered_as_github_promises(scene: Scene) -> None:
    stand = scene.stand
    check_runs(scene)
    written = stand.comment("acme/triage", 1, "/pilot check")
    stand.repository("acme/.github", files={".pilot-org.yml": "version: 1\n"})
    place = {"owner": "acme", "name": "triage"}
    paths = {"path0": ".pilot.yml", "path1": "docs", "path2": "none"}
    back = {"policy": ".pilot.yml", "until": "2030-01-01T00:00:00+00:00", "beside": True, "teams": True}
    back |= {"labelled": True, "label": "bug", "base": scene.head, "ref": "main", "login0": "ana-r"}
    back |= {"org0": "acme", "team0": "ml", "check0": "ci"}
    alone = {"known": False, "until": back["until"], "ref": "main", "label": "", "labelled": False, "teams": False}
    with_it = {key: value for key, value in back.items() if key not in ("policy", "beside", "base")}
    with_it |= {"known": True, "number": 1, "app": stand.app.id, "comments": True}
    counts = {"login": 1, "org": 1, "team": 1, "check": 1}
    asked: list[tuple[str, dict[str, Any]]] = [
        (repeated("pull", {}), {**place, **alone, "number": 1, "app": stand.app.id, "comments": True}),
        (repeated("pull", {}), {**place, **alone, "number": 99, "app": stand.app.id, "comments": False}),
        (repeated("pull", counts), {**place, **with_it}),
        (document("group"), {**place, "head": scene.head, "base": scene.head, "app": stand.app.id}),
        (repeated("nested", {"path": 3}), {**place, "head": scene.head, "base": scene.head, **paths}),
        (document("head"), {**place, "head": scene.head, "app": stand.app.id}),
        (document("open_pulls"), {**place, "base": "main", "after": None}),
        (document("commit_pulls"), {**place, "head": scene.head}),
        (repeated("paths", {"path": 3}), {**place, "head": scene.head, "text": True, **paths}),
        (repeated("paths", {"path": 3}), {**place, "head": scene.head, "text": False, **paths}),
        (
            repeated("files", {"path": 3, "login": 1, "org": 1, "team": 1, "check": 1}),
            {**place, "head": scene.head, **paths, **back},
        ),
    ]
    installation = scene.client.installation(scene.installation)
    pilots = installation.query(repeated("pilots", {"name": 2}), {"owner": "acme", "name0": "triage", "name1": "none"})
    assert (pilots["name0"]["nameWithOwner"], pilots["name1"]) == ("acme/triage", None)
    answers = [installation.query(text, variables) for text, variables in asked]
    assert all(one["repository"] for one in answers)
    found = installation.query(*asked[2])
    commits = {**place, "number": 1, "after": found["repository"]["pullRequest"]["written"]["pageInfo"]["endCursor"]}
    assert installation.query(document("commits"), commits)["repository"]["pullRequest"]["written"]["totalCount"]
    members = {"org": "acme", "slug": "ml", "after": found["team0"]["team"]["members"]["pageInfo"]["endCursor"]}
    assert installation.query(document("members"), members)["organization"]["team"]
    assert installation.change(document("minimise"), {"subject": written.node_id})
    named = {file.name.removesuffix(".graphql") for file in files(queries).iterdir() if file.name.endswith(".graphql")}
    operations = {str(one.document).lower() for one in stand.requests if one.document}
    assert {name.replace("_", "") for name in named} <= operations


def test_every_mutation_is_answered_as_github_promises(scene: Scene) -> None:
    text = """mutation Comment($pull: ID!, $comment: ID!, $review: ID!) {
      addComment(input: {subjectId: $pull, body: "New", clientMutationId: "1"}) {
        clientMutationId subject { id __typename } commentEdge { cursor node { body isMinimized viewerCanMinimize } } }
      updateIssueComment(input: {id: $comment, body: "Other"}) { issueComment { body minimizedReason } }
      minimizeComment(input: {subjectId: $comment, classifier: OUTDATED}) {
        minimizedComment { isMinimized minimizedReason viewerCanMinimize } }
      unminimizeComment(input: {subjectId: $review}) { unminimizedComment { __typename isMinimized } } }"""
    pull = scene.stand.pull_request("acme/triage", 1)
    review, written = scene.stand.review("acme/triage", 1), scene.stand.comment("acme/triage", 1, "Old")
    ids = {"pull": pull.node_id, "comment": written.node_id, "review": review.node_id}
    assert scene.client.installation(scene.installation).query(text, ids)["minimizeComment"]


def test_every_event_is_told_as_github_describes_it(scene: Scene) -> None:
    stand, repo = scene.stand, "acme/triage"
    run = scene.ask(
        "POST",
        f"{REPO}/check-runs",
        {
            "name": "Pilot readiness",
            "head_sha": scene.head,
            "status": "completed",
            "conclusion": "neutral",
            "output": {"title": "t", "summary": "s"},
            "actions": [{"label": "Again", "description": "Now", "identifier": "recheck"}],
        },
    )["id"]
    stand.press(run, "recheck")
    stand.rerequest(run)
    stand.push(repo, "feature", {"docs/c.md": "c\n"})
    stand.edit(repo, 1, title="Better")
    review = stand.review(repo, 1, body="Good")
    stand.edit_review(review, "Very good")
    stand.dismiss(review)
    stand.conclude_check(stand.post_check(repo, scene.head, "eval", None, app="evals"), "failure")
    stand.post_check(repo, scene.head, "tests", "success")
    stand.status(repo, scene.head, "ci/build", description="Built")
    written = stand.comment(repo, 1, "/pilot check")
    stand.edit_comment(written, "/pilot help", by="ana")
    stand.delete_comment(written)
    for number in (1, 2):
        stand.label(repo, number, ["bug"])
        stand.label(repo, number, [])
        stand.assign(repo, number, ["ana"])
        stand.assign(repo, number, [])
        stand.close(repo, number)
        stand.reopen(repo, number)
    stand.fork(repo, "eve")
    stand.push("eve/triage", "idea", {"docs/d.md": "d\n"}, author="eve")
    other = stand.pull(repo, "idea", author="eve", fork="eve/triage", draft=True)
    stand.ready_for_review(repo, other)
    stand.convert_to_draft(repo, other)
    stand.commit(repo, "queued", {"q": "q"})
    queued = stand.pull(repo, "queued")
    stand.queue(repo, queued)
    stand.land(repo, queued)
    stand.queue(repo, 1)
    stand.unqueue(repo, 1)
    stand.merge(repo, 1)
    organise(scene)
    stand.push(repo, "gone", {"docs/e.md": "e\n"})
    stand.reset(repo, "gone", None)
    stand.repository("acme/second", files={"a": "a"})
    administer(scene)
    told = {f"{one.event}.{one.action}" if one.action else one.event for one in stand.deliveries}
    assert sorted(TOLD - told) == []


def organise(scene: Scene) -> None:
    stand, repo = scene.stand, "acme/triage"
    stand.member("acme", "max")
    stand.permit(repo, "max", "triage")
    stand.permit(repo, "max", "maintain")
    stand.permit(repo, "max", "none")
    stand.team("acme", "new", ["max"], {repo: "read"}, parent="ml")
    stand.team("acme", "new", roles={repo: "write"})
    stand.leave("acme", "max")
    stand.withdraw("acme", "new", repo)
    stand.delete_team("acme", "ml")
    stand.properties(repo, tier="two", risk=["a", "b"])


def administer(scene: Scene) -> None:
    stand = scene.stand
    stand.select(scene.installation, ["acme/triage"])
    stand.select(scene.installation, ["acme/triage", "acme/second"])
    stand.rename("acme/second", "third")
    stand.archive("acme/third")
    stand.archive("acme/third", archived=False)
    stand.delete("acme/third")
    stand.suspend(scene.installation)
    stand.suspend(scene.installation, suspended=False)
    stand.grant(scene.installation, {"metadata": "read"})
    stand.uninstall(scene.installation)


TOLD = {
    *("check_run.created", "check_run.completed", "check_run.requested_action", "check_run.rerequested"),
    *("check_suite.requested", "installation.created", "installation.deleted", "installation.suspend"),
    *("installation.unsuspend", "installation.new_permissions_accepted", "installation_repositories.added"),
    *("installation_repositories.removed", "issue_comment.created", "issue_comment.edited", "issue_comment.deleted"),
    *("issues.opened", "issues.labeled", "issues.unlabeled", "issues.assigned", "issues.unassigned", "issues.closed"),
    *("issues.reopened", "merge_group.checks_requested", "pull_request.opened", "pull_request.synchronize"),
    *("pull_request.edited", "pull_request.closed", "pull_request.reopened", "pull_request.labeled"),
    *("pull_request.unlabeled", "pull_request.assigned", "pull_request.unassigned", "pull_request.ready_for_review"),
    *(
        "pull_request_review.submitted",
        "pull_request_review.edited",
        "pull_request_review.dismissed",
        "push",
        "repository.renamed",
        "repository.archived",
        "repository.unarchived",
    ),
    *("repository.deleted", "status", "pull_request.converted_to_draft", "pull_request.enqueued"),
    *("pull_request.dequeued", "merge_group.destroyed", "member.added", "member.edited", "member.removed"),
    *("organization.member_added", "organization.member_removed", "membership.added", "membership.removed"),
    *("team.created", "team.added_to_repository", "team.edited", "team.removed_from_repository", "team.deleted"),
    "custom_property_values.updated",
}
