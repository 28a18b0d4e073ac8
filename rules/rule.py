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

from rules.facts import NotApplicable, Unverifiable
from rules.places import Edit, Place
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


@dataclass(frozen=True, slots=True)
class Fix:
    """The YAML text of the single value that, written at the finding's key, clears it."""

    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule misses.

    `at` is the path of the policy's key, also of one that is not there yet. `message` is one line that says what is
    missing and what to write. With `since`, it counts from that day on and is a forecast before. `place` and `edit`
    are for findings about the form of the file, which no key can tell.
    """

    at: Path
    message: str
    since: date | None = None
    fix: Fix | None = None
    place: Place | None = None
    edit: Edit | None = None


Yield = Finding | Unverifiable | NotApplicable


_TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Example:
    """A policy on which a rule is known to come out in a certain way: see `good`, `bad`, `idle` and `unclear`."""

    outcome: str
    policy: str | None
    at: str = ""
    says: str = ""
    files: tuple[str, ...] = ()
    today: date = _TODAY
    organisation: str = ""


def good(policy: str | None, *, files: tuple[str, ...] = (), today: date = _TODAY, organisation: str = "") -> Example:
    """A policy on which the rule passes; `version` and `pilot` are filled in where it lacks them.

    None is a repository without a policy. `files` are the paths that exist in the repository; `organisation` is
    the text of an organisation's file.
    """
    return Example("pass", _whole(policy), "", "", files, today, dedent(organisation))


def bad(
    policy: str | None,
    *,
    at: str,
    says: str,
    files: tuple[str, ...] = (),
    today: date = _TODAY,
    organisation: str = "",
) -> Example:
    """A policy on which the rule has a finding at the key `at` whose message contains `says`."""
    return Example("fail", _whole(policy), at, says, files, today, dedent(organisation))


def idle(policy: str | None, *, says: str, today: date = _TODAY, organisation: str = "") -> Example:
    """A policy on which the rule does not apply; `says` is the reason, whole."""
    return Example("not-applicable", _whole(policy), "", says, (), today, dedent(organisation))


def unclear(policy: str | None, *, says: str, files: tuple[str, ...] = (), today: date = _TODAY) -> Example:
    """A policy whose evidence can't be had; `says` is the reason, whole."""
    return Example("unverifiable", _whole(policy), "", says, files, today)


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
