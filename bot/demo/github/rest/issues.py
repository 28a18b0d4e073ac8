"""Issues, their labels and assignees."""

from typing import Any

from bot.demo.github.acts import issues as acts
from bot.demo.github.exchange import Answer, Refusal, invalid
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import issues
from bot.demo.github.state import Issue, Label

_ISSUES = "/repos/{owner}/{repo}/issues"
_ISSUE = _ISSUES + "/{issue_number}"
_LABELS = "/repos/{owner}/{repo}/labels"
_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")


@route("GET", _ISSUES, "issues:read")
def list_issues(call: Call) -> Answer:
    """Issues and pull requests, the newest first."""
    query = call.query
    state, labels = query.get("state", "open"), {one for one in query.get("labels", "").split(",") if one}
    creator, since, assignee = query.get("creator"), query.get("since"), query.get("assignee")

    def wanted(one: Issue) -> bool:
        people = [person.login for person in one.assignees]
        return (
            state in ("all", one.state)
            and {name.lower() for name in labels} <= {label.name.lower() for label in one.labels}
            and creator in (None, one.user.login)
            and (assignee in (None, "*", *people) if assignee != "none" else not people)
            and (since is None or one.changed.strftime("%Y-%m-%dT%H:%M:%SZ") >= since)
        )

    found = [one for one in reversed(call.repository.issues.values()) if wanted(one)]
    if query.get("sort") == "updated":
        found.sort(key=lambda one: one.changed, reverse=True)
    if query.get("direction") == "asc":
        found.reverse()
    return call.page(found, lambda one: issues.issue(call.world, one))


@route("POST", _ISSUES, "issues:write")
def create_issue(call: Call) -> Answer:
    """Open one, unless the repository has none."""
    if not call.repository.has_issues:
        raise Refusal(410, "Issues has been disabled in this repository.")
    title = call.given("title", str)
    if not title:
        raise invalid("Issue", "title", "missing_field")
    if len(title) > 256:
        raise invalid("Issue", "title", "custom", "title is too long (maximum is 256 characters)")
    body = acts.body(call.given("body", str), "Issue")
    logins = _logins(call)
    for login in logins or ():
        if not acts.assignable(call.world, call.repository, login):
            raise invalid("Issue", "assignees", "invalid")
    issue = acts.open_issue(call.world, Issue(call.repository, 0, call.me, title, body, by_app=True))
    acts.set_labels(call.world, issue, call.me, _names(call) or [])
    acts.assign(call.world, issue, call.me, logins or [])
    return Answer(201, issues.issue(call.world, issue))


def _names(call: Call) -> list[str] | None:
    given = call.body if isinstance(call.body, list) else call.given("labels", list)
    return None if given is None else [one["name"] if isinstance(one, dict) else str(one) for one in given]


def _logins(call: Call) -> list[str] | None:
    given = call.given("assignees", list)
    single = call.body.get("assignee")
    return [str(one) for one in given] if given is not None else [single] if single else None


@route("GET", _ISSUE, *_READ)
def get_issue(call: Call) -> Any:
    """One of them."""
    return issues.issue(call.world, call.issue())


@route("PATCH", _ISSUE, *_WRITE)
def update_issue(call: Call) -> Any:
    """Change one."""
    issue, world = call.issue(), call.world
    state = call.given("state", str)
    if state not in (None, "open", "closed"):
        raise invalid("Issue", "state")
    acts.edit(world, issue, call.me, call.given("title", str), acts.body(call.given("body", str), "Issue"))
    names, logins = _names(call), _logins(call)
    if names is not None:
        acts.set_labels(world, issue, call.me, names)
    if logins is not None:
        acts.assign(world, issue, call.me, logins)
    if state is not None:
        acts.set_state(world, issue, call.me, state, call.given("state_reason", str))
    return issues.issue(world, issue)


@route("GET", _ISSUE + "/labels", *_READ)
def list_issue_labels(call: Call) -> Answer:
    """Its labels."""
    return call.page(call.issue().labels, lambda one: issues.label(call.world, call.repository, one))


def _relabel(call: Call, names: list[str]) -> Answer:
    issue = call.issue()
    acts.set_labels(call.world, issue, call.me, names)
    return Answer(200, [issues.label(call.world, call.repository, one) for one in issue.labels])


@route("POST", _ISSUE + "/labels", *_WRITE)
def add_labels(call: Call) -> Answer:
    """Add labels; what is no label of the repository becomes one."""
    return _relabel(call, [one.name for one in call.issue().labels] + (_names(call) or []))


@route("PUT", _ISSUE + "/labels", *_WRITE)
def set_labels(call: Call) -> Answer:
    """Give it these labels and no others."""
    return _relabel(call, _names(call) or [])


@route("DELETE", _ISSUE + "/labels/{name}", *_WRITE)
def remove_label(call: Call) -> Answer:
    """Take a label away."""
    was = [one.name for one in call.issue().labels]
    left = [one for one in was if one.lower() != call.names["name"].lower()]
    if len(left) == len(was):
        raise Refusal(404, "Label does not exist")
    return _relabel(call, left)


@route("POST", _ISSUE + "/assignees", *_WRITE)
def add_assignees(call: Call) -> Answer:
    """Assign it to people as well; whoever can't be is left out without a word."""
    issue = call.issue()
    acts.assign(call.world, issue, call.me, [one.login for one in issue.assignees] + (_logins(call) or []))
    return Answer(201, issues.issue(call.world, issue))


@route("DELETE", _ISSUE + "/assignees", *_WRITE)
def remove_assignees(call: Call) -> Any:
    """Assign it to people no longer."""
    issue, gone = call.issue(), {one.lower() for one in _logins(call) or []}
    acts.assign(call.world, issue, call.me, [one.login for one in issue.assignees if one.login.lower() not in gone])
    return issues.issue(call.world, issue)


@route("GET", "/repos/{owner}/{repo}/assignees/{assignee}", *_READ)
def check_assignee(call: Call) -> Answer:
    """Whether somebody can be assigned."""
    if not acts.assignable(call.world, call.repository, call.names["assignee"]):
        raise Refusal(404, "Not Found")
    return Answer(204)


@route("GET", _LABELS, *_READ)
def list_labels(call: Call) -> Answer:
    """The labels of the repository."""
    return call.page(list(call.repository.labels.values()), lambda one: issues.label(call.world, call.repository, one))


def _label(call: Call) -> Label:
    found = call.repository.labels.get(call.names["name"].lower())
    if found is None:
        raise Refusal(404, "Not Found")
    return found


@route("GET", _LABELS + "/{name}", *_READ)
def get_label(call: Call) -> Any:
    """A label."""
    return issues.label(call.world, call.repository, _label(call))


@route("POST", _LABELS, *_WRITE)
def create_label(call: Call) -> Answer:
    """A new label."""
    name = call.given("name", str) or ""
    if name.lower() in call.repository.labels:
        raise invalid("Label", "name", "already_exists")
    if not 0 < len(name) <= 50:
        raise invalid("Label", "name")
    made = acts.label(call.world, call.repository, name)
    made.color = call.given("color", str) or made.color
    made.description = call.given("description", str)
    if len(made.description or "") > 100:
        raise invalid("Label", "description")
    return Answer(201, issues.label(call.world, call.repository, made))
