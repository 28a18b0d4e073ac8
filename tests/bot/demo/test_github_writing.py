"""What the app writes: comments by GraphQL, and files, branches and pull requests within its permissions and rules."""

from typing import Any

from tests.bot.demo.stage import Client, staged

REPO = "/repos/acme/triage"
MINIMIZE = """mutation($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OFF_TOPIC, clientMutationId: "m"}) {
  clientMutationId minimizedComment { isMinimized minimizedReason ... on IssueComment { body } } } }"""
ADD = """mutation($id: ID!, $body: String!) { addComment(input: {subjectId: $id, body: $body}) {
  commentEdge { node { id body viewerDidAuthor author { login } } } subject { __typename } } }"""
UPDATE = (
    "mutation($id: ID!, $body: String!) { updateIssueComment(input: {id: $id, body: $body}) { issueComment { body } } }"
)


def problem(found: dict[str, Any]) -> tuple[str, str]:
    error = found["errors"][0]
    return error["type"], error["message"]


def test_a_comment_is_left_changed_and_folded_away(client: Client) -> None:
    pull = client.stand.pull_request("acme/triage", 1)
    made = client.query(ADD, id=pull.node_id, body="One")["data"]["addComment"]
    node = made["commentEdge"]["node"]
    assert (node["viewerDidAuthor"], made["subject"]) == (True, {"__typename": "PullRequest"})
    assert (
        client.query(UPDATE, id=node["id"], body="Two")["data"]["updateIssueComment"]["issueComment"]["body"] == "Two"
    )
    folded = client.query(MINIMIZE, id=node["id"])["data"]["minimizeComment"]
    assert folded["minimizedComment"] == {"isMinimized": True, "minimizedReason": "off-topic", "body": "Two"}
    assert folded["clientMutationId"] == "m"
    text = "query($id: ID!) { node(id: $id) { ... on IssueComment { isMinimized viewerCanMinimize } } }"
    assert client.query(text, id=node["id"])["data"]["node"] == {"isMinimized": True, "viewerCanMinimize": True}
    shown = (
        "mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) { unminimizedComment { minimizedReason } } }"
    )
    found = client.query(shown, id=node["id"])["data"]["unminimizeComment"]
    assert found == {"unminimizedComment": {"minimizedReason": None}}
    review = client.stand.review("acme/triage", 1)
    assert client.query(MINIMIZE, id=review.node_id)["data"]["minimizeComment"]["minimizedComment"]["isMinimized"]


def test_what_github_refuses_of_comments(client: Client) -> None:
    pull = client.stand.pull_request("acme/triage", 1)
    assert problem(client.query(ADD, id=pull.node_id, body=" "))[1] == "Body can't be blank"
    assert "too long" in problem(client.query(ADD, id=pull.node_id, body="x" * 65_537))[1]
    for id in ("none", client.stand.repository("other/secret").node_id):
        assert problem(client.query(MINIMIZE, id=id))[0] == "NOT_FOUND"
    assert problem(client.query(UPDATE, id=pull.node_id, body="x"))[1].startswith("Could not resolve to Comment node")
    client.stand.archive("acme/triage")
    assert "archived" in problem(client.query(ADD, id=pull.node_id, body="x"))[1]
    assert pull.issue.comments == []


def test_an_app_for_pull_requests_leaves_issues_alone() -> None:
    with staged({"metadata": "read", "pull_requests": "write"}) as client:
        issue = client.stand.issue("acme/triage", client.stand.open_issue("acme/triage", "x"))
        below = client.stand.comment("acme/triage", issue.number, "Mine")
        pull = client.stand.pull_request("acme/triage", 1)
        assert "errors" not in client.query(ADD, id=pull.node_id, body="x")
        assert problem(client.query(ADD, id=issue.node_id, body="x"))[0] == "FORBIDDEN"
        text = "query($id: ID!) { node(id: $id) { ... on IssueComment { viewerCanMinimize } } }"
        assert client.query(text, id=below.node_id)["data"]["node"] == {"viewerCanMinimize": False}
        assert client.ask("POST", f"{REPO}/issues/1/comments", {"body": "x"}).status_code == 201
        for method, path in (
            ("POST", f"/issues/{issue.number}/comments"),
            ("GET", f"/issues/{issue.number}/comments"),
            ("PATCH", f"/issues/comments/{below.id}"),
        ):
            got = client.ask(method, REPO + path, {"body": "x"} if method != "GET" else None)
            assert (got.status_code, got.json()["message"]) == (403, "Resource not accessible by integration")


