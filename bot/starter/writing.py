"""The text of a first policy: what is known, and every other key as a comment with an example."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel

from bot.starter.shows import Shows
from rules.edits import scalar
from rules.evidence.monitoring import Alert
from rules.policy import Limits, Organisation, Policy
from rules.shape import bare, fields, section
from rules.values import days_after

_PILOT_DAYS = 84
_WIDE = 60


def write(shows: Shows, today: date) -> str:
    """The text of a policy that passes POL002: what is known, and each other key as a comment with an example."""
    limits = Limits()
    due = days_after(today, 7 * limits.review_weeks)
    criteria, evaluations = _ids(path for path, _ in shows.results), _ids(shows.manifests)
    known: dict[str, Any] = {
        "version": 1,
        "pilot": {"name": shows.name, "stage": "planned", "start": str(today)},
        "owners": {"fix": shows.owner} if shows.owner else None,
        "criteria": [
            {"id": id, "evaluation": _Hint.first(evaluations), "source": {"format": format, "file": path}}
            for id, (path, format) in zip(criteria, shows.results, strict=True)
        ]
        or None,
        "evaluation": [{"id": id, "manifest": path} for id, path in zip(evaluations, shows.manifests, strict=True)]
        or None,
        "reviews": {name: {"due": str(due), "outcome": "pending"} for name in Organisation().required_reviews},
        "monitoring": _monitoring(shows, _Hint.first(criteria)),
        "runbooks": _runbooks(shows),
        "decision": {
            "date": str(days_after(today, _PILOT_DAYS)),
            "go": _Hint(criteria) if criteria else None,
            "outcome": "pending",
        },
    }
    lines = [
        "# The contract of this pilot, checked by Pilotgate. Lines that begin with `#` are yours to complete:",
        "# remove the `#` and write what is true. `pilotgate check` says what is missing.",
        *_mapping(Policy, known, ""),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Hint:
    """What stands in a comment in place of the key's own example: an `id` of this policy."""

    example: Any

    @classmethod
    def first(cls, ids: Sequence[str]) -> "_Hint | None":
        return cls(ids[0]) if ids else None


def _ids(paths: Iterable[str]) -> list[str]:
    """A name for each of the files, each another."""
    found: dict[str, None] = {}
    for path in paths:
        name = Path(path).name.split(".")[0] or Path(path).name
        numbered = (f"{name}-{number}" for number in count(2))
        found[name if name not in found else next(one for one in numbered if one not in found)] = None
    return list(found)


def _monitoring(shows: Shows, criterion: _Hint | None) -> dict[str, Any] | None:
    signals = [
        {"metric": min(alert.metrics), "criterion": criterion, "alert": alert.name} for alert in _by_name(shows.alerts)
    ]
    # A sign of a pattern that stands in a name is written in brackets.
    configs = [re.sub(r"([*?\[])", r"[\1]", path) for path in shows.configs]
    known = {"configs": configs, "signals": signals or None}
    return known if shows.configs else None


def _by_name(alerts: Iterable[Alert]) -> list[Alert]:
    """The alerts, of each name one."""
    return list({alert.name: alert for alert in reversed(list(alerts))}.values())[::-1]


def _runbooks(shows: Shows) -> list[dict[str, Any]] | None:
    books: list[dict[str, Any]] = [{"file": path} for path in shows.runbooks] or ([{}] if shows.stop_switch else [])
    for book in books:
        if named := shows.answers.get(book.get("file", "")):
            book["alerts"] = list(named)
    if shows.stop_switch:
        books[0]["stop_switch"] = shows.stop_switch
    return books or None


_OPTIONAL = ("rules", "waivers")


def _mapping(model: type[BaseModel], known: Mapping[str, Any], indent: str) -> Iterator[str]:
    """The keys of a model in its order: the known ones, and each other as a comment with an example."""
    for key, info in fields(model).items():
        if not indent and key in _OPTIONAL:
            continue
        if not indent:
            yield ""
        if not indent and key != "version":
            yield f"# {info.description}"
        value = known.get(key)
        inner = section(info.annotation)
        if inner is None:
            yield from _lines(key, value, info, indent)
        elif value is None:
            yield from (f"{indent}# {line}" for line in _example(key, inner, info.annotation, ""))
        else:
            yield f"{indent}{key}:"
            yield from _known(inner, value, indent + "  ")


def _known(inner: type[BaseModel], value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _item(inner, item, indent)
    elif all(isinstance(one, dict) for one in value.values()):
        for name, one in value.items():
            yield f"{indent}{name}:"
            yield from _mapping(inner, one, indent + "  ")
    else:
        yield from _mapping(inner, value, indent)


def _item(inner: type[BaseModel], item: Mapping[str, Any], indent: str) -> Iterator[str]:
    """An item of a list: the first known key stands behind the dash."""
    lines = list(_mapping(inner, item, indent + "  "))
    first = next(number for number, line in enumerate(lines) if not line.lstrip().startswith("#"))
    yield f"{indent}- {lines.pop(first).lstrip()}"
    yield from lines


def _example(key: str, inner: type[BaseModel], annotation: Any, indent: str) -> Iterator[str]:
    """A whole section as it might look, to be commented out."""
    yield f"{indent}{key}:"
    deeper = indent + "  "
    listed = get_origin(bare(annotation)) is tuple
    if get_origin(bare(annotation)) is dict:
        yield f"{deeper}NAME:"
        deeper += "  "
    lines = list(_examples(inner, deeper + "  " if listed else deeper))
    if listed and lines:
        lines[0] = f"{deeper}- {lines[0].lstrip()}"
    yield from lines


def _examples(model: type[BaseModel], indent: str) -> Iterator[str]:
    for key, info in fields(model).items():
        inner = section(info.annotation)
        if inner is not None:
            yield from _example(key, inner, info.annotation, indent)
        elif info.examples:
            yield _line(key, info.examples[0], info, indent)


def _lines(key: str, value: Any, info: Any, indent: str) -> Iterator[str]:
    """A value on the line of its key; a long list below it."""
    if isinstance(value, list) and len(scalar(value)) > _WIDE:
        yield f"{indent}{key}:".ljust(44) + f"  # {info.description}"
        yield from (f"{indent}  - {scalar(one)}" for one in value)
    else:
        yield _line(key, value, info, indent)


def _line(key: str, value: Any, info: Any, indent: str) -> str:
    if value is not None and not isinstance(value, _Hint):
        return f"{indent}{key}: {scalar(value)}".ljust(44) + f"  # {info.description}"
    if value is None and not info.examples:
        return f"{indent}# {key}:".ljust(44) + f"  # {info.description}"
    example = value.example if value is not None else info.examples[0]
    return f"{indent}# {key}: {scalar(example)}".ljust(44) + f"  # {info.description}"
