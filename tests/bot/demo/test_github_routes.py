"""Every route answers, and every act of people is told; what they answer is held against GitHub's own description in
tests/contracts."""

from typing import Any

from bot.demo.github import Submodule
from bot.demo.github.routes import _ROUTES
from tests.bot.demo.stage import Client, Inbox

REPO = "/repos/acme/triage"
RUN = {"name": "Pilot readiness", "conclusion": "failure", "output": {"title": "t", "summary": "s"}}


def set_the_scene(client: Client) -> dict[str, Any]:
    stand = client.stand
    stand.team("acme", "ml", ["zoe"], {"acme/triage": "write"})
    stand.world.repositories["acme/triage"].properties["pilot"] = "yes"
    stand.require("acme/triage", "main", "Pilot readiness")
    stand.commit("acme/triage", "feature", {"CODEOWNERS": "* @zoe", "sub": Submodule("1" * 40)})
    stand.review("acme/triage", 1)
    head = stand.pull_request("acme/triage", 1).head
    run = client.ask("POST", f"{REPO}/check-runs", {**RUN, "head_sha": head}).json()
    issue = client.ask("POST", f"{REPO}/issues", {"title": "x", "labels": ["pilot"]}).json()["number"]
    comment = client.ask("POST", f"{REPO}/issues/{issue}/comments", {"body": "x"}).json()["id"]
    reactions = [f"{REPO}/issues/{issue}/reactions", f"{REPO}/issues/comments/{comment}/reactions"]
    ids = [client.ask("POST", one, {"content": "eyes"}).json()["id"] for one in reactions]
    tree = client.ask("GET", f"{REPO}/git/trees/main?recursive=1").json()["tree"]
    return {
        "head": head,
        "run": run["id"],
        "suite": run["check_suite"]["id"],
        "issue": issue,
        "comment": comment,
        "reaction": ids[0],
        "reaction_to_comment": ids[1],
        "blob": next(one["sha"] for one in tree if one["path"] == ".pilot.yml"),
    }


