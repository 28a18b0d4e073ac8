"""What a person may do in a repository, and what the app says to people there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from bot.errors import Refused
from bot.github.client import Installation
from bot.github.queries import document

_PAGE, _PAGES = 100, 20
_WRITERS = frozenset({"admin", "maintain", "write"})


def may_write(installation: Installation, repository: str, login: str) -> bool:
    """Whether a person may push to a repository."""
    return bool(_roles(installation, repository, login) & _WRITERS)


def administers(installation: Installation, repository: str, login: str) -> bool:
    """Whether a person is an administrator of a repository."""
    return "admin" in _roles(installation, repository, login)


def may_read(installation: Installation, repository: str, login: str) -> bool:
    """Whether a person may see a repository; of a public one, everybody may."""
    return not _roles(installation, repository, login) <= {"none", ""}


def _roles(installation: Installation, repository: str, login: str) -> set[str]:
    # `permission` tells what a role of the organisation's own amounts to, `role_name` what GitHub calls the others.
    try:
        found = installation.get(f"/repos/{repository}/collaborators/{quote(login, safe='')}/permission")
    except Refused as refused:
        if refused.status != 404:
            raise
        return set()  # nobody is called so any more
    return {str(found.get("permission") or ""), str(found.get("role_name") or "")}


def edit(installation: Installation, repository: str, comment: int, body: str) -> None:
    """Change a comment of the app's on an issue or a pull request."""
    installation.send("PATCH", f"/repos/{repository}/issues/comments/{comment}", {"body": body})


def minimise(installation: Installation, node: str) -> None:
    """Hide a comment of the app's as outdated; whoever wants to can still read it."""
    installation.change(document("minimise"), {"subject": node})


def react(installation: Installation, repository: str, comment: int, content: str) -> None:
    """React to somebody's comment; the same reaction twice is one."""
    installation.send("POST", f"/repos/{repository}/issues/comments/{comment}/reactions", {"content": content})


def own_since(installation: Installation, repository: str, number: int, since: datetime) -> Iterator[str]:
    """What the app has said on an issue or a pull request since a time, by GitHub's clock."""
    for page in range(1, _PAGES + 1):
        asked = {"since": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "per_page": str(_PAGE), "page": str(page)}
        found = installation.get(f"/repos/{repository}/issues/{number}/comments", asked)
        for one in found:
            if (one.get("performed_via_github_app") or {}).get("id") == installation.app.id:
                yield one.get("body") or ""
        if len(found) < _PAGE:
            return


def comment(installation: Installation, repository: str, number: int, body: str) -> None:
    """Comment on an issue or a pull request."""
    installation.send("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})