def test_a_reader_folds_nothing_away() -> None:
    with staged({"metadata": "read", "pull_requests": "read", "issues": "read"}) as client:
        below = client.stand.comment("acme/triage", 1, "Mine")
        assert problem(client.query(MINIMIZE, id=below.node_id))[0] == "FORBIDDEN"
        assert below.minimized is None


def test_rules_keep_the_app_from_a_branch(client: Client) -> None:
    client.stand.require("acme/triage", "main", "build", app="github-actions")
    sha = client.ask("GET", f"{REPO}/contents/.pilot.yml").json()["sha"]
    got = client.ask("PUT", f"{REPO}/contents/.pilot.yml", {"message": "x", "content": "eA==", "sha": sha})
    assert got.status_code == 409
    assert 'Required status check "build" is expected.' in got.json()["message"]
    head = client.stand.pull_request("acme/triage", 1).head
    assert client.ask("PATCH", f"{REPO}/git/refs/heads/main", {"sha": head}).status_code == 422
    rule = client.ask("GET", f"{REPO}/rules/branches/main").json()[0]
    assert rule["parameters"]["required_status_checks"] == [{"context": "build", "integration_id": 15368}]


def test_a_workflow_takes_a_permission_of_its_own() -> None:
    body = {"message": "x", "content": "eA==", "branch": "feature"}
    for more, status in (({}, 403), ({"workflows": "write"}, 201)):
        with staged({"metadata": "read", "contents": "write", **more}) as client:
            got = client.ask("PUT", f"{REPO}/contents/.github/workflows/ci.yml", body)
            assert got.status_code == status


def test_what_has_not_changed_is_counted_apart(client: Client) -> None:
    etag = client.ask("GET", f"{REPO}/rules/branches/main").headers["ETag"]
    for _ in range(2):
        client.ask("GET", f"{REPO}/rules/branches/main", headers={"If-None-Match": etag})
    assert (client.stand.count(status=200), client.stand.count(status=304)) == (1, 2)


def test_an_issue_that_was_transferred_is_found_under_its_old_number(client: Client) -> None:
    stand = client.stand
    stand.repository("acme/sorting")
    client.ask("POST", "/repos/acme/sorting/labels", {"name": "pilot"})
    body = {"title": "Late", "labels": ["pilot", "late"]}
    number = client.ask("POST", f"{REPO}/issues", body).json()["number"]
    there = stand.transfer_issue("acme/triage", number, "acme/sorting")
    stand.comment("acme/sorting", there, "Here.")
    got = client.ask("GET", f"{REPO}/issues/{number}")
    assert (got.history[0].status_code, got.json()["repository_url"]) == (301, f"{stand.url}/repos/acme/sorting")
    assert [one["name"] for one in got.json()["labels"]] == ["pilot"]
    assert [one["body"] for one in client.ask("GET", f"{REPO}/issues/{number}/comments").json()] == ["Here."]
    assert client.ask("POST", f"{REPO}/issues", body).json()["number"] == number + 1


def test_an_issue_that_was_deleted_is_410_for_good(client: Client) -> None:
    number = client.ask("POST", f"{REPO}/issues", {"title": "Late"}).json()["number"]
    client.stand.delete_issue("acme/triage", number)
    assert client.ask("PATCH", f"{REPO}/issues/{number}", {"state": "closed"}).status_code == 410
    assert client.ask("GET", f"{REPO}/issues").json() == [client.ask("GET", f"{REPO}/issues/1").json()]
    assert client.ask("POST", f"{REPO}/issues", {"title": "Late"}).json()["number"] == number + 1
