"""One request and its answer, as the parts of the stand-in hand them to each other and as tests see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):
    """GitHub says no: the answer is an error."""

    def __init__(
        self, status: int, message: str, errors: list[Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """`errors` are the details of a 422."""
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, errors, dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """As GitHub words it."""
        details = {} if self.errors is None else {"errors": self.errors}
        return {"message": self.message, **details, "documentation_url": _DOCUMENTATION, "status": str(self.status)}


def invalid(resource: str, field: str, code: str = "invalid", message: str | None = None) -> Refusal:
    """The 422 for a field that can't be taken."""
    error = {"resource": resource, "code": code, "field": field}
    return Refusal(422, "Validation Failed", [error | ({"message": message} if message else {})])


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. A body of None is an empty one, text is a page."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was made, for tests that count. `route` is GitHub's template of the path, `document` the name of
    a GraphQL operation, and `status` what was answered; 0 for a connection that was closed instead."""

    method: str
    path: str
    route: str | None
    installation: int | None
    document: str | None
    status: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer, for tests that compare them with GitHub's own description."""

    method: str
    path: str
    route: str | None
    query: str
    request: Any
    status: int
    headers: Mapping[str, str]
    response: Any
