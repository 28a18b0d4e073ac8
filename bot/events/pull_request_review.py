"""Somebody has reviewed a pull request, or their review was changed or dismissed: an approval may have come or gone."""

from typing import Any

from bot.events import Event, Line, Number, Payload
from bot.review import pull

ACTIONS: frozenset[str] | None = frozenset({"submitted", "edited", "dismissed"})


class Reviewed(Payload):
    """The pull request."""

    number: Number


class PullRequestReview(Event):
    """The event."""

    action: str
    pull_request: Reviewed


def parse(payload: dict[str, Any]) -> PullRequestReview:
    """The event that a payload tells of."""
    return PullRequestReview.model_validate(payload)


def handle(event: PullRequestReview, line: Line) -> None:
    """Review it."""
    installation = line.app.installation(event.installation.id)
    pull.review(installation, line.judging(), pull.Asked(event.repository.full_name, event.pull_request.number))
