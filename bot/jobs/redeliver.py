"""Webhooks that never arrived: GitHub, which sends none again by itself, is asked to, once for each."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import Refused
from bot.github.client import App
from bot.store.cursors import Cursors

_NAME = "deliveries"
_KEPT = timedelta(days=3)
"""How long GitHub can send a delivery again."""
log = structlog.get_logger()


def redeliver(app: App, cursors: Cursors, now: datetime) -> int:
    """Ask for each delivery that has failed since the last time; returns how many. Raises RetryLater or Refused.

    Broken off at any point, it goes on from there the next time.
    """
    recent = list(_recent(app, cursors.get(_NAME), now))
    arrived = {one["guid"] for one in recent if _ok(one)}
    asked: set[str] = set()
    for one in reversed(recent):
        if not (_ok(one) or one.get("redelivery") or one["guid"] in arrived | asked):
            asked.add(one["guid"])
            _ask(app, one)
        cursors.set(_NAME, one["id"])
    if asked:
        log.info("asked again for lost webhooks", deliveries=len(asked))
    return len(asked)


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


def _ok(one: dict[str, Any]) -> bool:
    return 200 <= int(one.get("status_code") or 0) < 300
