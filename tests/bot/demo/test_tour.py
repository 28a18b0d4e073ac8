"""`pilotgate demo`: each step comes out as expected, on the example and on any folder, and writes nothing into it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.demo import tour
from tests.bot.given import SMALL, TODAY, Ran, committed, example, files, git

Pilotgate = Callable[..., Ran]
SAME = "-> step 1, the check run says what `pilotgate check` says: as expected\n"


def test_the_tour_plays_each_step_as_expected_on_any_day(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTGATE_TODAY", "2031-01-01")
    ran = pilotgate("demo", "--once")
    assert (ran.code, ran.err) == (0, "")
    steps = [line for line in ran.out.splitlines() if line.startswith("-> ")]
    assert steps == [
        "-> step 1, the pull request fails, each cause on its line: as expected",
        "-> step 2, one comment explains every failing rule: as expected",
        "-> step 3, 3 replacements put in, 3 findings gone: as expected",
        "-> step 4, the pull request turns green: as expected",
        "-> step 5, the base branch says how strictly, so it fails: as expected",
        "-> step 6, it is red until who decides has approved: as expected",
        "-> step 7, a command is a commit, and its sender's approval: as expected",
        "-> step 8, nothing was lost and nothing done twice: as expected",
        "-> step 9, the review's issue opens by itself: as expected",
        "-> step 10, it is closed by itself, with the reason: as expected",
    ]
    for said in (
        "`wave` is no command: did you mean `waive`?",
        'reason: "the vendor\'s API lands in December", approved_by: "@ana-r", expires: 2026-12-08}',
        "  The `compliance` review was due 2026-11-27 and is pending\n    **Overdue since 2026-11-28**",
        "  closed, completed: Closed: it is mended on the default branch.",
    ):
        assert said in ran.out
    assert ran.out.endswith("\nEvery step came out as expected.\n")
    assert ran.out.count("http://127.0.0.1:") >= 10


def test_a_step_that_comes_out_otherwise_is_one(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "_MISSED", {"OWN001"})
    for step in ("_explained", "_mended", "_lowered", "_approved", "_commanded", "_killed", "_overdue"):
        monkeypatch.setattr(tour, step, lambda *_: iter(()))
    ran = pilotgate("demo", "--once")
    assert ran.code == 1
    assert "-> step 1, the pull request fails, each cause on its line: NOT as expected\n" in ran.out
    assert ran.out.endswith("\nNot every step came out as expected.\n")


def test_it_stays_up_for_a_browser_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "demo", "--repo", str(files(tmp_path / "r", {"a.md": "# A\n"}))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        try:
            seen = iter(demo.stdout.readline, "")
            assert any("All of it stays up" in line for line in seen)
            assert demo.poll() is None
            demo.send_signal(2)
            assert demo.wait(60) == 130
        finally:
            # Where it is not as expected it would stay up, and with it this test.
            demo.kill()


def _state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_nobody_prepared_is_shown_its_starter(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTGATE_TODAY", TODAY)
    content = {
        "CODEOWNERS": "* @acme/one\n",
        "docs/runbook.md": "# Stop\n",
        ".github/workflows/stop.yml": "on: workflow_dispatch\n",
    }
    repo = files(tmp_path / "repo", content)
    before = _state(repo)
    ran = pilotgate("demo", "--once", "--repo", repo)
    assert (ran.code, ran.err) == (0, "")
    assert SAME in ran.out
    assert '  fix: "@acme/one" ' in ran.out
    assert "  warning CRI001 measurable  .pilot.yml:" in ran.out
    # The stop switch stands in the repository's own files, so that rule has nothing to say.
    assert "RUN004" not in ran.out.rpartition("Readiness")[0]
    assert _state(repo) == before


def test_a_repository_with_a_policy_is_checked(pilotgate: Pilotgate, tmp_path: Path) -> None:
    repo = example(tmp_path / "repo")
    committed(repo)
    ran = pilotgate("demo", "--once", "--repo", repo)
    assert ran.code == 0
    assert f"== {repo} keeps a contract. A pull request touches it.\n" in ran.out
    assert SAME in ran.out
    assert git(repo, "status", "--porcelain") == ""


def test_a_broken_policy_is_shown_with_its_errors(pilotgate: Pilotgate, tmp_path: Path) -> None:
    ran = pilotgate("demo", "--once", "--repo", files(tmp_path / "r", {".pilot.yml": SMALL + "owner: {}\n"}))
    assert (ran.code, ran.err) == (0, "")
    assert "error POL002 policy-valid  .pilot.yml:3:1" in ran.out
    assert "    + owners: {}\n" in ran.out


def test_a_repository_without_a_commit_is_taken_as_a_folder(pilotgate: Pilotgate, tmp_path: Path) -> None:
    repo = files(tmp_path / "r", {})
    git(repo, "init", "-q")
    assert SAME in pilotgate("demo", "--once", "--repo", repo).out


def test_a_repository_that_is_not_there_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    said = f"{tmp_path}/no is not there: name a folder"
    assert pilotgate("demo", "--repo", tmp_path / "no") == Ran(2, "", f"pilotgate: {said}\n")
