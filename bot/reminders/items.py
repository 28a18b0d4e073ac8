"""What the policies on a default branch say of dates, and what is missing there: read off the rules, so that there is
no second list of them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.gather.names import POLICY
from bot.gather.pilots import Pilot
from bot.review import alone
from bot.review.folders import folder_of
from bot.review.judge import Held, Judgement
from rules.catalogue import Catalogue
from rules.document import Document
from rules.facts import Base, Codes, Today
from rules.policy import Organisation, Policy
from rules.report import Located, Report
from rules.values import Handle, Path, days_after, walk, written

_HORIZON = 4096
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is overdue from a day on: by which rule, at which key, and whose it is.

    `policy` is the path of the policy, `section` its first key, `name` what it is called there.
    """

    marker: str
    policy: str
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
    """How a pilot stands on a day. `report` is by its policy alone, `held` by all that its rules ask for, None where
    there is nothing to judge; `names` are what the policy has, by section; `turn` is the first day on which there is
    something else to say, but for the items."""

    document: Document[Policy]
    today: date
    report: Report
    held: Held | None
    items: tuple[Item, ...]
    missing: tuple[Located, ...]
    names: frozenset[tuple[str, str]]
    turn: date | None

    @property
    def policy(self) -> Policy | None:
        """The policy, None where there is none that can be read."""
        return self.document.model

    @property
    def known(self) -> bool:
        """Whether its dates can be told, which they can't where the policy is there and can't be read."""
        return self.policy is not None or self.document.absent

    @property
    def suffix(self) -> str:
        """What its markers end with."""
        return suffix(self.document.path)

    @property
    def accountable(self) -> tuple[Handle, ...]:
        """Who answers for the pilot."""
        return accountable(self.policy)


@dataclass(frozen=True, slots=True)
class Whole:
    """How a repository stands on a day: by the policy at its root, which may be absent, and by each below it.
    `complete`: none was overlooked."""

    pilot: Pilot
    today: date
    standings: tuple[Standing, ...]
    complete: bool

    @property
    def items(self) -> tuple[Item, ...]:
        """Those of all policies."""
        return tuple(item for one in self.standings for item in one.items)

    @property
    def missing(self) -> tuple[Located, ...]:
        """What is missing, by all policies."""
        return tuple(dict.fromkeys(found for one in self.standings for found in one.missing))

    @property
    def accountable(self) -> tuple[Handle, ...]:
        """Who answers for its pilots."""
        return tuple(dict.fromkeys(who for one in self.standings for who in one.accountable))

    @property
    def absent(self) -> bool:
        """Whether there is no policy at all."""
        return self.complete and all(one.document.absent for one in self.standings)

    def of(self, marker: str) -> Standing | None:
        """The policy that a marker belongs to, None where that is gone."""
        _, tilde, folder = marker.partition(_TILDE)
        return next((one for one in self.standings if one.suffix == tilde + folder), None)


_TILDE = "~"
"""Parts a marker from the folder of its policy: `safe` leaves none in what is before it."""


def suffix(path: str) -> str:
    """What the markers of the policy at this path end with; nothing for the one at the root."""
    return "" if path == POLICY else _TILDE + safe(folder_of(path))


def accountable(policy: Policy | None) -> tuple[Handle, ...]:
    """Who answers for a pilot, if anybody does."""
    owner = policy.owners.accountable if policy and policy.owners else None
    return (owner,) if owner else ()


def may_be_asked(pilot: Pilot, organisation: Organisation) -> bool:
    """Whether a repository is to be looked at: it has a policy, or a topic or perhaps a property that asks for one."""
    wanted = organisation.required_for
    return not pilot.policy.absent or bool(pilot.topics & set(wanted.topics)) or bool(wanted.properties)


def whole(
    pilot: Pilot, judged: Judgement | None, organisation: Organisation, today: date, catalogue: Catalogue
) -> Whole:
    """How a repository stands on a day; `judged` is its default branch on that day, None where nothing is in it."""
    held = {one.subject.pull.policy.path: one for one in judged.held} if judged else {}
    documents = {POLICY: pilot.policy} | {path: one.subject.pull.policy for path, one in held.items()}

    def standing(document: Document[Policy]) -> Standing:
        by = held.get(document.path)
        base = by.subject.base if by and document.path != POLICY else None
        clock = _Clock(replace(pilot, policy=document), organisation, catalogue, base)
        return _standing(document, clock, by, today)

    found = tuple(standing(one) for path, one in documents.items() if path == POLICY or not one.absent)
    return Whole(pilot, today, found, judged is None or judged.complete)


def _standing(document: Document[Policy], clock: "_Clock", held: Held | None, today: date) -> Standing:
    report, policy = clock.report(today), document.model
    dated = {(one.code, _key(one.at)) for one in report.dates}
    found = held.report.findings if held else ()
    coming = [one.date for one in held.report.forecast] if held else []
    turns = [*coming, *filter(None, [clock.turn(report)])]
    return Standing(
        document=document,
        today=today,
        report=report,
        held=held,
        items=tuple(_items(document, report)) if policy else (),
        missing=tuple(one for one in found if one.severity != "notice" and (one.code, one.key) not in dated),
        names=frozenset(_names(policy)) if policy else frozenset(),
        turn=min(turns, default=None),
    )


class _Clock:
    """A policy on whatever day."""

    def __init__(self, pilot: Pilot, organisation: Organisation, catalogue: Catalogue, base: Base | None) -> None:
        self._pilot, self._organisation, self._base = pilot, organisation, base
        self._rules = alone.rules(catalogue)
        self._codes = Codes(catalogue.codes, catalogue.weights)
        self._moved = frozenset(rule.code for rule in self._rules if Today in rule.needs.values())

    def report(self, today: date) -> Report:
        return alone.judged(self._pilot, self._organisation, Today(today), self._codes, self._rules, self._base)

    def turn(self, report: Report) -> date | None:
        """The first day on which a finding that says nothing of its date is one no longer, by the calendar alone.

        As with a waiver that runs too far ahead: later, the day on which it ends can be told.
        """
        last = days_after(report.today, _HORIZON)
        open_ended = {one for one in self._undated(report) if one[0] in self._moved}
        ending = open_ended - self._undated(self.report(last)) if open_ended else set()
        if not ending:
            return None
        # By halves, for all of them at once: each ends once, and a policy may have a thousand.
        first = report.today
        while (last - first).days > 1:
            middle = first + timedelta((last - first).days // 2)
            first, last = (middle, last) if ending <= self._undated(self.report(middle)) else (first, middle)
        return last

    def _undated(self, report: Report) -> set[tuple[str, str | None]]:
        """The findings that say nothing of their dates."""
        dated = {(one.code, _key(one.at)) for one in report.dates}
        return {(one.code, one.key) for one in report.findings} - dated


def _key(at: Path) -> str | None:
    return written(at) or None


def _items(document: Document[Policy], report: Report) -> Iterator[Item]:
    seen, policy, path = Counter[str](), document.model, document.path
    assert policy is not None
    for one in report.dates:
        section, name, element = _element(policy, one.at)
        base = f"{one.code}:{safe(name)}"
        seen[base] += 1
        marker = (base if seen[base] == 1 else f"{base}:{seen[base]}") + suffix(path)
        people = tuple(dict.fromkeys(value for _, value in walk(element) if isinstance(value, Handle)))
        yield Item(marker, path, one.code, section, name, one.since, one.message, people or accountable(policy))


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
