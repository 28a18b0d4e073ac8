"""Check suites, check runs and annotations."""

from typing import Any

from bot.demo.github.graphql.commits import CommitAt
from bot.demo.github.graphql.fields import Info, asker, connection, dated, field, may, plain
from bot.demo.github.graphql.repository import RefAt, existing
from bot.demo.github.shapes import checks
from bot.demo.github.state import Run, Suite

dated("CheckSuite")


@field("Commit", "checkSuites")
def suites(value: CommitAt, info: Info, **arguments: Any) -> dict[str, Any]:
    """The suites on a commit; `filterBy` by app or by the name of a check."""
    may(asker(info), value.repository, "checks")
    chosen = arguments.get("filterBy") or {}
    app, name = chosen.get("appId"), chosen.get("checkName")
    found = [
        one
        for one in value.repository.suites
        if one.head == value.sha
        and app in (None, one.app.id)
        and (name is None or name in [run.name for run in one.runs])
    ]
    return connection(found, **arguments)


@field("CheckSuite", "checkRuns")
def runs(value: Suite, _: Info, **arguments: Any) -> dict[str, Any]:
    """The runs of a suite: the latest of each name, unless `checkType: ALL` asks for all of them."""
    chosen = arguments.get("filterBy") or {}
    every = chosen.get("checkType") == "ALL"
    found = sorted(value.runs, key=lambda one: -one.id) if every else checks.latest(value.runs)
    return connection([one for one in found if _chosen(one, chosen)], **arguments)


def _chosen(run: Run, chosen: dict[str, Any]) -> bool:
    states = chosen.get("statuses") or ([chosen["status"]] if chosen.get("status") else None)
    conclusions = chosen.get("conclusions")
    return (
        chosen.get("checkName") in (None, run.name)
        and chosen.get("appId") in (None, run.suite.app.id)
        and (not states or run.status.upper() in states)
        and (not conclusions or (run.conclusion or "").upper() in conclusions)
    )


plain(
    "CheckSuite",
    app=lambda one: one.app,
    commit=lambda one: CommitAt(one.repository, one.head),
    repository=lambda one: one.repository,
    status=lambda one: checks.verdict(one)[0].upper(),
    conclusion=lambda one: (checks.verdict(one)[1] or "").upper() or None,
)


@field("CheckSuite", "branch")
def branch(value: Suite, _: Info) -> RefAt | None:
    """The branch that was pushed."""
    return existing(value.repository, f"refs/heads/{value.branch}")


plain(
    "CheckRun",
    name=lambda one: one.name,
    externalId=lambda one: one.external_id,
    status=lambda one: one.status.upper(),
    conclusion=lambda one: one.conclusion and one.conclusion.upper(),
    title=lambda one: one.title,
    summary=lambda one: one.summary,
    text=lambda one: one.text,
    detailsUrl=lambda one: one.details_url,
    startedAt=lambda one: one.started,
    completedAt=lambda one: one.completed,
    checkSuite=lambda one: one.suite,
    repository=lambda one: one.suite.repository,
)


@field("CheckRun", "url", "permalink")
def url(value: Run, info: Info) -> str:
    """Its page."""
    return f"{asker(info).world.url}/{value.suite.repository.full_name}/runs/{value.id}"


@field("CheckRun", "annotations")
def annotations(value: Run, info: Info, **arguments: Any) -> dict[str, Any]:
    """Its annotations, in the order in which they came."""
    world = asker(info).world
    return connection([checks.annotation(world, value, one) for one in value.annotations], **arguments)


plain(
    "CheckAnnotation",
    annotationLevel=lambda one: str(one["annotation_level"]).upper(),
    path=lambda one: one["path"],
    message=lambda one: one["message"],
    title=lambda one: one["title"],
    rawDetails=lambda one: one["raw_details"],
    blobUrl=lambda one: one["blob_href"],
    databaseId=lambda _: None,
    location=lambda one: one,
)
plain(
    "CheckAnnotationSpan",
    start=lambda one: (one["start_line"], one["start_column"]),
    end=lambda one: (one["end_line"], one["end_column"]),
)
plain("CheckAnnotationPosition", line=lambda one: one[0], column=lambda one: one[1])
