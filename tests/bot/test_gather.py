"""What stands at a path: files that git ignores, git's own, and what lies behind a link outside, are not there."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from bot import gather
from bot.errors import UserError
from bot.gather import Checkout, read_bounded
from bot.gather.links import Entry, Reached, follow
from rules.catalogue import catalogue
from rules.facts import Presence, Unverifiable
from tests.bot.given import SMALL, Ran, committed, files, git

Pilotgate = Callable[..., Ran]


def _standing(folder: Path, *paths: str) -> dict[str, Presence]:
    listed = ", ".join(f"{{file: '{path}'}}" for path in paths)
    files(folder, {".pilot.yml": f"{SMALL}runbooks: [{listed}]\n"})
    checkout = Checkout(folder)
    document = checkout.policy(catalogue())
    assert document.model is not None, document.problems
    return dict(checkout.tree(document.model).entries)


def test_files_and_folders_stand_and_the_rest_does_not(tmp_path: Path) -> None:
    files(tmp_path, {"docs/a.md": "", "b c.md": "", "ü.md": ""})
    os.mkfifo(tmp_path / "pipe")
    assert _standing(tmp_path, "docs", "docs/a.md", "b c.md", "ü.md", ".", "no", "docs/a.md/no", "pipe") == {
        "docs": Presence.FOLDER,
        "docs/a.md": Presence.FILE,
        "b c.md": Presence.FILE,
        "ü.md": Presence.FILE,
        ".": Presence.FOLDER,
        "no": Presence.NOTHING,
        "docs/a.md/no": Presence.NOTHING,
        "pipe": Presence.NOTHING,
    }


def test_a_policy_that_names_no_paths_asks_for_none(tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": SMALL})
    checkout = Checkout(tmp_path)
    assert checkout.tree(checkout.policy(catalogue()).model).entries == {}
    assert checkout.tree(None).entries == {}


def test_a_name_too_long_for_the_disk_is_nothing(tmp_path: Path) -> None:
    assert _standing(tmp_path, "x" * 300) == {"x" * 300: Presence.NOTHING}


def test_globs_are_not_looked_up(tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": f"{SMALL}monitoring: {{configs: ['ops/*.yml'], feedback: docs/a.md}}\n"})
    checkout = Checkout(tmp_path)
    assert set(checkout.tree(checkout.policy(catalogue()).model).entries) == {"docs/a.md"}


def test_what_git_ignores_is_not_in_the_repository(tmp_path: Path) -> None:
    files(tmp_path, {".gitignore": "/build/\n*.log\n", "build/a.md": "", "x.log": "", "new.md": "", "kept.log": ""})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", "kept.log")
    assert _standing(tmp_path, "build/a.md", "build", "x.log", "new.md", "kept.log") == {
        "build/a.md": Presence.IGNORED,
        "build": Presence.IGNORED,
        "x.log": Presence.IGNORED,
        "new.md": Presence.FILE,
        "kept.log": Presence.FILE,
    }


def test_a_path_ignored_from_above_a_folder_is_ignored_there(tmp_path: Path) -> None:
    files(tmp_path, {".gitignore": "*.log\n", "pilots/triage/x.log": "", "pilots/triage/x.md": ""})
    committed(tmp_path)
    folder = tmp_path / "pilots/triage"
    assert _standing(folder, "x.log", "x.md") == {"x.log": Presence.IGNORED, "x.md": Presence.FILE}


@pytest.mark.parametrize("name", [":!x", ":(glob)x", ":/x", ":^x", "-x", "#x", "!x"])
def test_a_name_that_git_reads_otherwise_hides_nothing_that_is_ignored(tmp_path: Path, name: str) -> None:
    files(tmp_path, {".gitignore": "*.log\n", "x.log": "", name: ""})
    committed(tmp_path)
    assert _standing(tmp_path, name, "x.log") == {name: Presence.FILE, "x.log": Presence.IGNORED}


def test_a_path_in_a_submodule_hides_nothing_that_is_ignored(tmp_path: Path) -> None:
    committed(files(tmp_path / "part", {"a.md": ""}))
    repo = files(tmp_path / "repo", {".gitignore": "*.log\n", "x.log": "", "b.md": ""})
    git(repo, "init", "-q")
    git(repo, "submodule", "--quiet", "add", str(tmp_path / "part"), "part")
    assert _standing(repo, "part/a.md", "x.log", "b.md") == {
        "part/a.md": Presence.SUBMODULE,
        "x.log": Presence.IGNORED,
        "b.md": Presence.FILE,
    }


def test_what_is_in_a_submodule_is_not_in_the_repository_whether_it_was_fetched_or_not(tmp_path: Path) -> None:
    committed(files(tmp_path / "part", {"a.md": ""}))
    whole = files(tmp_path / "whole", {"pilots/triage/b.md": ""})
    git(whole, "init", "-q")
    git(whole, "submodule", "--quiet", "add", str(tmp_path / "part"), "pilots/triage/part")
    (whole / "pilots/triage/link.md").symlink_to("part/a.md")
    committed(whole)
    git(tmp_path, "clone", "-q", str(whole), "bare")
    names = ("part", "part/a.md", "part/none", "link.md", "b.md", "parting")
    for repo in (whole, tmp_path / "bare"):
        expected = [*[Presence.SUBMODULE] * 4, Presence.FILE, Presence.NOTHING]
        assert _standing(repo / "pilots/triage", *names) == dict(zip(names, expected, strict=True))


def test_a_link_is_ignored_by_its_own_name_and_by_what_it_leads_to(tmp_path: Path) -> None:
    files(tmp_path, {".gitignore": "*.log\n/local\n", "x.log": "", "real/a.md": ""})
    (tmp_path / "link.md").symlink_to("x.log")
    (tmp_path / "other.md").symlink_to("x.log")
    (tmp_path / "local").symlink_to("real/a.md")
    (tmp_path / "docs").symlink_to("real")
    committed(tmp_path)
    assert _standing(tmp_path, "link.md", "other.md", "x.log", "local", "docs/a.md") == {
        "link.md": Presence.IGNORED,
        "other.md": Presence.IGNORED,
        "x.log": Presence.IGNORED,
        "local": Presence.IGNORED,
        "docs/a.md": Presence.FILE,
    }


def test_a_link_out_of_the_repository_is_a_fact_and_no_door(tmp_path: Path) -> None:
    files(tmp_path, {"secret.md": "", "repo/a.md": ""})
    repo = tmp_path / "repo"
    (repo / "out.md").symlink_to("../secret.md")
    (repo / "up").symlink_to("..")
    (repo / "back").symlink_to("../repo")
    assert _standing(repo, "out.md", "up/secret.md", "up/no", "up/repo/a.md", "back/a.md") == {
        "out.md": Presence.OUTSIDE,
        "up/secret.md": Presence.OUTSIDE,
        "up/no": Presence.OUTSIDE,
        "up/repo/a.md": Presence.FILE,
        "back/a.md": Presence.FILE,
    }


def test_links_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert _standing(tmp_path, "a", "b/c") == {"a": Presence.NOTHING, "b/c": Presence.NOTHING}


def test_git_s_own_files_are_not_in_the_repository(tmp_path: Path) -> None:
    files(tmp_path, {"a.md": "", "part/.git/config": ""})
    committed(tmp_path)
    (tmp_path / "head").symlink_to(".git/HEAD")
    assert set(_standing(tmp_path, ".git", ".git/HEAD", "part/.git/config", "head").values()) == {Presence.NOTHING}


def test_a_file_s_name_need_not_be_utf_8(tmp_path: Path) -> None:
    files(tmp_path, {"d\udcff/a.md": "", ".gitignore": "*.log\n", "x.log": ""})
    (tmp_path / "docs").symlink_to("d\udcff")
    committed(tmp_path)
    assert _standing(tmp_path, "docs/a.md", "x.log") == {"docs/a.md": Presence.FILE, "x.log": Presence.IGNORED}


def test_without_git_nothing_is_known_to_be_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path, {".gitignore": "*.log\n", "x.log": "", "a.md": ""})
    expected = {"x.log": Presence.FILE, "a.md": Presence.FILE}
    assert _standing(tmp_path, "x.log", "a.md") == expected
    committed(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert _standing(tmp_path, "x.log", "a.md") == expected


def test_a_folder_without_git_is_not_walked_for_ever(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather.checkout, "_WALKED", 10)
    files(tmp_path, {".pilot.yml": SMALL, **{f"a/{number}": "" for number in range(10)}})
    said = (
        f"{tmp_path} is no git checkout and holds more than 10 files: name the pilot's own folder, or run `git init`"
        " in it"
    )
    assert pilotgate("check", tmp_path) == Ran(2, "", f"pilotgate: {said}\n")


class Asked:
    """What git is asked; some of its commands take longer than anybody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[str] = []
        self.hanging: set[str] = set()
        self._run = subprocess.run
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], **options: Any) -> Any:
        asked = command[5]
        self.commands.append(asked)
        if asked in self.hanging:
            raise subprocess.TimeoutExpired(command, options["timeout"])
        return self._run(command, **options)


