"""What the bot's GraphQL documents ask for."""

from typing import Any

from bot.demo.github import Link, StandIn
from bot.gather.pull import Asked
from bot.github.queries import document, repeated
from tests.bot.demo.stage import POLICY, Client

NAMES = {"owner": "acme", "name": "triage"}


def pull(client: Client, number: int = 1) -> dict[str, Any]:
    variables = {**NAMES, **Asked("acme/triage", number, comments=True).variables(client.stand.app.id)}
    return client.query(repeated("pull", {}), **variables)


def test_a_pull_request_with_both_policies_and_its_checks(client: Client) -> None:
    head = client.stand.pull_request("acme/triage", 1).head
    output = {"title": "x", "summary": "x"}
    body = {"name": "Pilot readiness", "head_sha": head, "conclusion": "neutral", "output": output, "external_id": "e"}
    for _ in range(2):
        assert client.ask("POST", "/repos/acme/triage/check-runs", body).status_code == 201
    client.stand.post_check("acme/triage", head, "Pilot readiness", "success")
    client.stand.comment("acme/triage", 1, "mine")
    client.ask("POST", "/repos/acme/triage/issues/1/comments", {"body": "the bot's"})
    found = pull(client)
    # There is no organisation's repository: null with an error, as GitHub answers.
    assert [one["type"] for one in found["errors"]] == ["NOT_FOUND"]
    assert found["errors"][0]["path"] == ["organisation"]
    one = found["data"]["repository"]["pullRequest"]
    commit = one["commits"]["nodes"][0]["commit"]
    assert (one["state"], commit["oid"]) == ("OPEN", head)
    assert commit["file"]["object"]["text"] == POLICY + "owners: {}\n"
    assert one["baseRef"]["target"]["file"]["object"]["text"] == POLICY
    runs = [run for suite in commit["checkSuites"]["nodes"] for run in suite["checkRuns"]["nodes"]]
    assert [(run["conclusion"], run["externalId"]) for run in runs] == [("NEUTRAL", "e")] * 2
    assert [(each["body"], each["viewerDidAuthor"]) for each in one["comments"]["nodes"]] == [
        ("mine", False),
        ("the bot's", True),
    ]


def test_the_rules_of_a_branch_that_require_a_check(client: Client) -> None:
    def required(number: int = 1) -> list[Any]:
        rules = pull(client, number)["data"]["repository"]["pullRequest"]["baseRef"]["rules"]
        assert rules["totalCount"] == len(rules["nodes"])
        return [one for rule in rules["nodes"] for one in rule["parameters"]["requiredStatusChecks"]]

    assert required() == []
    client.stand.require("acme/triage", "main", "Pilot readiness")
    client.stand.require("acme/triage", "main", "build", app=False)
    client.stand.require("acme/triage", "feature", "other")
    assert required() == [
        {"context": "Pilot readiness", "integrationId": client.stand.app.id},
        {"context": "build", "integrationId": None},
    ]
    text = """query Rules($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
      defaultBranchRef { rules(first: 1) { nodes { id type parameters { __typename
        ... on RequiredStatusChecksParameters { doNotEnforceOnCreate strictRequiredStatusChecksPolicy } } } } } } }"""
    found = client.query(text, **NAMES)["data"]["repository"]["defaultBranchRef"]["rules"]["nodes"]
    assert [(one["type"], one["parameters"]["__typename"]) for one in found] == [
        ("REQUIRED_STATUS_CHECKS", "RequiredStatusChecksParameters")
    ]


def test_a_pull_request_that_is_not_there_is_null(client: Client) -> None:
    found = pull(client, 99)
    assert found["data"]["repository"]["pullRequest"] is None
    assert ["repository", "pullRequest"] in [one["path"] for one in found["errors"]]


