"""Whom a Datadog monitor's message tells: its `@` handles, and the conditions that they stand under."""

import re
from collections.abc import Iterator

from rules.evidence.monitoring import Reach, Reached, Unreached, Untold
from rules.values import quote

_TAG = re.compile(r"\{\{\s{0,20}([#^/]|else\b)\s{0,20}([a-z_]{0,40})([^{}]{0,300})\}\}", re.ASCII)
_HANDLE = re.compile(r"(?<![\w.@/`-])@([A-Za-z${][^\s,;:!?()<>\"'`|]*)")
_EMAIL = re.compile(r"[\w.+%-]{1,200}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,5}", re.ASCII)
_WORDS = frozenset({"all", "here", "channel", "pagerduty", "opsgenie", "victorops", "hipchat", "webhook"})
# The states of a monitor other than alerting; every other condition depends on what is watched.
_OTHER_STATES = re.compile(
    r"is_(?:warning|no_data|recovery|warning_recovery|alert_recovery|no_data_recovery|alert_to_warning|unknown|renotify)"
)


def reach(message: str, *, written_later: bool) -> Reach:
    """Whom an alert with this message reaches; `written_later`: parts of its text are not known yet."""
    if len(message) > 100_000:
        return Untold("its message is too long to be read: shorten it")
    told = _Told()
    for handle, condition in _handles(message):
        told.add(handle, condition)
    if found := told.receiver():
        return Reached(found)
    return told.otherwise(written_later)


class _Told:
    """The handles of a message, by what is known of them."""

    def __init__(self) -> None:
        self.sure: list[str] = []
        self.perhaps: dict[str, str] = {}
        self.unknown: list[str] = []
        self.elsewhere: list[str] = []

    def add(self, handle: str, condition: str | None) -> None:
        if condition is None:
            self.elsewhere.append(handle)
        elif "{{" in handle or "${" in handle:
            self.unknown.append(handle)
        elif not _EMAIL.fullmatch(handle) and "-" not in handle and handle.lower() not in _WORDS:
            # `@ana` may be somebody, `@http.status_code` is an attribute of a log.
            self.unknown += [handle] if handle.isalnum() else []
        elif condition:
            self.perhaps.setdefault(condition, handle)
        else:
            self.sure.append(handle)

    def receiver(self) -> str | None:
        both = (
            name
            for condition, name in self.perhaps.items()
            if "\n" not in condition and _opposite(condition) in self.perhaps
        )
        found = next(iter(self.sure), None) or next(both, None)
        return found and f"@{found}"

    def otherwise(self, written_later: bool) -> Reach:
        if self.perhaps:
            name = quote("@" + next(iter(self.perhaps.values())))
            return Untold(f"its message tells {name} only under a condition: write a handle outside of it")
        if self.unknown:
            name = quote("@" + self.unknown[0])
            return Untold(f"its message tells {name}, and whom that reaches is not known here: write the handle out")
        if written_later:
            return Untold(
                "its message is known only once Terraform runs: write a handle in it, such as `@ana@acme.com`"
            )
        if self.elsewhere:
            name = quote("@" + self.elsewhere[0])
            return Unreached(
                f"tells {name} of other states than an alert alone: write a handle under `{{{{#is_alert}}}}`"
            )
        return Unreached("names nobody in its message: write a handle there, such as `@ana@acme.com` or `@slack-ops`")


def _opposite(condition: str) -> str:
    return ("^" if condition[0] == "#" else "#") + condition[1:]


def _handles(message: str) -> Iterator[tuple[str, str | None]]:
    """Each handle with what it stands under: empty, a condition; None where that never holds while it alerts."""
    stack: list[str] = []
    at = 0
    for tag in _TAG.finditer(message):
        yield from _between(message, at, tag.start(), stack)
        at = tag.end()
        sign, name, rest = tag.groups()
        if sign == "/":
            stack = stack[:-1]
        elif sign == "else":
            stack = [*stack[:-1], _opposite(stack[-1])] if stack else []
        elif len(stack) < 20:
            stack = [*stack, sign + name + " ".join(rest.split())]
    yield from _between(message, at, len(message), stack)


def _between(message: str, start: int, end: int, stack: list[str]) -> Iterator[tuple[str, str | None]]:
    for found in _HANDLE.finditer(message, start, end):
        yield found.group(1).rstrip(".*_"), _standing(stack)


def _standing(stack: list[str]) -> str | None:
    depends = ""
    for one in stack:
        sign, name = one[0], one[1:]
        holds = True if name == "is_alert" else False if _OTHER_STATES.fullmatch(name) else None
        if holds is None:
            depends = f"{depends}\n{one}" if depends else one
        elif holds != (sign == "#"):
            return None
    return depends
