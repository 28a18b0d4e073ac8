"""The contract of a rule: what its file defines, what its `check` yields, how its examples are written.

A rule is a module with a docstring (first line: what holds when it passes; then why, then `Fix:`), `CODE`,
`SEVERITY`, `check` and `EXAMPLES`. `check` asks for facts by the types of its parameters and yields findings, or
one `Unverifiable` or `NotApplicable` for what it can't judge; yielding nothing is a pass.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from textwrap import dedent
from typing import TypedDict, Unpack, cast

from rules.facts import NotApplicable, Unverifiable
from rules.places import Edit, Place
from rules.policy import Level
from rules.values import Path, quote

__all__ = [
    "Example",
    "Finding",
    "Fix",
    "NotApplicable",
    "Rule",
    "Severity",
    "Unverifiable",
    "bad",
    "good",
    "idle",
    "quote",
    "unclear",
]


class Severity(Enum):
    """How much a finding of a rule weighs, unless the stage or the policy's `rules` say otherwise."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    ERROR_FROM_DECISION = "error from stage decision on, warning before"

    @property
    def levels(self) -> tuple[Level, Level]:
        """The weight before and from stage `decision` on."""
        return ("warning", "error") if self is Severity.ERROR_FROM_DECISION else (cast("Level", self.value),) * 2


@dataclass(frozen=True, slots=True)
class Fix:
    """The YAML text of the single value that, written at the finding's key, clears it."""

    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule misses.

    `at` is the path of the policy's key, also of one that is not there yet. `message` is one line that says what is
    missing and what to write. With `since`, it counts from that day on and is a forecast before. `place` and `edit`
    are for findings about the form of the file, which no key can tell; with `file`, the place is in that one.
    """

    at: Path
    message: str
    since: date | None = None
    fix: Fix | None = None
    place: Place | None = None
    edit: Edit | None = None
    file: str | None = None


Yield = Finding | Unverifiable | NotApplicable


_TODAY = date(2026, 11, 24)


Content = Mapping[str, str | bytes]


class Surroundings(TypedDict, total=False):
    """What else an example may have.

    `files` are the repository's: their paths, or paths with what is in them (dedented). `given` are facts that come
    from elsewhere than its files, or an `Unverifiable` with the fact's type, as `(History, Unverifiable(…))`.
    `organisation` is the text of an organisation's file, `base` that of the base branch's policy, None where it has
    none; without it, the policy is its own base.
    """

    files: Content | tuple[str, ...]
    given: tuple[object, ...]
    today: date
    organisation: str
    base: str | None


@dataclass(frozen=True, slots=True)
class Example:
    """A policy on which a rule is known to come out in a certain way: see `good`, `bad`, `idle` and `unclear`.

    It keeps what the rule's file says and completes that when asked: every start loads all examples, and reads none.
    """

    outcome: str
    written: str | None
    around: Surroundings
    at: str = ""
    says: str = ""

    @property
    def policy(self) -> str | None:
        """The text of the policy; None where the repository has none."""
        return _whole(self.written)

    @property
    def files(self) -> Mapping[str, bytes]:
        """What is in the repository's files, by their paths."""
        files = self.around.get("files", {})
        named: Content = files if isinstance(files, Mapping) else dict.fromkeys(files, "")
        return {path: _content(one) for path, one in named.items()}

    @property
    def given(self) -> tuple[object, ...]:
        """Facts from elsewhere."""
        return self.around.get("given", ())

    @property
    def today(self) -> date:
        """The day on which it is judged."""
        return self.around.get("today", _TODAY)

    @property
    def organisation(self) -> str:
        """The organisation's file; empty where it has none."""
        return dedent(self.around.get("organisation", ""))

    @property
    def base(self) -> str | None:
        """The policy of the base branch; empty where it is this one, None where there is none."""
        base = self.around.get("base", "")
        return _whole(base) if base else base


def good(policy: str | None, **around: Unpack[Surroundings]) -> Example:
    """A policy on which the rule passes; `version` and `pilot` are filled in where it lacks them.

    None is a repository without a policy.
    """
    return Example("pass", policy, around)


def bad(policy: str | None, *, at: str, says: str, **around: Unpack[Surroundings]) -> Example:
    """A policy on which the rule has a finding at the key `at` whose message contains `says`."""
    return Example("fail", policy, around, at, says)


def idle(policy: str | None, *, says: str, **around: Unpack[Surroundings]) -> Example:
    """A policy on which the rule does not apply; `says` is the reason, whole."""
    return Example("not-applicable", policy, around, says=says)


def unclear(policy: str | None, *, says: str, **around: Unpack[Surroundings]) -> Example:
    """A policy whose evidence can't be had; `says` is the reason, whole."""
    return Example("unverifiable", policy, around, says=says)


def _content(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode()


_HEADER = {
    "version:": "version: 1\n",
    "pilot:": "pilot: {name: example, stage: pilot, start: 2026-11-02}\n",
}


def _whole(policy: str | None) -> str | None:
    if policy is None:
        return None
    text = dedent(policy).lstrip("\n")
    lines = text.splitlines()
    lacking = [head for key, head in _HEADER.items() if not any(line.startswith(key) for line in lines)]
    return "".join(lacking) + text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the engine holds it, made from its file by the catalogue."""

    code: str
    name: str
    family: str
    severity: Severity
    title: str
    page: str
    remedy: str
    check: Callable[..., Iterator[Yield]]
    needs: Mapping[str, type]
    examples: tuple[Example, ...]

    @property
    def guards_policy(self) -> bool:
        """Whether this is one of the POL rules, which are never lowered, off or waived and run at every stage."""
        return self.code.startswith("POL")
