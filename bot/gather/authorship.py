"""Who has a hand in a pull request, and who has approved exactly its head."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.errors import Refused
from bot.github.checks import nodes
from bot.github.client import Installation
from bot.github.queries import document
from rules.facts import Approvals, Unverifiable

_LISTED = 250
"""How many commits of a pull request GitHub lists at most."""
_GITHUB = "web-flow"
"""Who commits what is written on GitHub's own pages, for its author: nobody, who would be in everybody's company."""
_MANY = Unverifiable(f"the pull request has more than {_LISTED} commits, more than GitHub lists: squash them")
_CROWD = Unverifiable("a commit of the pull request has more authors than are looked at: squash it")


class Pull(Protocol):
    """A pull request: where its branch is, and the ids of its commits, None where they are too many."""

    @property
    def repository(self) -> str:
        """`owner/name`."""

    @property
    def branch(self) -> str:
        """The branch."""

    @property
    def foreign(self) -> bool:
        """Whether that is in another repository."""

    @property
    def commits(self) -> frozenset[str] | None:
        """The ids."""


def approvals(
    installation: Installation, repository: str, number: int, pull: Mapping[str, Any], whole: bool = False
) -> Approvals:
    """Who has approved the head of a GraphQL `PullRequest`, and who opened it, wrote or committed to it.

    Logins in small letters; a program is called `name[bot]`, as no person can be. `whole`: all authors are wanted even
    where nobody has approved. Raises RetryLater or Refused.
    """
    since = rebased(pull)
    given = tuple(
        _login(review["author"])
        for review in nodes(pull["latestOpinionatedReviews"])
        if review["state"] == "APPROVED"
        # What a commit weakens hangs on what it is held against.
        and (since is None or (review["submittedAt"] and datetime.fromisoformat(review["submittedAt"]) > since))
        and (review.get("commit") or {}).get("oid") == pull["headRefOid"]
        and _is_person(review["author"])
    )
    authors = {_login(pull["author"])} if pull["author"] else set[str]()
    if not given and not whole:
        # Nobody has to be told apart from the authors.
        return Approvals((), frozenset(authors | set(_hands(pull["written"]))))
    page, seen = pull["written"], 0
    while True:
        commits = nodes(page)
        seen += len(commits)
        authors |= set(_hands(page))
        if any(one["commit"]["authors"]["totalCount"] > len(one["commit"]["authors"]["nodes"]) for one in commits):
            return Approvals((), frozenset(authors), _CROWD)
        if seen >= page["totalCount"]:
            return Approvals(given, frozenset(authors))
        if seen >= _LISTED or not commits:
            return Approvals((), frozenset(authors), _MANY)
        page = _next(installation, repository, number, page["pageInfo"]["endCursor"])


def rebased(pull: Mapping[str, Any]) -> datetime | None:
    """When a GraphQL `PullRequest` was last given another base branch; None where it never was."""
    times = [datetime.fromisoformat(one["createdAt"]) for one in nodes(pull["rebased"])]
    return max(times, default=None)


def pushers(installation: Installation, pull: Pull) -> frozenset[str]:
    """Who has pushed the commits of a pull request to its branch, whatever those say of their authors.

    Of a fork that is not told. Raises RetryLater or Refused.
    """
    known = pull.commits
    found = _activity(installation, pull)
    mine = [one for one in found if one.get("actor") and (known is None or one["after"] in known)]
    return frozenset(one["actor"]["login"].lower() for one in mine)


def pushed_since(installation: Installation, pull: Pull, moment: datetime) -> frozenset[str]:
    """The commits that the branch of a pull request was moved to at that moment or later, as far as that is told.

    Raises RetryLater or Refused.
    """
    found = _activity(installation, pull)
    return frozenset(one["after"] for one in found if datetime.fromisoformat(one["timestamp"]) >= moment)


def _activity(installation: Installation, pull: Pull) -> list[Mapping[str, Any]]:
    """What was pushed to the branch lately, the latest first; nothing where that is not told."""
    if pull.foreign:
        return []
    try:
        asked = {"ref": f"refs/heads/{pull.branch}", "per_page": "100"}
        found: list[Mapping[str, Any]] = installation.get(f"/repos/{pull.repository}/activity", asked)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        # An older server does not tell; whoever was seen to push is known from its webhooks.
        return []
    return found


def _next(installation: Installation, repository: str, number: int, after: str) -> Mapping[str, Any]:
    owner, _, name = repository.partition("/")
    variables = {"owner": owner, "name": name, "number": number, "after": after}
    found = installation.query(document("commits"), variables)["repository"] or {}
    page: Mapping[str, Any] = (found.get("pullRequest") or {}).get("written") or {"totalCount": 2**31, "nodes": []}
    return page


def _hands(page: Mapping[str, Any]) -> Iterator[str]:
    """Whoever wrote or committed a commit, as far as GitHub knows their address."""
    for one in nodes(page):
        commit = one["commit"]
        yield from (by["user"]["login"].lower() for by in nodes(commit["authors"]) if by.get("user"))
        committer = ((commit["committer"] or {}).get("user") or {}).get("login", _GITHUB).lower()
        if committer != _GITHUB:
            yield committer


def _is_person(actor: Mapping[str, Any] | None) -> bool:
    return actor is not None and actor["__typename"] == "User"


def _login(actor: Mapping[str, Any]) -> str:
    login: str = actor["login"].lower()
    return login if actor["__typename"] == "User" else f"{login.removesuffix('[bot]')}[bot]"
