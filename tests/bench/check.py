"""How long `pilotgate check` takes, beside other checkers of files and repositories.

Measured is the wall time of the whole process, from its start to its end, as a hook or a step of a workflow waits
for it: the installed commands of this environment, their output read through a pipe.

- `pilotgate check` on the example that is shipped
- `check-jsonschema` on the same `.pilot.yml`, by the schema that `pilotgate schema` prints: the form alone
- `repo-review` with sp-repo-review's checks, all of its default families, on this repository

They take turns for as many rounds as the first argument says (15), after one that does not count. A tool that does
not do its work is no comparison: each has to end, in every round, with an exit code of its own for a finished check,
and to say what it says only then. The goal is a ratio of medians of 0.6 or less to each.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.timing import alternate, table

GOAL = 0.6
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "bot" / "demo" / "example"
TODAY = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Tool:
    """A command, the exit codes with which it ends a check, and what it then prints."""

    command: tuple[str, ...]
    finished: frozenset[int]
    says: str

    def run(self) -> None:
        """Run it to its end; SystemExit where it did not do its work."""
        line = " ".join(self.command)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        try:
            done = subprocess.run(self.command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
        except OSError as error:
            sys.exit(f"{line}\ncan't be started: {error}")
        if done.returncode not in self.finished or self.says not in done.stdout:
            sys.exit(f"{line}\nended with exit code {done.returncode} and no check done:\n{done.stdout}{done.stderr}")


def tools(schema: Path) -> dict[str, Tool]:
    """What is compared; `schema` is the file with the policy's."""
    policy = EXAMPLE / ".pilot.yml"
    return {
        "pilotgate": Tool((_here("pilotgate"), "check", str(EXAMPLE), "--today", TODAY), frozenset({0}), "Readiness"),
        "check-jsonschema": Tool(
            (_here("check-jsonschema"), "--schemafile", str(schema), str(policy)), frozenset({0}), "validation done"
        ),
        # 3: checks failed, which is this repository's business; an exception would be 1.
        "repo-review": Tool((_here("repo-review"), str(ROOT)), frozenset({0, 3}), "PY001"),
    }


def _here(name: str) -> str:
    """The command of this environment."""
    return str(Path(sys.executable).with_name(name))


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with TemporaryDirectory() as folder:
        schema = Path(folder) / "pilot.schema.json"
        made = subprocess.run((_here("pilotgate"), "schema"), capture_output=True, check=True)
        schema.write_bytes(made.stdout)
        times = alternate({name: tool.run for name, tool in tools(schema).items()}, rounds)
    print(f"A check as a whole process, {rounds} rounds in turn; the goal is {GOAL} or less:")
    print(table(times, "pilotgate"))


if __name__ == "__main__":
    main()
