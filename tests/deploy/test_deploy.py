"""What deploy/ and the project's own contract promise is so: names, commands, anchors, permissions, the wheel."""

import json
import re
import runpy
import shlex
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import cli, doctor
from bot.settings.server import Server

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RUNBOOK = ROOT / "docs/runbook.md"
METRICS = DEPLOY / "systemd/pilotgate-deliveries.service"
UNITS = sorted(set((DEPLOY / "systemd").glob("*.service")) - {METRICS})
ALERTS = [DEPLOY / "alerts/pilotgate.yml", DEPLOY / "alerts/pilotgate-quality.yml"]
TODAY = "2026-11-24"


def yaml(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text(DEPLOY / "app-manifest.json"))
    return read


def known(*command: str) -> bool:
    """Whether the command line takes these words."""
    return bool(cli._parser().parse_args(list(command)).command)


def anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text(file), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rules() -> list[dict[str, Any]]:
    return [rule for file in ALERTS for group in yaml(file)["groups"] for rule in group["rules"]]


def test_the_manifest_asks_for_what_the_readme_lists_and_the_doctor_looks_for() -> None:
    row = re.compile(r"^\| `(\w+)` \| `(\w+)` \| \S", re.MULTILINE)
    listed = dict(row.findall(text(DEPLOY / "README.md")))
    assert manifest()["default_permissions"] == listed == doctor.PERMISSIONS
    named = re.search(r"^Events: (.+?)\. ", text(DEPLOY / "README.md"), re.MULTILINE)
    assert named is not None
    assert manifest()["default_events"] == re.findall(r"`(\w+)`", named[1]) == list(doctor.EVENTS)


def test_the_manifest_is_private_and_its_addresses_are_placeholders_of_one_server() -> None:
    assert manifest()["public"] is False
    home = manifest()["url"]
    assert manifest()["hook_attributes"]["url"] == f"{home}/webhook"
    assert manifest()["redirect_url"].startswith(home)


def test_the_page_carries_the_manifest_with_the_own_address() -> None:
    page = runpy.run_path(str(DEPLOY / "register.py"))["page"]("https://gate.acme.example/", 'ac"me')
    assert "pilotgate.example.com" not in page
    assert "https://gate.acme.example/webhook" in page
    assert "/organizations/ac%22me/settings/apps/new" in page


def test_every_setting_that_is_named_exists_and_every_one_is_in_the_example() -> None:
    settings = {f"PILOTGATE_{name.upper()}" for name in Server.model_fields}
    for file in (one for one in DEPLOY.rglob("*") if one.is_file() and "secrets" not in one.parts):
        named = {name.removesuffix("_FILE") for name in re.findall(r"PILOTGATE_[A-Z_]+", text(file))}
        assert named <= settings | {"PILOTGATE_TODAY"}, file
    example = re.findall(r"^#?(PILOTGATE_[A-Z_]+)=", text(DEPLOY / ".env.example"), re.MULTILINE)
    assert set(example) == settings
    assert len(example) == len(set(example))


def test_compose_starts_commands_that_exist_without_privileges() -> None:
    compose = yaml(DEPLOY / "compose.yaml")
    services = compose["services"]
    assert {"web", "worker", "database"} == set(services)
    assert known(*services["web"]["command"])
    assert known(*services["worker"]["command"])
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"]
        assert service["stop_grace_period"]
        assert set(service["secrets"]) <= set(compose["secrets"])
    for service in (services["web"], services["worker"]):
        files = [value for name, value in service["environment"].items() if name.endswith("_FILE")]
        assert {file.removeprefix("/run/secrets/") for file in files} == set(service["secrets"])


def test_the_image_runs_a_command_that_exists_as_nobody_in_particular() -> None:
    dockerfile = text(DEPLOY / "Dockerfile")
    assert json.loads(re.findall(r"^ENTRYPOINT (.+)$", dockerfile, re.MULTILINE)[-1]) == ["pilotgate"]
    assert known(*json.loads(re.findall(r"^CMD (.+)$", dockerfile, re.MULTILINE)[-1]))
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["10001:10001"]
    kept = re.findall(r"^!(\S+)$", text(DEPLOY / "Dockerfile.dockerignore"), re.MULTILINE)
    for line in re.findall(r"^COPY (?!--)(.+) \S+$", dockerfile, re.MULTILINE):
        assert set(line.split()) <= set(kept)
        assert all((ROOT / name).exists() for name in line.split())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_start_commands_that_exist_and_read_the_credentials_that_they_load(unit: Path) -> None:
    lines = text(unit).splitlines()
    started = [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]
    assert [known(*shlex.split(command)[1:]) for command in started] == [True]
    loaded = {line.split("=")[1].split(":")[0] for line in lines if line.startswith("LoadCredential=")}
    assert loaded == set(re.findall(r"^Environment=PILOTGATE_\w+_FILE=%d/(\w+)$", text(unit), re.MULTILINE))
    assert {"KillMode=mixed", "NoNewPrivileges=yes", "ProtectSystem=strict", "Restart=always"} <= set(lines)


