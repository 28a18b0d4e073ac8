"""A GitHub of one repository that also takes branches, commits, pull requests and issues of the app's."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import responses

from bot.gather.metrics import UNSET, Metrics
from bot.github.client import Installation
from bot.review.judge import By
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from rules.catalogue import catalogue
from rules.policy import Policy
from tests.bot.github.hub import SENT, Hub, Reply, oid
from tests.stores import empty

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SMALL = b"version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"


@dataclass
class Workshop(Hub):
    """`refuses` are the statuses with which a path that ends so is refused."""

    branches: dict[str, dict[str, bytes]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    proposed: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, bytes | None] = field(default_factory=dict)
    """The policies of the organisation's other repositories, by their names."""
    refuses: dict[str, int] = field(default_factory=dict)

    def start(self, mock: responses.RequestsMock) -> Installation:
        mock.add_callback("PUT", re.compile(f"{SENT}/.*"), callback=self._answer)
        return super().start(mock)

    def _rest(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        status = next((code for end, code in self.refuses.items() if path.endswith(end)), None)
        if status is not None:
            return status, {}, json.dumps({"message": "Resource not accessible by integration"})
        name = path.partition("/contents/")[2]
        if name:
            return self._commit(name, body) if method == "PUT" else self._content(method, path, body)
        if path.endswith("/git/refs"):
            known = body["ref"] in self.branches
            self.branches.setdefault(body["ref"], {})
            return (422, {}, json.dumps({"message": "Reference already exists"})) if known else (201, {}, "{}")
        for kind, kept in (("/pulls", self.proposed), ("/issues", self.issues)):
            if path.endswith(kind):
                return self._list(method, kept, body)
        return super()._rest(method, path, body)

    def _pilots(self, variables: Mapping[str, Any]) -> Any:
        return {key: self._pilot(name) for key, name in self._named(variables, "name").items()}

    def _pilot(self, name: str) -> Any:
        if name not in self.others:
            return None
        policy = self.others[name]
        files = {} if policy is None else {".pilot.yml": policy}
        return {
            "databaseId": 900 + len(name),
            "nameWithOwner": f"acme/{name}",
            "isArchived": name == "archived",
            "hasIssuesEnabled": True,
            "repositoryTopics": {"nodes": [{"topic": {"name": topic}} for topic in self.topics]},
            "defaultBranchRef": {
                "name": "main",
                "target": {"oid": "e" * 40, "file": self._entry(files, ".pilot.yml", text=True)},
            },
        }

    def _content(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        if path.partition("/contents/")[2] not in self.files:
            return 404, {}, json.dumps({"message": "Not Found"})
        status, headers, text = super()._rest(method, path, body)
        return status, headers, json.dumps({"sha": oid(path), **json.loads(text)})

    def _commit(self, name: str, body: dict[str, Any]) -> Reply:
        branch = self.branches[f"refs/heads/{body['branch']}"]
        if name in branch:
            return 409, {}, json.dumps({"message": "does not match"})
        branch[name] = b64decode(body["content"])
        self.messages.append(body["message"])
        return 201, {}, json.dumps({"commit": {"sha": "d" * 40}})

    def _list(self, method: str, kept: list[dict[str, Any]], body: dict[str, Any]) -> Reply:
        if method == "GET":
            return 200, {}, json.dumps(kept)
        if kept and kept is self.proposed:
            return 422, {}, json.dumps({"message": "A pull request already exists"})
        kept.append({**body, "number": 100 + len(kept), "state": "open", "performed_via_github_app": {"id": 7}})
        return 201, {}, json.dumps(kept[-1])


def unasked(_: str, policy: Policy | None) -> Metrics:
    return Metrics(None, policy, UNSET)


def by(now: datetime = NOW) -> By:
    """By what is judged, with nothing remembered."""
    store = empty()
    return By(catalogue(), now, unasked, Memory(store), Ledger(store))


def label(name: str) -> Mapping[str, Any]:
    """What a pull request says of its one label."""
    return {"labels": {"nodes": [{"name": name}]}}
