"""Check runs and check suites."""

from typing import Any

from bot.demo.github.shapes.app import integration
from bot.demo.github.shapes.commits import simple_commit
from bot.demo.github.shapes.pulls import minimal
from bot.demo.github.shapes.repositories import address, page, repository
from bot.demo.github.state import Pull, Run, Suite, World, stamp

JSON = dict[str, Any]


def pulls_of(suite: Suite) -> list[Pull]:
    """The open pull requests that a suite lists: those of branches of its own repository, none of forks."""
    return [
        one
        for one in suite.repository.pulls
        if one.head == suite.head and one.issue.state == "open" and one.head_repository is suite.repository
    ]


def latest(runs: list[Run]) -> list[Run]:
    """The last of each name and app, the newest first."""
    last = {(run.suite.app.id, run.name): run for run in runs}
    return sorted(last.values(), key=lambda one: -one.id)


def verdict(suite: Suite) -> tuple[str, str | None]:
    """The state and the conclusion that the runs of a suite add up to."""
    runs = latest(suite.runs)
    if not runs:
        return "queued", None
    if any(run.status != "completed" for run in runs):
        return ("queued" if all(run.status == "queued" for run in runs) else "in_progress"), None
    order = ("failure", "timed_out", "cancelled", "action_required", "stale", "success", "neutral", "skipped")
    return "completed", min((str(run.conclusion) for run in runs), key=order.index)


def suite(world: World, record: Suite) -> JSON:
    """A `check-suite`."""
    url = f"{address(world, record.repository)}/check-suites/{record.id}"
    status, conclusion = verdict(record)
    before = record.repository.git.commit(record.head).parents
    return {
        "id": record.id,
        "node_id": record.node_id,
        "head_branch": record.branch,
        "head_sha": record.head,
        "status": status,
        "conclusion": conclusion,
        "url": url,
        "before": before[0] if before else None,
        "after": record.head,
        "pull_requests": [minimal(world, one) for one in pulls_of(record)],
        "app": integration(world, record.app),
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
        "rerequestable": True,
        "runs_rerequestable": True,
        "latest_check_runs_count": len(latest(record.runs)),
        "check_runs_url": f"{url}/check-runs",
        "head_commit": simple_commit(record.repository, record.head),
        "repository": repository(world, record.repository),
    }


def _output(world: World, record: Run) -> JSON:
    return {
        "title": record.title,
        "summary": record.summary,
        "text": record.text,
        "annotations_count": len(record.annotations),
        "annotations_url": f"{address(world, record.suite.repository)}/check-runs/{record.id}/annotations",
    }


def run(world: World, record: Run) -> JSON:
    """A `check-run`."""
    where = record.suite.repository
    return {
        "id": record.id,
        "name": record.name,
        "node_id": record.node_id,
        "head_sha": record.suite.head,
        "external_id": record.external_id,
        "url": f"{address(world, where)}/check-runs/{record.id}",
        "html_url": f"{page(world, where)}/runs/{record.id}",
        "details_url": record.details_url or world.url,
        "status": record.status,
        "conclusion": record.conclusion,
        "started_at": record.started,
        "completed_at": record.completed,
        "output": _output(world, record),
        "check_suite": {"id": record.suite.id},
        "app": integration(world, record.suite.app),
        "pull_requests": [minimal(world, one) for one in pulls_of(record.suite)],
    }


def told(world: World, record: Run) -> JSON:
    """A check run as `check_run` events have it: with the whole suite."""
    whole = suite(world, record.suite)
    left_out = ("rerequestable", "runs_rerequestable", "latest_check_runs_count", "check_runs_url", "head_commit")
    brief = {key: value for key, value in whole.items() if key not in (*left_out, "repository")}
    return run(world, record) | {"check_suite": brief}


def told_suite(world: World, record: Suite) -> JSON:
    """A check suite as `check_suite` events have it."""
    whole = suite(world, record)
    del whole["repository"]
    return whole


def annotation(world: World, record: Run, given: JSON) -> JSON:
    """A `check-annotation`."""
    html = page(world, record.suite.repository)
    keys = ("path", "start_line", "end_line", "start_column", "end_column", "annotation_level")
    rest = ("title", "message", "raw_details")
    return {
        "path": given["path"],
        "blob_href": f"{html}/blob/{record.suite.head}/{given['path']}",
        **{key: given.get(key) for key in (*keys, *rest)},
    }
