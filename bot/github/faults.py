"""What an answer of GitHub, or none, means for the job that asked: come back later, or give up. See `said`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import Refused, RetryLater

SOON = timedelta(seconds=5)
# GitHub's documentation: "wait for at least one minute", where a limit comes without a time.
_MINUTE = timedelta(minutes=1)
# The longest window that GitHub counts in is an hour; a header that says more is wrong, or our clock is.
_LONGEST = timedelta(minutes=70)
# Asked again, GitHub would say the same.
_KEPT_BACK = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES"})
_BESIDE = re.compile(r"rules|label|codeowners|everyone|status|(?:login|team|check|name)\d+")
"""What the bot's documents ask for beside what they are about, by the names that it has there."""
_FINAL = _KEPT_BACK | frozenset({"MAX_NODE_LIMIT_EXCEEDED", "UNPROCESSABLE", "NOT_FOUND"})
_LIMITS = ("rate limit", "abuse detection", "submitted too quickly")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it came; the names of headers are in lower case."""

    request: str
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def data(self) -> Any:
        """The JSON that it carries, None for none; ValueError for what is no JSON."""
        return json.loads(self.text) if self.text else None

    @property
    def allowance(self) -> tuple[str, float, datetime] | None:
        """Of which limit how much is left, as a share of it, and until when; None where that is not told."""
        names = ("limit", "remaining", "reset")
        limit, remaining, reset = (_number(self.headers.get(f"x-ratelimit-{name}")) for name in names)
        if limit is None or remaining is None or reset is None or limit <= 0:
            return None
        return self.headers.get("x-ratelimit-resource", "core"), remaining / limit, datetime.fromtimestamp(reset, UTC)


class Limited(RetryLater):
    """A limit of GitHub's: whatever else the installation asks before that time is refused as well."""


class Unauthorised(RetryLater):
    """The token was not taken: a new one may be."""


def said(answer: Answer | Exception, now: datetime, partly: bool = False) -> RetryLater | Refused | None:
    """What an answer, or the exception that came in its place, means; None for an answer that can be used.

    A null that GraphQL leaves with a NOT_FOUND is an answer; `partly`: so is one that stands for what is asked beside,
    where the app may not see it.
    """
    if isinstance(answer, Exception):
        return RetryLater(now + SOON, f"GitHub can't be reached: {type(answer).__name__}: {_line(str(answer))}")
    try:
        data = answer.data
    except ValueError:
        if answer.status < 400:
            return RetryLater(now + SOON, f"{answer.request}: the answer is cut off, or no JSON")
        data = None
    if answer.status >= 400:
        return _refusal(answer, data, now)
    if answer.status >= 300:
        # What was renamed a moment ago has a new name when it is looked up again.
        return RetryLater(now + SOON, f"{answer.request}: {answer.status}, moved elsewhere")
    return _errors(answer, data, now, partly)


def _refusal(answer: Answer, data: Any, now: datetime) -> RetryLater | Refused:
    message = _message(data)
    reason = f"{answer.request}: {answer.status} {message}".rstrip()
    if answer.status == 401:
        return Unauthorised(now + SOON, reason)
    if answer.status in (403, 429) and (answer.status == 429 or _limited(answer, message)):
        return Limited(_reset(answer, now), reason)
    if answer.status >= 500 or answer.status == 408:
        return RetryLater(max(now + SOON, _after(answer, now) or now), reason)
    return Refused(reason, answer.status)


def kept_back(data: Any) -> frozenset[tuple[str, ...]]:
    """Where in a GraphQL answer null stands for what the app may not see."""
    errors = data.get("errors") if isinstance(data, dict) else None
    denied = [error for error in errors or () if isinstance(error, dict) and error.get("type") in _KEPT_BACK]
    return frozenset(path for error in denied if (path := _path(error)))


def _errors(answer: Answer, data: Any, now: datetime, partly: bool) -> RetryLater | Refused | None:
    """What the errors of a GraphQL answer mean, which come with status 200; the gravest counts."""
    if not isinstance(data, dict) or not isinstance(data.get("errors"), list):
        return None
    fine = frozenset[tuple[str, ...]]()
    if partly and isinstance(data.get("data"), dict):
        # Whatever else is kept back must not pass for what is not there: the organisation's file, or a pull request.
        fine = frozenset(path for path in kept_back(data) if any(map(_BESIDE.fullmatch, path)))
    errors = [error for error in data["errors"] if isinstance(error, dict)]
    verdicts = [_graphql(answer, error, now) for error in errors if _path(error) not in fine]
    grave = [verdict for verdict in verdicts if verdict is not None]
    order = (Limited, RetryLater, Refused)
    return next((verdict for kind in order for verdict in grave if isinstance(verdict, kind)), None)


def _graphql(answer: Answer, error: Mapping[str, Any], now: datetime) -> RetryLater | Refused | None:
    kind, message = str(error.get("type") or ""), _line(str(error.get("message") or ""))
    reason = f"{answer.request}: {kind} {message}".strip()
    if kind.startswith("RATE_LIMIT") or _says_limit(message):
        return Limited(_reset(answer, now), reason)
    if kind == "NOT_FOUND" and error.get("path"):
        return None
    # A document that does not fit the schema, as of an old GitHub Enterprise Server, has a code and no type.
    if kind in _FINAL or (not kind and error.get("extensions")):
        return Refused(reason)
    return RetryLater(now + SOON, reason)


def _path(error: Mapping[str, Any]) -> tuple[str, ...] | None:
    path = error.get("path")
    return tuple(map(str, path)) if isinstance(path, list) else None


def _limited(answer: Answer, message: str) -> bool:
    exhausted = answer.headers.get("x-ratelimit-remaining") == "0"
    return exhausted or "retry-after" in answer.headers or _says_limit(message)


def _says_limit(message: str) -> bool:
    return any(words in message.lower() for words in _LIMITS)


def _reset(answer: Answer, now: datetime) -> datetime:
    """When a limit ends: what the headers say, within reason, else a minute from now."""
    when = next((time for time in _stated(answer, now)), now + _MINUTE)
    return min(max(when, now + SOON), now + _LONGEST)


def _stated(answer: Answer, now: datetime) -> Iterator[datetime]:
    after = _after(answer, now)
    if after is not None:
        yield after
    if answer.headers.get("x-ratelimit-remaining") == "0":
        reset = _number(answer.headers.get("x-ratelimit-reset"))
        if reset is not None:
            # Rounded up, since the limit ends within that second.
            yield datetime.fromtimestamp(reset + 1, UTC)


def _after(answer: Answer, now: datetime) -> datetime | None:
    stated = answer.headers.get("retry-after")
    seconds = _number(stated)
    if seconds is not None:
        return now + timedelta(seconds=seconds)
    try:
        date = parsedate_to_datetime(stated or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _number(text: str | None) -> int | None:
    try:
        return max(0, min(int(float(text or "")), 2**33))
    except (ValueError, OverflowError):
        return None


def _message(data: Any) -> str:
    if not isinstance(data, dict):
        return ""
    details = [str(one.get("message") or one.get("code")) if isinstance(one, dict) else str(one) for one in _list(data)]
    return _line("; ".join([str(data.get("message") or ""), *details]).strip("; "))


def _list(data: Mapping[str, Any]) -> list[Any]:
    errors = data.get("errors")
    return errors if isinstance(errors, list) else [] if errors is None else [errors]


def _line(text: str) -> str:
    """The text as one line of a log, cut."""
    return " ".join(text.split())[:300]
