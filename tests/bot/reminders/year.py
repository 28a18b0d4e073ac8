"""A year of an organisation, day by day: its repositories on a stand-in for GitHub, a Pilotgate in this very process,
and an oracle that says which issues are open. Shared with `tests/bench/year.py`."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from pydantic_core import from_json

from bot import events
from bot.demo.github import StandIn
from bot.demo.github.acts import issues as acts
from bot.demo.github.state import Issue
from bot.events import Line
from bot.github.client import App
from bot.store.dates import Dates
from bot.store.deliveries import Delivery
from bot.store.installations import Installations
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from bot.store.written import Written
from rules.catalogue import catalogue
from tests.e2e.given import GOOD, planted
from tests.stores import empty

ORGANISATION = """version: 1
limits: {review_weeks: 520, pilot_days: 3660, waiver_days: 3660, extensions: 100}
"""
START = date(2027, 12, 1)
EXERCISED = date(2027, 11, 30)
_MARK = re.compile(r"<!-- pilotgate:([^ ]+) -->")
_SAID = re.compile(r"<!-- pilotgate:said:(reminder|ahead) ")


class Killed(BaseException):
    """The process is gone: nothing that is written to catch errors catches this."""


@dataclass
class Pilot:
    """What a policy promises: reviews by name, each with its day and outcome, and the decision."""

    reviews: dict[str, tuple[date, str]]
    decision: tuple[date, str]

    def text(self) -> str:
        """The policy; all else in it is as it should be, and stays so."""
        reviews = [
            f'  {name}: {{team: "@acme/{name}", due: {due}, outcome: {outcome}, evidence: docs/reviews/security.md}}\n'
            for name, (due, outcome) in self.reviews.items()
        ]
        text = re.sub(r"(?s)reviews:\n.*?monitoring:", f"reviews:\n{''.join(reviews)}monitoring:", GOOD)
        text = re.sub(r"date: [0-9-]+\n", f"date: {self.decision[0]}\n", text)
        text = text.replace("  outcome: pending\n", f"  outcome: {self.decision[1]}\n")
        text = text.replace("max_age: 90d", "max_age: 900d").replace("exercised: 2026-11-18", f"exercised: {EXERCISED}")
        text = text.replace("go: [routing-accuracy, p95-latency]", "go: [routing-accuracy]")
        return re.sub("start: .*", f"start: {START}", text)

    def overdue(self, today: date) -> set[str]:
        """The markers of what is overdue on a day, by the policy's own words."""
        return {marker for marker, due in self.pending().items() if due < today}

    def soon(self, today: date) -> dict[str, date]:
        """The dates to come."""
        return {marker: due for marker, due in self.pending().items() if due >= today}

    def pending(self) -> dict[str, date]:
        """What is still to be done, and by when."""
        found = {f"REV002:{name}": due for name, (due, outcome) in self.reviews.items() if outcome != "passed"}
        found |= {"DEC004:decision": self.decision[0]} if self.decision[1] == "pending" else {}
        return found | {"RUN005:docs/runbook.md": EXERCISED + timedelta(180)}


def spoken(day: date, back: int) -> date:
    """That many days before, or on the working day before that."""
    day -= timedelta(back)
    return day - timedelta(max(0, day.weekday() - 4))


@dataclass
class Oracle:
    """Which issues are open in one repository, and on which days there was a word in each."""

    open: dict[str, date] = field(default_factory=dict)
    words: set[tuple[str, date]] = field(default_factory=set)

    def dawn(self, pilot: Pilot, today: date) -> None:
        """A day begins, or the policy is another."""
        overdue = pilot.overdue(today)
        soon = pilot.soon(today)
        wanted = set(overdue)
        ahead = {marker for marker, due in soon.items() if spoken(due, 7) <= today}
        wanted |= {"tracking:items"} if ahead else set()
        if pilot.decision[1] == "pending" and pilot.decision[0] - timedelta(7) <= today:
            wanted.add("packet:decision")
        for marker in wanted - set(self.open):
            self.open[marker] = today
        for marker in set(self.open) - wanted:
            del self.open[marker]
        if today.weekday() > 4:
            return
        for marker in overdue:
            if today >= self.open[marker] + timedelta(7):
                self._say(marker, today)
        said = self.open.get("tracking:items")
        if said and any(said < spoken(soon[marker], back) <= today for marker in ahead for back in (7, 1)):
            self._say("tracking:items", today)

    def _say(self, marker: str, today: date) -> None:
        self.open[marker] = today
        self.words.add((marker, today))


