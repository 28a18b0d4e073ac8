"""The app's own issues: found by label and creator, told apart by a marker that nobody sees."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.github.client import Installation

LABEL = "pilot"
_PAGE = 100
_GONE = (404, 410)


def marker(kind: str, key: str) -> str:
    """What the body of an issue begins with, unseen, to say what it is about."""
    return f"<!-- pilotgate:{kind}:{key} -->"


def listed(installation: Installation, repository: str, state: str = "all") -> Iterator[dict[str, Any]]:
    """The issues of this app in a repository, the newest first. Raises RetryLater or Refused."""
    for one in _paged(installation, f"/repos/{repository}/issues", {"labels": LABEL, "state": state}):
        app = one.get("performed_via_github_app") or {}
        if app.get("id") == installation.app.id and "pull_request" not in one:
            yield one


def find(installation: Installation, repository: str, mark: str) -> dict[str, Any] | None:
    """The issue with a marker; an open one before a closed one."""
    return among(listed(installation, repository), mark)


def among(issues: Iterable[dict[str, Any]], mark: str) -> dict[str, Any] | None:
    """The same of issues that were listed before."""
    found = [one for one in issues if (one.get("body") or "").startswith(mark)]
    return min(found, key=lambda one: (one["state"] != "open", one["number"]), default=None)


def create(installation: Installation, repository: str, title: str, body: str) -> int:
    """Open an issue under the app's label; returns its number."""
    made = installation.send("POST", f"/repos/{repository}/issues", {"title": title, "body": body, "labels": [LABEL]})
    number: int = made["number"]
    return number


@dataclass(frozen=True, slots=True)
class Place:
    """An issue, by the repository (`owner/name`) that it was opened in and its number there."""

    repository: str
    number: int

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/repos/{self.repository}/issues/{self.number}"


def is_open(installation: Installation, place: Place) -> bool | None:
    """Whether an issue is open; None where it is gone, or has moved to another repository."""
    try:
        found = installation.get(place.path)
    except Refused as refused:
        if refused.status not in _GONE:
            raise
        return None
    # GitHub leads from an issue that was transferred to where it is now.
    here = str(found.get("repository_url") or "").lower().endswith(f"/repos/{place.repository.lower()}")
    return found["state"] == "open" if here and found["number"] == place.number else None


def edit(installation: Installation, place: Place, body: str) -> None:
    """Give an issue other words; its title stays as people may have changed it."""
    installation.send("PATCH", place.path, {"body": body})


def close(installation: Installation, place: Place, completed: bool) -> None:
    """Close an issue, as completed or as not planned."""
    reason = "completed" if completed else "not_planned"
    installation.send("PATCH", place.path, {"state": "closed", "state_reason": reason})


def reopen(installation: Installation, place: Place) -> None:
    """Open an issue again."""
    installation.send("PATCH", place.path, {"state": "open"})


def assign(installation: Installation, place: Place, logins: Sequence[str]) -> None:
    """Assign people as well; whoever can't be assigned is left out by GitHub."""
    if logins:
        installation.send("POST", f"{place.path}/assignees", {"assignees": list(logins)[:_MOST]})


_MOST = 10
"""As many assignees as an issue can have."""


def has_comment(installation: Installation, place: Place, mark: str) -> bool:
    """Whether the app has left a comment with this mark at its end: within it, it may be what somebody has said."""
    return any(
        (one.get("body") or "").rstrip().endswith(mark)
        and (one.get("performed_via_github_app") or {}).get("id") == installation.app.id
        for one in _paged(installation, f"{place.path}/comments", {})
    )


def _paged(installation: Installation, path: str, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        found = installation.get(path, {**asked, "per_page": str(_PAGE), "page": str(page)})
        yield from found
        if len(found) < _PAGE:
            return
        page += 1
