"""What one evaluation of the full example costs against a large repository, and how that grows.

Measured is one call in this process: a fresh checkout is gathered and judged by every rule, as `pilotgate check` does.
A row changes one thing of the example: how many files the repository has, how many alerts its rule file, how many
criteria its policy. Each is measured in turns with the others; the first argument says how many rounds (5).
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from bot import review
from bot.gather import Checkout
from rules.catalogue import catalogue
from rules.facts import Today
from rules.nodes import composed
from rules.policy import Organisation
from tests.bench.timing import alternate, table

EXAMPLE = Path(__file__).parents[2] / "bot" / "demo" / "example"
FILES = (0, 1_000, 10_000)
ALERTS = (100, 1_000)
CRITERIA = (10, 100)

_CODE = '''"""Module {number}."""

import os

LIMIT = {number}


def route(invoice: dict[str, str]) -> str:
    """The queue of an invoice."""
    token = os.environ["INVOICES_CLIENT_SECRET"]
    return "queue-" + str(hash((invoice["supplier"], token)) % LIMIT)
'''


def repository(folder: Path, files: int = 0, alerts: int = 0, criteria: int = 0) -> Path:
    """The example with so much more of it, in a git checkout."""
    shutil.copytree(EXAMPLE, folder)
    for number in range(files):
        place = folder / "triage" / f"part{number // 100}" / f"module{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(_CODE.format(number=number + 1), encoding="utf-8")
    rules = folder / "ops" / "alerts" / "triage.yml"
    more = [
        f'      - alert: Queue{number}Slow\n        expr: queue_seconds{{queue="{number}"}} > {number + 1}\n'
        for number in range(alerts)
    ]
    rules.write_text(rules.read_text(encoding="utf-8") + "".join(more), encoding="utf-8")
    policy = folder / ".pilot.yml"
    above, head, below = policy.read_text(encoding="utf-8").partition("criteria:\n")
    added = [
        f"  - {{id: c{number}, kind: business, op: '>=', target: 0.5, unit: ratio, baseline: 0.4, min_samples: 100,"
        " source: {format: json, file: eval/results.json, pointer: /accuracy, samples: /n}}\n"
        for number in range(criteria)
    ]
    policy.write_text(above + head + "".join(added) + below, encoding="utf-8")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    identity = ["-c", "user.name=Ana", "-c", "user.email=ana@acme.example"]
    subprocess.run(["git", "-C", str(folder), *identity, "commit", "-q", "-m", "As it is"], check=True)
    return folder


def evaluate(folder: Path) -> None:
    """Gather and judge a fresh checkout by every rule."""
    known = catalogue()
    rules = list(known.rules.values())
    composed.cache_clear()
    review.check(Checkout(folder), review.Check(known, rules, Organisation(), Today(date(2026, 11, 24))))


def main(rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        things: dict[str, Callable[[], object]] = {}
        for kind, counts in (("files", FILES), ("alerts", ALERTS), ("criteria", CRITERIA)):
            for count in counts:
                folder = repository(base / f"{kind}-{count}", **{kind: count})
                things["the example" if not count else f"{count} {kind} more"] = partial(evaluate, folder)
        print(f"One evaluation of the example by every rule, {rounds} rounds in turn:")
        print(table(alternate(things, rounds), "the example"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
