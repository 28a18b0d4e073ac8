"""Where the app is installed, as GitHub says now: what webhooks tell of it may have been lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.github.client import App, Installation

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Account:
    """An installation, and the account that it is of."""

    id: int
    name: str
    suspended: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that the app is on, by its name of today."""

    id: int
    name: str
    archived: bool


def accounts(app: App) -> Iterator[Account]:
    """All installations. Raises RetryLater or Refused."""
    page = 1
    while True:
        found = app.get("/app/installations", {"per_page": str(_PAGE), "page": str(page)})
        for one in found:
            account = one.get("account") or {}
            name = account.get("login") or account.get("slug") or ""
            yield Account(one["id"], name, one.get("suspended_at") is not None)
        if len(found) < _PAGE:
            return
        page += 1


def repositories(installation: Installation) -> Iterator[Repository]:
    """The repositories of an installation. Raises RetryLater or Refused."""
    page = 1
    while True:
        asked = {"per_page": str(_PAGE), "page": str(page)}
        found: list[dict[str, Any]] = installation.get("/installation/repositories", asked)["repositories"]
        yield from (Repository(one["id"], one["full_name"], bool(one.get("archived"))) for one in found)
        if len(found) < _PAGE:
            return
        page += 1
