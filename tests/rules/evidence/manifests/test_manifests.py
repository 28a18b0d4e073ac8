"""Manifests as DVC, Croissant, Frictionless and the Hugging Face hub write them."""

import json
from pathlib import Path
from typing import Any

import pytest

from rules.evidence.manifests import Manifest, Manifests, Unusable
from rules.evidence.manifests.sizes import in_bytes
from rules.facts import Files, Unverifiable
from tests.rules.given import holding, policy

REAL = Path(__file__).parent / "real"
MD5, SHA256 = "a304afb96060aad90176268345e10355", "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"


def told(content: object) -> Manifest | Unusable | Unverifiable | None:
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    files = {"m": data if isinstance(data, bytes) else data.encode()}
    return Manifests.read(policy("evaluation: [{manifest: m}]"), holding(files)).manifests[0]


def manifest(content: object) -> Manifest:
    found = told(content)
    assert isinstance(found, Manifest), found
    return found


def essence(content: object) -> tuple[str, list[str], tuple[str, ...], int | None, int | None, tuple[str, ...]]:
    one = manifest(content)
    return (
        one.format,
        sorted(map(str, one.hashes)),
        tuple(part.name for part in one.unhashed),
        one.rows,
        one.size,
        one.origin,
    )


# DVC


def test_what_dvc_add_writes_has_no_origin() -> None:
    added = f"outs:\n- md5: {MD5}\n  size: 37891850\n  path: data.xml\n"
    assert essence(added) == ("DVC", [f"md5:{MD5}"], (), None, 37891850, ())
    oldest = f"md5: {MD5[::-1]}\nwdir: .\nouts:\n- md5: {MD5}\n  path: data.xml\n  cache: true\n"
    assert essence(oldest) == ("DVC", [f"md5:{MD5}"], (), None, None, ())
    folder = f"outs:\n- md5: {MD5}.dir\n  size: 18999874\n  nfiles: 183\n  hash: md5\n  path: pool_data\n"
    assert essence(folder) == ("DVC", [f"md5:{MD5}"], (), None, 18999874, ())


@pytest.mark.parametrize(
    ("dep", "origin"),
    [
        ("{etag: '\"1\"', size: 1, path: 'https://data.acme.example/a.csv'}", "https://data.acme.example/a.csv"),
        (
            "{path: data/a.xml, repo: {url: 'git@github.com:acme/data', rev_lock: abc}}",
            "git@github.com:acme/data data/a.xml",
        ),
        ("{db: {connection: pgsql, query: 'select 1', file_format: csv}}", "db://pgsql/ select 1"),
        ("{db: {connection: pgsql, table: invoices}}", "db://pgsql/ invoices"),
        ("{path: /mnt/prod/a.csv}", "/mnt/prod/a.csv"),
        ("{path: remote://prod/a.csv}", "remote://prod/a.csv"),
    ],
)  # fmt: skip
def test_what_dvc_imports_records_its_origin(dep: str, origin: str) -> None:
    imported = f"md5: {MD5}\nfrozen: true\ndeps:\n- {dep}\n- {{path: script.py}}\nouts:\n- {{md5: {MD5}, path: a}}\n"
    assert manifest(imported).origin == (origin,)


def test_outputs_of_dvc_without_a_hash_are_named() -> None:
    files = f"files: [{{relpath: a, md5: {MD5}, size: 1}}, {{relpath: b, md5: {MD5[::-1]}, size: 1}}]"
    versioned = f"outs: [{{path: v, size: 2, {files}}}, {{path: w, etag: x}}, {{path: h, checksum: {MD5}}}]"
    assert essence(versioned)[:3] == ("DVC", sorted([f"md5:{MD5[::-1]}", f"{MD5}", f"md5:{MD5}"]), ("w",))
    half = f"outs: [{{path: v, files: [{{md5: {MD5}}}, {{relpath: b}}]}}]"
    assert essence(half)[1:3] == ([f"md5:{MD5}"], ("v",))


# Croissant


