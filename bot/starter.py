"""A first `.pilot.yml` from what a repository already shows; what only a person knows is left as a comment."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from bot.gather import Checkout
from rules.edits import scalar
from rules.evidence.manifests import Manifest, manifest
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.results import format_of as results_format
from rules.evidence.whereabouts import is_example, is_foreign, is_test
from rules.facts import MAX_FILES, Files
from rules.policy import Limits, Organisation, Policy
from rules.shape import bare, fields, section
from rules.values import Handle, RepoPath, days_after

_NAMED = 20
_READ = 2_000
_BYTES = 256 * 1024
_CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_STOPS = re.compile(r"(?i)(?:^|[-_.])(?:disable|stop|kill|off|turn-?off|switch)(?:[-_.]|$)")
# What a file holds that is worth a closer look: reading every file of a repository as YAML would take minutes.
_ALERTING = re.compile(
    r"\b(?:alert|receivers|contactPoints|noDataState|query)[\"']?[ \t]*:|PrometheusRule"
    r"|DatadogMonitor|datadog_monitor|AWS::CloudWatch|aws_cloudwatch"
)
_CONFIGS = (".yml", ".yaml", ".json", ".tf")
_MANIFESTS = (".dvc", ".json", ".yaml", ".yml", "README.md")
_DATA = re.compile(r"(?m)^(?:outs|deps|dataset_info):|\"(?:@context|resources)\"")
_RESULTS = re.compile(r"(?i)(?:^|/)[^/]*(?:results?|metrics|scores|junit|eval|report)[^/]*\.(?:json|xml|ya?ml)$")
_PILOT_DAYS = 84


@dataclass(frozen=True, slots=True)
class Shows:
    """What a repository shows of its pilot. Paths are relative to its root, in order."""

    name: str
    owner: str | None = None
    configs: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    manifests: tuple[str, ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    """Paths with the format that each is of."""
    runbooks: tuple[str, ...] = ()
    stop_switch: str | None = None


def look(folder: Path) -> Shows:
    """What the files of a folder show, foreign ones, tests and examples apart.

    Owners by CODEOWNERS; alerts, manifests and results by what is in the files; runbooks and workflows by their names.
    """
    repository = _Repository(folder)
    paths = repository.paths
    stops = [path for path in paths if path.startswith(".github/workflows/") and _STOPS.search(Path(path).name)]
    configs, alerts = _alerting(repository)
    manifests = _manifests(repository)
    return Shows(
        name=_name(folder),
        owner=_default_owner(folder),
        configs=configs,
        alerts=alerts,
        manifests=manifests,
        results=_results(repository, {*configs, *manifests}),
        runbooks=tuple(path for path in paths if re.search(r"(?i)run-?_?book[^/]*\.md$", path))[:_NAMED],
        stop_switch=stops[0] if stops else None,
    )


class _Repository:
    """The files of a checkout that a policy may name, with what is in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = [path for path in Checkout(folder).listed if _can_be_named(path) and not _apart(path)]

    def ending(self, endings: tuple[str, ...]) -> list[str]:
        """Those with one of these endings, 2,000 at most."""
        return [path for path in self.paths if path.endswith(endings)][:_READ]

    def files(self, paths: Iterable[str]) -> Files:
        """These files, read; one that is large or can't be read is empty."""
        return Files({path: _start(self.folder / path).encode() for path in paths}, self.paths)


def _apart(path: str) -> bool:
    return is_foreign(path) or is_test(path) or is_example(path)


def _alerting(repository: _Repository) -> tuple[tuple[str, ...], tuple[Alert, ...]]:
    """The files that define alerts or say where they go, and the alerts."""
    paths = repository.ending(_CONFIGS)
    files = repository.files(paths)
    likely = [path for path in paths if _ALERTING.search(_text(files, path))][:MAX_FILES]
    found = Alerts.among(likely, files)
    untold = {fault.path for fault in (*found.opaque, *found.broken)} - {alert.path for alert in found.alerts}
    configs = tuple(path for path in likely if path not in untold)[:_NAMED]
    told = (one for one in found.alerts if one.path in configs and one.metrics and one.comparisons)
    return configs, tuple(told)[:_NAMED]


def _text(files: Files, path: str) -> str:
    data = files.read(path)
    return data.decode() if isinstance(data, bytes) else ""


def _manifests(repository: _Repository) -> tuple[str, ...]:
    """The files that say what is in a set of data."""
    paths = repository.ending(_MANIFESTS)
    files = repository.files(paths)
    likely = (path for path in paths if _DATA.search(_text(files, path)))
    return tuple(path for path in likely if isinstance(manifest(path, files), Manifest))[:_NAMED]


def _results(repository: _Repository, taken: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The files that hold measured results, each with its format."""
    paths = [path for path in repository.paths if _RESULTS.search(path) and path not in taken][:_READ]
    files = repository.files(paths)
    found = ((path, results_format(path, files)) for path in paths)
    return tuple((path, format) for path, format in found if format is not None)[:_NAMED]


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
        "criteria": [_criterion(path, format) for path, format in shows.results] or None,
        "evaluation": [{"id": _id(path), "manifest": path} for path in shows.manifests] or None,
        "reviews": {name: {"due": str(due), "outcome": "pending"} for name in Organisation().required_reviews},
        "monitoring": _monitoring(shows),
        "runbooks": _runbooks(shows),
        "decision": {"date": str(days_after(today, _PILOT_DAYS)), "outcome": "pending"},
    }
    lines = [
        "# The contract of this pilot, checked by Pilotgate. Lines that begin with `#` are yours to complete:",
        "# remove the `#` and write what is true. `pilotgate check` says what is missing.",
        *_mapping(Policy, known, ""),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _id(path: str) -> str:
    return Path(path).name.split(".")[0] or Path(path).name


def _criterion(path: str, format: str) -> dict[str, Any]:
    return {"id": _id(path), "source": {"format": format, "file": path}}


def _monitoring(shows: Shows) -> dict[str, Any] | None:
    signals = [{"metric": min(alert.metrics), "alert": alert.name} for alert in _by_name(shows.alerts)]
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
        named = [alert.name for alert in _by_name(shows.alerts) if book.get("file", "\0") in (alert.runbook_url or "")]
        if named:
            book["alerts"] = named
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
