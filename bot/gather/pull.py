"""What GitHub knows of a pull request and how it is reviewed, read in one request."""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.errors import Refused, RetryLater
from bot.gather import authorship, gate
from bot.gather.ancestry import owners
from bot.gather.beside import Paths, Told, Wanted
from bot.gather.beside import read as beside
from bot.gather.blobs import exact
from bot.gather.cache import Known
from bot.gather.links import is_link
from bot.gather.names import ORGANISATION, POLICY
from bot.github import checks
from bot.github.checks import Standing, nodes, standing
from bot.github.client import Installation
from bot.github.faults import SOON
from bot.github.queries import document, repeated
from rules.catalogue import Catalogue
from rules.document import Document, absent, read, unreadable
from rules.facts import Approvals, History
from rules.nodes import MAX_BYTES
from rules.policy import Organisation, Policy

EMERGENCY = "pilot-emergency"
"""The label that lets a pull request through once an approver has approved it."""

_OURS = re.compile(
    r"checkSuites|comments|labels|everyone|label|codeowners|status|history|parents|(?:login|team|check)\d+"
)
"""What GitHub says of a pull request that is no sign of a change of it, or that the app has put there itself."""

_NESTED = 100

Model = TypeVar("Model", bound=BaseModel)


class Unseen(RetryLater):
    """GitHub shows no such pull request, or not yet."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request; `own`: the app wrote it. `node` is its id in GraphQL."""

    id: int
    node: str
    body: str
    own: bool
    minimised: bool


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as it stands, with the three files that decide how it is reviewed.

    `ref` is where its head is found by name; `foreign`: in another repository than its base, as a fork's is.
    `approvals` tells who has approved the head since it is held against this base, which it is since `rebased` where it
    had another before, and who has a hand in it; `changed`
    the paths that it changes, None where they can't all be told at once. `mark` is the same as long as all that
    GitHub says of it is, its check runs apart. `required`: a rule of the base branch requires this check with this app
    as its source; None where that is not told. `group`: the head is that of the merge queue's group.
    `tree` is the id of the head's tree, empty where it is not known; `parents` are those of its commits, and `outside`
    those of them that are none of its own commits, as far as they are known; `commits` are its own, None where they are
    too many. `told`: what was asked beside it.
    """

    id: int
    repository: str
    number: int
    open: bool
    head: str
    ref: str
    foreign: bool
    base: str
    base_commit: str | None
    default: str | None
    emergency: bool
    changed: tuple[str, ...] | None
    mark: str
    required: bool | None
    group: bool
    tree: str
    parents: frozenset[str]
    outside: frozenset[str]
    branch: str
    commits: frozenset[str] | None
    told: Told | None
    approvals: Approvals
    rebased: datetime | None
    topics: frozenset[str]
    policy: Document[Policy]
    base_policy: Document[Policy]
    organisation: Document[Organisation]
    standing: tuple[Standing, ...]
    comments: tuple[Comment, ...]

    @property
    def whole(self) -> bool:
        """Whether this is a branch as it stands (`bot.gather.branch`), so that each of its policies is in question."""
        return self.number == 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which pull request, whether with its last comments, and what its policy is `known` to ask for.

    What is known is asked for as well where the head's `ref` is known, too. `authors`: all of them are wanted even
    where nobody has approved.
    """

    repository: str
    number: int
    comments: bool = False
    ref: str | None = None
    known: Known | None = None
    authors: bool = False

    @property
    def beside(self) -> Wanted | None:
        """What is looked up beside it."""
        if self.known is None or self.ref is None:
            return None
        return replace(self.known.wanted, ref=self.ref)

    def variables(self, app: int) -> dict[str, Any]:
        """The variables of the query."""
        wanted = self.beside
        until = self.known.until if self.known and wanted else _NEVER
        found: dict[str, Any] = {"number": self.number, "app": app, "comments": self.comments}
        found |= {"known": wanted is not None, "until": until.isoformat(), "ref": (wanted and wanted.ref) or ""}
        found |= {"labelled": bool(wanted and wanted.label), "label": (wanted and wanted.label) or ""}
        return found | {"teams": bool(wanted and wanted.teams)} | (wanted.variables() if wanted else {})


_NEVER = datetime(1970, 1, 2, tzinfo=UTC)


