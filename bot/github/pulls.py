"""Which pull requests there are."""

from collections.abc import Iterator

from bot.github.checks import nodes
from bot.github.client import Installation
from bot.github.queries import document


def open_into(installation: Installation, repository: str, base: str) -> Iterator[int]:
    """The numbers of the open pull requests into a branch, a hundred to a request."""
    owner, _, name = repository.partition("/")
    after = None
    while True:
        variables = {"owner": owner, "name": name, "base": base, "after": after}
        found = installation.query(document("open_pulls"), variables)["repository"]
        if found is None:
            return
        yield from (node["number"] for node in nodes(found["pullRequests"]))
        page = found["pullRequests"]["pageInfo"]
        if not page["hasNextPage"]:
            return
        after = page["endCursor"]


def with_head(installation: Installation, repository: str, head: str) -> list[int]:
    """The numbers of the open pull requests of a repository whose head is this commit, those of forks too."""
    owner, _, name = repository.partition("/")
    variables = {"owner": owner, "name": name, "head": head}
    found = (installation.query(document("commit_pulls"), variables)["repository"] or {}).get("object") or {}
    return [
        node["number"]
        for node in nodes(found.get("associatedPullRequests"))
        if node["state"] == "OPEN"
        and node["headRefOid"] == head
        # A commit of a fork network is in pull requests of other repositories as well.
        and ((node.get("baseRepository") or {}).get("nameWithOwner") or "").lower() == repository.lower()
    ]
