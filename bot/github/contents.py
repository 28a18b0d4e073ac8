"""Files that the app writes: branches, commits and pull requests of its own."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from urllib.parse import quote

from bot.errors import Refused
from bot.github.client import Installation


@dataclass(frozen=True, slots=True)
class File:
    """A file as it stands on a branch or commit: its blob's id and its bytes."""

    sha: str
    data: bytes


def read(installation: Installation, repository: str, path: str, ref: str | None = None) -> File | None:
    """A file at a branch or commit, the default branch where none is named; empty where something else stands there,
    None where there is nothing.

    Raises RetryLater or Refused.
    """
    try:
        found = installation.get(f"/repos/{repository}/contents/{quote(path)}", {"ref": ref} if ref else None)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise
    if not isinstance(found, dict) or "content" not in found:
        # A folder is a list of what is in it; a submodule has nothing to show.
        return File("", b"")
    return File(found["sha"], b64decode(found["content"]))


def branch(installation: Installation, repository: str, name: str, commit: str) -> bool:
    """Make a branch at a commit; False where there is one of that name. Raises RetryLater or Refused."""
    try:
        installation.send("POST", f"/repos/{repository}/git/refs", {"ref": f"refs/heads/{name}", "sha": commit})
    except Refused as refused:
        if refused.status != 422:
            raise
        return False
    return True


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit that was made, and those that it stands upon."""

    sha: str
    parents: frozenset[str]


def write(
    installation: Installation, repository: str, on: str, message: str, file: tuple[str, bytes, str | None]
) -> Committed | None:
    """Commit a file (path, bytes, the id of the blob that it replaces) to a branch; returns the commit.

    None where another blob stands there by now. Raises RetryLater or Refused.
    """
    path, data, replaces = file
    body = {"message": message, "content": b64encode(data).decode(), "branch": on}
    body |= {"sha": replaces} if replaces else {}
    try:
        made = installation.send("PUT", f"/repos/{repository}/contents/{quote(path)}", body)
    except Refused as refused:
        if refused.status != 409:
            raise
        return None
    return Committed(made["commit"]["sha"], frozenset(one["sha"] for one in made["commit"].get("parents") or ()))


def propose(installation: Installation, repository: str, head: str, base: str, words: tuple[str, str]) -> int | None:
    """Open a pull request (title and body) from a branch into another, unless there is or was one; returns its number.

    None where there is none and none can be opened. Raises RetryLater or Refused.
    """
    title, body = words
    asked = {"title": title, "body": body, "head": head, "base": base}
    try:
        made = installation.send("POST", f"/repos/{repository}/pulls", asked)
    except Refused as refused:
        if refused.status != 422:
            raise
        owner = repository.partition("/")[0]
        known = installation.get(f"/repos/{repository}/pulls", {"head": f"{owner}:{head}", "state": "all"})
        if not known:
            return None
        made = known[0]
    number: int = made["number"]
    return number
