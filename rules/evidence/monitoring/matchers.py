"""The matchers of Alertmanager's routes: which labels an alert has to carry.

Source: Alertmanager's documentation of its configuration, "Matchers", both the classic and the UTF-8 syntax.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.evidence.loading import listing, mapping
from rules.evidence.monitoring.re2 import Pattern, pattern
from rules.evidence.monitoring.re2_syntax import Refused, Unread
from rules.values import quote

_QUOTED = r'"((?:[^"\\]|\\.)*+)"'
# Possessive, so that what does not fit is told in one go.
_MATCHER = re.compile(
    rf'(?:{_QUOTED}|([^\s{{}}!=~,\\"\'`]++))\s*+(=~|!~|!=|=)\s*+(?:{_QUOTED}\s*+|([^",]*+))(?:,\s*+|$)', re.S
)
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label. `pattern` is None for `=` and `!=`, and for a regular expression that is not read."""

    label: str
    op: str
    value: str
    pattern: Pattern | None = None

    def steps(self, value: str) -> int:
        """How much work it is to hold a value against this."""
        return 1 + (self.pattern.steps(value) // 20 if self.pattern else 0)

    def holds(self, value: str) -> bool | None:
        """Whether a label of this value meets the condition, a missing one being ""; None where it can't be told."""
        if self.op in ("=", "!="):
            return (value == self.value) is (self.op == "=")
        if self.pattern is None:
            return None
        try:
            return self.pattern.matches(value) is (self.op == "=~")
        except Unread:
            return None


class BadMatcher(Exception):
    """Alertmanager refuses this matcher: what is wrong, and what to write."""


def scalar(value: object) -> str | None:
    """A scalar of YAML as the text that a Go program reads; None for what is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int | float) else None


def matchers(route: Mapping[Any, Any]) -> Iterator[Matcher]:
    """The conditions of a route, in any of the ways to write them. Raises BadMatcher."""
    for key, op in (("match", "="), ("match_re", "=~")):
        for label, value in mapping(route.get(key)).items():
            # Go has no regular expression of nothing.
            yield _matcher(str(label), op, None if value is None and op == "=~" else scalar(value))
    written = route.get("matchers")
    for one in [written] if isinstance(written, str) else listing(written):
        if isinstance(one, Mapping):
            # The operator's AlertmanagerConfig; `regex` is how its first version had it.
            op = one.get("matchType") or ("=~" if one.get("regex") is True else "=")
            yield _matcher(str(one.get("name")), str(op), scalar(one.get("value")))
        else:
            yield from _read(scalar(one))


def _read(text: str | None) -> Iterator[Matcher]:
    inner = (text or "").strip()
    if inner.startswith("{") and inner.endswith("}"):
        inner = inner[1:-1].strip()
    at = 0
    while at < len(inner):
        one = _MATCHER.match(inner, at) if len(inner) <= _LONGEST else None
        if one is None:
            raise BadMatcher(f'has the matcher {quote(text)}, which can\'t be read: write it as `severity="critical"`')
        at = one.end()
        name = one[2] if one[1] is None else _unescaped(one[1])
        yield _matcher(name, one[3], one[5].rstrip() if one[4] is None else _unescaped(one[4]))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text, flags=re.S)


def _matcher(label: str, op: str, value: str | None) -> Matcher:
    if op not in ("=", "!=", "=~", "!~") or value is None:
        raise BadMatcher(f"has a matcher on {quote(label)} that can't be read: compare with text by =, !=, =~ or !~")
    if op in ("=", "!="):
        return Matcher(label, op, value)
    try:
        return Matcher(label, op, value, pattern(value))
    except Unread:
        return Matcher(label, op, value)
    except Refused as error:
        said = f"has the pattern {quote(value)}, which {error}"
        raise BadMatcher(f"{said}: write one that Go's regular expressions take") from None
