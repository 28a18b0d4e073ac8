"""The kinds of value that a policy may hold, each read from text exactly once.

Every kind refuses bad text with a `PydanticCustomError` whose message says what to write. Where the right
text can be told from the wrong one, the error's context carries it as `fix`: text that stands in YAML as it is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase, translate
from functools import cache
from itertools import takewhile
from math import isfinite
from typing import Annotated, Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator, Strict, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Path = tuple[str | int, ...]
"""Where a value stands in a policy: the keys and the list positions (from 0) that lead to it."""


def written(path: Path) -> str:
    """A path as people write it: `reviews.security.due`, `criteria[0].target`, `reviews."a.b".due`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            plain = re.fullmatch(r"[\w-]+", step)
            text += ("." if text else "") + (step if plain else json.dumps(step))
    return veiled(text)


def refuse(message: str, fix: str | None = None) -> PydanticCustomError:
    """The error for text that is no value of its kind; `fix` is YAML text that would be."""
    if fix is not None and veiled(fix) != fix:
        fix = None  # which would show it
    return PydanticCustomError("refused", "{message}", {"message": message, "fix": fix})


_LOOKED_AT = 2000
_PASSWORD = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")


@cache
def _secret() -> re.Pattern[str]:
    """What a token starts with, by which its vendor tells it, and the rest of it; the same of a private key."""
    return re.compile(
        r"(?P<key>BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY)[\s\S]*"
        r"|(?<![A-Za-z0-9])(?:"
        # A digit or a capital letter among them: `gho_names` is a name.
        r"(?P<start>gh[pousr]_|github_pat_|gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|xox[a-z]-|xapp-|[rs]k_live_|eyJ)"
        r"(?=[\w-]{0,60}?[0-9A-Z])[\w.=+/-]{8,}"
        r"|(?P<long>hf_|npm_|pypi-|SG\.|AIza|GOCSPX-|sq0csp-|dapi)[\w.-]{28,}"
        r"|(?P<openai>sk-)(?=[\w-]{0,80}?[0-9])[\w-]{16,}"
        r"|(?P<aws>A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{12,})"
    )


def veiled(text: str) -> str:
    """The text without what opens a door: of a vendor's token, a private key and an address only the start is left."""
    return _secret().sub(lambda found: f"{found[found.lastgroup or 0]}…", _PASSWORD.sub(r"\1…@", text))


def quote(value: object) -> str:
    """The value in backticks, safe to show anywhere: one line, no control or bidirectional characters, cut at 80.

    Tokens, private keys and the passwords of addresses are left out: see `veiled`.
    """
    # Before it is cut: behind a cut, a password would not end in `@`.
    text = veiled(str(value)[:_LOOKED_AT])
    if len(text) > 80:
        text = text[:79] + "…"
    return "`" + "".join(_visible(character) for character in text) + "`"


