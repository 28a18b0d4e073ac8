"""Check runs: what one says, which ones stand on a commit, and how it is put there without repeating anything.

GitHub takes 50 annotations a request and only ever adds to those of a run. So a run whose annotations have changed is
followed by a new one of the same name, the latest of which counts; and while further pages are to come, the run's
`external_id` says so, which lets a job that was killed in between go on where GitHub has got to.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.github.client import Installation

NAME = "Pilot readiness"
PAGE = 50
LIMIT = 65_535
"""How long a summary and a text may be. Counted in bytes here, which no way of counting characters exceeds."""

_MORE = "/more"
_ID = re.compile(r"(?:pull/([0-9]{1,9})|group/([0-9]{1,9})/([0-9a-f]{40,64}))/([0-9a-f]+)/([0-9a-f]+)(/more)?")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark on a line of a file. Columns are None for one on the whole line."""

    path: str
    line: int
    columns: tuple[int, int] | None
    level: str
    title: str
    message: str
    details: str | None = None

    def body(self) -> dict[str, Any]:
        """As GitHub takes it."""
        body = {
            "path": self.path,
            "start_line": self.line,
            "end_line": self.line,
            "annotation_level": self.level,
            "title": self.title,
            "message": self.message,
        }
        columns = {} if self.columns is None else {"start_column": self.columns[0], "end_column": self.columns[1]}
        return body | columns | ({} if self.details is None else {"raw_details": self.details})


@dataclass(frozen=True, slots=True)
class Action:
    """A button: `identifier` is what its press sends back."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What a check run is to say. All of it fits GitHub's limits, but for the number of annotations."""

    name: str
    conclusion: str
    title: str
    summary: str
    text: str = ""
    annotations: tuple[Annotation, ...] = ()
    actions: tuple[Action, ...] = ()


def name(base: str, default: str | None) -> str:
    """The check run's name: it carries the base branch where that is not the default one."""
    return NAME if base == default else f"{NAME} ({base})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a check run belongs: a pull request of a repository and its head; for a group of the merge queue, also the
    commit that it is merged `onto`."""

    repository: str
    number: int
    head: str
    onto: str | None = None

    @property
    def id(self) -> str:
        """What the `external_id` of its check runs begins with."""
        return f"pull/{self.number}" if self.onto is None else f"group/{self.number}/{self.onto}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A check run of this app that stands on a commit; `conclusion` is None until it is completed."""

    id: int
    name: str
    external_id: str
    conclusion: str | None
    annotations: int


def pull_of(external_id: str | None) -> int | None:
    """The number of the pull request whose head a check run is about; None where its id is none of those."""
    found = _ID.fullmatch(external_id or "")
    return int(found[1]) if found and found[1] else None


def group_of(external_id: str | None) -> tuple[int, str] | None:
    """The pull request whose group in the merge queue a check run is about, and what it is merged onto."""
    found = _ID.fullmatch(external_id or "")
    return (int(found[2]), found[3]) if found and found[2] else None


def identity(place: Place, run: CheckRun) -> str:
    """The `external_id` of a check run that says this, all of it."""
    return f"{place.id}/{'/'.join(_marks(run))}"


def _marks(run: CheckRun) -> tuple[str, str]:
    return _digest([one.body() for one in run.annotations]), _digest(_body(run))


def publish(
    installation: Installation, place: Place, run: CheckRun, standing: Sequence[Standing], again: bool = False
) -> int:
    """Make the check run of a pull request say this; returns how many requests it took, 0 where it does already.

    `again`: write even so, since GitHub waits for it after a re-run. Raises RetryLater or Refused; called again with
    what stands by then, it goes on.
    """
    wanted = identity(place, run)
    mine = [one for one in standing if one.name == run.name and one.external_id.startswith(f"{place.id}/")]
    latest = max(mine, key=lambda one: one.id, default=None)
    if latest and not again and latest.external_id == wanted and latest.conclusion == run.conclusion:
        return 0
    start = _goes_on(latest, _marks(run)[0], len(run.annotations))
    target = latest.id if latest is not None and start is not None else None
    bodies = list(_requests(run, wanted, start or 0))
    path = f"/repos/{place.repository}/check-runs"
    for body in bodies:
        if target is None:
            made = installation.send("POST", path, {"name": run.name, "head_sha": place.head, **body})
            target = made["id"]
        else:
            installation.send("PATCH", f"{path}/{target}", body)
    return len(bodies)


def _goes_on(latest: Standing | None, digest: str, count: int) -> int | None:
    """With which annotation to go on in the run that stands; None where a new one is needed."""
    found = _ID.fullmatch(latest.external_id) if latest is not None else None
    if latest is None or found is None:
        return None
    if latest.annotations == 0:
        return 0
    same = found[4] == digest and latest.annotations <= count
    return latest.annotations if same and (found[6] or latest.annotations == count) else None


def _requests(run: CheckRun, wanted: str, start: int) -> Iterator[dict[str, Any]]:
    """The bodies that say everything, `start` annotations being there already; the last one takes the mark away."""
    left = run.annotations[start:]
    pages = [left[at : at + PAGE] for at in range(0, len(left), PAGE)] or [()]
    for number, page in enumerate(pages, 1):
        body = _body(run)
        if page:
            body["output"]["annotations"] = [one.body() for one in page]
        yield {**body, "external_id": wanted if number == len(pages) else wanted + _MORE}


def _body(run: CheckRun) -> dict[str, Any]:
    output = {"title": run.title, "summary": run.summary} | ({"text": run.text} if run.text else {})
    actions = [
        {"label": one.label, "description": one.description, "identifier": one.identifier} for one in run.actions
    ]
    return {"status": "completed", "conclusion": run.conclusion, "output": output, "actions": actions}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def standing(commit: Mapping[str, Any]) -> tuple[Standing, ...]:
    """The check runs that a GraphQL `Commit` names."""
    runs = [
        run
        for suite in nodes(commit.get("checkSuites"))
        for run in nodes(suite.get("checkRuns"))
        if run.get("databaseId") is not None
    ]
    return tuple(
        Standing(
            id=run["databaseId"],
            name=run["name"],
            external_id=run.get("externalId") or "",
            conclusion=str(run["conclusion"]).lower() if run.get("status") == "COMPLETED" else None,
            annotations=(run.get("annotations") or {}).get("totalCount") or 0,
        )
        for run in runs
    )


def nodes(connection: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The nodes of a GraphQL connection, those that may not be seen left out."""
    return [node for node in (connection or {}).get("nodes") or () if node is not None]