REQUESTS: list[tuple[str, str, Any, int]] = [
    ("GET", "/rate_limit", None, 200),
    ("GET", "/users/zoe", None, 200),
    ("GET", "/users/nobody", None, 404),
    ("GET", "/orgs/acme/teams/ml", None, 200),
    ("GET", "/orgs/acme/teams/none", None, 404),
    ("GET", "/orgs/acme/teams/ml/memberships/zoe", None, 200),
    ("GET", "/orgs/acme/teams/ml/memberships/ana", None, 404),
    ("GET", "/orgs/acme/teams/ml/repos", None, 200),
    ("GET", "/orgs/acme/teams/ml/repos/acme/triage", None, 204),
    ("GET", "/orgs/acme/memberships/zoe", None, 200),
    ("GET", "/orgs/acme/memberships/dev", None, 404),
    ("GET", "/topics", None, 200),
    ("GET", "/properties/values", None, 200),
    ("GET", "/branches", None, 200),
    ("GET", "/branches/main", None, 200),
    ("GET", "/branches/none", None, 404),
    ("GET", "/activity?ref=feature&time_period=day", None, 200),
    ("GET", "/activity?activity_type=none", None, 422),
    ("GET", "/compare/main...feature", None, 200),
    ("GET", "/compare/none...feature", None, 404),
    ("GET", "/codeowners/errors", None, 404),
    ("GET", "/codeowners/errors?ref=feature", None, 200),
    ("GET", "/collaborators/zoe", None, 204),
    ("GET", "/collaborators/stranger", None, 404),
    ("GET", "/contents?ref=feature", None, 200),
    ("GET", "/contents/sub?ref=feature", None, 200),
    ("GET", "/contents/x?ref=none", None, 404),
    ("GET", "/git/blobs/{blob}", None, 200),
    ("GET", "/git/blobs/{head}", None, 404),
    ("GET", "/commits?path=.pilot.yml", None, 200),
    ("GET", "/commits?sha=none", None, 404),
    ("GET", "/commits/feature", None, 200),
    ("GET", "/commits/none", None, 422),
    ("GET", "/commits/none/check-runs", None, 422),
    ("GET", "/commits/feature/status", None, 200),
    ("GET", "/commits/feature/statuses", None, 200),
    ("GET", "/check-runs/{run}", None, 200),
    ("GET", "/check-runs/1", None, 404),
    ("GET", "/check-suites/{suite}", None, 200),
    ("GET", "/check-suites/1", None, 404),
    ("GET", "/check-suites/{suite}/check-runs", None, 200),
    ("GET", "/commits/feature/check-suites?check_name=none", None, 200),
    ("POST", "/check-runs/{run}/rerequest", None, 201),
    ("POST", "/check-suites/{suite}/rerequest", None, 201),
    ("GET", "/pulls?state=all&head=acme:feature&base=main&sort=updated&direction=asc", None, 200),
    ("GET", "/pulls/9", None, 404),
    ("GET", "/pulls/1/commits", None, 200),
    ("GET", "/pulls/1/reviews", None, 200),
    ("PATCH", "/pulls/1", {"title": "T", "state": "closed"}, 200),
    ("PATCH", "/pulls/1", {"base": "none"}, 422),
    ("GET", "/issues?state=all&sort=updated&direction=asc&since=2020-01-01T00:00:00Z&assignee=none", None, 200),
    ("POST", "/issues", {"title": ""}, 422),
    ("POST", "/issues", {"title": 1}, 422),
    ("GET", "/issues/{issue}", None, 200),
    ("GET", "/issues/1", None, 200),
    ("GET", "/issues/99", None, 404),
    ("PATCH", "/issues/{issue}", {"body": "y", "labels": ["a"], "assignees": ["zoe"], "state": "closed"}, 200),
    ("PATCH", "/issues/{issue}", {"state": "open"}, 200),
    ("PATCH", "/issues/{issue}", {"state": "gone"}, 422),
    ("GET", "/issues/{issue}/labels", None, 200),
    ("POST", "/issues/{issue}/labels", {"labels": ["b", "c"]}, 200),
    ("PUT", "/issues/{issue}/labels", {"labels": ["c"]}, 200),
    ("DELETE", "/issues/{issue}/labels/c", None, 200),
    ("DELETE", "/issues/{issue}/labels/c", None, 404),
    ("POST", "/issues/{issue}/assignees", {"assignees": ["zoe", "nobody"]}, 201),
    ("DELETE", "/issues/{issue}/assignees", {"assignees": ["zoe"]}, 200),
    ("GET", "/assignees/zoe", None, 204),
    ("GET", "/assignees/nobody", None, 404),
    ("GET", "/labels", None, 200),
    ("GET", "/labels/pilot", None, 200),
    ("GET", "/labels/none", None, 404),
    ("POST", "/labels", {"name": "new", "color": "ff0000", "description": "x"}, 201),
    ("POST", "/labels", {"name": "new"}, 422),
    ("GET", "/issues/{issue}/comments", None, 200),
    ("GET", "/issues/comments/{comment}", None, 200),
    ("GET", "/issues/comments/1", None, 404),
    ("PATCH", "/issues/comments/{comment}", {"body": "z"}, 200),
    ("PATCH", "/issues/comments/{comment}", {"body": ""}, 422),
    ("GET", "/issues/{issue}/reactions", None, 200),
    ("GET", "/issues/comments/{comment}/reactions?content=eyes", None, 200),
    ("POST", "/issues/{issue}/reactions", {"content": "shrug"}, 422),
    ("DELETE", "/issues/{issue}/reactions/{reaction}", None, 204),
    ("DELETE", "/issues/comments/{comment}/reactions/{reaction_to_comment}", None, 204),
    ("DELETE", "/issues/comments/{comment}/reactions/1", None, 404),
    ("DELETE", "/issues/comments/{comment}", None, 204),
    ("GET", "/git/ref/heads/main", None, 200),
    ("GET", "/git/ref/heads/none", None, 404),
    ("POST", "/git/refs", {"ref": "refs/heads/fix", "sha": "{head}"}, 201),
    ("POST", "/git/refs", {"ref": "refs/heads/fix", "sha": "{head}"}, 422),
    ("POST", "/git/refs", {"ref": "fix", "sha": "{head}"}, 422),
    ("PATCH", "/git/refs/heads/fix", {"sha": "{head}", "force": True}, 200),
    ("PATCH", "/git/refs/heads/fix", {"sha": "none"}, 422),
    ("PUT", "/contents/x", {"message": "m", "content": "eA==", "branch": "fix"}, 201),
    ("PUT", "/contents/y", {"message": "m", "content": "?"}, 422),
    ("DELETE", "/contents/none", {"message": "m"}, 404),
    ("POST", "/pulls", {"title": "Fix", "head": "fix", "base": "main"}, 201),
    ("POST", "/pulls", {"title": "Fix", "head": "none", "base": "main"}, 422),
    ("DELETE", "/git/refs/heads/fix", None, 204),
    ("DELETE", "/git/refs/heads/fix", None, 422),
]
AS_APP = [
    ("GET", "/app/installations"),
    ("GET", "/app/installations/{id}"),
    ("GET", "/repos/acme/triage/installation"),
    ("GET", "/orgs/acme/installation"),
    ("GET", "/app/hook/config"),
    ("PATCH", "/app/hook/config"),
]


