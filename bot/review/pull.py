"""A review of a pull request on GitHub: read it as it stands, decide, and make its check run say so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot import gather
from bot.gather.head import AtHead
from bot.gather.metrics import Metrics
from bot.gather.pull import Pull, read_pull
from bot.github import checks, people
from bot.github.checks import CheckRun, Place
from bot.github.client import Installation
from bot.present import Shown, check_run, explanation
from rules.approval import Assent
from rules.catalogue import Catalogue
from rules.evaluate import evaluate
from rules.facts import Base, People, Today, Unverifiable
from rules.policy import Organisation, Policy
from rules.report import Report
from rules.values import Handle, walk

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


@dataclass(frozen=True, slots=True)
class By:
    """By what a pull request is judged: the rules, the time, and what a policy of an account may ask (`metrics`)."""

    catalogue: Catalogue
    now: datetime
    metrics: Callable[[str, Policy | None], Metrics]


def review(installation: Installation, by: By, asked: Asked) -> int:
    """Make the check run of a pull request's present head say how its pilot stands; returns the writes it took.

    Does nothing for one that is closed, in an archived repository, or has another head than was asked for. Raises
    RetryLater or Refused; may be called again at any time.
    """
    pull = read_pull(installation, by.catalogue, asked.repository, asked.number)
    if not _current(pull, asked):
        return 0
    run = _judge(installation, by, pull)
    place = Place(pull.repository, pull.number, pull.head)
    writes = checks.publish(installation, place, run, pull.standing, asked.again)
    log.info("reviewed", pull=asked.number, head=pull.head, conclusion=run.conclusion, writes=writes)
    return writes


def explain(installation: Installation, by: By, asked: Asked) -> None:
    """Comment on a pull request why each failing rule is there, once for each head.

    Does nothing where `review` would do nothing. Raises RetryLater or Refused; may be called again at any time.
    """
    pull = read_pull(installation, by.catalogue, asked.repository, asked.number, comments=True)
    marker = explanation.marker(pull.head)
    if not _current(pull, asked) or any(one.own and marker in one.body for one in pull.comments):
        return
    organisation = _organisation(pull)
    if organisation is None:
        return
    report = _report(installation, by, pull, organisation)
    body = explanation.render(_shown(by, pull, report), pull.head)
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


def _judge(installation: Installation, by: By, pull: Pull) -> CheckRun:
    """What the check run is to say."""
    name = check_run.name(pull.base, pull.default)
    organisation = _organisation(pull)
    if organisation is None:
        return check_run.unusable(name, pull.organisation, pull.repository.partition("/")[0])
    if pull.policy.absent and not pull.base_policy.absent:
        return check_run.removed(name, pull.base_policy, organisation.advises(_today(organisation, by).date))
    report = _report(installation, by, pull, organisation)
    if pull.policy.absent and not report.findings:
        return check_run.no_pilot(name)
    return check_run.render(_shown(by, pull, report), name)


def _report(installation: Installation, by: By, pull: Pull, organisation: Organisation) -> Report:
    """The head's policy is what the rules examine, the base branch's says how strictly."""
    rules = list(by.catalogue.rules.values())
    asked = gather.Asked(pull.policy, organisation, _today(organisation, by), by.catalogue, rules)
    # Whoever opens a pull request must not have the monitoring system asked what they like.
    metrics = by.metrics(pull.repository.partition("/")[0], pull.base_policy.model)
    base = Base(pull.base_policy.model, broken=bool(pull.base_policy.problems))
    at_head = AtHead(installation, pull, gather.zone(organisation), tuple(_handles(pull, base, organisation)))
    return evaluate(rules, gather.facts(at_head, asked, metrics), base)


def _handles(pull: Pull, base: Base, organisation: Organisation) -> Iterator[str]:
    """Whom it takes to know: whoever may approve or sign, whoever has approved, and whom the policy names."""
    if pull.policy.model is None and not base.exists:
        return
    assent = Assent(base, organisation, pull.approvals, People({}, Unverifiable("nobody is looked up yet")))
    yield from assent.approvers
    if not assent.approvers:
        yield from (f"@{login}" for login in assent.others)
    for policy in (base.policy, pull.policy.model):
        named = (policy.owners, policy.decision, policy.reviews) if policy else ()
        yield from (value for part in named for _, value in walk(part) if isinstance(value, Handle))


def _shown(by: By, pull: Pull, report: Report) -> Shown:
    return Shown(report, by.catalogue, pull.policy.text)


def _today(organisation: Organisation, by: By) -> Today:
    return Today(by.now.astimezone(gather.zone(organisation)).date())