class Year:
    """Pilotgate, told what happens and what day it is. `killed` is how often a request is the last of its process."""

    def __init__(self, stand: StandIn, seed: int, killed: float = 0.0) -> None:
        self.stand, self.random, self.killed, self.kills = stand, random.Random(seed), killed, 0
        self.today = START
        store = empty()
        self.dates = Dates(store)
        self.rows: list[Delivery] = []
        self.done: set[str] = set()
        self.requests = 0
        self.line = Line(
            app=App(stand.app.id, stand.private_key, stand.url, self.clock, Written(store)),
            catalogue=catalogue(),
            store=Installations(store),
            clock=self.clock,
            put=self._put,
            memory=Memory(store),
            ledger=Ledger(store),
            dates=self.dates,
        )
        stand.world.clock = self.clock
        stand.hooks.hold, stand.hooks.url = True, "http://127.0.0.1"

    def clock(self) -> datetime:
        """Noon of the day."""
        return datetime.combine(self.today, time(12), UTC)

    def _put(self, one: Delivery) -> None:
        if one.id not in self.done and all(one.id != other.id for other in self.rows):
            self.rows.append(one)

    def day(self, today: date) -> None:
        """A day: what was told is taken in, and what is due is done."""
        self.today = today
        self.told()
        self.again(lambda: events.due(replace(self.line, today=today)))
        self.work()

    def told(self) -> None:
        """Take in what GitHub has told since, and work it off."""
        held, self.stand.hooks.held = self.stand.hooks.held, []
        for one in held:
            known = events.handler(one.event)
            if known is not None and (known.ACTIONS is None or one.action in known.ACTIONS):
                self._put(Delivery(one.guid, one.event, one.action, None, None, "", one.payload, self.clock()))
        self.work()

    def work(self) -> None:
        """Work off all rows; one whose process is killed is begun again."""
        while self.rows:
            row = self.rows[0]
            handler = events.handler(row.event)
            assert handler is not None
            event = handler.parse(from_json(row.payload))
            self.again(partial(handler.handle, event, replace(self.line, delivery=row.id, today=self.today)))
            self.rows.pop(0)
            self.done.add(row.id)

    def again(self, do: Any) -> None:
        """Do something until it comes to its end."""
        while True:
            try:
                with self._dying():
                    do()
            except Killed:
                self.kills += 1
            else:
                return

    @contextmanager
    def _dying(self) -> Iterator[None]:
        ask = App.ask

        def asked(app: App, token: str, verb: str, path: str, *rest: Any) -> Any:
            self.requests += 1
            fate = self.random.random()
            if fate < self.killed / 2:
                raise Killed
            answer = ask(app, token, verb, path, *rest)
            if fate < self.killed:
                raise Killed
            return answer

        with patch.object(App, "ask", asked):
            yield

    def issues(self, name: str) -> list[Issue]:
        """The app's issues in a repository."""
        found = self.stand.world.repositories[name].issues.values()
        return [one for one in found if one.by_app and one.pull is None]

    def open(self, name: str) -> Counter[str]:
        """The markers of the open ones, each as often as it is there."""
        return Counter(marker(one) for one in self.issues(name) if one.state == "open")

    def words(self, name: str) -> Counter[tuple[str, date]]:
        """Each reminder and each word ahead: in which issue, and on which day."""
        return Counter(
            (marker(issue), comment.made.date())
            for issue in self.issues(name)
            for comment in issue.comments
            if _SAID.search(comment.body)
        )

    def person_closes(self, issue: Issue) -> None:
        """Somebody closes an issue by hand."""
        with self.stand.hooks.telling():
            acts.set_state(self.stand.world, issue, self.stand.world.account("ana"), "closed", "completed")


def marker(issue: Issue) -> str:
    """What an issue is about."""
    found = _MARK.match(issue.body or "")
    assert found is not None
    return found[1]


def pilot(chance: random.Random, today: date) -> Pilot:
    """A pilot whose dates are within the next months."""
    names = ("security", "compliance", "legal")
    return Pilot(
        {name: (today + timedelta(chance.randrange(-3, 120)), "pending") for name in names},
        (today + timedelta(chance.randrange(10, 200)), "pending"),
    )


def changed(one: Pilot, chance: random.Random, today: date) -> Pilot:
    """The same pilot after somebody has changed its policy: a review held, failed, undone or put off, or decided."""
    name = chance.choice(list(one.reviews))
    due, _ = one.reviews[name]
    match chance.randrange(5):
        case 0:
            return replace(one, reviews={**one.reviews, name: (due, "passed")})
        case 1:
            return replace(one, reviews={**one.reviews, name: (due, chance.choice(("pending", "failed")))})
        case 2:
            return replace(one, reviews={**one.reviews, name: (today + timedelta(chance.randrange(0, 60)), "pending")})
        case 3:
            return replace(one, decision=(one.decision[0], chance.choice(("go", "no-go", "pending"))))
        case _:
            return replace(one, decision=(today + timedelta(chance.randrange(0, 60)), "pending"))


def founded(stand: StandIn, name: str, policy: bytes) -> None:
    """A repository with all that such a policy names, so that only its dates are to be watched."""
    planted(stand, name)
    for team in ("security", "compliance"):
        stand.team("acme", team, ("kim", "pat"), {name: "read"})
    stand.push(name, "main", {".pilot.yml": policy})


def live(year: Year, count: int, days: int) -> Iterator[tuple[date, str, Counter[str], Oracle]]:
    """So many days of so many repositories; yields what each has at the end of each day, and what the oracle says."""
    stand, chance = year.stand, year.random
    stand.repository("acme/.github", files={".pilot-org.yml": ORGANISATION.encode()})
    names = [f"acme/pilot-{number}" for number in range(count)]
    pilots: dict[str, Pilot] = {}
    for name in names:
        made = pilots[name] = pilot(chance, START)
        founded(stand, name, made.text().encode())
    stand.install("acme")
    oracles = {name: Oracle() for name in names}
    for ahead in range(days):
        today = year.today = START + timedelta(ahead)
        for name in names:
            if ahead and chance.random() < 0.04:
                pilots[name] = changed(pilots[name], chance, today)
                stand.push(name, "main", {".pilot.yml": pilots[name].text().encode()})
        year.day(today)
        for name in names:
            oracles[name].dawn(pilots[name], today)
            yield today, name, year.open(name), oracles[name]
