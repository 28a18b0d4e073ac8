"""A stand-in with something of everything, and each of its routes asked by the bot's own client."""

import base64
import time
from typing import Any

import jwt

from bot.github.client import App
from bot.github.faults import Answer
from tests.stand import Stand

REPO = "/repos/acme/triage"
DEAF = "http://127.0.0.1:1/"
"""Where nobody listens. What the stand-in tells is kept all the same."""


class Scene:
    """A stand-in with something of everything, and the bot's own client."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        stand.member("acme", "ana", "admin")
        files = {".pilot.yml": "version: 1\n", "docs/a.md": "a\n", "CODEOWNERS": "* @ana\n"}
        stand.repository("acme/triage", files=files, topics=["pilot"], properties={"tier": "one"})
        stand.permit("acme/triage", "dev", "write")
        stand.team("acme", "ml", members=["ana"], roles={"acme/triage": "write"})
        self.installation = stand.install()
        stand.commit("acme/triage", "feature", {".pilot.yml": "version: 2\n"})
        stand.pull("acme/triage", "feature")
        stand.open_issue("acme/triage", "A question")
        stand.require("acme/triage", "main", "Pilot readiness")
        self.client = App(stand.app.id, stand.private_key, stand.url)
        self.token = self.ask("POST", f"/app/installations/{self.installation}/access_tokens", {}, app=True)["token"]

    def ask(self, method: str, place: str, body: Any = None, *, app: bool = False, **query: Any) -> Any:
        """The answer to the bot's client, which has to be a good one."""
        got = self.client.ask(self._jwt() if app else self.token, method, place, query, body)
        assert isinstance(got, Answer), got
        assert got.status < 300, (method, place, got)
        return got.data

    def _jwt(self) -> str:
        now = int(time.time())
        claims = {"iss": str(self.stand.app.id), "iat": now - 30, "exp": now + 300}
        return jwt.encode(claims, self.stand.private_key, "RS256")

    @property
    def head(self) -> str:
        return self.stand.pull_request("acme/triage", 1).head


def the_app(scene: Scene) -> None:
    ask, one = scene.ask, scene.installation
    ask("GET", "/app", app=True)
    ask("GET", "/app/installations", app=True, per_page=10)
    ask("GET", f"/app/installations/{one}", app=True)
    ask("GET", "/orgs/acme/installation", app=True)
    ask("GET", f"{REPO}/installation", app=True)
    body = {"permissions": {"checks": "write"}, "repositories": ["triage"]}
    ask("POST", f"/app/installations/{one}/access_tokens", body, app=True)
    ask("GET", "/app/hook/config", app=True)
    ask("PATCH", "/app/hook/config", {"url": DEAF, "content_type": "json"}, app=True)
    deliveries = ask("GET", "/app/hook/deliveries", app=True, per_page=2)
    ask("GET", f"/app/hook/deliveries/{deliveries[0]['id']}", app=True)
    ask("POST", f"/app/hook/deliveries/{deliveries[0]['id']}/attempts", {}, app=True)
    ask("GET", "/installation/repositories", per_page=100, page=1)
    ask("GET", "/rate_limit")


def check_runs(scene: Scene) -> None:
    ask, head, app = scene.ask, scene.head, scene.stand.app.id
    annotation = {
        "path": ".pilot.yml",
        "start_line": 1,
        "end_line": 1,
        "start_column": 1,
        "end_column": 3,
        "annotation_level": "failure",
        "title": "OWN001",
        "message": "Nobody answers",
        "raw_details": "yes",
    }
    body = {
        "name": "Pilot readiness",
        "head_sha": head,
        "status": "completed",
        "conclusion": "failure",
        "external_id": "pull/1",
        "details_url": "https://pilots.example/",
        "output": {"title": "No", "summary": "**No**", "text": "No", "annotations": [annotation]},
        "actions": [{"label": "Check again", "description": "Now", "identifier": "recheck"}],
    }
    run = ask("POST", f"{REPO}/check-runs", body)
    ask("POST", f"{REPO}/check-runs", {"name": "Later", "head_sha": head})
    place, suite = f"{REPO}/check-runs/{run['id']}", f"{REPO}/check-suites/{run['check_suite']['id']}"
    ask("PATCH", place, {"conclusion": "success", "output": {"title": "Yes", "summary": "Yes"}})
    ask("GET", place)
    ask("GET", f"{place}/annotations", per_page=50)
    ask("GET", f"{REPO}/commits/{head}/check-runs", check_name="Pilot readiness", filter="all", app_id=app)
    ask("GET", f"{REPO}/commits/{head}/check-suites", app_id=app)
    ask("GET", suite)
    ask("GET", f"{suite}/check-runs")
    scene.stand.status("acme/triage", head, "ci/build", "pending")
    ask("GET", f"{REPO}/commits/{head}/statuses", per_page=5)
    ask("GET", f"{REPO}/commits/{head}/status")
    ask("POST", f"{suite}/rerequest")
    ask("POST", f"{place}/rerequest")


