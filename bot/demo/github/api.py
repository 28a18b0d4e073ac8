"""A request through the REST API: found, let in, answered, and given GitHub's headers."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from bot.demo.github import rest
from bot.demo.github.auth import Limit
from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, Route, accepted, allowed, match, table
from bot.demo.github.state import Repository

assert rest.__name__  # importing it is what fills the table
_TABLE = table()


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request; None for one that the stand-in does not know."""
    return match(_TABLE, method, path)


def answer(route: Route, call: Call, authorization: str | None, etag: str | None) -> Answer:
    """What GitHub would answer, refusals included. The caller holds the lock."""
    try:
        return _counted(route, call, authorization, etag)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body, refusal.headers)


def _counted(route: Route, call: Call, authorization: str | None, etag: str | None) -> Answer:
    if route.app:
        call.gate.app(authorization)
        return _finished(route.handle(call), etag)
    call.token = call.gate.token(authorization)
    limit = call.gate.limit(call.token.installation, "core")
    free = route.path == "/rate_limit"
    if not free and not limit.spend(call.world.now()):
        return Answer(403, exceeded(call), limits(limit, "core"))
    try:
        done = _finished(_inside(route, call), etag)
    except Refusal as refusal:
        done = Answer(refusal.status, refusal.body, refusal.headers)
    if done.status == 304:
        # A conditional request that finds nothing new is free.
        limit.used -= 1
    return Answer(
        done.status,
        done.body,
        {**limits(limit, "core"), "x-accepted-github-permissions": accepted(route.needs), **done.headers},
    )


def exceeded(call: Call) -> dict[str, Any]:
    """What GitHub says over the primary limit."""
    assert call.token is not None
    return {"message": f"API rate limit exceeded for installation ID {call.token.installation.id}."}


def _inside(route: Route, call: Call) -> Any:
    """Answer for what the token reaches: other private repositories are not there for it."""
    assert call.token is not None
    if "repo" in call.names and "owner" in call.names:
        call.place, reached = look_up(call)
        if not reached and not (route.method == "GET" and not call.place.private):
            raise Refusal(403, "Resource not accessible by integration")
        if not reached:
            return route.handle(call)
    if not allowed(route, call.token):
        raise Refusal(403, "Resource not accessible by integration", headers={})
    return route.handle(call)


def look_up(call: Call) -> tuple[Repository, bool]:
    """The repository of a path, and whether the token reaches it; one that is public can be read all the same."""
    assert call.token is not None
    name = f"{call.names['owner']}/{call.names['repo']}".lower()
    found = call.world.find(name)
    moved = call.world.former.get(name) if found is None else None
    place = found or moved
    if place is None:
        raise Refusal(404, "Not Found")
    only = call.token.repositories
    reached = call.token.installation.covers(place) and (only is None or place.id in only)
    if not reached and place.private:
        raise Refusal(404, "Not Found")
    if moved is not None:
        rest_of_path = call.path.split("/", 4)[4:]
        there = "/".join([f"{call.world.url}/repositories/{moved.id}", *rest_of_path])
        raise Refusal(301 if call.method == "GET" else 307, "Moved Permanently", headers={"Location": there})
    if place.archived and call.method != "GET":
        raise Refusal(403, "Repository was archived so is read-only.")
    return place, reached


def _finished(given: Any, etag: str | None) -> Answer:
    """The answer, with its ETag: 304 and nothing else where the asker has it."""
    done = given if isinstance(given, Answer) else Answer(200, given)
    if done.status != 200:
        return done
    text = json.dumps([done.body, done.headers.get("Link")], sort_keys=True).encode()
    tag = f'W/"{hashlib.sha256(text).hexdigest()}"'
    headers = {**done.headers, "ETag": tag, "Cache-Control": "private, max-age=60, s-maxage=60"}
    return Answer(304, None, headers) if etag == tag else Answer(200, done.body, headers)


def limits(limit: Limit, resource: str) -> dict[str, str]:
    """The headers that say what is left of a limit."""
    return {
        "x-ratelimit-limit": str(limit.limit),
        "x-ratelimit-remaining": str(limit.remaining),
        "x-ratelimit-used": str(limit.used),
        "x-ratelimit-reset": str(int(limit.reset.timestamp())),
        "x-ratelimit-resource": resource,
    }


def common(now: datetime) -> Mapping[str, str]:
    """The headers of every answer."""
    return {
        "Date": format_datetime(now, usegmt=True),
        "Server": "github.com",
        "x-github-request-id": ":".join(secrets.token_hex(2).upper() for _ in range(5)),
        "x-github-media-type": "github.v3; format=json",
        "x-github-api-version-selected": "2022-11-28",
        "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP",
    }
