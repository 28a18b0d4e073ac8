"""What a rule may ask for, by type: frozen values that somebody else fetched.

A rule's `check` names these types (and `Policy`, `Organisation`, `Limits`, `Document`) in its signature;
gathering fetches what is named and nothing else. A fact that can't be had is an `Unverifiable` in its place.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Literal, Protocol, Self, TypeVar, cast

from rules.policy import Level, Owners, Policy
from rules.values import Glob, RepoPath

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
    SUBMODULE = "in a submodule, so not in the repository"

    @property
    def where(self) -> str:
        """Where to commit what should be there instead."""
        return "in this repository" if self in (Presence.OUTSIDE, Presence.SUBMODULE) else "there"


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
    """What GitHub knows of the repository; None where it can't be known, as on a checkout.

    `name` is its `OWNER/NAME` at github.com, None for one that is elsewhere. `cloned`: it is only where a checkout was
    cloned from, which may be a fork.
    """

    topics: frozenset[str] | None = None
    properties: Mapping[str, Any] | None = None
    name: str | None = None
    cloned: bool = False


@dataclass(frozen=True, slots=True)
class Codes:
    """Every code that a policy may name: of the rules that are loaded and of those set aside.

    `weights`: how much a finding of a rule weighs before and from stage `decision` on, where nothing says otherwise.
    """

    known: frozenset[str]
    weights: Mapping[str, tuple[Level, Level]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Base:
    """The policy that says how strictly: the base branch's. None where it has none; a checkout is its own base.

    `broken`: it has one that can't be read. Then nothing is known of its strictness but that the pilot has begun.
    `own`: nothing else is there to compare with. `above`: the policies of the folders around, which this one may only
    tighten.
    """

    policy: Policy | None
    broken: bool = False
    own: bool = False
    above: tuple[Policy, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether there is a policy at all."""
        return self.policy is not None or self.broken


Role = Literal["none", "read", "triage", "write", "maintain", "admin"]
"""What somebody may do in the repository, the weakest first."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a team of GitHub's: who that is (logins in small letters) and what it may do in the repository."""

    logins: frozenset[str]
    role: "Role | Unverifiable"


class People:
    """The people and teams that the policies name, and those who have a hand in the change."""

    def __init__(self, known: "Mapping[str, Account | Unverifiable | None]", otherwise: "Unverifiable") -> None:
        """`known` by handle, `@login` or `@org/team`, None for one that GitHub does not have; `otherwise` why the
        rest were not looked up."""
        self._known = {handle.lower(): found for handle, found in known.items()}
        self._otherwise = otherwise

    def of(self, handle: str) -> "Account | Unverifiable | None":
        """Who a handle is, None where nobody is called so; or why that is not known."""
        return self._known.get(handle.lower(), self._otherwise)


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who has approved exactly the commit that is evaluated, and who had a hand in it; logins in small letters.

    `unread`: why that is not known, as on a checkout.
    """

    given: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()
    unread: "Unverifiable | None" = None


@dataclass(frozen=True, slots=True)
class Unverifiable:
    """Evidence that could not be had: why, and what to grant or mend. Never counts as a pass.

    `beyond_checkout` marks what only GitHub knows: on a checkout it is left out of the readiness. `elsewhere`: settings
    or permissions are to blame, so that no commit would show more.
    """

    reason: str
    beyond_checkout: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Why a rule has nothing to judge."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file could not be read, in words that fit behind its name: `is not there`, `is larger than 2 MiB`.

    `mendable`: the repository is to blame, so that it is a finding; otherwise it is unverifiable.
    """

    reason: str
    mendable: bool = True


MAX_EVIDENCE = 2 * 1024 * 1024
"""How many bytes of a file are looked at; a larger one is unverifiable."""
MAX_FILES = 500
"""How many files a policy may name, patterns expanded; what is beyond them is unverifiable."""
MAX_SUM = 8 * 1024 * 1024
"""How many bytes of evidence are read for a policy, all files together; what is beyond them is unverifiable."""
MAX_PATTERNS = 100
"""How many patterns are looked up: each is held against every file of the repository."""
_MAX_COMPARED = 2_000_000


