"""Pull requests, issues, and what is said under them."""

from typing import Any

from bot.demo.github.graphql.commits import CommitAt
from bot.demo.github.graphql.fields import Info, asker, connection, dated, field, may, named, ordered, plain
from bot.demo.github.graphql.repository import RefAt, existing, state
from bot.demo.github.objects import Change
from bot.demo.github.shapes import issues
from bot.demo.github.shapes.accounts import association, writes
from bot.demo.github.state import Account, Comment, Issue, Pull, Rebased, Review, stamp

_COMMITS = 250
_REBASED = "BASE_REF_CHANGED_EVENT"
_CHANGES = {"added": "ADDED", "removed": "DELETED", "renamed": "RENAMED", "copied": "COPIED", "changed": "CHANGED"}


class PullCommit(CommitAt):
    """A commit as a part of a pull request."""

    __slots__ = ()


named(PullCommit, "PullRequestCommit")
dated("Issue", "IssueComment", "PullRequestReview")
plain(
    "Issue",
    number=lambda one: one.number,
    state=lambda one: one.state.upper(),
    title=lambda one: one.title,
    body=lambda one: one.body or "",
    closed=lambda one: one.state == "closed",
    closedAt=lambda one: stamp(one.closed),
    author=lambda one: one.user,
    repository=lambda one: one.repository,
)
plain(
    "PullRequest",
    number=lambda one: one.number,
    state=state,
    title=lambda one: one.issue.title,
    body=lambda one: one.issue.body or "",
    closed=lambda one: one.issue.state == "closed",
    closedAt=lambda one: stamp(one.issue.closed),
    createdAt=lambda one: stamp(one.issue.made),
    updatedAt=lambda one: stamp(one.issue.changed),
    author=lambda one: one.issue.user,
    repository=lambda one: one.repository,
    isDraft=lambda one: one.draft,
    headRefOid=lambda one: one.head,
    headRefName=lambda one: one.head_ref,
    headRepository=lambda one: one.head_repository,
    headRepositoryOwner=lambda one: one.head_repository and one.head_repository.owner,
    headRef=lambda one: one.head_repository and existing(one.head_repository, f"refs/heads/{one.head_ref}"),
    baseRefName=lambda one: one.base_ref,
    baseRefOid=lambda one: one.base,
    baseRepository=lambda one: one.repository,
    merged=lambda one: one.merged is not None,
    mergedAt=lambda one: stamp(one.merged),
    mergeCommit=lambda one: one.merge_commit and CommitAt(one.repository, one.merge_commit),
    isCrossRepository=lambda one: one.head_repository is not one.repository,
    maintainerCanModify=lambda one: one.head_repository is not one.repository,
    changedFiles=lambda one: len(_changes(one)),
    additions=lambda one: sum(change.added for change in _changes(one)),
    deletions=lambda one: sum(change.deleted for change in _changes(one)),
)
plain(
    "PullRequestChangedFile",
    path=lambda one: one.path,
    additions=lambda one: one.added,
    deletions=lambda one: one.deleted,
    changeType=lambda one: _CHANGES.get(one.status, "MODIFIED"),
)


def _changes(pull: Pull) -> list[Change]:
    return pull.repository.git.changes(pull.base, pull.head)


@field("PullRequest", "baseRef")
def base(value: Pull, info: Info) -> RefAt | None:
    """The branch as it stands now, which may be past `baseRefOid`; null for one that is gone."""
    may(asker(info), value.repository, "contents")
    return existing(value.repository, f"refs/heads/{value.base_ref}")