def files(scene: Scene) -> None:
    ask = scene.ask
    ask("GET", f"{REPO}/contents/")
    ask("GET", f"{REPO}/contents/docs")
    ask("GET", f"{REPO}/contents/.pilot.yml", ref="feature")
    body = {"message": "Write", "content": base64.b64encode(b"new\n").decode(), "branch": "feature"}
    made = ask("PUT", f"{REPO}/contents/docs/new.md", body)
    sha = made["content"]["sha"]
    ask("PUT", f"{REPO}/contents/docs/new.md", {**body, "content": "", "sha": sha})
    sha = ask("GET", f"{REPO}/contents/docs/new.md", ref="feature")["sha"]
    ask("GET", f"{REPO}/git/blobs/{sha}")
    ask("DELETE", f"{REPO}/contents/docs/new.md", {"message": "Away", "sha": sha, "branch": "feature"})
    ask("GET", f"{REPO}/git/trees/feature", recursive="1")
    ask("GET", f"{REPO}/compare/main...feature")
    commits = ask("GET", f"{REPO}/commits", sha="feature", path=".pilot.yml", per_page=5)
    ask("GET", f"{REPO}/commits/{commits[0]['sha']}")
    ask("GET", f"{REPO}/commits/{commits[0]['sha']}/pulls")


def refs(scene: Scene) -> None:
    ask = scene.ask
    head = ask("GET", f"{REPO}/git/ref/heads/feature")["object"]["sha"]
    main = ask("GET", f"{REPO}/branches/main")["commit"]["sha"]
    ask("GET", f"{REPO}/branches", per_page=2)
    ask("GET", f"{REPO}/rules/branches/main")
    ask("GET", f"{REPO}/activity", ref="refs/heads/feature", actor="dev", activity_type="branch_creation", per_page=5)
    ask("POST", f"{REPO}/git/refs", {"ref": "refs/heads/pilot/fix", "sha": main})
    ask("PATCH", f"{REPO}/git/refs/heads/pilot/fix", {"sha": head, "force": True})
    ask("DELETE", f"{REPO}/git/refs/heads/pilot/fix")


def repository(scene: Scene) -> None:
    ask = scene.ask
    ask("GET", REPO)
    ask("GET", f"{REPO}/topics")
    ask("GET", f"{REPO}/properties/values")
    ask("GET", f"{REPO}/codeowners/errors", ref="main")


def pulls(scene: Scene) -> None:
    ask = scene.ask
    ask("GET", f"{REPO}/pulls", state="open", base="main", per_page=5)
    scene.stand.review("acme/triage", 1)
    for below in ("", "/files", "/commits", "/reviews"):
        ask("GET", f"{REPO}/pulls/1{below}")
    scene.stand.commit("acme/triage", "other", {"docs/b.md": "b\n"})
    made = ask("POST", f"{REPO}/pulls", {"title": "Fix", "head": "other", "base": "main", "body": "It", "draft": True})
    ask("PATCH", f"{REPO}/pulls/{made['number']}", {"title": "Fixed", "state": "closed"})


def issues(scene: Scene) -> None:
    ask = scene.ask
    ask("POST", f"{REPO}/labels", {"name": "pilot", "color": "ededed", "description": "Of the pilot"})
    ask("GET", f"{REPO}/labels")
    ask("GET", f"{REPO}/labels/pilot")
    number = ask("POST", f"{REPO}/issues", {"title": "Due", "body": "Now", "labels": ["pilot"]})["number"]
    place = f"{REPO}/issues/{number}"
    ask("GET", f"{REPO}/assignees/dev")
    ask("POST", f"{place}/assignees", {"assignees": ["dev"]})
    ask("GET", f"{REPO}/issues", labels="pilot", state="all", creator="pilotgate[bot]", since="2026-01-01T00:00:00Z")
    ask("DELETE", f"{place}/assignees", {"assignees": ["dev"]})
    ask("POST", f"{place}/labels", {"labels": ["late"]})
    ask("GET", f"{place}/labels")
    ask("DELETE", f"{place}/labels/late")
    ask("PUT", f"{place}/labels", {"labels": ["pilot"]})
    ask("PATCH", place, {"title": "Done", "state": "closed", "state_reason": "completed"})
    ask("GET", place)
    ask("GET", f"{REPO}/issues/1")


def comments(scene: Scene) -> None:
    ask = scene.ask
    made = ask("POST", f"{REPO}/issues/2/comments", {"body": "Hello"})
    place = f"{REPO}/issues/comments/{made['id']}"
    ask("GET", f"{REPO}/issues/2/comments", per_page=10)
    ask("GET", place)
    ask("PATCH", place, {"body": "Good-bye"})
    for where in (place, f"{REPO}/issues/2"):
        reaction = ask("POST", f"{where}/reactions", {"content": "eyes"})
        ask("GET", f"{where}/reactions", content="eyes")
        ask("DELETE", f"{where}/reactions/{reaction['id']}")
    ask("DELETE", place)


def people(scene: Scene) -> None:
    ask = scene.ask
    ask("GET", "/users/ana")
    ask("GET", f"{REPO}/collaborators/dev/permission")
    ask("GET", f"{REPO}/collaborators/dev")
    ask("GET", "/orgs/acme/memberships/ana")
    ask("GET", "/orgs/acme/members/ana")
    scene.stand.team("acme", "ml-review", members=["bob"], parent="ml")
    ask("GET", "/orgs/acme/teams/ml-review")
    for below in ("", "/members", "/memberships/ana", "/repos", f"{REPO}"):
        ask("GET", f"/orgs/acme/teams/ml{below}")


PARTS = (the_app, check_runs, files, refs, repository, pulls, issues, comments, people)