def test_a_real_croissant_file() -> None:
    hash_ = "sha256:48a7c257f3c90b2a3e529ddd2cca8f4f1bd8e49ed244ef53927649504ac55354"
    url = "https://example.com/dataset/recipes/minimal-recommended"
    found = essence((REAL / "minimal_recommended.json").read_bytes())
    assert found == ("Croissant", [hash_], (), None, None, (url,))


def croissant(*files: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"@type": "sc:Dataset", "distribution": [{"@type": "cr:FileObject", **one} for one in files], **more}


def test_keys_are_known_however_the_context_shortens_them() -> None:
    data = {
        "@graph": [
            {"@type": "Person"},
            {
                "@type": ["https://schema.org/Dataset"],
                "https://schema.org/distribution": [
                    {"@type": "sc:FileObject", "sc:sha256": {"@value": SHA256}, "sc:contentSize": "2 kB"},
                    {"@type": "cr:FileObject", "cr:md5": MD5, "contentSize": 48},
                    {"@type": "cr:FileObject", "name": "inner", "containedIn": {"@id": "x"}},
                    {"@type": "cr:FileSet", "includes": "*.csv"},
                ],
                "prov:wasDerivedFrom": [{"@id": "https://a.example/1"}, {"url": "https://b.example"}],
                "citeAs": "from https://c.example",
            },
        ]
    }
    origin = ("https://a.example/1", "https://b.example", "from https://c.example")
    assert essence(data) == ("Croissant", [f"md5:{MD5}", f"sha256:{SHA256}"], (), None, 2048, origin)


def test_files_of_croissant_without_a_hash_are_named() -> None:
    placeholder = {"name": "repo", "sha256": "https://github.com/mlcommons/croissant/issues/80"}
    git = {**placeholder, "encodingFormat": "git+https", "contentUrl": "https://huggingface.co/datasets/x"}
    data = croissant({"@id": "a", "sha256": SHA256, "contentUrl": "data/a.csv"}, placeholder, git, {"@id": "b"})
    assert essence(data)[2:] == (("repo", "b"), None, None, ("https://huggingface.co/datasets/x",))
    assert told(croissant()) == Unusable(
        "`m` names no file of the data: write a `cr:FileObject` for each in `distribution`"
    )


# Frictionless


def test_a_data_package() -> None:
    resources = [
        {"name": "a", "path": "a.csv", "hash": MD5, "bytes": 10, "rowCount": 3},
        {
            "name": "b",
            "path": ["https://b.example/b.csv"],
            "hash": f"sha256:{SHA256}",
            "bytes": 5,
            "stats": {"rows": 4},
        },
        {"name": "c", "data": [1], "rowCount": 1, "sources": [{"path": "https://c.example"}, {"title": "C"}, "x"]},
    ]
    package = {"name": "p", "resources": resources, "sources": [{"title": "ERP", "path": "https://erp.example"}]}
    origin = ("https://erp.example", "ERP", "https://c.example", "C", "https://b.example/b.csv")
    assert essence(package) == ("Frictionless", [f"md5:{MD5}", f"sha256:{SHA256}"], (), 8, 15, origin)


def test_older_data_packages_keep_hashes_under_stats() -> None:
    stats = [{"sha256": SHA256, "bytes": 1}, {"hash": MD5}, {"md5": MD5, "bytes": "x"}]
    resources = [{"path": f"{number}.csv", "stats": one} for number, one in enumerate(stats)]
    package = {"profile": "data-package", "count_of_rows": 7, "resources": [*resources, {"path": "z.csv"}]}
    assert essence(package) == ("Frictionless", [f"md5:{MD5}", f"sha256:{SHA256}"], ("z.csv",), 7, None, ())
    assert told({"name": "p", "resources": []}) == Unusable(
        "`m` names no data, its `resources` is empty: write one for each file"
    )


# Hugging Face

CARD = """---
license: mit
source_datasets:
- original
- extended|squad
dataset_info:
  splits:
  - {name: test, num_bytes: 135972, num_examples: 1066}
  - {name: train, num_bytes: 1074810, num_examples: 8530}
  download_size: 487770
  dataset_size: 1345461
---

# Dataset Card
"""


