"""What the stand-in remembers: plain records, and the world that holds them all. Nothing here speaks HTTP."""

import base64
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.demo.github.repository import Git

Record = TypeVar("Record", bound="Known")

_NEVER = datetime.fromtimestamp(0, UTC)
_OWN_ADDRESS = re.compile(r"(?:[0-9]+\+)?([^@+]+)@users\.noreply\.github\.(?:test|com)")
_ACTIONS = 15368
ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""The roles of a repository, the weakest first."""


@dataclass(eq=False, repr=False, kw_only=True)
class Known:
    """Whatever has an id. `node_id` is what GraphQL calls it."""

    id: int = 0
    made: datetime = _NEVER
    changed: datetime = _NEVER
    prefix = "X"

    def __repr__(self) -> str:
        """Short: records hold one another."""
        said = next((getattr(self, key) for key in ("login", "full_name", "number", "name") if hasattr(self, key)), "")
        return f"<{type(self).__name__} {self.id} {said}>"

    @property
    def node_id(self) -> str:
        """The same for ever, and different from every other record's."""
        return f"{self.prefix}_{base64.urlsafe_b64encode(self.id.to_bytes(8, 'big')).decode().rstrip('=')}"


@dataclass(eq=False, repr=False)
class Account(Known):
    """A person, an organisation or a bot. `base` is the role that members of an organisation have everywhere."""

    login: str
    kind: str = "User"
    members: dict[str, str] = field(default_factory=dict)
    base: str = "read"
    addresses: set[str] = field(default_factory=set)
    """Those that GitHub knows somebody by in commits, besides the one that it gives out itself."""

    @property
    def prefix(self) -> str:  # type: ignore[override]
        """GitHub's own."""
        return {"Organization": "O", "Bot": "BOT"}.get(self.kind, "U")


@dataclass(eq=False, repr=False)
class Team(Known):
    """A team of an organisation; `roles` are what it may do, by repository id."""

    organisation: Account
    slug: str
    members: dict[str, str] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    parent: "Team | None" = None
    prefix = "T"

    def role(self, repository: "Repository") -> str:
        """What it may do there, by itself or as a part of a larger team."""
        above = self.parent.role(repository) if self.parent is not None else "none"
        return max(above, self.roles.get(repository.id, "none"), key=ROLES.index)


@dataclass(eq=False, repr=False)
class Label(Known):
    """A label of a repository."""

    name: str
    color: str = "ededed"
    description: str | None = None
    prefix = "LA"


@dataclass(eq=False, repr=False)
class Repository(Known):
    """A repository: its settings, and the real git repository behind it."""

    owner: Account
    name: str
    git: Git
    private: bool = True
    archived: bool = False
    has_issues: bool = True
    default: str = "main"
    description: str | None = None
    topics: list[str] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    parent: "Repository | None" = None
    issues: dict[int, "Issue"] = field(default_factory=dict)
    left: dict[int, "Issue | None"] = field(default_factory=dict)
    """The issues that are elsewhere now, None for one that was deleted."""
    labels: dict[str, Label] = field(default_factory=dict)
    suites: list["Suite"] = field(default_factory=list)
    statuses: list["CommitStatus"] = field(default_factory=list)
    activity: list["Activity"] = field(default_factory=list)
    rules: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    codeowners_errors: list[dict[str, Any]] = field(default_factory=list)
    prefix = "R"

    @property
    def full_name(self) -> str:
        """`owner/name`."""
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> "list[Pull]":
        """The newest first, as GitHub lists them."""
        return [one.pull for one in reversed(self.issues.values()) if one.pull is not None]


@dataclass(eq=False, repr=False)
class Reaction(Known):
    """An emoji under an issue or a comment."""

    user: Account
    content: str
    prefix = "REA"


@dataclass(eq=False, repr=False)
class Comment(Known):
    """A comment on an issue or a pull request."""

    issue: "Issue"
    user: Account
    body: str
    by_app: bool = False
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None
    prefix = "IC"


@dataclass(eq=False, repr=False)
class Issue(Known):
    """An issue; a pull request is one too, with `pull`."""

    repository: Repository
    number: int
    user: Account
    title: str
    body: str | None = None
    state: str = "open"
    reason: str | None = None
    closed: datetime | None = None
    closed_by: Account | None = None
    by_app: bool = False
    labels: list[Label] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pull: "Pull | None" = None
    prefix = "I"


@dataclass(eq=False, repr=False)
class Review(Known):
    """A review of a pull request."""

    pull: "Pull"
    user: Account
    state: str
    body: str
    commit: str
    minimized: str | None = None
    prefix = "PRR"


@dataclass(eq=False, repr=False)
class Pull(Known):
    """What a pull request has besides its issue. `head_repository` is None once a fork is gone."""

    issue: Issue
    head_repository: Repository | None
    head_ref: str
    head: str
    base_ref: str
    base: str
    draft: bool = False
    merged: datetime | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    reviews: list[Review] = field(default_factory=list)
    rebased: list["Rebased"] = field(default_factory=list)
    prefix = "PR"

    @property
    def repository(self) -> Repository:
        """The one that it is to be merged into."""
        return self.issue.repository

    @property
    def number(self) -> int:
        """Its number there."""
        return self.issue.number


@dataclass(frozen=True, slots=True)
class Rebased:
    """A pull request was to be merged into another branch from then on: by a person, or as the branch was deleted."""

    before: str
    after: str
    made: datetime


