"""What the tests of the bot are given: the shipped example, small policies, reports and git repositories."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.demo import tour
from bot.present import Shown
from rules.catalogue import catalogue
from rules.document import read
from rules.evaluate import evaluate
from rules.facts import Presence
from rules.policy import Organisation, Policy
from tests.rules.given import facts

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(tour.__file__).parent / "example"
FAILING = Path(tour.__file__).parent / "failing.pilot.yml"
TODAY = "2026-11-24"
SMALL = "version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line came to."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    def codes(self) -> set[str]:
        """The codes of the findings that it printed as JSON."""
        return {finding["code"] for finding in self.json()["findings"]}

    def outcomes(self) -> dict[str, str]:
        """The outcome of each rule that it printed as JSON."""
        return {rule["code"]: rule["outcome"] for rule in self.json()["rules"]}


def example(folder: Path, *, failing: bool = False, plain: bool = False) -> Path:
    """A copy of the shipped example in a git repository; failing, with the policy that its tour begins with.

    `plain`: in a folder that git knows nothing of.
    """
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    if failing:
        shutil.copyfile(FAILING, folder / ".pilot.yml")
    if not plain:
        for path, data in tour.measured(committed(folder)).items():
            (folder / path).write_bytes(data)
        committed(folder)
    return folder


def files(folder: Path, content: Mapping[str, str]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder


def git(folder: Path, *arguments: str) -> str:
    """What git prints in a folder; fails where git does."""
    identity = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.example", "-c", "init.defaultBranch=main")
    command = ["git", *identity, "-c", "protocol.file.allow=always", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def committed(folder: Path) -> str:
    """Make a folder a git repository, if it is none, and commit all that stands in it: the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "As it stands")
    return git(folder, "rev-parse", "HEAD")


def process(
    *arguments: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> subprocess.CompletedProcess[bytes]:
    """`pilotgate` as a process of its own."""
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, cwd=folder, env={**os.environ, **(environment or {})}
    )


def shown(
    policy: str | bytes,
    *,
    standing: Mapping[str, Presence] | None = None,
    today: str = TODAY,
    organisation: Organisation | None = None,
    path: str = ".pilot.yml",
    prefix: str = "",
) -> Shown:
    """The report on a policy, by every rule, ready to be shown; `standing` says what stands at which path."""
    known = catalogue()
    data = policy if isinstance(policy, bytes) else policy.encode()
    document = read(data, path, Policy, known.codes)
    there = [name for name, presence in (standing or {}).items() if presence is Presence.FILE]
    found = facts(data, there, date.fromisoformat(today), given=[document, organisation or Organisation()])
    return Shown(evaluate(list(known.rules.values()), found), known, document.text, prefix)
