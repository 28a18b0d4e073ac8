"""The HTTP side: a threaded server on the loopback, and the way of a request through faults, APIs and pages."""

import io
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.demo.github import api, graphql, pages
from bot.demo.github.auth import Gate
from bot.demo.github.exchange import Answer, Asked, Exchange, Refusal
from bot.demo.github.faults import Fault, Faults
from bot.demo.github.routes import Call, Route
from bot.demo.github.state import World
from bot.demo.github.webhooks import Hooks

_BY_ID = re.compile(r"/repositories/([0-9]+)(/.*)?")
_LARGEST = 25 * 1024 * 1024


class Site:
    """The stand-in as its clients see it; what they have asked is kept."""

    def __init__(self, world: World, gate: Gate, hooks: Hooks, faults: Faults) -> None:
        """A site with nothing asked yet."""
        self.world, self.gate, self.hooks, self.faults = world, gate, hooks, faults
        self.requests: list[Asked] = []
        self.unknown: list[str] = []
        self.broken: list[BaseException] = []
        self.observe: list[Callable[[Exchange], None]] = []

    def handle(self, method: str, target: str, headers: dict[str, str], data: bytes) -> tuple[Answer, Fault | None]:
        """The answer to a request, and the fault that it meets on its way back."""
        url = urlsplit(target)
        path = unquote(url.path).removeprefix("/api/v3") or "/"
        path = "/graphql" if path == "/api/graphql" else self._by_name(path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        try:
            body = json.loads(data) if data else {}
        except ValueError:
            body = None
        found = api.find(method, path)
        call = Call(self.world, self.gate, self.hooks, method, path, query, body, None, found[1] if found else {})
        route = found[0] if found else None
        asked = Asked(method, path, _template(method, path, route), self._who(headers), self._document(path, body), 0)
        with self.world.lock:
            fault = self.faults.take(asked)
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        answer = self._answer(call, route, headers, fault)
        self._keep(asked, answer, fault, (url.query, data, body))
        return answer, fault

    def _answer(self, call: Call, route: Route | None, headers: dict[str, str], fault: Fault | None) -> Answer:
        instead = fault is not None and fault.kind not in ("delay", "cut")
        if fault is not None and instead and not fault.after:
            return fault.answer(self.world.now())
        try:
            with self.hooks.telling(later=True):
                answer = self._ask(call, route, headers)
        except Exception as error:
            # A mistake of the stand-in's own: tests fail on `broken`, whatever the client makes of a 500.
            self.broken.append(error)
            return Answer(500, {"message": f"the stand-in is broken: {error!r}"})
        return fault.answer(self.world.now()) if fault is not None and instead else answer

    def _ask(self, call: Call, route: Route | None, headers: dict[str, str]) -> Answer:
        if call.body is None:
            return Answer(400, {"message": "Problems parsing JSON"})
        if (call.method, call.path) == ("POST", "/graphql"):
            return self._graphql(call, headers)
        if route is not None:
            return api.answer(route, call, headers.get("authorization"), headers.get("if-none-match"))
        page = pages.find(self.world, call.path) if call.method == "GET" else None
        if page is not None:
            return page
        if call.path != "/favicon.ico":
            self.unknown.append(f"{call.method} {call.path}")
        return Answer(404, Refusal(404, "Not Found").body)

    def _graphql(self, call: Call, headers: dict[str, str]) -> Answer:
        try:
            call.token = self.gate.token(headers.get("authorization"))
        except Refusal as refusal:
            return Answer(refusal.status, refusal.body)
        limit = self.gate.limit(call.token.installation, "graphql")
        if not limit.spend(self.world.now()):
            message = f"API rate limit already exceeded for installation ID {call.token.installation.id}."
            return Answer(200, {"errors": [{"type": "RATE_LIMITED", "message": message}]}, api.limits(limit, "graphql"))
        result = graphql.execute(self.world, call.token, limit, call.body)
        if result.invalid:
            self.unknown += [f"graphql: {one['message']}" for one in result.body["errors"]]
        return Answer(200, result.body, api.limits(limit, "graphql"))

    def _by_name(self, path: str) -> str:
        """A path that names a repository by its id, as redirections do, by its name instead."""
        found = _BY_ID.fullmatch(path)
        if found is None:
            return path
        wanted = int(found[1])
        names = [one.full_name for one in list(self.world.repositories.values()) if one.id == wanted]
        return f"/repos/{names[0]}{found[2] or ''}" if names else path

    def _who(self, headers: dict[str, str]) -> int | None:
        found = self.gate.tokens.get(headers.get("authorization", "").rpartition(" ")[2])
        return found.installation.id if found else None

    def _document(self, path: str, body: Any) -> str | None:
        if path != "/graphql":
            return None
        with self.world.lock:
            return graphql.name(body)

    def _keep(self, asked: Asked, answer: Answer, fault: Fault | None, raw: tuple[str, bytes, Any]) -> None:
        status = 0 if fault is not None and fault.kind == "drop" else answer.status
        done = Asked(asked.method, asked.path, asked.route, asked.installation, asked.document, status)
        self.requests.append(done)
        if fault is None or fault.kind == "delay":
            query, data, body = raw
            sent = body if data else None
            told = Exchange(
                asked.method, asked.path, asked.route, query, sent, answer.status, answer.headers, answer.body
            )
            for observer in self.observe:
                observer(told)


def _template(method: str, path: str, route: Route | None) -> str | None:
    if route is not None:
        return route.path
    return "/graphql" if (method, path) == ("POST", "/graphql") else None


class Server(ThreadingHTTPServer):
    """The server. Connections stay open, as GitHub keeps them."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, site: Site, port: int) -> None:
        """Bound to the loopback; port 0 takes any that is free."""
        self.site = site
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is nothing to tell of."""

    def halt(self) -> None:
        """Take no more connections and close those that are open."""
        self.shutdown()
        self.server_close()
        for one in list(self.open):
            _close(one)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without it the second packet of an answer waits for the acknowledgement of the first.
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        super().finish()
        self.server.open.discard(self.connection)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests look at `requests`."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST:
            self.send_error(413)
            return
        data = self.rfile.read(length)
        if len(data) < length:
            # Whoever asked was gone before the request was whole: that is no request, and nobody waits for an answer.
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer, fault = self.server.site.handle(self.command, self.path, headers, data)
        if fault is not None and fault.kind == "drop":
            self.close_connection = True
            _close(self.connection)
            return
        self._send(answer, cut=fault is not None and fault.kind == "cut")

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _send(self, answer: Answer, cut: bool) -> None:
        kind, body = _encoded(answer.body)
        headers = {**api.common(self.server.site.world.now()), **answer.headers}
        out = io.StringIO()
        out.write(f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}\r\n")
        for name, value in headers.items():
            out.write(f"{name}: {value}\r\n")
        if body:
            out.write(f"Content-Type: {kind}\r\n")
        if answer.status not in (204, 304):
            out.write(f"Content-Length: {len(body)}\r\n")
        out.write("Connection: close\r\n\r\n" if cut else "\r\n")
        sent = b"" if self.command == "HEAD" else body[: len(body) // 2] if cut else body
        self.wfile.write(out.getvalue().encode("latin-1", "replace") + sent)
        self.close_connection = self.close_connection or cut


def _encoded(body: Any) -> tuple[str, bytes]:
    if body is None:
        return "", b""
    if isinstance(body, str):
        return "text/html; charset=utf-8", body.encode()
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return "application/json; charset=utf-8", text.encode("utf-8", errors="surrogatepass")


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side was quicker.
        return


def run(server: Server) -> threading.Thread:
    """Serve in a thread."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="stand-in GitHub", daemon=True)
    thread.start()
    return thread
