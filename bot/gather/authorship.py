"""Who has a hand in a pull request, and who has approved exactly its head."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.github.checks import nodes
from bot.github.client import Installation
from bot.github.queries import document
from rules.facts import Approvals, Unverifiable

_LISTED = 250
"""How many commits of a pull request GitHub lists at most."""
_MANY = Unverifiable(f"the pull request has more than {_LISTED} commits, more than GitHub lists: squash them")
_CROWD = Unverifiable("a commit of the pull request has more authors than are looked at: squash it")


def approvals(
    installation: Installation, repository: str, number: int, pull: Mapping[str, Any], whole: bool = False
) -> Approvals:
    """Who has approved the head of a GraphQL `PullRequest`, and who opened it, wrote or committed to it.

    Logins in small letters; a program is called `name[bot]`, as no person can be. `whole`: all authors are wanted even
    where nobody has approved. Raises RetryLater or Refused.
    """
    given = tuple(
        _login(review["author"])
        for review in nodes(pull["latestOpinionatedReviews"])
        if review["state"] == "APPROVED"
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
        for by in (*nodes(commit["authors"]), commit["committer"] or {}):
            if by.get("user"):
                yield by["user"]["login"].lower()


def _is_person(actor: Mapping[str, Any] | None) -> bool:
    return actor is not None and actor["__typename"] == "User"


def _login(actor: Mapping[str, Any]) -> str:
    login: str = actor["login"].lower()
    return login if actor["__typename"] == "User" else f"{login.removesuffix('[bot]')}[bot]"
