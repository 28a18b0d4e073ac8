"""What an evaluation found: plain frozen values, and nothing about how they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

Weight = Literal["error", "warning", "notice"]
Conclusion = Literal["success", "failure", "neutral"]


class Outcome(Enum):
    """How a rule came out."""

    PASS = "pass"
    FAIL = "fail"
    UNVERIFIABLE = "unverifiable"
    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule's outcome.

    `severity` is what a finding of it weighs here, None where it is off or does not run at this stage. `reason` says
    why the outcome is neither a plain pass nor a plain failure, or what a setting of the policy's does not do.
    `beyond_checkout`: only GitHub could have told; `elsewhere`: settings or permissions are to blame.
    """

    code: str
    name: str
    family: str
    outcome: Outcome
    severity: Weight | None
    reason: str | None = None
    beyond_checkout: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """A finding that counts, at its place.

    `line` is where the cursor belongs, from 1; `key` is the policy's key, written out, or None. `replacement` takes
    the place of the lines `line` to `end_line`, whole; None where only a person can know what to write. `help` says
    how to fix findings of this rule.
    """

    code: str
    severity: Weight
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    key: str | None
    replacement: str | None
    help: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """The first day on which a rule that passes today will fail."""

    date: date
    code: str
    key: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Rules passed ÷ rules applicable, of each family that has any, and of the lowest: None where none has."""

    overall: float | None
    families: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Dated:
    """What counts from a day on, whether that day has come or not; `at` is the path of the policy's key."""

    since: date
    code: str
    at: tuple[str | int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say about a pilot on a day. `pilot` and `stage` are None where the policy can't be read.

    `forecast` tells when rules that pass today will fail, `dates` all that a date decides: what is overdue and not
    waived, and what is still to come, whatever else its rule says.
    """

    pilot: str | None
    stage: str | None
    today: date
    commit: str | None
    path: str
    conclusion: Conclusion
    readiness: Readiness
    rules: tuple[RuleResult, ...]
    findings: tuple[Located, ...]
    forecast: tuple[Forecast, ...]
    dates: tuple[Dated, ...] = ()
