"""Somebody has left an organisation, and with it every team of it: what hangs on them is judged anew."""

from typing import Any

from bot.events import Installation, Line, Payload, Sender, again
from bot.events.membership import Organization

ACTIONS: frozenset[str] | None = frozenset({"member_added", "member_removed", "renamed"})


class Membership(Payload):
    """Who it was."""

    user: Sender


class OrganizationEvent(Payload):
    """The event."""

    action: str
    installation: Installation
    organization: Organization
    membership: Membership | None = None


def parse(payload: dict[str, Any]) -> OrganizationEvent:
    """The event that a payload tells of."""
    return OrganizationEvent.model_validate(payload)


def handle(event: OrganizationEvent, line: Line) -> None:
    """Put one delivery for each pull request that names them, or a team that they may have been in."""
    user = event.membership.user.login if event.membership else None
    again(line, line.memory.hanging_on_anyone(event.installation.id, event.organization.login, user))
