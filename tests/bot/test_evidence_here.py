"""The evidence of a checkout: files by name and pattern, all text, and what the history proves."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.gather import Checkout, ancestry, checkout
from bot.gather.git import Git
from rules.catalogue import catalogue
from rules.facts import MAX_EVIDENCE, MAX_FILES, Descent, Files, History, Presence, Repository, Unread, Unverifiable
from rules.policy import Organisation, Owners
from rules.values import Glob, RepoPath
from tests.bot.given import Ran, committed, files, git

START = date(2026, 11, 2)
OWNED = 'version: 1\npilot: {name: t, stage: pilot, start: 2026-11-02}\nowners: {accountable: "@ana-r"}\n'
NAMED = Owners.model_validate({"accountable": "@ana-r"})


def _files(folder: Path, *wanted: str) -> Files:
    return Checkout(folder).files([Glob(one) if "*" in one else RepoPath(one) for one in wanted])


def test_files_are_read_by_name_and_by_pattern(tmp_path: Path) -> None:
    files(tmp_path, {"a/b.yml": "b", "a/c.yml": "c", "d.txt": "d", "deep/er/e.yml": "e"})
    found = _files(tmp_path, "a/*.yml", "d.txt", "none.txt")
    assert [found.read(path) for path in ("a/b.yml", "a/c.yml", "d.txt")] == [b"b", b"c", b"d"]
    assert found.read("none.txt") == Unread("is not there")
    assert found.paths == ("a/b.yml", "a/c.yml", "d.txt", "deep/er/e.yml")
    assert found.at("deep/er") is Presence.FOLDER
    with pytest.raises(LookupError):
        found.read("deep/er/e.yml")


def test_what_is_no_file_of_the_repository_is_not_read(tmp_path: Path) -> None:
    outside = files(tmp_path / "outside", {"secret": "x"})
    folder = files(tmp_path / "here", {"a/b.md": "", ".gitignore": "*.log\n", "x.log": "", "real": "r"})
    committed(folder)
    (folder / "out").symlink_to(outside / "secret")
    (folder / "out-folder").symlink_to(outside)
    (folder / "in").symlink_to("real")
    os.mkfifo(folder / "pipe")
    found = _files(folder, "out", "out-folder/secret", "a", "x.log", "in", "pipe", ".git/config", "out*", "*.log")
    assert {path: found.read(path) for path in ("out", "out-folder/secret", "a", "x.log", "in", "pipe")} == {
        "out": Unread("is a symbolic link that leads out of the repository"),
        "out-folder/secret": Unread("is a symbolic link that leads out of the repository"),
        "a": Unread("is a folder"),
        "x.log": Unread("is ignored by git, so not in the repository"),
        "in": b"r",
        "pipe": Unread("is not there"),
    }
    assert found.read(".git/config") == Unread("is not there")
    assert found.matching(Glob("*.log")) == ()


def test_evidence_is_bounded(tmp_path: Path) -> None:
    files(tmp_path, {f"many/{number}": "" for number in range(MAX_FILES + 1)})
    (tmp_path / "large").write_bytes(b"x" * (MAX_EVIDENCE + 1))
    (tmp_path / "most").write_bytes(b"x" * MAX_EVIDENCE)
    found = _files(tmp_path, "large", "most")
    assert found.read("large") == Unread("is larger than 2 MiB, more than is read", mendable=False)
    assert found.read("most") == b"x" * MAX_EVIDENCE
    many = _files(tmp_path, "many/*")
    names = [f"many/{number}" for number in range(MAX_FILES + 1)]
    assert sum(many.read(name) == b"" for name in names) == MAX_FILES
    last = many.read(sorted(names)[-1])
    assert last == Unread("is one of more than 500 files that are asked for, and is not read", mendable=False)


def test_of_data_only_what_is_in_the_repository_is_read(tmp_path: Path) -> None:
    files(tmp_path, {"a.csv": "a", "large": "x" * (MAX_EVIDENCE + 1), ".gitignore": "*.log\n", "b.log": "b", "d/e": ""})
    committed(tmp_path)
    found = Checkout(tmp_path).data(["a.csv", "large", "b.log", "d", "none", ".git/config"])
    assert dict(found.contents) == {"a.csv": b"a"}
    assert Checkout(tmp_path).data([]).contents == {}


def test_data_is_held_against_its_manifest(tmp_path: Path, pilotgate: Callable[..., Ran]) -> None:
    policy = "version: 1\npilot: {name: t, stage: pilot, start: 2026-11-02}\nevaluation: [{id: e, manifest: m.dvc}]\n"
    manifest = "outs: [{md5: a304afb96060aad90176268345e10355, size: 1, path: a.csv}]\n"
    files(tmp_path, {".pilot.yml": policy, "m.dvc": manifest, "a.csv": "a"})
    (one,) = pilotgate("check", tmp_path, "--select", "EVA001", "--format", "json").json()["findings"]
    assert one["message"].startswith("`m.dvc` states `md5:a304afb96060aad90176268345e10355` of `a.csv`, which has")


def test_a_file_that_may_not_be_read_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path, {"a": "x"})

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    here = Checkout(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    assert here.files([RepoPath("a")]).read("a") == Unread("can't be read: permission denied", mendable=False)
    assert here.change().files[0].text == ""


def test_without_git_the_folder_is_walked(tmp_path: Path) -> None:
    files(tmp_path, {"a": "", "node_modules/x/y.js": "", ".git-like": "", "b/.venv/c": "", "b/d": ""})
    assert _files(tmp_path).paths == (".git-like", "a", "b/d")


def test_in_a_folder_of_a_checkout_paths_are_those_below_it(tmp_path: Path) -> None:
    folder = files(tmp_path, {"pilots/triage/a": "", "other/b": ""}) / "pilots/triage"
    committed(tmp_path)
    (folder / "new").write_text("")
    git(tmp_path, "rm", "-q", "other/b")
    assert _files(folder).paths == ("a", "new")
    assert _files(tmp_path).paths == ("pilots/triage/a", "pilots/triage/new")


def test_text_is_looked_at_whole_and_the_rest_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "_TEXT_BYTES", 10)
    files(tmp_path, {"a.py": "x = 1\n", "b.bin": "\0", "c.txt": "gr\udcfc\n", "large": "x" * 11, "most": "x" * 10})
    (tmp_path / "link.py").symlink_to("a.py")
    here = Checkout(tmp_path)
    change = here.change()
    assert [(one.path, one.text, one.added) for one in change.files] == [
        ("a.py", "x = 1\n", None),
        ("c.txt", "gr\N{REPLACEMENT CHARACTER}\n", None),
        ("most", "x" * 10, None),
    ]
    assert change.unseen == "1 large file could not be looked at"
    assert (here.code().files, here.code().unseen) == (change.files, change.unseen)


@pytest.mark.parametrize(
    ("name", "value", "unseen"),
    [
        ("_TEXTS", 2, "1 more file could not be looked at"),
        ("_TEXT_SUM", 3, "1 large file could not be looked at"),
        ("_TEXT_SUM", 1, "2 large files could not be looked at"),
    ],
)
def test_all_text_together_is_bounded(
    name: str, value: int, unseen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, name, value)
    files(tmp_path, {"a": "", "b": "xx", "c": "xx"})
    assert Checkout(tmp_path).change().unseen == unseen


def _at(folder: Path, when: str, *arguments: str) -> str:
    os.environ.update({"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})
    try:
        return committed(folder)
    finally:
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            del os.environ[name]


def _history(folder: Path) -> History | Unverifiable:
    return Checkout(folder).history(START, UTC)


def test_the_owners_of_the_start_are_those_of_the_last_commit_by_then(tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": OWNED.replace("@ana-r", "@bo")})
    _at(tmp_path, "2026-11-01T12:00:00+00:00")
    files(tmp_path, {".pilot.yml": OWNED})
    _at(tmp_path, "2026-11-02T23:59:59+00:00")
    files(tmp_path, {".pilot.yml": OWNED.replace("@ana-r", "@lee")})
    _at(tmp_path, "2026-11-03T00:00:00+00:00")
    assert _history(tmp_path) == History(NAMED)


def test_a_policy_that_stands_here_as_it_did_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path, {".pilot.yml": OWNED})
    _at(tmp_path, "2026-11-02T12:00:00+00:00")
    seen = Checkout(tmp_path)
    monkeypatch.setattr(ancestry, "owners", lambda _: None)
    assert seen.history(START, UTC) == History(None)
    assert seen.policy(catalogue()).model
    assert seen.history(START, UTC) == History(NAMED)


def test_the_day_of_the_start_ends_in_the_organisation_s_zone(tmp_path: Path) -> None:
    files(tmp_path, {".pilot.yml": OWNED})
    _at(tmp_path, "2026-11-03T03:00:00+00:00")
    assert _history(tmp_path) == History(None)
    assert Checkout(tmp_path).history(START, timezone(timedelta(hours=-8))) == History(NAMED)


@pytest.mark.parametrize(
    ("content", "owners"),
    [
        (OWNED + "unknown: 1\n", NAMED),
        (OWNED.replace('{accountable: "@ana-r"}', "[]"), None),
        ("[", None),
        ("", None),
        ("- a\n", None),
        ("version: 1\n", None),
    ],
)
def test_owners_are_read_from_a_policy_that_is_broken_elsewhere(
    content: str, owners: Owners | None, tmp_path: Path
) -> None:
    files(tmp_path, {".pilot.yml": content})
    _at(tmp_path, "2026-11-01T12:00:00+00:00")
    assert _history(tmp_path) == History(owners)


def test_a_policy_that_came_late_named_nobody(tmp_path: Path) -> None:
    files(tmp_path, {"README.md": ""})
    _at(tmp_path, "2026-11-01T12:00:00+00:00")
    files(tmp_path, {".pilot.yml": OWNED})
    assert _history(tmp_path) == History(None)
    _at(tmp_path, "2026-11-05T12:00:00+00:00")
    assert _history(tmp_path) == History(None)


def test_a_policy_below_the_root_has_its_own_history(tmp_path: Path) -> None:
    folder = files(tmp_path / "pilots/triage", {".pilot.yml": OWNED})
    _at(tmp_path, "2026-11-01T12:00:00+00:00")
    assert _history(folder) == History(NAMED)


def test_where_history_is_lacking_it_proves_nothing(tmp_path: Path) -> None:
    plain = files(tmp_path / "plain", {".pilot.yml": OWNED})
    none = Unverifiable("this is no git checkout, so that it has no history")
    assert _history(plain) == none
    assert Checkout(plain).lineage(["a" * 40]).of("a" * 40) == none
    assert Checkout(plain).lineage([]).commits == {}
    origin = files(tmp_path / "origin", {".pilot.yml": OWNED})
    first = _at(origin, "2026-11-01T12:00:00+00:00")
    files(origin, {"a": ""})
    second = _at(origin, "2026-11-05T12:00:00+00:00")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{origin}", "shallow")
    shallow = Checkout(tmp_path / "shallow")
    assert shallow.history(START, UTC) == ancestry.SHALLOW
    assert shallow.lineage([first]).of(first) == ancestry.SHALLOW
    assert shallow.lineage([second]).of(second) == Descent(True)
    assert shallow.lineage(["main"]).of("main") is None


def test_a_checkout_that_git_won_t_look_at_is_not_called_none(tmp_path: Path) -> None:
    folder = files(tmp_path, {".pilot.yml": OWNED, ".git": "gitdir: nowhere\n"})
    refused = Unverifiable(
        "this is a checkout that git can't read (`git status` there says why), so that it has no history"
    )
    assert _history(folder) == refused
    assert Checkout(folder).lineage(["a" * 40]).of("a" * 40) == refused


def test_a_policy_elsewhere_has_its_history_there(tmp_path: Path) -> None:
    policy = files(tmp_path / "a", {"p.yml": OWNED}) / "p.yml"
    found = Checkout(files(tmp_path / "b", {"x": ""}), policy).history(START, UTC)
    assert found == Unverifiable("the policy lies outside this folder, and so does its history")


def test_the_first_and_the_last_day_of_the_calendar_have_an_end() -> None:
    assert ancestry.end_of(date(2026, 11, 2), UTC) == datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)
    assert ancestry.end_of(date.min, UTC).year == 1
    assert ancestry.end_of(date.max, UTC).year == 9999


@pytest.fixture
def line(tmp_path: Path) -> Callable[[str], Descent | Unverifiable | None]:
    return lambda commit: Checkout(tmp_path).lineage([commit]).of(commit)


def test_a_measured_commit_is_held_against_what_stands_here(
    tmp_path: Path, line: Callable[[str], Descent | Unverifiable | None]
) -> None:
    files(tmp_path, {"a.py": "1", "b.py": "1"})
    first = committed(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "side")
    files(tmp_path, {"b.py": "2"})
    side = committed(tmp_path)
    git(tmp_path, "checkout", "-q", "main")
    assert line(first) == Descent(True)
    files(tmp_path, {"a.py": "2"})
    # What is not committed yet was not measured either.
    assert line(first) == Descent(True, frozenset({"a.py"}))
    second = committed(tmp_path)
    assert (line(first), line(second)) == (Descent(True, frozenset({"a.py"})), Descent(True))
    assert line(first[:10]) == Descent(True, frozenset({"a.py"}))
    assert line(side) == Descent(False)
    assert [line(name) for name in ("f" * 40, "main", "--help", "abc", "")] == [None] * 5
    git(tmp_path, "branch", "deadbeef")
    assert line("deadbeef") is None


def test_git_is_asked_only_what_it_has_not_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path, {"a.md": "", "b/c.md": "", ".gitignore": "*.log\n", "x.log": "", ".pilot.yml": OWNED})
    (tmp_path / "link").symlink_to("x.log")
    commit = committed(tmp_path)
    asked: list[str] = []
    ask = Git.ask

    def noted(self: Git, *words: str, **more: Any) -> bytes | None:
        asked.append(words[0])
        return ask(self, *words, **more)

    monkeypatch.setattr(Git, "ask", noted)
    seen = Checkout(tmp_path)
    assert seen.commit().sha == commit
    assert isinstance(seen.files([RepoPath("a.md"), RepoPath("b/c.md")]).read("a.md"), bytes)
    assert isinstance(seen.history(date(2030, 1, 1), UTC), History)
    assert seen.lineage([commit]).of(commit) == Descent(True)
    assert asked == ["rev-parse", "ls-files", "log", "cat-file", "merge-base", "diff"]
    # A link is listed where what it leads to is ignored.
    assert seen.files([RepoPath("a.md"), RepoPath("link")]).read("link") == Unread(
        "is ignored by git, so not in the repository"
    )
    assert asked[6:] == ["check-ignore"]


def test_what_git_can_t_compare_is_not_unchanged(
    tmp_path: Path, line: Callable[[str], Descent | Unverifiable | None]
) -> None:
    files(tmp_path, {"a.py": "1"})
    first = committed(tmp_path)
    tree = git(tmp_path, "rev-parse", f"{first}^{{tree}}").strip()
    files(tmp_path, {"a.py": "2"})
    committed(tmp_path)
    (tmp_path / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert line(first) == Unverifiable(f"git can't tell what has changed since {first}: see that `git diff` works here")


def test_a_submodule_can_t_hide_that_it_was_moved(
    tmp_path: Path, line: Callable[[str], Descent | Unverifiable | None]
) -> None:
    inner = files(tmp_path / "model", {"a.py": "1"})
    committed(inner)
    files(tmp_path, {".gitmodules": '[submodule "model"]\n\tpath = model\n\turl = ./model\n\tignore = all\n'})
    first = committed(tmp_path)
    files(inner, {"a.py": "2"})
    committed(inner)
    assert line(first) == Descent(True, frozenset({"model"}))


def test_what_differs_is_told_below_the_folder(tmp_path: Path) -> None:
    folder = files(tmp_path / "pilots/triage", {"a.py": "1"})
    files(tmp_path, {"b.py": "1"})
    first = committed(tmp_path)
    files(folder, {"a.py": "2"})
    files(tmp_path, {"b.py": "2"})
    committed(tmp_path)
    assert Checkout(folder).lineage([first]).of(first) == Descent(True, frozenset({"a.py"}))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/acme/triage.git", "acme/triage"),
        ("https://github.com/acme/triage", "acme/triage"),
        ("https://x-access-token:s3cret@github.com/acme/tri.age_1/", "acme/tri.age_1"),
        ("git@github.com:acme/triage.git", "acme/triage"),
        ("github.com:acme/triage", "acme/triage"),
        ("ssh://git@ssh.github.com:443/acme/triage.git", "acme/triage"),
        ("https://GitHub.com/Acme/Triage", "Acme/Triage"),
        ("https://github.acme.example/acme/triage.git", None),
        ("https://acme.example/github.com/acme/triage", None),
        ("https://github.com/acme", None),
        ("git@gitlab.com:acme/triage.git", None),
        ("../triage", None),
    ],
)
def test_a_checkout_knows_where_at_github_it_was_cloned_from(tmp_path: Path, address: str, name: str | None) -> None:
    committed(files(tmp_path, {"part/a.md": ""}))
    git(tmp_path, "remote", "add", "origin", address)
    assert Checkout(tmp_path).repository(Organisation(), False) == Repository(name=name, cloned=True)
    assert Git(tmp_path / "part").cloned_from is None


def test_git_is_asked_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Git(tmp_path).works
    assert not Git(tmp_path).shallow
    assert Git(tmp_path).cloned_from is None
    assert Git(tmp_path).commit("HEAD") is None
    monkeypatch.setenv("PATH", "")
    assert Git(tmp_path).ask("status") is None
