"""Webhooks: what the app is told, signed as GitHub signs it, kept so that it can be sent again."""

import hashlib
import hmac
import json
import queue
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection, InvalidURL
from typing import Any
from urllib.parse import urlsplit

from bot.demo.github.exchange import Refusal
from bot.demo.github.shapes import accounts, app, repositories
from bot.demo.github.state import Account, Installed, Repository, World

TIMEOUT = 10
# What the app is told of without having subscribed: what befalls itself, and the buttons under its own checks.
_ALWAYS = {("installation", None), ("installation_repositories", None)}
_OWN = {("check_run", "rerequested"), ("check_run", "requested_action")}
_OWN |= {("check_suite", "requested"), ("check_suite", "rerequested")}
NEEDS: dict[str, tuple[str, ...]] = {
    "check_run": ("checks",),
    "check_suite": ("checks",),
    "create": ("contents",),
    "delete": ("contents",),
    "custom_property_values": ("organization_custom_properties",),
    "issue_comment": ("issues", "pull_requests"),
    "issues": ("issues",),
    "member": ("members",),
    "membership": ("members",),
    "merge_group": ("merge_queues",),
    "organization": ("members",),
    "pull_request": ("pull_requests",),
    "pull_request_review": ("pull_requests",),
    "push": ("contents",),
    "repository": ("metadata",),
    "status": ("statuses",),
    "team": ("members",),
}
"""What the app can subscribe to, and the permissions that an event takes, any one of them."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell the app something. `code` is 0 where no answer came; `status` is what GitHub says of it."""

    id: int
    guid: str
    event: str
    action: str | None
    installation: int | None
    repository: int | None
    headers: dict[str, str]
    payload: bytes
    redelivery: bool
    at: datetime
    duration: float = 0.0
    status: str = "pending"
    code: int = 0
    response: str = ""
    answer_headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> Any:
        """The payload, parsed."""
        return json.loads(self.payload)

    @property
    def arrived(self) -> bool:
        """Whether the app has taken it."""
        return 200 <= self.code < 300


