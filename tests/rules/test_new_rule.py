"""One new file is a whole new rule: listed, explained, in the schema and tested, with no other file touched."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.rules.given import ROOT

RULE = '''
    """Whoever watches the pilot is not the one who repairs it.

    One person for both is one holiday away from nobody.

    Fix: name somebody else for `owners.monitor`.
    """

    from collections.abc import Iterator

    from rules.policy import Policy
    from rules.rule import Finding, Fix, NotApplicable, Severity, bad, good, idle

    CODE = "OWN950"
    SEVERITY = Severity.NOTICE


    def check(policy: Policy) -> Iterator[Finding | NotApplicable]:
        owners = policy.owners
        if owners is None or owners.fix is None:
            yield NotApplicable("nobody repairs the pilot")
        elif owners.fix == owners.monitor:
            yield Finding(("owners", "monitor"), "one for both: name a second", fix=Fix('"@second"'))


    EXAMPLES = [
        good('owners: {monitor: "@a", fix: "@b"}'),
        bad('owners: {monitor: "@a", fix: "@a"}', at="owners.monitor", says="name a second"),
        idle("owners: {}", says="nobody repairs the pilot"),
    ]
'''


class Copy:
    """A copy of the project, worked in by processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        nothing_made = shutil.ignore_patterns("__pycache__")
        for name in ("rules", "bot", "tests/rules"):
            shutil.copytree(ROOT / name, folder / name, ignore=nothing_made)
        for name in ("tests/__init__.py", "tests/conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / name, folder / name)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        # What watches this process, to measure it or to mutate its code, has no business in the copy.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "PYTEST_"))}
        environment = {**kept, "MUTANT_UNDER_TEST": "", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120
        )

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(dedent(text).lstrip(), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copied = Copy(tmp_path_factory.mktemp("copy"))
    copied.write("rules/ownership/two_people.py", RULE)
    return copied


def test_a_rule_dropped_as_one_file_is_listed_explained_and_in_the_schema(copy: Copy) -> None:
    listed = copy.run("bot", "rules")
    assert listed.returncode == 0, listed.stderr
    assert [line for line in listed.stdout.splitlines() if "OWN950" in line and "two-people" in line]
    page = copy.run("bot", "rules", "OWN950")
    assert page.returncode == 0, page.stderr
    assert "Whoever watches the pilot is not the one who repairs it." in page.stdout
    assert "one holiday away from nobody" in page.stdout
    schema = json.loads(copy.run("bot", "schema").stdout)
    assert "OWN950" in schema["properties"]["rules"]["anyOf"][0]["propertyNames"]["enum"]
    assert "OWN950" in schema["$defs"]["Waiver"]["properties"]["rule"]["anyOf"][0]["enum"]


def test_the_examples_of_a_rule_dropped_as_one_file_are_tested(copy: Copy) -> None:
    tests = ("tests/rules/test_examples.py", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "OWN950")
    passed = copy.run("pytest", *tests)
    assert passed.returncode == 0, passed.stdout
    assert "7 passed" in passed.stdout


def test_a_file_that_is_no_rule_yet_is_named_by_every_command(tmp_path: Path) -> None:
    copied = Copy(tmp_path)
    copied.write("rules/ownership/half_done.py", '"""Something holds."""\n\nCODE = "OWN951"\n')
    answer = copied.run("bot", "rules")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("pilotgate: rules/ownership/half_done.py is no rule yet; it lacks `Fix:` and how")


def test_an_example_that_does_not_come_out_as_declared_fails_its_test(tmp_path: Path) -> None:
    copied = Copy(tmp_path)
    copied.write("rules/ownership/two_people.py", RULE.replace('"@a", fix: "@b"', '"@b", fix: "@b"'))
    tests = ("tests/rules/test_examples.py", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "OWN950")
    failed = copied.run("pytest", *tests)
    assert failed.returncode == 1, failed.stdout
    assert "test_an_example_comes_out_as_declared[OWN950-pass-1]" in failed.stdout
