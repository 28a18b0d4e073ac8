"""The evidence at a pull request's head: the same facts as of a checkout, in few requests."""

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
import responses

from bot.errors import RetryLater
from bot.gather import Checkout, blobs, checkout, head
from bot.gather.head import AtHead
from bot.gather.patches import numbers
from bot.gather.pull import Asked as Wanted
from bot.gather.pull import read_pull
from bot.github.client import App, Installation
from rules.catalogue import catalogue
from rules.facts import (
    MAX_EVIDENCE,
    MAX_FILES,
    Change,
    Code,
    Descent,
    Files,
    History,
    Presence,
    Unread,
    Unverifiable,
    evidence,
)
from rules.policy import Organisation, Owners
from rules.values import Glob, RepoPath
from tests.bot.github.hub import API, HEAD, Hub, private_key
from tests.bot.given import EXAMPLE
from tests.rules.given import example, example_files, reading

SMALL = b"version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"
START = date(2026, 11, 2)
TREE, PATCHES = f"GET /repos/acme/triage/git/trees/{HEAD}", "GET /repos/acme/triage/pulls/17/files"


@pytest.fixture
def hub() -> Hub:
    return Hub(files={".pilot.yml": SMALL}, base={".pilot.yml": SMALL})


@pytest.fixture
def installation(hub: Hub) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


@pytest.fixture
def at(hub: Hub, installation: Installation) -> Any:
    def start() -> AtHead:
        found = AtHead(installation, read_pull(installation, catalogue(), Wanted("acme/triage", 17)), UTC)
        hub.counted()
        return found

    return start


def _wanted(*paths: str) -> list[RepoPath]:
    return [Glob(one) if "*" in one else RepoPath(one) for one in paths]


def _patch(path: str, patch: str | None, additions: int = 1) -> dict[str, Any]:
    return {"filename": path, "additions": additions} | ({} if patch is None else {"patch": patch})


WEIRD: dict[str, bytes | tuple[str] | None] = {
    "plain": b"a: 1\n",
    "crlf": b"a\r\nb\r\n",
    "mark": b"\xef\xbb\xbfa",
    "latin": b"gr\xfcn\n",
    "empty": b"",
    "long": b"x" * (600 * 1024),
    "replacement": "\N{REPLACEMENT CHARACTER}".encode(),
    "folder/file": b"",
    "link": ("plain",),
    "out": ("../../etc/passwd",),
    "to-folder": ("folder",),
}


def test_files_are_read_as_in_a_checkout(hub: Hub, at: Any, tmp_path: Path) -> None:
    hub.files |= WEIRD
    for path, content in hub.files.items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        if isinstance(content, tuple):
            place.symlink_to(content[0])
        elif content is not None:
            place.write_bytes(content)
    names = [*WEIRD, "folder", "to-folder/file", "none", "none/below", "folder/*", "*ain"]
    here, there = Checkout(tmp_path).files(_wanted(*names)), at().files(_wanted(*names))
    assert {name: there.read(name) for name in names if "*" not in name} == {
        name: here.read(name) for name in names if "*" not in name
    }
    assert there.matching(Glob("*ain")) == here.matching(Glob("*ain")) == ("plain",)
    assert there.at("folder") is Presence.FOLDER


def test_every_fact_of_the_example_is_that_of_a_checkout(hub: Hub, at: Any) -> None:
    hub.files |= example_files()
    model = reading(example()).model
    assert model is not None
    kinds = evidence(need for rule in catalogue().rules.values() for need in rule.needs.values())
    wanted = [path for kind in kinds for path in kind.wanted(model)]
    here, there = Checkout(EXAMPLE).files(wanted), at().files(wanted)
    assert len(kinds) >= 6
    for kind in kinds:
        assert kind.read(model, there) == kind.read(model, here)


