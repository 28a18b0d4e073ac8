"""A team was made, renamed or deleted, or may do more or less: the pull requests that hang on it are judged anew."""

from typing import Any

from bot.events import Installation, Line, Payload, again
from bot.events.membership import Organization, Team

ACTIONS: frozenset[str] | None = frozenset(
    {"created", "edited", "deleted", "added_to_repository", "removed_from_repository"}
)


class TeamEvent(Payload):
    """The event."""

    action: str
    installation: Installation
    organization: Organization
    team: Team


def parse(payload: dict[str, Any]) -> TeamEvent:
    """The event that a payload tells of."""
    return TeamEvent.model_validate(payload)


def handle(event: TeamEvent, line: Line) -> None:
    """Put one delivery for each."""
    again(line, line.memory.hanging(event.installation.id, {f"@{event.organization.login}/{event.team.slug}"}))
