"""A push to a branch that may have changed its policy, or the organisation's file: every open pull request
that is judged by it is judged anew. A pilot's default branch is looked at after each push, since any file may be what
its policy names."""

from typing import Any

from bot.events import Event, Line, Payload, Repository, Sha, again, look, pull_request, row, survey
from bot.gather.head import learn
from bot.gather.names import ORGANISATION, POLICY
from bot.github import pulls
from bot.store.deliveries import Delivery

ACTIONS: frozenset[str] | None = None

# Where a push has more commits than this, older servers list the first of them alone.
_LISTED = 20
_HEADS = "refs/heads/"


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
    after: Sha | None = None
    deleted: bool | None = None
    forced: bool | None = None
    commits: list[Commit] | None = None

    @property
    def branch(self) -> str | None:
        """The branch that was pushed to; None for a tag, or for a branch that is gone."""
        return None if self.deleted or not self.ref.startswith(_HEADS) else self.ref.removeprefix(_HEADS)

    def may_change(self, file: str) -> bool:
        """Whether a file of this name may be another on the branch now."""
        commits = self.commits or []
        # A push of nothing makes a branch, to which no pull request is open yet.
        nothing = not commits and self.branch == self.repository.default_branch
        unknown = bool(self.forced) or nothing or len(commits) >= _LISTED
        return unknown or any(path.rpartition("/")[2] == file for commit in commits for path in commit.paths)


def parse(payload: dict[str, Any]) -> Push:
    """The event that a payload tells of."""
    return Push.model_validate(payload)


def handle(event: Push, line: Line) -> None:
    """Put one delivery for each open pull request into the branch, or for each that the organisation's file is over.

    One more looks at the dates.
    """
    branch, repository = event.branch, event.repository
    if branch is None:
        return
    at_home = branch == repository.default_branch and repository.full_name.lower().endswith("/.github")
    if at_home and event.may_change(ORGANISATION):
        again(line, line.memory.of(event.installation.id))
        survey(line, event.installation.id)
    installation = line.app.installation(event.installation.id)
    if branch == repository.default_branch and event.after is not None:
        learn(installation, line.cache, repository.id, repository.full_name, event.after)
    if branch == repository.default_branch and (event.may_change(POLICY) or line.dates.watches(repository.id)):
        look(line, event.installation.id, {repository.id: repository.full_name}, pushed=True)
    if not event.may_change(POLICY):
        return

    def made(number: int) -> Delivery:
        payload = pull_request.PullRequest(
            action="synchronize",
            number=number,
            installation=event.installation,
            repository=Repository(id=repository.id, full_name=repository.full_name),
        )
        return row(line, event, "pull_request", f"pull/{number}", payload)

    line.put([made(number) for number in pulls.open_into(installation, repository.full_name, branch)])
