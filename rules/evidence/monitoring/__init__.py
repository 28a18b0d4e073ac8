"""The alerts that the policy's `monitoring.configs` define, whatever system they are for.

A module of this package that has `SYSTEM`, `recognises` and `alerts` reads one system's files (see `System`); there is
no list of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, Self, cast

from rules.evidence.loading import Broken, Fault, Opaque, documents, opened
from rules.evidence.spans import Op
from rules.facts import MAX_FILES, Files, Unverifiable
from rules.policy import Policy
from rules.values import Glob, RepoPath

MAX_TEXT = 4 * 1024 * 1024
"""How many characters of alerts are read, all files together; a file beyond them is unverifiable."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What makes an alert fire: the metric's value beside a number; None where it is no plain number.

    Always as if the metric stood on the left: `0.9 > x` is `<` 0.9. `metrics` are those whose value it is, None where
    any of the alert's may be. `by`: the function that makes something else of the value, as `stddev` does.
    """

    op: Op
    threshold: float | None
    metrics: frozenset[str] | None = None
    by: str | None = None


Ways = tuple[tuple[Comparison, ...], ...]
"""Ways to fire: in each, all of its comparisons hold."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The alert ends at this receiver, which has a way to reach somebody."""

    receiver: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """Nobody learns of the alert: why, in words that fit behind its name, and what to write; and where that stands."""

    reason: str
    path: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Untold:
    """It can't be told: why, and what to name or grant."""

    reason: str


Reach = Reached | Unreached | Untold


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as its system would run it.

    `metrics` are the metrics that its expression uses, those behind recording rules included. `comparisons` are what it
    fires on, `ways` how they belong together: None where any of them is enough. `absent` are the metrics whose absence
    makes it fire. `faults` say, in words that fit behind its name, why it can never fire or fires always, or that it is
    paused: what is wrong and what to write. `unread` is the one of them by which its query can't be parsed, so that
    nobody knows what it uses. `asked` is the line of its query, where that is known. `unclear` says why not all of that
    can be told, as of a template; then what is found holds and what is missing does not.
    """

    name: str
    system: str
    path: str
    line: int
    metrics: frozenset[str] = frozenset()
    comparisons: tuple[Comparison, ...] = ()
    absent: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()
    asked: int | None = None
    ways: Ways | None = None
    unread: str | None = None
    unclear: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    runbook_url: str | None = None
    reach: Reach = field(default_factory=lambda: Untold("nothing says where its alerts go"))

    @property
    def only_absence(self) -> bool:
        """Whether it fires on the absence of metrics and on nothing that their values are."""
        return bool(self.absent) and not self.comparisons and self.unclear is None


@dataclass(frozen=True, slots=True)
class Doc:
    """One document of a file, recognised."""

    path: str
    data: Any


class System(Protocol):
    """What a module of this package promises for one monitoring system."""

    SYSTEM: str
    """Its name, as people write it."""

    @staticmethod
    def recognises(data: Any) -> bool:
        """Whether a document's data is a file of this system, by what it holds. Never raises."""

    @staticmethod
    def alerts(docs: Sequence[Doc]) -> Iterable[Alert | Fault]:
        """Every alert of all this system's documents together, and what is broken in them. Never raises."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """What the files of `monitoring.configs` define.

    `broken`: files, or parts of them, that have to be mended. `opaque`: those of which nothing can be told, and why.
    `missing`: entries of `configs` that mean no file.
    """

    alerts: tuple[Alert, ...] = ()
    broken: tuple[Fault, ...] = ()
    opaque: tuple[Fault, ...] = ()
    missing: tuple[str, ...] = ()

    def named(self, name: str) -> tuple[Alert, ...]:
        """The alerts of this name: a system may have several."""
        return tuple(alert for alert in self.alerts if alert.name == name)

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The files of `monitoring.configs`."""
        return (policy.monitoring.configs if policy.monitoring else None) or ()

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """Every alert of the files that the policy names; never raises on any content."""
        found = _Found()
        for pattern in cls.wanted(policy):
            found.expand(cast("Glob", pattern), files)
        return cls._of(found, files)

    @classmethod
    def among(cls, paths: Iterable[str], files: Files) -> Self:
        """Every alert of these files, which are there to be read; never raises on any content."""
        found = _Found()
        found.paths += paths
        return cls._of(found, files)

    @classmethod
    def _of(cls, found: "_Found", files: Files) -> Self:
        for path in dict.fromkeys(found.paths):
            found.open(path, files)
        for system, docs in found.docs.items():
            for one in system.alerts(docs):
                (found.broken if isinstance(one, Fault) else found.alerts).append(cast("Any", one))
        return cls(tuple(found.alerts), tuple(found.broken), tuple(found.opaque), tuple(found.missing))


def systems() -> Iterator[System]:
    """The systems that are known, each loaded when its turn comes; Prometheus first, whose most files are."""
    for name in _names():
        module = import_module(f"{__name__}.{name}")
        if hasattr(module, "SYSTEM"):
            yield cast("System", module)


@cache
def _names() -> tuple[str, ...]:
    names = (one.name for one in iter_modules(__path__))
    return tuple(sorted(names, key=lambda name: (name != "prometheus", name)))


class _Found:
    """What has been found so far."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.docs: dict[System, list[Doc]] = {}
        self.alerts: list[Alert] = []
        self.broken: list[Fault] = []
        self.opaque: list[Fault] = []
        self.missing: list[str] = []
        self.left = MAX_TEXT

    def expand(self, pattern: Glob, files: Files) -> None:
        matching = files.matching(pattern)
        if isinstance(matching, Unverifiable):
            self.opaque.append(Fault(pattern, f"can't be looked up: {matching.reason}"))
            return
        if not matching:
            self.missing.append(pattern)
        left = MAX_FILES - len(self.paths)
        self.paths += matching[:left]
        if len(matching) > left:
            self.opaque.append(Fault(pattern, f"means more than {MAX_FILES} files: name fewer"))

    def _within_bounds(self, text: str) -> str:
        if len(text) > self.left:
            raise Opaque(f"is beyond the {MAX_TEXT // 1024 // 1024} MiB of alerts that are read: name fewer files")
        self.left -= len(text)
        return text

    def open(self, path: str, files: Files) -> None:
        try:
            loaded = [data for data in _loaded(self._within_bounds(opened(files, path))) if data is not None]
        except Broken as error:
            self.broken.append(Fault(path, error.message, error.line))
            return
        except Opaque as error:
            self.opaque.append(Fault(path, error.reason))
            return
        if not loaded:
            self.broken.append(Fault(path, "is empty: write the alerts, or take it off `monitoring.configs`"))
        for data in loaded:
            system = next((one for one in systems() if one.recognises(data)), None)
            if system is None:
                self.opaque.append(Fault(path, _UNKNOWN, getattr(data, "line", None)))
            else:
                self.docs.setdefault(system, []).append(Doc(path, data))


_UNKNOWN = "is of no format that is read here (Prometheus, Alertmanager, Grafana, Datadog, CloudWatch)"


def _loaded(text: str) -> Iterator[Any]:
    from rules.evidence import terraform  # noqa: PLC0415 - only what names such files needs it

    try:
        found = documents(text)
    except (Broken, Opaque):
        if not terraform.written(text):
            raise
        found = [text]
    if any(isinstance(data, str) for data in found) and terraform.written(text):
        yield from terraform.read(text)
    else:
        for data in found:
            yield from terraform.split(data)