@pytest.mark.parametrize("truncated", [False, True])
def test_a_link_leads_as_deep_as_it_likes(truncated: bool, hub: Hub, at: Any) -> None:
    hub.files |= {"a/b/c/d/e/f/g.md": b"x", "docs/link.md": ("../a/b/c/d/e/f/./g.md",), "to": ("a/b/../b/c/d",)}
    hub.truncated = truncated
    found = at().files(_wanted("docs/link.md", "to/e/f/g.md"))
    assert [found.read("docs/link.md"), found.read("to/e/f/g.md")] == [b"x", b"x"]


def test_a_link_that_no_file_system_takes_leads_nowhere(hub: Hub, at: Any) -> None:
    hub.files |= {"a": b"x", "b/c": b"", "long": ("./" * 2000 + "a",), "winding": ("b/../" * 600 + "a",)}
    found = at().files(_wanted("long", "winding"))
    assert [found.read("long"), found.read("winding")] == [Unread("is not there")] * 2


def test_only_so_much_is_looked_up_where_nothing_is_listed(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "_LOOK_UPS", 2)
    hub.truncated = True
    hub.files |= {f"{number}/a": b"x" for number in range(150)}
    found = at().files(_wanted(*(f"{number}/a" for number in range(150))))
    assert found.read("0/a") == b"x"
    assert found.read("149/a") == Unread(
        "is behind more links or folders than are followed: name the file itself", mendable=False
    )
    assert hub.counted().count("Paths") == 2


