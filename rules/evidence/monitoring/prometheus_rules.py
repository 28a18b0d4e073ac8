"""Prometheus's rules as they are written, and what Prometheus refuses in them.

Source: Prometheus's documentation of recording and alerting rules, and what `promtool check rules` says of a file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rules.evidence.loading import Broken, Fault, Opaque, line_of, listing, mapping
from rules.evidence.monitoring.matchers import scalar
from rules.evidence.monitoring.prometheus_files import Rules
from rules.evidence.monitoring.promql_text import Parser
from rules.values import quote
from rules.wording import Guesses

_DURATION = re.compile(
    r"0|(?:[0-9]+y)?(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?", re.ASCII
)
_KEYS = ("alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations")
# What Prometheus's relatives read in a rule besides.
_ALSO = frozenset({"debug", "update_entries_limit", "name", "id"})
# vmalert's `type` of a group (app/vmalert/config/types.go of VictoriaMetrics); its own `prometheus` is the default.
_LANGUAGES = {"graphite": "Graphite's functions", "vlogs": "LogsQL"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, named by `alert` or `record`. `expression` is None where it is `broken`, or `unclear`, as these say."""

    path: str
    line: int
    alert: str | None
    record: str | None
    text: str = ""
    expression: Any = None
    broken: str | None = None
    unclear: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    namespace: str | None = None
    asked: int | None = None


def rules(path: str, part: Rules, parser: Parser) -> Iterator[Rule | Fault]:
    """Every rule of some groups, and what is broken in them. Never raises."""
    seen: set[str] = set()
    guess = Guesses()
    for group in part.groups:
        block = mapping(group)
        name, line = scalar(block.get("name")), part.line or getattr(group, "line", None)
        if not name:
            yield Fault(path, "has a group of rules without a name: write its `name`", line)
        elif name in seen:
            yield Fault(path, f"has two groups with the name {quote(name)}: rename one", line)
        seen.add(name or "")
        for duration in ("interval", "query_offset", "evaluation_delay"):
            yield from _duration(path, line, duration, block.get(duration))
        common = _texts(block.get("labels"))
        yield from _bad_labels(path, line, common)
        spoken = replace(part, language=_LANGUAGES.get(scalar(block.get("type")) or ""))
        for rule in listing(block.get("rules")):
            yield from _Reading(path, spoken, mapping(rule), parser, common).all(guess)


def _texts(value: object) -> dict[str, str]:
    found = ((scalar(key), scalar(text)) for key, text in mapping(value).items())
    return {key: text for key, text in found if key is not None and text is not None}


def _duration(path: str, line: int | None, key: str, value: object) -> Iterator[Fault]:
    text = scalar(value)
    if value is None or (text and ("{{" in text or "$" in text)):
        return
    if not text or len(text) > 100 or not _DURATION.fullmatch(text):
        yield Fault(path, f"has `{key}: {quote(value)[1:-1]}`, which is no duration: write one such as `5m`", line)


def _bad_labels(path: str, line: int | None, labels: Mapping[str, str]) -> Iterator[Fault]:
    for name in labels:
        if name in ("", "__name__"):
            yield Fault(path, f"has the label {quote(name)}, which no rule may set: remove it", line)


class _Reading:
    """Reads one rule."""

    def __init__(
        self, path: str, part: Rules, block: Mapping[Any, Any], parser: Parser, common: Mapping[str, str]
    ) -> None:
        self.path, self.part, self.block, self.parser, self.common = path, part, block, parser, common
        self.line: int = part.line or int(getattr(block, "line", 1))
        self.alert, self.record = scalar(block.get("alert")) or None, scalar(block.get("record")) or None
        self.name = quote(self.alert or self.record or "a rule")

    def all(self, guess: Guesses) -> Iterator[Rule | Fault]:
        yield from self._faults()
        yield from self._strange(guess)
        yield from _duration(self.path, self.line, "for", self.block.get("for"))
        yield from _duration(self.path, self.line, "keep_firing_for", self.block.get("keep_firing_for"))
        if self.alert is None and self.record is None:
            return
        text = scalar(self.block.get("expr")) or ""
        expression, broken, unclear = None, None, None
        if text and self.part.language:
            unclear = f"its expression is in {self.part.language}, which is not read here: name one in PromQL"
            text = ""
        else:
            try:
                expression = self.parser.parse(text)
            except Broken as error:
                broken = f"its expression {error.message}" if text else "it has no expression: write `expr`"
                line = self.part.line or line_of(self.block, "expr") or self.line
                yield replace(self._fault(f"{self.name}, but {broken}"), line=line)
            except Opaque as error:
                unclear = error.reason
        if "{{" in text:
            unclear = unclear or "its expression is a template in part: name what it renders to"
        labels = {**self.common, **_texts(self.block.get("labels"))}
        yield from _bad_labels(self.path, self.line, _texts(self.block.get("labels")))
        yield Rule(
            self.path, self.line, self.alert, self.record, text, expression, broken,
            unclear or self.part.unclear,
            {key: value for key, value in labels.items() if value}, _texts(self.block.get("annotations")),
            self.part.namespace, self.part.line or line_of(self.block, "expr"),
        )  # fmt: skip

    def _fault(self, message: str) -> Fault:
        return Fault(self.path, f"has {message}", self.line)

    def _faults(self) -> Iterator[Fault]:
        if self.alert is None and self.record is None:
            yield self._fault("a rule without a name: write its `alert`, or its `record`")
        elif self.alert is not None and self.record is not None:
            yield self._fault(f"{self.name} with both `alert` and `record`: make it two rules")
        if self.record is not None and self.alert is None:
            # vmalert takes them; nothing else reads its other languages.
            for key in () if self.part.language else ("annotations", "for", "keep_firing_for"):
                if self.block.get(key) not in (None, 0, "0s", {}):
                    yield self._fault(
                        f"the recording rule {self.name} with `{key}`, which alerts alone have: remove it"
                    )
            if "{" in self.record or "}" in self.record:
                yield self._fault(f"the recording rule {self.name} with braces in its name: put them into `expr`")

    def _strange(self, guess: Guesses) -> Iterator[Fault]:
        strange = [key for key in self.block if key not in _KEYS and key not in _ALSO]
        for key in strange[:5]:
            better = guess(str(key), [one for one in _KEYS if one not in self.block])
            if better:
                yield self._fault(f"{self.name} with {quote(key)}, which Prometheus refuses: did you mean `{better}`?")
