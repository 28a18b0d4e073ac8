"""Lists by pages, conditional requests, limits, files, check runs and the other routes."""

import base64
from pathlib import Path
from typing import Any

import pytest

from bot.demo.github import Executable, Link, StandIn, Submodule
from bot.demo.github.objects import Content
from tests.bot.demo.stage import POLICY, Client

REPO = "/repos/acme/triage"
RUN: dict[str, Any] = {"name": "Pilot readiness", "status": "completed", "conclusion": "failure"}


def annotation(line: int = 1) -> dict[str, Any]:
    where = {"path": ".pilot.yml", "start_line": line, "end_line": line}
    return where | {"annotation_level": "failure", "title": "OWN001", "message": "nobody answers"}


def output(**more: Any) -> dict[str, Any]:
    return {"title": "Not ready", "summary": "nobody answers", **more}


def head(client: Client) -> str:
    return client.stand.pull_request("acme/triage", 1).head


def create(client: Client, **more: Any) -> dict[str, Any]:
    got = client.ask("POST", f"{REPO}/check-runs", {**RUN, "head_sha": head(client), "output": output(), **more})
    assert got.status_code == 201, got.text
    made: dict[str, Any] = got.json()
    return made


def test_a_list_comes_in_pages_that_link_to_each_other(client: Client) -> None:
    for number in range(5):
        client.stand.open_issue("acme/triage", f"Issue {number}")
    got, titles = client.ask("GET", f"{REPO}/issues?per_page=2"), []
    assert set(got.links) == {"next", "last"}
    while True:
        titles += [one["title"] for one in got.json()]
        if "next" not in got.links:
            break
        got = client.ask("GET", got.links["next"]["url"])
    assert titles == [f"Issue {number}" for number in (4, 3, 2, 1, 0)] + ["Change feature"]
    assert set(got.links) == {"prev", "first"}


def test_what_has_not_changed_is_304_and_free(client: Client) -> None:
    first = client.ask("GET", REPO)
    used = first.headers["x-ratelimit-used"]
    again = client.ask("GET", REPO, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["x-ratelimit-used"]) == (304, b"", used)
    client.stand.push("acme/triage", "main", {"new": "file"})
    client.stand.open_issue("acme/triage", "Another")
    assert client.ask("GET", REPO, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_hourly_limit_is_told_and_kept(client: Client) -> None:
    client.stand.gate.hourly = {"core": 2, "graphql": 1}
    got = [client.ask("GET", REPO) for _ in range(3)]
    assert [one.status_code for one in got] == [200, 200, 403]
    assert [one.headers["x-ratelimit-remaining"] for one in got] == ["1", "0", "0"]
    assert "rate limit exceeded" in got[2].json()["message"]
    assert client.ask("GET", "/rate_limit").json()["resources"]["core"]["remaining"] == 0
    assert "data" in client.query("{ viewer { login } }")
    assert client.query("{ viewer { login } }")["errors"][0]["type"] == "RATE_LIMITED"


def test_annotations_are_added_and_fifty_come_in_one_request(client: Client) -> None:
    run = create(client, output=output(annotations=[annotation(line) for line in range(1, 51)]))
    address = f"{REPO}/check-runs/{run['id']}"
    more = client.ask("PATCH", address, {"output": output(annotations=[annotation(51)])})
    assert more.json()["output"]["annotations_count"] == 51
    listed = client.ask("GET", f"{address}/annotations?per_page=50&page=2").json()
    assert [one["start_line"] for one in listed] == [51]
    too_many = {"output": output(annotations=[annotation() for _ in range(51)])}
    assert client.ask("PATCH", address, too_many).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"output": output(summary="x" * 65_536)},
        {"output": output(text="ä" * 40_000)},
        {"output": output(title="x" * 256)},
        {"output": {"title": "no summary"}},
        {"output": output(annotations=[annotation() | {"message": "x" * 65_537}])},
        {"output": output(annotations=[annotation() | {"annotation_level": "error"}])},
        {"output": output(annotations=[annotation() | {"start_line": 2}])},
        {"output": output(annotations=[annotation() | {"end_line": 2, "start_column": 1, "end_column": 1}])},
        {"actions": [{"label": "x", "description": "x", "identifier": "x"}] * 4},
        {"actions": [{"label": "x" * 21, "description": "x", "identifier": "x"}]},
        {"actions": [{"label": "x", "description": "x" * 41, "identifier": "x"}]},
        {"conclusion": "great"},
        {"conclusion": None},
        {"head_sha": "0" * 40},
        {"name": ""},
    ],
)
def test_a_check_run_beyond_githubs_limits_is_422(client: Client, wrong: dict[str, Any]) -> None:
    got = client.ask("POST", f"{REPO}/check-runs", {**RUN, "head_sha": head(client), "output": output(), **wrong})
    assert got.status_code == 422
    assert client.stand.checks("acme/triage", 1) == []


