"""An account has installed the app, removed it, suspended it or lets it work again."""

from itertools import groupby, islice
from typing import Annotated, Any

from pydantic import Field

from bot import reminders
from bot.events import Id, Line, Payload, Repository, look, survey
from bot.github import installed
from bot.store.deliveries import ANEW

ACTIONS: frozenset[str] | None = frozenset(
    {"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"},
)


_PAGE = 100
"""So many repositories are read in one request."""


class Account(Payload):
    """The account: an organisation or a person has a login, an enterprise a slug."""

    login: Annotated[str, Field(max_length=200)] | None = None
    slug: Annotated[str, Field(max_length=200)] | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.login or self.slug or ""


class Installed(Payload):
    """The installation, with the account that it is of."""

    id: Id
    account: Account | None = None

    @property
    def owner(self) -> str:
        """The account's name, empty where the payload does not tell."""
        return self.account.name if self.account else ""


class InstallationEvent(Payload):
    """The event."""

    action: str
    installation: Installed
    repositories: list[Repository] | None = None


def parse(payload: dict[str, Any]) -> InstallationEvent:
    """The event that a payload tells of."""
    return InstallationEvent.model_validate(payload)


def handle(event: InstallationEvent, line: Line) -> None:
    """Remember it, and read what its repositories have."""
    installation = event.installation
    if event.action == ANEW:
        _read(line, installation.id)
        return
    if event.action == "deleted":
        line.store.forget(installation.id)
        return
    added = [(one.id, one.full_name) for one in event.repositories or ()]
    line.store.remember(installation.id, installation.owner, added)
    if event.action in ("suspend", "unsuspend"):
        line.store.suspend(installation.id, event.action == "suspend")
    if event.action != "suspend":
        survey(line, installation.id)


def _read(line: Line, id: int) -> None:
    """Read every repository of an installation, and have those looked at in which something is due."""
    installation = line.app.installation(id)
    known = _corrected(line, id)
    # What was transferred a moment ago may have another owner.
    for _, names in groupby(sorted(known.values()), key=lambda name: name.partition("/")[0]):
        found = reminders.survey(installation, line.desk(), list(names))
        # As they come: what has been read is not read again where GitHub takes no more for a while.
        while some := list(islice(found, _PAGE)):
            look(line, id, {repository: known[repository] for repository in some if repository in known})


def _corrected(line: Line, id: int) -> dict[int, str]:
    """The repositories of an installation, by id, once what is remembered of them is what GitHub says."""
    before, found = line.store.known(id), list(installed.repositories(line.app.installation(id)))
    account = found[0].name.partition("/")[0] if found else ""
    if found:
        line.store.remember(id, account, [(one.id, one.name) for one in found if before.get(one.id) != one.name])
    active = set(line.store.names(id))
    for one in found:
        if one.archived == (one.name in active):
            line.store.archive(one.id, one.archived)
    gone = before.keys() - {one.id for one in found}
    line.store.drop(gone)
    return {one.id: one.name for one in found if not one.archived}
