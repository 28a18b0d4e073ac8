"""Check runs are written, asked for again, and their buttons pressed."""

from collections.abc import Mapping
from typing import Any

from bot.demo.github.acts.pulls import suite_for
from bot.demo.github.exchange import Refusal, invalid
from bot.demo.github.shapes import checks
from bot.demo.github.state import Account, Repository, Run, Suite, World, stamp

_CONCLUSIONS = {
    "action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out",
}  # fmt: skip
_TEXT, _ANNOTATIONS, _ACTIONS, _MESSAGE = 65_535, 50, 3, 64 * 1024
_LEVELS = ("notice", "warning", "failure")
_LENGTHS = {"label": 20, "identifier": 20, "description": 40}


def write(world: World, run: Run, body: Mapping[str, Any]) -> None:
    """Set what a request says of a run; Refusal where GitHub would not take it. Annotations are added to the rest."""
    check(body)
    output = body.get("output") or {}
    for key, given in (("name", body), ("external_id", body), ("details_url", body)):
        if given.get(key) is not None:
            setattr(run, key, given[key])
    for key in ("title", "summary", "text"):
        if key in output:
            setattr(run, key, output[key])
    run.annotations += output.get("annotations") or []
    if "actions" in body:
        run.actions = list(body["actions"])
    _progress(world, run, body)
    run.changed = run.suite.changed = world.now()


def _progress(world: World, run: Run, body: Mapping[str, Any]) -> None:
    conclusion = body.get("conclusion")
    status = "completed" if conclusion else body.get("status")
    if status is not None:
        run.status, run.conclusion = status, conclusion
    now = stamp(world.now())
    run.started = body.get("started_at") or run.started or now
    run.completed = (body.get("completed_at") or now) if run.status == "completed" else None


def check(body: Mapping[str, Any]) -> None:
    """Refusal for what is not as GitHub wants it."""
    if body.get("status", "queued") not in ("queued", "in_progress", "completed"):
        raise invalid("CheckRun", "status")
    conclusion = body.get("conclusion")
    if conclusion is not None and conclusion not in _CONCLUSIONS:
        raise invalid("CheckRun", "conclusion")
    if conclusion is None and (body.get("status") == "completed" or body.get("completed_at")):
        raise invalid("CheckRun", "conclusion", "missing_field")
    if body.get("output") is not None:
        _check_output(body["output"])
    _check_actions(body.get("actions") or [])


def _check_output(output: Mapping[str, Any]) -> None:
    for key in ("title", "summary"):
        if not isinstance(output.get(key), str):
            raise Refusal(422, f'Invalid request.\n\nNo subschema in "anyOf" matched.\n"{key}" wasn\'t supplied.')
    for key in ("summary", "text"):
        # GitHub counts what the database keeps, which is bytes.
        if len(str(output.get(key) or "").encode()) > _TEXT:
            raise invalid("CheckRun", key, "custom", f"{key} exceeds a maximum bytesize of {_TEXT}")
    if len(output["title"]) > 255:
        raise invalid("CheckRun", "title", "custom", "title is too long (maximum is 255 characters)")
    annotations = output.get("annotations") or []
    if len(annotations) > _ANNOTATIONS:
        raise Refusal(422, f"Invalid request.\n\nNo more than {_ANNOTATIONS} items are allowed; {len(annotations)}")
    for one in annotations:
        _check_annotation(one)


def _check_annotation(one: Mapping[str, Any]) -> None:
    for key in ("path", "start_line", "end_line", "annotation_level", "message"):
        if one.get(key) in (None, ""):
            raise Refusal(422, f'Invalid request.\n\n"{key}" wasn\'t supplied.')
    lines, columns = (one["start_line"], one["end_line"]), (one.get("start_column"), one.get("end_column"))
    if not all(isinstance(line, int) and line >= 1 for line in lines) or lines[0] > lines[1]:
        raise invalid("CheckAnnotation", "end_line")
    if any(column is not None for column in columns):
        _check_columns(columns, same_line=lines[0] == lines[1])
    if one["annotation_level"] not in _LEVELS:
        raise invalid("CheckAnnotation", "annotation_level")
    if len(one.get("title") or "") > 255:
        raise invalid("CheckAnnotation", "title")
    for key in ("message", "raw_details"):
        if len(str(one.get(key) or "").encode()) > _MESSAGE:
            raise invalid("CheckAnnotation", key, "custom", f"{key} exceeds a maximum bytesize of {_MESSAGE}")


