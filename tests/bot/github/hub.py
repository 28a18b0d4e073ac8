"""A GitHub of one repository, answered from memory through `responses`: what a test puts in, and what was asked."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from requests import PreparedRequest

from bot.github.client import App, Installation
from bot.store.written import Written
from tests.stores import empty

API = "https://api.github.com"
SENT = f"{API}:443"
"""As PyGithub writes it."""
HEAD, BASE = "a" * 40, "b" * 40

Reply = tuple[int, dict[str, str], str]


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def oid(path: str) -> str:
    """What a file's blob is called."""
    return hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Hub:
    """`files`, `base` and `organisation` map paths to content: None is a folder, a tuple a symbolic link."""

    files: dict[str, bytes | tuple[str] | None] = field(default_factory=dict)
    teams: dict[str, list[str]] = field(default_factory=dict)
    """Who is in a team, by `org/team`."""
    gone: set[str] = field(default_factory=set)
    """Logins and teams that GitHub does not have."""
    hidden: set[str] = field(default_factory=set)
    """What the app may not look at: `team`, `collaborators`, `label`, `codeowners`."""
    labels: set[str] = field(default_factory=lambda: {"model-feedback"})
    activity: list[dict[str, Any]] = field(default_factory=list)
    """Who has pushed, as GitHub tells it."""
    wrong: list[dict[str, Any]] = field(default_factory=list)
    """What GitHub calls errors in CODEOWNERS."""
    ran: dict[str, tuple[str, str]] = field(default_factory=dict)
    """How a check came out on the head, and the app that ran it; on the base branch github-actions ran them all."""
    default_role: str = "write"
    """What people may do whose role is not named, teams too."""
    base: dict[str, bytes] = field(default_factory=dict)
    organisation: dict[str, bytes] | None = None
    pull: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] | None = None
    """Those of the base branch."""
    denied: list[list[str]] = field(default_factory=list)
    """Where in every GraphQL answer null stands for what the app may not see."""
    repository: dict[str, Any] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    pulls: list[int] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] | None = None
    patches: list[dict[str, Any]] = field(default_factory=list)
    compared: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: bytes | None = None
    """The policy as it stood when the pilot started."""
    truncated: bool = False
    page: int = 1
    unlisted: int = 0
    """The status with which GitHub refuses to list the files."""
    asked: list[str] = field(default_factory=list)
    writes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[Callable[[], Reply]] = field(default_factory=list)
    """Taken one for each write, which has had its effect by then."""

    def start(self, mock: responses.RequestsMock) -> Installation:
        """Answer from now on; returns an installation that asks."""
        for method in ("GET", "POST", "PATCH"):
            mock.add_callback(method, re.compile(f"{SENT}/.*"), callback=self._answer)
        return App(7, private_key(), API, pace=Written(empty())).installation(3)

    def counted(self) -> list[str]:
        """What was asked since the last time, tokens apart."""
        asked, self.asked = [one for one in self.asked if "access_tokens" not in one], []
        return asked

    def _answer(self, request: PreparedRequest) -> Reply:
        path = str(request.path_url).partition("?")[0]
        self.page = int(dict(parse_qsl(urlsplit(str(request.path_url)).query)).get("page", 1))
        body = json.loads(request.body) if isinstance(request.body, str) else {}
        if path == "/graphql":
            name = re.search(r"^query (\w+)", body["query"], re.MULTILINE)
            assert name is not None
            self.asked.append(name[1])
            return _json(getattr(self, f"_{name[1].lower()}")(body["variables"]), self._denied(body["variables"]))
        self.asked.append(f"{request.method} {path}")
        if "access_tokens" in path:
            expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            return 201, {}, json.dumps({"token": "ghs_test", "expires_at": expires})
        assert str(request.headers["Authorization"]) == "Bearer ghs_test"
        return self._rest(str(request.method), path, body)

    def _rest(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        if method in ("POST", "PATCH"):
            return self._write(method, path, body)
        if path.endswith("/properties/values"):
            if self.properties is None:
                return 403, {}, json.dumps({"message": "Resource not accessible by integration"})
            return 200, {}, json.dumps([{"property_name": k, "value": v} for k, v in self.properties.items()])
        if "/collaborators/" in path:
            role = self.roles.get(path.split("/")[-2], "none")
            legacy = {"maintain": "write", "triage": "read"}.get(role, role)
            return 200, {}, json.dumps({"permission": legacy, "role_name": role})
        for name, answer in (
            ("/git/trees/", self._tree),
            ("/files", self._patches),
            ("/compare/", self._compare),
            ("/activity", self._pushed),
        ):
            if name in path:
                return answer(path)
        blobs = {oid(name): name for name in self.files}
        content = self.files[blobs.get(path.rpartition("/")[2]) or path.partition("/contents/")[2]]
        assert isinstance(content, bytes)
        return 200, {}, json.dumps({"content": base64.encodebytes(content).decode(), "encoding": "base64"})

    def _pushed(self, _: str) -> Reply:
        return 200, {}, json.dumps(self.activity)

    def _tree(self, _: str) -> Reply:
        if self.unlisted:
            return self.unlisted, {}, json.dumps({"message": "Not Found"})
        folders = {name[: place.start()] for name in self.files for place in re.finditer("/", name)}
        tree: list[dict[str, Any]] = [{"path": one, "mode": "040000", "type": "tree"} for one in sorted(folders)]
        for name, content in self.files.items():
            if content is not None:
                link = isinstance(content, tuple)
                size = len(content[0] if isinstance(content, tuple) else content)
                mode = "120000" if link else "100644"
                tree.append({"path": name, "mode": mode, "type": "blob", "sha": oid(name), "size": size})
        return 200, {}, json.dumps({"tree": tree, "truncated": self.truncated})

    def _patches(self, _: str) -> Reply:
        return 200, {}, json.dumps(self._changes()[100 * (self.page - 1) : 100 * self.page])

    def _changes(self) -> list[dict[str, Any]]:
        """What the pull request changes: what the test says, and the policy where it is another than the base's."""
        same = self.files.get(".pilot.yml") == self.base.get(".pilot.yml")
        known = any(one["filename"] == ".pilot.yml" for one in self.patches)
        policy = [] if same or known else [{"filename": ".pilot.yml", "additions": 0}]
        return [*self.patches, *policy]

    def _nested(self, variables: Mapping[str, Any]) -> Any:
        names = self._named(variables, "path")
        sides = (("head", self.files), ("base", self.base))
        return {
            "repository": {
                side: {key: self._entry(files, path, text=True) for key, path in names.items()} for side, files in sides
            }
        }

    def _compare(self, path: str) -> Reply:
        base = path.rpartition("/")[2].partition("...")[0]
        found = self.compared.get(base)
        found = {"base_commit": {"sha": base.ljust(40, "0")}} | found if found else None
        return (200, {}, json.dumps(found)) if found else (404, {}, json.dumps({"message": "Not Found"}))

    def _files(self, variables: Mapping[str, Any]) -> Any:
        names = [name for name in variables if name.startswith("path")]
        assert len(names) <= 100
        found = {name: self._entry(self.files, variables[name], text=True) for name in names}
        first = variables["beside"]
        was = self._entry({".pilot.yml": self.before}, ".pilot.yml", text=True) if self.before is not None else None
        history = {"history": {"nodes": [{"file": was}] if was else []}} if first else {}
        here: dict[str, Any] = {"object": found | history | self._checks(variables, self.ran)}
        if first:
            base = dict.fromkeys(self._named(variables, "check").values(), ("success", "github-actions"))
            here |= {"base": self._checks(variables, base)}
            here |= {"codeowners": None if "codeowners" in self.hidden else {"errors": self.wrong}}
        if variables["labelled"]:
            name = variables["label"]
            here |= {"label": {"name": name} if name in self.labels and "label" not in self.hidden else None}
        if variables["teams"]:
            edges = [_edge(login, role) for login, role in self.roles.items()]
            here |= {"everyone": {"totalCount": len(edges), "edges": edges}}
        return {"repository": here | self._collaborators(variables), **self._accounts(variables)}

    def _named(self, variables: Mapping[str, Any], kind: str) -> dict[str, str]:
        return {key: value for key, value in variables.items() if re.fullmatch(rf"{kind}\d+", key)}

    def _checks(self, variables: Mapping[str, Any], ran: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {"status": None}
        for key, name in self._named(variables, "check").items():
            conclusion, app = ran.get(name, ("success", "github-actions"))
            run = {"name": name, "status": "COMPLETED", "conclusion": conclusion.upper()}
            found[key] = {"nodes": [{"app": {"slug": app}, "checkRuns": {"nodes": [run]}}]}
        return found

    def _collaborators(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        hidden = "collaborators" in self.hidden
        return {
            key: None if hidden else {"edges": [_edge(login, self.roles.get(login, self.default_role))]}
            for key, login in self._named(variables, "login").items()
        }

    def _accounts(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {
            key: None if login in self.gone else {"login": login}
            for key, login in self._named(variables, "login").items()
        }
        for key, org in self._named(variables, "org").items():
            slug = variables[key.replace("org", "team")]
            found[key.replace("org", "team")] = {"team": self._team(f"{org}/{slug}", slug)}
        return found

    def _team(self, name: str, slug: str) -> Any:
        if name in self.gone or "team" in self.hidden:
            return None
        members = [{"login": login} for login in self.teams.get(name, ["lee", "max"])]
        role = self.roles.get(name, self.default_role).upper()
        return {
            "slug": slug,
            "members": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": members},
            "repositories": {"edges": [{"permission": role, "node": {"nameWithOwner": "acme/triage"}}]},
        }

    def _denied(self, variables: Mapping[str, Any]) -> list[list[str]]:
        paths = [["repository", one] for one in ("label", "codeowners") if one in self.hidden]
        if "collaborators" in self.hidden:
            paths += [["repository", key] for key in self._named(variables, "login")]
        if "team" in self.hidden:
            paths += [[key.replace("org", "team"), "team"] for key in self._named(variables, "org")]
        return [*self.denied, *(paths if "beside" in variables else [])]

    def _write(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        self.writes.append((method, body))
        made = {"id": 0}
        if "/check-runs" in path:
            made = self._keep(method, path, body)
        elif path.endswith("/comments"):
            number = len(self.comments) + 1
            self.comments.append(
                {"databaseId": number, "id": f"C{number}", "body": body["body"], "viewerDidAuthor": True}
            )
        if self.faults:
            return self.faults.pop(0)()
        return 201, {}, json.dumps(made)

    def _keep(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        number = len(self.runs) + 1 if method == "POST" else int(path.rpartition("/")[2])
        known = self.runs.get(number, {"output": {"annotations": []}})
        output = body.get("output", {})
        added = output.get("annotations", [])
        assert len(added) <= 50
        for name in ("summary", "text"):
            assert len(output.get(name, "").encode()) <= 65_535
        annotations = [*known["output"]["annotations"], *added]
        self.runs[number] = {**known, **body, "id": number, "output": {**output, "annotations": annotations}}
        return {"id": number}

    def _pull(self, variables: Mapping[str, Any]) -> Any:
        runs = [
            {
                "databaseId": run["id"],
                "name": run["name"],
                "externalId": run["external_id"],
                "status": "COMPLETED",
                "conclusion": run["conclusion"].upper(),
                "annotations": {"totalCount": len(run["output"]["annotations"])},
            }
            for run in self.runs.values()
        ]
        head: dict[str, Any] = {
            "oid": HEAD,
            "tree": {"oid": "d" * 40},
            "file": self._entry(self.files, ".pilot.yml", text=True),
            "checkSuites": {"nodes": [{"checkRuns": {"nodes": runs}}]},
        }
        if variables.get("known"):
            head |= {"history": {"nodes": []}} | self._checks(variables, self.ran)
        base = {"oid": BASE, "file": self._entry(self.base, ".pilot.yml", text=True)}
        pull = {
            "state": "OPEN",
            "isDraft": False,
            "isCrossRepository": False,
            "headRefName": "feature",
            "author": {"__typename": "User", "login": "dev"},
            "labels": {"nodes": []},
            "latestOpinionatedReviews": {"nodes": []},
            "rebased": {"nodes": []},
            "written": _written("dev"),
            "files": {
                "totalCount": len(self._changes()),
                "nodes": [
                    {"path": one["filename"], "changeType": "RENAMED" if "previous_filename" in one else "MODIFIED"}
                    for one in self._changes()[:100]
                ],
            },
            "headRefOid": HEAD,
            "baseRefName": "main",
            "baseRef": {"rules": self.rules, "target": base},
            "commits": {"nodes": [{"commit": head}]},
            **self.pull,
        }
        if variables["comments"]:
            pull["comments"] = {"nodes": self.comments}
        here = {
            "databaseId": 501,
            "nameWithOwner": "acme/triage",
            "isArchived": False,
            "defaultBranchRef": {"name": "main"},
            "repositoryTopics": {"nodes": [{"topic": {"name": topic}} for topic in self.topics]},
            "pullRequest": pull,
            **self.repository,
        }
        return {"repository": here, "organisation": self._dot_github()}

    def _dot_github(self) -> Any:
        if self.organisation is None:
            return None
        target = {"oid": BASE, "file": self._entry(self.organisation, ".pilot-org.yml", text=True)}
        return {"nameWithOwner": "acme/.github", "defaultBranchRef": {"target": target}}

    def _head(self, variables: Mapping[str, Any]) -> Any:
        commit = {
            "oid": variables["head"],
            "tree": {"oid": "d" * 40},
            "file": self._entry(self.files, ".pilot.yml", text=True),
            "checkSuites": {"nodes": []},
        }
        return {"repository": {"object": commit}}

    def _group(self, variables: Mapping[str, Any]) -> Any:
        head, base = (
            {
                "tree": {"oid": "d" * 40},
                "file": self._entry(files, ".pilot.yml", text=True),
                "checkSuites": {"nodes": []},
            }
            for files in (self.files, self.base)
        )
        gone = variables["head"] == "f" * 40
        return {"repository": {"head": None if gone else head, "base": base}}

    def _paths(self, variables: Mapping[str, Any]) -> Any:
        names = [name for name in variables if name.startswith("path")]
        assert 0 < len(names) <= 100
        found = {name: self._entry(self.files, variables[name], text=variables["text"]) for name in names}
        return {"repository": {"object": found}}

    def _openpulls(self, variables: Mapping[str, Any]) -> Any:
        start = int(variables["after"] or 0)
        nodes = [{"number": number} for number in self.pulls[start : start + 100]]
        page = {"hasNextPage": start + 100 < len(self.pulls), "endCursor": str(start + 100)}
        return {"repository": {"pullRequests": {"pageInfo": page, "nodes": nodes}}}

    def _commitpulls(self, variables: Mapping[str, Any]) -> Any:
        nodes = [
            {
                "number": number,
                "state": "OPEN",
                "headRefOid": variables["head"],
                "baseRepository": {"nameWithOwner": "acme/triage"},
            }
            for number in self.pulls
        ]
        return {"repository": {"object": {"associatedPullRequests": {"nodes": nodes}}}}

    def _entry(self, files: Mapping[str, Any], path: str, text: bool) -> Any:
        if path not in files:
            inner = any(name.startswith(f"{path}/") for name in files)
            return {"type": "tree", "mode": 0o40000, "object": {}} if inner else None
        content = files[path]
        if content is None:
            return {"type": "tree", "mode": 0o40000, "object": {}}
        link = isinstance(content, tuple)
        data = content[0].encode() if isinstance(content, tuple) else content
        binary = b"\0" in data
        blob = {
            "oid": oid(path),
            "byteSize": len(data),
            "isBinary": binary,
            "isTruncated": len(data) > 512 * 1024,
            "text": None if binary else data.decode(errors="replace")[: 512 * 1024],
        }
        return {"type": "blob", "mode": 0o120000 if link else 0o100644, "object": blob if text else None}


def _edge(login: str, role: str) -> dict[str, Any]:
    return {"permission": role.upper(), "node": {"login": login}}


def _written(*logins: str) -> dict[str, Any]:
    """The commits of a pull request, one for each login."""
    commits = [
        {
            "oid": HEAD,
            "parents": {"nodes": [{"oid": BASE}]},
            "authors": {"totalCount": 1, "nodes": [{"user": {"login": one}}]},
            "committer": None,
        }
        for one in logins
    ]
    return {
        "totalCount": len(commits),
        "pageInfo": {"endCursor": None},
        "nodes": [{"commit": one} for one in commits],
    }


def approved(*logins: str, commit: str = HEAD) -> dict[str, Any]:
    """What a pull request says of its approving reviews of a commit."""
    reviews = [
        {"state": "APPROVED", "author": {"__typename": "User", "login": one}, "commit": {"oid": commit}}
        for one in logins
    ]
    return {"latestOpinionatedReviews": {"nodes": reviews}}


def _json(data: Any, denied: list[list[str]]) -> Reply:
    errors = [{"type": "FORBIDDEN", "path": one, "message": "Resource not accessible by integration"} for one in denied]
    answer = {"data": data} | ({"errors": errors} if errors else {})
    return 200, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(answer)
