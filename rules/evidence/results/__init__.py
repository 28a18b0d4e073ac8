"""What the criteria's `source` yields: the measured value, on how many samples, of which data and which code.

A module of this package that has `FORMAT` reads one format of results (see `Format`); there is no list of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import import_module
from math import isfinite
from pkgutil import iter_modules
from typing import Any, Protocol, Self, cast

from rules.evidence.hashes import Hash
from rules.evidence.loading import Broken, Fault, Opaque, mapping, number, opened
from rules.evidence.results.contents import loaded
from rules.evidence.results.pointing import NUMBER, Unfound, committed, counted, identified, scored
from rules.facts import Files, Measurements, Unverifiable
from rules.policy import Criterion, Policy, Source
from rules.values import Glob, RepoPath, quote
from rules.wording import Guesses


@dataclass(frozen=True, slots=True)
class Measured:
    """A finite value, and what the results say of it; None where they don't say.

    `faults`: what is wrong with what the other pointers of the source point at, by key (`samples`, `dataset`…): a whole
    sentence that says what to write. `time` is the day of the measurement, in UTC.
    """

    value: float
    samples: int | None = None
    commit: str | None = None
    dataset: Hash | None = None
    slices: Mapping[str, float] | None = None
    time: date | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Why there is no value, for people to mend: which key of `source` is wrong or missing (`""` is `source` itself).

    `message` says what is wrong and what to write; `better` is the text that belongs at the key, where it is known.
    """

    key: str
    message: str
    better: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL that parses: its value comes from a Prometheus server (see `measured`)."""

    text: str


Reading = Measured | Unmeasured | Unverifiable


class Format(Protocol):
    """What a module of this package promises for one format."""

    FORMAT: str
    """Its name in `source.format`."""

    @staticmethod
    def recognises(data: Any) -> bool:
        """Whether data (of JSON or YAML, or the root of XML) is of this format, by what it holds. Never raises."""

    @staticmethod
    def prepared(data: Any) -> Any:
        """The data in the form that the other two want; Broken where it can't be. For data that is recognised."""

    @staticmethod
    def look(data: Any, pointer: str) -> Any:
        """What stands at a pointer, in any way that the format has to write one; Unfound where nothing does."""

    @staticmethod
    def usual(data: Any, pointer: str | None) -> Measured:
        """The value at a pointer, and what else the format says by itself; Unfound where there is no finite number."""


