"""What GitHub tells: one module for each event, named after it, and nothing else in this package.

A module offers `ACTIONS` (the actions it knows; None for an event that has none), `parse`, which turns a payload into a
checked value or raises pydantic's ValidationError, and `handle`, which acts on it and may be called again at any time.
Of a payload only what its handler needs is read, since GitHub Enterprise Servers of any age send it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, Protocol, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.gather.cache import Cache
from bot.gather.metrics import UNSET, Metrics, Server
from bot.github.client import App
from bot.reminders import Desk
from bot.review.pull import By
from bot.store.dates import Dates
from bot.store.deliveries import ANEW, Delivery
from bot.store.ledger import Ledger
from bot.store.memory import Known, Memory
from rules.catalogue import Catalogue
from rules.facts import Unverifiable
from rules.policy import Policy

_MIDDAY = time(12)


class Store(Protocol):
    """What handlers remember: which accounts have installed the app, and on which repositories."""

    def remember(self, installation: int, account: str, added: Collection[tuple[int, str]]) -> None:
        """An account has the app, on these repositories (id and name) besides those that are known."""

    def forget(self, installation: int) -> None:
        """The account has removed the app."""

    def suspend(self, installation: int, suspended: bool) -> None:
        """The account has suspended the app, or lets it work again."""

    def rename(self, repository: int, name: str) -> None:
        """A repository has this name (`owner/name`) now."""

    def archive(self, repository: int, archived: bool) -> None:
        """A repository is archived, or is no longer."""

    def names(self, installation: int) -> list[str]:
        """The names of an installation's repositories, archived ones apart, in order."""

    def known(self, installation: int) -> dict[int, str]:
        """An installation's repositories, by id, with their names."""

    def drop(self, removed: Collection[int]) -> None:
        """The app is no longer on these repositories, or they are gone."""


@dataclass(frozen=True, slots=True)
class Line:
    """What handlers work with. `put` keeps further deliveries; `delivery` is the id of the one in hand.

    `prometheus` is asked only what the policies of `prometheus_accounts` (small letters) ask.
    """

    app: App
    catalogue: Catalogue
    store: Store
    clock: Callable[[], datetime]
    put: Callable[[Sequence[Delivery]], None]
    memory: Memory
    ledger: Ledger
    dates: Dates
    delivery: str = ""
    cache: Cache = field(default_factory=Cache)
    today: date | None = None
    prometheus: Server | None = None
    prometheus_accounts: frozenset[str] = frozenset()

    def moment(self) -> datetime:
        """The time to judge by: now, or midday of `today`, which stands in for the calendar where it is set."""
        return self.clock() if self.today is None else datetime.combine(self.today, _MIDDAY, UTC)

    def day(self, zone: str) -> date:
        """The date in a time zone; `today` is the same everywhere."""
        return self.clock().astimezone(ZoneInfo(zone)).date() if self.today is None else self.today

    def desk(self) -> Desk:
        """What looks at due dates work with."""
        return Desk(self.judging(), self.dates, lambda organisation: self.day(organisation.timezone))

    def judging(self) -> By:
        """By what pull requests are judged at this moment."""
        live = self.prometheus is not None
        names = self.store.names
        by = By(self.catalogue, self.moment(), self._metrics, self.memory, self.ledger, names, live, self.cache)
        return replace(by, snooze=self.dates.snooze)

    def _metrics(self, account: str, policy: Policy | None) -> Metrics:
        if self.prometheus is None:
            return Metrics(None, policy, UNSET)
        if account.lower() not in self.prometheus_accounts:
            return Metrics(
                None, policy, Unverifiable(f"PILOTGATE_PROMETHEUS_ACCOUNTS does not name {account}", elsewhere=True)
            )
        return Metrics(self.prometheus, policy, _NOT_YET)


_NOT_YET = Unverifiable("what the base branch does not ask yet is not asked: merge it first")


class Handler(Protocol):
    """A module of this package."""

    ACTIONS: frozenset[str] | None

    def parse(self, payload: dict[str, Any]) -> Any:
        """The event that a payload tells of; ValidationError where it lacks what `handle` needs."""

    def handle(self, event: Any, line: Line) -> None:
        """Act on an event. Raises RetryLater or Refused."""


@cache
def _names() -> frozenset[str]:
    return frozenset(found.name for found in iter_modules(__path__))


def handler(event: str) -> Handler | None:
    """The module of an event; None for an event that is not handled."""
    return _module(event) if event in _names() else None


@cache
def _module(event: str) -> Handler:
    return cast("Handler", import_module(f"{__name__}.{event}"))


Id = Annotated[int, Field(gt=0, lt=2**63)]
Number = Annotated[int, Field(gt=0, lt=2**31)]
Name = Annotated[str, Field(max_length=300, pattern=r"^[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+$")]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]


