"""Somebody has reviewed a pull request, or their review was changed or dismissed: an approval may have come or gone."""

from typing import Any

from bot.events import Event, Line, Named
from bot.review import pull

ACTIONS: frozenset[str] | None = frozenset({"submitted", "edited", "dismissed"})


class PullRequestReview(Event):
    """The event."""

    action: str
    pull_request: Named


def parse(payload: dict[str, Any]) -> PullRequestReview:
    """The event that a payload tells of."""
    return PullRequestReview.model_validate(payload)


def handle(event: PullRequestReview, line: Line) -> None:
    """Review it."""
    installation = line.app.installation(event.installation.id)
    named, repository = event.pull_request, event.repository
    asked = pull.Asked(repository.full_name, named.number, ref=named.ref(repository.id))
    pull.review(installation, line.judging(), asked)
