"""A year of an organisation, day by day: its repositories on a stand-in for GitHub, people who meddle, a Pilotgate in
this very process, and an oracle that says which issues are open. `tests/e2e/year.py` has it in processes of its own."""

import random
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
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
LEADS = ((7, 1), (10, 3), (4,))
"""How many days ahead of a date there is a word, in each third of the time."""
START = date(2027, 12, 1)
EXERCISED = date(2027, 11, 30)
_MARK = re.compile(r"<!-- pilotgate:([^ ]+) -->")
_SAID = re.compile(r"<!-- pilotgate:said:(reminder|ahead) ")
_SEAL = re.compile(r"<!-- pilotgate:said:([^>]+) -->")


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
    """What is open in one repository, by its marker and the day of its last word; which of these a person has closed,
    which are snoozed until when; how often each was opened again, and on which days there was a word in each."""

    open: dict[str, date] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    quiet: dict[str, date] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    again: Counter[str] = field(default_factory=Counter)
    words: set[tuple[str, date]] = field(default_factory=set)

    @property
    def seen(self) -> set[str]:
        """What is open on GitHub."""
        return set(self.open) - self.shut

    def dawn(self, pilot: Pilot, today: date, leads: tuple[int, ...] = LEADS[0]) -> None:
        """A day begins, or the policy is another."""
        overdue = pilot.overdue(today)
        soon = {marker: due for marker, due in pilot.soon(today).items() if spoken(due, max(leads)) <= today}
        wanted = overdue | ({"tracking:items"} if soon else set())
        if pilot.decision[1] == "pending" and pilot.decision[0] - timedelta(7) <= today:
            wanted.add("packet:decision")
        for marker in set(self.open) - wanted:
            del self.open[marker]
            self.shut.discard(marker)
        for marker in wanted - set(self.open):
            self._open(marker, today)
        said = self.open.get("tracking:items")
        if said and any(said < spoken(due, back) <= today for due in soon.values() for back in leads):
            self._say("tracking:items", today)
        for marker in overdue:
            if today >= self.open[marker] + timedelta(7):
                self._say(marker, today)

    def _open(self, marker: str, today: date) -> None:
        self.again[marker] += marker in self.known
        self.known.add(marker)
        self.open[marker] = today
        self.shut.discard(marker)
        self.quiet.pop(marker, None)

    def _say(self, marker: str, today: date) -> None:
        if today.weekday() > 4 or today < self.quiet.get(marker, today):
            return
        if marker in self.shut:
            self._open(marker, today)
            return
        self.open[marker] = today
        self.words.add((marker, today))


class Watched(ABC):
    """A Pilotgate, told what happens and what day it is, and what it has done on a stand-in whose clock shows noon."""

    def __init__(self, stand: StandIn) -> None:
        self.stand, self.today = stand, START
        self.reopened = Counter[tuple[str, str]]()
        stand.world.clock = self.clock
        self._tell, stand.world.tell = stand.world.tell, self._heard

    @abstractmethod
    def day(self, today: date) -> None:
        """A day: what was told is taken in, and what is due is done."""

    @abstractmethod
    def told(self) -> None:
        """Take in what GitHub has told since, and work it off."""

    def clock(self) -> datetime:
        """Noon of the day."""
        return datetime.combine(self.today, time(12), UTC)

    def _heard(self, event: str, where: Any, sender: Any, action: str | None = None, **parts: Any) -> None:
        if (event, action) == ("issues", "reopened"):
            self.reopened[where.full_name, marker(where.issues[parts["issue"]["number"]])] += 1
        self._tell(event, where, sender, action, **parts)

    def issues(self, name: str) -> list[Issue]:
        """The app's issues in a repository."""
        found = self.stand.world.repositories[name].issues.values()
        return [one for one in found if one.by_app and one.pull is None]

    def issue(self, name: str, wanted: str) -> Issue:
        """The one of a marker."""
        (found,) = (one for one in self.issues(name) if marker(one) == wanted)
        return found

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

    def wrong(self, name: str, oracle: Oracle) -> Iterator[str]:
        """What is not as the oracle says."""
        if self.open(name) != Counter(oracle.seen):
            yield f"{dict(self.open(name))} are open, not {sorted(oracle.seen)}"
        if len(self.issues(name)) != len(oracle.known):
            yield f"{Counter(map(marker, self.issues(name)))} are there, not {sorted(oracle.known)}"
        again = {one: count for (place, one), count in self.reopened.items() if place == name}
        if again != +oracle.again:
            yield f"{again} were opened again, not {dict(+oracle.again)}"
        found, promised = self.words(name), Counter(oracle.words)
        if found != promised:
            yield f"{sorted((found - promised).elements())} were said, and not {sorted(promised - found)}"
        for issue in self.issues(name):
            seals = Counter(seal for comment in issue.comments for seal in _SEAL.findall(comment.body))
            yield from (f"{marker(issue)}: {seal} {count} times" for seal, count in seals.items() if count > 1)

    def person_closes(self, issue: Issue) -> None:
        """Somebody closes an issue by hand."""
        with self.stand.hooks.telling():
            acts.set_state(self.stand.world, issue, self.stand.world.account("ana"), "closed", "completed")

    def person_renames(self, issue: Issue) -> None:
        """Somebody gives an issue another title."""
        with self.stand.hooks.telling():
            acts.edit(self.stand.world, issue, self.stand.world.account("ana"), f"{issue.title[:100]}!", None)

    def person_says(self, issue: Issue, text: str) -> None:
        """Somebody comments on an issue."""
        with self.stand.hooks.telling():
            acts.comment(self.stand.world, issue, self.stand.world.account("ana"), text)


