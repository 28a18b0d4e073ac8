"""A first `.pilot.yml` from what a repository already shows; what only a person knows is left as a comment."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from rules.edits import scalar
from rules.policy import Limits, Organisation, Policy
from rules.shape import bare, fields, section
from rules.values import Handle, RepoPath, days_after

_SKIPPED = {
    ".git",
    ".hg",
    ".venv",
    "venv",
    "node_modules",
    "vendor",
    "third_party",
    "__pycache__",
    "site-packages",
}
_FILES = 20_000
_BYTES = 256 * 1024
_NAMED = 20
_CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_STOPS = re.compile(r"(?i)(?:^|[-_.])(?:disable|stop|kill|off|turn-?off|switch)(?:[-_.]|$)")
_ALERT = re.compile(r"(?m)^[ \t]*(?:-[ \t]+)?alert:[ \t]*\S|^kind:[ \t]*PrometheusRule\b")
_PILOT_DAYS = 84


@dataclass(frozen=True, slots=True)
class Shows:
    """What a repository shows of its pilot. Paths are relative to its root, in order."""

    name: str
    owner: str | None = None
    alerts: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    runbooks: tuple[str, ...] = ()
    stop_switch: str | None = None


def look(folder: Path) -> Shows:
    """What the files of a folder show, vendored ones apart: owners, alert rules, manifests, runbooks, workflows."""
    paths = list(files(folder))
    stops = [path for path in paths if path.startswith(".github/workflows/") and _STOPS.search(Path(path).name)]
    return Shows(
        name=_name(folder),
        owner=_default_owner(folder),
        alerts=tuple(
            path for path in paths if path.endswith((".yml", ".yaml")) and _ALERT.search(_start(folder / path))
        )[:_NAMED],
        manifests=tuple(path for path in paths if _is_manifest(path))[:_NAMED],
        runbooks=tuple(path for path in paths if re.search(r"(?i)run-?_?book[^/]*\.md$", path))[:_NAMED],
        stop_switch=stops[0] if stops else None,
    )


def files(folder: Path) -> Iterator[str]:
    """The files of a folder that a policy may name, relative to it: vendored ones apart, and 20,000 at most."""
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(files):
            count += 1
            if count > _FILES:
                return
            path = (Path(root) / name).relative_to(folder).as_posix()
            if _can_be_named(path):
                yield path


def _can_be_named(path: str) -> bool:
    """Whether a policy may hold the path: it has no backslash, for one."""
    try:
        return path.isprintable() and RepoPath.read(path) == path
    except PydanticCustomError:
        return False


def _start(file: Path) -> str:
    """The beginning of a regular file as text; empty for one that can't be read."""
    try:
        if not file.is_file() or file.is_symlink():
            return ""
        with file.open("rb") as stream:
            return stream.read(_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "my-pilot"


def _is_manifest(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in ("croissant.json", "datapackage.json") or name.endswith((".dvc", ".odcs.yaml", ".croissant.json"))


def _default_owner(folder: Path) -> str | None:
    """Who owns everything by CODEOWNERS: the first owner of the last line for `*`, in the file that GitHub takes."""
    text = next((found for found in (_start(folder / path) for path in _CODEOWNERS) if found), "")
    lines = [line.split("#")[0].split() for line in text.splitlines()]
    owners = [words[1:] for words in lines if words and words[0] == "*"]
    for handle in owners[-1] if owners else ():
        try:
            return Handle.read(handle)
        except PydanticCustomError:
            continue  # an e-mail address, which a policy does not take
    return None


def write(shows: Shows, today: date) -> str:
    """The text of a policy that passes POL002: what is known, and each other key as a comment with an example."""
    limits = Limits()
    due = days_after(today, 7 * limits.review_weeks)
    known: dict[str, Any] = {
        "version": 1,
        "pilot": {"name": shows.name, "stage": "planned", "start": str(today)},
        "owners": {"fix": shows.owner} if shows.owner else None,
        "evaluation": [{"id": Path(path).name.split(".")[0], "manifest": path} for path in shows.manifests] or None,
        "reviews": {name: {"due": str(due), "outcome": "pending"} for name in Organisation().required_reviews},
        "monitoring": {"configs": list(shows.alerts)} if shows.alerts else None,
        "runbooks": _runbooks(shows),
        "decision": {"date": str(days_after(today, _PILOT_DAYS)), "outcome": "pending"},
    }
    lines = [
        "# The contract of this pilot, checked by Pilotgate. Lines that begin with `#` are yours to complete:",
        "# remove the `#` and write what is true. `pilotgate check` says what is missing.",
        *_mapping(Policy, known, ""),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _runbooks(shows: Shows) -> list[dict[str, str]] | None:
    books = [{"file": path} for path in shows.runbooks] or ([{}] if shows.stop_switch else [])
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
            yield _line(key, value, info, indent)
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


def _line(key: str, value: Any, info: Any, indent: str) -> str:
    if value is not None:
        return f"{indent}{key}: {scalar(value)}".ljust(44) + f"  # {info.description}"
    if not info.examples:
        return f"{indent}# {key}:".ljust(44) + f"  # {info.description}"
    return f"{indent}# {key}: {scalar(info.examples[0])}".ljust(44) + f"  # {info.description}"
