"""`pilotgate demo`: each step comes out as expected, on the example and on any folder, and writes nothing into it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.demo import tour
from tests.bot.given import SMALL, TODAY, Ran, committed, example, files, git

Pilotgate = Callable[..., Ran]


def test_the_tour_plays_each_step_as_expected(pilotgate: Pilotgate) -> None:
    ran = pilotgate("demo", "--once")
    assert (ran.code, ran.err) == (0, "")
    steps = [line for line in ran.out.splitlines() if line.startswith("-> ")]
    assert steps == [
        "-> step 1, the pilot fails, each cause on its line: as expected",
        "-> step 2, 3 replacements put in, 3 findings gone: as expected",
        "-> step 3, the pilot passes: as expected",
        "-> step 4, the day that was forecast brings REV002: as expected",
    ]
    assert ran.out.endswith("\nEvery step came out as expected.\n")


def test_the_tour_is_the_same_on_any_day(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pilotgate("demo")
    monkeypatch.setenv("PILOTGATE_TODAY", "2031-01-01")
    assert pilotgate("demo") == first


def test_a_step_that_comes_out_otherwise_is_one(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "_MISSED", {"OWN001"})
    ran = pilotgate("demo", "--once")
    assert ran.code == 1
    assert "-> step 1, the pilot fails, each cause on its line: NOT as expected\n" in ran.out
    assert ran.out.endswith("\nNot every step came out as expected.\n")


def _state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_nobody_prepared_is_shown_its_starter(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTGATE_TODAY", TODAY)
    repo = files(tmp_path / "repo", {"CODEOWNERS": "* @acme/one\n", "docs/runbook.md": "# Stop\n"})
    before = _state(repo)
    ran = pilotgate("demo", "--once", "--repo", repo)
    assert (ran.code, ran.err) == (0, "")
    assert "-> step 1, the starter parses: as expected\n" in ran.out
    assert '  fix: "@acme/one" ' in ran.out
    assert f"$ pilotgate check --today {TODAY}\n" in ran.out
    assert "  warning CRI001 measurable  .pilot.yml:" in ran.out
    assert _state(repo) == before


def test_a_starter_is_judged_on_the_repository_s_own_files(pilotgate: Pilotgate, tmp_path: Path) -> None:
    repo = files(tmp_path, {".github/workflows/stop.yml": ""})
    assert "RUN004" not in pilotgate("demo", "--repo", repo).out.rpartition("Readiness")[0]


def test_a_repository_with_a_policy_is_checked(pilotgate: Pilotgate, tmp_path: Path) -> None:
    repo = example(tmp_path / "repo")
    committed(repo)
    ran = pilotgate("demo", "--once", "--repo", repo)
    assert ran.code == 0
    assert f"== {repo} keeps a contract. Checked on its own files:\n" in ran.out
    assert "-> step 1, the contract is checked: as expected\n" in ran.out
    assert git(repo, "status", "--porcelain") == ""


def test_a_failing_policy_is_shown_and_the_tour_still_plays(pilotgate: Pilotgate, tmp_path: Path) -> None:
    ran = pilotgate("demo", "--once", "--repo", files(tmp_path, {".pilot.yml": SMALL}))
    assert ran.code == 0
    assert "✗ triage fails: " in ran.out


def test_a_broken_policy_is_shown_with_its_errors(pilotgate: Pilotgate, tmp_path: Path) -> None:
    ran = pilotgate("demo", "--once", "--repo", files(tmp_path, {".pilot.yml": SMALL + "owner: {}\n"}))
    assert (ran.code, ran.err) == (0, "")
    assert "error POL002 policy-valid  .pilot.yml:3:1" in ran.out
    assert "    + owners: {}\n" in ran.out


def test_a_repository_that_is_not_there_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    said = f"{tmp_path}/no is not there: name a folder"
    assert pilotgate("demo", "--repo", tmp_path / "no") == Ran(2, "", f"pilotgate: {said}\n")
