"""A review of a pull request on GitHub: read it as it stands, decide, and make its check run say so."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from bot import gather
from bot.gather.pull import AtHead, Pull, read_pull
from bot.github import checks, people
from bot.github.checks import CheckRun, Place
from bot.github.client import Installation
from bot.present import Shown, check_run, explanation
from rules.catalogue import Catalogue
from rules.evaluate import Base, evaluate
from rules.facts import Today
from rules.policy import Organisation
from rules.report import Report

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which pull request to look at.

    `head` is the commit that it was asked for, where it may be no other. `again`: GitHub waits for a write, also of
    what stands there already.
    """

    repository: str
    number: int
    head: str | None = None
    again: bool = False


def review(installation: Installation, catalogue: Catalogue, asked: Asked, now: datetime) -> int:
    """Make the check run of a pull request's present head say how its pilot stands; returns the writes it took.

    Does nothing for one that is closed, in an archived repository, or has another head than was asked for. Raises
    RetryLater or Refused; may be called again at any time.
    """
    pull = read_pull(installation, catalogue, asked.repository, asked.number)
    if not _current(pull, asked):
        return 0
    run = _judge(installation, catalogue, pull, now)
    place = Place(pull.repository, pull.number, pull.head)
    writes = checks.publish(installation, place, run, pull.standing, asked.again)
    log.info("reviewed", pull=asked.number, head=pull.head, conclusion=run.conclusion, writes=writes)
    return writes


def explain(installation: Installation, catalogue: Catalogue, asked: Asked, now: datetime) -> None:
    """Comment on a pull request why each failing rule is there, once for each head.

    Does nothing where `review` would do nothing. Raises RetryLater or Refused; may be called again at any time.
    """
    pull = read_pull(installation, catalogue, asked.repository, asked.number, comments=True)
    marker = explanation.marker(pull.head)
    if not _current(pull, asked) or any(one.own and marker in one.body for one in pull.comments):
        return
    organisation = _organisation(pull)
    if organisation is None:
        return
    report = _report(installation, catalogue, pull, organisation, now)
    body = explanation.render(_shown(catalogue, pull, report), pull.head)
    people.comment(installation, pull.repository, pull.number, body)


def _current(pull: Pull, asked: Asked) -> bool:
    if not pull.open:
        log.info("nothing to do", pull=asked.number, reason="it is closed, or its repository archived")
    elif asked.head not in (None, pull.head):
        log.info("nothing to do", pull=asked.number, reason=f"its head is no longer {asked.head}")
    else:
        return True
    return False


def _organisation(pull: Pull) -> Organisation | None:
    """The organisation's file, the defaults where there is none, None where it can't be used."""
    return Organisation() if pull.organisation.absent else pull.organisation.model


def _judge(installation: Installation, catalogue: Catalogue, pull: Pull, now: datetime) -> CheckRun:
    """What the check run is to say."""
    name = check_run.name(pull.base, pull.default)
    organisation = _organisation(pull)
    if organisation is None:
        return check_run.unusable(name, pull.organisation, pull.repository.partition("/")[0])
    if pull.policy.absent and not pull.base_policy.absent:
        return check_run.removed(name, pull.base_policy, organisation.advises(_today(organisation, now).date))
    report = _report(installation, catalogue, pull, organisation, now)
    if pull.policy.absent and not report.findings:
        return check_run.no_pilot(name)
    return check_run.render(_shown(catalogue, pull, report), name)


def _report(
    installation: Installation, catalogue: Catalogue, pull: Pull, organisation: Organisation, now: datetime
) -> Report:
    """The head's policy is what the rules examine, the base branch's says how strictly."""
    rules, today = list(catalogue.rules.values()), _today(organisation, now)
    facts = gather.facts(AtHead(installation, pull), pull.policy, organisation, today, catalogue, rules)
    return evaluate(rules, facts, Base(pull.base_policy.model, broken=bool(pull.base_policy.problems)))


def _shown(catalogue: Catalogue, pull: Pull, report: Report) -> Shown:
    return Shown(report, catalogue, pull.policy.text)


def _today(organisation: Organisation, now: datetime) -> Today:
    zone = UTC if organisation.timezone == "UTC" else ZoneInfo(organisation.timezone)
    return Today(now.astimezone(zone).date())
