"""A repository has another name or owner or other topics, is archived or no longer, or is gone."""

from typing import Any

from bot.events import Event, Line, again

ACTIONS: frozenset[str] | None = frozenset({"renamed", "archived", "unarchived", "transferred", "deleted", "edited"})


class RepositoryEvent(Event):
    """The event."""

    action: str
    changes: dict[str, Any] | None = None


def parse(payload: dict[str, Any]) -> RepositoryEvent:
    """The event that a payload tells of."""
    return RepositoryEvent.model_validate(payload)


def handle(event: RepositoryEvent, line: Line) -> None:
    """Remember it. Whose installation a transferred one belongs to is told by `installation_repositories`."""
    repository = event.repository
    if event.action == "edited":
        again(line, line.memory.of(event.installation.id, repository.id) if (event.changes or {}).get("topics") else ())
    elif event.action == "deleted":
        line.store.drop([repository.id])
    elif event.action in ("archived", "unarchived"):
        line.store.archive(repository.id, event.action == "archived")
    else:
        line.store.rename(repository.id, repository.full_name)
