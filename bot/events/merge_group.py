"""The merge queue asks whether a group may be merged: its head gets its check run."""

import re
from typing import Any

from bot.events import Event, Line, Payload, Sha
from bot.review import group

ACTIONS: frozenset[str] | None = frozenset({"checks_requested"})

_BRANCH = re.compile(r"(?:refs/heads/)?(gh-readonly-queue/.+/pr-([0-9]{1,9})-[0-9a-f]+)")


class Merged(Payload):
    """The group: GitHub names its pull request in the name of its branch alone."""

    head_sha: Sha
    head_ref: str
    base_sha: Sha


class MergeGroup(Event):
    """The event."""

    action: str
    merge_group: Merged


def parse(payload: dict[str, Any]) -> MergeGroup:
    """The event that a payload tells of."""
    return MergeGroup.model_validate(payload)


def handle(event: MergeGroup, line: Line) -> None:
    """Review it."""
    merged = event.merge_group
    named = _BRANCH.fullmatch(merged.head_ref)
    if named is None:
        return
    asked = group.Group(event.repository.full_name, int(named[2]), named[1], merged.head_sha, merged.base_sha)
    group.review(line.app.installation(event.installation.id), line.judging(), asked)