def test_a_dataset_card_has_rows_and_size_but_no_hash() -> None:
    assert essence(CARD) == ("Hugging Face dataset card", [], (), 9596, 1345461, ("squad",))
    several = "---\ndataset_info:\n- {config_name: a, download_size: 3}\n- {config_name: b}\n---\n"
    assert essence(several) == ("Hugging Face dataset card", [], (), None, None, ())
    assert essence("---\npretty_name: A\n---")[3:5] == (None, None)


def test_checksums_of_an_old_card_are_hashes() -> None:
    sums = f"{{'https://a.example/x.zip': {{num_bytes: 3, checksum: {SHA256}}}, 'https://b': {{checksum: null}}}}"
    card = f"---\ndataset_info: {{dataset_size: 3, download_checksums: {sums}}}\n---\n"
    assert essence(card)[1:] == ([f"sha256:{SHA256}"], (), None, 3, ("https://a.example/x.zip", "https://b"))


# All of them


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "`m` is empty: commit the manifest of the data"),
        ("outs: []", "`m` tracks no data, its `outs` is empty: write it with `dvc import-url` or `dvc add`"),
        ("a: 1\n---\nb: 1\n---\nc: 1", "`m` holds 3 YAML documents: commit one manifest"),
        ('{"a": 1}\n{"a": 2}\n', "`m:2` holds several JSON values: commit one manifest"),
        ('{"outs": [], "outs": []}', "`m` has the key `outs` twice in one object: remove the wrong one"),
        ("outs: []\nouts: []\n", "`m:2` has the key `outs` twice in one mapping: remove the wrong one"),
        (b"\xfe\xff\0{\0}", "`m` is UTF-16: save it as UTF-8"),
        ("{", "`m:1` is not JSON: expecting property name enclosed in double quotes"),
        (b"PAR1\0", "`m` is binary, not text: commit it as text, in UTF-8"),
    ],
)
def test_a_broken_manifest_is_to_be_mended(content: object, message: str) -> None:
    assert told(content) == Unusable(message)


UNKNOWN = "`m` is of no format that is read here (DVC, Croissant, Frictionless, Hugging Face dataset card)"


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n",
        "[]",
        "{}",
        "# Notes\n",
        "---\ntitle: A post\n---\n",
        "stages: {}\nouts: []\n",
        '{"resources": []}',
        "1",
    ],
)
def test_an_unknown_format_is_unclear(content: str) -> None:
    assert told(content) == Unverifiable(UNKNOWN)


@pytest.mark.parametrize("content", ["kind: DataContract\n", "dataContractSpecification: 1.1.0\n"])
def test_a_data_contract_is_unclear_by_name(content: str) -> None:
    found = told(content)
    assert isinstance(found, Unverifiable)
    assert found.reason.startswith("`m` is a data contract (ODCS)")


def test_every_evaluation_has_its_own_and_a_file_is_read_once() -> None:
    text = "evaluation: [{}, {manifest: m, paths: ['src/**', src, docs]}, {manifest: m}, {manifest: n, paths: [src/]}]"
    files = holding({"m": b"outs: []", "src/a.py": b""})
    found = Manifests.read(policy(text), files)
    assert found.manifests[0] is None
    assert found.manifests[1] is found.manifests[2]
    assert found.manifests[3] == Unusable("`n` is not there: commit it there")
    assert found.stray == ((1, 1, "src/**"), (1, 2, None), (3, 0, "src/**"))
    assert found.unlisted is None
    assert list(Manifests.wanted(policy(text))) == ["m", "m", "n"]


def test_files_that_can_not_be_listed_leave_patterns_unclear() -> None:
    why = Unverifiable("the tree was cut short")
    found = Manifests.read(policy("evaluation: [{paths: [a]}]"), Files({}, why))
    assert (found.stray, found.unlisted) == ((), why)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("48213377 B", 48213377),
        ("12.3 MB", 12_300_000),
        ("1 GiB", 1024**3),
        ("2kb", 2000),
        ("1,024 bytes", 1024),
        (7, 7),
        (-1, None),
        ("big", None),
        (None, None),
        (True, None),
    ],
)
def test_sizes_are_read_as_people_write_them(written: object, expected: int | None) -> None:
    assert in_bytes(written) == expected
