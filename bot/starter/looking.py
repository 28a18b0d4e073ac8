"""Looks for what a policy names: by what is in the files, and by the names that people give them."""

import json
import re
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from bot.gather import Checkout
from bot.gather.git import Git
from bot.starter import habits
from bot.starter.shows import Shows
from rules.evidence.loading import number
from rules.evidence.manifests import Manifest, manifest
from rules.evidence.markdown import page, slug
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.owners import PLACES
from rules.evidence.results import format_of as results_format
from rules.evidence.runbooks import leads
from rules.evidence.whereabouts import is_example, is_foreign, is_test
from rules.facts import MAX_EVIDENCE, MAX_FILES, MAX_SUM, Files
from rules.values import Handle, RepoPath

_NAMED = 20
_READ = 2_000
_READ_SUM = 96 * 1024 * 1024
# What a file holds that is worth a closer look: reading every file of a repository as YAML would take minutes.
_ALERTING = re.compile(
    r"\b(?:alert|receivers?|contactPoints|policies|muteTimes|deleteRules|condition|noDataState|disableResolveMessage"
    r"|query)[\"']?[ \t]*:|PrometheusRule|AlertmanagerConfig|Grafana(?:AlertRuleGroup|ContactPoint|NotificationPolicy)"
    r"|DatadogMonitor|datadog_monitor|AWS::CloudWatch|aws_cloudwatch|aws_sns_topic"
    r"|grafana_(?:rule_group|contact_point|notification_policy)"
)
_CONFIGS = (".yml", ".yaml", ".json", ".tf")
# Of more files than can be opened, those are opened first that say in their path what they are about.
ABOUT = re.compile(r"(?i)alert|alarm|monitor|observab|prometheus|grafana|datadog|cloudwatch|eval|manifest|croissant")
_VALUES = re.compile(r"(?m)^(?:variable|locals)\b")
_MANIFESTS = (".dvc", ".json", ".yaml", ".yml", "README.md")
_DATA = re.compile(r"(?m)^(?:outs|deps|dataset_info):|\"(?:@context|resources)\"")
_RESULTS = re.compile(r"(?i)(?:^|/)[^/]*(?:results?|metrics|scores|junit|eval|report)[^/]*\.(?:json|xml|ya?ml)$")
_SCORES = re.compile(r"(?i)results?|metrics|scores")
_DEEPEST, _WIDEST = 4, 1_000
_ANYTHING = re.compile("")
_BY_HAND = re.compile(r"\bworkflow_dispatch\b")
_TITLE = re.compile(rb"""^name:[ \t]*["']?([^"'\r\n/]{1,100})""", re.MULTILINE)
_LONGEST = 100


def look(folder: Path) -> Shows:
    """What the files of a folder show, foreign ones, tests and examples apart.

    Its name by where git fetches it from; owners by CODEOWNERS; alerts, manifests and results by what is in the files;
    runbooks by the alerts that lead to them and by their names; what stops the pilot by its name.
    """
    repository = _Repository(folder)
    configs, alerts = _alerting(repository)
    manifests = _manifests(repository)
    runbooks = _runbooks(repository, alerts)
    return Shows(
        name=_name(folder),
        owner=_default_owner(repository),
        configs=configs,
        alerts=alerts,
        manifests=manifests,
        results=_results(repository, {*configs, *manifests}),
        runbooks=runbooks,
        answers=_answers(repository, runbooks, alerts),
        stop_switch=_stop_switch(repository),
    )


class _Repository:
    """The files of a checkout that a policy may name, with what is in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = [path for path in Checkout(folder).listed if _can_be_named(path) and not _apart(path)]

    def holding(self, sign: re.Pattern[str], paths: Iterable[str]) -> dict[str, bytes]:
        """What is in those of the files that hold the sign: as much as a check reads for a policy, in order."""
        found: dict[str, bytes] = {}
        left = MAX_SUM
        for path, data in self._contents(paths):
            if len(data) <= left and len(found) < MAX_FILES and sign.search(data.decode("utf-8", "replace")):
                found[path] = data
                left -= len(data)
        return dict(sorted(found.items()))

    def _contents(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """What is in the files, the likeliest first, then the smallest; only as much as can be read at a sitting."""
        sizes = [(ABOUT.search(path) is None, _size(self.folder / path), path) for path in paths]
        left = _READ_SUM
        for _, size, path in sorted(one for one in sizes if one[1] <= MAX_EVIDENCE)[:_READ]:
            left -= size
            if left < 0:
                return
            yield path, _read(self.folder / path)


def _apart(path: str) -> bool:
    return is_foreign(path) or is_test(path) or is_example(path)


def _can_be_named(path: str) -> bool:
    """Whether a policy may hold the path: it has no backslash, for one."""
    try:
        return path.isprintable() and RepoPath.read(path) == path
    except PydanticCustomError:
        return False


def _size(file: Path) -> int:
    """How large a regular file is; more than is read for anything else, a link among it."""
    try:
        found = file.lstat()
    except OSError:
        return MAX_EVIDENCE + 1
    return found.st_size if stat.S_ISREG(found.st_mode) else MAX_EVIDENCE + 1


def _read(file: Path) -> bytes:
    """What is in a file, as far as is ever read; nothing for one that can't be."""
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_EVIDENCE)
    except OSError:
        return b""


