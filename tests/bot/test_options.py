"""The options of `pilotgate check`: which rules, what fails, which day, which file is read and which written."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.given import EXAMPLE, SMALL, TODAY, Ran, example, files

Pilotgate = Callable[..., Ran]

_WARNED = SMALL.replace("stage: pilot", "stage: planned")


@pytest.mark.parametrize(
    ("policy", "level", "code"),
    [
        (SMALL, "error", 1),
        (SMALL, "warning", 1),
        (SMALL, "never", 0),
        (_WARNED, "error", 0),
        (_WARNED, "warning", 1),
        (_WARNED, "never", 0),
    ],
)
def test_fail_on_says_what_weighs(pilotgate: Pilotgate, tmp_path: Path, policy: str, level: str, code: int) -> None:
    files(tmp_path, {".pilot.yml": policy})
    ran = pilotgate("check", tmp_path, "--fail-on", level, "--format", "json")
    assert ran.code == code
    assert ran.codes() >= {"OWN001", "CRI001"}


def test_a_notice_never_fails_the_check(pilotgate: Pilotgate) -> None:
    late = pilotgate("check", EXAMPLE, "--today", "2027-07-01", "--select", "RUN", "--fail-on", "warning")
    assert late.code == 0
    assert "notice RUN005" in late.out


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--select", "REV001"], {"REV001"}),
        (["--select", "rev001, dec002"], {"REV001", "DEC002"}),
        (["--select", "REV"], {"REV001", "REV002", "REV003", "REV004", "REV005"}),
        (["--select", "REV,OWN001", "--ignore", "REV002,REV005"], {"REV001", "REV003", "REV004", "OWN001"}),
        (["--select", "RUN", "--ignore", "RUN001,RUN002,RUN003,RUN004"], {"RUN005"}),
        (["--select", "runbook", "--ignore", "RUN001,RUN002,RUN003,RUN004"], {"RUN005"}),
        (["--select", "Success criteria", "--ignore", "CRI002,CRI003,CRI004,CRI005"], {"CRI001"}),
    ],
)
def test_select_and_ignore_take_codes_and_families(pilotgate: Pilotgate, options: list[str], left: set[str]) -> None:
    ran = pilotgate("check", EXAMPLE, "--today", TODAY, "--format", "json", *options)
    assert (ran.code, set(ran.outcomes())) == (0, left)


def test_ignore_alone_leaves_all_others(pilotgate: Pilotgate) -> None:
    ran = pilotgate("check", EXAMPLE, "--today", TODAY, "--format", "json", "--ignore", "REV")
    families = {code[:3] for code in ran.outcomes()}
    assert families == {"POL", "OWN", "CRI", "EVA", "INT", "MON", "RUN", "DEC"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--select", "REV01"], "--select 'REV01': no rule has this code; did you mean REV001?"),
        (["--ignore", "OWN001,XYZ"], "--ignore 'XYZ': no rule has this code; `pilotgate rules` lists them"),
        (["--select", "MON07"], "--select 'MON07': no rule has this code; did you mean MON007?"),
        (["--select", ""], "--select '': no rule has this code; `pilotgate rules` lists them"),
        (["--select", "REV001,"], "--select 'REV001,': no rule has this code; `pilotgate rules` lists them"),
        (
            ["--select", "REV001", "--ignore", "REV"],
            "--select and --ignore leave no rule to check: `pilotgate rules` lists them",
        ),
    ],
)
def test_an_unusable_choice_of_rules_is_two(pilotgate: Pilotgate, options: list[str], says: str) -> None:
    assert pilotgate("check", EXAMPLE, *options) == Ran(2, "", f"pilotgate: {says}\n")


def test_today_is_the_day_it_is_judged_by(pilotgate: Pilotgate) -> None:
    for day, code in (("2026-11-27", 0), ("2026-11-28", 1)):
        ran = pilotgate("check", EXAMPLE, "--today", day, "--format", "json")
        assert (ran.code, ran.json()["today"]) == (code, day)


def test_the_environment_may_say_what_day_it_is(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTGATE_TODAY", "2026-11-28")
    assert pilotgate("check", EXAMPLE, "--format", "json").json()["today"] == "2026-11-28"
    assert pilotgate("check", EXAMPLE, "--today", TODAY, "--format", "json").json()["today"] == TODAY


@pytest.mark.parametrize("said", ["", None])
def test_else_it_is_today_in_utc(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch, said: str | None) -> None:
    if said is not None:
        monkeypatch.setenv("PILOTGATE_TODAY", said)
    before = datetime.now(UTC).date()
    judged = pilotgate("check", EXAMPLE, "--format", "json").json()["today"]
    assert before.isoformat() <= judged <= datetime.now(UTC).date().isoformat()


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "20261124", "2026-W48-2", "24.11.2026", "2026-11-24T00:00"])
def test_what_is_no_date_is_two(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    says = f"{text}: write a date as in 2026-11-24\n"
    assert pilotgate("check", EXAMPLE, "--today", text) == Ran(2, "", f"pilotgate: --today {says}")
    monkeypatch.setenv("PILOTGATE_TODAY", text or "never")
    says = f"{text or 'never'}: write a date as in 2026-11-24\n"
    assert pilotgate("check", EXAMPLE) == Ran(2, "", f"pilotgate: PILOTGATE_TODAY {says}")


def test_output_takes_the_report_in_place_of_the_terminal(pilotgate: Pilotgate, tmp_path: Path) -> None:
    arguments = ("check", EXAMPLE, "--today", TODAY)
    assert pilotgate(*arguments, "--output", tmp_path / "report.txt") == Ran(0, "", "")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == pilotgate(*arguments).out


def test_output_that_can_t_be_written_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    for file, why in ((tmp_path, "is a directory"), (tmp_path / "no/report", "no such file or directory")):
        ran = pilotgate("check", EXAMPLE, "--today", TODAY, "--output", file)
        assert ran == Ran(2, "", f"pilotgate: --output {file}: can't be written: {why}\n")


def test_offline_asks_no_server(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("check", EXAMPLE, "--today", TODAY, "--select", "MON007")
    assert (
        "MON007 alert-live: no Prometheus server is set: PILOTGATE_PROMETHEUS_URL names it" in pilotgate(*arguments).out
    )
    monkeypatch.setenv("PILOTGATE_PROMETHEUS_URL", "http://127.0.0.1:1")
    assert "MON007 alert-live: the Prometheus server can't be reached" in pilotgate(*arguments).out
    assert "MON007 alert-live: no server is asked with --offline" in pilotgate(*arguments, "--offline").out
    monkeypatch.setenv("PILOTGATE_PROMETHEUS_URL", "prometheus:9090")
    said = "pilotgate: PILOTGATE_PROMETHEUS_URL: write an address that begins with https://\n"
    assert pilotgate(*arguments) == Ran(2, "", said)


def test_a_policy_inside_the_folder_is_named_from_there(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = example(tmp_path / "repo")
    files(repo, {"pilots/triage.yml": SMALL})
    monkeypatch.chdir(tmp_path)
    arguments = ("check", "repo", "--policy", "repo/pilots/triage.yml", "--select", "OWN", "--format")
    assert pilotgate(*arguments, "json").json()["findings"][0]["path"] == "pilots/triage.yml"
    assert "  repo/pilots/triage.yml:2:" in pilotgate(*arguments, "text").out
    assert "::error file=repo/pilots/triage.yml," in pilotgate(*arguments, "github").out


@pytest.mark.parametrize("absolute", [False, True])
def test_a_policy_outside_the_folder_is_named_as_it_was_asked_for(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, absolute: bool
) -> None:
    example(tmp_path / "repo")
    files(tmp_path, {"draft.yml": SMALL})
    monkeypatch.chdir(tmp_path)
    name = str(tmp_path / "draft.yml") if absolute else "draft.yml"
    arguments = ("check", "repo", "--policy", name, "--select", "OWN", "--format")
    assert pilotgate(*arguments, "json").json()["findings"][0]["path"] == name
    assert f"  {name}:2:" in pilotgate(*arguments, "text").out
    assert f"::error file={name}," in pilotgate(*arguments, "github").out
    assert f'"uri": "{name}"' in pilotgate(*arguments, "sarif").out


def test_the_paths_of_a_policy_outside_are_looked_up_in_the_folder(pilotgate: Pilotgate, tmp_path: Path) -> None:
    policy = files(tmp_path, {"draft.yml": (EXAMPLE / ".pilot.yml").read_text(encoding="utf-8")}) / "draft.yml"
    (tmp_path / "bare").mkdir()
    arguments = ("--policy", policy, "--today", TODAY, "--format", "json")
    assert pilotgate("check", EXAMPLE, *arguments).code == 0
    assert pilotgate("check", tmp_path / "bare", *arguments).codes() >= {"REV003", "RUN004", "MON002", "EVA001"}


def test_a_policy_that_is_not_there_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    for name in ("no.yml", "x" * 300):
        ran = pilotgate("check", EXAMPLE, "--policy", tmp_path / name)
        assert ran == Ran(2, "", f"pilotgate: --policy {tmp_path / name}: no such file\n")


def test_a_folder_elsewhere_is_named_as_it_was_asked_for(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path, {"repo/.pilot.yml": SMALL, "here/x": ""})
    for place, asked, said in (
        (tmp_path, "repo", "repo/.pilot.yml:2:"),
        (tmp_path, "./repo/", "repo/.pilot.yml:2:"),
        (tmp_path / "repo", ".", ".pilot.yml:2:"),
        (tmp_path / "here", "../repo", "../repo/.pilot.yml:2:"),
        (tmp_path / "here", str(tmp_path / "repo"), f"{tmp_path}/repo/.pilot.yml:2:"),
    ):
        monkeypatch.chdir(place)
        assert f"roles-assigned  {said}" in pilotgate("check", asked, "--select", "OWN").out
