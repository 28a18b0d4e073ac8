"""A review of a group in the merge queue: its head gets a check run too, or the queue would wait for ever."""

from dataclasses import dataclass

import structlog

from bot.gather.pull import read_group
from bot.github import checks
from bot.github.checks import Place
from bot.github.client import Installation
from bot.review.judge import By, judge, notice, told
from bot.review.pull import Asked, read

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Group:
    """A pull request in the merge queue: the branch of its group, the group's head, and what it is merged onto."""

    repository: str
    number: int
    ref: str
    head: str
    onto: str


def review(installation: Installation, by: By, group: Group, again: bool = False) -> int:
    """Make the check run of a group say how the pilot stands once it is merged; returns the writes that it took.

    The approvals are those of the pull request's own head. Raises RetryLater or Refused; may be called again.
    """
    pull = read(installation, by, Asked(group.repository, group.number))
    pull = read_group(installation, by.catalogue, pull, group.ref, (group.onto, group.head))
    notice(by, pull)
    found = judge(installation, by, pull)
    run = told(pull, found)
    place = Place(pull.repository, pull.number, group.head, group.onto)
    writes = checks.publish(installation, place, run, pull.standing, again)
    log.info("reviewed", group=group.number, head=group.head, conclusion=run.conclusion, writes=writes)
    return writes
