"""The pilots of an account, as the default branches of its repositories keep them: a hundred to a request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.gather.names import ORGANISATION, POLICY
from bot.gather.pull import Files, Where
from bot.github.checks import nodes
from bot.github.client import Installation
from bot.github.queries import repeated
from rules.catalogue import Catalogue
from rules.document import Document
from rules.policy import Organisation, Policy

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Pilot:
    """A repository's policy on its default branch, absent where it has none, and what it is known by."""

    id: int
    name: str
    archived: bool
    issues: bool
    topics: frozenset[str]
    branch: str | None
    commit: str | None
    tree: str
    policy: Document[Policy]


@dataclass(frozen=True, slots=True)
class Page:
    """As many pilots as one request reads, and the organisation's file that they are under."""

    organisation: Document[Organisation]
    pilots: tuple[Pilot, ...]


def pilots(installation: Installation, catalogue: Catalogue, names: Sequence[str]) -> Iterator[Pilot]:
    """The repositories of these names (`owner/name`) of one account; those that are gone are left out.

    Raises RetryLater or Refused.
    """
    for page in pages(installation, catalogue, names):
        yield from page.pilots


def pages(installation: Installation, catalogue: Catalogue, names: Sequence[str]) -> Iterator[Page]:
    """The same, as they are read, with the organisation's file."""
    files = Files(installation, catalogue)
    for start in range(0, len(names), _AT_ONCE):
        page = names[start : start + _AT_ONCE]
        variables = {"owner": page[0].partition("/")[0]}
        variables |= {f"name{number}": name.partition("/")[2] for number, name in enumerate(page)}
        data, _ = installation.look(repeated("pilots", {"name": len(page)}), variables)
        org = data.get("organisation") or {}
        target = (org.get("defaultBranchRef") or {}).get("target") or {}
        where = Where(str(org.get("nameWithOwner")), target.get("oid"), ORGANISATION)
        found = (data.get(f"name{number}") for number in range(len(page)))
        yield Page(
            files.read(where, target.get("file"), Organisation),
            tuple(_pilot(files, one) for one in found if one is not None),
        )


def _pilot(files: Files, found: Mapping[str, Any]) -> Pilot:
    branch = found["defaultBranchRef"] or {}
    target = branch.get("target") or {}
    where = Where(found["nameWithOwner"], target.get("oid"), POLICY)
    return Pilot(
        id=found["databaseId"],
        name=found["nameWithOwner"],
        archived=found["isArchived"],
        issues=found["hasIssuesEnabled"],
        topics=frozenset(node["topic"]["name"] for node in nodes(found["repositoryTopics"])),
        branch=branch.get("name"),
        commit=target.get("oid"),
        tree=(target.get("tree") or {}).get("oid") or "",
        policy=files.read(where, target.get("file"), Policy),
    )
