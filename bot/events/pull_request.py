"""A pull request was opened, changed or reopened: its head gets its check run."""

from typing import Any

from bot.events import Event, Line, Number, Payload
from bot.review import pull

ACTIONS: frozenset[str] | None = frozenset({"opened", "synchronize", "reopened", "edited", "ready_for_review"})


class Changes(Payload):
    """What an edit has changed."""

    base: dict[str, Any] | None = None


class PullRequest(Event):
    """The event."""

    action: str
    number: Number
    changes: Changes | None = None


def parse(payload: dict[str, Any]) -> PullRequest:
    """The event that a payload tells of."""
    return PullRequest.model_validate(payload)


def handle(event: PullRequest, line: Line) -> None:
    """Review it, unless only its words were edited."""
    if event.action == "edited" and (event.changes is None or event.changes.base is None):
        return
    installation = line.app.installation(event.installation.id)
    asked = pull.Asked(event.repository.full_name, event.number)
    pull.review(installation, line.judging(), asked)
