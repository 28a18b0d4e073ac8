"""Somebody asks for all checks of a commit again: every pull request that it is the head of is reviewed."""

from typing import Any

from bot.events import Event, Id, Line, Number, Payload, Sha, row
from bot.github import pulls
from bot.review import pull
from bot.store.deliveries import Delivery

ACTIONS: frozenset[str] | None = frozenset({"rerequested"})


class _Repo(Payload):
    id: Id | None = None


class _Base(Payload):
    repo: _Repo | None = None


class Named(Payload):
    """A pull request that the suite names; `base` says of which repository."""

    number: Number
    base: _Base | None = None


class Suite(Payload):
    """The suite; it names no pull request of a fork."""

    head_sha: Sha
    pull_requests: list[Named] | None = None


class CheckSuite(Event):
    """The event."""

    action: str
    check_suite: Suite

    @property
    def named(self) -> list[int]:
        """The pull requests into this repository that it names."""
        return [one.number for one in self.check_suite.pull_requests or () if self._here(one)]

    def _here(self, one: Named) -> bool:
        id = one.base.repo.id if one.base and one.base.repo else None
        return id in (None, self.repository.id)


def parse(payload: dict[str, Any]) -> CheckSuite:
    """The event that a payload tells of."""
    return CheckSuite.model_validate(payload)


def handle(event: CheckSuite, line: Line) -> None:
    """Review the pull request, or put one delivery for each where there are several."""
    installation, name = line.app.installation(event.installation.id), event.repository.full_name
    numbers = event.named or pulls.with_head(installation, name, event.check_suite.head_sha)
    if len(numbers) == 1:
        pull.review(installation, line.judging(), pull.Asked(name, numbers[0], again=True))
        return

    def made(number: int) -> Delivery:
        suite = Suite(head_sha=event.check_suite.head_sha, pull_requests=[Named(number=number)])
        payload = event.model_copy(update={"check_suite": suite})
        return row(line, event, "check_suite", f"pull/{number}", payload)

    line.put([made(number) for number in numbers])
