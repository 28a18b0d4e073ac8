"""Failures on demand: what the next requests that match are answered instead, or after all."""

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from bot.demo.github.exchange import Answer, Asked

Kind = Literal["status", "delay", "cut", "drop", "primary", "secondary", "graphql"]
Matcher = str | Callable[[Asked], bool]

_PRIMARY = "API rate limit exceeded for installation ID 1."
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    " If you reach out to GitHub Support for help, please include the request ID."
)


@dataclass
class Fault:
    """What is to go wrong, and how often it still will. `hits` counts how often it has."""

    matcher: Matcher
    kind: Kind
    status: int = 502
    times: int = 1
    after: bool = False
    delay: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    hits: int = 0

    def __post_init__(self) -> None:
        """ValueError for a kind that nobody knows: a test that injects nothing would pass."""
        if self.kind not in get_args(Kind):
            raise ValueError(f"{self.kind} is none of {', '.join(get_args(Kind))}")

    def meets(self, asked: Asked) -> bool:
        """Whether it is about this request.

        A pattern with `*` is held against `METHOD /path`, `METHOD /route/{template}` and, for GraphQL, `graphql NAME`.
        """
        if callable(self.matcher):
            return self.matcher(asked)
        names = [f"{asked.method} {asked.path}", f"{asked.method} {asked.route}", f"graphql {asked.document}"]
        return any(fnmatch.fnmatchcase(name, self.matcher) for name in names)

    def answer(self, now: datetime) -> Answer:
        """What it answers."""
        reset = str(int((now + timedelta(minutes=10)).timestamp()))
        exhausted = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
        if self.kind == "primary":
            return Answer(403, self.body or {"message": _PRIMARY}, {**exhausted, **self.headers})
        if self.kind == "secondary":
            return Answer(403, self.body or {"message": _SECONDARY}, {"retry-after": "60", **self.headers})
        if self.kind == "graphql":
            errors = [{"type": "RATE_LIMITED", "message": _PRIMARY.replace("exceeded", "already exceeded")}]
            return Answer(200, self.body or {"errors": errors}, {**exhausted, **self.headers})
        return Answer(self.status, self.body if self.body is not None else {"message": "Server Error"}, self.headers)


@dataclass
class Faults:
    """The faults that are waiting. The first that matches is used."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, asked: Asked) -> Fault | None:
        """The fault of a request, which thereby is used once."""
        found = next((one for one in self.waiting if one.times > 0 and one.meets(asked)), None)
        if found is not None:
            found.times -= 1
            found.hits += 1
        return found