def test_what_stands_at_paths(client: Client) -> None:
    client.stand.commit("acme/triage", "feature", {"link": Link("docs/runbook.md"), "raw": b"\0", "big": "x" * 600_000})
    head = client.stand.pull_request("acme/triage", 1).head
    paths = ["docs", "docs/runbook.md", "link", "nothing", "link/below", "raw", "big"]
    variables = {**NAMES, "head": head, "text": True} | {f"path{at}": path for at, path in enumerate(paths)}
    data = client.query(repeated("paths", {"path": len(paths)}), **variables)["data"]["repository"]["object"]
    found = {path: data[f"path{at}"] for at, path in enumerate(paths)}
    assert found["docs"] == {"type": "tree", "mode": 0o40000, "object": {}}
    assert found["docs/runbook.md"] == {"type": "blob", "mode": 0o100644, "object": {"text": "# Runbook\n"}}
    assert found["link"] == {"type": "blob", "mode": 0o120000, "object": {"text": "docs/runbook.md"}}
    assert (found["nothing"], found["link/below"]) == (None, None)
    assert found["raw"]["object"]["text"] is None
    assert len(found["big"]["object"]["text"]) == 512_000


def test_the_pull_requests_of_a_commit_and_into_a_branch(client: Client) -> None:
    stand = client.stand
    stand.fork("acme/triage", "eve")
    stand.commit("eve/triage", "patch", {"x": "y"})
    number = stand.pull("acme/triage", "patch", fork="eve/triage", author="eve")
    head = stand.pull_request("acme/triage", number).head
    found = client.query(document("commit_pulls"), **NAMES, head=head)["data"]["repository"]["object"]
    assert [one["number"] for one in found["associatedPullRequests"]["nodes"]] == [number]
    variables = {**NAMES, "base": "main", "after": None}
    page = client.query(document("open_pulls"), **variables)["data"]["repository"]["pullRequests"]
    assert ([one["number"] for one in page["nodes"]], page["pageInfo"]["hasNextPage"]) == ([1, number], False)
    stand.close("acme/triage", 1)
    page = client.query(document("open_pulls"), **variables)["data"]["repository"]["pullRequests"]
    assert [one["number"] for one in page["nodes"]] == [number]


def test_pages_of_a_connection(client: Client) -> None:
    for number in range(4):
        client.stand.comment("acme/triage", 1, str(number))
    text = """query($first: Int, $last: Int, $after: String) { repository(owner: "acme", name: "triage") {
      pullRequest(number: 1) { comments(first: $first, last: $last, after: $after) {
        totalCount nodes { body } pageInfo { endCursor hasNextPage hasPreviousPage } } } } }"""

    def page(**arguments: Any) -> dict[str, Any]:
        found: dict[str, Any] = client.query(text, **arguments)
        return found

    def comments(found: dict[str, Any]) -> dict[str, Any]:
        inner: dict[str, Any] = found["data"]["repository"]["pullRequest"]["comments"]
        return inner

    first = comments(page(first=3))
    assert ([one["body"] for one in first["nodes"]], first["totalCount"]) == (["0", "1", "2"], 4)
    rest = comments(page(first=3, after=first["pageInfo"]["endCursor"]))
    assert ([one["body"] for one in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == (["3"], False)
    assert [one["body"] for one in comments(page(last=2))["nodes"]] == ["2", "3"]
    assert page()["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"
    assert page(first=101)["errors"][0]["type"] == "EXCESSIVE_PAGINATION"


def test_nodes_are_found_by_their_ids(client: Client) -> None:
    client.stand.repository("other/secret")
    ids = [client.stand.world.repositories[name].node_id for name in ("acme/triage", "other/secret")]
    found = client.query("query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Repository { name } } }", ids=ids)
    assert found["data"]["nodes"] == [{"id": ids[0], "name": "triage"}, None]
    assert found["errors"][0]["type"] == "NOT_FOUND"


def test_a_repository_without_a_commit() -> None:
    with StandIn() as stand:
        stand.repository("acme/empty")
        client = Client(stand, stand.install("acme"))
        with client.session:
            asked = 'defaultBranchRef { name } object(expression: "HEAD") { oid }'
            text = f'{{ repository(owner: "acme", name: "empty") {{ {asked} }} }}'
            assert client.query(text) == {"data": {"repository": {"defaultBranchRef": None, "object": None}}}
