"""The stop switch does what it says, in the order that it says, or fails."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from ruamel.yaml import YAML

from tests.stores import lacking

SWITCH = Path(__file__).parents[2] / ".github/workflows/stop-pilotgate.yml"
# Keeps what it was asked, and answers what GitHub would.
GH = """#!/bin/sh
{ printf '%s\\n' "$@"; echo .; } >> "$ASKED"
case "$*" in
  *rulesets*disabled*) echo "${ANSWER:-disabled}" ;;
  *rulesets*active*) echo active ;;
  *--paginate*) printf '7\\n8\\n' ;;
esac
"""


class Machine:
    """Runs the workflow's steps as GitHub would, with a `gh` that only pretends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, folder / "asked"
        (folder / "gh").write_text(GH)
        (folder / "gh").chmod(0o755)
        self.asked.touch()
        self.key = rsa.generate_private_key(65537, 2048)

    def run(self, what: str, **given: str) -> int:
        workflow = YAML(typ="safe").load(SWITCH.read_text(encoding="utf-8"))
        for step in workflow["jobs"]["switch"]["steps"]:
            if "if" in step and "stop-gate" in step["if"] and what == "stop-gate":
                continue
            code = self._step(step, {"WHAT": what, **given})
            if code:
                return code
        return 0

    def _step(self, step: dict[str, Any], given: dict[str, str]) -> int:
        environment = {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "ASKED": str(self.asked),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_ACTOR": "ana-r",
            **dict.fromkeys(step.get("env", {}), ""),
            "RULESETS": "orgs/acme/rulesets/42 repos/acme/triage/rulesets/7",
            "APP_ID": "123",
            "APP_PRIVATE_KEY": self.pem(),
            **given,
        }
        return subprocess.run(
            ["bash", "-e", "-c", step["run"]], env=environment, capture_output=True, check=False, timeout=60
        ).returncode

    def pem(self) -> str:
        form = serialization.PrivateFormat.TraditionalOpenSSL
        made = self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        return made.decode().strip()

    def calls(self) -> list[list[str]]:
        return [call.splitlines() for call in self.asked.read_text().split("\n.\n") if call]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for program in ("bash", "openssl"):
        if shutil.which(program) is None:
            lacking(f"no {program} is here")
    return Machine(tmp_path)


def test_stopping_the_gate_disables_each_ruleset_and_leaves_the_app(machine: Machine) -> None:
    assert machine.run("stop-gate", BECAUSE="'; exit 9 #") == 0
    assert [call[1:6] for call in machine.calls()] == [
        ["--method", "PUT", "orgs/acme/rulesets/42", "--raw-field", "enforcement=disabled"],
        ["--method", "PUT", "repos/acme/triage/rulesets/7", "--raw-field", "enforcement=disabled"],
    ]
    assert "by ana-r, because '; exit 9 #" in (machine.folder / "summary").read_text()


def test_stopping_the_app_lifts_the_gate_first_and_signs_in_as_the_app(machine: Machine) -> None:
    assert machine.run("stop-app") == 0
    calls = machine.calls()
    assert all("rulesets" in " ".join(call) for call in calls[:2])
    assert [call[3:6] for call in calls[3:]] == [
        ["--method", "PUT", "app/installations/7/suspended"],
        ["--method", "PUT", "app/installations/8/suspended"],
    ]
    token = calls[3][2].removeprefix("Authorization: Bearer ")
    claims = jwt.decode(token, machine.key.public_key(), algorithms=["RS256"], issuer="123")
    assert claims["exp"] - claims["iat"] <= 600


def test_starting_undoes_both(machine: Machine) -> None:
    assert machine.run("start") == 0
    asked = json.dumps(machine.calls())
    assert asked.count("enforcement=active") == 2
    assert asked.count('"DELETE", "app/installations/') == 2


def test_it_fails_aloud_where_it_could_not_stop(machine: Machine) -> None:
    assert machine.run("stop-gate", ANSWER="active") == 1
    assert machine.run("stop-gate", RULESETS="") == 1
    assert machine.run("stop-app", APP_PRIVATE_KEY="") == 1
