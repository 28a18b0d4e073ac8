"""A repository has other custom properties, by which an organisation may ask for a policy: its pull requests are judged
anew, and its default branch is looked at."""

from typing import Any

from bot.events import Event, Line, again, look

ACTIONS: frozenset[str] | None = frozenset({"updated"})


class CustomPropertyValues(Event):
    """The event."""

    action: str


def parse(payload: dict[str, Any]) -> CustomPropertyValues:
    """The event that a payload tells of."""
    return CustomPropertyValues.model_validate(payload)


def handle(event: CustomPropertyValues, line: Line) -> None:
    """Put one delivery for each."""
    again(line, line.memory.of(event.installation.id, event.repository.id))
    look(line, event.installation.id, {event.repository.id: event.repository.full_name})
