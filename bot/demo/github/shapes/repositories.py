"""Repositories and what hangs on their branches."""

from typing import Any

from bot.demo.github.shapes.accounts import organization, permissions, user
from bot.demo.github.state import Repository, World, stamp

JSON = dict[str, Any]

_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def address(world: World, repository: Repository) -> str:
    """The repository in the REST API."""
    return f"{world.url}/repos/{repository.full_name}"


def page(world: World, repository: Repository) -> str:
    """The repository for people."""
    return f"{world.url}/{repository.full_name}"


def repository(world: World, record: Repository) -> JSON:
    """A `repository`."""
    url, html = address(world, record), page(world, record)
    host = world.url.removeprefix("http://")
    return {
        "id": record.id,
        "node_id": record.node_id,
        "name": record.name,
        "full_name": record.full_name,
        "private": record.private,
        "owner": user(world, record.owner),
        "html_url": html,
        "description": record.description,
        "fork": record.parent is not None,
        "url": url,
        **{name: url + rest for name, rest in _LINKS.items()},
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
        "pushed_at": stamp(record.changed),
        "git_url": f"git://{host}/{record.full_name}.git",
        "ssh_url": f"ssh://git@{host}/{record.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        **_counts(record),
        **_switches(record),
        "topics": list(record.topics),
        "visibility": "private" if record.private else "public",
        "default_branch": record.default,
    }


def minimal(world: World, record: Repository) -> JSON:
    """A `minimal-repository`, which promises little."""
    keys = ("id", "node_id", "name", "full_name", "private", "owner", "html_url", "description", "fork", "url")
    whole = repository(world, record)
    return {key: whole[key] for key in (*keys, *_LINKS)}


def _counts(record: Repository) -> JSON:
    issues = sum(one.state == "open" for one in record.issues.values())
    return {
        **dict.fromkeys(("size", "stargazers_count", "watchers_count", "watchers", "forks_count", "forks"), 0),
        "open_issues_count": issues,
        "open_issues": issues,
    }


def _switches(record: Repository) -> JSON:
    return {
        "has_issues": record.has_issues,
        **dict.fromkeys(("has_projects", "has_downloads", "has_wiki", "allow_forking"), True),
        **dict.fromkeys(("has_pages", "has_discussions", "disabled", "is_template"), False),
        "web_commit_signoff_required": False,
        "archived": record.archived,
    }


def full_repository(world: World, record: Repository) -> JSON:
    """A `full-repository`."""
    more: JSON = {
        "permissions": permissions("none") | {"pull": True},
        "network_count": 0,
        "subscribers_count": 0,
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
        "custom_properties": dict(record.properties),
        "temp_clone_token": "",
    }
    if record.owner.kind == "Organization":
        more["organization"] = user(world, record.owner)
    if record.parent is not None:
        more["parent"] = more["source"] = repository(world, record.parent)
    return repository(world, record) | more


def brief(record: Repository) -> JSON:
    """The five keys that `installation` events give."""
    keys = ("id", "node_id", "name", "full_name", "private")
    return {key: getattr(record, key) for key in keys}


def context(world: World, record: Repository) -> JSON:
    """The part of a webhook's payload that says where it happened."""
    owner = record.owner
    where: JSON = {"repository": repository(world, record) | {"custom_properties": dict(record.properties)}}
    return where | ({"organization": organization(world, owner)} if owner.kind == "Organization" else {})


def reference(world: World, record: Repository, ref: str, sha: str) -> JSON:
    """A `git-ref`, by its full name."""
    url = address(world, record)
    kind = record.git.kind(sha) or "commit"
    return {
        "ref": ref,
        "node_id": f"REF_{record.id}_{ref}",
        "url": f"{url}/git/{ref}",
        "object": {"type": kind, "sha": sha, "url": f"{url}/git/{kind}s/{sha}"},
    }
