"""What a rule may ask for, by type: frozen values that somebody else fetched.

A rule's `check` names these types (and `Policy`, `Organisation`, `Limits`, `Document`) in its signature;
gathering fetches what is named and nothing else. A fact that can't be had is an `Unverifiable` in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar, cast

from rules.values import RepoPath

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Today:
    """The date on which a report is true: in the organisation's time zone; on a checkout, in UTC."""

    date: date


class Presence(Enum):
    """What stands at a path of the repository."""

    FILE = "a file"
    FOLDER = "a folder"
    NOTHING = "not there"
    IGNORED = "ignored by git, so not in the repository"
    OUTSIDE = "a symbolic link that leads out of the repository"


@dataclass(frozen=True, slots=True)
class Tree:
    """What stands at the paths that the policy names, at the commit that is evaluated."""

    entries: Mapping[str, Presence]

    def at(self, path: RepoPath) -> Presence:
        """What stands at a path that the policy names; LookupError for one that was not looked up."""
        return self.entries[path]


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that is evaluated; None for a folder that is no git checkout or has no commit yet."""

    sha: str | None


@dataclass(frozen=True, slots=True)
class Repository:
    """What GitHub knows of the repository; None where it can't be known, as on a checkout."""

    topics: frozenset[str] | None = None
    properties: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """Every code that a policy may name: of the rules that are loaded and of those set aside."""

    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unverifiable:
    """Evidence that could not be had: why, and what to grant or mend. Never counts as a pass.

    `beyond_checkout` marks what only GitHub knows: on a checkout it is left out of the readiness.
    """

    reason: str
    beyond_checkout: bool = False


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Why a rule has nothing to judge."""

    reason: str


class Facts:
    """Facts by their type."""

    def __init__(self, *values: object) -> None:
        self._values: dict[type, object] = {type(value): value for value in values}

    def get(self, kind: type[Fact]) -> Fact | Unverifiable:
        """The fact of this type, or why it could not be had; LookupError where nobody looked."""
        return cast("Fact | Unverifiable", self._values[kind])

    def having(self, kind: type[Fact]) -> Fact:
        """The fact of this type, which is always there."""
        return cast("Fact", self._values[kind])

    def lacking(self, kind: type, reason: Unverifiable) -> "Facts":
        """The same facts without this one, and why."""
        return self._with(kind, reason)

    def also(self, value: object) -> "Facts":
        """The same facts and this one."""
        return self._with(type(value), value)

    def _with(self, kind: type, value: object) -> "Facts":
        facts = Facts()
        facts._values = {**self._values, kind: value}
        return facts
