"""Who has pushed what: commits may name anybody, this is what GitHub has seen."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import accounts
from bot.demo.github.state import Activity, stamp

_PERIODS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_KINDS = ("push", "force_push", "branch_creation", "branch_deletion", "pr_merge", "merge_queue_merge")
_ZERO = "0" * 40


@route("GET", "/repos/{owner}/{repo}/activity", "contents:read")
def list_activity(call: Call) -> Answer:
    """What has moved branches, the newest first; pages go by a cursor and have no numbers."""
    found = _filtered(call)
    size = min(int(call.query["per_page"]), 100) if call.query.get("per_page", "").isdecimal() else 30
    size = max(1, size)
    places = {str(one.id): place for place, one in enumerate(found)}
    start = places.get(call.query.get("after", ""), -1) + 1
    if "before" in call.query:
        start = max(0, places.get(call.query["before"], 0) - size)
    listed = found[start : start + size]
    links = []
    if start + size < len(found):
        links.append(f'<{_address(call, "after", listed[-1])}>; rel="next"')
    if start > 0 and listed:
        links.append(f'<{_address(call, "before", listed[0])}>; rel="prev"')
    headers = {"Link": ", ".join(links)} if links else {}
    return Answer(200, [_shape(call, one) for one in listed], headers)


def _filtered(call: Call) -> list[Activity]:
    query = call.query
    kind, period, direction = query.get("activity_type"), query.get("time_period"), query.get("direction", "desc")
    if kind not in (None, *_KINDS) or period not in (None, *_PERIODS) or direction not in ("asc", "desc"):
        raise Refusal(422, "Validation Failed")
    branch = query["ref"].removeprefix("refs/heads/") if "ref" in query else None
    actor = query.get("actor", "").lower()
    since = call.world.now() - timedelta(days=_PERIODS[period]) if period else None
    found = [
        one
        for one in call.repository.activity
        if branch in (None, one.branch)
        and actor in ("", one.actor.login.lower())
        and kind in (None, one.kind)
        and (since is None or one.made >= since)
    ]
    return found[::-1] if direction == "desc" else found


def _address(call: Call, way: str, one: Activity) -> str:
    query = {key: value for key, value in call.query.items() if key not in ("after", "before")}
    return f"{call.world.url}{call.path}?{urlencode({**query, way: str(one.id)})}"


def _shape(call: Call, one: Activity) -> dict[str, Any]:
    return {
        "id": one.id,
        "node_id": one.node_id,
        "before": one.before or _ZERO,
        "after": one.after or _ZERO,
        "ref": f"refs/heads/{one.branch}",
        "timestamp": stamp(one.made),
        "activity_type": one.kind,
        "actor": accounts.user(call.world, one.actor),
    }
