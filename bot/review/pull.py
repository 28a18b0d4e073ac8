"""A review of a pull request on GitHub: read it as it stands, decide, and make its check run say so."""

from dataclasses import dataclass, replace

import structlog

from bot.gather.pull import Asked as Wanted
from bot.gather.pull import Pull, read_pull
from bot.github import checks, people
from bot.github.checks import CheckRun, Place
from bot.github.client import Installation
from bot.present import explanation
from bot.review import emergency, organisation, sticky
from bot.review.judge import By, Judgement, judge, notice, told
from bot.store.ledger import COMMANDS
from bot.store.memory import Judged

log = structlog.get_logger()

__all__ = ["Asked", "By", "current", "explain", "read", "review"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which pull request to look at.

    `head` is the commit that it was asked for, where it may be no other; `ref` where the head is found by name, as far
    as that is known. `again`: GitHub waits for a write, also of what stands there already. `anew`: something may have
    changed that the pull request itself does not show.
    """

    repository: str
    number: int
    head: str | None = None
    ref: str | None = None
    again: bool = False
    anew: bool = False


def review(installation: Installation, by: By, asked: Asked) -> int:
    """Make the check run of a pull request's present head say how its pilot stands; returns the writes it took.

    Does nothing for one that is closed, in an archived repository, or has another head than was asked for. Raises
    RetryLater or Refused; may be called again at any time.
    """
    # The comments are asked for where there may be one to keep: the organisation's file says so, which comes with them.
    pull = read(installation, by, asked, comments=True)
    if not current(by, pull, asked):
        return 0
    mark = f"{pull.mark[:40]}{len(pull.approvals.authors)}/{len(pull.approvals.given)}"
    if not (asked.again or asked.anew) and _unchanged(by, pull, mark):
        log.info("nothing to do", pull=asked.number, reason="it is as it was when it was judged")
        return 0
    notice(by, pull)
    found, run = decide(installation, by, pull)
    place = Place(pull.repository, pull.number, pull.head)
    writes = checks.publish(installation, place, run, pull.standing, asked.again)
    writes += sticky.keep(installation, pull, found, run)
    if found.emergency:
        writes += emergency.record(installation, by, pull, found)
    # Where a monitoring system is asked, the answer may be another each time.
    mark = "live" if by.live else mark
    judged = Judged(mark, checks.identity(place, run), pull.head, found.again, found.watched)
    by.memory.judge(installation.id, pull.id, pull.number, judged)
    log.info("reviewed", pull=asked.number, head=pull.head, conclusion=run.conclusion, writes=writes)
    return writes


def decide(installation: Installation, by: By, pull: Pull) -> tuple[Judgement, CheckRun]:
    """What there is to say of a pull request, and the check run that says it. Nothing is written.

    Raises RetryLater or Refused.
    """
    found = judge(installation, by, pull)
    if organisation.is_home(pull):
        found = organisation.judged(installation, by, pull, found)
    return found, told(pull, found)


def read(installation: Installation, by: By, asked: Asked, comments: bool = False, authors: bool = False) -> Pull:
    """The pull request, with everybody who has a hand in it, and who has approved its head by a command.

    `authors`: all of them are wanted even where nobody has approved. Raises RetryLater or Refused.
    """
    known = by.cache.get("known", asked.repository.lower())
    wanted = Wanted(asked.repository, asked.number, comments, asked.ref, known, authors)
    pull = read_pull(installation, by.catalogue, wanted)
    said = [one for one in by.ledger.of(pull.id, pull.number) if one.kind in COMMANDS]
    if said and not authors:
        # Whoever has approved has to be told apart from the authors.
        pull = read_pull(installation, by.catalogue, replace(wanted, authors=True))
    since = pull.rebased
    here = {one.login.lower(): None for one in said if one.commit == pull.head and (since is None or one.at > since)}
    # Whoever asked the bot for a commit has a hand in it; what it did for them alone is their approval of that commit.
    asked_for = {one.login.lower() for one in said} - here.keys()
    authored = pull.approvals.authors | asked_for | by.memory.hands(pull.id, pull.number)
    given = () if pull.approvals.unread else tuple(dict.fromkeys((*pull.approvals.given, *here)))
    return replace(pull, approvals=replace(pull.approvals, authors=authored, given=given))


def _unchanged(by: By, pull: Pull, mark: str) -> bool:
    """Whether a pull request is as it was when it was judged, its check run says so still, and no date has come."""
    before = by.memory.judged(pull.id, pull.number)
    if before is None or before.mark != mark or (before.again and before.again <= by.now):
        return False
    latest = max(pull.standing, key=lambda one: one.id, default=None)
    return latest is not None and latest.external_id == before.shown and latest.conclusion is not None


def explain(installation: Installation, by: By, asked: Asked) -> None:
    """Comment on a pull request why each failing rule is there, once for each head.

    Does nothing where `review` would do nothing. Raises RetryLater or Refused; may be called again at any time.
    """
    pull = read(installation, by, asked, comments=True)
    marker = explanation.marker(pull.head)
    if not current(by, pull, asked) or any(one.own and one.body.startswith(marker) for one in pull.comments):
        return
    shown = judge(installation, by, pull).shown
    if shown:
        people.comment(installation, pull.repository, pull.number, explanation.render(shown, pull.head))


def current(by: By, pull: Pull, asked: Asked) -> bool:
    """Whether a pull request is open, and its head the one that was asked about."""
    if not pull.open:
        by.memory.forget(pull.id, pull.number)
        log.info("nothing to do", pull=asked.number, reason="it is closed, or its repository archived")
    elif asked.head not in (None, pull.head):
        log.info("nothing to do", pull=asked.number, reason=f"its head is no longer {asked.head}")
    else:
        return True
    return False
