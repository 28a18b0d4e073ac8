"""The tour: what each step does, prints and expects."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot import gather, review, starter
from bot.present import Shown, text
from bot.review import Reviewed
from rules.catalogue import Catalogue
from rules.facts import Today
from rules.policy import Organisation
from rules.report import Report

_HERE = Path(__file__).parent
_TODAY = Today(date(2026, 11, 24))
# What the example's first policy is made to miss: the tour would show nothing if one of these passed.
_MISSED = {
    "OWN001", "CRI001", "CRI002", "CRI004", "INT003", "REV001", "REV002", "REV003",
    "MON001", "RUN004", "RUN005", "DEC001", "DEC002",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """What the tour is played with: the rules, and whether the reader's terminal shows colour."""

    catalogue: Catalogue
    colour: bool


def play(stage: Stage, today: Today, repository: Path | None) -> int:
    """Play every step and return 0 only if each came out as expected. Writes nothing outside a temporary folder.

    The example is played on dates of its own, a repository as of `today`.
    """
    steps = _own_steps(stage, repository, today) if repository is not None else _example_steps(stage)
    held = [_told(number, title, expected) for number, (title, expected) in enumerate(steps, 1)]
    print("\nEvery step came out as expected." if all(held) else "\nNot every step came out as expected.")
    return 0 if all(held) else 1


def _told(number: int, title: str, expected: bool) -> bool:
    print(f"-> step {number}, {title}: {'as expected' if expected else 'NOT as expected'}")
    return expected


def _example_steps(stage: Stage) -> Iterator[tuple[str, bool]]:
    with _copy() as folder:
        _say("A team writes down its pilot the week of the demo. Pilotgate reads the policy and looks for evidence.")
        (folder / ".pilot.yml").write_bytes((_HERE / "failing.pilot.yml").read_bytes())
        failing = _check(stage, folder, _TODAY)
        yield (
            "the pilot fails, each cause on its line",
            {one.code for one in failing.report.findings} == _MISSED,
        )

        _say("Some of that is mechanical. Each `+` line above is a replacement that parses; put in, they leave this:")
        applied = _apply(folder / ".pilot.yml", failing)
        fewer = _check(stage, folder, _TODAY)
        left = len(failing.report.findings) - len(fewer.report.findings)
        yield f"{applied} replacements put in, {left} findings gone", 0 < applied == left

    with _copy() as folder:
        _say("The rest takes people: owners, a real interface, a signal of quality, a stop switch. Some weeks later:")
        mended = _check(stage, folder, _TODAY)
        yield "the pilot passes", mended.report.conclusion == "success" and not mended.report.findings

        _say("Nobody touches the file again. The compliance review passes its date, and the contract notices:")
        late = _check(stage, folder, Today(mended.report.forecast[0].date))
        yield (
            "the day that was forecast brings REV002",
            {one.code for one in late.report.findings} == {"REV002"},
        )


def _own_steps(stage: Stage, repository: Path, today: Today) -> Iterator[tuple[str, bool]]:
    if gather.Checkout(repository).policy(stage.catalogue).absent:
        _say(f"{repository} has no .pilot.yml. This is the starter that `pilotgate init` would write:")
        draft = starter.write(starter.look(repository), today.date)
        print(draft)
        with tempfile.TemporaryDirectory() as scratch:
            policy = Path(scratch) / ".pilot.yml"
            policy.write_text(draft, encoding="utf-8")
            _say("Checked on the repository's own files, it says what is left to do:")
            reviewed = _check(stage, repository, today, policy)
        yield "the starter parses", reviewed.document.model is not None
    else:
        _say(f"{repository} keeps a contract. Checked on its own files:")
        reviewed = _check(stage, repository, today)
        yield "the contract is checked", bool(reviewed.report.rules)


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pilotgate-demo-") as scratch:
        folder = Path(scratch) / "invoice-triage"
        shutil.copytree(_HERE / "example", folder)
        yield folder


def _check(stage: Stage, folder: Path, today: Today, policy: Path | None = None) -> Reviewed:
    rules = list(stage.catalogue.rules.values())
    reviewed = review.check(gather.Checkout(folder, policy), stage.catalogue, rules, Organisation(), today)
    print(f"$ pilotgate check --today {today.date}\n")
    report = reviewed.report if policy is None else _as_if_there(reviewed.report)
    shown = Shown(report, stage.catalogue, reviewed.document.text, colour=stage.colour)
    sys.stdout.write(text.render(shown))
    return reviewed


def _as_if_there(report: Report) -> Report:
    """The report on a draft, with the places that it would have where it belongs."""
    return replace(
        report, path=gather.POLICY, findings=tuple(replace(one, path=gather.POLICY) for one in report.findings)
    )


def _apply(file: Path, reviewed: Reviewed) -> int:
    """Put in every replacement, from the last line up so that the lines above keep their numbers; how many."""
    lines = file.read_text(encoding="utf-8").splitlines()
    fixes = [one for one in reviewed.report.findings if one.replacement is not None]
    for finding in sorted(fixes, key=lambda one: one.line, reverse=True):
        lines[finding.line - 1 : finding.end_line] = str(finding.replacement).splitlines()
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(fixes)


def _say(line: str) -> None:
    print(f"\n== {line}\n")