@dataclass(eq=False, repr=False)
class Suite(Known):
    """All check runs of one app on one commit. The stand-in knows one app, but other sources may post checks."""

    repository: Repository
    head: str
    branch: str | None
    app: "Registered"
    runs: list["Run"] = field(default_factory=list)
    prefix = "CS"


@dataclass(eq=False, repr=False)
class Run(Known):
    """A check run."""

    suite: Suite
    name: str
    status: str = "queued"
    conclusion: str | None = None
    external_id: str = ""
    details_url: str | None = None
    started: str | None = None
    completed: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)
    prefix = "CR"


@dataclass(eq=False, repr=False)
class Activity(Known):
    """Who has moved a branch, from where to where: `before` or `after` is None for one that was not there."""

    branch: str
    before: str | None
    after: str | None
    kind: str
    actor: Account
    prefix = "PSH"


@dataclass(eq=False, repr=False)
class CommitStatus(Known):
    """A status that somebody has set on a commit."""

    repository: Repository
    sha: str
    context: str
    state: str
    creator: Account
    description: str | None = None
    target: str | None = None
    prefix = "SC"


@dataclass(eq=False, repr=False)
class Registered(Known):
    """An app that is registered with GitHub."""

    slug: str
    name: str
    owner: Account
    client_id: str
    permissions: dict[str, str]
    events: list[str]
    public_key: str = ""
    prefix = "A"


@dataclass(eq=False, repr=False)
class Installed(Known):
    """An installation of the app. `repositories` is None for all of the account's."""

    account: Account
    permissions: dict[str, str]
    events: list[str]
    repositories: set[int] | None = None
    suspended: datetime | None = None
    suspended_by: Account | None = None
    prefix = "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u"

    def covers(self, repository: Repository) -> bool:
        """Whether the app is on this repository."""
        if repository.owner is not self.account:
            return False
        return self.repositories is None or repository.id in self.repositories


class World:
    """Everything there is. Whoever reads or changes it holds `lock`."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """An empty world, with the time that `clock` tells."""
        self.clock = clock
        self.lock = threading.RLock()
        self.url = "http://127.0.0.1"
        self.nodes: dict[str, Known] = {}
        self.accounts: dict[str, Account] = {}
        self.teams: dict[tuple[str, str], Team] = {}
        self.repositories: dict[str, Repository] = {}
        self.former: dict[str, Repository] = {}
        self.installations: dict[int, Installed] = {}
        self.others: dict[str, Registered] = {}
        self.app: Registered
        self.tell: Callable[..., None] = _silent
        self._ids = Counter({"": 1000})

    def now(self) -> datetime:
        """The time, to the second, as GitHub tells it."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def add(self, record: Record, id: int | None = None) -> Record:
        """Give a record its id and its dates."""
        with self.lock:
            self._ids[""] += 1
            record.id, record.made = id or self._ids[""], self.now()
            record.changed = record.made
            self.nodes[record.node_id] = record
        return record

    def account(self, login: str, kind: str = "User") -> Account:
        """The account of a name, made if need be."""
        with self.lock:
            found = self.accounts.get(login.lower())
            if found is None:
                found = self.accounts[login.lower()] = self.add(Account(login, kind))
            return found

    def of_address(self, address: str) -> Account | None:
        """Whose address a commit names; None for one that anybody may have made up."""
        given = _OWN_ADDRESS.fullmatch(address.lower())
        if given is not None:
            return self.accounts.get(given[1])
        return next((one for one in self.accounts.values() if address.lower() in one.addresses), None)

    def other(self, slug: str) -> Registered:
        """Another app, made if need be. GitHub Actions has the id that it has."""
        with self.lock:
            if slug not in self.others:
                made = Registered(slug, slug, self.account("github", "Organization"), "", {}, [])
                self.others[slug] = self.add(made, _ACTIONS if slug == "github-actions" else None)
            return self.others[slug]

    def find(self, full_name: str) -> Repository | None:
        """A repository by its name of today."""
        return self.repositories.get(full_name.lower())

    def installed(self, account: Account) -> Installed | None:
        """The installation of an account."""
        return next((one for one in self.installations.values() if one.account is account), None)

    def listed(self, installation: Installed) -> list[Repository]:
        """The repositories that an installation is on."""
        return [one for one in self.repositories.values() if installation.covers(one)]

    def network(self, repository: Repository) -> list[Repository]:
        """A repository with its forks, or with what it is a fork of."""
        root = repository.parent or repository
        return [one for one in self.repositories.values() if root in (one, one.parent)]

    def members(self, team: Team) -> dict[str, str]:
        """The members of a team and of all teams below it, with their roles."""
        found = dict(team.members)
        for one in self.teams.values():
            if one.parent is team:
                found = self.members(one) | found
        return found

    def role(self, repository: Repository, login: str) -> str:
        """What a person may do there: the most of what anything grants."""
        name, owner = login.lower(), repository.owner
        granted = [repository.roles.get(name, "none"), "none" if repository.private else "read"]
        if owner.login.lower() == name or owner.members.get(name) == "admin":
            granted.append("admin")
        elif name in owner.members:
            granted.append(owner.base)
        granted += [
            team.role(repository) for team in self.teams.values() if team.organisation is owner and name in team.members
        ]
        return max(granted, key=ROLES.index)


def _silent(*_: object, **__: object) -> None:
    """Tell nobody."""


def stamp(moment: datetime | None) -> str | None:
    """A moment as GitHub writes it."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