def read_pull(installation: Installation, catalogue: Catalogue, asked: Asked) -> Pull:
    """A pull request. Raises RetryLater or Refused."""
    repository, number = asked.repository, asked.number
    owner, _, short = repository.partition("/")
    text = repeated("pull", asked.beside.times() if asked.beside else {})
    variables = {"owner": owner, "name": short, **asked.variables(installation.app.id)}
    found, denied = installation.look(text, variables)
    if found["repository"] is None:
        raise Refused(f"{repository} is not there, or this installation may not see it")
    here = found["repository"]
    if here["nameWithOwner"].lower() != repository.lower():
        # It was renamed or transferred, so the organisation's file may be that of the owner before.
        return read_pull(installation, catalogue, replace(asked, repository=here["nameWithOwner"]))
    pull = here["pullRequest"]
    if pull is None:
        # Whoever told us of it was ahead of the copy that answered.
        raise Unseen(installation.app.clock() + SOON, f"{repository}#{number} is not to be seen yet")
    head = _head(installation, repository, pull)
    files = Files(installation, catalogue)
    ref = pull["baseRef"] or {}
    base, default = ref.get("target") or {}, (here["defaultBranchRef"] or {}).get("name")
    parents, outside = _ancestry(pull["written"])
    emergency = any(node["name"].lower() == EMERGENCY for node in nodes(pull["labels"]))
    name, org = here["nameWithOwner"], found["organisation"] or {}
    organised = (org.get("defaultBranchRef") or {}).get("target") or {}
    return Pull(
        id=here["databaseId"],
        repository=name,
        number=number,
        open=pull["state"] == "OPEN" and not here["isArchived"],
        head=head["oid"],
        ref=f"refs/pull/{number}/head" if pull["isCrossRepository"] else pull["headRefName"],
        foreign=pull["isCrossRepository"],
        base=pull["baseRefName"],
        base_commit=base.get("oid"),
        default=default,
        changed=_changed(pull["files"]),
        mark=hashlib.sha256(json.dumps([_lasting(found), emergency], sort_keys=True).encode()).hexdigest(),
        required=gate.required(ref.get("rules"), checks.name(pull["baseRefName"], default), installation.app.id),
        group=False,
        tree=head["tree"]["oid"],
        parents=parents,
        outside=outside,
        branch=pull["headRefName"],
        commits=_commits(pull["written"]),
        told=_told(installation, asked, {**found, "repository": {**here, "object": head, "base": base}}, denied),
        emergency=emergency,
        approvals=authorship.approvals(installation, name, number, pull, asked.authors),
        rebased=authorship.rebased(pull),
        topics=frozenset(node["topic"]["name"] for node in nodes(here["repositoryTopics"])),
        policy=files.read(Where(name, head["oid"], POLICY), head.get("file"), Policy),
        base_policy=files.read(Where(name, base.get("oid"), POLICY), base.get("file"), Policy),
        organisation=files.read(
            Where(str(org.get("nameWithOwner")), organised.get("oid"), ORGANISATION),
            organised.get("file"),
            Organisation,
        ),
        standing=standing(head),
        comments=tuple(map(_comment, nodes(pull.get("comments")))),
    )


def _comment(node: Mapping[str, Any]) -> Comment:
    return Comment(
        node["databaseId"], node["id"], node["body"] or "", node["viewerDidAuthor"], node.get("isMinimized") or False
    )


def _told(installation: Installation, asked: Asked, data: Mapping[str, Any], denied: Paths) -> Told | None:
    """What was looked up beside a pull request; None where nothing was, or another head than that of the ref."""
    wanted, head = asked.beside, data["repository"]["object"]
    if wanted is None or asked.known is None or "history" not in head:
        return None
    before = next(iter(nodes(head["history"])), {}).get("file") or {}
    history = History(owners(exact(before.get("object") or {}) or b""))
    return Told(wanted, beside(installation, wanted, data, denied), asked.known.until, history)


def _commits(written: Mapping[str, Any]) -> frozenset[str] | None:
    found = frozenset(one["commit"]["oid"] for one in nodes(written))
    return found if written["totalCount"] == len(found) else None


