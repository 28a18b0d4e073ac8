"""Repositories, their branches, refs and rules."""

from typing import Any

from bot.demo.github.acts import pulls as acts
from bot.demo.github.codeowners import codeowners, errors
from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import commits, repositories
from bot.demo.github.state import Repository

_REPO = "/repos/{owner}/{repo}"


@route("GET", _REPO, "metadata:read")
def get_repository(call: Call) -> Any:
    """The repository."""
    return repositories.full_repository(call.world, call.repository)


@route("GET", _REPO + "/topics", "metadata:read")
def get_topics(call: Call) -> Any:
    """Its topics."""
    return {"names": list(call.repository.topics)}


@route("GET", _REPO + "/properties/values", "metadata:read", "repository_custom_properties:read")
def get_properties(call: Call) -> Any:
    """Its organisation's custom properties."""
    return [{"property_name": name, "value": value} for name, value in sorted(call.repository.properties.items())]


@route("GET", _REPO + "/branches", "contents:read")
def list_branches(call: Call) -> Answer:
    """Its branches, by name."""
    url = repositories.address(call.world, call.repository)

    def shape(one: tuple[str, str]) -> dict[str, Any]:
        name, sha = one
        commit = {"sha": sha, "url": f"{url}/commits/{sha}"}
        return {"name": name, "commit": commit, "protected": bool(call.repository.rules.get(name))}

    return call.page(list(call.repository.git.branches.items()), shape)


@route("GET", _REPO + "/branches/{branch}", "contents:read")
def get_branch(call: Call) -> Any:
    """A branch."""
    name = call.names["branch"]
    sha = call.repository.git.branch(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    url, html = repositories.address(call.world, call.repository), repositories.page(call.world, call.repository)
    contexts = [
        check["context"]
        for rule in call.repository.rules.get(name, [])
        for check in (rule.get("parameters") or {}).get("required_status_checks", [])
    ]
    required = {"enforcement_level": "non_admins", "contexts": contexts, "checks": []}
    return {
        "name": name,
        "commit": commits.commit(call.world, call.repository, sha),
        "_links": {"self": f"{url}/branches/{name}", "html": f"{html}/tree/{name}"},
        "protected": bool(call.repository.rules.get(name)),
        "protection": {"enabled": False, "required_status_checks": required},
        "protection_url": f"{url}/branches/{name}/protection",
    }


@route("GET", _REPO + "/rules/branches/{branch}", "metadata:read")
def get_rules(call: Call) -> Answer:
    """The rules of rulesets that hold for a branch."""
    return call.page(call.repository.rules.get(call.names["branch"], []), dict)


def violations(repository: Repository, branch: str) -> str | None:
    """What GitHub says of a commit that is pushed to a branch past its rules; None where there are none."""
    checks = [
        f'Required status check "{check["context"]}" is expected.'
        for rule in repository.rules.get(branch, [])
        for check in (rule.get("parameters") or {}).get("required_status_checks", [])
    ]
    return "\n\n".join(["Repository rule violations found", *checks]) if repository.rules.get(branch) else None


@route("GET", _REPO + "/codeowners/errors", "contents:read")
def get_codeowners_errors(call: Call) -> Any:
    """What GitHub finds wrong in the CODEOWNERS file."""
    ref = call.query.get("ref", call.repository.default)
    if codeowners(call.repository, ref) is None:
        raise Refusal(404, "Not Found")
    return {"errors": errors(call.world, call.repository, ref)}


@route("GET", _REPO + "/git/ref/{ref}", "contents:read")
def get_ref(call: Call) -> Any:
    """A ref, by its name without `refs/`."""
    ref = f"refs/{call.names['ref']}"
    sha = call.repository.git.refs.get(ref)
    if sha is None:
        raise Refusal(404, "Not Found")
    return repositories.reference(call.world, call.repository, ref, sha)


@route("POST", _REPO + "/git/refs", "contents:write")
def create_ref(call: Call) -> Answer:
    """A new ref."""
    ref, sha = call.given("ref", str) or "", call.given("sha", str) or ""
    git = call.repository.git
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise Refusal(422, "Reference name is not valid")
    if ref in git.refs:
        raise Refusal(422, "Reference already exists")
    if git.kind(sha) is None:
        raise Refusal(422, "Object does not exist")
    git.set(ref, sha)
    _moved(call, ref, None)
    return Answer(201, repositories.reference(call.world, call.repository, ref, sha))


def _named(call: Call) -> tuple[str, str]:
    ref = f"refs/{call.names['ref']}"
    sha = call.repository.git.refs.get(ref)
    if sha is None:
        raise Refusal(422, "Reference does not exist")
    return ref, sha


@route("PATCH", _REPO + "/git/refs/{ref}", "contents:write")
def update_ref(call: Call) -> Any:
    """Let a ref point elsewhere; forwards, unless it is forced."""
    ref, before = _named(call)
    git, sha = call.repository.git, call.given("sha", str) or ""
    if git.kind(sha) != "commit":
        raise Refusal(422, "Object does not exist")
    broken = violations(call.repository, ref.removeprefix("refs/heads/"))
    if broken:
        raise Refusal(422, broken)
    if not call.given("force", bool) and before not in git.history(sha):
        raise Refusal(422, "Update is not a fast forward")
    git.set(ref, sha)
    _moved(call, ref, before)
    return repositories.reference(call.world, call.repository, ref, sha)


@route("DELETE", _REPO + "/git/refs/{ref}", "contents:write")
def delete_ref(call: Call) -> Answer:
    """Take a ref away."""
    ref, before = _named(call)
    call.repository.git.set(ref, None)
    _moved(call, ref, before)
    return Answer(204)


def _moved(call: Call, ref: str, before: str | None) -> None:
    if ref.startswith("refs/heads/"):
        branch = ref.removeprefix("refs/heads/")
        acts.moved(call.world, call.repository, branch, before, call.me, quiet=False)
