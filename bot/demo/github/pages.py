"""The pages for people: what GitHub would show of a pull request or an issue, plainly."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.demo.github.exchange import Answer
from bot.demo.github.shapes.checks import latest
from bot.demo.github.state import Issue, Repository, Run, World

_PATH = re.compile(r"/([^/]+)/([^/]+)/(pull|issues|blob)/(.+)")
_AROUND = 3


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("bot.demo.github"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters["markdown"] = markdown
    return made


@cache
def _markdown() -> MarkdownIt:
    # What comes from a repository is anybody's: HTML in it is shown, not obeyed.
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def markdown(text: str | None) -> Markup:
    """Markdown as HTML."""
    # A comment is not shown, as on GitHub, where it hides what programs tell one another.
    return Markup(_markdown().render(re.sub("(?s)<!--.*?-->", "", text or "")))


@dataclass(frozen=True, slots=True)
class Remark:
    """An annotation with the lines around it, numbered."""

    annotation: dict[str, Any]
    lines: list[tuple[int, str, bool]]


def find(world: World, path: str) -> Answer | None:
    """The page at a path; None where there is none."""
    if path == "/":
        return _page("index.html", repositories=list(world.repositories.values()))
    found = _PATH.fullmatch(path)
    place = world.find(f"{found[1]}/{found[2]}") if found else None
    if found is None or place is None:
        return None
    if found[3] == "blob":
        return _blob(place, found[4])
    issue = place.issues.get(int(found[4])) if found[4].isdecimal() else None
    if issue is None or (issue.pull is None) == (found[3] == "pull"):
        return None
    runs = _runs(place, issue)
    remarks = {run.id: [_remark(place, run, one) for one in run.annotations] for run in runs}
    return _page("issue.html", issue=issue, runs=runs, remarks=remarks)


def _page(name: str, **values: Any) -> Answer:
    return Answer(200, _templates().get_template(name).render(**values))


def _runs(place: Repository, issue: Issue) -> list[Run]:
    if issue.pull is None:
        return []
    return latest([run for suite in place.suites if suite.head == issue.pull.head for run in suite.runs])


def _remark(place: Repository, run: Run, annotation: dict[str, Any]) -> Remark:
    data = place.git.file(run.suite.head, annotation["path"])
    lines = data.decode(errors="replace").split("\n") if data else []
    first, last = annotation["start_line"], annotation["end_line"]
    shown = range(max(1, first - _AROUND), min(len(lines), last + _AROUND) + 1)
    return Remark(annotation, [(number, lines[number - 1], first <= number <= last) for number in shown])


def _blob(place: Repository, rest: str) -> Answer | None:
    """A file of a branch, whose name may have slashes, or of a commit."""
    parts = rest.split("/")
    for cut in range(1, len(parts)):
        ref, path = "/".join(parts[:cut]), "/".join(parts[cut:])
        if place.git.resolve(ref) is not None:
            data = place.git.file(ref, path)
            if data is not None:
                return _page("blob.html", place=place, ref=ref, path=path, text=data.decode(errors="replace"))
    return None
