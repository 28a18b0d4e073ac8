"""Users, collaborators, teams and memberships."""

from typing import Any

from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import accounts, repositories
from bot.demo.github.state import Account, Repository, Team

_TEAM = "/orgs/{org}/teams/{team_slug}"


def _account(call: Call, key: str) -> Account:
    found = call.world.accounts.get(call.names[key].lower())
    if found is None:
        raise Refusal(404, "Not Found")
    return found


def _organisation(call: Call) -> Account:
    """The organisation of the path; another one's than the installation's is not there for it."""
    found = _account(call, "org")
    if call.token is None or call.token.installation.account is not found:
        raise Refusal(404, "Not Found")
    return found


@route("GET", "/users/{username}", "metadata:read")
def get_user(call: Call) -> Any:
    """An account."""
    return accounts.public_user(call.world, _account(call, "username"))


@route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", "metadata:read")
def get_permission(call: Call) -> Any:
    """What somebody may do in the repository."""
    user = call.world.accounts.get(call.names["username"].lower())
    if user is None or user.kind == "Organization":
        raise Refusal(404, f"{call.names['username']} is not a user")
    return accounts.collaborator(call.world, user, call.world.role(call.repository, user.login))


@route("GET", "/repos/{owner}/{repo}/collaborators/{username}", "metadata:read")
def check_collaborator(call: Call) -> Answer:
    """Whether somebody is a collaborator; whoever can only read what is public is not."""
    name, owner = call.names["username"].lower(), call.repository.owner
    known = name in owner.members or call.repository.roles.get(name, "none") != "none"
    if not known and owner.login.lower() != name:
        raise Refusal(404, "Not Found")
    return Answer(204)


def _team(call: Call) -> Team:
    found = call.world.teams.get((_organisation(call).login.lower(), call.names["team_slug"]))
    if found is None:
        raise Refusal(404, "Not Found")
    return found


@route("GET", _TEAM, "members:read")
def get_team(call: Call) -> Any:
    """A team."""
    return accounts.team(call.world, _team(call))


@route("GET", _TEAM + "/members", "members:read")
def list_members(call: Call) -> Answer:
    """Its members."""
    found = [call.world.account(login) for login in call.world.members(_team(call))]
    return call.page(found, lambda one: accounts.user(call.world, one))


@route("GET", _TEAM + "/memberships/{username}", "members:read")
def get_team_membership(call: Call) -> Any:
    """Whether somebody belongs to it."""
    team = _team(call)
    role = call.world.members(team).get(call.names["username"].lower())
    if role is None:
        raise Refusal(404, "Not Found")
    url = f"{call.world.url}{call.path}"
    return {"url": url, "role": role, "state": "active"}


@route("GET", _TEAM + "/repos", "members:read")
def list_team_repositories(call: Call) -> Answer:
    """The repositories that it has a role in."""
    team = _team(call)
    found = [one for one in call.world.repositories.values() if team.role(one) != "none"]
    return call.page(found, lambda one: _with_role(call, one, team.role(one)))


@route("GET", _TEAM + "/repos/{owner}/{repo}", "members:read")
def get_team_repository(call: Call) -> Any:
    """What it may do in a repository; 204 unless the media type asks for more, 404 where nothing."""
    if _team(call).role(call.repository) == "none":
        raise Refusal(404, "Not Found")
    return Answer(204)


def _with_role(call: Call, repository: Repository, role: str) -> dict[str, Any]:
    more = {"permissions": accounts.permissions(role), "role_name": role}
    return repositories.repository(call.world, repository) | more


@route("GET", "/orgs/{org}/memberships/{username}", "members:read")
def get_membership(call: Call) -> Any:
    """How somebody belongs to the organisation."""
    owner, user = _organisation(call), _account(call, "username")
    role = owner.members.get(user.login.lower())
    if role is None:
        raise Refusal(404, "Not Found")
    return {
        "url": f"{call.world.url}{call.path}",
        "state": "active",
        "role": role,
        "organization_url": f"{call.world.url}/orgs/{owner.login}",
        "organization": accounts.organization(call.world, owner),
        "user": accounts.user(call.world, user),
    }


@route("GET", "/orgs/{org}/members/{username}", "members:read")
def check_member(call: Call) -> Answer:
    """Whether somebody belongs to the organisation."""
    if call.names["username"].lower() not in _organisation(call).members:
        raise Refusal(404, "User does not exist or is not a member of the organization")
    return Answer(204)
