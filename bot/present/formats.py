"""The page of the formats that evidence is read in, from the readers' own words."""

from collections.abc import Iterable, Iterator
from inspect import cleandoc
from types import ModuleType
from typing import Any, cast

from rules.evidence import loading, manifests, monitoring, results
from rules.facts import MAX_EVIDENCE, MAX_FILES, MAX_PATTERNS, MAX_SUM, most_patterns

_MIB = 1024 * 1024
_FEWER = (
    f"fewer in a repository of more than 20,000 files: {most_patterns(50_000)} of 50,000, {most_patterns(200_000)} of"
    " 200,000 or more"
)
_HEAD = f"""# Which evidence is read

A rule opens the files that `.pilot.yml` names. What a file is, is told from what it holds, never from its name alone.
A file that is broken is a finding, at its line. What can't be told is `unverifiable` and never a pass: a template
(Helm, Jinja), a format that nobody here knows, a file in Git LFS, and what is beyond these limits:

| what | how much is read |
|---|---|
| one file | {MAX_EVIDENCE // _MIB} MiB |
| all files that a policy names, together | {MAX_FILES} files, {MAX_SUM // _MIB} MiB |
| patterns, as in `ops/**/*.yml` | {MAX_PATTERNS}; {_FEWER} |

Files that are named come before files that a pattern means. More than {loading.MAX_LEVELS} levels or
{loading.MAX_VALUES:,} values in one file are a finding.

This page is made from the code by `make docs`.
"""
_POINTERS = """\
`samples`, `dataset`, `commit` and `slices` are pointers as `pointer` is one. What they point at counts before what a
format says by itself. `dataset` is a hash that stands in the manifest, as `md5:…`, `sha256:…` or its digits alone;
`commit` is the SHA of the code, whole or its first 7 digits; `slices` is an object of slice → score, and its keys are
what `evaluation[].slices` lists, whole: where it has `language/de`, write `language/de`, not `language` or `de`.
"""
_DATA = """\
Data that stands in the repository, in files of the size that is read, is held against the hash, the size and the rows
that its manifest states (EVA001). One digit over and over is no hash, nor is the hash of an empty file. The origin is
compared with `integrations[].endpoint` by its host (EVA002); a bucket is an integration of `kind: rest` with
`endpoint: s3://BUCKET` or `gs://BUCKET`.
"""


def render() -> str:
    """Markdown: alerts, results and manifests, each with its formats."""
    return "\n".join([_HEAD, *_alerts(), *_results(), *_manifests()])


def _alerts() -> Iterator[str]:
    yield "## Alerts: `monitoring.configs`\n"
    systems = cast("Iterable[ModuleType]", monitoring.systems())
    yield from _sections((cast("Any", one).SYSTEM, one) for one in systems)
    yield "A Grafana dashboard, a collector's file or a script that draws charts shows something and alerts nobody.\n"


def _results() -> Iterator[str]:
    yield "## Results: `criteria[].source`\n"
    yield _POINTERS
    formats = cast("Iterable[ModuleType]", results.formats())
    yield from _sections((f"`format: {cast('Any', one).FORMAT}`", one) for one in formats)
    yield "### `format: prometheus`\n"
    yield (
        "The value of `query` on the server of the settings (`PILOTGATE_PROMETHEUS_URL`). A pull request has it asked\n"
        "only as it stands on the base branch, and only for `PILOTGATE_PROMETHEUS_ACCOUNTS`.\n"
    )


def _manifests() -> Iterator[str]:
    yield "## Manifests: `evaluation[].manifest`\n"
    yield _DATA
    formats = cast("Iterable[ModuleType]", manifests.formats())
    yield from _sections((cast("Any", one).FORMAT, one) for one in formats)


def _sections(modules: Iterable[tuple[str, ModuleType]]) -> Iterator[str]:
    for name, module in modules:
        yield f"### {name}\n\n{_listed(cleandoc(module.__doc__ or ''))}\n"


def _listed(text: str) -> str:
    """The text with rows of words and their meanings, which the code sets in columns, as a list."""
    return "\n".join(f"- {line}" if line.startswith("`") and "  " in line else line for line in text.split("\n"))
