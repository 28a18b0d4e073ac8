"""Data in the repository is held against its manifest: hashes, size, rows."""

import hashlib
import json
from typing import Any

import pytest

from rules.evidence.manifests import Manifest, Manifests
from rules.evidence.manifests.standing import differences
from tests.rules.given import holding, policy

ROWS = b"a,b\n1,2\n3,4\n"
MD5, SHA256 = hashlib.md5(ROWS).hexdigest(), hashlib.sha256(ROWS).hexdigest()
OTHER = "a304afb96060aad90176268345e10355"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n"


def read(content: Any, path: str = "eval/m") -> Manifest:
    data = content if isinstance(content, str) else json.dumps(content)
    found = Manifests.read(policy(f"evaluation: [{{manifest: {path}}}]"), holding({path: data.encode()}))
    (one,) = found.manifests
    assert isinstance(one, Manifest)
    assert set(found.data) == {part.path for part in one.parts if part.path and part.hashes}
    return one


def said(content: Any, data: bytes = ROWS, at: str = "eval/a.csv") -> list[str]:
    return list(differences(read(content), {at: data}))


def dvc(md5: str = MD5, **more: object) -> dict[str, Any]:
    return {"outs": [{"md5": md5, "path": "a.csv", **more}]}


def package(**more: Any) -> dict[str, Any]:
    return {"name": "p", "resources": [{"name": "a", "path": "a.csv", **more}]}


@pytest.mark.parametrize(
    "content",
    [
        dvc(size=12),
        dvc() | {"wdir": "../eval"},
        dvc(OTHER, path="b.csv"),
        dvc(OTHER, path="../../a.csv"),
        dvc(OTHER, path="/eval/a.csv"),
        dvc(OTHER, path="s3://eval/a.csv"),
        dvc(OTHER, path="a.csv", nfiles=2),
        dvc(OTHER + ".dir"),
        {"outs": [{"checksum": OTHER, "path": "a.csv"}]},
        {"outs": [{"path": "", "files": [{"relpath": "a.csv", "md5": MD5}]}]},
        package(hash=f"sha256:{SHA256}", bytes=12, rowCount=2),
        package(hash=MD5, stats={"rows": 3}),
        package(hash=MD5, rowCount=7, dialect={"delimiter": ";"}),
        package(hash=MD5, rowCount=7, layout={"skipRows": ["#"]}),
        package(hash=f"crc32c:{OTHER}", bytes=3),
        package(path=["a.csv", "b.csv"], hash=OTHER),
        package(path=7, hash=OTHER),
        package(path="a.csv.gz", hash=OTHER),
        package(bytes=3),
    ],
)
def test_data_that_is_as_stated_or_not_to_be_told_is_fine(content: Any) -> None:
    assert said(content) == []


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (dvc(OTHER), f"states `md5:{OTHER}` of `eval/a.csv`, which has `md5:{MD5}`"),
        (dvc(size=11), "states 11 bytes of `eval/a.csv`, which has 12"),
        (dvc(OTHER) | {"wdir": "./x/.."}, f"states `md5:{OTHER}` of `eval/a.csv`, which has `md5:{MD5}`"),
        (
            {"outs": [{"path": ".", "files": [{"relpath": "a.csv", "md5": OTHER}]}]},
            f"states `md5:{OTHER}` of `eval/a.csv`, which has `md5:{MD5}`",
        ),
        (
            package(hash=MD5, stats={"sha256": OTHER * 2}),
            f"states `sha256:{OTHER * 2}` of `eval/a.csv`, which has `sha256:{SHA256}`",
        ),
        (package(hash=MD5, rowCount=4), "states 4 rows of `eval/a.csv`, which has 2"),
    ],
)
def test_data_that_is_not_as_stated_is_said_to_be(content: Any, wrong: str) -> None:
    assert said(content) == [wrong]


@pytest.mark.parametrize(("size", "fine"), [("12 B", True), (12, True), ("11 B", False), ("11.0 kB", True)])
def test_a_size_that_is_rounded_is_not_compared(size: object, fine: bool) -> None:
    one = {"@type": "cr:FileObject", "name": "a", "contentUrl": "a.csv", "sha256": SHA256, "contentSize": size}
    assert (said({"@type": "sc:Dataset", "distribution": [one]}) == []) == fine


def test_the_ends_of_lines_may_have_changed_on_the_way() -> None:
    windows = ROWS.replace(b"\n", b"\r\n")
    assert said(dvc(size=12), windows) == []
    assert said(dvc(hashlib.md5(windows).hexdigest(), size=15)) == []
    assert said(dvc(), ROWS + b"\r\n") != []


def test_a_pointer_of_git_lfs_says_which_data_it_stands_for() -> None:
    one = package(hash=f"sha256:{SHA256}", bytes=1)
    assert said(one, POINTER.format(SHA256).encode()) == []
    wrong = f"states `sha256:{SHA256}` of `eval/a.csv`, which has `sha256:{OTHER * 2}` in Git LFS"
    assert said(one, POINTER.format(OTHER * 2).encode()) == [wrong]
    assert said(one, POINTER.format("?").encode()) == []
    assert said(package(hash=OTHER), POINTER.format(SHA256).encode()) == []


@pytest.mark.parametrize(
    ("path", "data", "rows", "fine"),
    [
        ("a.csv", b'a\n"1\n2"\n', 1, True),
        ("a.csv", b'a\n"1\n2"\n', 3, False),
        ("a.csv", b"\xef\xbb\xbfa\n\n1\n", 1, True),
        ("a.tsv", b"a\tb\n1\t2\n", 1, True),
        ("a.jsonl", b'{"a": 1}\n{"a": 2}\n', 2, True),
        ("a.ndjson", b'{"a": 1}\n{"a": 2}\n', 3, False),
        ("a.txt", b"1\n", 9, True),
        ("a", b"1\n", 9, True),
        ("a.csv", b"gr\xfcn\n", 9, True),
        ("a.csv", b"x" * 200_000, 9, True),
        ("a.csv", b"\n", 1, True),
    ],
)
def test_rows_are_counted_where_a_file_has_them(path: str, data: bytes, rows: int, fine: bool) -> None:
    content = package(path=path, hash=hashlib.md5(data).hexdigest(), rowCount=rows)
    assert (said(content, data, f"eval/{path}") == []) == fine


@pytest.mark.parametrize(("size", "known"), [(0, True), (3, False), (None, False)])
def test_the_hash_of_an_empty_file_is_one_of_an_empty_file_alone(size: int | None, known: bool) -> None:
    content = {"outs": [{"md5": "d41d8cd98f00b204e9800998ecf8427e", "path": "a", "size": size}]}
    assert [part.name for part in read(content).unhashed] == ([] if known else ["a"])


@pytest.mark.parametrize("path", ["../../a", "/a", "~/a", "C:\\a", "https://a.example/a", "a\0b", "a" * 1001, ""])
def test_only_paths_in_the_repository_are_looked_up(path: str) -> None:
    assert read(dvc(path=path)).parts[0].path in (None, "")


def test_data_beside_a_manifest_at_the_root_is_found() -> None:
    assert read(dvc(path="./data/a.csv"), "m").parts[0].path == "data/a.csv"
