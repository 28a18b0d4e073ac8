"""A status was set on a commit: what hangs on it is judged anew."""

from typing import Any

from bot.events import Event, Line, Sha, again

ACTIONS: frozenset[str] | None = None


class Status(Event):
    """The event."""

    sha: Sha
    context: str


def parse(payload: dict[str, Any]) -> Status:
    """The event that a payload tells of."""
    return Status.model_validate(payload)


def handle(event: Status, line: Line) -> None:
    """Put one delivery for each pull request that asks for this status."""
    again(line, line.memory.hanging(event.installation.id, {f"check:{event.context}"}, event.sha))