def _ancestry(written: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The parents of a pull request's commits, and those of them that are none of its own; nothing where too many."""
    commits = [one["commit"] for one in nodes(written)]
    if written["totalCount"] != len(commits):
        return frozenset(), frozenset()
    parents = {parent["oid"] for one in commits for parent in nodes(one["parents"])}
    return frozenset(parents), frozenset(parents - {one["oid"] for one in commits})


def read_group(
    installation: Installation, catalogue: Catalogue, pull: Pull, ref: str, between: tuple[str, str]
) -> Pull:
    """The same pull request as it is in the merge queue, on the branch `ref`: `between` are the commit that it is
    merged onto and the group's head. Approvals stay those of the pull request. Raises RetryLater or Refused."""
    base, head = between
    variables = {"base": base, "head": head, "app": installation.app.id}
    found = _ask(installation, "group", pull.repository, **variables)["repository"]
    if found["head"] is None or found["base"] is None:
        raise Refused(f"{pull.repository}: the group {head} is gone")
    files = Files(installation, catalogue)
    return replace(
        pull,
        head=head,
        ref=ref,
        base_commit=base,
        policy=files.read(Where(pull.repository, head, POLICY), found["head"]["file"], Policy),
        base_policy=files.read(Where(pull.repository, base, POLICY), found["base"]["file"], Policy),
        standing=standing(found["head"]),
        changed=None,
        group=True,
        tree=found["head"]["tree"]["oid"],
        parents=frozenset({base}),
        outside=frozenset({base}),
        told=None,
    )


def _changed(files: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    found = nodes(files)
    # Of a file that was moved, only the new name is told here.
    moved = any(node["changeType"] == "RENAMED" for node in found)
    return None if moved or not files or files["totalCount"] != len(found) else tuple(node["path"] for node in found)


def _lasting(found: Any) -> Any:
    """What GitHub says, without what stands there because the app has put it there."""
    if isinstance(found, dict):
        return {key: _lasting(value) for key, value in found.items() if not _OURS.fullmatch(key)}
    return [_lasting(one) for one in found] if isinstance(found, list) else found


def read_nested(
    installation: Installation, catalogue: Catalogue, pull: Pull, paths: Sequence[str]
) -> dict[str, tuple[Document[Policy], Document[Policy]]]:
    """The policies at these paths, on the head and on the base branch. Raises RetryLater or Refused."""
    files, read = Files(installation, catalogue), dict[str, tuple[Document[Policy], Document[Policy]]]()
    for start in range(0, len(paths), _NESTED):
        page = paths[start : start + _NESTED]
        owner, _, name = pull.repository.partition("/")
        variables = {"owner": owner, "name": name, "head": pull.head, "base": pull.base_commit or pull.head}
        variables |= {f"path{number}": path for number, path in enumerate(page)}
        found = installation.query(repeated("nested", {"path": len(page)}), variables)["repository"] or {}
        for number, path in enumerate(page):
            sides = [
                files.read(Where(pull.repository, oid, path), ((found.get(side) or {}).get(f"path{number}")), Policy)
                for side, oid in (("head", pull.head), ("base", pull.base_commit))
            ]
            read[path] = (sides[0], sides[1] if pull.base_commit else absent(path, Policy))
    return read


def _ask(installation: Installation, name: str, repository: str, **variables: Any) -> dict[str, Any]:
    owner, _, short = repository.partition("/")
    found = installation.query(document(name), {"owner": owner, "name": short, **variables})
    if found["repository"] is None:
        raise Refused(f"{repository} is not there, or this installation may not see it")
    return found


def _head(installation: Installation, repository: str, pull: Mapping[str, Any]) -> Mapping[str, Any]:
    """The head commit: the last of the pull request's list, unless that ends early, as it does after some hundreds."""
    for node in nodes(pull["commits"]):
        commit: Mapping[str, Any] = node["commit"]
        if commit["oid"] == pull["headRefOid"]:
            return commit
    variables = {"head": pull["headRefOid"], "app": installation.app.id}
    found: Mapping[str, Any] | None = _ask(installation, "head", repository, **variables)["repository"]["object"]
    if found is None:
        raise RetryLater(installation.app.clock() + SOON, f"{repository}: {pull['headRefOid']} is not to be seen yet")
    return found


@dataclass(frozen=True, slots=True)
class Where:
    """A path of a commit, None for one that is not there."""

    repository: str
    commit: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Files:
    """Reads files that a query has found, to the same documents that a checkout makes of them."""

    installation: Installation
    catalogue: Catalogue

    def read(self, where: Where, found: Mapping[str, Any] | None, model: type[Model]) -> Document[Model]:
        """The document of a GraphQL `TreeEntry`; absent for None."""
        if found is None:
            return absent(where.path, model)
        if is_link(found):
            return unreadable(where.path, model, "this is a symbolic link: commit the file itself")
        if found["type"] != "blob":
            what = "a folder" if found["type"] == "tree" else "a submodule"
            return unreadable(where.path, model, f"this is {what}: a file belongs here")
        return read(self._bytes(where, found["object"] or {}), where.path, model, self.catalogue.codes)

    def _bytes(self, where: Where, blob: Mapping[str, Any]) -> bytes:
        if (blob.get("byteSize") or 0) > MAX_BYTES:
            # Nothing of it is read but that it is too large.
            return bytes(MAX_BYTES + 1)
        said = exact(blob)
        if said is not None:
            return said
        path = f"/repos/{where.repository}/contents/{where.path}"
        content = self.installation.get(path, {"ref": where.commit})["content"]
        return b64decode(content)[: MAX_BYTES + 1]
