"""Issues, comments, labels and reactions."""

from typing import Any
from urllib.parse import quote

from bot.demo.github.shapes.accounts import association, maybe_user, user
from bot.demo.github.shapes.app import integration
from bot.demo.github.shapes.repositories import address, page
from bot.demo.github.state import Comment, Issue, Label, Reaction, Repository, World, stamp

JSON = dict[str, Any]

KINDS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def label(world: World, repository: Repository, record: Label) -> JSON:
    """A `label`."""
    return {
        "id": record.id,
        "node_id": record.node_id,
        "url": f"{address(world, repository)}/labels/{quote(record.name, safe='')}",
        "name": record.name,
        "color": record.color,
        "default": False,
        "description": record.description,
    }


def reaction(world: World, record: Reaction) -> JSON:
    """A `reaction`."""
    return {
        "id": record.id,
        "node_id": record.node_id,
        "user": user(world, record.user),
        "content": record.content,
        "created_at": stamp(record.made),
    }


def _rollup(url: str, reactions: list[Reaction]) -> JSON:
    counts = {kind: sum(one.content == kind for one in reactions) for kind in KINDS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}


def web(world: World, record: Issue) -> str:
    """The issue's page."""
    return f"{page(world, record.repository)}/{'pull' if record.pull else 'issues'}/{record.number}"


def issue(world: World, record: Issue) -> JSON:
    """An `issue`."""
    where = address(world, record.repository)
    url, html = f"{where}/issues/{record.number}", web(world, record)
    made: JSON = {
        "url": url,
        "repository_url": where,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": html,
        "id": record.id,
        "node_id": record.node_id,
        "number": record.number,
        "title": record.title,
        "user": user(world, record.user),
        "labels": [label(world, record.repository, one) for one in record.labels],
        "state": record.state,
        "state_reason": record.reason,
        "locked": False,
        "active_lock_reason": None,
        "assignee": maybe_user(world, record.assignees[0] if record.assignees else None),
        "assignees": [user(world, one) for one in record.assignees],
        "milestone": None,
        "comments": len(record.comments),
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
        "closed_at": stamp(record.closed),
        "closed_by": maybe_user(world, record.closed_by),
        "author_association": association(record.repository, record.user),
        "body": record.body,
        "reactions": _rollup(url, record.reactions),
        "performed_via_github_app": integration(world, world.app) if record.by_app else None,
    }
    return made | _of_pull(world, record)


def told(world: World, record: Issue) -> JSON:
    """An issue as events have it, which do not say who has closed it."""
    made = issue(world, record)
    del made["closed_by"]
    return made


def _of_pull(world: World, record: Issue) -> JSON:
    if record.pull is None:
        return {}
    html = web(world, record)
    links = {
        "url": f"{address(world, record.repository)}/pulls/{record.number}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": stamp(record.pull.merged),
    }
    return {"pull_request": links, "draft": record.pull.draft}


def comment(world: World, record: Comment) -> JSON:
    """An `issue-comment`."""
    repository = record.issue.repository
    url = f"{address(world, repository)}/issues/comments/{record.id}"
    return {
        "url": url,
        "html_url": f"{web(world, record.issue)}#issuecomment-{record.id}",
        "issue_url": f"{address(world, repository)}/issues/{record.issue.number}",
        "id": record.id,
        "node_id": record.node_id,
        "user": user(world, record.user),
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
        "author_association": association(repository, record.user),
        "body": record.body,
        "reactions": _rollup(url, record.reactions),
        "performed_via_github_app": integration(world, world.app) if record.by_app else None,
    }