def _too_slow(command: str, folder: Path, seconds: int = 60) -> str:
    return (
        f"`git {command}` in {folder} took longer than {seconds} s and was stopped: see that it works there, or copy"
        " the checkout to a faster disk"
    )


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    policy = f"{SMALL}runbooks: [{{file: a.log}}, {{file: b.md}}]\n"
    return files(tmp_path / "repo", {".pilot.yml": policy, ".gitignore": "*.log\n", "a.log": "# a\n", "b.md": "# b\n"})


def test_a_git_that_hangs_is_stopped(
    pilotgate: Pilotgate, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = files(tmp_path / "bin", {"git": "#!/bin/sh\nexec sleep 600\n"}) / "git"
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(gather.git, "PATIENCE", 0.2)
    assert pilotgate("check", repo) == Ran(2, "", f"pilotgate: {_too_slow('rev-parse', repo, 0)}\n")


@pytest.mark.parametrize("command", ["rev-parse", "ls-files", "check-ignore"])
def test_what_a_report_can_t_do_without_is_asked_once(
    pilotgate: Pilotgate, repo: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    committed(repo)
    asked = Asked(monkeypatch)
    asked.hanging.add(command)
    assert pilotgate("check", repo) == Ran(2, "", f"pilotgate: {_too_slow(command, repo)}\n")
    assert asked.commands.count(command) == 1


def test_a_history_that_takes_too_long_is_unverifiable(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = [committed(repo), committed(files(repo, {"c": ""})), committed(files(repo, {"d": ""}))]
    asked = Asked(monkeypatch)
    asked.hanging |= {"log", "merge-base"}
    checkout = Checkout(repo)
    assert checkout.history(date(2026, 11, 2), UTC) == Unverifiable(_too_slow("log", repo))
    lineage = checkout.lineage(commits)
    assert [lineage.of(commit) for commit in commits] == [Unverifiable(_too_slow("merge-base", repo))] * 3
    assert asked.commands.count("merge-base") == 1


def test_git_is_asked_no_more_often_than_it_takes(
    pilotgate: Pilotgate, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(repo, {".pilot.yml": f"{SMALL}runbooks: [{{file: b.md}}]\n"})
    committed(repo)
    asked = Asked(monkeypatch)
    assert pilotgate("check", repo).err == ""
    assert asked.commands == ["remote", "rev-parse", "ls-files", "log", "rev-parse"]


def test_a_checkout_through_a_link_is_the_one_it_leads_to(tmp_path: Path) -> None:
    files(tmp_path, {"repo/a.md": ""})
    (tmp_path / "link").symlink_to("repo")
    assert _standing(tmp_path / "link", "a.md") == {"a.md": Presence.FILE}
    policy = Checkout(tmp_path / "link", tmp_path / "repo/.pilot.yml")
    assert (policy.policy_path, policy.policy_outside) == (".pilot.yml", False)


def test_no_more_is_read_than_a_policy_may_have(tmp_path: Path) -> None:
    files(tmp_path, {"long": "x" * 300_000})
    assert len(read_bounded(tmp_path / "long")) == 256 * 1024 + 1
    with pytest.raises(UserError, match=r"^the file can't be read: no such file or directory$"):
        read_bounded(tmp_path / "no")


def test_a_large_policy_is_a_finding(pilotgate: Pilotgate, tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": SMALL + "#" * 300_000})
    ran = pilotgate("check", tmp_path, "--format", "json")
    assert (ran.code, ran.codes()) == (1, {"POL002"})
    assert "larger than 256 KiB" in ran.json()["findings"][0]["message"]


def test_rules_that_ask_for_no_tree_need_none(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*arguments: object) -> None:
        raise AssertionError("nobody asked for the tree")

    files(tmp_path, {".pilot.yml": SMALL})
    monkeypatch.setattr(Checkout, "tree", forbidden)
    assert pilotgate("check", tmp_path, "--select", "OWN").code == 1
    assert pilotgate("check", tmp_path, "--select", "RUN004").code == 70


@pytest.mark.parametrize(
    ("path", "presence"),
    [
        ("part", Presence.SUBMODULE),
        ("part/a.md", Presence.SUBMODULE),
        ("part/deep/er.md", Presence.SUBMODULE),
        ("link.md", Presence.SUBMODULE),
        ("back.md", Presence.FILE),
        ("b.md/x", Presence.NOTHING),
    ],
)
def test_at_github_what_is_in_a_submodule_is_not_in_the_repository(path: str, presence: Presence) -> None:
    links = {"link.md": "part/a.md", "back.md": "part/../b.md"}
    known = {name: Entry("blob", True, target) for name, target in links.items()}
    found = follow(path, {"part": Entry("commit"), "b.md": Entry("blob"), **known}, whole=True)
    assert isinstance(found, Reached)
    assert found.presence is presence