class Payload(BaseModel):
    """A part of a payload: the keys that are needed, of whatever else there is."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Installation(Payload):
    """The installation that an event belongs to: all that it leads to is done as this one."""

    id: Id


class Repository(Payload):
    """A repository, by its id and its name of the moment."""

    id: Id
    full_name: Name


class Event(Payload):
    """What every event of a repository has."""

    installation: Installation
    repository: Repository


class Anew(Event):
    """What is put for a pull request that is to be judged anew; GitHub sends no such action."""

    action: str = ANEW
    number: Number


class Of(Payload):
    """The repository of a branch."""

    id: Id


class Head(Payload):
    """The head of a pull request: its branch, and the repository of it, which may be gone."""

    ref: str | None = None
    repo: Of | None = None


class Named(Payload):
    """A pull request, as far as it is needed."""

    number: Number
    head: Head | None = None

    def ref(self, repository: int) -> str | None:
        """Where its head is found by name in the repository of this id; None where that is not told."""
        if self.head is None or self.head.ref is None:
            return None
        here = self.head.repo is not None and self.head.repo.id == repository
        return self.head.ref if here else f"refs/pull/{self.number}/head"


class Look(Event):
    """What is put for a repository in which something may be due; on a day other than today, where it says so.

    `pushed`: for nothing but another commit, so that there is nothing to do where that was looked at meanwhile.
    """

    action: str = ANEW
    today: date | None = None
    pushed: bool = False


class Survey(Payload):
    """What is put for an installation whose repositories are all to be read."""

    action: str = ANEW
    installation: Installation


class Sender(Payload):
    """Who did it."""

    login: Annotated[str, Field(min_length=1, max_length=100)]
    type: str | None = None

    @property
    def bot(self) -> bool:
        """Whether this is a program."""
        return self.type == "Bot" or self.login.endswith("[bot]")


def dates(line: Line) -> None:
    """Have each pull request judged anew whose answer may be another because a day has come."""
    due = line.memory.due(line.moment())
    again(replace(line, delivery=f"dates/{line.moment().isoformat(timespec='hours')}"), due)
    line.memory.asked(due)


def due(line: Line) -> list[str]:
    """Have each repository looked at in which something is due by now; the ids of the deliveries that do it."""
    found = line.dates.due(line.day)
    days = {one.repository: line.day(one.zone) for one in found}
    looks = [
        _look(replace(line, delivery=f"due/{days[one.repository]}"), one.installation, one.repository, one.name)
        for one in found
    ]
    line.put(looks)
    line.dates.put_off({repository: day + timedelta(1) for repository, day in days.items()})
    return [one.id for one in looks]


def look(line: Line, installation: int, repositories: Mapping[int, str], pushed: bool = False) -> list[str]:
    """Put a delivery for each of these repositories (id and name) that looks at what is due in it, see `Look`; the ids
    of the deliveries."""
    looks = [_look(line, installation, repository, name, pushed) for repository, name in repositories.items()]
    line.put(looks)
    return [one.id for one in looks]


def _look(line: Line, installation: int, repository: int, name: str, pushed: bool = False) -> Delivery:
    event = Look(
        installation=Installation(id=installation),
        repository=Repository(id=repository, full_name=name),
        today=line.today,
        pushed=pushed,
    )
    return row(line, event, "repository", f"look/{repository}", event)


def survey(line: Line, installation: int) -> None:
    """Put a delivery that reads all repositories of an installation."""
    assert line.delivery  # or rows of different deliveries would be taken for one another
    event = Survey(installation=Installation(id=installation))
    made = Delivery(
        id=f"{line.delivery}/survey/{installation}",
        event="installation",
        action=ANEW,
        installation=installation,
        repository=None,
        lane=f"installation/{installation}",
        payload=event.model_dump_json().encode(),
        received=line.clock(),
    )
    line.put([made])


def again(line: Line, which: Iterable[Known]) -> None:
    """Put a delivery for each of these pull requests that has it judged anew."""

    def made(one: Known) -> Delivery:
        payload = Anew(
            number=one.number,
            installation=Installation(id=one.installation),
            repository=Repository(id=one.repository, full_name=one.name),
        )
        return row(line, payload, "pull_request", f"again/{one.repository}/{one.number}", payload)

    line.put([made(one) for one in which])


def row(line: Line, event: Event, name: str, suffix: str, payload: BaseModel) -> Delivery:
    """A further delivery that follows from the one in hand, with an id that is the same each time it does."""
    assert line.delivery  # or rows of different deliveries would be taken for one another
    return Delivery(
        id=f"{line.delivery}/{suffix}",
        event=name,
        action=getattr(payload, "action", None),
        installation=event.installation.id,
        repository=event.repository.full_name,
        lane=f"repository/{event.repository.id}",
        payload=payload.model_dump_json().encode(),
        received=line.clock(),
    )