def _check_columns(columns: tuple[Any, Any], same_line: bool) -> None:
    start, end = columns
    numbers = all(isinstance(one, int) and one >= 1 for one in columns)
    if not same_line or not numbers or start > end:
        raise invalid("CheckAnnotation", "start_column")


def _check_actions(actions: list[Any]) -> None:
    if len(actions) > _ACTIONS:
        raise Refusal(422, f"Invalid request.\n\nNo more than {_ACTIONS} items are allowed; {len(actions)}")
    for one in actions:
        for key, most in _LENGTHS.items():
            if not isinstance(one.get(key), str) or not one[key] or len(one[key]) > most:
                raise invalid("CheckRun", f"actions.{key}", "custom", f"{key} is 1 to {most} characters")


def create(world: World, repository: Repository, body: Mapping[str, Any], user: Account) -> Run:
    """A new check run of the app."""
    name, head = body.get("name"), body.get("head_sha")
    if not isinstance(name, str) or not name:
        raise Refusal(422, 'Invalid request.\n\n"name" wasn\'t supplied.')
    if not isinstance(head, str) or repository.git.kind(head) != "commit":
        raise Refusal(422, "No commit found for SHA: " + str(head))
    check(body)
    suite = suite_for(world, repository, head)
    run = world.add(Run(suite, name))
    suite.runs.append(run)
    write(world, run, body)
    _tell(world, "created", run, user)
    if run.status == "completed":
        _tell(world, "completed", run, user)
    return run


def post(world: World, at: tuple[Repository, str], name: str, conclusion: str | None, app: str) -> Run:
    """A new check run of another app; one that is not concluded is in progress. ValueError for what can't be.

    Each run of a workflow is a suite of its own; any other app has one on a commit.
    """
    repository, sha = at
    if repository.git.kind(sha) != "commit" or conclusion not in (*_CONCLUSIONS, None):
        raise ValueError(f"nobody can conclude {conclusion} about {sha}")
    other = world.other(app)
    suites = [one for one in repository.suites if one.head == sha and one.app is other and app != "github-actions"]
    branch = next((name for name, head in repository.git.branches.items() if head == sha), None)
    suite = suites[0] if suites else world.add(Suite(repository, sha, branch, other))
    if not suites:
        repository.suites.append(suite)
    run = world.add(Run(suite, name))
    suite.runs.append(run)
    _progress(world, run, {"status": "in_progress"})
    user = _bot(world, run)
    _tell(world, "created", run, user)
    if conclusion is not None:
        conclude(world, run, conclusion)
    return run


def conclude(world: World, run: Run, conclusion: str) -> None:
    """Another app completes a run of its own, or completes it otherwise."""
    _progress(world, run, {"conclusion": conclusion})
    run.changed = run.suite.changed = world.now()
    _tell(world, "completed", run, _bot(world, run))


def _bot(world: World, run: Run) -> Account:
    return world.account(f"{run.suite.app.slug}[bot]", "Bot")


def update(world: World, run: Run, body: Mapping[str, Any], user: Account) -> None:
    """Change a check run."""
    before = run.status
    write(world, run, body)
    if run.status == "completed" and before != "completed":
        _tell(world, "completed", run, user)


def rerequest(world: World, what: Run | Suite, user: Account) -> None:
    """Ask for a check run, or for all of a suite, again. It counts as queued until it is written again."""
    if isinstance(what, Run):
        what.status, what.conclusion, what.completed = "queued", None, None
        _tell(world, "rerequested", what, user)
        return
    for run in checks.latest(what.runs):
        run.status, run.conclusion, run.completed = "queued", None, None
    if what.app is world.app:
        told = checks.told_suite(world, what)
        world.tell("check_suite", what.repository, user, "rerequested", check_suite=told)


def press(world: World, run: Run, identifier: str, user: Account) -> None:
    """Press a button; ValueError where the run has none of that name."""
    if identifier not in [one["identifier"] for one in run.actions]:
        raise ValueError(f"{run.name} has no button {identifier}")
    _tell(world, "requested_action", run, user, requested_action={"identifier": identifier})


def _tell(world: World, action: str, run: Run, user: Account, **parts: Any) -> None:
    # Another app's run is told to those alone who have subscribed, and never its buttons.
    if action in ("rerequested", "requested_action") and run.suite.app is not world.app:
        return
    told = checks.told(world, run)
    world.tell("check_run", run.suite.repository, user, action, check_run=told, **parts)
