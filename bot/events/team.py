"""A team was made, renamed or deleted, or may do more or less: the pull requests that hang on it are judged anew."""

from typing import Any

from bot.events import Installation, Line, Payload, Repository, again
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
    repository: Repository | None = None


def parse(payload: dict[str, Any]) -> TeamEvent:
    """The event that a payload tells of."""
    return TeamEvent.model_validate(payload)


def handle(event: TeamEvent, line: Line) -> None:
    """Put one delivery for each; where GitHub names a repository, what the team may do has changed there alone."""
    found = line.memory.hanging(event.installation.id, {f"@{event.organization.login}/{event.team.slug}"})
    here = event.repository.id if event.repository else None
    again(line, [one for one in found if here in (None, one.repository)])