def test_the_latest_run_of_a_name_counts(client: Client) -> None:
    first, second = create(client), create(client, conclusion="success")
    other = create(client, name="Another")
    listed = client.ask("GET", f"{REPO}/commits/feature/check-runs").json()
    assert [one["id"] for one in listed["check_runs"]] == [other["id"], second["id"]]
    every = client.ask("GET", f"{REPO}/commits/feature/check-runs?filter=all&check_name=Pilot%20readiness").json()
    assert [one["id"] for one in every["check_runs"]] == [second["id"], first["id"]]
    suites = client.ask("GET", f"{REPO}/commits/feature/check-suites").json()
    assert (suites["total_count"], suites["check_suites"][0]["latest_check_runs_count"]) == (1, 2)
    assert [one["number"] for one in first["pull_requests"]] == [1]


def test_another_apps_run_can_be_seen_and_not_changed(client: Client) -> None:
    run = client.stand.post_check("acme/triage", head(client), "Pilot readiness", "success")
    assert client.ask("PATCH", f"{REPO}/check-runs/{run.id}", {"conclusion": "failure"}).status_code == 403


def test_files_are_those_of_git(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "bin/run": Executable(b"#!/bin/sh\n"),
        "link": Link("docs/a.md"),
        "docs/a.md": "# A\n",
        "sub": Submodule("1" * 40),
        "raw": b"\0\xff",
    }
    with StandIn() as stand:
        made = stand.repository("acme/triage", files=files)
        client = Client(stand, stand.install("acme"))
        with client.session:
            tree = client.ask("GET", f"{REPO}/git/trees/main?recursive=1").json()["tree"]
            modes = {one["path"]: one["mode"] for one in tree}
            assert (modes["bin/run"], modes["link"], modes["sub"]) == ("100755", "120000", "160000")
            link = client.ask("GET", f"{REPO}/contents/link").json()
            assert (link["type"], link["target"]) == ("symlink", "docs/a.md")
            assert client.ask("GET", f"{REPO}/contents/sub").json()["type"] == "submodule"
            assert base64.b64decode(client.ask("GET", f"{REPO}/contents/raw").json()["content"]) == b"\0\xff"
            assert [one["name"] for one in client.ask("GET", f"{REPO}/contents").json()] == sorted(
                ["bin", "docs", "link", "raw", "sub"]
            )
            assert client.ask("GET", f"{REPO}/contents/link/a.md").status_code == 404
        # A clone of it, and what git itself thinks of it.
        assert made.git.run("fsck", "--strict", "--no-dangling") == b""
        copy = stand.repository("acme/copy", git=made.git.folder)
        assert copy.git.file("main", "docs/a.md") == b"# A\n"
        (tmp_path / "plain.txt").write_text("no git here", encoding="utf-8")
        assert stand.repository("acme/plain", git=tmp_path).git.file("main", "plain.txt") == b"no git here"


def test_a_file_is_written_by_a_commit_that_its_pull_request_follows(client: Client) -> None:
    address = f"{REPO}/contents/.pilot.yml"
    was = client.ask("GET", f"{address}?ref=feature").json()
    body = {"message": "Fix it", "content": base64.b64encode(b"version: 1\n").decode(), "branch": "feature"}
    assert client.ask("PUT", address, body).status_code == 422
    assert client.ask("PUT", address, body | {"sha": "0" * 40}).status_code == 409
    done = client.ask("PUT", address, body | {"sha": was["sha"]})
    assert (done.status_code, done.json()["commit"]["sha"]) == (200, head(client))
    assert client.stand.pull_request("acme/triage", 1).repository.git.file("feature", ".pilot.yml") == b"version: 1\n"
    gone = client.ask("DELETE", address, {"message": "x", "branch": "feature", "sha": done.json()["content"]["sha"]})
    assert gone.status_code == 200


def test_a_pull_request_shows_what_it_changes(client: Client) -> None:
    files = client.ask("GET", f"{REPO}/pulls/1/files").json()
    assert [(one["filename"], one["status"], one["additions"]) for one in files] == [(".pilot.yml", "modified", 1)]
    assert files[0]["patch"].endswith("+owners: {}")
    found = client.ask("GET", f"{REPO}/pulls/1").json()
    assert (found["commits"], found["changed_files"], found["mergeable"]) == (1, 1, True)
    listed = client.ask("GET", f"{REPO}/commits/{head(client)}/pulls").json()
    assert [one["number"] for one in listed] == [1]


def test_the_app_opens_a_pull_request_of_its_own(client: Client) -> None:
    sha = client.stand.pull_request("acme/triage", 1).base
    assert client.ask("POST", f"{REPO}/git/refs", {"ref": "refs/heads/fix", "sha": sha}).status_code == 201
    nothing = client.ask("POST", f"{REPO}/pulls", {"title": "Fix", "head": "fix", "base": "main"})
    assert nothing.status_code == 422
    content = base64.b64encode(b"x").decode()
    client.ask("PUT", f"{REPO}/contents/x", {"message": "x", "content": content, "branch": "fix"})
    made = client.ask("POST", f"{REPO}/pulls", {"title": "Fix", "head": "fix", "base": "main"})
    assert (made.status_code, made.json()["user"]["login"]) == (201, "pilotgate[bot]")
    again = client.ask("POST", f"{REPO}/pulls", {"title": "Fix", "head": "fix", "base": "main"})
    assert (again.status_code, client.stand.merge("acme/triage", 2)) == (422, head_of(client, "main"))