def test_a_timer_writes_the_metrics_of_the_deliveries() -> None:
    unit, readme = text(METRICS), text(DEPLOY / "README.md")
    (command,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    _, script, program, *words = shlex.split(command)
    assert known(*words)
    assert f"install -m 0644 deploy/alerts/{Path(script).name} {Path(script).parent}/\n" in readme
    assert program in {re.findall(r"^ExecStart=(\S+)", text(server), re.MULTILINE)[0] for server in UNITS}
    (written,) = re.findall(r"^StandardOutput=truncate:(\S+)\.new$", unit, re.MULTILINE)
    assert f"\nExecStartPost=+/bin/mv -f {written}.new {written}\n" in unit
    assert written.endswith(".prom")
    timer = METRICS.with_suffix(".timer")
    assert "\nOnUnitActiveSec=1min\n" in text(timer)
    assert f"systemctl enable --now {timer.name}\n" in readme


def test_the_two_secret_files_are_named_before_the_first_step() -> None:
    beginning = text(DEPLOY / "README.md").partition("## 1.")[0]
    secrets = yaml(DEPLOY / "compose.yaml")["secrets"]
    for name in ("private_key", "webhook_secret"):
        assert f"`{secrets[name]['file']}`" in beginning


def test_every_alert_has_its_heading_in_the_runbook_and_its_place_in_the_contract() -> None:
    for rule in rules():
        file, _, anchor = rule["annotations"]["runbook_url"].partition("/blob/main/")[2].partition("#")
        assert (ROOT / file) == RUNBOOK
        assert anchor == rule["alert"].lower()
        assert anchor in anchors(RUNBOOK)
    (runbook,) = yaml(ROOT / ".pilot.yml")["runbooks"]
    assert [rule["alert"] for rule in rules()] == runbook["alerts"]
    assert {"diagnosis", "mitigation", "rollback", "retraining", "escalation"} <= anchors(RUNBOOK)


def test_every_signal_of_the_contract_has_an_alert_on_its_metric_and_on_its_absence() -> None:
    alerts = {rule["alert"]: rule["expr"] for rule in rules()}
    silence = alerts["PilotgateSilent"] + alerts["PilotgateQualitySilent"]
    for signal in yaml(ROOT / ".pilot.yml")["monitoring"]["signals"]:
        assert signal["metric"] in alerts[signal["alert"]]
        assert f"absent({signal['metric']}" in silence


def test_every_route_ends_at_a_receiver_that_reaches_somebody() -> None:
    config = yaml(DEPLOY / "alerts/alertmanager.yml")
    working = {one["name"] for one in config["receivers"] if any(key.endswith("_configs") for key in one)}
    assert {route["receiver"] for route in (config["route"], *config["route"]["routes"])} <= working


@pytest.mark.parametrize(
    "file", [DEPLOY / "README.md", ROOT / "docs/operating.md", RUNBOOK], ids=lambda file: file.name
)
def test_every_link_leads_somewhere(file: Path) -> None:
    for path, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", text(file)):
        target = file.parent / path if path else file
        assert target.exists()
        assert not anchor or anchor in anchors(target)


def test_the_project_passes_its_own_check() -> None:
    command = [sys.executable, "-m", "bot", "check", str(ROOT), "--today", TODAY, "--format", "json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads(ran.stdout)
    assert report["conclusion"] == "success"
    assert [one for one in report["findings"] if one["severity"] == "error"] == []
    # Nothing has been measured yet, and nobody has tried the runbook out; everything else is kept.
    assert {one["code"] for one in report["findings"]} <= {"CRI003", "CRI004", "EVA001", "EVA003", "RUN005"}


def test_deliveries_become_metrics() -> None:
    metrics = runpy.run_path(str(DEPLOY / "alerts/deliveries.py"))["metrics"]
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def row(state: str, received: str, finished: str | None = None, event: str = "pull_request") -> dict[str, Any]:
        return {"state": state, "event": event, "received": received, "finished": finished}

    seen = "\n".join(
        metrics(
            [
                row("pending", "2026-11-24T11:59:00+00:00"),
                row("failed", "2026-11-20T10:00:00+00:00", "2026-11-23T10:00:00+00:00"),
                row("done", "2026-11-24T10:00:00+00:00", "2026-11-24T10:00:03+00:00"),
                row("done", "2026-11-24T10:00:00+00:00", "2026-11-24T10:05:00+00:00", event="push"),
                row("done", "2026-11-01T10:00:00+00:00", "2026-11-01T11:00:00+00:00"),
            ],
            now,
        )
    )
    assert "\npilotgate_deliveries_oldest_pending_seconds 60\n" in seen
    assert "\npilotgate_deliveries_done_ratio 0.75\n" in seen
    assert '\npilotgate_delivery_seconds{quantile="0.95"} 3\n' in seen
    assert "\npilotgate_deliveries_done_ratio NaN\n" in "\n".join(metrics([], now))
    for name in re.findall(r"pilotgate_deliver\w+", text(ALERTS[0]).partition("groups:")[2]):
        assert f"\n{name}" in seen


def test_the_wheel_holds_what_is_not_python_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [
        file.relative_to(ROOT).as_posix()
        for package in ("bot", "rules")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    assert {"bot/demo/example/.pilot.yml", "bot/github/queries/pull.graphql"} <= set(wanted)
    assert [name for name in wanted if name not in names] == []
    assert [name for name in names if name.split("/")[0] not in ("bot", "rules") and ".dist-info/" not in name] == []