def test_every_route_answers(client: Client, box: Inbox) -> None:
    names = set_the_scene(client)
    client.stand.hooks.url = box.url
    for method, path, body, status in REQUESTS:
        whole = path if path.startswith(("/rate", "/users", "/orgs")) else REPO + path
        sent = {key: names.get(str(value)[1:-1], value) for key, value in body.items()} if body else None
        got = client.ask(method, whole.format(**names), sent)
        assert (method, path, got.status_code) == (method, path, status), got.text
    for method, path in AS_APP:
        got = client.app(method, path.format(id=client.installation), json={} if method == "PATCH" else None)
        assert (path, got.status_code) == (path, 200)
    client.stand.settle()
    assert all(one.arrived for one in client.stand.deliveries)
    # These have tests of their own.
    elsewhere = {path for _, path in _ROUTES if "/deliveries" in path} | {"/app", "/installation/repositories"}
    asked = {(one.method, one.route) for one in client.stand.requests}
    assert {one for one in _ROUTES if one not in asked and one[1] not in elsewhere} <= NOT_HERE
    assert client.stand.unknown == []


NOT_HERE = {
    ("GET", "/repos/{owner}/{repo}"),
    ("PATCH", "/repos/{owner}/{repo}/check-runs/{check_run_id}"),
    ("GET", "/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations"),
    ("GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls"),
    ("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission"),
    ("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files"),
    ("GET", "/repos/{owner}/{repo}/rules/branches/{branch}"),
    ("GET", "/orgs/{org}/teams/{team_slug}/members"),
    ("GET", "/orgs/{org}/members/{username}"),
}


