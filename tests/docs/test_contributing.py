"""The rule that CONTRIBUTING.md shows loads, and its examples hold, when dropped into a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rules.catalogue import catalogue
from rules.rule import Severity
from tests.docs.pages import ROOT, blocks

_PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# Says how each example of a rule comes out in the tree that it is run in.
_TRY = """
from datetime import date
from rules.catalogue import catalogue
from rules.document import read
from rules.evaluate import evaluate
from rules.facts import Codes, Commit, Facts, Repository, Today, Tree
from rules.policy import Organisation, Policy
known = catalogue()
rule = known.rules["OWN901"]
for example in rule.examples:
    document = read(example.policy.encode(), ".pilot.yml", Policy, known.codes)
    facts = Facts(
        document, Organisation(), Today(example.today), Codes(known.codes), Repository(), Commit(None), Tree({})
    )
    report = evaluate([rule], facts)
    said = [f"{one.key} {one.message}" for one in report.findings] + [one.reason or "" for one in report.rules]
    assert report.rules[0].outcome.value == example.outcome, example
    assert any(example.says in one for one in said), said
    assert not example.at or any(one.startswith(example.at + " ") for one in said), said
    print(example.outcome)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the tree with the page's rule where the page says."""
    for package in ("rules", "bot"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (place,) = re.findall(r"Copy this to, say, `([^`]+)`", _PAGE)
    (rule,) = blocks(_PAGE, "python")
    (tmp_path / place).write_text(rule, encoding="utf-8")
    return tmp_path


def _run(tree: Path, *arguments: str) -> str:
    # The copy is no part of what is measured.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, *arguments]
    ran = subprocess.run(command, check=False, capture_output=True, cwd=tree, env=environment, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_its_page_is_shown(tree: Path) -> None:
    page = _run(tree, "-m", "bot", "rules", "OWN901")
    assert page.startswith("# OWN901 owner-named-once\n\nFamily ownership, severity warning.")
    assert "## A bad example" in page


def test_it_is_listed_without_a_list(tree: Path) -> None:
    assert "  OWN901  owner-named-once " in _run(tree, "-m", "bot", "rules")


def test_its_examples_hold(tree: Path) -> None:
    assert _run(tree, "-c", _TRY).split() == ["pass", "fail", "not-applicable"]


def test_it_is_in_the_house_style(tree: Path) -> None:
    shutil.copyfile(ROOT / "pyproject.toml", tree / "pyproject.toml")
    ruff = str(Path(sys.executable).with_name("ruff"))
    for check in (["check"], ["format", "--check"]):
        command = [ruff, *check, "--quiet", "--no-cache", "rules/ownership"]
        ran = subprocess.run(command, check=False, capture_output=True, cwd=tree, text=True)
        assert (ran.returncode, ran.stdout) == (0, "")


def test_its_code_is_nobody_s() -> None:
    assert "OWN901" not in catalogue().codes


def test_every_severity_is_named() -> None:
    for severity in Severity:
        assert f"`{severity.name}`" in _PAGE


def test_every_way_to_write_an_example_is_named() -> None:
    for name in ("good", "bad", "idle", "unclear"):
        assert f"`{name}`" in _PAGE
