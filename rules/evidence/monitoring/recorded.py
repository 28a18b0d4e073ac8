"""Recording rules, followed: what stands behind the name of one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rules.evidence.loading import Broken, Opaque
from rules.evidence.monitoring.promql import reading
from rules.evidence.monitoring.promql_reading import Fires, Reading, either_of
from rules.evidence.monitoring.promql_text import Parser

_BUDGET = 300_000
_UNREAD = "a recording rule behind it can't be read: mend that one first"
_CROWDED = "more recording rules stand behind it than are followed: name fewer files"


class Recordings:
    """What the recording rules of some files yield, each worked out once; rules that lead in a circle are no harm."""

    def __init__(self, expressions: Mapping[str, Iterable[str]], parser: Parser) -> None:
        self._expressions = expressions
        self._parser = parser
        self._left = _BUDGET
        self._known: dict[str, Reading | None] = {}
        self._parsed: dict[str, list[Any]] = {}

    def follow(self, expression: Any) -> Reading:
        """What an expression yields, recording rules followed."""
        unknown = set[str]()
        found = reading(expression, lambda name: self._look_up(name, unknown))
        if not unknown:
            return found
        for name in sorted(unknown):
            self._work_out(name)
        return reading(expression, self._known.get)

    def _look_up(self, name: str, unknown: set[str]) -> Reading | None:
        if name in self._expressions and name not in self._known:
            unknown.add(name)
        return self._known.get(name)

    def _work_out(self, name: str) -> None:
        """Works out a rule and, before it, all that it leads to: a chain may be longer than calls can be nested."""
        waiting = [(name, False)]
        while waiting:
            one, ready = waiting.pop()
            if ready:
                self._known[one] = self._reading(one)
            elif one not in self._known:
                self._known[one] = None
                waiting.append((one, True))
                waiting += [(inner, False) for inner in sorted(self._leads_to(one))]

    def _leads_to(self, name: str) -> set[str]:
        found = self._parsed[name] = [self._parse(text) for text in self._expressions.get(name, ())]
        return {
            inner
            for one in found
            if not isinstance(one, str)
            for inner in reading(one, lambda _: None).metrics
            if inner in self._expressions
        }

    def _parse(self, text: str) -> Any:
        """The expression; in its place, why there is none."""
        try:
            return self._parser.parse(text)
        except (Broken, Opaque) as error:
            return str(error)

    def _reading(self, name: str) -> Reading | None:
        result: Reading | None = None
        for one in self._parsed.pop(name):
            if self._left < 0:
                found = Reading(Fires.DATA, unclear=_CROWDED)
            elif isinstance(one, str):
                found = Reading(Fires.DATA, unclear=_UNREAD, needs=frozenset({name}))
            else:
                found = reading(one, self._known.get)
            result = either_of(result, found) if result else found
            if self._left < 0:
                break
            self._left -= 20 + len(result.metrics)
        return replace(result, otherwise=None) if result else None
