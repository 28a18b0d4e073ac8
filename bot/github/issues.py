"""The app's own issues: found by label and creator, told apart by a marker that nobody sees."""

from collections.abc import Iterator
from typing import Any

from bot.github.client import Installation

LABEL = "pilot"
_PAGE = 100


def marker(kind: str, key: str) -> str:
    """What the body of an issue begins with, unseen, to say what it is about."""
    return f"<!-- pilotgate:{kind}:{key} -->"


def listed(installation: Installation, repository: str, state: str = "all") -> Iterator[dict[str, Any]]:
    """The issues of this app in a repository, the newest first. Raises RetryLater or Refused."""
    page = 1
    while True:
        asked = {"labels": LABEL, "state": state, "per_page": str(_PAGE), "page": str(page)}
        found = installation.get(f"/repos/{repository}/issues", asked)
        for one in found:
            app = one.get("performed_via_github_app") or {}
            if app.get("id") == installation.app.id and "pull_request" not in one:
                yield one
        if len(found) < _PAGE:
            return
        page += 1


def find(installation: Installation, repository: str, mark: str) -> dict[str, Any] | None:
    """The issue with a marker; an open one before a closed one."""
    found = [one for one in listed(installation, repository) if (one.get("body") or "").startswith(mark)]
    return min(found, key=lambda one: (one["state"] != "open", one["number"]), default=None)


def create(installation: Installation, repository: str, title: str, body: str) -> int:
    """Open an issue under the app's label; returns its number."""
    made = installation.send("POST", f"/repos/{repository}/issues", {"title": title, "body": body, "labels": [LABEL]})
    number: int = made["number"]
    return number
