"""Runs one delivery and settles its row: done, later, or failed. The only place that catches everything."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from pydantic_core import ValidationError, from_json

from bot import events
from bot.errors import Refused, RetryLater
from bot.events import Line
from bot.jobs import Jobs
from bot.store.deliveries import Deliveries, Delivery

GIVE_UP = timedelta(days=3)
"""How long GitHub is asked again: as long as it could deliver the same event again."""
MOST_BUGS = 4
MOST_RUNS = 60
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(minutes=15)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Worker:
    """What it takes to run deliveries."""

    deliveries: Deliveries
    jobs: Jobs
    line: Line
    clock: Callable[[], datetime]
    accounts: Collection[str] = ()
    """Whose repositories are served, in lower case; all where it is empty."""

    def __call__(self, id: str) -> None:
        """Run the delivery of this id, unless it is done already, and settle its row."""
        started = self.deliveries.start(id, self.clock())
        if started is None:
            return
        delivery, attempts, waited = started
        with structlog.contextvars.bound_contextvars(
            delivery=id, webhook=_named(delivery), repository=delivery.repository, attempt=attempts
        ):
            self._settle(delivery, attempts, attempts - waited)

    def _settle(self, delivery: Delivery, attempts: int, failed: int) -> None:
        """`failed`: the attempts that did not end with being told to come later, with this one."""
        try:
            if failed > MOST_RUNS:
                raise Refused(f"given up after {MOST_RUNS} attempts, none of which came to an end")
            if self._foreign(delivery):
                log.warning("left alone", reason="its account is not among PILOTGATE_ALLOWED_ACCOUNTS")
            else:
                _handle(delivery, replace(self.line, delivery=delivery.id))
        except RetryLater as error:
            self._later(delivery, attempts, error)
        except Refused as error:
            log.warning("refused", reason=error.reason)
            self.deliveries.fail(delivery.id, self.clock(), error.reason)
        except Exception as error:
            self._bug(delivery, failed, error)
        else:
            self.deliveries.finish(delivery.id, self.clock())
            log.info("done")

    def _foreign(self, delivery: Delivery) -> bool:
        owner = (delivery.repository or "").partition("/")[0].lower()
        return bool(self.accounts and owner and owner not in self.accounts)

    def _later(self, delivery: Delivery, attempts: int, error: RetryLater) -> None:
        now = self.clock()
        if now - delivery.received > GIVE_UP:
            log.error("given up", reason=error.reason)
            self.deliveries.fail(delivery.id, now, f"given up after {GIVE_UP.days} days: {error.reason}")
            return
        when = max(error.when, now + pause(attempts))
        log.info("later", reason=error.reason, when=when.isoformat())
        self.jobs.later(delivery.id, when, error.reason, told=True)

    def _bug(self, delivery: Delivery, attempts: int, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"[:500]
        log.error("a bug", exc_info=error)
        if attempts >= MOST_BUGS:
            self.deliveries.fail(delivery.id, self.clock(), f"a bug, {attempts} times: {said}")
        else:
            self.jobs.later(delivery.id, self.clock() + pause(attempts), said)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, at most a quarter of an hour."""
    return min(_FIRST * (1 << min(attempts - 1, 20)), _LONGEST)


def _handle(delivery: Delivery, line: Line) -> None:
    handler = events.handler(delivery.event)
    if handler is None:
        raise Refused(f"this version knows no event {delivery.event}")
    try:
        event = handler.parse(from_json(delivery.payload))
    except (ValidationError, ValueError) as error:
        raise Refused(f"the payload can't be read any more: {str(error).splitlines()[0]}") from error
    handler.handle(event, line)


def _named(delivery: Delivery) -> str:
    return f"{delivery.event}.{delivery.action}" if delivery.action else delivery.event