@dataclass(frozen=True, slots=True)
class Results:
    """What every criterion's source yields, in the order of the policy's criteria."""

    readings: tuple[Reading | Query, ...] = ()

    @property
    def commits(self) -> frozenset[str]:
        """The commits whose code the results measured, as they name them."""
        read = (one for one in self.readings if isinstance(one, Measured))
        return frozenset(one.commit for one in read if one.commit is not None)

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The files of results."""
        sources = (criterion.source for criterion in policy.criteria or ())
        return tuple(source.file for source in sources if source and source.file is not None and not _queried(source))

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """What each source yields; never raises on any content."""
        reader = _Reader(files)
        return cls(tuple(reader.reading(criterion) for criterion in policy.criteria or ()))


def measured(results: Results, measurements: Measurements, index: int) -> Reading:
    """The value of the criterion at this index of `criteria`, wherever it comes from, or why there is none."""
    found = results.readings[index]
    if not isinstance(found, Query):
        return found
    answer = measurements.of(found.text)
    if isinstance(answer, Unverifiable):
        return answer
    if not isfinite(answer):
        return Unmeasured(
            "query", f"the query yields {answer}, no finite number: write one that always yields a number"
        )
    return Measured(answer)


def go_criteria(policy: Policy) -> tuple[int, ...]:
    """Where the criteria stand that `decision.go` names, in its order; those that are not there are left out."""
    places = {criterion.id: index for index, criterion in reversed(list(enumerate(policy.criteria or ())))}
    go = (policy.decision.go if policy.decision else None) or ()
    return tuple(dict.fromkeys(places[name] for name in go if name in places))


def called(policy: Policy, index: int) -> str:
    """What people call the criterion at this index."""
    criterion = (policy.criteria or ())[index]
    return quote(criterion.id) if criterion.id else f"criterion {index + 1}"


@cache
def formats() -> tuple[Format, ...]:
    """The formats that are known; plain JSON, which everything may be, last."""
    modules = [import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)]
    found = [cast("Format", module) for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda module: module.FORMAT == "json"))


def format_of(path: str, files: Files) -> str | None:
    """The format of the results in a file, which is there to be read; None where it holds none.

    Whatever is JSON may hold results: it counts where a number stands on its top level.
    """
    try:
        data = loaded(opened(files, path))
    except (Broken, Opaque):
        return None
    found = next((one.FORMAT for one in formats() if one.recognises(data)), None)
    plain = found == "json" and all(number(one) is None for one in mapping(data).values())
    return None if plain else found


def _queried(source: Source) -> bool:
    return source.format == "prometheus" or (source.format is None and source.file is None and source.query is not None)


class _Reader:
    """Reads each file once, and each of its formats once."""

    def __init__(self, files: Files) -> None:
        self.files, self.guess = files, Guesses()
        self.loaded: dict[str, Any] = {}
        self.ready: dict[tuple[str, str | None], tuple[Format, Any] | Unmeasured | Unverifiable] = {}

    def reading(self, criterion: Criterion) -> Reading | Query:
        source = criterion.source
        if source is None:
            message = "nothing says where its value is read: write `source:` with `format`, `file` and `pointer`"
            return Unmeasured("", message)
        if _queried(source):
            return _query(source, criterion)
        if source.file is None:
            return Unmeasured("file", "the source names no file: write `file:`, or `query:` for format prometheus")
        if source.file.rpartition("/")[2] == ".pilot.yml":
            message = "a policy is no result, whatever it promises: name the file that the evaluation writes"
            return Unmeasured("file", message)
        ready = self._prepared(source.file, source.format)
        return self._read(source, source.file, *ready) if isinstance(ready, tuple) else ready

    def _prepared(self, path: str, named: str | None) -> tuple[Format, Any] | Unmeasured | Unverifiable:
        if (path, named) not in self.ready:
            try:
                self.ready[path, named] = self._recognised(path, named)
            except Broken as error:
                self.ready[path, named] = Unmeasured("file", str(Fault(path, error.message, error.line)))
            except Opaque as error:
                self.ready[path, named] = Unverifiable(str(Fault(path, error.reason)))
        return self.ready[path, named]

    def _recognised(self, path: str, named: str | None) -> tuple[Format, Any] | Unmeasured:
        if path not in self.loaded:
            self.loaded[path] = loaded(opened(self.files, path))
        data = self.loaded[path]
        fitting = [one for one in formats() if one.recognises(data)]
        chosen = next((one for one in fitting if named in (None, one.FORMAT)), None)
        if chosen is not None:
            return chosen, chosen.prepared(data)
        if named is None:
            return Unmeasured("file", f"{quote(path)} is XML, but no JUnit report: name a file of results")
        better = fitting[0].FORMAT if fitting else None
        hint = f"write `format: {better}`" if better else "name a file of that format"
        return Unmeasured("format", f"{quote(path)} is not of format {named}: {hint}", better)

    def _read(self, source: Source, path: str, module: Format, data: Any) -> Measured | Unmeasured:
        try:
            found = module.usual(data, source.pointer)
        except Unfound as error:
            return self._unmeasured(error, path, module, data)
        return _told(found, source, path, lambda pointer: module.look(data, pointer))

    def _unmeasured(self, error: Unfound, path: str, module: Format, data: Any) -> Unmeasured:
        name = self.guess(error.word, error.known) if error.known else None
        better = error.build(name) if name is not None else None
        if better is not None:
            try:
                module.usual(data, better)
            except Unfound:
                better = None
        hint = error.remedy if better is None else f"did you mean {quote(better)}?"
        return Unmeasured("pointer", f"{Fault(path, error.message)}: {hint}", better)


def _query(source: Source, criterion: Criterion) -> Unmeasured | Query:
    from rules.evidence.results.promql import unfit  # noqa: PLC0415 - few sources are queries, and its parser is slow

    if not (source.query or "").strip():
        return Unmeasured("query", "the source of format prometheus asks nothing: write `query:` with PromQL")
    wrong = unfit(str(source.query), criterion)
    return Query(str(source.query)) if wrong is None else Unmeasured("query", wrong)


_REMEDIES = {
    "samples": "point at a whole number",
    "commit": "point at the SHA of the measured commit",
    "dataset": "point at the hash of the data",
    "slices": "point at an object slice → score",
}


def _told(found: Measured, source: Source, path: str, look: Any) -> Measured:
    """The value with what the source's other pointers point at, which counts before what the format says itself."""
    readers = {"samples": counted, "commit": committed, "dataset": identified, "slices": scored}
    stated: dict[str, Any] = {}
    faults = {key: f"{Fault(path, message)}" for key, message in found.faults.items()}
    for key, kind in readers.items():
        pointer = getattr(source, key)
        if pointer is None:
            continue
        faults.pop(key, None)
        try:
            stated[key] = kind(look(pointer), pointer)
        except Unfound as error:
            stated[key] = None
            # What is said of a number by itself fits none of these.
            remedy = _REMEDIES[key] if error.remedy == NUMBER or key == "samples" else error.remedy
            faults[key] = f"{Fault(path, error.message)}: {remedy}"
    return replace(found, **stated, faults=faults)
