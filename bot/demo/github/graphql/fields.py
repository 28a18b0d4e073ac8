"""Who answers for a field, and what the answers have in common: connections, errors and permissions."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import graphql

from bot.demo.github.auth import Limit, Token
from bot.demo.github.state import (
    Account,
    Comment,
    Issue,
    Known,
    Label,
    Pull,
    Registered,
    Repository,
    Review,
    Run,
    Suite,
    World,
    stamp,
)

Info = graphql.GraphQLResolveInfo
Resolve = Callable[..., Any]

_RESOLVERS: dict[tuple[str, str], Resolve] = {}
_NAMES: dict[type, str] = {
    Comment: "IssueComment",
    Issue: "Issue",
    Label: "Label",
    Pull: "PullRequest",
    Registered: "App",
    Repository: "Repository",
    Review: "PullRequestReview",
    Run: "CheckRun",
    Suite: "CheckSuite",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an installation, by its token."""

    world: World
    token: Token
    limit: Limit


class Problem(graphql.GraphQLError):
    """An error of the data, with GitHub's type for it."""

    def __init__(self, kind: str, message: str) -> None:
        """`kind` as `NOT_FOUND`."""
        super().__init__(message, extensions={"type": kind})


def field(where: str, *names: str) -> Callable[[Resolve], Resolve]:
    """Answer for fields of a type, as `resolve(value, info, **arguments)`."""

    def register(resolve: Resolve) -> Resolve:
        _RESOLVERS.update({(where, name): resolve for name in names})
        return resolve

    return register


def plain(where: str, **names: Callable[[Any], Any]) -> None:
    """Answer for fields that take nothing but the value."""
    for name, read in names.items():
        _RESOLVERS[where, name] = lambda value, _info, read=read, **_: read(value)


def named(kind: type, name: str) -> None:
    """What the values of a class are called in the schema."""
    _NAMES[kind] = name


def attach(schema: graphql.GraphQLSchema) -> graphql.GraphQLSchema:
    """Give every field of the schema what answers for it; LookupError for one that nobody does."""
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if isinstance(type_, graphql.GraphQLInterfaceType | graphql.GraphQLUnionType):
            type_.resolve_type = lambda value, _info, _type: type_name(value)
        elif isinstance(type_, graphql.GraphQLObjectType):
            for name, one in type_.fields.items():
                one.resolve = _resolver(type_.name, name)
    return schema


def _resolver(type_: str, name: str) -> Resolve:
    found = _RESOLVERS.get((type_, name))
    if found is not None:
        return found
    if type_.endswith(("Connection", "Edge", "Payload")) or type_ == "PageInfo":
        return lambda value, _info: value[name]
    if name == "id":
        return lambda value, _info: value.node_id
    if name == "databaseId":
        return lambda value, _info: value.id
    raise LookupError(f"nothing answers for {type_}.{name}")


def type_name(value: Any) -> str:
    """The name of a value's type."""
    if isinstance(value, Account):
        return {"Organization": "Organization", "Bot": "Bot"}.get(value.kind, "User")
    return _NAMES[type(value)]


def as_user(account: Account) -> Account:
    """An account as GitHub shows it where the schema has a User and nothing else."""
    if account.kind == "User":
        return account
    shown = Account(account.login, "User")
    shown.id = account.id
    return shown


def asker(info: Info) -> Asker:
    """Who asks."""
    found: Asker = info.context
    return found


def reaches(who: Asker, repository: Repository) -> bool:
    """Whether a token is for a repository."""
    only = who.token.repositories
    return who.token.installation.covers(repository) and (only is None or repository.id in only)


def may(who: Asker, repository: Repository, *permissions: str) -> None:
    """Problem for what none of these permissions lets the token read. What is public may be read by everybody."""
    if reaches(who, repository):
        if not any(one in who.token.permissions for one in permissions):
            raise Problem("FORBIDDEN", "Resource not accessible by integration")
    elif repository.private:
        raise Problem("NOT_FOUND", f"Could not resolve to a Repository with the name '{repository.full_name}'.")


def visible(who: Asker, record: Known) -> bool:
    """Whether a record may be seen at all."""
    place: Any = record
    for key in ("suite", "issue", "pull"):
        place = getattr(place, key, None) or place
    where = place if isinstance(place, Repository) else getattr(place, "repository", None)
    return where is None or not where.private or reaches(who, where)


def connection(
    items: Sequence[Any],
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    **_: Any,
) -> dict[str, Any]:
    """A page of a list. As GitHub does, it insists on `first` or `last`, of 100 at most."""
    size = first if first is not None else last
    if size is None:
        raise Problem("MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value to paginate.")
    if not 0 <= size <= 100:
        raise Problem("EXCESSIVE_PAGINATION", f"Requesting {size} records exceeds the `first` limit of 100 records.")
    start = _place(after) + 1 if after else 0
    end = _place(before) if before else len(items)
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    nodes = list(items[start:end])
    edges = [{"cursor": _cursor(start + place), "node": node} for place, node in enumerate(nodes)]
    info = {
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
        "hasNextPage": end < len(items),
        "hasPreviousPage": start > 0,
    }
    return {"nodes": nodes, "edges": edges, "pageInfo": info, "totalCount": len(items)}


def _cursor(place: int) -> str:
    return base64.b64encode(f"cursor:v2:{place}".encode()).decode()


def _place(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except ValueError as error:
        raise Problem("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from error


def ordered(items: Sequence[Known], order: Any) -> list[Any]:
    """A list in the order that is asked for; as it stands where none is, or one by something else than a date."""
    if not order:
        return list(items)
    key = "changed" if order["field"] == "UPDATED_AT" else "made"
    return sorted(items, key=lambda one: (getattr(one, key), one.id), reverse=order["direction"] == "DESC")


def dated(*types: str) -> None:
    """`createdAt` and `updatedAt` of records."""
    for one in types:
        plain(one, createdAt=lambda value: stamp(value.made), updatedAt=lambda value: stamp(value.changed))
