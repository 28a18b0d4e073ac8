"""Who may do what: teams, collaborators and CODEOWNERS, by REST and GraphQL alike."""

from typing import Any

from tests.bot.demo.stage import Client, staged

REPO = "acme/triage"
TEAM = """query($slug: String!, $kind: TeamMembershipType, $organisation: String!) {
  organization(login: $organisation) { team(slug: $slug) {
    combinedSlug name parentTeam { slug } organization { login }
    members(first: 9, membership: $kind, query: "") { totalCount nodes { login } edges { role node { login } } }
    repositories(first: 9, query: "tri") { edges { permission node { nameWithOwner } } } } } }"""


def team(client: Client, slug: str, kind: str = "ALL", organisation: str = "acme") -> dict[str, Any]:
    return client.query(TEAM, slug=slug, kind=kind, organisation=organisation)


def logins(found: dict[str, Any]) -> list[str]:
    return [one["login"] for one in found["data"]["organization"]["team"]["members"]["nodes"]]


def test_a_team_has_the_members_of_those_below_it_which_may_do_what_it_may(client: Client) -> None:
    stand = client.stand
    stand.team("acme", "ml", ["zoe"], {REPO: "maintain"})
    stand.team("acme", "ml-review", ["bob"], parent="ml")
    found = team(client, "ML")
    one = found["data"]["organization"]["team"]
    assert (one["combinedSlug"], one["parentTeam"], one["members"]["totalCount"]) == ("acme/ml", None, 2)
    assert [logins(team(client, "ml", kind)) for kind in ("ALL", "IMMEDIATE", "CHILD_TEAM")] == [
        ["bob", "zoe"],
        ["zoe"],
        ["bob"],
    ]
    edges = team(client, "ml-review")["data"]["organization"]["team"]["repositories"]["edges"]
    assert edges == [{"permission": "MAINTAIN", "node": {"nameWithOwner": REPO}}]
    rest = client.ask("GET", "/orgs/acme/teams/ml/members").json()
    assert [each["login"] for each in rest] == ["bob", "zoe"]
    assert client.ask("GET", "/orgs/acme/teams/ml-review").json()["parent"]["slug"] == "ml"
    got = client.ask("GET", f"/repos/{REPO}/collaborators/bob/permission").json()
    assert (got["permission"], got["role_name"]) == ("write", "maintain")


def test_a_team_that_is_not_there_is_null_without_an_error(client: Client) -> None:
    client.stand.team("other", "ml", ["zoe"])
    for slug, organisation in (("none", "acme"), ("ml", "other")):
        assert team(client, slug, organisation=organisation) == {"data": {"organization": {"team": None}}}


def test_without_members_a_team_is_null_with_githubs_error() -> None:
    with staged({"metadata": "read", "contents": "read"}) as client:
        client.stand.team("acme", "ml", ["zoe"])
        found = team(client, "ml")
        assert found["data"] == {"organization": {"team": None}}
        error = found["errors"][0]
        assert (error["type"], error["path"]) == ("FORBIDDEN", ["organization", "team"])
        assert error["message"] == "Resource not accessible by integration"
        labels = client.query('{ repository(owner: "acme", name: "triage") { label(name: "x") { name } } }')
        assert labels["errors"][0]["path"] == ["repository", "label"]


COLLABORATORS = """query($query: String, $login: String, $kind: CollaboratorAffiliation, $owner: String!) {
  repository(owner: $owner, name: "triage") {
    collaborators(first: 99, query: $query, login: $login, affiliation: $kind) { totalCount
      edges { permission node { login } } } } }"""


def roles(client: Client, **variables: Any) -> dict[str, str]:
    found = client.query(COLLABORATORS, owner="acme", **variables)["data"]["repository"]["collaborators"]["edges"]
    return {one["node"]["login"]: one["permission"] for one in found}


def test_collaborators_come_with_the_most_that_anything_grants(client: Client) -> None:
    stand = client.stand
    stand.user("stranger")
    stand.member("acme", "mia")
    stand.team("acme", "ml", ["zoe"], {REPO: "maintain"})
    stand.permit(REPO, "sam", "triage")
    assert roles(client) == {"ana": "ADMIN", "dev": "WRITE", "mia": "READ", "zoe": "MAINTAIN", "sam": "TRIAGE"}
    assert roles(client, login="ZOE") == roles(client, query="zo") == {"zoe": "MAINTAIN"}
    assert roles(client, kind="OUTSIDE") == {"dev": "WRITE", "sam": "TRIAGE"}
    stand.world.accounts["acme"].base = "none"
    assert "mia" not in roles(client)
    stand.repository("other/triage", private=False)
    found = client.query(COLLABORATORS, owner="other")
    assert found["errors"][0]["message"] == "You do not have permission to view repository collaborators."
    for name in ("acme", "nobody"):
        got = client.ask("GET", f"/repos/{REPO}/collaborators/{name}/permission")
        assert (got.status_code, got.json()["message"]) == (404, f"{name} is not a user")


OWNERS = """# Who reviews
* @ana ana@example.test
***/*.py @acme/ml @acme/none
[a] @ghost
docs/ docs@ # and nobody
!x
"""


def test_owners_who_own_nothing_are_errors(client: Client) -> None:
    stand = client.stand
    stand.user("ana", addresses=["ana@example.test"])
    stand.team("acme", "ml", ["zoe"], {REPO: "write"})
    stand.commit(REPO, "feature", {".github/CODEOWNERS": OWNERS})
    place = f"/repos/{REPO}/codeowners/errors"
    assert client.ask("GET", place).status_code == 404
    found = client.ask("GET", f"{place}?ref=feature").json()["errors"]
    assert [(one["line"], one["column"], one["kind"]) for one in found] == [
        (3, 1, "Invalid pattern"),
        (3, 19, "Unknown owner"),
        (4, 1, "Invalid pattern"),
        (4, 5, "Unknown owner"),
        (5, 7, "Invalid owner"),
        (6, 1, "Invalid pattern"),
    ]
    assert found[0]["message"].startswith("Invalid pattern on line 3: Did you mean `**/*.py`?\n\n  ***/*.py")
    assert found[4]["message"] == "Invalid owner on line 5:\n\n  docs/ docs@ # and nobody\n        ^"
    assert "exists and has write access" in found[3]["suggestion"]
    text = """{ repository(owner: "acme", name: "triage") { label(name: "PILOT") { name }
      none: codeowners { errors { line } }
      codeowners(refName: "feature") { errors { line column kind message path suggestion source } } } }"""
    stand.relabel(REPO, 1, add=["pilot"])
    data = client.query(text)["data"]["repository"]
    assert (data["codeowners"]["errors"], data["none"]) == (found, None)
    assert data["label"] == {"name": "pilot"}
