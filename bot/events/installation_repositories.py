"""The app was put on repositories of an account, or taken from them."""

from typing import Any

from bot.events import Id, Line, Payload, Repository, survey
from bot.events.installation import Installed

ACTIONS: frozenset[str] | None = frozenset({"added", "removed"})


class Removed(Payload):
    """A repository that may be gone by now."""

    id: Id


class InstallationRepositories(Payload):
    """The event."""

    action: str
    installation: Installed
    repositories_added: list[Repository] | None = None
    repositories_removed: list[Removed] | None = None


def parse(payload: dict[str, Any]) -> InstallationRepositories:
    """The event that a payload tells of."""
    return InstallationRepositories.model_validate(payload)


def handle(event: InstallationRepositories, line: Line) -> None:
    """Remember which the app is on, and read what those have that are new."""
    added = [(one.id, one.full_name) for one in event.repositories_added or ()]
    line.store.remember(event.installation.id, event.installation.owner, added)
    # One that was transferred may be known as another installation's by now.
    known = line.store.known(event.installation.id)
    removed = [one.id for one in event.repositories_removed or () if one.id in known]
    line.store.drop(removed)
    if added:
        survey(line, event.installation.id)
