"""The stand-in for GitHub as tests use it: every exchange with it, and every webhook of it, is held against GitHub's
own description, and the test fails for what does not fit."""

import threading
import uuid
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol, runtime_checkable

from bot.demo.github import Exchange, StandIn
from bot.demo.github.server import Site
from bot.demo.github.state import Comment
from tests.contracts.contract import Contract

_BOT = "Pilotgate/"


@cache
def contract() -> Contract:
    """One for all tests of a process."""
    return Contract()


class _Site(Site):
    """Keeps the headers of the request that a thread is answering."""

    local = threading.local()

    def handle(self, method: str, target: str, headers: dict[str, str], data: bytes) -> Any:
        self.local.headers = headers
        return super().handle(method, target, headers, data)


@runtime_checkable
class Settable(Protocol):
    """A clock that a test moves on."""

    now: datetime


class Stand(StandIn):
    """A stand-in that is watched: `with Stand() as stand` fails at its end for what did not fit.

    Of what the test itself asks, with a client of its own, only the answers are looked at.
    """

    def __init__(self, **settings: Any) -> None:
        """`settings` are those of the stand-in."""
        super().__init__(**settings)
        self.violations: list[str] = []
        self.of_the_bot: list[Exchange] = []
        self._made_up: set[str] = set()
        self.site = self._site = _Site(self.world, self.gate, self.hooks, self.faults)
        self.observe.append(self._watch)

    def _watch(self, exchange: Exchange) -> None:
        headers: dict[str, str] = self._site.local.headers
        try:
            if headers.get("user-agent", "").startswith(_BOT):
                self.of_the_bot.append(exchange)
                contract().headers(headers)
                contract().check(exchange)
            elif exchange.route is not None:
                contract().answer(exchange)
        except AssertionError as error:
            self.violations.append(str(error))

    def comment(self, full_name: str, number: int, body: str, by: str = "dev") -> Comment:
        """Somebody comments, at least a second after whatever was there before, where the clock is the test's."""
        clock: object = self.world.clock
        if isinstance(clock, Settable):
            clock.now += timedelta(seconds=1)
        return super().comment(full_name, number, body, by)

    def deliver(self, event: str, payload: dict[str, Any], guid: str | None = None) -> int:
        """Send any payload, which may be one that GitHub would not send."""
        guid = guid or str(uuid.uuid4())
        self._made_up.add(guid)
        return super().deliver(event, payload, guid)

    def verify(self) -> None:
        """AssertionError for all that did not fit so far."""
        self.settle()
        for one in self.deliveries:
            if one.guid not in self._made_up:
                try:
                    contract().event(one.event, one.body)
                except AssertionError as error:
                    self.violations.append(str(error))
        assert not self.broken, self.broken
        assert not self.unknown, self.unknown
        assert not self.violations, "\n".join(dict.fromkeys(self.violations))

    def __enter__(self) -> "Stand":
        """Start."""
        self.start()
        return self

    def __exit__(self, *failed: object) -> None:
        """Stop, and verify unless the test has failed already."""
        try:
            if failed[0] is None:
                self.verify()
        finally:
            self.stop()