@pytest.mark.parametrize("here", [True, False])
def test_evidence_together_is_bounded(
    here: bool, hub: Hub, at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (head, checkout):
        monkeypatch.setattr(module, "MAX_SUM", 10)
    content = {"a": b"x" * 6, "b": b"x" * 6, "c": b"x" * 4}
    hub.files |= content
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    found = (Checkout(tmp_path) if here else at()).files(_wanted("a", "b", "c"))
    assert [found.read(name) for name in "abc"] == [
        b"x" * 6,
        Unread("is beyond the 8 MiB of evidence that are read in all", mendable=False),
        b"x" * 4,
    ]


def test_only_so_many_files_are_read_by_themselves(hub: Hub, at: Any) -> None:
    hub.files |= {f"odd/{number:03}": b"gr\xfcn" for number in range(101)}
    found = at().files(_wanted("odd/*"))
    assert found.read("odd/099") == b"gr\xfcn"
    assert found.read("odd/100") == Unread(
        "is one of more than 100 files that are no plain UTF-8: save it as that", mendable=False
    )


def test_a_file_that_is_not_answered_is_not_empty(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.files["a"] = b"x"
    entry = hub._entry
    monkeypatch.setattr(hub, "_entry", lambda files, path, text: None if path == "a" else entry(files, path, text))
    found = at().files(_wanted("a"))
    assert found.read("a") == Unread("is not in GitHub's answer: ask again", mendable=False)


def test_binary_is_binary(hub: Hub, at: Any) -> None:
    hub.files["b"] = b"\0x"
    assert at().files(_wanted("b")).read("b") == Unread("is binary, not text: commit it as text, in UTF-8")


def test_a_large_file_is_not_asked_for(hub: Hub, at: Any) -> None:
    hub.files["l"] = b"x" * (MAX_EVIDENCE + 1)
    found = at().files(_wanted("l")).read("l")
    assert found == Unread("is larger than 2 MiB, more than is read", mendable=False)
    assert hub.counted() == [TREE, PATCHES, "Files"]
    hub.truncated = True
    assert at().files(_wanted("l")).read("l") == found


def test_files_beyond_the_most_are_not_read(hub: Hub, at: Any) -> None:
    hub.files |= {f"many/{number:03}": b"" for number in range(MAX_FILES + 1)}
    found: Files = at().files(_wanted("many/*"))
    assert found.read("many/499") == b""
    assert found.read("many/500") == Unread(
        "is one of more than 500 files that are asked for, and is not read", mendable=False
    )
    assert hub.counted().count("Files") == MAX_FILES // 100 + 1


def test_all_that_is_asked_takes_four_requests(hub: Hub, at: Any) -> None:
    hub.files |= {"a.yml": b"a", "src/b.py": b"x = 1\ny = 2\n", "docs/c.md": b"c"}
    hub.patches = [_patch("src/b.py", "@@ -1 +1,2 @@\n x = 1\n+y = 2")]
    hub.compared["a" * 40] = {"status": "identical", "files": []}
    source: AtHead = at()
    source.files(_wanted("a.yml"))
    (change,) = source.change().files  # type: ignore[union-attr]
    assert (change.path, change.text, change.added) == ("src/b.py", "x = 1\ny = 2\n", frozenset({2}))
    code = source.code()
    assert isinstance(code, Code)
    assert [one.path for one in code.files] == [".pilot.yml", "a.yml", "src/b.py"]
    assert code.unseen is None
    assert source.history(START, UTC) == History(None)
    assert source.lineage(["a" * 40]).of("a" * 40) == Descent(True)
    compare = f"GET /repos/acme/triage/compare/{'a' * 40}...{HEAD}"
    assert hub.counted() == [TREE, PATCHES, "Files", compare]


def test_data_that_manifests_name_takes_one_more_request_at_most(hub: Hub, at: Any) -> None:
    hub.files |= {"eval/a.csv": b"a\n1\n", "tests/data/b.csv": b"b\n", "tests/data/link": ("b.csv",)}
    hub.files |= {"tests/data/odd": b"gr\xfcn", "tests/data/binary": b"\0", "tests/data/c.csv": b"c\n"}
    hub.files["tests/data/large"] = b"x" * (MAX_EVIDENCE + 1)
    hub.patches = [_patch("tests/data/b.csv", "@@ -1 +1 @@\n+b")]
    source: AtHead = at()
    source.files([])
    assert dict(source.data(["eval/a.csv", "none", "tests"]).contents) == {"eval/a.csv": b"a\n1\n"}
    assert hub.counted() == [TREE, PATCHES, "Files"]
    found = source.data([path for path in hub.files if path.startswith("tests/")])
    assert dict(found.contents) == {"tests/data/b.csv": b"b\n", "tests/data/c.csv": b"c\n"}
    assert hub.counted() == ["Files"]


def test_data_that_the_change_has_no_part_in_is_not_asked_for(hub: Hub, at: Any) -> None:
    hub.files["tests/data/b.csv"] = b"b\n"
    source: AtHead = at()
    source.files([])
    hub.counted()
    assert source.data(["tests/data/b.csv"]).contents == {}
    assert hub.counted() == []


def test_only_one_portion_of_data_is_read(hub: Hub, at: Any) -> None:
    hub.files |= {f"tests/{number:03}": b"x" for number in range(150)}
    hub.patches = [_patch("tests/000", "@@ -1 +1 @@\n+x")]
    found = at().data([f"tests/{number:03}" for number in range(150)])
    assert len(found.contents) == 100
    assert hub.counted() == [TREE, PATCHES, "Files"]


def test_what_is_odd_may_still_be_read_as_evidence_afterwards(hub: Hub, at: Any) -> None:
    hub.files |= {"tests/odd": b"gr\xfcn", "odd": b"gr\xfcn"}
    source: AtHead = at()
    assert source.data(["tests/odd"]).contents == {}
    assert source.files(_wanted("odd")).read("odd") == b"gr\xfcn"


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        ("@@ -0,0 +1,2 @@\n+a\n+b", {1, 2}),
        ("@@ -1,3 +1,3 @@\n a\n-b\n+c\n d", {2}),
        ("@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file", {1}),
        ("@@ -1,2 +1,3 @@ def f():\n a\n+b\n c\n@@ -10,2 +11,3 @@\n a\n+++ b\n c", {2, 12}),
        ("@@ -5,2 +4,0 @@\n-a\n-b", set()),
        ("", set()),
    ],
)
def test_the_added_lines_are_those_of_the_patch(patch: str, lines: set[int]) -> None:
    assert numbers(patch) == lines


