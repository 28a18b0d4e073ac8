"""Check runs and check suites."""

from typing import Any

from bot.demo.github.acts import checks as acts
from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import checks
from bot.demo.github.state import Run, Suite

_RUNS = "/repos/{owner}/{repo}/check-runs"
_SUITES = "/repos/{owner}/{repo}/check-suites"


def _run(call: Call) -> Run:
    wanted = call.number("check_run_id")
    for suite in call.repository.suites:
        for run in suite.runs:
            if run.id == wanted:
                return run
    raise Refusal(404, "Not Found")


def _suite(call: Call) -> Suite:
    wanted = call.number("check_suite_id")
    found = next((one for one in call.repository.suites if one.id == wanted), None)
    if found is None:
        raise Refusal(404, "Not Found")
    return found


def _own(call: Call, run: Run) -> Run:
    if run.suite.app is not call.world.app:
        raise Refusal(403, f"Invalid app_id `{run.suite.app.id}` - check run can only be modified by its own app")
    return run


@route("POST", _RUNS, "checks:write")
def create_run(call: Call) -> Answer:
    """A new check run."""
    return Answer(201, checks.run(call.world, acts.create(call.world, call.repository, call.body, call.me)))


@route("PATCH", _RUNS + "/{check_run_id}", "checks:write")
def update_run(call: Call) -> Any:
    """Change a check run; annotations are added."""
    run = _own(call, _run(call))
    acts.update(call.world, run, call.body, call.me)
    return checks.run(call.world, run)


@route("GET", _RUNS + "/{check_run_id}", "checks:read")
def get_run(call: Call) -> Any:
    """A check run."""
    return checks.run(call.world, _run(call))


@route("GET", _RUNS + "/{check_run_id}/annotations", "checks:read")
def list_annotations(call: Call) -> Answer:
    """Its annotations."""
    run = _run(call)
    return call.page(run.annotations, lambda one: checks.annotation(call.world, run, one))


@route("POST", _RUNS + "/{check_run_id}/rerequest", "checks:write")
def rerequest_run(call: Call) -> Answer:
    """Ask for it again."""
    acts.rerequest(call.world, _own(call, _run(call)), call.me)
    return Answer(201, {})


@route("GET", "/repos/{owner}/{repo}/commits/{ref}/check-runs", "checks:read")
def list_runs(call: Call) -> Answer:
    """The check runs on a commit."""
    suites = _on_commit(call)
    return _filtered(call, [run for suite in suites for run in suite.runs])


@route("GET", _SUITES + "/{check_suite_id}/check-runs", "checks:read")
def list_runs_of_suite(call: Call) -> Answer:
    """The check runs of a suite."""
    return _filtered(call, list(_suite(call).runs))


def _filtered(call: Call, runs: list[Run]) -> Answer:
    query = call.query
    every = query.get("filter", "latest") == "all"
    found = sorted(runs, key=lambda one: -one.id) if every else checks.latest(runs)
    name, status, app = query.get("check_name"), query.get("status"), query.get("app_id")
    found = [one for one in found if name in (None, one.name) and status in (None, one.status)]
    found = [one for one in found if app in (None, str(one.suite.app.id))]
    return call.page(found, lambda one: checks.run(call.world, one), "check_runs")


def _on_commit(call: Call) -> list[Suite]:
    sha = call.repository.git.resolve(call.names["ref"])
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {call.names['ref']}")
    return [one for one in call.repository.suites if one.head == sha]


@route("GET", "/repos/{owner}/{repo}/commits/{ref}/check-suites", "checks:read")
def list_suites(call: Call) -> Answer:
    """The suites on a commit."""
    name, app = call.query.get("check_name"), call.query.get("app_id")
    found = [one for one in _on_commit(call) if app in (None, str(one.app.id))]
    if name is not None:
        found = [one for one in found if name in [run.name for run in one.runs]]
    return call.page(found, lambda one: checks.suite(call.world, one), "check_suites")


@route("GET", _SUITES + "/{check_suite_id}", "checks:read")
def get_suite(call: Call) -> Any:
    """A suite."""
    return checks.suite(call.world, _suite(call))


@route("POST", _SUITES + "/{check_suite_id}/rerequest", "checks:write")
def rerequest_suite(call: Call) -> Answer:
    """Ask for all of it again."""
    acts.rerequest(call.world, _suite(call), call.me)
    return Answer(201, {})
