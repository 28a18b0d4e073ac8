"""Teams, and who may do what in a repository."""

from typing import Any

from bot.demo.github.graphql.fields import Info, Problem, asker, connection, field, named, plain, reaches
from bot.demo.github.state import ROLES, Account, Repository, Team, World

named(Team, "Team")
plain(
    "Team",
    slug=lambda one: one.slug,
    name=lambda one: one.slug,
    combinedSlug=lambda one: f"{one.organisation.login}/{one.slug}",
    organization=lambda one: one.organisation,
    parentTeam=lambda one: one.parent,
)


def _listed(people: list[tuple[Any, dict[str, str]]], **arguments: Any) -> dict[str, Any]:
    """A page whose edges say more than their nodes."""
    page = connection([one for one, _ in people], **arguments)
    more = {id(one): said for one, said in people}
    return page | {"edges": [edge | more[id(edge["node"])] for edge in page["edges"]]}


@field("Organization", "team")
def team(value: Account, info: Info, slug: str) -> Team | None:
    """A team of the installation's organisation; that of another one is not there."""
    who = asker(info)
    if who.token.installation.account is not value:
        return None
    if "members" not in who.token.permissions:
        raise Problem("FORBIDDEN", "Resource not accessible by integration")
    return who.world.teams.get((value.login.lower(), slug.lower()))


@field("Team", "members")
def members(value: Team, info: Info, **arguments: Any) -> dict[str, Any]:
    """Its members and those of the teams below it; `membership` leaves one of the two out."""
    world, kind = asker(info).world, arguments.get("membership", "ALL")
    below = world.members(value)
    chosen = {
        login: role
        for login, role in below.items()
        if kind == "ALL" or (login in value.members) is (kind == "IMMEDIATE")
    }
    sought, wanted = (arguments.get("query") or "").lower(), arguments.get("role")
    found = [
        (world.account(login), {"role": role.upper()})
        for login, role in chosen.items()
        if sought in login and wanted in (None, role.upper())
    ]
    return _listed(found, **arguments)


@field("Team", "repositories")
def repositories(value: Team, info: Info, **arguments: Any) -> dict[str, Any]:
    """Those that it may do something in, as far as the token reaches."""
    who, sought = asker(info), (arguments.get("query") or "").lower()
    found = [
        (one, {"permission": value.role(one).upper()})
        for one in who.world.repositories.values()
        if value.role(one) != "none" and sought in one.name.lower() and (reaches(who, one) or not one.private)
    ]
    return _listed(found, **arguments)


@field("Repository", "collaborators")
def collaborators(value: Repository, info: Info, **arguments: Any) -> dict[str, Any]:
    """Whoever has a role there by name, by a team or as a member, with the most that anything grants."""
    who = asker(info)
    if not reaches(who, value):
        raise Problem("FORBIDDEN", "You do not have permission to view repository collaborators.")
    sought, login = (arguments.get("query") or "").lower(), arguments.get("login")
    kind = arguments.get("affiliation") or "ALL"
    found = [
        (one, {"permission": who.world.role(value, one.login).upper()})
        for one in who.world.accounts.values()
        if one.kind == "User"
        and _affiliated(who.world, value, one.login.lower(), kind)
        and sought in one.login.lower()
        and (login is None or login.lower() == one.login.lower())
    ]
    return _listed(found, **arguments)


def _affiliated(world: World, repository: Repository, login: str, kind: str) -> bool:
    direct = repository.roles.get(login, "none") != "none"
    member = login in repository.owner.members
    if kind != "ALL":
        return direct and (kind == "DIRECT" or not member)
    granted = [one.role(repository) for one in world.teams.values() if login in world.members(one)]
    base = repository.owner.base if member else "none"
    owns = repository.owner.login.lower() == login or repository.owner.members.get(login) == "admin"
    return direct or owns or max([base, *granted], key=ROLES.index) != "none"
