"""Two commits beside each other."""

from typing import Any

from bot.demo.github.exchange import Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import commits, repositories

_FILES = 300
_COMMITS = 250


@route("GET", "/repos/{owner}/{repo}/compare/{basehead}", "contents:read")
def compare_commits(call: Call) -> Any:
    """How one stands to the other, and what differs since they parted."""
    git, world, place = call.repository.git, call.world, call.repository
    base, head = (_commit(call, name) for name in call.names["basehead"].partition("...")[::2])
    parted = git.fork_point(base, head)
    if parted is None:
        raise Refusal(404, f"No common ancestor between {base} and {head}.")
    ahead, behind = git.history(head, base), git.history(base, head)
    name = f"{base}...{head}"
    html = f"{repositories.page(world, place)}/compare/{name}"
    return {
        "url": f"{repositories.address(world, place)}/compare/{name}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commits.commit(world, place, base),
        "merge_base_commit": commits.commit(world, place, parted),
        "status": _STATUS[bool(ahead), bool(behind)],
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commits.commit(world, place, one) for one in ahead[::-1][:_COMMITS]],
        "files": [
            commits.changed_file(world, place, head, one) for one in git.changes(base, head, patches=True)[:_FILES]
        ],
    }


_STATUS = {
    (False, False): "identical",
    (True, False): "ahead",
    (False, True): "behind",
    (True, True): "diverged",
}


def _commit(call: Call, name: str) -> str:
    git = call.repository.git
    short = git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False).decode().strip()
    found = git.resolve(name) or short
    if not found:
        raise Refusal(404, "Not Found")
    return found