def _alerting(repository: _Repository) -> tuple[tuple[str, ...], tuple[Alert, ...]]:
    """The files that define alerts or say where they go, and the alerts."""
    paths = [path for path in repository.paths if path.endswith(_CONFIGS)]
    likely = repository.holding(_ALERTING, paths)
    # What Terraform's alerts say by a variable stands in a file beside theirs.
    folders = {_folder(path) for path in likely if path.endswith(".tf")}
    beside = [path for path in paths if path.endswith(".tf") and _folder(path) in folders and path not in likely]
    likely |= repository.holding(_VALUES, beside)
    named = sorted(likely)[:MAX_FILES]
    found = Alerts.among(named, Files(likely, named))
    untold = {fault.path for fault in (*found.opaque, *found.broken)} - {alert.path for alert in found.alerts}
    configs = tuple(path for path in named if path not in untold)[:_NAMED]
    told = (one for one in found.alerts if one.path in configs and one.metrics and one.comparisons)
    return configs, tuple(told)[:_NAMED]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _manifests(repository: _Repository) -> tuple[str, ...]:
    """The files that say what is in a set of data."""
    likely = repository.holding(_DATA, (path for path in repository.paths if path.endswith(_MANIFESTS)))
    files = Files(likely, likely)
    return tuple(path for path in likely if isinstance(manifest(path, files), Manifest))[:_NAMED]


def _results(repository: _Repository, taken: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The files that hold measured results, each with its format."""
    paths = (path for path in repository.paths if _RESULTS.search(path) and path not in taken)
    likely = repository.holding(_ANYTHING, paths)
    files = Files(likely, likely)
    found = ((path, results_format(path, files) or _measured(path, likely[path])) for path in likely)
    return tuple((path, format) for path, format in found if format is not None)[:_NAMED]


def _measured(path: str, data: bytes) -> str | None:
    """The format of a file that measures by its name, where its numbers stand deeper than on the top level."""
    if not (path.endswith(".json") and _SCORES.search(path)):
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    level: list[Any] = [found] if isinstance(found, dict) else []
    for _ in range(_DEEPEST):
        level = [inner for one in level if isinstance(one, dict) for inner in list(one.values())[:_WIDEST]][:_WIDEST]
        if any(number(one) is not None for one in level):
            return "json"
    return None


def _runbooks(repository: _Repository, alerts: Iterable[Alert]) -> tuple[str, ...]:
    """The pages that alerts lead to, then those that are called so."""
    paths = frozenset(path for path in repository.paths if habits.is_page(path))
    linked = [path for alert in alerts if (path := _linked(alert, paths))]
    return tuple(dict.fromkeys([*linked, *habits.runbooks(sorted(paths))]))[:_NAMED]


def _linked(alert: Alert, paths: Collection[str]) -> str | None:
    """The one of the paths that an alert's address leads to."""
    target = leads(alert.runbook_url, alert.path) if alert.runbook_url else None
    return next((path for path in target.paths if path in paths), None) if target else None


def _answers(repository: _Repository, runbooks: Collection[str], alerts: Iterable[Alert]) -> dict[str, tuple[str, ...]]:
    """The alerts that each runbook answers: they lead to it, or a heading in it bears their name."""
    alerts = list(alerts)
    found = {}
    for path, data in repository.holding(_ANYTHING, runbooks).items():
        titles = {heading.anchor for heading in page(data.decode("utf-8", "replace")).headings} - {""}
        named = [one.name for one in alerts if _linked(one, runbooks) == path or slug(one.name) in titles]
        found[path] = tuple(dict.fromkeys(named))
    return found


def _stop_switch(repository: _Repository) -> str | None:
    """The workflow that can be started by hand, or the script, whose name says that it stops something."""
    workflows = (path for path in repository.paths if path.startswith(".github/workflows/"))
    by_hand = repository.holding(_BY_HAND, workflows)
    plainness = {path: habits.stops(path) or habits.stops(_titled(data)) for path, data in by_hand.items()}
    plainness |= {path: habits.stops(path) for path in repository.paths if habits.is_script(path)}
    found = [path for path, plain in plainness.items() if plain]
    return min(found, key=lambda path: (-plainness[path], path not in by_hand, path), default=None)


def _titled(workflow: bytes) -> str:
    """The name that a workflow gives itself."""
    found = _TITLE.search(workflow)
    return found[1].decode("utf-8", "replace") if found else ""


def _name(folder: Path) -> str:
    """The repository's name where git fetches it from, else the folder's."""
    git = Git(folder)
    at_top = git.ask("rev-parse", "--show-prefix") == b"\n"
    origin = git.ask("remote", "get-url", "origin") if at_top else None
    return named(_last(origin.decode("utf-8", "replace").strip()) if origin else "", folder.resolve().name)


def named(*names: str) -> str:
    """The first of these names that a pilot can be called by, with what it can't be called by left out."""
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        if plain:
            return plain[:_LONGEST].strip("-")
    return "my-pilot"


def _last(address: str) -> str:
    """What a repository is called in an address of git's: `https://…/triage.git`, `git@…:acme/triage`, or a path."""
    try:
        path = urlsplit(address).path if "://" in address else address.rpartition(":")[2]
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2].removesuffix(".git")


def _default_owner(repository: _Repository) -> str | None:
    """Who owns everything by CODEOWNERS: the first owner of the last line for `*`, in the file that GitHub takes."""
    there = frozenset(repository.paths)
    texts = repository.holding(_ANYTHING, (path for path in PLACES if path in there))
    text = next((texts[path] for path in PLACES if texts.get(path)), b"").decode("utf-8", "replace")
    lines = [line.split("#")[0].split() for line in text.splitlines()]
    owners = [words[1:] for words in lines if words and words[0] == "*"]
    for handle in owners[-1] if owners else ():
        try:
            return Handle.read(handle)
        except PydanticCustomError:
            continue  # an e-mail address, which a policy does not take
    return None
