"""Manifests in the shapes that the formats' own documentation shows, whole."""

import json
from typing import Any

import pytest

from rules.evidence.manifests import Manifest, Manifests
from tests.rules.given import holding, policy

MD5, SHA256 = "a304afb96060aad90176268345e10355", "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"


def read(content: Any) -> Manifest:
    data = content if isinstance(content, str) else json.dumps(content)
    (found,) = Manifests.read(policy("evaluation: [{manifest: m}]"), holding({"m": data.encode()})).manifests
    assert isinstance(found, Manifest), found
    return found


IMPORT_URL = f"""md5: {MD5[::-1]}
frozen: true
deps:
- etag: '"f432e270cd634c51296ecd2bc2f5e752-5"'
  size: 14445097
  path: https://data.dvc.org/get-started/data.xml
outs:
- md5: {MD5}
  size: 14445097
  hash: md5
  path: data.xml
"""
VERSION_AWARE = f"""md5: {MD5[::-1]}
frozen: true
deps:
- path: s3://acme-invoices/2026-09
  files:
  - size: 4
    version_id: x
    etag: y
    relpath: a.csv
outs:
- path: 2026-09
  push: false
  hash: md5
  files:
  - size: 4
    md5: {MD5}
    relpath: a.csv
    cloud: {{s3: {{etag: y, version_id: x}}}}
"""
IMPORT_DB = f"""md5: {MD5[::-1]}
frozen: true
deps:
- db:
    query: select * from invoices where paid
    connection: pgsql
    file_format: csv
outs:
- md5: {MD5}
  size: 5732
  hash: md5
  path: invoices.csv
"""
IMPORT = f"""md5: {MD5[::-1]}
frozen: true
deps:
- path: data/data.xml
  repo:
    url: https://github.com/iterative/dataset-registry
    rev: v1
    rev_lock: 0547f5883fb18e523e35578e2f0d19648c8f2d5c
outs:
- md5: {MD5}
  size: 14445097
  hash: md5
  path: data.xml
"""


@pytest.mark.parametrize(
    ("content", "size", "origin"),
    [
        (IMPORT_URL, 14445097, "https://data.dvc.org/get-started/data.xml"),
        (IMPORT_DB, 5732, "db://pgsql/ select * from invoices where paid"),
        (IMPORT, 14445097, "https://github.com/iterative/dataset-registry data/data.xml"),
        (VERSION_AWARE, 4, "s3://acme-invoices/2026-09"),
    ],
)
def test_what_dvc_imports_is_identified_sized_and_has_an_origin(content: str, size: int, origin: str) -> None:
    found = read(content)
    assert (sorted(map(str, found.hashes)), found.unhashed, found.size, found.origin) == (
        [f"md5:{MD5}"],
        (),
        size,
        (origin,),
    )


def croissant(version: str, **more: Any) -> dict[str, Any]:
    return {
        "@context": {"@language": "en", "@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
        "@type": "sc:Dataset",
        "name": "invoices",
        "dct:conformsTo": f"http://mlcommons.org/croissant/{version}",
        "license": "https://example.com/licence",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "invoices.csv",
                "name": "invoices.csv",
                "contentUrl": "data/invoices.csv",
                "encodingFormat": "text/csv",
                "contentSize": "5732 B",
                "sha256": SHA256,
            },
            {"@type": "cr:FileSet", "@id": "parts", "includes": "*.csv", "containedIn": {"@id": "invoices.csv"}},
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "invoices"}],
        **more,
    }


@pytest.mark.parametrize(
    "content",
    [
        croissant("1.0", isBasedOn="https://erp.acme.example"),
        croissant("1.1", **{"prov:wasDerivedFrom": {"@type": "prov:Entity", "@id": "https://erp.acme.example"}}),
        croissant("1.1", isBasedOn=[{"@type": "CreativeWork", "url": "https://erp.acme.example"}]),
    ],
    ids=["1.0", "1.1 with provenance", "1.1 with a work"],
)
def test_croissant_says_hash_size_and_origin(content: Any) -> None:
    found = read(content)
    assert (sorted(map(str, found.hashes)), found.size, found.origin) == (
        [f"sha256:{SHA256}"],
        5732,
        ("https://erp.acme.example",),
    )
    assert [part.path for part in found.parts] == ["data/invoices.csv"]


def test_croissant_as_the_hub_generates_it_has_no_hash() -> None:
    hub = croissant("1.0", url="https://huggingface.co/datasets/acme/invoices")
    hub["distribution"] = [
        {
            "@type": "cr:FileObject",
            "@id": "repo",
            "name": "repo",
            "contentUrl": "https://huggingface.co/datasets/acme/invoices/tree/refs%2Fconvert%2Fparquet",
            "encodingFormat": "git+https",
            "sha256": "https://github.com/mlcommons/croissant/issues/80",
        },
        {"@type": "cr:FileSet", "@id": "parquet-files", "containedIn": {"@id": "repo"}, "includes": "*/*.parquet"},
    ]
    found = read(hub)
    assert (found.hashes, found.unhashed, found.size) == (frozenset(), (), None)


RESOURCE = {"name": "invoices", "path": "data/invoices.csv", "format": "csv", "bytes": 5732, "hash": f"sha256:{SHA256}"}
SOURCES = [{"title": "ERP", "path": "https://erp.acme.example"}]
VERSION_1 = {"profile": "tabular-data-package", "name": "invoices", "resources": [RESOURCE], "sources": SOURCES}
VERSION_2 = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "invoices",
    "resources": [{**RESOURCE, "type": "table", "schema": {"fields": [{"name": "id", "type": "integer"}]}}],
    "sources": [{**SOURCES[0], "version": "2026-09"}],
    "contributors": [{"title": "Ana", "roles": ["creator"]}],
}


@pytest.mark.parametrize("content", [VERSION_1, VERSION_2], ids=["version 1", "version 2"])
def test_a_data_package_says_hash_size_and_origin(content: Any) -> None:
    found = read(content)
    assert (sorted(map(str, found.hashes)), found.size, found.origin) == (
        [f"sha256:{SHA256}"],
        5732,
        ("https://erp.acme.example", "ERP"),
    )


CARD = """---
annotations_creators: [expert-generated]
language: [en]
license: cc-by-4.0
size_categories: [1K<n<10K]
source_datasets: [original]
task_categories: [text-classification]
pretty_name: Invoices
dataset_info:
- config_name: default
  features:
  - {name: text, dtype: string}
  splits:
  - {name: test, num_bytes: 5732, num_examples: 66}
  download_size: 3000
  dataset_size: 5732
configs:
- config_name: default
  data_files:
  - {split: test, path: data/test-*}
---
# Dataset Card for Invoices
"""


def test_a_card_says_rows_and_size() -> None:
    found = read(CARD)
    assert (found.format, found.rows, found.size, found.hashes) == ("Hugging Face dataset card", 66, 5732, frozenset())
