"""What stands at a path of a commit, symbolic links followed as a file system follows them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from rules.facts import Presence

# Both the number that git's mode is and the digits that it is written with are seen in GitHub's answers.
_LINK = frozenset({0o120000, 120000})
_KINDS = {"blob": Presence.FILE, "tree": Presence.FOLDER, "commit": Presence.SUBMODULE}
_HOPS = 40
_STEPS = 1000
LONGEST = 4000
"""No file system takes a longer path, so nothing stands there."""


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
    """An entry that has to be looked up first; `text`: as a link is known, and where it leads is not.

    `through` is how the way goes on behind it, as far as no link turns it.
    """

    path: str
    text: bool
    through: str = ""


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


def follow(path: str, known: Mapping[str, Entry | None], whole: bool = False) -> Reached | Unknown:
    """What stands at a path, or what has to be looked up to tell. `whole`: what is not known is not there."""
    here: list[str] = []
    left = path.split("/")[::-1]
    standing, hops, steps = Presence.FOLDER, 0, 0
    while left:
        name = left.pop()
        steps += 1
        if name in ("", "."):
            continue
        if steps > _STEPS or not (standing is Presence.FOLDER or (standing, name) == (Presence.SUBMODULE, "..")):
            return _WITHIN.get(standing, _NOTHING)
        if name == "..":
            if not here:
                return _OUTSIDE
            here.pop()
            standing = Presence.FOLDER
            continue
        step = _step("/".join([*here, name]), known, whole)
        if isinstance(step, str):
            hops += 1
            if step.startswith("/") or hops > _HOPS or len(step) > LONGEST:
                return _OUTSIDE if step.startswith("/") else _NOTHING
            left += step.split("/")[::-1]
        elif isinstance(step, Unknown):
            return replace(step, through="/".join([step.path, *_plain(left)]))
        elif step is Presence.NOTHING:
            return _NOTHING
        else:
            standing = step
            here.append(name)
    return Reached(standing, "/".join(here))


def _plain(left: list[str]) -> list[str]:
    """The names that come next, up to one that leads back; `left` has the next one at its end."""
    return list(takewhile(lambda name: name != "..", (name for name in reversed(left) if name not in ("", "."))))


_NOTHING, _OUTSIDE = Reached(Presence.NOTHING), Reached(Presence.OUTSIDE)
_WITHIN = {Presence.SUBMODULE: Reached(Presence.SUBMODULE)}


def _step(path: str, known: Mapping[str, Entry | None], whole: bool) -> Presence | Unknown | str:
    """One entry: what it is, where it leads as a link, or that it is not known."""
    if path not in known and not whole:
        return Unknown(path, text=False)
    found = known.get(path)
    if found is None:
        return Presence.NOTHING
    if not found.link:
        return _KINDS.get(found.kind, Presence.NOTHING)
    return Unknown(path, text=True) if found.target is None else found.target
