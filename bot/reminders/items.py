"""What a policy on a default branch says of dates, and what it misses: read off the rules, so that there is no second
list of them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.gather.pilots import Pilot
from bot.review import alone
from rules.catalogue import Catalogue
from rules.facts import Codes, Today
from rules.policy import Organisation, Policy
from rules.report import Located, Report
from rules.values import Handle, Path, days_after, walk, written

_HORIZON = 4096
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is overdue from a day on: by which rule, at which key, and whose it is.

    `section` is the policy's first key, `name` what the policy calls it there.
    """

    marker: str
    code: str
    section: str
    name: str
    since: date
    message: str
    people: tuple[Handle, ...]

    @property
    def due(self) -> date:
        """The last day on which it is in time."""
        return days_after(self.since, -1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pilot stands on a day by its policy alone. `known` is False where the policy can't be read, so that nobody
    can tell its dates; `names` are what it has, by section; `turn` is the day on which more dates can be told."""

    pilot: Pilot
    today: date
    report: Report
    items: tuple[Item, ...]
    missing: tuple[Located, ...]
    names: frozenset[tuple[str, str]]
    known: bool
    turn: date | None

    @property
    def policy(self) -> Policy | None:
        """The policy, None where there is none that can be read."""
        return self.pilot.policy.model

    @property
    def accountable(self) -> tuple[Handle, ...]:
        """Who answers for the pilot."""
        return accountable(self.policy)


def accountable(policy: Policy | None) -> tuple[Handle, ...]:
    """Who answers for a pilot, if anybody does."""
    owner = policy.owners.accountable if policy and policy.owners else None
    return (owner,) if owner else ()


def asked_for(pilot: Pilot, organisation: Organisation) -> bool:
    """Whether a repository is to be looked at: it has a policy, or a topic that asks for one."""
    return not pilot.policy.absent or bool(pilot.topics & set(organisation.required_for.topics))


def standing(pilot: Pilot, organisation: Organisation, today: date, catalogue: Catalogue) -> Standing:
    """How a pilot stands on a day."""
    clock = _Clock(pilot, organisation, catalogue)
    report, policy = clock.report(today), pilot.policy.model
    dated = {(one.code, one.at): one for one in report.dates}
    keys = {(one.code, _key(one.at)) for one in dated.values()}
    missing = tuple(
        one
        for one in report.findings
        if one.severity != "notice" and (one.code, one.key) not in keys and one.path == pilot.policy.path
    )
    return Standing(
        pilot=pilot,
        today=today,
        report=report,
        items=tuple(_items(policy, report)) if policy else (),
        missing=missing if asked_for(pilot, organisation) else (),
        names=frozenset(_names(policy)) if policy else frozenset(),
        known=policy is not None or pilot.policy.absent,
        turn=clock.turn(report),
    )


class _Clock:
    """A policy on whatever day."""

    def __init__(self, pilot: Pilot, organisation: Organisation, catalogue: Catalogue) -> None:
        self._pilot, self._organisation = pilot, organisation
        self._rules = alone.rules(catalogue)
        self._codes = Codes(catalogue.codes, catalogue.weights)
        self._moved = frozenset(rule.code for rule in self._rules if Today in rule.needs.values())

    def report(self, today: date) -> Report:
        return alone.judged(self._pilot, self._organisation, Today(today), self._codes, self._rules)

    def turn(self, report: Report) -> date | None:
        """The first day on which a finding that says nothing of its date is one no longer, by the calendar alone.

        As with a waiver that runs too far ahead: later, the day on which it ends can be told.
        """
        dated = {(one.code, _key(one.at)) for one in report.dates}
        open_ended = {
            (one.code, one.key)
            for one in report.findings
            if one.code in self._moved and (one.code, one.key) not in dated
        }
        turns = [day for each in sorted(open_ended, key=str) if (day := self._end(each, report.today)) is not None]
        return min(turns, default=None)

    def _end(self, which: tuple[str, str | None], today: date) -> date | None:
        """By halves: such a finding ends once, if it does."""
        last = days_after(today, _HORIZON)
        if self._stands(which, last):
            return None
        first = today
        while (last - first).days > 1:
            middle = first + timedelta((last - first).days // 2)
            first, last = (middle, last) if self._stands(which, middle) else (first, middle)
        return last

    def _stands(self, which: tuple[str, str | None], day: date) -> bool:
        report = self.report(day)
        undated = {(one.code, one.key) for one in report.findings}
        return which in undated - {(one.code, _key(one.at)) for one in report.dates}


def _key(at: Path) -> str | None:
    return written(at) or None


def _items(policy: Policy, report: Report) -> Iterator[Item]:
    seen = Counter[str]()
    for one in report.dates:
        section, name, element = _element(policy, one.at)
        base = f"{one.code}:{safe(name)}"
        seen[base] += 1
        marker = base if seen[base] == 1 else f"{base}:{seen[base]}"
        people = tuple(dict.fromkeys(value for _, value in walk(element) if isinstance(value, Handle)))
        yield Item(marker, one.code, section, name, one.since, one.message, people or accountable(policy))


def _element(policy: Policy, at: Path) -> tuple[str, str, object]:
    """The part of a policy that a key belongs to: its section, what it is called there, and itself."""
    section = str(at[0]) if at else ""
    whole = getattr(policy, section, None)
    if len(at) > 1 and isinstance(whole, Mapping):
        return section, str(at[1]), whole.get(at[1])
    if len(at) > 1 and isinstance(whole, tuple) and isinstance(at[1], int) and at[1] < len(whole):
        return section, _called(whole[at[1]], at[1]), whole[at[1]]
    return section, section, whole


def _called(element: object, index: int) -> str:
    """What tells an element of a list from the others, wherever it stands."""
    names = [str(getattr(element, name)) for name in ("id", "rule", "key", "file") if getattr(element, name, None)]
    return " ".join(names) or str(index + 1)


def _names(policy: Policy) -> Iterator[tuple[str, str]]:
    for section in type(policy).model_fields:
        whole = getattr(policy, section)
        if isinstance(whole, Mapping):
            yield from ((section, str(name)) for name in whole)
        elif isinstance(whole, tuple):
            yield from ((section, _called(one, index)) for index, one in enumerate(whole))
        elif whole is not None:
            yield section, section


def safe(name: str) -> str:
    """The name as a marker can have it: it ends no comment, and is not too long."""
    text = re.sub(r"[^A-Za-z0-9_.@/-]|--", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), name)
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 17]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
