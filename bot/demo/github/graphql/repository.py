"""Repositories, their branches and labels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.github.codeowners import codeowners, errors
from bot.demo.github.graphql.commits import CommitAt, found_object
from bot.demo.github.graphql.fields import (
    Info,
    Problem,
    asker,
    connection,
    dated,
    field,
    may,
    named,
    ordered,
    plain,
    reaches,
)
from bot.demo.github.state import Issue, Label, Pull, Repository, stamp


@dataclass(frozen=True, slots=True)
class RefAt:
    """A branch, tag or other ref, by its full name."""

    repository: Repository
    ref: str

    @property
    def node_id(self) -> str:
        """Its id."""
        return f"REF_{self.repository.id}_{self.ref}"

    @property
    def prefix(self) -> str:
        """All but the short name."""
        return next((one for one in ("refs/heads/", "refs/tags/") if self.ref.startswith(one)), "refs/")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a repository."""

    repository: Repository
    name: str

    @property
    def node_id(self) -> str:
        """Its id."""
        return f"RT_{self.repository.id}_{self.name}"


named(RefAt, "Ref")
named(Topic, "RepositoryTopic")
dated("Repository")
plain(
    "Repository",
    name=lambda one: one.name,
    nameWithOwner=lambda one: one.full_name,
    description=lambda one: one.description,
    hasIssuesEnabled=lambda one: one.has_issues,
    isArchived=lambda one: one.archived,
    isPrivate=lambda one: one.private,
    isFork=lambda one: one.parent is not None,
    visibility=lambda one: "PRIVATE" if one.private else "PUBLIC",
    viewerPermission=lambda _: None,
    owner=lambda one: one.owner,
    parent=lambda one: one.parent,
    pushedAt=lambda one: stamp(one.changed),
)


@field("Repository", "url")
def url(value: Repository, info: Info) -> str:
    """Its page."""
    return f"{asker(info).world.url}/{value.full_name}"


def existing(repository: Repository, ref: str) -> RefAt | None:
    """A ref, if there is such one."""
    return RefAt(repository, ref) if ref in repository.git.refs else None


@field("Repository", "defaultBranchRef")
def default_branch(value: Repository, info: Info) -> RefAt | None:
    """Null for a repository without a commit."""
    may(asker(info), value, "contents")
    return existing(value, f"refs/heads/{value.default}")


@field("Repository", "ref")
def ref(value: Repository, info: Info, qualifiedName: str) -> RefAt | None:  # noqa: N803
    """A ref by its full or its short name."""
    may(asker(info), value, "contents")
    tried = (qualifiedName, f"refs/heads/{qualifiedName}", f"refs/tags/{qualifiedName}", f"refs/{qualifiedName}")
    return next((existing(value, one) for one in tried if one in value.git.refs), None)


@field("Repository", "refs")
def refs(value: Repository, info: Info, refPrefix: str, query: str = "", **arguments: Any) -> dict[str, Any]:  # noqa: N803
    """The refs below a prefix, by name."""
    may(asker(info), value, "contents")
    found = [RefAt(value, one) for one in sorted(value.git.refs) if one.startswith(refPrefix) and (query or "") in one]
    return connection(found, **arguments)


@field("Repository", "object")
def git_object(value: Repository, info: Info, expression: str | None = None, oid: str | None = None) -> Any:
    """A commit, tree or blob: by id, by branch, or by `REV:PATH`."""
    may(asker(info), value, "contents")
    if oid is not None:
        return found_object(value, oid)
    name, colon, path = (expression or "HEAD").partition(":")
    sha = value.git.resolve(name)
    if sha is None:
        return found_object(value, name) if not colon else None
    entry = value.git.entry(sha, path) if colon else None
    if not colon:
        return CommitAt(value, sha)
    return found_object(value, entry.sha) if entry else None


