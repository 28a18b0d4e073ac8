"""Somebody asks for our check again or presses one of its buttons; or a check of others has come out."""

from dataclasses import replace
from typing import Any

import structlog

from bot.events import Event, Id, Line, Payload, Sender, Sha, again
from bot.github import people
from bot.github.checks import group_of, pull_of
from bot.github.client import Installation
from bot.present.check_run import EXPLAIN, FIX, RECHECK
from bot.review import fix, group, pull

ACTIONS: frozenset[str] | None = frozenset({"rerequested", "requested_action", "completed"})

log = structlog.get_logger()


class Owner(Payload):
    """The app that a check run belongs to."""

    id: Id


class Run(Payload):
    """The check run; GitHub tells of buttons and re-runs the app alone that it belongs to."""

    head_sha: Sha
    name: str | None = None
    app: Owner | None = None
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
    if event.action == "completed":
        _others(event, line)
        return
    grouped = group_of(event.check_run.external_id)
    if grouped is not None:
        _in_queue(event, grouped, line)
        return
    number = pull_of(event.check_run.external_id)
    if number is None:
        return
    installation, name = line.app.installation(event.installation.id), event.repository.full_name
    if event.action == "rerequested":
        pull.review(installation, line.judging(), pull.Asked(name, number, again=True))
    elif event.requested_action is not None and not event.sender.bot:
        asked = pull.Asked(name, number, head=event.check_run.head_sha)
        _press(event.requested_action.identifier, asked, event.sender.login, installation, line)


def _in_queue(event: CheckRun, grouped: tuple[int, str], line: Line) -> None:
    """Review a group of the merge queue again; its other buttons are those of the pull request."""
    if event.action == "rerequested":
        # The group's branch is known by its head as well.
        head = event.check_run.head_sha
        asked = group.Group(event.repository.full_name, grouped[0], head, head, grouped[1])
        group.review(line.app.installation(event.installation.id), line.judging(), asked, again=True)


def _others(event: CheckRun, line: Line) -> None:
    """Judge anew what hangs on a check that others have posted."""
    run = event.check_run
    if run.name and not (run.app and run.app.id == line.app.id):
        again(line, line.memory.hanging(event.installation.id, {f"check:{run.name}"}, run.head_sha))


def _press(button: str, asked: pull.Asked, login: str, installation: Installation, line: Line) -> None:
    """What a button does, for those who may: `explain` who can read, the others who can write."""
    if button == RECHECK.identifier and _may(people.may_write(installation, asked.repository, login), button, login):
        pull.review(installation, line.judging(), replace(asked, anew=True))
    if button == FIX.identifier and _may(people.may_write(installation, asked.repository, login), button, login):
        fix.fix(installation, line.judging(), asked, login)
    if button == EXPLAIN.identifier and _may(people.may_read(installation, asked.repository, login), button, login):
        pull.explain(installation, line.judging(), asked)


def _may(allowed: bool, button: str, login: str) -> bool:
    if not allowed:
        log.info("nothing to do", reason=f"{login} may not press {button}")
    return allowed