class Year(Watched):
    """Pilotgate in this process. `killed` is how often a request is the last of its process."""

    def __init__(self, stand: StandIn, seed: int, killed: float = 0.0) -> None:
        super().__init__(stand)
        self.random, self.killed, self.kills = random.Random(seed), killed, 0
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
        stand.hooks.hold, stand.hooks.url = True, "http://127.0.0.1"

    def _put(self, given: Sequence[Delivery]) -> None:
        for one in given:
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
                self._put([Delivery(one.guid, one.event, one.action, None, None, "", one.payload, self.clock())])
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


def marker(issue: Issue) -> str:
    """What an issue is about."""
    found = _MARK.match(issue.body or "")
    assert found is not None
    return found[1]


def pilot(chance: random.Random, today: date, pace: int) -> Pilot:
    """A pilot whose dates are within the next months, or so many times as soon."""
    names = ("security", "compliance", "legal")
    return Pilot(
        {name: (today + timedelta(chance.randrange(-3, 120 // pace)), "pending") for name in names},
        (today + timedelta(chance.randrange(10 // pace, 200 // pace)), "pending"),
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


class Life:
    """So many repositories with a pilot each, whose policies and people change from day to day; with another `pace`,
    so many times as much of it."""

    def __init__(self, year: Watched, count: int, seed: int, pace: int = 1) -> None:
        self.year, self.chance, self.pace = year, random.Random(seed), pace
        self.leads: tuple[int, ...] = LEADS[0]
        self._organise()
        self.pilots = {f"acme/pilot-{number}": pilot(self.chance, START, pace) for number in range(count)}
        for name, made in self.pilots.items():
            founded(year.stand, name, made.text().encode())
        self.oracles = {name: Oracle() for name in self.pilots}

    def _organise(self) -> None:
        files = {".pilot-org.yml": f"{ORGANISATION}reminders: {{lead_days: {list(self.leads)}}}\n".encode()}
        if "acme/.github" in self.year.stand.world.repositories:
            self.year.stand.push("acme/.github", "main", files)
        else:
            self.year.stand.repository("acme/.github", files=files)

    def live(self, days: int, every: int = 1) -> Iterator[str]:
        """So many days, of which Pilotgate sees one in so many; yields what was not as the oracle says."""
        for ahead in range(0, days, every):
            today = self.year.today = START + timedelta(ahead)
            self._morning(LEADS[ahead * len(LEADS) // days], first=ahead == 0)
            self.year.day(today)
            for name, oracle in self.oracles.items():
                oracle.dawn(self.pilots[name], today, self.leads)
                yield from (f"{today} {name}: {said}" for said in self.year.wrong(name, oracle))
            if self.chance.random() < 0.1 * self.pace:
                self._evening()

    def _morning(self, leads: tuple[int, ...], first: bool) -> None:
        """People change policies, and what the app has opened."""
        if leads != self.leads:
            self.leads = leads
            self._organise()
        for name, oracle in self.oracles.items():
            if not first and self.chance.random() < 0.04 * self.pace:
                self.pilots[name] = changed(self.pilots[name], self.chance, self.year.today)
                self.year.stand.push(name, "main", {".pilot.yml": self.pilots[name].text().encode()})
            for one in sorted(oracle.seen):
                match self.chance.randrange(60 // self.pace):
                    case 0:
                        self.year.person_closes(self.year.issue(name, one))
                        oracle.shut.add(one)
                    case 1:
                        self.year.person_renames(self.year.issue(name, one))
                    case 2:
                        self.year.person_says(self.year.issue(name, one), "We are at it.")

    def _evening(self) -> None:
        """People ask for quiet."""
        for name, oracle in self.oracles.items():
            for one in sorted(oracle.seen):
                if self.chance.random() < 0.1:
                    until = oracle.quiet[one] = self.year.today + timedelta(self.chance.randrange(1, 20))
                    self.year.person_says(self.year.issue(name, one), f"/pilot snooze until {until}")
        self.year.told()
