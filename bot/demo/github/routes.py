"""The table of routes: method, path, the permission that it takes, and who answers."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from bot.demo.github.auth import Gate, Token
from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.state import Account, Issue, Pull, Repository, World
from bot.demo.github.webhooks import Hooks

Item = TypeVar("Item")

# What may have slashes in it.
_DEEP = {"path", "ref", "branch", "basehead"}
_LEVELS = ("read", "write", "admin")


@dataclass
class Call:
    """One request to a route. `token` is None for the app itself."""

    world: World
    gate: Gate
    hooks: Hooks
    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: Token | None
    names: dict[str, str] = field(default_factory=dict)
    place: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        assert self.place is not None  # the dispatcher has looked it up
        return self.place

    @property
    def me(self) -> Account:
        """The app as an account: whoever it writes as."""
        return self.world.account(f"{self.world.app.slug}[bot]", "Bot")

    def number(self, name: str) -> int:
        """A number of the path; 404 for what is none."""
        if not re.fullmatch(r"[0-9]{1,18}", self.names[name]):
            raise Refusal(404, "Not Found")
        return int(self.names[name])

    def given(self, key: str, kind: type[Item]) -> Item | None:
        """A value of the body; None where it is absent or null, 422 where it is of another type."""
        value = self.body.get(key)
        if value is not None and not isinstance(value, kind):
            raise Refusal(422, f"Invalid request.\n\nFor 'properties/{key}', {value!r} is not of the right type.")
        return value

    def issue(self, pulls: bool = True) -> Issue:
        """The issue that the path names by its number: 301 for one that was transferred, 410 for a deleted one."""
        number = self.number("issue_number")
        found = self.repository.issues.get(number)
        if found is None and number in self.repository.left:
            raise self._elsewhere(self.repository.left[number])
        if found is None or (found.pull is not None and not pulls):
            raise Refusal(404, "Not Found")
        return self.permitted(found)

    def _elsewhere(self, issue: Issue | None) -> Refusal:
        if issue is None:
            return Refusal(410, "This issue was deleted")
        below = self.path.split("/", 6)[6:]
        there = [f"{self.world.url}/repositories/{issue.repository.id}/issues/{issue.number}", *below]
        return Refusal(301, "Moved Permanently", headers={"Location": "/".join(there)})

    def permitted(self, issue: Issue) -> Issue:
        """The issue; 403 where the token is for pull requests alone and this is none."""
        assert self.token is not None
        need = "issues:read" if self.method == "GET" else "issues:write"
        reached = self.token.installation.covers(self.repository)
        if issue.pull is None and reached and not _grants(self.token.permissions, need):
            raise Refusal(403, "Resource not accessible by integration")
        return issue

    def pull(self) -> Pull:
        """The pull request that the path names by its number."""
        found = self.repository.issues.get(self.number("pull_number"))
        if found is None or found.pull is None:
            raise Refusal(404, "Not Found")
        return found.pull

    def page(self, items: Sequence[Item], shape: Callable[[Item], Any], under: str | None = None) -> Answer:
        """One page of a list, with the links to the others; `under` is the key of lists that have a total."""
        size, number = self._whole("per_page", 30, 100), self._whole("page", 1, 10**9)
        listed = [shape(one) for one in items[(number - 1) * size : number * size]]
        last = max(1, -(-len(items) // size))
        targets = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        if number >= last:
            del targets["next"], targets["last"]
        if number == 1:
            del targets["prev"], targets["first"]
        links = [f'<{self.address(page=str(target))}>; rel="{rel}"' for rel, target in targets.items()]
        headers = {"Link": ", ".join(links)} if links else {}
        return Answer(200, listed if under is None else {"total_count": len(items), under: listed}, headers)

    def _whole(self, key: str, default: int, most: int) -> int:
        given = self.query.get(key, "")
        return max(1, min(int(given), most)) if given.isdecimal() else default

    def address(self, **changed: str) -> str:
        """The address of this request, with other parameters."""
        return f"{self.world.url}{self.path}?{urlencode({**self.query, **changed})}"


Handle = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """A route. `needs` are permissions any one of which is enough, as `checks:write`; none for the app's own."""

    method: str
    path: str
    needs: tuple[str, ...]
    handle: Handle
    app: bool


_ROUTES: dict[tuple[str, str], Route] = {}


def route(method: str, path: str, *needs: str, app: bool = False) -> Callable[[Handle], Handle]:
    """Answer this method and path, in GitHub's spelling of templates. `app`: it is asked with the app's JWT."""

    def register(handle: Handle) -> Handle:
        assert app != bool(needs)  # a route that takes no permission would be open to everybody
        _ROUTES[method, path] = Route(method, path, needs, handle, app)
        return handle

    return register


def table() -> Map:
    """All routes, as werkzeug finds them."""
    rules = []
    for method, path in _ROUTES:
        rules.append(Rule(re.sub(r"\{(\w+)\}", _converter, path), methods=[method], endpoint=(method, path)))
        if path.endswith("/{path}"):
            # The path of the whole repository is empty.
            short = re.sub(r"\{(\w+)\}", _converter, path.removesuffix("/{path}"))
            rules.append(Rule(short, methods=[method], endpoint=(method, path), defaults={"path": ""}))
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


def _converter(found: re.Match[str]) -> str:
    return f"<{'path:' if found[1] in _DEEP else ''}{found[1]}>"


def match(routes: Map, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request and the names in its path; None for one that is not known."""
    try:
        endpoint, names = routes.bind("").match(path, method)
    except HTTPException:
        return None
    return _ROUTES[endpoint], dict(names)


def allowed(route: Route, token: Token) -> bool:
    """Whether a token's permissions are enough for a route."""
    return any(_grants(token.permissions, one) for one in route.needs)


def _grants(permissions: Any, need: str) -> bool:
    name, _, level = need.partition(":")
    granted = permissions.get(name)
    return granted is not None and _LEVELS.index(granted) >= _LEVELS.index(level)


def accepted(needs: Iterable[str]) -> str:
    """The permissions as the header `x-accepted-github-permissions` lists them."""
    return "; ".join(need.replace(":", "=") for need in needs)