def most_patterns(files: int) -> int:
    """How many patterns are looked up in a repository of so many files."""
    return max(10, min(MAX_PATTERNS, _MAX_COMPARED // max(1, files)))


class Files:
    """The files of the repository at the commit that is evaluated, and what is in those that somebody asked for."""

    def __init__(
        self,
        contents: Mapping[str, bytes | Unread],
        paths: Collection[str] | Unverifiable,
        matching: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`matching`: what patterns mean, in order, as far as that is known already."""
        self._contents = contents
        self._paths = paths if isinstance(paths, Unverifiable) else tuple(sorted(paths))
        self._matching: dict[str, tuple[str, ...]] = dict(matching or {})

    @property
    def paths(self) -> tuple[str, ...] | Unverifiable:
        """Every file of the repository, in order; or why they can't be told."""
        return self._paths

    def read(self, path: str) -> bytes | Unread:
        """What is in a file, or why that can't be had; LookupError for one that nobody asked for."""
        return self._contents[path]

    def matching(self, pattern: Glob) -> tuple[str, ...] | Unverifiable:
        """The files that a pattern means, in order."""
        if pattern.plain and pattern in self._contents:
            found = self._contents[pattern]
            return () if isinstance(found, Unread) and found.mendable else (str(pattern),)
        if isinstance(self._paths, Unverifiable):
            return self._paths
        if pattern not in self._matching:
            most = most_patterns(len(self._paths))
            if len(self._matching) >= most:
                return Unverifiable(f"more than {most} patterns are named: name fewer")
            self._matching[pattern] = pattern.among(self._paths)
        return self._matching[pattern]

    def at(self, path: str) -> Presence | Unverifiable:
        """What stands at any path of the repository."""
        if isinstance(self._paths, Unverifiable):
            return self._paths
        if path and self._first(path) == path:
            return Presence.FILE
        inside = path.rstrip("/") + "/"
        folder = path in ("", ".") or self._first(inside).startswith(inside)
        return Presence.FOLDER if folder else Presence.NOTHING

    def _first(self, path: str) -> str:
        """The first file that does not come before a path; empty where there is none."""
        paths = cast("tuple[str, ...]", self._paths)
        place = bisect_left(paths, path)
        return paths[place] if place < len(paths) else ""


class Evidence(Protocol):
    """A fact that is read from files which the policy names: each is a class with these two, in `rules.evidence`."""

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The files, and the patterns of files, that it is read from."""

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """The fact, from files of which those wanted are there to be read. Never raises on any content."""


def evidence(kinds: Iterable[type]) -> tuple[type[Evidence], ...]:
    """Those of the facts that are read from the repository's files, each once."""
    return tuple(cast("type[Evidence]", kind) for kind in dict.fromkeys(kinds) if hasattr(kind, "wanted"))


@dataclass(frozen=True, slots=True)
class Written:
    """A text file of the repository. `added`: the lines, from 1, that the change adds; None where all are looked at."""

    path: str
    text: str
    added: frozenset[int] | None = None

    def counts(self, line: int) -> bool:
        """Whether this line is one to look at."""
        return self.added is None or line in self.added


@dataclass(frozen=True, slots=True)
class Change:
    """The files that are looked at line by line: what a pull request adds; on a checkout, all that git does not ignore.

    Binary files are left out. `unseen` says which other files could not be looked at, and why; None where all were.
    """

    files: tuple[Written, ...]
    unseen: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The text files of the whole repository at the commit; `unseen` as with `Change`."""

    files: tuple[Written, ...]
    unseen: str | None = None


@dataclass(frozen=True, slots=True)
class Measurements:
    """What the Prometheus server answered to the policy's queries; `otherwise` is why it was not asked one."""

    answers: Mapping[str, "float | Unverifiable"]
    otherwise: "Unverifiable"

    def of(self, query: str) -> "float | Unverifiable":
        """The value of a query, or why there is none."""
        return self.answers.get(query, self.otherwise)


@dataclass(frozen=True, slots=True)
class Descent:
    """How a commit relates to the one that is evaluated.

    `ancestor`: it is that one or comes before it. `changed`: the paths that differ between the two.
    """

    ancestor: bool
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lineage:
    """The commits that results name, by what they are called there; None for one that does not exist."""

    commits: Mapping[str, "Descent | Unverifiable | None"]

    def of(self, commit: str) -> "Descent | Unverifiable | None":
        """How a commit that results name relates to this one; LookupError for one that they don't name."""
        return self.commits[commit]


@dataclass(frozen=True, slots=True)
class History:
    """Whom the policy named as its owners on the day that the pilot started, by the repository's history.

    `owners` as the last commit of that day or before left them; None where there was no policy then, or none that can
    be read.
    """

    owners: Owners | None


@dataclass(frozen=True, slots=True)
class LiveAlert:
    """An alerting rule as the monitoring system runs it. `health` is `ok`, `unknown` or `err`, with its `error`."""

    health: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """What the Prometheus server of the settings runs; `otherwise` is why it was not asked something.

    `alerts` are the rules by their name, `samples` the age in seconds of each metric's newest sample; None where it has
    none within its look-back.
    """

    alerts: "Mapping[str, tuple[LiveAlert, ...]] | Unverifiable"
    samples: Mapping[str, "float | Unverifiable | None"]
    otherwise: "Unverifiable"

    def sample(self, metric: str) -> "float | Unverifiable | None":
        """The age of a metric's newest sample in seconds, None where there is none; or why it is not known."""
        return self.samples.get(metric, self.otherwise)


@dataclass(frozen=True, slots=True)
class Ran:
    """A check that ran on a commit: what it is called, how it came out (None: not finished), who posted it."""

    name: str
    conclusion: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks that the policy names: on the commit that is evaluated and on the base branch.

    `unread`: why there may be others that can't be seen.
    """

    here: tuple[Ran, ...]
    base: tuple[Ran, ...]
    unread: "Unverifiable | None" = None


@dataclass(frozen=True, slots=True)
class Labels:
    """Which labels the repository has, of those that the policy names; `otherwise` is why none was looked up."""

    there: Mapping[str, bool]
    otherwise: "Unverifiable"

    def has(self, name: str) -> "bool | Unverifiable":
        """Whether the repository has a label of this name, which GitHub takes in any case."""
        return self.there.get(name.lower(), self.otherwise)


@dataclass(frozen=True, slots=True)
class OwnersError:
    """What GitHub calls an error in CODEOWNERS: where, what kind, and what it suggests."""

    path: str
    line: int
    column: int
    kind: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class OwnersErrors:
    """All that GitHub calls errors in the CODEOWNERS of the commit; `unread` is why it could not be told."""

    errors: tuple[OwnersError, ...] = ()
    unread: "Unverifiable | None" = None


@dataclass(frozen=True, slots=True)
class Data:
    """What is in the files of data that manifests name, of those that are in the repository and within the limits."""

    contents: Mapping[str, bytes] = field(default_factory=dict)


class Facts:
    """Facts by their type."""

    def __init__(self, *values: object) -> None:
        self._values: dict[type, object] = {type(value): value for value in values}

    def get(self, kind: type[Fact]) -> Fact | Unverifiable:
        """The fact of this type, or why it could not be had; LookupError where nobody looked."""
        return cast("Fact | Unverifiable", self._values[kind])

    def knows(self, kind: type) -> bool:
        """Whether somebody looked for the fact of this type."""
        return kind in self._values

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
