"""What GitHub knows beside the files of a commit: who people are, how checks came out, labels, errors in CODEOWNERS.

It rides along with the first request for files, so that it costs none of its own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.github.checks import nodes
from bot.github.client import Installation
from bot.github.queries import document
from rules.facts import Account, Checks, History, Labels, OwnersError, OwnersErrors, People, Ran, Role, Unverifiable
from rules.policy import Policy
from rules.values import Label, quote

_PEOPLE, _TEAMS, _CHECKS = 60, 30, 20
_PAGES = 20
_ROLES: tuple[Role, ...] = ("none", "read", "triage", "write", "maintain", "admin")

Paths = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look up: handles (`@login`, `@org/team`), names of checks, the label of `label:NAME`.

    `base` is the commit to compare checks with, `ref` where CODEOWNERS is looked at.
    """

    repository: str
    ref: str
    base: str
    handles: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    label: str | None = None

    @property
    def people(self) -> list[str]:
        """The logins among the handles."""
        return [handle[1:] for handle in self.handles if "/" not in handle][:_PEOPLE]

    @property
    def teams(self) -> list[tuple[str, str]]:
        """Organisation and name of each team among the handles."""
        named = (handle[1:].partition("/") for handle in self.handles if "/" in handle)
        return [(org, slug) for org, _, slug in named][:_TEAMS]

    def times(self) -> dict[str, int]:
        """How often each kind of line of the document is repeated."""
        count = len(self.teams)
        return {
            "login": len(self.people),
            "org": count,
            "team": count,
            "check": len(self.checks[:_CHECKS]),
        }

    def variables(self) -> dict[str, Any]:
        """The variables of those lines."""
        found: dict[str, Any] = {f"login{number}": login for number, login in enumerate(self.people)}
        found |= {f"org{number}": org for number, (org, _) in enumerate(self.teams)}
        found |= {f"team{number}": slug for number, (_, slug) in enumerate(self.teams)}
        return found | {f"check{number}": name for number, name in enumerate(self.checks[:_CHECKS])}

    def covers(self, other: "Wanted") -> bool:
        """Whether whoever has looked this up has looked up the other, too."""
        people = {one.lower() for one in self.handles} >= {one.lower() for one in other.handles}
        return people and set(self.checks) >= set(other.checks) and (self.ref, self.label) == (other.ref, other.label)


