"""Somebody asks for our check again, or presses one of its buttons."""

from typing import Any

import structlog

from bot.events import Event, Line, Payload, Sender, Sha
from bot.github import people
from bot.github.checks import pull_of
from bot.github.client import Installation
from bot.present.check_run import EXPLAIN, RECHECK
from bot.review import pull

ACTIONS: frozenset[str] | None = frozenset({"rerequested", "requested_action"})

log = structlog.get_logger()


class Run(Payload):
    """The check run; GitHub sends these events to the app alone that it belongs to."""

    head_sha: Sha
    external_id: str | None = None


class Requested(Payload):
    """The button."""

    identifier: str


class CheckRun(Event):
    """The event."""

    action: str
    check_run: Run
    sender: Sender
    requested_action: Requested | None = None


def parse(payload: dict[str, Any]) -> CheckRun:
    """The event that a payload tells of."""
    return CheckRun.model_validate(payload)


def handle(event: CheckRun, line: Line) -> None:
    """Review the pull request that the run is about, or do what the button says."""
    number = pull_of(event.check_run.external_id)
    if number is None:
        return
    installation, name = line.app.installation(event.installation.id), event.repository.full_name
    if event.action == "rerequested":
        pull.review(installation, line.judging(), pull.Asked(name, number, again=True))
    elif event.requested_action is not None and not event.sender.bot:
        asked = pull.Asked(name, number, head=event.check_run.head_sha)
        _press(event.requested_action.identifier, asked, event.sender.login, installation, line)


def _press(button: str, asked: pull.Asked, login: str, installation: Installation, line: Line) -> None:
    """What a button does, for those who may: `explain` who can read, `recheck` who can write."""
    if button == RECHECK.identifier and _may(people.may_write(installation, asked.repository, login), button, login):
        pull.review(installation, line.judging(), asked)
    if button == EXPLAIN.identifier and _may(people.may_read(installation, asked.repository, login), button, login):
        pull.explain(installation, line.judging(), asked)


def _may(allowed: bool, button: str, login: str) -> bool:
    if not allowed:
        log.info("nothing to do", reason=f"{login} may not press {button}")
    return allowed
