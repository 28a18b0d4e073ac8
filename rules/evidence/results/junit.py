"""JUnit XML as pytest, Surefire, Jest, googletest and the like write it: `testsuites`, `testsuite`, `testcase`.

A pointer is one of these words; without one it is `pass-rate`:

`pass-rate`  passed / (passed + failed), 0 to 1; a test that was skipped is no sample and never counts as passed
`passed`, `failed`, `skipped`, `tests`  how many; `failed` are failures and errors, `tests` are passed + failed
`time`  the seconds that the tests which ran took together
`suites`  every test suite's `pass-rate` by its name, for `slices`

`SUITE/WORD` is the word for the test suites of that name; anything else is the name of a property of a suite. What
counts are the `testcase` elements: attributes that claim more than there are make the report unreadable.

By itself a report says the number of samples and the day. For `dataset` and `commit`, name a property of a suite, as
pytest's `record_testsuite_property("commit", …)` writes it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.evidence.loading import MAX_LEVELS, Broken
from rules.evidence.results import Measured
from rules.evidence.results.pointing import Unfound, listed, numbered, plain
from rules.evidence.results.times import day
from rules.values import quote

FORMAT = "junit"

_WORDS = ("pass-rate", "passed", "failed", "skipped", "tests", "time")
_NOT_RUN = ("notrun", "disabled", "skipped", "suppressed", "ignored")


@dataclass(slots=True)
class Tally:
    """How the tests of a suite came out, those of the suites inside it included; `marks` on them, failures and errors.

    Only what ran takes `time`, in seconds. `twice` are those that pytest counts as two tests: they passed, and then
    what cleans up after them failed.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    time: float = 0.0
    marks: int = 0
    twice: int = 0

    def add(self, other: "Tally") -> None:
        """Count the other's tests, too."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.time += other.time
        self.marks += other.marks
        self.twice += other.twice

    def of(self, word: str) -> float:
        """What a word means; Unfound for the share of nothing."""
        tests = self.passed + self.failed
        if word != "pass-rate":
            return {**_counts(self), "tests": tests, "time": self.time}[word]
        if not tests:
            raise Unfound(f"holds no test that ran, {self.skipped} were skipped", "run the tests and commit the report")
        return self.passed / tests


def _counts(tally: Tally) -> dict[str, float]:
    return {"passed": tally.passed, "failed": tally.failed, "skipped": tally.skipped}


@dataclass(slots=True)
class Report:
    """A whole report. `properties`: by name, every value that a suite gives it."""

    whole: Tally = field(default_factory=Tally)
    suites: dict[str, Tally] = field(default_factory=dict)
    properties: dict[str, dict[str, None]] = field(default_factory=dict)
    time: date | None = None


def recognises(data: Any) -> bool:
    """XML whose root is `testsuites` or `testsuite`."""
    return hasattr(data, "tag") and _local(data) in ("testsuites", "testsuite")


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def prepared(data: Any) -> Report:
    """The report, counted; Broken where an attribute claims more tests or failures than there are."""
    report = Report()
    report.whole = _suite(data, report, 1)
    return report


def _suite(element: Any, report: Report, level: int) -> Tally:
    if level > MAX_LEVELS:
        raise Broken(f"has test suites nested deeper than {MAX_LEVELS} levels: flatten them")
    tally, name = Tally(), element.get("name")
    for inner in element:
        kind = _local(inner)
        if kind == "testcase":
            tally.add(_case(inner))
        elif kind == "testsuite":
            tally.add(_suite(inner, report, level + 1))
        elif kind == "properties":
            for key, value in _properties(inner):
                report.properties.setdefault(key, {})[value] = None
    _compare(element, tally)
    moment = day(element.get("timestamp"))
    report.time = max((one for one in (report.time, moment) if one), default=None)
    if _local(element) == "testsuite" and name:
        report.suites.setdefault(name, Tally()).add(tally)
    return tally


def _properties(element: Any) -> Iterator[tuple[str, str]]:
    for one in element:
        if one.get("name"):
            yield one.get("name"), (one.get("value") or one.text or "").strip()


def _case(element: Any) -> Tally:
    kinds = [_local(inner) for inner in element]
    seconds = _decimal(element.get("time")) or 0.0
    if "failure" in kinds or "error" in kinds:
        wrong = kinds.count("failure") + kinds.count("error")
        return Tally(failed=1, time=seconds, marks=wrong, twice=int("failure" not in kinds))
    # googletest marks a test that did not run by an attribute alone.
    marks = {str(element.get("status")).lower(), str(element.get("result")).lower()}
    if "skipped" in kinds or marks & set(_NOT_RUN):
        return Tally(skipped=1)
    return Tally(passed=1, time=seconds)


def _compare(element: Any, tally: Tally) -> None:
    there = {
        ("tests",): tally.passed + tally.failed + tally.skipped + tally.twice,
        ("failures", "errors"): tally.marks,
    }
    for names, found in there.items():
        claimed = sum(int(_decimal(element.get(name)) or 0) for name in names)
        if claimed > found:
            raise Broken(
                f"claims {claimed} {' and '.join(names)} in {quote(element.get('name') or _local(element))}, but its"
                f" testcases hold {found}: commit the report whole"
            )


def _decimal(text: str | None) -> float | None:
    # Some reporters group thousands, as in `1,234.5`.
    plain = (text or "").strip().replace(",", "")
    return float(plain) if re.fullmatch(r"[-+]?[0-9]{1,15}(?:\.[0-9]{0,20})?(?:[eE][-+]?[0-9]{1,2})?", plain) else None


def look(data: Report, pointer: str) -> Any:
    """What a word means for the whole or for a suite, or a property's value: as a number where it is one."""
    name = pointer.removeprefix("/")
    if name in _WORDS:
        return data.whole.of(name)
    if name == "suites":
        return _suites(data)
    suite, _, word = name.rpartition("/")
    if suite in data.suites and word in _WORDS:
        return data.suites[suite].of(word)
    if name not in data.properties:
        known = [*_WORDS, *data.properties, *(f"{one}/pass-rate" for one in data.suites)]
        remedy = f"write one of {listed(_WORDS)}, SUITE/pass-rate, or the name of a property"
        raise Unfound(f"has nothing called {quote(name)}", remedy, name, known[:200])
    values = data.properties[name]
    if len(values) > 1:
        raise Unfound(f"has several values of the property {quote(name)}: {listed(values)}", "write one for all")
    (value,) = values
    return plain(value)


def _suites(data: Report) -> Mapping[str, float]:
    return {name: tally.of("pass-rate") for name, tally in data.suites.items() if tally.passed + tally.failed}


def usual(data: Report, pointer: str | None) -> Measured:
    """The value, on as many samples as tests ran."""
    pointer = pointer or "pass-rate"
    found = look(data, pointer)
    decimal = _decimal(found) if isinstance(found, str) else None
    value = numbered(found if decimal is None else decimal, pointer)
    suite, _, word = pointer.removeprefix("/").rpartition("/")
    tally = None if word not in _WORDS else data.suites.get(suite, data.whole)
    return Measured(value, None if tally is None else tally.passed + tally.failed, time=data.time)
