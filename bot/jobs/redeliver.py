"""Webhooks that never arrived: GitHub, which sends none again by itself, is asked to, once for each."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import Refused
from bot.github.client import App
from bot.store.cursors import Cursors

_NAME = "deliveries"
_KEPT = timedelta(days=3)
"""How long GitHub can send a delivery again."""
_UNHEARD = frozenset({0, 502, 503, 504})
"""What GitHub says of a delivery where nobody has answered, or nobody who could keep it."""
_LOOKS = 15
log = structlog.get_logger()


def redeliver(app: App, cursors: Cursors, now: datetime, pause: Callable[[float], None] = time.sleep) -> int:
    """Ask for each delivery that has failed since the last time; returns how many. Raises RetryLater or Refused.

    As long as GitHub finds nobody who takes deliveries, only the last one is asked for, so that no other is asked for
    in vain. Broken off at any point, it goes on from there the next time.
    """
    seen, asked = cursors.get(_NAME), set[str]()
    recent = list(_recent(app, seen, now))
    if recent and _unheard(recent[0]):
        if _fails(app, recent[0], pause):
            log.warning("lost webhooks wait", deliveries=len(recent), reason="GitHub does not reach this server")
            return 1
        asked.add(recent[0]["guid"])
        recent = list(_recent(app, seen, now))
    arrived = {one["guid"] for one in recent if _ok(one)}
    for one in reversed(recent):
        if not (_ok(one) or one.get("redelivery") or one["guid"] in arrived | asked):
            asked.add(one["guid"])
            _ask(app, one)
        cursors.set(_NAME, one["id"])
    if asked:
        log.info("asked again for lost webhooks", deliveries=len(asked))
    return len(asked)


def _fails(app: App, lost: dict[str, Any], pause: Callable[[float], None]) -> bool:
    """Ask for a delivery; whether GitHub says, within the time that it waits itself, that nobody has taken it."""
    _ask(app, lost)
    for _ in range(_LOOKS):
        pause(1)
        page, _ = app.page("/app/hook/deliveries", {"per_page": "100"})
        tried = next((one for one in page if one["guid"] == lost["guid"] and one["id"] > lost["id"]), None)
        if tried is not None:
            return _unheard(tried)
    return False


def _ask(app: App, one: dict[str, Any]) -> None:
    try:
        app.post(f"/app/hook/deliveries/{one['id']}/attempts", {})
    except Refused as refused:
        # GitHub may have forgotten this one; the others are still to be had.
        log.warning("a lost webhook is gone", delivery=one["guid"], reason=refused.reason)


def _recent(app: App, seen: int | None, now: datetime) -> Iterator[dict[str, Any]]:
    """The attempts that were made since the last time, the latest first."""
    asked = {"per_page": "100"}
    while True:
        page, cursor = app.page("/app/hook/deliveries", asked)
        for one in page:
            if (seen is not None and one["id"] <= seen) or now - datetime.fromisoformat(one["delivered_at"]) > _KEPT:
                return
            yield one
        if cursor is None:
            return
        asked["cursor"] = cursor


def _unheard(one: dict[str, Any]) -> bool:
    return int(one.get("status_code") or 0) in _UNHEARD


def _ok(one: dict[str, Any]) -> bool:
    return 200 <= int(one.get("status_code") or 0) < 300
