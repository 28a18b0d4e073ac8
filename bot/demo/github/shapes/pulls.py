"""Pull requests and their reviews."""

from typing import Any

from bot.demo.github.shapes.accounts import association, maybe_user, user
from bot.demo.github.shapes.issues import label, web
from bot.demo.github.shapes.repositories import address, repository
from bot.demo.github.state import Pull, Repository, Review, World, stamp

JSON = dict[str, Any]


def _urls(world: World, record: Pull) -> JSON:
    where, html = address(world, record.repository), web(world, record.issue)
    url = f"{where}/pulls/{record.number}"
    return {
        "url": url,
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": f"{where}/issues/{record.number}",
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{where}/pulls/comments{{/number}}",
        "comments_url": f"{where}/issues/{record.number}/comments",
        "statuses_url": f"{where}/statuses/{record.head}",
    }


def _links(urls: JSON) -> JSON:
    names = {
        "self": "url",
        "html": "html_url",
        "issue": "issue_url",
        "comments": "comments_url",
        "review_comments": "review_comments_url",
        "review_comment": "review_comment_url",
        "commits": "commits_url",
        "statuses": "statuses_url",
    }
    return {name: {"href": urls[key]} for name, key in names.items()}


def _side(world: World, where: Repository | None, ref: str, sha: str) -> JSON:
    """The head or the base. A fork that is gone leaves no repository."""
    if where is None:
        return {"label": f"unknown repository:{ref}", "ref": ref, "sha": sha, "user": None, "repo": None}
    owner = where.owner
    return {
        "label": f"{owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(world, owner),
        "repo": repository(world, where),
    }


def pull(world: World, record: Pull) -> JSON:
    """A `pull-request-simple`: as lists have it."""
    urls, issue = _urls(world, record), record.issue
    return urls | {
        "id": record.id,
        "node_id": record.node_id,
        "number": record.number,
        "state": issue.state,
        "locked": False,
        "active_lock_reason": None,
        "title": issue.title,
        "user": user(world, issue.user),
        "body": issue.body,
        "labels": [label(world, record.repository, one) for one in issue.labels],
        "milestone": None,
        "created_at": stamp(issue.made),
        "updated_at": stamp(issue.changed),
        "closed_at": stamp(issue.closed),
        "merged_at": stamp(record.merged),
        "merge_commit_sha": record.merge_commit,
        "assignee": maybe_user(world, issue.assignees[0] if issue.assignees else None),
        "assignees": [user(world, one) for one in issue.assignees],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _side(world, record.head_repository, record.head_ref, record.head),
        "base": _side(world, record.repository, record.base_ref, record.base),
        "_links": _links(urls),
        "author_association": association(record.repository, issue.user),
        "auto_merge": None,
        "draft": record.draft,
    }


def full_pull(world: World, record: Pull) -> JSON:
    """A `pull-request`, as `pull_request` events have it too."""
    git = record.repository.git
    changes = git.changes(record.base, record.head)
    open_ = record.issue.state == "open"
    return pull(world, record) | {
        "merged": record.merged is not None,
        "mergeable": True if open_ else None,
        "rebaseable": True if open_ else None,
        "mergeable_state": ("draft" if record.draft else "clean") if open_ else "unknown",
        "merged_by": maybe_user(world, record.merged_by),
        "comments": len(record.issue.comments),
        "review_comments": 0,
        "maintainer_can_modify": record.head_repository is not record.repository,
        "commits": len(git.history(record.head, git.fork_point(record.base, record.head))),
        "additions": sum(one.added for one in changes),
        "deletions": sum(one.deleted for one in changes),
        "changed_files": len(changes),
    }


def minimal(world: World, record: Pull) -> JSON:
    """A `pull-request-minimal`, as check runs list it."""
    head = record.head_repository or record.repository
    return {
        "url": f"{address(world, record.repository)}/pulls/{record.number}",
        "id": record.id,
        "number": record.number,
        "head": {"ref": record.head_ref, "sha": record.head, "repo": _brief(world, head)},
        "base": {"ref": record.base_ref, "sha": record.base, "repo": _brief(world, record.repository)},
    }


def _brief(world: World, where: Repository) -> JSON:
    return {"id": where.id, "url": address(world, where), "name": where.name}


def review(world: World, record: Review) -> JSON:
    """A `pull-request-review`."""
    urls = _urls(world, record.pull)
    html = f"{urls['html_url']}#pullrequestreview-{record.id}"
    return {
        "id": record.id,
        "node_id": record.node_id,
        "user": user(world, record.user),
        "body": record.body,
        "state": record.state,
        "html_url": html,
        "pull_request_url": urls["url"],
        "author_association": association(record.pull.repository, record.user),
        "_links": {"html": {"href": html}, "pull_request": {"href": urls["url"]}},
        "submitted_at": stamp(record.made),
        "commit_id": record.commit,
    }
