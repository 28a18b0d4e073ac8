"""What the tests of the stand-in have in common: a client that sends plain HTTP, and an app that takes webhooks."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import requests

from bot.demo.github import EVENTS, StandIn


@dataclass
class Client:
    """Asks the stand-in as an installation, or as the app."""

    stand: StandIn
    installation: int
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def jwt(self, **claims: Any) -> str:
        now = int(time.time())
        whole = {"iss": str(self.stand.app.id), "iat": now - 30, "exp": now + 300, **claims}
        return jwt.encode(whole, self.stand.private_key, "RS256")

    def app(self, method: str, path: str, bearer: str | None = None, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {bearer if bearer is not None else self.jwt()}"}
        return self.session.request(method, self.stand.url + path, headers=headers, timeout=5, **more)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> requests.Response:
        if not self.token:
            self.token = self.issue()
        bearer = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        url = path if path.startswith("http") else self.stand.url + path
        return self.session.request(method, url, json=body, headers=bearer, timeout=5)

    def issue(self, **body: Any) -> str:
        got = self.app("POST", f"/app/installations/{self.installation}/access_tokens", json=body)
        return str(got.json()["token"])

    def query(self, text: str, /, **variables: Any) -> dict[str, Any]:
        got = self.ask("POST", "/graphql", {"query": text, "variables": variables})
        assert got.status_code == 200
        found: dict[str, Any] = got.json()
        return found


@dataclass
class Inbox:
    """What the app was sent, and what it answers."""

    url: str = ""
    status: int = 202
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[tuple[str, str | None]]:
        return [(headers["x-github-event"], json.loads(data).get("action")) for headers, data in self.got]


@contextmanager
def inbox() -> Iterator[Inbox]:
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            box.got.append(({name.lower(): value for name, value in self.headers.items()}, data))
            self.send_response(box.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    box.url = f"http://127.0.0.1:{server.server_address[1]}/webhook"
    try:
        yield box
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


POLICY = "version: 1\npilot: triage\n"


@contextmanager
def staged(permissions: dict[str, str] | None = None, events: Sequence[str] = EVENTS) -> Iterator[Client]:
    """A stand-in with one repository, one pull request (#1) of the branch `feature`, and a client for it."""
    stand = StandIn(events=events)
    stand.start()
    stand.repository("acme/triage", files={".pilot.yml": POLICY, "docs/runbook.md": "# Runbook\n"})
    client = Client(stand, stand.install("acme", permissions=permissions))
    stand.commit("acme/triage", "feature", {".pilot.yml": POLICY + "owners: {}\n"})
    stand.pull("acme/triage", "feature")
    try:
        yield client
        assert not stand.broken
    finally:
        client.session.close()
        stand.stop()
