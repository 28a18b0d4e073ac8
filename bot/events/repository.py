"""A repository has another name or owner, is archived or no longer, or is gone."""

from typing import Any

from bot.events import Event, Line

ACTIONS: frozenset[str] | None = frozenset({"renamed", "archived", "unarchived", "transferred", "deleted"})


class RepositoryEvent(Event):
    """The event."""

    action: str


def parse(payload: dict[str, Any]) -> RepositoryEvent:
    """The event that a payload tells of."""
    return RepositoryEvent.model_validate(payload)


def handle(event: RepositoryEvent, line: Line) -> None:
    """Remember it. Whose installation a transferred one belongs to is told by `installation_repositories`."""
    repository = event.repository
    if event.action == "deleted":
        line.store.drop([repository.id])
    elif event.action in ("archived", "unarchived"):
        line.store.archive(repository.id, event.action == "archived")
    else:
        line.store.rename(repository.id, repository.full_name)
