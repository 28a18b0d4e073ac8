"""The webhook: size, signature, event, one durable row, 202. Nothing else.

It stands in front of the pages as plain WSGI. Requests that come in at the same time share one transaction: the first
becomes the leader and writes for all who have queued up behind it, so that one flush of the disk serves many.
"""

import hmac
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from pydantic_core import ValidationError, from_json

from bot import events
from bot.store.deliveries import Delivery, Packed

LIMIT = 25 * 1024 * 1024
log = structlog.get_logger()
_STATUS = {
    202: "202 Accepted",
    204: "204 No Content",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
    503: "503 Service Unavailable",
}

Answer = tuple[int, str]


class GroupCommit:
    """`put` returns once its delivery is durable; those that wait together are written together."""

    def __init__(self, pack: Callable[[Delivery], Packed], keep: Callable[[Sequence[Packed]], None]) -> None:
        self._pack, self._keep = pack, keep
        self._waiting: list[_Waiting] = []
        self._led = False
        self._guard = threading.Lock()

    def put(self, delivery: Delivery) -> None:
        """Make a delivery durable, or raise what kept it from being so."""
        mine = _Waiting(self._pack(delivery))
        with self._guard:
            self._waiting.append(mine)
            follow, self._led = self._led, True
        if follow:
            mine.called.acquire()
        if not mine.settled:
            self._lead()
        if mine.error is not None:
            raise mine.error

    def _lead(self) -> None:
        with self._guard:
            batch, self._waiting = self._waiting, []
        error = None
        try:
            self._keep([waiting.row for waiting in batch])
        except Exception as raised:
            error = raised
        for waiting in batch:
            waiting.settled, waiting.error = True, error
        with self._guard:
            # The next leader is called before those who only want to leave: the disk should not have to wait for them.
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].called.release()
        for waiting in batch:
            waiting.called.release()


class _Waiting:
    """A row that waits. `called` is held until it is settled, or is to lead."""

    __slots__ = ("called", "error", "row", "settled")

    def __init__(self, row: Packed) -> None:
        self.row = row
        self.settled = False
        self.error: Exception | None = None
        self.called = threading.Lock()
        self.called.acquire()


class Accept:
    """`POST /webhook`; everything else goes on to the pages."""

    def __init__(self, secrets: Sequence[str], commit: GroupCommit, pages: WSGIApplication) -> None:
        self._secrets = [secret.encode() for secret in secrets]
        self._commit, self._pages = commit, pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ.get("PATH_INFO") != "/webhook":
            return self._pages(environ, start_response)
        status, said = self._answer(environ)
        body = b"" if status == 204 else (said + "\n").encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        if status == 405:
            headers.append(("Allow", "POST"))
        start_response(_STATUS[status], headers if body else [])
        return [body] if body else []

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        if environ["REQUEST_METHOD"] != "POST":
            return 405, "GitHub posts its webhooks here"
        body = _body(environ)
        if body is None:
            return 413, "larger than the 25 MB that GitHub sends at most"
        if not self._signed(body, environ.get("HTTP_X_HUB_SIGNATURE_256", "")):
            return 401, "X-Hub-Signature-256 is missing or does not fit: is the webhook's secret the one set here?"
        delivery = _delivery(environ, body)
        if not isinstance(delivery, Delivery):
            return delivery
        try:
            self._commit.put(delivery)
        except Exception as error:
            log.error("not stored", delivery=delivery.id, error=str(error).splitlines()[0])
            return 503, "not stored: deliver it again"
        return 202, "accepted"

    def _signed(self, body: bytes, signature: str) -> bool:
        given = signature.removeprefix("sha256=").encode()
        # Every secret is tried, so that the time taken does not tell which one fits.
        wanted = [hmac.digest(secret, body, "sha256").hex().encode() for secret in self._secrets]
        return sum(hmac.compare_digest(one, given) for one in wanted) > 0


def _body(environ: WSGIEnvironment) -> bytes | None:
    """The body, or None for one that is too large; the length that is stated is not believed."""
    stated = str(environ.get("CONTENT_LENGTH") or "")
    if stated.isdecimal() and int(stated) > LIMIT:
        return None
    body: bytes = environ["wsgi.input"].read(LIMIT + 1)
    return body if len(body) <= LIMIT else None


def _delivery(environ: WSGIEnvironment, body: bytes) -> Delivery | Answer:
    id, name = environ.get("HTTP_X_GITHUB_DELIVERY", ""), environ.get("HTTP_X_GITHUB_EVENT", "")
    if not name or not 0 < len(id) <= 100 or not id.isprintable():
        return 400, "X-GitHub-Event or X-GitHub-Delivery is missing: only GitHub's webhooks are read here"
    try:
        body = _json(environ, body)
        payload = from_json(body, allow_inf_nan=False)
    except ValueError:
        return 400, "the body is not JSON"
    if not isinstance(payload, dict):
        return 400, "the body is not a JSON object"
    action = payload.get("action")
    action = action if isinstance(action, str) else None
    handler = events.handler(name)
    if handler is None or (handler.ACTIONS is not None and action not in handler.ACTIONS):
        return 204, ""
    try:
        handler.parse(payload)
    except ValidationError as error:
        where = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) for one in error.errors()))
        return 400, f"the {name} event lacks what is needed of it: {where}"
    return _row(id, name, action, payload, body)


def _json(environ: WSGIEnvironment, body: bytes) -> bytes:
    """The JSON of a body, which a webhook may be set to send as a form."""
    if not str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return body
    return parse_qs(body.decode(), strict_parsing=True, max_num_fields=10).get("payload", [""])[0].encode()


def _row(id: str, event: str, action: str | None, payload: dict[str, Any], body: bytes) -> Delivery:
    repository, installation = _inner(payload, "repository"), _inner(payload, "installation")
    name = repository.get("full_name")
    lane = f"repository/{repository['id']}" if "id" in repository else f"installation/{installation.get('id')}"
    return Delivery(
        id=id,
        event=event,
        action=action,
        installation=installation.get("id"),
        repository=name if isinstance(name, str) and name.isprintable() else None,
        lane=lane[:100],
        payload=body,
        received=datetime.now(UTC),
    )


def _inner(payload: dict[str, Any], key: str) -> dict[str, Any]:
    value = payload.get(key)
    return value if isinstance(value, dict) else {}