@field("Repository", "repositoryTopics")
def topics(value: Repository, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its topics."""
    return connection([Topic(value, one) for one in value.topics], **arguments)


plain("RepositoryTopic", topic=lambda one: one, url=lambda one: f"https://github.test/topics/{one.name}")
plain("Topic", name=lambda one: one.name)


@field("Repository", "pullRequest")
def pull_request(value: Repository, info: Info, number: int) -> Pull:
    """A pull request by its number."""
    may(asker(info), value, "pull_requests")
    found = value.issues.get(number)
    if found is None or found.pull is None:
        raise Problem("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
    return found.pull


def state(pull: Pull) -> str:
    """A pull request's state: merged is one of its own."""
    return "MERGED" if pull.merged else pull.issue.state.upper()


@field("Repository", "pullRequests")
def pull_requests(value: Repository, info: Info, **arguments: Any) -> dict[str, Any]:
    """Its pull requests, the oldest first."""
    may(asker(info), value, "pull_requests")
    return connection(filtered(value.pulls[::-1], arguments), **arguments)


def filtered(pulls: list[Pull], arguments: dict[str, Any]) -> list[Pull]:
    """Those that the arguments ask for."""
    states, labels = arguments.get("states"), set(arguments.get("labels") or ())
    tests: list[Callable[[Pull], bool]] = [
        lambda one: not states or state(one) in states,
        lambda one: arguments.get("baseRefName") in (None, one.base_ref),
        lambda one: arguments.get("headRefName") in (None, one.head_ref),
        lambda one: not labels or bool(labels & {label.name for label in one.issue.labels}),
    ]
    return ordered([one for one in pulls if all(test(one) for test in tests)], arguments.get("orderBy"))


@field("Repository", "issue")
def issue(value: Repository, info: Info, number: int) -> Issue:
    """An issue by its number."""
    may(asker(info), value, "issues")
    found = value.issues.get(number)
    if found is None or found.pull is not None:
        raise Problem("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
    return found


@field("Repository", "issues")
def issues(value: Repository, info: Info, **arguments: Any) -> dict[str, Any]:
    """Its issues, the oldest first."""
    may(asker(info), value, "issues")
    chosen = arguments.get("filterBy") or {}
    states = arguments.get("states") or chosen.get("states")
    labels = set(arguments.get("labels") or chosen.get("labels") or ())
    maker = chosen.get("createdBy")
    found = [
        one
        for one in value.issues.values()
        if one.pull is None
        and (not states or one.state.upper() in states)
        and (not labels or labels & {label.name for label in one.labels})
        and maker in (None, one.user.login)
    ]
    return connection(ordered(found, arguments.get("orderBy")), **arguments)


@field("Repository", "labels")
def labels(value: Repository, info: Info, query: str | None = None, **arguments: Any) -> dict[str, Any]:
    """Its labels."""
    may(asker(info), value, "issues", "pull_requests")
    return connection([one for one in value.labels.values() if (query or "") in one.name], **arguments)


@field("Repository", "label")
def label(value: Repository, info: Info, name: str) -> Label | None:
    """A label by its name, whatever the case."""
    may(asker(info), value, "issues", "pull_requests")
    return value.labels.get(name.lower())


plain("Label", name=lambda one: one.name, color=lambda one: one.color, description=lambda one: one.description)


@field("Repository", "codeowners")
def owners(value: Repository, info: Info, refName: str | None = None) -> list[Any] | None:  # noqa: N803
    """Null where there is no CODEOWNERS file."""
    who, ref = asker(info), refName or value.default
    may(who, value, "contents")
    return errors(who.world, value, ref) if codeowners(value, ref) is not None else None


plain("RepositoryCodeowners", errors=lambda one: one)
for _key in ("column", "kind", "line", "message", "path", "source", "suggestion"):
    plain("RepositoryCodeownersError", **{_key: lambda one, key=_key: one.get(key, "")})

plain("Ref", name=lambda one: one.ref.removeprefix(one.prefix), prefix=lambda one: one.prefix)
plain("Ref", repository=lambda one: one.repository)


@field("Ref", "target")
def target(value: RefAt, info: Info) -> Any:
    """What it points to."""
    may(asker(info), value.repository, "contents")
    return found_object(value.repository, value.repository.git.refs[value.ref])


@field("Ref", "associatedPullRequests")
def pulls_of_ref(value: RefAt, info: Info, **arguments: Any) -> dict[str, Any]:
    """The pull requests of which it is the head."""
    may(asker(info), value.repository, "pull_requests")
    name = value.ref.removeprefix("refs/heads/")
    found = [
        one
        for place in asker(info).world.network(value.repository)
        for one in place.pulls[::-1]
        if one.head_repository is value.repository and one.head_ref == name
    ]
    seen = [one for one in found if not one.repository.private or reaches(asker(info), one.repository)]
    return connection(filtered(seen, arguments), **arguments)