def test_what_github_leaves_out_of_a_change_is_unseen(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "_CHANGED", 2)
    hub.files |= {"a": b"1\n", "b": b"\0", "c": b"1\n", "large": b"", "moved": b"1\n"}
    one = "@@ -0,0 +1 @@\n+1"
    hub.patches = [
        _patch("large", None, 30_000),
        _patch("moved", None, 0),
        _patch("gone", "@@ -1 +0,0 @@\n-1", 0),
        _patch("a", one),
        _patch("b", one),
        _patch("c", one),
    ]
    change = at().change()
    assert isinstance(change, Change)
    assert [file.path for file in change.files] == ["a"]
    assert change.unseen == "1 large file and 1 more file could not be looked at"


def test_a_change_of_many_files_is_read_by_pages(hub: Hub, at: Any) -> None:
    hub.files |= {f"f{number}": b"1\n" for number in range(250)}
    hub.patches = [_patch(f"f{number}", "@@ -0,0 +1 @@\n+1") for number in range(250)]
    change = at().change()
    assert isinstance(change, Change)
    assert (len(change.files), change.unseen) == (250, None)
    assert hub.counted().count(PATCHES) == 3


def test_a_change_without_end_is_not_followed(hub: Hub, at: Any) -> None:
    hub.patches = [_patch(f"f{number}", None, 0) for number in range(3100)]
    change = at().change()
    assert isinstance(change, Change)
    assert change.unseen == "1 large file could not be looked at"
    assert hub.counted().count(PATCHES) == 30


@pytest.mark.parametrize("way", ["truncated", "unlisted"])
def test_a_repository_that_is_not_listed_is_read_by_name(way: str, hub: Hub, at: Any) -> None:
    hub.files |= {"a/b.yml": b"b", "link": ("a/b.yml",)}
    setattr(hub, way, 404 if way == "unlisted" else True)
    source: AtHead = at()
    found = source.files(_wanted("a/b.yml", "link", "none", "a/*.yml"))
    assert [found.read(path) for path in ("a/b.yml", "link", "none")] == [b"b", b"b", Unread("is not there")]
    for one in (found.matching(Glob("a/*.yml")), found.at("a"), source.code()):
        assert isinstance(one, Unverifiable)
        assert "list" in one.reason


def test_only_so_much_is_searched(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "_CODE", 2)
    hub.files |= {"deep/er/a.py": b"1", "b.py": b"1", "empty.py": b"", "tests/c.py": b"1", "node_modules/d.js": b"1"}
    hub.files |= {"l.py": ("b.py",)}
    code = at().code()
    assert isinstance(code, Code)
    assert [one.path for one in code.files] == [".pilot.yml", "b.py"]
    assert code.unseen == "1 more file could not be looked at"


def test_only_so_much_text_is_read(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "_TEXT_SUM", len(SMALL) + 9)
    hub.files |= {"a.py": b"x" * 5, "b.py": b"x" * 5, "c.py": b"x" * 4}
    hub.patches = [_patch(name, "@@ -0,0 +1 @@\n+x") for name in ("a.py", ".pilot.yml", "b.py", "c.py")]
    source: AtHead = at()
    for found in (source.change(), source.code()):
        assert isinstance(found, Change | Code)
        assert sorted(file.path for file in found.files) == [".pilot.yml", "a.py", "c.py"]
        assert found.unseen == "1 more file could not be looked at"


def test_an_answer_holds_only_so_much(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "_BYTES", 1000)
    hub.files |= {f"f{number}": b"x" * 400 for number in range(5)}
    found = at().files(_wanted("f*"))
    assert found.read("f4") == b"x" * 400
    assert hub.counted().count("Files") == 3


