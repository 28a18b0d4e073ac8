"""Pull requests."""

from typing import Any

from bot.demo.github.acts import issues as issue_acts
from bot.demo.github.acts import pulls as acts
from bot.demo.github.exchange import Answer, Refusal, invalid
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import commits, pulls
from bot.demo.github.state import Issue, Pull, Repository

_PULLS = "/repos/{owner}/{repo}/pulls"
_PULL = _PULLS + "/{pull_number}"
_FILES = 3000


@route("GET", _PULLS, "pull_requests:read")
def list_pulls(call: Call) -> Answer:
    """The pull requests, the newest first."""
    query = call.query
    state, base, head = query.get("state", "open"), query.get("base"), query.get("head")
    found = [one for one in call.repository.pulls if state in ("all", one.issue.state)]
    found = [one for one in found if base in (None, one.base_ref) and head in (None, _label(one))]
    if query.get("sort") == "updated":
        found.sort(key=lambda one: one.issue.changed, reverse=True)
    if query.get("direction") == "asc":
        found.reverse()
    return call.page(found, lambda one: pulls.pull(call.world, one))


def _label(pull: Pull) -> str:
    owner = pull.head_repository.owner.login if pull.head_repository else ""
    return f"{owner}:{pull.head_ref}"


@route("GET", _PULL, "pull_requests:read")
def get_pull(call: Call) -> Any:
    """One pull request."""
    return pulls.full_pull(call.world, call.pull())


@route("POST", _PULLS, "pull_requests:write")
def create_pull(call: Call) -> Answer:
    """Open one."""
    repository = call.repository
    place, branch = _head(call)
    base = call.given("base", str) or ""
    if repository.git.branch(base) is None:
        raise invalid("PullRequest", "base")
    if place.git.branch(branch) is None:
        raise invalid("PullRequest", "head")
    for one in repository.pulls:
        where = (one.head_repository, one.head_ref, one.base_ref)
        if one.issue.state == "open" and where == (place, branch, base):
            text = f"A pull request already exists for {place.owner.login}:{branch}."
            raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": text}])
    if not repository.git.history(place.git.refs[f"refs/heads/{branch}"], repository.git.branch(base)):
        text = f"No commits between {base} and {branch}"
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": text}])
    title = call.given("title", str)
    if not title:
        raise invalid("PullRequest", "title", "missing_field")
    body = issue_acts.body(call.given("body", str), "PullRequest")
    issue = Issue(repository, 0, call.me, title, body, by_app=True)
    pull = acts.open_pull(call.world, issue, (place, branch), base, bool(call.given("draft", bool)))
    return Answer(201, pulls.full_pull(call.world, pull))


def _head(call: Call) -> tuple[Repository, str]:
    owner, _, branch = (call.given("head", str) or "").rpartition(":")
    for one in call.world.network(call.repository):
        if one.owner.login.lower() == owner.lower():
            return one, branch
    return call.repository, branch


@route("PATCH", _PULL, "pull_requests:write")
def update_pull(call: Call) -> Any:
    """Change one."""
    pull = call.pull()
    issue_acts.body(call.given("body", str), "PullRequest")
    changed = {key: str(call.body[key]) for key in ("title", "body", "base") if call.given(key, str) is not None}
    if "base" in changed and call.repository.git.branch(changed["base"]) is None:
        raise invalid("PullRequest", "base")
    acts.edit(call.world, pull, call.me, **changed)
    if call.given("state", str) in ("open", "closed"):
        acts.set_state(call.world, pull, call.me, call.body["state"])
    return pulls.full_pull(call.world, pull)


@route("GET", _PULL + "/files", "pull_requests:read")
def list_files(call: Call) -> Answer:
    """What it changes, with patches."""
    pull = call.pull()
    changes = pull.repository.git.changes(pull.base, pull.head, patches=True)[:_FILES]
    return call.page(changes, lambda one: commits.changed_file(call.world, pull.repository, pull.head, one))


@route("GET", _PULL + "/commits", "pull_requests:read")
def list_commits(call: Call) -> Answer:
    """Its commits, the oldest first; no more than 250, as on GitHub."""
    pull = call.pull()
    git = pull.repository.git
    found = git.history(pull.head, git.fork_point(pull.base, pull.head))[::-1][:250]
    return call.page(found, lambda one: commits.commit(call.world, pull.repository, one))


@route("GET", _PULL + "/reviews", "pull_requests:read")
def list_reviews(call: Call) -> Answer:
    """Its reviews, in order."""
    return call.page(call.pull().reviews, lambda one: pulls.review(call.world, one))


@route("GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", "pull_requests:read", "contents:read")
def list_pulls_of_commit(call: Call) -> Answer:
    """The pull requests that a commit is in."""
    sha = call.names["commit_sha"]
    if call.repository.git.kind(sha) != "commit":
        raise Refusal(422, f"No commit found for SHA: {sha}")
    return call.page(containing(call.repository, sha), lambda one: pulls.pull(call.world, one))


def containing(repository: Repository, sha: str) -> list[Pull]:
    """The pull requests into a repository that have a commit."""
    git = repository.git
    return [
        pull
        for pull in repository.pulls
        if sha in (pull.head, pull.merge_commit) or sha in git.history(pull.head, git.fork_point(pull.base, pull.head))
    ]
