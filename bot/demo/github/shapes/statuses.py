"""Commit statuses."""

from typing import Any

from bot.demo.github.shapes.accounts import user
from bot.demo.github.shapes.commits import commit
from bot.demo.github.shapes.repositories import address
from bot.demo.github.state import CommitStatus, Repository, World, stamp

JSON = dict[str, Any]


def latest(repository: Repository, sha: str) -> list[CommitStatus]:
    """The last of each context on a commit, the newest first."""
    last = {one.context: one for one in repository.statuses if one.sha == sha}
    return sorted(last.values(), key=lambda one: -one.id)


def combined(found: list[CommitStatus]) -> str:
    """What they add up to; pending where there are none."""
    states = {one.state for one in found}
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


def simple(world: World, record: CommitStatus) -> JSON:
    """A `simple-commit-status`."""
    return {
        "url": f"{address(world, record.repository)}/statuses/{record.sha}",
        "avatar_url": f"{world.url}/avatars/{record.creator.id}",
        "id": record.id,
        "node_id": record.node_id,
        "state": record.state,
        "description": record.description,
        "target_url": record.target,
        "context": record.context,
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
    }


def status(world: World, record: CommitStatus) -> JSON:
    """A `status`."""
    return simple(world, record) | {"creator": user(world, record.creator)}


def told(world: World, record: CommitStatus) -> JSON:
    """A status as `status` events have it."""
    where, url = record.repository, address(world, record.repository)
    keys = ("avatar_url", "id", "state", "description", "target_url", "context", "created_at", "updated_at")
    branches = [
        {"name": name, "commit": {"sha": sha, "url": f"{url}/commits/{sha}"}, "protected": name in where.rules}
        for name, sha in where.git.branches.items()
        if sha == record.sha
    ]
    about = {"sha": record.sha, "name": where.full_name, "branches": branches[:10]}
    whole = simple(world, record)
    return {key: whole[key] for key in keys} | about | {"commit": commit(world, where, record.sha)}
