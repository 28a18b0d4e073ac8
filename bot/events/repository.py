"""A repository has another name or owner or other topics, is archived or no longer, or is gone."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot import reminders
from bot.events import Event, Line, again, look
from bot.store.deliveries import ANEW

ACTIONS: frozenset[str] | None = frozenset({"renamed", "archived", "unarchived", "transferred", "deleted", "edited"})


class RepositoryEvent(Event):
    """The event, or a look that was put for the repository (`bot.events.Look`)."""

    action: str
    changes: dict[str, Any] | None = None
    today: date | None = None
    pushed: bool = False


def parse(payload: dict[str, Any]) -> RepositoryEvent:
    """The event that a payload tells of."""
    return RepositoryEvent.model_validate(payload)


def handle(event: RepositoryEvent, line: Line) -> None:
    """Remember it, and look at its dates where they may be others now, or may be acted on again.

    Whose installation a transferred one belongs to is told by `installation_repositories`.
    """
    repository, installation = event.repository, event.installation.id
    if event.action == ANEW:
        line = line if event.today is None else replace(line, today=event.today)
        about = (repository.id, repository.full_name, event.pushed)
        reminders.look(line.app.installation(installation), line.desk(), *about)
    elif event.action == "edited":
        if (event.changes or {}).get("topics"):
            again(line, line.memory.of(installation, repository.id))
            look(line, installation, {repository.id: repository.full_name})
    elif event.action == "deleted":
        line.store.drop([repository.id])
    elif event.action in ("archived", "unarchived"):
        line.store.archive(repository.id, event.action == "archived")
        if event.action == "unarchived":
            look(line, installation, {repository.id: repository.full_name})
    else:
        line.store.rename(repository.id, repository.full_name)
