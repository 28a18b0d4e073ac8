"""What is in files of a commit on GitHub: a hundred of them to a request."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import RetryLater
from bot.gather.ancestry import owners
from bot.gather.beside import Beside, Told, Wanted, read
from bot.gather.cache import Cache
from bot.gather.names import POLICY, TOO_LARGE
from bot.github.checks import nodes
from bot.github.client import Installation
from bot.github.faults import SOON
from bot.github.queries import repeated
from rules.facts import MAX_EVIDENCE, History, Unread

_FILES = 100
# GitHub gives up on an answer that takes it too long to put together.
_BYTES = 4 * 1024 * 1024
_ODD = 100
_UNANSWERED = Unread("is not in GitHub's answer: ask again", mendable=False)
_TOO_MANY_ODD = Unread(f"is one of more than {_ODD} files that are no plain UTF-8: save it as that", mendable=False)
_BINARY = Unread("is binary, not text: commit it as text, in UTF-8")


@dataclass(slots=True)
class Blobs:
    """The files of a commit, each read once. The first request also looks back to the moment `until`, and up what is
    asked beside."""

    installation: Installation
    repository: str
    id: int
    commit: str
    cache: Cache
    until: datetime
    asked: Wanted
    policy: str = POLICY
    known: dict[str, bytes | Unread] = field(default_factory=dict)
    history: History | None = None
    others: Beside | None = None
    left: int = _ODD
    """How many more files may be read by themselves."""
    oids: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Mode and id of the files, as far as they are known."""

    def told(self, told: Told | None) -> None:
        """Take what was looked up with the pull request for an answer, where it is one."""
        same = told is not None and told.until == self.until and self.policy == POLICY
        if told is not None and same and told.wanted.covers(self.asked):
            self.others, self.history = told.beside, told.history

    def load(self, wanted: Mapping[str, int]) -> None:
        """Read these files, all that are not known yet; how large they are decides how many are read at once.

        Raises RetryLater or Refused.
        """
        left = {path: size for path, size in wanted.items() if path not in self.known}
        self.known |= {path: TOO_LARGE for path, size in left.items() if size > MAX_EVIDENCE}
        self._recall(left)
        for page in _pages({path: size for path, size in left.items() if path not in self.known}):
            self._read(page)

    def at_once(self, wanted: Mapping[str, int]) -> dict[str, bytes]:
        """What is in these files, of those that are known or that a single request tells as they are.

        Raises RetryLater or Refused.
        """
        self._recall(wanted)
        left = {path: size for path, size in wanted.items() if path not in self.known and size <= MAX_EVIDENCE}
        for page in list(_pages(left))[:1]:
            odd, self.left = self.left, 0
            self._read(page)
            self.left = odd
        found = {path: self.known.get(path) for path in wanted}
        return {path: content for path, content in found.items() if isinstance(content, bytes)}

    def look_back(self) -> History:
        """Whom the policy named when the moment `until` came. Raises RetryLater or Refused."""
        if self.history is None:
            self._read(())
        assert self.history is not None  # every request answers it until it is known
        return self.history

    def beside(self) -> Beside:
        """What GitHub knows beside the files. Raises RetryLater or Refused."""
        if self.others is None:
            self._read(())
        assert self.others is not None
        return self.others

    def _recall(self, wanted: Iterable[str]) -> None:
        """Know again what was read of any commit before: a blob's id says what is in it."""
        for path in wanted:
            found = self.cache.get("blob", self.id, self.oids.get(path, ("", ""))[1])
            if found is not None and path not in self.known:
                self.known[path] = found

    def _keep(self, path: str) -> None:
        content, (_, oid) = self.known[path], self.oids.get(path, ("", ""))
        if oid and (isinstance(content, bytes) or content is _BINARY):
            self.cache.put(content, len(content) if isinstance(content, bytes) else 0, "blob", self.id, oid)

    def _read(self, page: Sequence[str]) -> None:
        owner, _, name = self.repository.partition("/")
        variables: dict[str, Any] = {"owner": owner, "name": name, "head": self.commit, "policy": self.policy}
        first, asked = self.others is None, self.asked
        variables |= {"until": self.until.isoformat(), "beside": first, "base": asked.base, "ref": asked.ref}
        variables |= {"labelled": first and asked.label is not None, "label": asked.label or ""}
        variables |= {"teams": first and bool(asked.teams)}
        variables |= {f"path{number}": path for number, path in enumerate(page)} | (asked.variables() if first else {})
        times = {"path": len(page), **(asked.times() if first else {})}
        data, denied = self.installation.look(repeated("files", times), variables)
        commit = (data["repository"] or {}).get("object")
        if commit is None:
            raise RetryLater(self.installation.app.clock() + SOON, f"{self.commit} is not to be seen any more")
        if first:
            self.others = read(self.installation, asked, data, denied)
            before = next(iter(nodes(commit["history"])), {}).get("file") or {}
            self.history = History(owners(_text(before.get("object") or {})))
        for number, path in enumerate(page):
            self.known[path] = self._content(commit[f"path{number}"])
            self._keep(path)

    def _content(self, found: Mapping[str, Any] | None) -> bytes | Unread:
        there = (found or {}).get("object")
        if not there:
            return _UNANSWERED
        if there.get("isBinary"):
            return _BINARY
        said = exact(there)
        if said is not None:
            return said
        if (there.get("byteSize") or 0) > MAX_EVIDENCE:
            return TOO_LARGE
        if not self.left:
            return _TOO_MANY_ODD
        self.left -= 1
        return b64decode(self.installation.get(f"/repos/{self.repository}/git/blobs/{there['oid']}")["content"])


def exact(blob: Mapping[str, Any]) -> bytes | None:
    """What is in a GraphQL `Blob`, where its text is that.

    None where it is not: for a byte order mark, another encoding, a long file, no text at all.
    """
    said = _text(blob)
    whole = not blob.get("isBinary") and not blob.get("isTruncated") and len(said) == (blob.get("byteSize") or 0)
    return said if whole else None


def _text(blob: Mapping[str, Any]) -> bytes:
    return (blob.get("text") or "").encode("utf-8", "replace")


def _pages(wanted: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """The files in portions that one answer can hold."""
    page: list[str] = []
    filled = 0
    for path, size in wanted.items():
        if page and (len(page) == _FILES or filled + size > _BYTES):
            yield tuple(page)
            page, filled = [], 0
        page.append(path)
        filled += size
    if page:
        yield tuple(page)