@field("PullRequest", "commits")
def commits(value: Pull, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its commits, the oldest first: as on GitHub the list ends after 250, head or no head."""
    git = value.repository.git
    found = git.history(value.head, git.fork_point(value.base, value.head))[::-1]
    page = connection([PullCommit(value.repository, one) for one in found[:_COMMITS]], **arguments)
    return page | {"totalCount": len(found)}


plain("PullRequestCommit", commit=lambda one: CommitAt(one.repository, one.sha))


@field("PullRequestCommit", "url")
def commit_url(value: PullCommit, info: Info) -> str:
    """Its page."""
    return f"{asker(info).world.url}/{value.repository.full_name}/commit/{value.sha}"


@field("PullRequest", "files")
def files(value: Pull, info: Info, **arguments: Any) -> dict[str, Any]:
    """What it changes."""
    may(asker(info), value.repository, "contents")
    return connection(_changes(value), **arguments)


@field("PullRequest", "reviews")
def reviews(value: Pull, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its reviews, in order."""
    states, author = arguments.get("states"), arguments.pop("author", None)
    found = [one for one in value.reviews if not states or one.state in states]
    return connection([one for one in found if author in (None, one.user.login)], **arguments)


@field("PullRequest", "timelineItems")
def timeline(value: Pull, _: Info, **arguments: Any) -> dict[str, Any]:
    """What has happened to it, as far as that is kept: its bases of before."""
    kinds = arguments.pop("itemTypes", None)
    return connection(value.rebased if kinds is None or _REBASED in kinds else [], **arguments)


named(Rebased, "BaseRefChangedEvent")
plain(
    "BaseRefChangedEvent",
    createdAt=lambda one: stamp(one.made),
    currentRefName=lambda one: one.after,
    previousRefName=lambda one: one.before,
)
plain(
    "AutomaticBaseChangeSucceededEvent",
    createdAt=lambda one: stamp(one.made),
    newBase=lambda one: one.after,
    oldBase=lambda one: one.before,
)


@field("PullRequest", "latestReviews")
def latest_reviews(value: Pull, _: Info, **arguments: Any) -> dict[str, Any]:
    """The last review of each person."""
    return connection(list({one.user: one for one in value.reviews}.values()), **arguments)


@field("PullRequest", "latestOpinionatedReviews")
def opinions(value: Pull, info: Info, writersOnly: bool = False, **arguments: Any) -> dict[str, Any]:  # noqa: N803
    """The last opinion of each person, a dismissed one too: a comment afterwards changes nothing of it."""
    world = asker(info).world
    last = {one.user: one for one in value.reviews if one.state != "COMMENTED"}
    found = [one for one in last.values() if not writersOnly or writes(world, value.repository, one.user)]
    return connection(found, **arguments)


@field("PullRequestReview", "authorCanPushToRepository")
def can_push(value: Review, info: Info) -> bool:
    """Whether its author may write there today."""
    return writes(asker(info).world, value.pull.repository, value.user)


def _issue(value: Any) -> Issue:
    found: Issue = value.issue if isinstance(value, Pull) else value
    return found


def labels(value: Any, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its labels."""
    return connection(_issue(value).labels, **arguments)


def assignees(value: Any, _: Info, **arguments: Any) -> dict[str, Any]:
    """Who it is assigned to."""
    return connection(_issue(value).assignees, **arguments)


def comments(value: Any, _: Info, **arguments: Any) -> dict[str, Any]:
    """Its comments, the oldest first."""
    return connection(ordered(_issue(value).comments, arguments.get("orderBy")), **arguments)


def issue_url(value: Any, info: Info) -> str:
    """Its page."""
    return issues.web(asker(info).world, _issue(value))


for _type in ("Issue", "PullRequest"):
    for _name, _resolve in (("labels", labels), ("assignees", assignees), ("comments", comments), ("url", issue_url)):
        field(_type, _name)(_resolve)


@field("Issue", "stateReason")
def reason(value: Issue, _: Info, **__: Any) -> str | None:
    """Why it is closed, or open again."""
    return value.reason.upper() if value.reason else None


def _author(value: Any) -> Account:
    found: Account = value.issue.user if isinstance(value, Pull) else value.user
    return found


def _where(value: Any) -> Any:
    if isinstance(value, Comment):
        return value.issue.repository
    return value.pull.repository if isinstance(value, Review) else value.repository


def did_author(value: Any, info: Info) -> bool:
    """Whether the app wrote it."""
    return _author(value).login == f"{asker(info).world.app.slug}[bot]"


for _type in ("Issue", "PullRequest", "IssueComment", "PullRequestReview"):
    field(_type, "viewerDidAuthor")(did_author)
    plain(_type, fullDatabaseId=lambda one: str(one.id))
    plain(_type, authorAssociation=lambda one: association(_where(one), _author(one)))

plain("IssueComment", body=lambda one: one.body, author=lambda one: one.user)
plain(
    "PullRequestReview",
    body=lambda one: one.body,
    author=lambda one: one.user,
    state=lambda one: one.state,
    submittedAt=lambda one: stamp(one.made),
    commit=lambda one: CommitAt(one.pull.repository, one.commit),
)


@field("IssueComment", "url")
def comment_url(value: Comment, info: Info) -> str:
    """Its place on the page."""
    return f"{issues.web(asker(info).world, value.issue)}#issuecomment-{value.id}"


@field("PullRequestReview", "url")
def review_url(value: Review, info: Info) -> str:
    """Its place on the page."""
    return f"{issues.web(asker(info).world, value.pull.issue)}#pullrequestreview-{value.id}"
