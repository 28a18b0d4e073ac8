"""Commits, folders and files."""

import posixpath
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.demo.github.graphql.fields import Info, as_user, asker, connection, field, may, named, ordered, plain, reaches
from bot.demo.github.objects import Commit, Entry
from bot.demo.github.rest.pulls import containing
from bot.demo.github.state import Account, Repository

_BINARY, _TRUNCATED = 8000, 512_000


@dataclass(frozen=True, slots=True)
class At:
    """An object of git in its repository."""

    repository: Repository
    sha: str

    @property
    def node_id(self) -> str:
        """Its id."""
        return f"{type(self).__name__[0]}_{self.repository.id}_{self.sha}"


class CommitAt(At):
    """A commit."""

    __slots__ = ()

    @property
    def commit(self) -> Commit:
        """What it says."""
        return self.repository.git.commit(self.sha)


class TreeAt(At):
    """A folder."""

    __slots__ = ()


class BlobAt(At):
    """A file's content."""

    __slots__ = ()

    @property
    def data(self) -> bytes:
        """The content."""
        return self.repository.git.blob(self.sha)

    @property
    def binary(self) -> bool:
        """Whether git takes it for one that is no text."""
        return b"\0" in self.data[:_BINARY]


@dataclass(frozen=True, slots=True)
class EntryAt:
    """What stands at a path."""

    repository: Repository
    path: str
    entry: Entry


named(CommitAt, "Commit")
named(TreeAt, "Tree")
named(BlobAt, "Blob")


def found_object(repository: Repository, sha: str) -> At | None:
    """The object of an id; None for one that is not there."""
    kind = repository.git.kind(sha)
    made = {"commit": CommitAt, "tree": TreeAt, "blob": BlobAt}.get(kind or "")
    return made(repository, sha) if made else None


for _type in ("Commit", "Tree", "Blob"):
    plain(_type, oid=lambda one: one.sha, abbreviatedOid=lambda one: one.sha[:7])

plain(
    "Commit",
    message=lambda one: one.commit.message,
    messageHeadline=lambda one: one.commit.message.split("\n")[0],
    authoredDate=lambda one: one.commit.author[2],
    committedDate=lambda one: one.commit.committer[2],
    author=lambda one: one.commit.author,
    committer=lambda one: one.commit.committer,
    tree=lambda one: TreeAt(one.repository, one.commit.tree),
)
plain("GitActor", name=lambda one: one[0], email=lambda one: one[1], date=lambda one: one[2])
_TRAILER = re.compile(r"^co-authored-by:[ \t]*([^<>\n]*?)[ \t]*<([^<>\s]+)>[ \t]*$", re.IGNORECASE | re.MULTILINE)


@field("GitActor", "user")
def user(value: tuple[str, str, str], info: Info) -> Account | None:
    """The account of the address, which git lets anybody write. Bots are passed off as users here."""
    found = asker(info).world.of_address(value[1])
    return as_user(found) if found is not None else None


@field("Commit", "authors")
def authors(value: CommitAt, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its author, and those whom its message names besides."""
    first = value.commit.author
    others = [(name, address, first[2]) for name, address in _TRAILER.findall(value.commit.message)]
    found: dict[str, tuple[str, str, str]] = {}
    for one in (first, *others):
        found.setdefault(one[1].lower(), one)
    return connection(list(found.values()), **arguments)


@field("Commit", "url")
def url(value: CommitAt, info: Info) -> str:
    """Its page."""
    return f"{asker(info).world.url}/{value.repository.full_name}/commit/{value.sha}"


@field("Commit", "parents")
def parents(value: CommitAt, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its parents."""
    return connection([CommitAt(value.repository, one) for one in value.commit.parents], **arguments)


@field("Commit", "history")
def history(
    value: CommitAt, info: Info, path: str | None = None, until: str | None = None, **arguments: Any
) -> dict[str, Any]:
    """What led to it, the newest first; with `path`, the commits that changed what stands there."""
    may(asker(info), value.repository, "contents")
    git = value.repository.git
    narrowed = ["--", path] if path else []
    found = git.run("rev-list", value.sha, *narrowed).decode().split() if path else git.history(value.sha)
    if until is not None:
        last = datetime.fromisoformat(until)
        found = [one for one in found if datetime.fromisoformat(git.commit(one).committer[2]) <= last]
    return connection([CommitAt(value.repository, one) for one in found], **arguments)


@field("Commit", "file")
def file(value: CommitAt, info: Info, path: str) -> EntryAt | None:
    """What stands at a path; a link on the way there leads nowhere."""
    may(asker(info), value.repository, "contents")
    found = value.repository.git.entry(value.sha, path)
    return EntryAt(value.repository, path.strip("/"), found) if found is not None and found.name else None


@field("Commit", "associatedPullRequests")
def pulls(value: CommitAt, info: Info, **arguments: Any) -> dict[str, Any]:
    """The pull requests that it is in: those of its repository, and those into others that may be seen."""
    who = asker(info)
    may(who, value.repository, "pull_requests")
    places = [one for one in who.world.network(value.repository) if not one.private or reaches(who, one)]
    found = [
        pull
        for place in sorted(places, key=lambda one: one is not value.repository)
        for pull in (containing(place, value.sha) if place.git.kind(value.sha) else [])
    ]
    return connection(ordered(found, arguments.get("orderBy")), **arguments)


plain(
    "Blob",
    byteSize=lambda one: len(one.data),
    isBinary=lambda one: one.binary,
    isTruncated=lambda one: len(one.data) > _TRUNCATED,
    text=lambda one: None if one.binary else one.data[:_TRUNCATED].decode(errors="replace"),
)


@field("Tree", "entries")
def entries(value: TreeAt, _: Info) -> list[EntryAt]:
    """What stands in a folder."""
    return [EntryAt(value.repository, name, one) for name, one in value.repository.git.tree(value.sha).items()]


plain(
    "TreeEntry",
    name=lambda one: one.entry.name,
    path=lambda one: one.path,
    mode=lambda one: int(one.entry.mode, 8),
    type=lambda one: one.entry.type,
    oid=lambda one: one.entry.sha,
    extension=lambda one: posixpath.splitext(one.entry.name)[1],
    size=lambda one: len(one.repository.git.blob(one.entry.sha)) if one.entry.type == "blob" else 0,
    # A submodule's commit stands in another repository.
    object=lambda one: None if one.entry.type == "commit" else found_object(one.repository, one.entry.sha),
)
