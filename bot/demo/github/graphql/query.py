"""The entrance of the schema: repositories, accounts, whatever has an id, and what is left of the limit."""

from typing import Any

from bot.demo.github.graphql.fields import Info, Problem, as_user, asker, field, plain, reaches, visible
from bot.demo.github.state import Account, Known, Registered, Repository, stamp

plain("Query", id=lambda _: "Q_root")


@field("Query", "repository")
def repository(_: Any, info: Info, owner: str, name: str, followRenames: bool = True) -> Repository:  # noqa: N803
    """A repository by its name, of today or of before."""
    who = asker(info)
    found = who.world.find(f"{owner}/{name}")
    if found is None and followRenames:
        found = who.world.former.get(f"{owner}/{name}".lower())
    if found is None or (found.private and not reaches(who, found)):
        raise Problem("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return found


@field("Query", "node")
def node(_: Any, info: Info, id: str) -> Known:
    """A record by its node id."""
    who = asker(info)
    found = who.world.nodes.get(id)
    if found is None or not visible(who, found):
        raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'.")
    return found


@field("Query", "nodes")
def nodes(_: Any, info: Info, ids: list[str]) -> list[Known | Problem]:
    """Records by their node ids, null for what is not there."""
    found: list[Known | Problem] = []
    for id in ids:
        try:
            found.append(node(None, info, id=id))
        except Problem as problem:
            found.append(problem)
    return found


@field("Query", "user", "organization")
def account(_: Any, info: Info, login: str) -> Account:
    """An account of the kind that the field says."""
    found = asker(info).world.accounts.get(login.lower())
    kind = "User" if info.field_name == "user" else "Organization"
    if found is None or found.kind != kind:
        raise Problem(
            "NOT_FOUND", f"Could not resolve to {'a' if kind == 'User' else 'an'} {kind} with the login of '{login}'."
        )
    return found


@field("Query", "viewer")
def viewer(_: Any, info: Info) -> Account:
    """The app's own account, which GitHub passes off as a user."""
    world = asker(info).world
    return as_user(world.account(f"{world.app.slug}[bot]", "Bot"))


@field("Query", "rateLimit")
def limit(_: Any, info: Info, dryRun: bool = False) -> dict[str, Any]:  # noqa: ARG001, N803
    """What is left."""
    found = asker(info).limit
    return {
        "cost": 1,
        "limit": found.limit,
        "nodeCount": 1,
        "remaining": found.remaining,
        "used": found.used,
        "resetAt": stamp(found.reset),
    }


for _name in ("cost", "limit", "nodeCount", "remaining", "used", "resetAt"):
    plain("RateLimit", **{_name: lambda value, name=_name: value[name]})


def _url(account: Account, info: Info) -> str:
    return f"{asker(info).world.url}/{account.login}"


for _kind in ("User", "Bot", "Organization"):
    # GraphQL leaves out the brackets of a bot's login.
    plain(_kind, login=lambda one: one.login.removesuffix("[bot]") if one.kind == "Bot" else one.login)
    field(_kind, "url")(_url)
    if _kind != "Bot":
        plain(_kind, name=lambda _: None)


def _name_of(app: Registered) -> str:
    return app.name


plain("App", name=_name_of, slug=lambda app: app.slug)
