"""Who is let in, and to what."""

import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from bot.demo.github import StandIn
from tests.bot.demo.stage import Client, staged

REPO = "/repos/acme/triage"


def test_the_app_is_told_who_it_is(client: Client) -> None:
    got = client.app("GET", "/app")
    assert got.status_code == 200
    assert (got.json()["slug"], got.json()["id"]) == ("pilotgate", client.stand.app.id)


@pytest.mark.parametrize(
    ("claims", "status", "says"),
    [
        ({"exp": int(time.time()) - 5}, 401, "must be a numeric value"),
        ({"exp": int(time.time()) + 3600}, 401, "too far in the future"),
        ({"exp": "tomorrow"}, 401, "must be a numeric value"),
        ({"iat": int(time.time()) + 500}, 401, "'Issued at' claim"),
        ({"iss": "1"}, 404, "Integration not found"),
    ],
)
def test_a_jwt_with_wrong_claims_is_refused(client: Client, claims: dict[str, object], status: int, says: str) -> None:
    whole = {"iss": str(client.stand.app.id), "iat": int(time.time()), "exp": int(time.time()) + 300, **claims}
    got = client.app("GET", "/app", bearer=jwt.encode(whole, client.stand.private_key, "RS256"))
    assert got.status_code == status
    assert says in got.json()["message"]


def test_a_jwt_of_another_key_or_algorithm_is_refused(client: Client) -> None:
    claims = {"iss": str(client.stand.app.id), "iat": int(time.time()), "exp": int(time.time()) + 300}
    for bearer in (jwt.encode(claims, "x" * 32, "HS256"), jwt.encode(claims, "", "none"), "gibberish", "a.b.c"):
        got = client.app("GET", "/app", bearer=bearer)
        assert (got.status_code, got.json()["message"]) == (401, "A JSON web token could not be decoded")


def test_what_is_no_token_of_an_installation_is_refused(client: Client) -> None:
    for bearer in ("ghs_unknown", client.jwt()):
        got = client.app("GET", REPO, bearer=bearer)
        assert (got.status_code, got.json()["message"]) == (401, "Bad credentials")
    assert client.session.get(client.stand.url + REPO, timeout=5).json()["message"] == "Requires authentication"


def test_a_token_ends_after_an_hour() -> None:
    now = datetime.now(UTC)
    stand = StandIn(clock=lambda: now)
    with stand:
        stand.repository("acme/triage")
        client = Client(stand, stand.install("acme"))
        with client.session:
            assert client.ask("GET", REPO).status_code == 200
            now += timedelta(hours=1)
            assert client.ask("GET", REPO).status_code == 401
            client.token = ""
            assert client.ask("GET", REPO).status_code == 200


def test_a_suspended_installation_and_one_that_is_gone_are_refused(client: Client) -> None:
    assert client.ask("GET", REPO).status_code == 200
    client.stand.suspend(client.installation)
    assert client.ask("GET", REPO).status_code == 403
    assert client.app("POST", f"/app/installations/{client.installation}/access_tokens").status_code == 403
    client.stand.uninstall(client.installation)
    assert client.ask("GET", REPO).status_code == 401
    assert client.app("POST", f"/app/installations/{client.installation}/access_tokens").status_code == 404


def test_what_is_not_granted_is_refused_and_what_is_read_is_not_written() -> None:
    with staged({"metadata": "read", "checks": "read", "pull_requests": "read"}) as client:
        assert client.ask("GET", f"{REPO}/commits/main/check-runs").status_code == 200
        for method, path in (("POST", "/check-runs"), ("GET", "/contents/.pilot.yml"), ("POST", "/issues")):
            got = client.ask(method, REPO + path, {} if method == "POST" else None)
            assert (got.status_code, got.json()["message"]) == (403, "Resource not accessible by integration")
        found = client.query(
            '{ repository(owner: "acme", name: "triage") { name object(expression: "main") { oid } } }'
        )
        assert found["data"]["repository"] == {"name": "triage", "object": None}
        assert (found["errors"][0]["type"], found["errors"][0]["path"]) == ("FORBIDDEN", ["repository", "object"])


def test_a_token_may_be_narrower_than_its_installation_and_no_wider(client: Client) -> None:
    client.token = client.issue(permissions={"contents": "read"})
    assert client.ask("GET", f"{REPO}/contents/.pilot.yml").status_code == 200
    assert client.ask("POST", f"{REPO}/check-runs", {}).status_code == 403
    address = f"/app/installations/{client.installation}/access_tokens"
    assert client.app("POST", address, json={"permissions": {"administration": "write"}}).status_code == 422
    assert client.app("POST", address, json={"repositories": ["elsewhere"]}).status_code == 422


def test_another_accounts_private_repository_is_not_there_and_its_public_one_is_only_read(client: Client) -> None:
    client.stand.repository("other/secret", files={"a": "b"})
    client.stand.repository("other/open", files={"a": "b"}, private=False)
    for path in ("/repos/other/secret", "/repos/other/nothing"):
        assert client.ask("GET", path).status_code == 404
    assert client.ask("GET", "/repos/other/open/contents/a").status_code == 200
    assert client.ask("POST", "/repos/other/open/issues", {"title": "x"}).status_code == 403
    found = client.query('{ repository(owner: "other", name: "secret") { name } }')
    assert (found["data"]["repository"], found["errors"][0]["type"]) == (None, "NOT_FOUND")


def test_an_unselected_repository_is_not_there(client: Client) -> None:
    client.stand.repository("acme/chosen")
    client.stand.select(client.installation, ["acme/chosen"])
    assert client.ask("GET", REPO).status_code == 404
    listed = client.ask("GET", "/installation/repositories").json()
    assert [one["full_name"] for one in listed["repositories"]] == ["acme/chosen"]


def test_unknown_routes_and_fields_are_remembered(client: Client) -> None:
    assert client.ask("GET", f"{REPO}/stargazers").status_code == 404
    assert client.ask("DELETE", REPO).status_code == 404
    assert "data" not in client.query("{ viewer { email } }")
    assert client.stand.unknown[:2] == ["GET /repos/acme/triage/stargazers", "DELETE /repos/acme/triage"]
    assert "Cannot query field 'email'" in client.stand.unknown[2]


def test_a_renamed_repository_is_found_under_its_old_name(client: Client) -> None:
    client.stand.rename("acme/triage", "sorting")
    got = client.ask("GET", f"{REPO}/contents/.pilot.yml")
    assert got.status_code == 200
    assert "/repositories/" in got.history[0].headers["Location"]
    found = client.query('{ repository(owner: "acme", name: "triage") { nameWithOwner } }')
    assert found["data"]["repository"]["nameWithOwner"] == "acme/sorting"