def test_every_act_is_told(client: Client, box: Inbox) -> None:
    stand, id = client.stand, client.installation
    stand.hooks.url = box.url
    stand.member("acme", "bob")
    stand.commit("acme/triage", "release", {})
    stand.edit("acme/triage", 1, base="release", body="Why")
    stand.label("acme/triage", 1, ["a"])
    stand.assign("acme/triage", 1, ["bob"])
    stand.assign("acme/triage", 1, [])
    stand.reset("acme/triage", "feature", stand.pull_request("acme/triage", 1).base)
    comment = stand.comment("acme/triage", 1, "a")
    stand.edit_comment(comment, "b", by="bob")
    stand.delete_comment(comment)
    stand.close("acme/triage", 1)
    stand.reopen("acme/triage", 1)
    stand.commit("acme/triage", "draft", {"d": "d"})
    number = stand.pull("acme/triage", "draft", draft=True)
    stand.ready_for_review("acme/triage", number)
    stand.merge("acme/triage", number, by="ana")
    issue = stand.open_issue("acme/triage", "x")
    stand.label("acme/triage", issue, ["a"])
    stand.assign("acme/triage", issue, ["bob"])
    stand.close("acme/triage", issue)
    stand.reopen("acme/triage", issue)
    stand.archive("acme/triage")
    assert client.ask("POST", f"{REPO}/issues", {"title": "x"}).status_code == 403
    stand.archive("acme/triage", archived=False)
    stand.repository("acme/second")
    stand.grant(id, stand.app.permissions)
    stand.suspend(id)
    stand.suspend(id, suspended=False)
    stand.delete("acme/second")
    wanted = [
        *[("pull_request", one) for one in ("edited", "labeled", "assigned", "unassigned", "synchronize")],
        ("push", None),
        ("check_suite", "requested"),
        *[("issue_comment", one) for one in ("created", "edited", "deleted")],
        *[("pull_request", one) for one in ("closed", "reopened", "opened", "ready_for_review")],
        ("push", None),
        ("check_suite", "requested"),
        ("pull_request", "closed"),
        *[("issues", one) for one in ("opened", "labeled", "assigned", "closed", "reopened")],
        *[("repository", one) for one in ("archived", "unarchived")],
        ("installation_repositories", "added"),
        *[("installation", one) for one in ("new_permissions_accepted", "suspend", "unsuspend")],
        ("repository", "deleted"),
    ]
    assert box.events == wanted


def test_the_rest_of_the_schema_answers(client: Client) -> None:
    stand = client.stand
    stand.review("acme/triage", 1)
    names = set_the_scene(client)
    text = """{ repository(owner: "acme", name: "triage") {
      url description isFork visibility owner { login url } pushedAt createdAt viewerPermission
      ref(qualifiedName: "feature") { name prefix repository { name } associatedPullRequests(first: 1) { totalCount } }
      refs(refPrefix: "refs/heads/", first: 9) { nodes { name } }
      object(expression: "main:docs") { ... on Tree { entries { name path size extension oid } } }
      codeowners(refName: "feature") { errors { line column kind message path source suggestion } }
      labels(first: 9) { nodes { name color description } }
      issues(first: 9, states: [OPEN], labels: ["pilot"], orderBy: {field: CREATED_AT, direction: DESC}) {
        nodes { number state stateReason title author { login } url labels(first: 1) { totalCount } viewerDidAuthor } }
      repositoryTopics(first: 1) { nodes { url topic { name } } }
      pullRequest(number: 1) {
        url title closedAt merged mergedAt headRef { name } headRepositoryOwner { login } mergeCommit { oid }
        additions deletions changedFiles authorAssociation fullDatabaseId assignees(first: 1) { totalCount }
        files(first: 9) { nodes { path changeType additions } }
        reviews(first: 9, states: [APPROVED]) { nodes { state author { login } commit { oid } url submittedAt } }
        latestReviews(first: 9) { nodes { body } } comments(first: 1) { nodes { url } }
        commits(first: 9) { totalCount nodes { url commit { message author { name user { login } } tree { oid }
          parents(first: 1) { nodes { oid } } history(first: 1, path: ".pilot.yml") { totalCount }
          checkSuites(first: 1, filterBy: {checkName: "Pilot readiness"}) { nodes { status conclusion app { slug }
            branch { name } checkRuns(first: 1, filterBy: {statuses: [COMPLETED], conclusions: [FAILURE]}) { nodes {
              url title summary annotations(first: 1) { nodes { path location { start { line column } } } } } } } }
        } } } } }
      viewer { login name } rateLimit { cost remaining resetAt }
      user(login: "zoe") { login } organization(login: "acme") { login name } }"""
    found = client.query(text)
    assert "errors" not in found
    here = found["data"]["repository"]
    assert [one["name"] for one in here["object"]["entries"]] == ["runbook.md"]
    assert [one["number"] for one in here["issues"]["nodes"]] == [names["issue"]]
    assert [one["path"] for one in here["pullRequest"]["files"]["nodes"]] == [".pilot.yml", "CODEOWNERS", "sub"]
    assert here["pullRequest"]["commits"]["totalCount"] == 2
    assert found["data"]["viewer"]["login"] == "pilotgate[bot]"
