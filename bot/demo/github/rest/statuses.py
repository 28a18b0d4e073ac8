"""Commit statuses."""

from typing import Any

from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import repositories, statuses

_COMMIT = "/repos/{owner}/{repo}/commits/{ref}"


def _sha(call: Call) -> str:
    sha = call.repository.git.resolve(call.names["ref"])
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {call.names['ref']}")
    return sha


@route("GET", _COMMIT + "/statuses", "statuses:read")
def list_statuses(call: Call) -> Answer:
    """All that was set on a commit, the newest first."""
    sha = _sha(call)
    found = [one for one in reversed(call.repository.statuses) if one.sha == sha]
    return call.page(found, lambda one: statuses.status(call.world, one))


@route("GET", _COMMIT + "/status", "statuses:read")
def get_status(call: Call) -> Any:
    """What the last of each context add up to."""
    sha, url = _sha(call), repositories.address(call.world, call.repository)
    found = statuses.latest(call.repository, sha)
    return {
        "state": statuses.combined(found),
        "statuses": [statuses.simple(call.world, one) for one in found],
        "sha": sha,
        "total_count": len(found),
        "repository": repositories.minimal(call.world, call.repository),
        "commit_url": f"{url}/commits/{sha}",
        "url": f"{url}/commits/{sha}/status",
    }
