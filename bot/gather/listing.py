"""Every file of a commit on GitHub: listed by one request, or told from another listing and what has changed since."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.errors import Refused
from bot.gather.cache import Cache
from bot.gather.links import Entry
from bot.gather.patches import Row
from bot.github.client import Installation
from rules.facts import Unverifiable

_LINK, _SUBMODULE, _FILE = "120000", "160000", "100644"


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in a commit, by path; `lacking` says why that is not all of it, None where it is.

    `sizes` are those of the files, in bytes; `objects` are mode and id of all but folders, as git has them.
    """

    entries: Mapping[str, Entry]
    sizes: Mapping[str, int]
    lacking: Unverifiable | None
    objects: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...] | Unverifiable:
        """Every file, in order; or why they can't be told."""
        return tuple(sorted(self.sizes)) if self.lacking is None else self.lacking

    @property
    def weight(self) -> int:
        """How many bytes it takes to keep it, roughly."""
        return 400 * len(self.entries)


def listing(installation: Installation, repository: str, commit: str) -> Listing:
    """The files of a commit. Raises RetryLater."""
    try:
        found = installation.get(f"/repos/{repository}/git/trees/{commit}", {"recursive": "1"})
    except Refused as refused:
        return Listing({}, {}, Unverifiable(f"GitHub does not list the repository's files ({refused.reason})"))
    entries: dict[str, Entry] = {}
    sizes: dict[str, int] = {}
    objects: dict[str, tuple[str, str]] = {}
    for one in found["tree"]:
        entries[one["path"]] = Entry(one["type"], one["mode"] == _LINK)
        if one["type"] == "blob":
            sizes[one["path"]] = one.get("size") or 0
        if one["type"] != "tree":
            objects[one["path"]] = (one["mode"], one.get("sha") or "")
    lacking = Unverifiable("the repository has more files than GitHub lists at once") if found["truncated"] else None
    return Listing(entries, sizes, lacking, objects)


def remember(cache: Cache, id: int, commit: str, tree: str, found: Listing) -> None:
    """Keep the files of a commit of the repository with this id, by its tree's id too, where they are all there."""
    if found.lacking is None:
        cache.put(found, found.weight, "tree", id, tree)
        cache.put(tree, len(tree), "commit", id, commit)


def derived(before: Listing, rows: Iterable[Row], sizes: Mapping[str, int], tree: str) -> Listing | None:
    """The files of the commit whose tree has this id, from those of a commit before and what has changed; `sizes` of
    what has changed, by path.

    None where that does not come to this very tree, as when something else has changed as well.
    """
    objects, lengths = dict(before.objects), dict(before.sizes)
    for row in rows:
        mode, _ = objects.get(row.previous or row.path, (_FILE, ""))
        if row.previous and row.status == "renamed":
            objects.pop(row.previous, None)
            lengths.pop(row.previous, None)
        if row.status == "removed":
            objects.pop(row.path, None)
            lengths.pop(row.path, None)
        elif row.path in sizes:
            objects[row.path], lengths[row.path] = (mode, row.sha), sizes[row.path]
        else:
            return None
    if before.lacking is not None or root(objects) != tree:
        return None
    folders = {path[:place] for path in objects for place in _slashes(path)}
    entries = dict.fromkeys(folders, Entry("tree"))
    entries |= {
        path: Entry("commit" if mode == _SUBMODULE else "blob", mode == _LINK) for path, (mode, _) in objects.items()
    }
    return Listing(entries, lengths, None, objects)


def _slashes(path: str) -> Iterable[int]:
    return (place for place, letter in enumerate(path) if letter == "/")


def root(objects: Mapping[str, tuple[str, str]]) -> str:
    """The id of the tree that has these objects, as git computes it."""
    folders: dict[str, dict[str, tuple[str, str]]] = {"": {}}
    for path, found in objects.items():
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, {})[name] = found
        while folder and "/" in folder and folder.rpartition("/")[0] not in folders:
            folder = folder.rpartition("/")[0]
            folders[folder] = {}
    length = max((len(oid) for _, oid in objects.values()), default=40)
    for folder in sorted(folders, key=lambda one: -one.count("/") if one else 1):
        oid = _tree(folders[folder], length)
        if not folder:
            return oid
        above, _, name = folder.rpartition("/")
        folders[above][name] = ("40000", oid)
    raise AssertionError  # the root is the last of them


def _tree(entries: Mapping[str, tuple[str, str]], length: int) -> str:
    """The id of one folder. Git sorts folders as if their names ended in a slash."""
    rows = sorted(
        ((name + "/" if mode == "40000" else name).encode("utf-8", "surrogateescape"), name, mode, oid)
        for name, (mode, oid) in entries.items()
    )
    content = b"".join(
        f"{mode} ".encode() + name.encode("utf-8", "surrogateescape") + b"\0" + bytes.fromhex(oid)
        for _, name, mode, oid in rows
    )
    return hashed("tree", content, length)


def hashed(kind: str, content: bytes, length: int) -> str:
    """The id that git gives an object, by the algorithm whose ids are so long."""
    data = f"{kind} {len(content)}\0".encode() + content
    return (hashlib.sha256(data) if length == 64 else hashlib.sha1(data, usedforsecurity=False)).hexdigest()
