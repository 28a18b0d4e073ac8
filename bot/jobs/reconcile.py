"""Brings the list of installations to what GitHub says, and has the repositories of each read anew."""

from dataclasses import replace

from bot import events
from bot.events import Line
from bot.github import installed
from bot.store.installations import Installations


def reconcile(line: Line, known: Installations) -> None:
    """Remember the installations that there are, forget the others, and put a survey for each. Raises RetryLater or
    Refused; may be called again at any time."""
    found = list(installed.accounts(line.app))
    for one in found:
        known.remember(one.id, one.name, [])
        known.suspend(one.id, one.suspended)
    for id in set(known.ids()) - {one.id for one in found}:
        known.forget(id)
    hour = line.clock().isoformat(timespec="hours")
    for one in found:
        if not one.suspended:
            events.survey(replace(line, delivery=f"reconcile/{hour}"), one.id)
