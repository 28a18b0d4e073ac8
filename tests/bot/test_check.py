"""`pilotgate check`: which exit code and which line for each state of a folder and of an organisation's file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.given import EXAMPLE, SMALL, TODAY, Ran, example, files

Pilotgate = Callable[..., Ran]


def _refused(ran: Ran, message: str) -> None:
    assert (ran.code, ran.out, ran.err) == (2, "", f"pilotgate: {message}\n")


ONLY_GITHUB_KNOWS = {"OWN002", "OWN003", "OWN004", "INT005", "REV004", "MON008"}


def test_the_example_keeps_every_promise(pilotgate: Pilotgate) -> None:
    ran = pilotgate("check", EXAMPLE, "--today", TODAY, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json()["conclusion"] == "success"
    assert ran.json()["findings"] == []
    outcomes = ran.outcomes()
    # It takes a Prometheus server to measure the one and to see the other at work, and GitHub to find the others.
    assert {code for code, outcome in outcomes.items() if outcome == "unverifiable"} == {
        "CRI005",
        "MON007",
        *ONLY_GITHUB_KNOWS,
    }
    assert set(outcomes.values()) == {"pass", "not-applicable", "unverifiable"}
    assert ran.json()["readiness"]["overall"] == 0.8


def test_findings_are_one(pilotgate: Pilotgate, tmp_path: Path) -> None:
    ran = pilotgate("check", example(tmp_path, failing=True), "--today", TODAY)
    assert (ran.code, ran.err) == (1, "")
    assert "✗ invoice-triage fails: 18 errors, 5 warnings, 1 notice;" in ran.out


def test_here_is_the_default_path(pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example(tmp_path))
    assert pilotgate("check", "--today", TODAY).code == 0


def test_a_path_that_is_not_there_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    _refused(pilotgate("check", tmp_path / "no"), f"{tmp_path}/no is not there: name a folder")


def test_a_path_below_a_file_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    files(tmp_path, {"file": ""})
    _refused(pilotgate("check", tmp_path / "file/no"), f"{tmp_path}/file/no is not there: name a folder")


def test_a_file_as_path_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": SMALL})
    _refused(
        pilotgate("check", tmp_path / ".pilot.yml"),
        f"{tmp_path}/.pilot.yml is a file: name the folder that holds it",
    )


def test_a_path_that_can_t_be_opened_is_two_and_no_bug(pilotgate: Pilotgate, tmp_path: Path) -> None:
    name = "x" * 300
    _refused(pilotgate("check", tmp_path / name), f"{tmp_path}/{name} can't be opened: file name too long")


def test_no_policy_names_init(pilotgate: Pilotgate, tmp_path: Path) -> None:
    _refused(
        pilotgate("check", tmp_path),
        f"there is no .pilot.yml in {tmp_path}: `pilotgate init {tmp_path}` writes a starter",
    )


def test_a_misnamed_policy_is_recognised(pilotgate: Pilotgate, tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yaml": SMALL})
    _refused(
        pilotgate("check", tmp_path),
        f"there is no .pilot.yml in {tmp_path}, but a .pilot.yaml: rename it to .pilot.yml",
    )


def test_no_policy_where_the_organisation_requires_one_is_a_finding(pilotgate: Pilotgate, tmp_path: Path) -> None:
    org = files(tmp_path / "org", {"org.yml": "{version: 1, required_for: {topics: [ai-pilot]}}"}) / "org.yml"
    (tmp_path / "repo").mkdir()
    ran = pilotgate("check", tmp_path / "repo", "--org", org, "--format", "json")
    assert (ran.code, ran.err, ran.codes()) == (1, "", {"POL001"})
    assert ran.json()["findings"][0]["line"] == 1
    assert pilotgate("check", tmp_path / "repo", "--org", org).out.startswith("Policy file\n\n  error POL001")


def test_no_policy_where_the_organisation_requires_none_names_init(pilotgate: Pilotgate, tmp_path: Path) -> None:
    org = files(tmp_path / "org", {"org.yml": "{version: 1, required_for: {topics: []}}"}) / "org.yml"
    (tmp_path / "repo").mkdir()
    ran = pilotgate("check", tmp_path / "repo", "--org", org)
    assert ran.code == 2
    assert "`pilotgate init " in ran.err


def test_a_missing_organisation_s_file_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    org = tmp_path / "org.yml"
    _refused(
        pilotgate("check", EXAMPLE, "--org", org),
        f"--org {org}: the file can't be read: no such file or directory",
    )


def test_a_folder_as_organisation_s_file_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    _refused(
        pilotgate("check", EXAMPLE, "--org", tmp_path),
        f"--org {tmp_path}: this is a folder: a file belongs here",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version: 1\nlimit: {}\n", "2:1: `limit` is not a key here: did you mean `limits`?"),
        ("version: 1\nmode: advice\nlimit: {}\n", "2:7: `advice` is not known here: did you mean `advise`?"),
        ("version: 1\nlimits: {review_weeks: 0}\n", "2:24: `review_weeks`: at least 1"),
    ],
)
def test_a_malformed_organisation_s_file_is_two_at_its_place(
    pilotgate: Pilotgate, tmp_path: Path, text: str, says: str
) -> None:
    org = files(tmp_path, {"org.yml": text}) / "org.yml"
    ran = pilotgate("check", EXAMPLE, "--org", org)
    place, _, message = says.partition(" ")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pilotgate: --org {org}:{place} ")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert (" (and 1 more)" in ran.err) == ("advice" in text)


def test_the_organisation_s_limits_count(pilotgate: Pilotgate, tmp_path: Path) -> None:
    org = files(tmp_path, {"org.yml": "{version: 1, limits: {pilot_days: 30}}"}) / "org.yml"
    ran = pilotgate("check", EXAMPLE, "--org", org, "--today", TODAY, "--format", "json")
    assert (ran.code, ran.codes()) == (1, {"DEC001"})


def test_an_organisation_that_advises_is_neutral_and_the_exit_code_still_tells(
    pilotgate: Pilotgate, tmp_path: Path
) -> None:
    org = files(tmp_path / "org", {"org.yml": "{version: 1, mode: advise}"}) / "org.yml"
    folder = example(tmp_path / "repo", failing=True)
    ran = pilotgate("check", folder, "--org", org, "--today", TODAY)
    assert "\n• invoice-triage is advised only: 18 errors" in ran.out
    assert ran.code == 1
    assert pilotgate("check", folder, "--org", org, "--fail-on", "never").code == 0


def test_a_broken_policy_is_one_with_the_report(pilotgate: Pilotgate, tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": "version: 1\npilot: {name: triage, stage: pilto, start: 2026-11-02}\n"})
    ran = pilotgate("check", tmp_path, "--format", "json", "--select", "REV")
    assert (ran.code, ran.err, ran.codes()) == (1, "", {"POL002"})
    assert ran.outcomes()["REV001"] == "not-applicable"
    finding = ran.json()["findings"][0]
    assert (finding["line"], finding["column"], finding["key"]) == (2, 30, "pilot.stage")


def _folder(path: Path) -> None:
    path.mkdir()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("nothing-here")


def _outside(path: Path) -> None:
    path.symlink_to(EXAMPLE / ".pilot.yml")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_folder, "this is a folder: a file belongs here"),
        (_fifo, "this is not a regular file: a file belongs here"),
        (_loop, "the file can't be read: too many levels of symbolic links"),
        (_dangling, "the file can't be read: no such file or directory"),
        (_outside, "this is a symbolic link that leads out of the repository: commit the file"),
    ],
)
def test_a_policy_that_is_no_file_is_a_finding(
    pilotgate: Pilotgate, tmp_path: Path, make: Callable[[Path], None], says: str
) -> None:
    make(tmp_path / ".pilot.yml")
    ran = pilotgate("check", tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert says in ran.out


def test_a_policy_that_may_not_be_read_is_a_finding(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path, {".pilot.yml": SMALL})

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    ran = pilotgate("check", tmp_path)
    assert ran.code == 1
    assert "the file can't be read: permission denied" in ran.out


def test_a_policy_linked_within_the_repository_is_read(pilotgate: Pilotgate, tmp_path: Path) -> None:
    example(tmp_path)
    (tmp_path / ".pilot.yml").rename(tmp_path / "contract.yml")
    (tmp_path / ".pilot.yml").symlink_to("contract.yml")
    assert pilotgate("check", tmp_path, "--today", TODAY).code == 0
