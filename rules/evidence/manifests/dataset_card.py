"""Hugging Face dataset cards: the YAML front matter of a README.md.

A card states rows and sizes (`dataset_info`), but no hash of the data: only older ones carry `download_checksums`,
SHA-256 by address. `source_datasets` names what the data extends.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.evidence.loading import listing, mapping
from rules.evidence.manifests import Manifest, stated
from rules.evidence.manifests.sizes import whole

FORMAT = "Hugging Face dataset card"

_KEYS = frozenset(
    {"dataset_info", "configs", "task_categories", "task_ids", "size_categories", "pretty_name", "source_datasets"}
)


def recognises(data: Any) -> bool:
    """Front matter with one of the keys that cards have."""
    return bool(_KEYS & frozenset(map(str, mapping(mapping(data).get("---")))))


def manifest(data: Any) -> Manifest:
    """What a card says of its data set, all its configurations together."""
    card = data["---"]
    described = card.get("dataset_info")
    infos = [mapping(one) for one in (described if isinstance(described, list) else [described])]
    checksums = {url: one for info in infos for url, one in mapping(info.get("download_checksums")).items()}
    parts = (stated(str(url), [(mapping(one).get("checksum"), "sha256")]) for url, one in checksums.items())
    return Manifest(
        FORMAT,
        tuple(one for one in parts if one.hashes or one.fault),
        rows=_total(infos, lambda info: [one.get("num_examples") for one in _splits(info)]),
        size=_total(infos, lambda info: [info.get("dataset_size", info.get("download_size"))]),
        origin=(*_extended(card), *(str(url) for url in checksums)),
        hash_hint="a dataset card has none of its data; name a Croissant file or a *.dvc instead",
        size_hint="write `dataset_info` with `num_examples` of each split",
        origin_hint="a dataset card records data sets alone; name a Croissant file with `isBasedOn` instead",
    )


def _splits(info: Mapping[Any, Any]) -> list[Mapping[Any, Any]]:
    return [mapping(one) for one in listing(info.get("splits"))]


def _total(infos: list[Mapping[Any, Any]], parts: Any) -> int | None:
    each = [whole(value) for info in infos for value in parts(info)]
    known = [one for one in each if one is not None]
    return sum(known) if known and len(known) == len(each) else None


def _extended(card: Mapping[Any, Any]) -> Iterator[str]:
    for name in listing(card.get("source_datasets")):
        if isinstance(name, str) and name.startswith("extended|"):
            yield name.removeprefix("extended|")