def test_the_owners_of_the_start_are_read_with_the_files(hub: Hub, at: Any) -> None:
    hub.before = SMALL + b'owners: {fix: "@lee"}\n'
    source: AtHead = at()
    source.files(_wanted(".pilot.yml"))
    assert source.history(START, UTC) == History(Owners.model_validate({"fix": "@lee"}))
    assert hub.counted().count("Files") == 1
    alone: AtHead = at()
    assert alone.history(START, UTC) == source.history(START, UTC)
    assert hub.counted() == ["Files"]


@pytest.mark.parametrize(
    ("compared", "descent"),
    [
        (
            {"status": "ahead", "files": [{"filename": "a"}, {"filename": "b", "previous_filename": "c"}]},
            {"a", "b", "c"},
        ),
        ({"status": "identical"}, set()),
        ({"status": "diverged", "files": []}, None),
        ({"status": "behind", "files": []}, None),
    ],
)
def test_a_measured_commit_is_compared(compared: Any, descent: set[str] | None, hub: Hub, at: Any) -> None:
    hub.compared["abcdef0"] = compared
    found = at().lineage(["abcdef0"]).of("abcdef0")
    assert found == (Descent(False) if descent is None else Descent(True, frozenset(descent)))


def test_a_repository_is_known_by_its_name_at_github_com_alone(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at().repository(Organisation(), False).name == "acme/triage"
    monkeypatch.setattr(App, "at_github_com", False)
    assert at().repository(Organisation(), False).name is None


@pytest.mark.parametrize(
    ("address", "there"),
    [(API, True), ("https://API.github.com/", True), ("https://ghes.acme.example/api/v3", False)],
)
def test_a_github_of_somebody_s_own_is_not_github_com(address: str, there: bool) -> None:
    assert App(7, private_key(), address).at_github_com is there


def test_a_branch_is_no_commit(hub: Hub, at: Any) -> None:
    hub.compared["abcdef0"] = {"status": "identical", "base_commit": {"sha": HEAD}}
    assert at().lineage(["abcdef0"]).of("abcdef0") is None


def test_what_names_no_commit_is_not_asked_for(hub: Hub, at: Any) -> None:
    source: AtHead = at()
    names = ["main", "../../user", "a" * 40]
    assert dict(source.lineage(names).commits) == dict.fromkeys(names, None)
    assert hub.counted() == [f"GET /repos/acme/triage/compare/{'a' * 40}...{HEAD}"]


def test_a_comparison_that_is_cut_or_refused_proves_nothing(hub: Hub, at: Any) -> None:
    hub.compared["a" * 40] = {"status": "ahead", "files": [{"filename": f"f{n}"} for n in range(300)]}
    assert "names only 300" in at().lineage(["a" * 40]).of("a" * 40).reason
    commits = [f"{number:040}" for number in range(6)]
    found = at().lineage(commits)
    assert [found.of(commit) for commit in commits[:5]] == [None] * 5
    assert found.of(commits[5]) == Unverifiable("results name more than 5 commits")


def test_a_head_that_is_gone_is_asked_for_again(hub: Hub, at: Any) -> None:
    source: AtHead = at()
    hub._files = lambda variables: {"repository": {"object": None}}  # type: ignore[method-assign]
    with pytest.raises(RetryLater, match="is not to be seen any more"):
        source.history(START, UTC)


def test_changes_that_may_not_be_seen_are_unverifiable(hub: Hub, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.patches = []
    monkeypatch.setattr(hub, "_patches", lambda _: (403, {}, '{"message": "Resource not accessible by integration"}'))
    source: AtHead = at()
    change = source.change()
    assert isinstance(change, Unverifiable)
    assert "403 Resource not accessible" in change.reason
    assert source.files(_wanted(".pilot.yml")).read(".pilot.yml") == SMALL
    monkeypatch.setattr(hub, "_compare", lambda _: (422, {}, '{"message": "Unprocessable"}'))
    found = source.lineage(["a" * 40]).of("a" * 40)
    assert isinstance(found, Unverifiable)
    assert "422" in found.reason
