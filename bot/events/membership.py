"""Somebody has joined or left a team: the pull requests whose answer hangs on that team are judged anew."""

from typing import Any

from bot.events import Installation, Line, Payload, Sender, again

ACTIONS: frozenset[str] | None = frozenset({"added", "removed"})


class Team(Payload):
    """The team."""

    slug: str


class Organization(Payload):
    """The organisation."""

    login: str


class Membership(Payload):
    """The event."""

    action: str
    installation: Installation
    organization: Organization
    team: Team
    member: Sender


def parse(payload: dict[str, Any]) -> Membership:
    """The event that a payload tells of."""
    return Membership.model_validate(payload)


def handle(event: Membership, line: Line) -> None:
    """Put one delivery for each."""
    named = {f"@{event.organization.login}/{event.team.slug}", f"@{event.member.login}"}
    again(line, line.memory.hanging(event.installation.id, named))
