"""What would be posted on a pull request, and why, for a person at a terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.github.checks import CheckRun
from bot.present import Shown, text
from bot.present.check_run import not_required


@dataclass(frozen=True, slots=True)
class Said:
    """What would be posted: the check run on a head, with what else, and which requests it took to know."""

    where: str
    head: str
    run: CheckRun
    shown: Sequence[Shown]
    beside: Sequence[str]
    required: bool | None
    asked: Sequence[str]


def render(said: Said, colour: bool) -> str:
    """The check run in short, the report of each policy in full, and the requests."""
    run = said.run
    rows = [f"{run.name}: {run.conclusion}", f"  {run.title}", f"  on {said.where} at {said.head}"]
    if run.annotations:
        count = len(run.annotations)
        rows.append(f"  with {count} annotation{'s' if count > 1 else ''}")
    rows += [f"  with {one}" for one in said.beside]
    gate = [not_required(run.name)] if said.required is False else []
    why = [*_reports(said, colour), *map(_visible, gate)] if said.shown else [_visible(run.summary)]
    asked = "\n".join([f"Nothing was posted. {len(said.asked)} requests:", *(f"  {one}" for one in said.asked)])
    return "\n\n".join([_visible("\n".join(rows)), *why, _visible(asked)]) + "\n"


def _reports(said: Said, colour: bool) -> Iterable[str]:
    for one in said.shown:
        head = f"{text.visible(one.report.path)}\n\n" if len(said.shown) > 1 else ""
        yield head + text.render(replace(one, colour=colour)).strip("\n")


def _visible(words: str) -> str:
    return "\n".join(map(text.visible, words.strip("\n").split("\n")))
