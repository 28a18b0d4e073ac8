"""What stands at a path of a commit, symbolic links followed as a file system follows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.facts import Presence

# Both the number that git's mode is and the digits that it is written with are seen in GitHub's answers.
_LINK = frozenset({0o120000, 120000})
_KINDS = {"blob": Presence.FILE, "tree": Presence.FOLDER, "commit": Presence.FOLDER}
_HOPS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a commit's tree. `target` is where a symbolic link leads, None where that is not known yet."""

    kind: str
    link: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """What stands at a path, and under which one once every link is followed."""

    presence: Presence
    path: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An entry that has to be looked up first; `text`: as a link is known, and where it leads is not."""

    path: str
    text: bool


def entry(found: Mapping[str, Any] | None) -> Entry | None:
    """The entry that a GraphQL `TreeEntry` tells of; None where there is none."""
    if found is None:
        return None
    link = found.get("mode") in _LINK
    return Entry(str(found.get("type")), link, (found.get("object") or {}).get("text") if link else None)


def is_link(found: Mapping[str, Any]) -> bool:
    """Whether a GraphQL `TreeEntry` is a symbolic link."""
    return found.get("mode") in _LINK


def parents(path: str) -> list[str]:
    """The path and every folder above it, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def follow(path: str, known: Mapping[str, Entry | None]) -> Reached | Unknown:
    """What stands at a path, or what has to be looked up to tell."""
    here: list[str] = []
    left = path.split("/")[::-1]
    standing, hops = Presence.FOLDER, 0
    while left:
        name = left.pop()
        if name in ("", "."):
            continue
        if standing is not Presence.FOLDER:
            return _NOTHING
        if name == "..":
            if not here:
                return _OUTSIDE
            here.pop()
            standing = Presence.FOLDER
            continue
        step = _step("/".join([*here, name]), known)
        if isinstance(step, str):
            hops += 1
            if step.startswith("/") or hops > _HOPS:
                return _OUTSIDE if step.startswith("/") else _NOTHING
            left += step.split("/")[::-1]
        elif isinstance(step, Unknown) or step is Presence.NOTHING:
            return step if isinstance(step, Unknown) else _NOTHING
        else:
            standing = step
            here.append(name)
    return Reached(standing, "/".join(here))


_NOTHING, _OUTSIDE = Reached(Presence.NOTHING), Reached(Presence.OUTSIDE)


def _step(path: str, known: Mapping[str, Entry | None]) -> Presence | Unknown | str:
    """One entry: what it is, where it leads as a link, or that it is not known."""
    if path not in known:
        return Unknown(path, text=False)
    found = known[path]
    if found is None:
        return Presence.NOTHING
    if not found.link:
        return _KINDS.get(found.kind, Presence.NOTHING)
    return Unknown(path, text=True) if found.target is None else found.target
