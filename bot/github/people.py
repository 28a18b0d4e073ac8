"""What a person may do in a repository, and what the app says to people there."""

from urllib.parse import quote

from bot.github.client import Installation
from bot.github.queries import document

_WRITERS = frozenset({"admin", "maintain", "write"})


def may_write(installation: Installation, repository: str, login: str) -> bool:
    """Whether a person may push to a repository."""
    return bool(_roles(installation, repository, login) & _WRITERS)


def may_read(installation: Installation, repository: str, login: str) -> bool:
    """Whether a person may see a repository; of a public one, everybody may."""
    return not _roles(installation, repository, login) <= {"none", ""}


def _roles(installation: Installation, repository: str, login: str) -> set[str]:
    # `permission` tells what a role of the organisation's own amounts to, `role_name` what GitHub calls the others.
    found = installation.get(f"/repos/{repository}/collaborators/{quote(login, safe='')}/permission")
    return {str(found.get("permission") or ""), str(found.get("role_name") or "")}


def edit(installation: Installation, repository: str, comment: int, body: str) -> None:
    """Change a comment of the app's on an issue or a pull request."""
    installation.send("PATCH", f"/repos/{repository}/issues/comments/{comment}", {"body": body})


def minimise(installation: Installation, node: str) -> None:
    """Hide a comment of the app's as outdated; whoever wants to can still read it."""
    installation.change(document("minimise"), {"subject": node})


def comment(installation: Installation, repository: str, number: int, body: str) -> None:
    """Comment on an issue or a pull request."""
    installation.send("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})