def _visible(character: str) -> str:
    if character == "`":
        return "'"
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def days_after(day: date, days: int) -> date:
    """The date so many days later (earlier, if negative); where the calendar ends, its last (first) day."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _written(text: str) -> str | None:
    """The text as YAML that is read as text anywhere, in quotes where it must be; None where it can't be shown."""
    if re.fullmatch(r"(?!(?:null|true|false)$)[a-z](?:[a-z0-9.:/_-]*[a-z0-9/])?", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if text.isprintable() else None


class Text(str):
    """Text of a certain form. Subclasses say which; an instance is known to have it."""

    __slots__ = ()
    form: ClassVar[str] = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """The value that the text states, or the error that says what to write."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls.read, core_schema.str_schema(strict=True))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": cls.form}


class Name(Text):
    """A component's name in a service catalogue: small letters, digits, hyphens."""

    __slots__ = ()
    form = r"^[a-z0-9-]+$"

    @classmethod
    def read(cls, text: str) -> Self:
        if re.fullmatch(r"[a-z0-9-]+", text):
            return cls(text)
        better = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        raise refuse("only small letters, digits and hyphens may stand here", _written(better) if better else None)


class Handle(Text):
    """A person or a team on GitHub: `@login` or `@org/team`."""

    __slots__ = ()
    form = r"^@[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_.-]+)?$"

    @classmethod
    def read(cls, text: str) -> Self:
        if len(text) <= 200 and re.fullmatch(cls.form[1:-1], text):
            return cls(text)
        guess = "@" + text.strip()
        known = re.fullmatch(cls.form[1:-1], guess)
        raise refuse('people are written "@login" or "@org/team"', f'"{guess}"' if known else None)

    @property
    def team(self) -> bool:
        """Whether this names a team rather than a person."""
        return "/" in self


_OUTSIDE = re.compile(r"[\x00-\x1f\x7f]")


def _inside(text: str) -> str:
    """The path without `./` and doubled slashes, or the error for one that is not inside the repository."""
    if not text.strip():
        raise refuse("a path is missing here: write one relative to the repository's root")
    if "://" in text:
        raise refuse("a path of the repository belongs here, not an address")
    if _OUTSIDE.search(text):
        raise refuse("a path has no control characters")
    if "\\" in text:
        raise refuse("paths are written with `/`")
    if text.startswith("/") or re.match(r"[A-Za-z]:", text):
        raise refuse("paths are relative to the repository's root, never absolute")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise refuse("a path must not leave the repository: write it without `..`")
    return "/".join(parts) or "."


class RepoPath(Text):
    """A file or folder of the repository, relative to its root, with `/`."""

    __slots__ = ()
    form = r"^(?!.*://)(?![/\\])(?![A-Za-z]:)(?!(.*/)?\.\.(/|$))[^\\]+$"

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(_inside(text))


class Glob(RepoPath):
    """Files of the repository by pattern: `*`, `?`, `[…]` within a name, `**` across folders."""

    __slots__ = ()

    @property
    def plain(self) -> bool:
        """Whether this names one file, as a path does."""
        return not any(sign in self for sign in "*?[")

    def matches(self, path: str) -> bool:
        """Whether the pattern means this file; takes no longer than the product of their numbers of names."""
        names = path.split("/")
        # Which beginnings of the path the pattern has met so far, by their number of names.
        met = {0}
        for part in self.split("/"):
            if part == "**":
                met = set(range(min(met, default=len(names) + 1), len(names) + 1))
            else:
                met = {count + 1 for count in met if count < len(names) and fnmatchcase(names[count], part)}
        return len(names) in met

    def among(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The files among these that the pattern means."""
        *folders, last = self.split("/")
        fixed = "".join(f"{name}/" for name in takewhile(lambda name: not any(sign in name for sign in "*?["), folders))
        found = (path for path in paths if f"{path}/".startswith(fixed))
        if last != "**":
            # Most files are told by their last name, which is quick.
            means = re.compile(translate(last)).match
            found = (path for path in found if means(path[path.rfind("/") + 1 :]))
        return tuple(filter(self.matches, found))


class Url(Text):
    """An address on the web, https only."""

    __slots__ = ()
    form = r"^https://[^\s/]+"

    @classmethod
    def read(cls, text: str) -> Self:
        if re.fullmatch(r"https://[^\s/]\S*", text):
            return cls(text)
        better = re.sub(r"^http://", "https://", text)
        known = re.fullmatch(r"https://[^\s/]\S*", better)
        raise refuse("an address starts with https://", _written(better) if known else None)


class Label(Text):
    """An issue label, written `label:NAME`."""

    __slots__ = ()
    form = r"^label:.*\S"

    @classmethod
    def read(cls, text: str) -> Self:
        if text.removeprefix("label:").strip():
            return cls(text)
        raise refuse("name the label: `label:NAME`")


def _address_or_path(text: str) -> RepoPath | Url:
    return Url.read(text) if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) else RepoPath.read(text)


def _channel(text: str) -> Label | RepoPath | Url:
    return Label.read(text) if text.startswith("label:") else _address_or_path(text)


def _as_text(read: Any) -> Any:
    def check(value: object) -> object:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "text")
        return read(value)

    return PlainValidator(check)


def _as_written(read: Any) -> Any:
    # A number or a list is refused in the reader's own words, which say what to write.
    return PlainValidator(lambda value: read(str(value)))


Evidence = Annotated[RepoPath | Url, _as_text(_address_or_path), WithJsonSchema({"type": "string", "minLength": 1})]
"""A path of the repository or an https address."""

Channel = Annotated[Label | RepoPath | Url, _as_text(_channel), WithJsonSchema({"type": "string", "minLength": 1})]
"""How users report a wrong answer: `label:NAME`, a path or an https address."""


def _read_day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise refuse("a date is written YYYY-MM-DD, as in 2026-11-02")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(f"{quote(text)} is not in the calendar: write a date that exists") from None


_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
Day = Annotated[
    date, _as_written(_read_day), WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DAY}$"})
]
"""A date of the calendar, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of days, both ends included."""

    start: date
    end: date

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"


def _read_interval(text: str) -> Interval:
    start, slash, end = text.partition("/")
    if not slash:
        raise refuse("an interval is written START/END, as in 2026-09-01/2026-09-30")
    interval = Interval(_read_day(start), _read_day(end))
    if interval.end < interval.start:
        raise refuse("an interval ends on or after its first day", f"{interval.end}/{interval.start}")
    return interval


Days = Annotated[
    Interval, _as_written(_read_interval), WithJsonSchema({"type": "string", "pattern": f"^{_DAY}/{_DAY}$"})
]
"""An interval of dates, ISO 8601: `2026-09-01/2026-09-30`."""

_UNITS: Mapping[str, int] = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, as it was written and in milliseconds."""

    text: str
    milliseconds: int

    @property
    def days(self) -> int:
        """Whole days."""
        return self.milliseconds // _UNITS["d"]

    def __str__(self) -> str:
        return self.text


def _read_duration(text: str) -> Duration:
    match = re.fullmatch(r"([0-9]{1,9})(ms|s|m|h|d|w)", text)
    if match and not int(match[1]):
        raise refuse("a duration is at least 1: write how long, as in 250ms or 7d")
    if match:
        return Duration(text, int(match[1]) * _UNITS[match[2]])
    raise refuse("a duration is a whole number and ms, s, m, h, d or w, as in 250ms or 7d", _nearest_duration(text))


def _nearest_duration(text: str) -> str | None:
    match = re.fullmatch(r"([0-9]{1,9})\s*(ms|s|m|h|d|w|\w*)", text.strip().lower())
    if not match or not int(match[1]):
        return None
    words = {"sec": "s", "second": "s", "min": "m", "minute": "m", "hour": "h", "day": "d", "week": "w"}
    unit = match[2] if match[2] in _UNITS else words.get(match[2].removesuffix("s"))
    return match[1] + unit if unit else None


Span = Annotated[
    Duration,
    _as_written(_read_duration),
    WithJsonSchema({"type": "string", "pattern": "^(?=0*[1-9])[0-9]{1,9}(ms|s|m|h|d|w)$"}),
]
"""A duration: `250ms`, `30s`, `10m`, `12h`, `7d`, `4w`."""


def _finite(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("float_type", "number")
    if not isfinite(value):
        raise refuse("a finite number belongs here")
    return value


Number = Annotated[int | float, PlainValidator(_finite), WithJsonSchema({"type": "number"})]
"""A finite number; a quoted one is text, not a number."""


Whole = Annotated[int, Strict()]
"""A whole number; Python counts True as 1, a policy does not."""


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every value inside a model, its path first: how gathering finds the paths and people that a policy names."""
    yield path, value
    inner: Iterator[tuple[str | int, object]]
    if isinstance(value, Mapping):
        inner = iter(value.items())
    elif isinstance(value, tuple):
        inner = iter(enumerate(value))
    elif hasattr(value, "__pydantic_fields__"):
        inner = iter(vars(value).items())
    else:
        return
    for key, part in inner:
        yield from walk(part, (*path, key))