class Hooks:
    """The deliveries. Those that people cause are sent before their act returns, those that the app causes by its own
    requests are sent by a thread; `hold` keeps them all back."""

    def __init__(self, world: World, url: str | None, secret: str) -> None:
        """With no address, nothing is told to anybody."""
        self.world, self.url, self.secret = world, url, secret
        self.synchronous, self.hold = True, False
        self.deliveries: list[Delivery] = []
        self.held: list[Delivery] = []
        self._local = threading.local()
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        world.tell = self.tell

    @contextmanager
    def telling(self, later: bool = False) -> Iterator[None]:
        """Hold the world's lock for the body; what it tells is sent afterwards, without the lock."""
        outer = getattr(self._local, "outbox", None)
        outbox: list[Delivery] = [] if outer is None else outer
        self._local.outbox = outbox
        try:
            with self.world.lock:
                yield
        finally:
            self._local.outbox = outer
        if outer is None:
            self._dispatch(outbox, later or not self.synchronous)

    def _dispatch(self, outbox: list[Delivery], later: bool) -> None:
        if self.hold:
            self.held += outbox
            return
        for one in outbox:
            if later:
                self._start()
                self._queue.put(one)
            else:
                self.send(one)

    def tell(
        self,
        event: str,
        where: Repository | Installed | Account,
        sender: Account,
        action: str | None = None,
        **parts: Any,
    ) -> None:
        """Write an event to the app, if its installation covers the place and has subscribed to it."""
        owner = where.owner if isinstance(where, Repository) else where
        installed = owner if isinstance(owner, Installed) else self.world.installed(owner)
        if self.url is None or installed is None or not _wants(installed, event, action):
            return
        payload: dict[str, Any] = {"action": action} if action is not None else {}
        payload |= parts
        if isinstance(where, Repository):
            if not installed.covers(where):
                return
            payload |= repositories.context(self.world, where) | {"installation": app.reference(installed)}
        elif isinstance(where, Account):
            payload["organization"] = accounts.organization(self.world, where)
            payload["installation"] = app.reference(installed)
        else:
            payload["installation"] = app.installation(self.world, installed)
        payload["sender"] = accounts.user(self.world, sender)
        self._local.outbox.append(self.write(event, payload))

    def write(self, event: str, payload: dict[str, Any], guid: str | None = None) -> Delivery:
        """A delivery of this payload, signed, not yet sent."""
        body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        return self._attempt(
            Delivery(
                id=0,
                guid=guid or str(uuid.uuid4()),
                event=event,
                action=payload.get("action"),
                installation=(payload.get("installation") or {}).get("id"),
                repository=(payload.get("repository") or {}).get("id"),
                headers={},
                payload=body,
                redelivery=False,
                at=self.world.now(),
            )
        )

    def _attempt(self, one: Delivery, again: bool = False) -> Delivery:
        """The next attempt of a delivery: the same GUID and payload, signed with the secret of today."""
        id = 10_000_000 + len(self.deliveries) + len(self.held) + time.monotonic_ns()
        signature = hmac.new(self.secret.encode(), one.payload, hashlib.sha256).hexdigest()
        headers = {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/5d1b0c3",
            "X-GitHub-Delivery": one.guid,
            "X-GitHub-Event": one.event,
            "X-GitHub-Hook-ID": str(self.world.app.id + 1),
            "X-GitHub-Hook-Installation-Target-ID": str(self.world.app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        return replace(
            one, id=id, headers=headers, redelivery=again, at=self.world.now(), status="pending", code=0, response=""
        )

    def send(self, one: Delivery) -> Delivery:
        """Send a delivery and keep what came of it."""
        start = time.monotonic()
        try:
            code, text, headers = self._post(one)
            status = "OK" if code < 400 else f"Invalid HTTP Response: {code}"
        except TimeoutError:
            status, code, text, headers = "timed out", 0, "", {}
        except (OSError, HTTPException) as error:
            status, code, text, headers = "failed to connect to host", 0, str(error), {}
        done = replace(
            one,
            status=status,
            code=code,
            response=text,
            answer_headers=headers,
            duration=round(time.monotonic() - start, 3),
        )
        with self.world.lock:
            self.deliveries.append(done)
        return done

    def _post(self, one: Delivery) -> tuple[int, str, dict[str, str]]:
        # Not with requests, which takes longer to ask than the app takes to answer.
        where = urlsplit(self.url or "")
        if not where.hostname:
            raise InvalidURL("the webhook has no address")
        kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
        with closing(kind(where.hostname, where.port, timeout=TIMEOUT)) as connection:
            path = where._replace(scheme="", netloc="", fragment="").geturl()
            connection.request("POST", path or "/", one.payload, one.headers)
            got = connection.getresponse()
            return got.status, got.read().decode(errors="replace"), dict(got.getheaders())

    def redeliver(self, id: int | str, later: bool = False) -> Delivery:
        """Send a delivery again, by its id or its GUID. Refusal where there is no such one."""
        with self.world.lock:
            found = next((one for one in reversed(self.deliveries) if id in (one.id, one.guid)), None)
        if found is None:
            raise Refusal(404, "Not Found")
        again = self._attempt(found, again=True)
        if later:
            self._dispatch([again], later=True)
            return again
        return self.send(again)

    def release(self, backwards: bool = False) -> None:
        """Send what was held back, in order or the last first."""
        self.hold = False
        held, self.held = self.held, []
        for one in reversed(held) if backwards else held:
            self.send(one)

    def settle(self) -> None:
        """Wait until the thread has sent everything."""
        self._queue.join()

    def stop(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="stand-in webhooks", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while (one := self._queue.get()) is not None:
            self.send(one)
            self._queue.task_done()
        self._queue.task_done()


def _wants(installed: Installed, event: str, action: str | None) -> bool:
    if (event, None) in _ALWAYS:
        return True
    if installed.suspended is not None:
        return False
    if not any(installed.permissions.get(one) for one in NEEDS[event]):
        return False
    if (event, action) in _OWN:
        return installed.permissions.get("checks") == "write"
    return event in installed.events
