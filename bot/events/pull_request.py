"""A pull request was opened, changed, labelled or closed: its head gets its check run."""

from typing import Any

from bot.events import Event, Line, Named, Number, Payload, Sender
from bot.gather.pull import EMERGENCY
from bot.review import pull
from bot.store.deliveries import ANEW

ACTIONS: frozenset[str] | None = frozenset(
    {"opened", "synchronize", "reopened", "edited", "ready_for_review", "labeled", "unlabeled", "closed"}
)

_PUSHED = ("opened", "synchronize")


class Changes(Payload):
    """What an edit has changed."""

    base: dict[str, Any] | None = None


class Label(Payload):
    """The label that was put on or taken off."""

    name: str


class PullRequest(Event):
    """The event."""

    action: str
    number: Number
    changes: Changes | None = None
    label: Label | None = None
    sender: Sender | None = None
    pull_request: Named | None = None

    @property
    def matters(self) -> bool:
        """Whether the answer may be another now: an edit of the words or another label changes nothing."""
        if self.action == "edited":
            return self.changes is not None and self.changes.base is not None
        return self.label is None or self.label.name.lower() == EMERGENCY


def parse(payload: dict[str, Any]) -> PullRequest:
    """The event that a payload tells of."""
    return PullRequest.model_validate(payload)


def handle(event: PullRequest, line: Line) -> None:
    """Review it, and remember who has pushed to it: that one has a hand in it, whatever its commits say."""
    if event.action in _PUSHED and event.sender is not None:
        line.memory.add_hand(event.repository.id, event.number, event.sender.login)
    if event.action == "closed":
        line.memory.forget(event.repository.id, event.number)
    elif event.matters:
        installation = line.app.installation(event.installation.id)
        ref = event.pull_request.ref(event.repository.id) if event.pull_request else None
        asked = pull.Asked(event.repository.full_name, event.number, ref=ref, anew=event.action == ANEW)
        pull.review(installation, line.judging(), asked)
