"""A push to the default branch that may have changed its policy: every open pull request into it is judged anew."""

from typing import Any

from bot.events import Event, Line, Payload, Repository, pull_request, row
from bot.gather import POLICY
from bot.github import pulls

ACTIONS: frozenset[str] | None = None

# Where a push has more commits than this, older servers list the first of them alone.
_LISTED = 20


class Commit(Payload):
    """The paths that a commit has changed."""

    added: list[str] | None = None
    modified: list[str] | None = None
    removed: list[str] | None = None

    @property
    def paths(self) -> set[str]:
        """All of them."""
        return {*(self.added or ()), *(self.modified or ()), *(self.removed or ())}


class Branches(Repository):
    """The repository, with the branch that counts."""

    default_branch: str


class Push(Event):
    """The event."""

    ref: str
    repository: Branches
    deleted: bool | None = None
    forced: bool | None = None
    commits: list[Commit] | None = None

    @property
    def may_change_policy(self) -> bool:
        """Whether the policy of the default branch may be another now."""
        if self.deleted or self.ref != f"refs/heads/{self.repository.default_branch}":
            return False
        commits = self.commits or []
        unknown = bool(self.forced) or not commits or len(commits) >= _LISTED
        return unknown or any(POLICY in commit.paths for commit in commits)


def parse(payload: dict[str, Any]) -> Push:
    """The event that a payload tells of."""
    return Push.model_validate(payload)


def handle(event: Push, line: Line) -> None:
    """Put one delivery for each open pull request into the branch."""
    if not event.may_change_policy:
        return
    installation, repository = line.app.installation(event.installation.id), event.repository
    for number in pulls.open_into(installation, repository.full_name, repository.default_branch):
        payload = pull_request.PullRequest(
            action="synchronize",
            number=number,
            installation=event.installation,
            repository=Repository(id=repository.id, full_name=repository.full_name),
        )
        line.put(row(line, event, "pull_request", f"pull/{number}", payload))