def wanted(policy: Policy | None, handles: Iterable[str], where: Wanted) -> Wanted:
    """What a policy has to be looked up, and these handles, each once."""
    channel = policy.monitoring.feedback if policy and policy.monitoring else None
    named = dict.fromkeys(one.check for one in (policy.integrations if policy else None) or () if one.check)
    return Wanted(
        where.repository,
        where.ref,
        where.base,
        tuple({handle.lower(): handle for handle in handles}.values()),
        tuple(named),
        channel.removeprefix("label:").strip() if isinstance(channel, Label) else None,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """The answers."""

    people: People
    checks: Checks
    labels: Labels
    owners: OwnersErrors = field(default_factory=OwnersErrors)


@dataclass(frozen=True, slots=True)
class Told:
    """What was looked up with a pull request because its policy was known to ask for it."""

    wanted: Wanted
    beside: Beside
    until: datetime
    history: History


def read(installation: Installation, asked: Wanted, data: Mapping[str, Any], denied: Paths) -> Beside:
    """What GitHub's answer says; `denied` is where the app may not look. Raises RetryLater or Refused."""
    here = data["repository"]
    return Beside(
        People(dict(_accounts(installation, asked, data, denied)), _UNASKED),
        Checks(_ran(asked, here.get("object") or {}), _ran(asked, here.get("base") or {}), _statuses(denied)),
        _labels(asked, here, denied),
        _errors(here, denied),
    )


_UNASKED = Unverifiable(f"more than {_PEOPLE} people or {_TEAMS} teams are named: name fewer")
_NO_MEMBERS = "grant the app the permission members:read"


def _accounts(
    installation: Installation, asked: Wanted, data: Mapping[str, Any], denied: Paths
) -> Iterator[tuple[str, Account | Unverifiable | None]]:
    here = data["repository"]
    for number, login in enumerate(asked.people):
        yield f"@{login}", _person(login, data.get(f"login{number}"), here, f"login{number}", denied)
    known = {login: role for edge in _edges(here.get("everyone")) for login, role in [_may(edge)]}
    whole = here.get("everyone") is not None and here["everyone"]["totalCount"] <= len(known)
    for number, (org, slug) in enumerate(asked.teams):
        key = f"team{number}"
        team = (data.get(key) or {}).get("team")
        handle = f"@{org}/{slug}"
        if team is None:
            hidden = any(path[0] == key for path in denied)
            yield (
                handle,
                Unverifiable(f"who is in {quote(handle)} can't be read: {_NO_MEMBERS}", elsewhere=True)
                if hidden
                else None,
            )
        else:
            logins = frozenset(_members(installation, org, slug, team))
            yield handle, Account(logins, _team_role(asked.repository, team, logins, known, whole))


def _person(
    login: str, found: Mapping[str, Any] | None, here: Mapping[str, Any], key: str, denied: Paths
) -> Account | Unverifiable | None:
    if found is None:
        return (
            Unverifiable(f"whether {quote('@' + login)} exists can't be read", elsewhere=True)
            if (key,) in denied
            else None
        )
    edges = here.get(key)
    if edges is None:
        why = f"what {quote('@' + login)} may do here can't be read: grant the app the permission metadata:read"
        return Account(frozenset({login.lower()}), Unverifiable(why, elsewhere=True))
    roles = [role for edge in _edges(edges) for name, role in [_may(edge)] if name == login.lower()]
    return Account(frozenset({login.lower()}), roles[0] if roles else "none")


def _edges(connection: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    return [edge for edge in (connection or {}).get("edges") or () if edge and edge.get("node")]


def _may(edge: Mapping[str, Any]) -> tuple[str, Role]:
    return edge["node"]["login"].lower(), _role(edge["permission"])


def _role(permission: str) -> Role:
    role = permission.lower()
    return role if role in _ROLES else "none"


def _members(installation: Installation, org: str, slug: str, team: Mapping[str, Any]) -> Iterator[str]:
    """Everybody in a team, those of teams within it too."""
    page = team["members"]
    for _ in range(_PAGES):
        yield from (node["login"].lower() for node in nodes(page))
        if not page["pageInfo"]["hasNextPage"]:
            return
        variables = {"org": org, "slug": slug, "after": page["pageInfo"]["endCursor"]}
        found = installation.query(document("members"), variables)["organization"]
        page = ((found or {}).get("team") or {}).get("members") or {"pageInfo": {"hasNextPage": False}}


def _team_role(
    repository: str, team: Mapping[str, Any], logins: Collection[str], known: Mapping[str, Role], whole: bool
) -> Role | Unverifiable:
    """What a team may do: what it was given, or what most its people may in other ways, as by the organisation's
    default."""
    given = [
        _role(edge["permission"])
        for edge in _edges(team.get("repositories"))
        if edge["node"]["nameWithOwner"].lower() == repository.lower()
    ]
    roles: list[Role] = [*given, *(known[login] for login in logins if login in known), "none"]
    best = max(roles, key=_ROLES.index)
    if whole or given or _ROLES.index(best) >= _ROLES.index("write"):
        return best
    handle = quote(f"@{repository.partition('/')[0]}/{team['slug']}")
    return Unverifiable(f"what {handle} may do here can't be read: give it a role in the repository")


def _ran(asked: Wanted, commit: Mapping[str, Any]) -> tuple[Ran, ...]:
    """How the checks came out on a commit, and statuses of the same names."""
    found: list[Ran] = []
    for number in range(len(asked.checks[:_CHECKS])):
        for suite in nodes(commit.get(f"check{number}")):
            source = (suite.get("app") or {}).get("slug") or "unknown"
            runs = nodes(suite.get("checkRuns"))
            found += [Ran(run["name"], _conclusion(run), source) for run in runs]
    for context in ((commit.get("status") or {}).get("contexts")) or ():
        if context["context"] in asked.checks:
            state = None if context["state"] in ("PENDING", "EXPECTED") else context["state"].lower()
            found.append(Ran(context["context"], state, (context.get("creator") or {}).get("login") or "unknown"))
    return tuple(found)


def _statuses(denied: Paths) -> Unverifiable | None:
    if not any(path[0] == "repository" and path[-1] == "status" for path in denied):
        return None
    return Unverifiable("statuses can't be read: grant the app the permission statuses:read", elsewhere=True)


def _conclusion(run: Mapping[str, Any]) -> str | None:
    done = run["status"] == "COMPLETED" and run["conclusion"]
    return str(run["conclusion"]).lower() if done else None


def _labels(asked: Wanted, here: Mapping[str, Any], denied: Paths) -> Labels:
    why = Unverifiable("which labels there are can't be read: grant the app the permission issues:read", elsewhere=True)
    if asked.label is None or ("repository", "label") in denied:
        return Labels({}, why)
    return Labels({asked.label.lower(): here.get("label") is not None}, why)


def _errors(here: Mapping[str, Any], denied: Paths) -> OwnersErrors:
    if any(path[:2] == ("repository", "codeowners") for path in denied):
        why = "what GitHub says of CODEOWNERS can't be read: grant the app the permission contents:read"
        return OwnersErrors(unread=Unverifiable(why, elsewhere=True))
    errors = (here.get("codeowners") or {}).get("errors") or ()
    return OwnersErrors(
        tuple(
            OwnersError(one["path"], one["line"], one["column"] or 1, one["kind"], one.get("suggestion"))
            for one in errors
        )
    )
