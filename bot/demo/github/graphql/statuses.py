"""Commit statuses."""

from dataclasses import dataclass
from typing import Any

from bot.demo.github.graphql.commits import CommitAt
from bot.demo.github.graphql.fields import Info, asker, field, may, named, plain
from bot.demo.github.shapes import statuses
from bot.demo.github.state import CommitStatus, stamp


@dataclass(frozen=True, slots=True)
class StatusAt:
    """All contexts of a commit."""

    at: CommitAt

    @property
    def node_id(self) -> str:
        """Its id."""
        return f"SC_{self.at.repository.id}_{self.at.sha}"

    @property
    def contexts(self) -> list[CommitStatus]:
        """The last of each."""
        return statuses.latest(self.at.repository, self.at.sha)


named(StatusAt, "Status")
named(CommitStatus, "StatusContext")
plain(
    "Status",
    commit=lambda one: one.at,
    contexts=lambda one: one.contexts,
    state=lambda one: statuses.combined(one.contexts).upper(),
)
plain(
    "StatusContext",
    context=lambda one: one.context,
    state=lambda one: one.state.upper(),
    creator=lambda one: one.creator,
    description=lambda one: one.description,
    targetUrl=lambda one: one.target,
    createdAt=lambda one: stamp(one.made),
    commit=lambda one: CommitAt(one.repository, one.sha),
)


@field("Commit", "status")
def status(value: CommitAt, info: Info) -> StatusAt | None:
    """Null where nobody has set one."""
    may(asker(info), value.repository, "statuses")
    found = StatusAt(value)
    return found if found.contexts else None


@field("Status", "context")
def context(value: StatusAt, _: Info, name: str) -> Any:
    """One by its name."""
    return next((one for one in value.contexts if one.context == name), None)