def head_of(client: Client, branch: str) -> str | None:
    return client.stand.pull_request("acme/triage", 1).repository.git.branch(branch)


def test_issues_labels_and_reactions_are_kept(client: Client) -> None:
    client.stand.team("acme", "ml", ["zoe"], {"acme/triage": "maintain"})
    body = {"title": "Late", "body": "x", "labels": ["pilot"], "assignees": ["zoe"]}
    made = client.ask("POST", f"{REPO}/issues", body).json()
    assert [one["login"] for one in made["assignees"]] == ["zoe"]
    number = made["number"]
    assert client.ask("POST", f"{REPO}/issues", body | {"assignees": ["acme/ml"]}).status_code == 422
    assert client.ask("POST", f"{REPO}/issues", body | {"body": "x" * 65_537}).status_code == 422
    listed = client.ask("GET", f"{REPO}/issues?labels=pilot&creator=pilotgate[bot]").json()
    assert [one["number"] for one in listed] == [number]
    closed = client.ask("PATCH", f"{REPO}/issues/{number}", {"state": "closed"}).json()
    assert (closed["state"], closed["state_reason"]) == ("closed", "completed")
    comment = client.ask("POST", f"{REPO}/issues/{number}/comments", {"body": "done"}).json()
    assert comment["performed_via_github_app"]["slug"] == "pilotgate"
    address = f"{REPO}/issues/comments/{comment['id']}/reactions"
    assert [client.ask("POST", address, {"content": "eyes"}).status_code for _ in range(2)] == [201, 200]
    assert client.ask("DELETE", f"{REPO}/issues/comments/{comment['id']}").status_code == 204


def test_a_role_is_the_most_that_anything_grants(client: Client) -> None:
    stand = client.stand
    stand.team("acme", "ml", ["zoe"], {"acme/triage": "maintain"})
    stand.permit("acme/triage", "sam", "triage")
    stand.user("stranger")
    roles = {}
    for login in ("zoe", "sam", "ana", "stranger"):
        got = client.ask("GET", f"{REPO}/collaborators/{login}/permission").json()
        roles[login] = (got["permission"], got["role_name"])
    assert roles == {
        "zoe": ("write", "maintain"),
        "sam": ("read", "triage"),
        "ana": ("admin", "admin"),
        "stranger": ("none", "none"),
    }
    assert client.ask("GET", f"{REPO}/collaborators/nobody/permission").status_code == 404
    members = client.ask("GET", "/orgs/acme/teams/ml/members").json()
    assert [one["login"] for one in members] == ["zoe"]
    assert client.ask("GET", "/orgs/acme/members/zoe").status_code == 204
    assert client.ask("GET", "/orgs/acme/members/sam").status_code == 404


def test_rules_of_a_branch_say_which_check_is_required(client: Client) -> None:
    client.stand.require("acme/triage", "main", "Pilot readiness")
    found = client.ask("GET", f"{REPO}/rules/branches/main").json()
    wanted = {"context": "Pilot readiness", "integration_id": client.stand.app.id}
    assert found[0]["parameters"]["required_status_checks"] == [wanted]
    assert client.ask("GET", f"{REPO}/rules/branches/feature").json() == []


def test_the_pages_show_the_check_and_the_comments(client: Client) -> None:
    text = "**bold** <script>alert(1)</script>"
    create(client, output=output(summary=text, annotations=[annotation(3)]))
    client.stand.comment("acme/triage", 1, "please\n\n- [ ] look")
    page = client.session.get(f"{client.stand.url}/acme/triage/pull/1", timeout=5).text
    assert "<strong>bold</strong>" in page
    assert "<script>" not in page
    assert "owners: {}" in page
    assert "nobody answers" in page
    assert "please" in page
    assert "/acme/triage/pull/1" in client.session.get(client.stand.url, timeout=5).text
    blob = client.session.get(f"{client.stand.url}/acme/triage/blob/main/.pilot.yml", timeout=5).text
    assert POLICY.splitlines()[1] in blob
    assert client.session.get(f"{client.stand.url}/acme/triage/pull/9", timeout=5).status_code == 404


def test_every_exchange_can_be_observed_and_counted(client: Client) -> None:
    seen: list[tuple[str, str | None, int]] = []
    client.stand.observe.append(lambda one: seen.append((one.method, one.route, one.status)))
    client.ask("GET", f"{REPO}/pulls/1")
    client.query("query Who { viewer { login } }")
    assert seen[-2:] == [("GET", "/repos/{owner}/{repo}/pulls/{pull_number}", 200), ("POST", "/graphql", 200)]
    assert client.stand.count(route="/repos/{owner}/{repo}/pulls/{pull_number}") == 1
    assert client.stand.count(document="Who", installation=client.installation) == 1
