"""The objects of git as values: what is read from them, and what makes new ones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

_FILE, LINK, FOLDER, SUBMODULE = "100644", "120000", "40000", "160000"

Content = bytes | str | None
"""A file's content; None takes the file away. `Link` and `Executable` are contents of another mode."""


class Link(str):
    """A symbolic link, by what it points to."""

    __slots__ = ()


class Executable(bytes):
    """A file that may be run."""

    __slots__ = ()


class Submodule(str):
    """Another repository, by its commit."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `author` and `committer` are name, address and date."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: tuple[str, str, str]
    committer: tuple[str, str, str]
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path. `mode` is as git writes it, in octal."""

    name: str
    mode: str
    sha: str

    @property
    def type(self) -> str:
        """`blob`, `tree` or `commit`."""
        return {FOLDER: "tree", SUBMODULE: "commit"}.get(self.mode, "blob")


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a diff is about; `patch` is None for one that git takes for binary."""

    path: str
    status: str
    sha: str
    added: int
    deleted: int
    patch: str | None
    previous: str | None = None


def content(given: bytes | str) -> tuple[str, bytes]:
    """The mode and the bytes of what somebody puts at a path."""
    mode = LINK if isinstance(given, Link) else "100755" if isinstance(given, Executable) else _FILE
    return mode, given.encode() if isinstance(given, str) else bytes(given)


def tree_bytes(entries: Iterable[Entry]) -> bytes:
    """A tree object, in the order that git wants: a folder as if its name ended in a slash."""
    ordered = sorted(entries, key=lambda one: _raw(one.name) + (b"/" if one.mode == FOLDER else b""))
    return b"".join(one.mode.encode() + b" " + _raw(one.name) + b"\0" + bytes.fromhex(one.sha) for one in ordered)


@dataclass(frozen=True, slots=True)
class By:
    """Who made a commit, as names and addresses: its author, and who put it there if that is somebody else."""

    author: tuple[str, str]
    committer: tuple[str, str] | None = None


def commit_bytes(tree: str, parents: Iterable[str], message: str, by: By, when: datetime) -> bytes:
    """A commit object."""
    author, committer = (
        f"{one[0]} <{one[1]}> {int(when.timestamp())} +0000" for one in (by.author, by.committer or by.author)
    )
    above = [f"tree {tree}", *(f"parent {one}" for one in parents)]
    lines = [*above, f"author {author}", f"committer {committer}", "", message]
    return "\n".join(lines).encode() + b"\n"


def _raw(name: str) -> bytes:
    return name.encode("utf-8", errors="surrogateescape")


@lru_cache(maxsize=4096)
def parse_commit(sha: str, data: bytes) -> Commit:
    """A commit object."""
    head, _, message = data.decode("utf-8", errors="replace").partition("\n\n")
    lines = [line.partition(" ") for line in head.split("\n") if not line.startswith(" ")]
    first = {key: value for key, _, value in reversed(lines)}
    return Commit(
        sha=sha,
        tree=first["tree"],
        parents=tuple(value for key, _, value in lines if key == "parent"),
        author=_person(first["author"]),
        committer=_person(first["committer"]),
        message=message.rstrip("\n"),
    )


def _person(text: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(.*?) ?<(.*?)> (\d+) [+-]\d{4}", text)
    if found is None:
        return text, "", "1970-01-01T00:00:00Z"
    return found[1], found[2], datetime.fromtimestamp(int(found[3]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def parse_tree(data: bytes) -> dict[str, Entry]:
    """A tree object."""
    found, at = {}, 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].decode("utf-8", errors="surrogateescape").partition(" ")
        found[name] = Entry(name, mode, data[end + 1 : end + 21].hex())
        at = end + 21
    return found


_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


def parse_diff(text: str) -> Iterator[Change]:
    """The files of a diff: first a raw line for each, then its numbers, then its patch, all in the same order."""
    head, *rest = re.split(r"(?m)^diff --git .*\n", text)
    lines = head.split("\n")
    raw = [line.split("\t") for line in lines if line.startswith(":")]
    numbers = [line.split("\t") for line in lines if line and not line.startswith(":")]
    patches = iter(["".join(part.partition("@@ ")[1:]) for part in rest])
    for (about, *paths), (added, deleted, *_) in zip(raw, numbers, strict=True):
        _, _, before, after, letter = about.split(" ")
        # A file that becomes a link is shown as one that goes and one that comes.
        patch = "".join(next(patches, "") for _ in range(2 if letter == "T" else 1))
        yield Change(
            path=_unquoted(paths[-1]),
            status=_STATUS.get(letter[0], "changed"),
            sha=before if letter == "D" else after,
            added=0 if added == "-" else int(added),
            deleted=0 if deleted == "-" else int(deleted),
            patch=patch.rstrip("\n") or None,
            previous=_unquoted(paths[0]) if len(paths) > 1 else None,
        )


def _unquoted(path: str) -> str:
    """A path that git has put in quotes, since it has a quote or a control character in it."""
    if not path.startswith('"'):
        return path
    return path[1:-1].encode("latin-1", "backslashreplace").decode("unicode_escape")
