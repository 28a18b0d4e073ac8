"""Somebody may do more or less in a repository: its pull requests that name them are judged anew."""

from typing import Any

from bot.events import Event, Line, Sender, again

ACTIONS: frozenset[str] | None = frozenset({"added", "edited", "removed"})


class Member(Event):
    """The event."""

    action: str
    member: Sender


def parse(payload: dict[str, Any]) -> Member:
    """The event that a payload tells of."""
    return Member.model_validate(payload)


def handle(event: Member, line: Line) -> None:
    """Put one delivery for each; teams count as well, since what a team may do is told by what its people may."""
    again(line, line.memory.of(event.installation.id, event.repository.id))
