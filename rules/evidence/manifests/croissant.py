"""Croissant 1.0 and 1.1 (JSON-LD): the files of `distribution` with their hashes, and the provenance of the whole.

Keys are known by their last part, since contexts shorten them differently (`sha256`, `sc:sha256`,
`https://schema.org/sha256`). A file inside another one (`containedIn`) needs no hash of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rules.evidence.loading import Broken, listing, mapping, number
from rules.evidence.manifests import Manifest, Part, stated
from rules.evidence.manifests.sizes import exact, in_bytes

FORMAT = "Croissant"

_PROVENANCE = ("isBasedOn", "wasDerivedFrom", "url", "citeAs")


def recognises(data: Any) -> bool:
    """A data set of schema.org's vocabulary, alone or as the one in `@graph`."""
    return _dataset(data) is not None


def _dataset(data: Any) -> Mapping[Any, Any] | None:
    graph = mapping(data).get("@graph", data)
    nodes = listing(graph) if isinstance(graph, list) else [graph]
    return next((mapping(one) for one in nodes if "Dataset" in _types(mapping(one))), None)


def _types(node: Mapping[Any, Any]) -> list[str]:
    kinds = node.get("@type")
    return [_local(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _local(name: object) -> str:
    return re.split(r"[:/#]", str(name)[-200:])[-1]


def _values(node: Mapping[Any, Any], name: str) -> list[Any]:
    """The values of a property, however it is written."""
    found = []
    for key, value in node.items():
        if key == name or _local(key) == name:
            found += value if isinstance(value, list) else [value]
    return found


def _texts(node: Mapping[Any, Any], name: str) -> Iterator[str]:
    """The texts that a property holds, those of the things that it names included."""
    for value in _values(node, name):
        for one in (value, *map(mapping(value).get, ("@id", "@value", "url", "contentUrl", "name"))):
            if isinstance(one, str) and one.strip():
                yield one.strip()


def manifest(data: Any) -> Manifest:
    """What a Croissant file says of the files of its data."""
    dataset = _dataset(data) or {}
    parts = [mapping(one) for one in _values(dataset, "distribution")]
    files = [one for one in parts if "FileObject" in _types(one) and not _values(one, "containedIn")]
    if not files:
        raise Broken("names no file of the data: write a `cr:FileObject` for each in `distribution`")
    sizes = [in_bytes(_size(one)) for one in files]
    return Manifest(
        FORMAT,
        tuple(part for one in files if (part := _part(one))),
        size=sum(one for one in sizes if one is not None) if None not in sizes else None,
        origin=tuple(dict.fromkeys(_origin(dataset, parts))),
        hash_hint="write the `sha256` of each `cr:FileObject`",
        size_hint="write the `contentSize` of each `cr:FileObject`",
        origin_hint="write the address that the data was drawn from as `isBasedOn`",
    )


def _part(one: Mapping[Any, Any]) -> Part | None:
    name = next(_texts(one, "name"), None) or str(one.get("@id"))
    hashes = [(text, kind) for kind in ("sha256", "md5") for text in _texts(one, kind)]
    part = stated(name, hashes, exact(_size(one)))
    # What git holds has no hash of its own: mlcroissant's own files say so.
    if not part.hashes and any(text.startswith("git+") for text in _texts(one, "encodingFormat")):
        return None
    return replace(part, path=next(_texts(one, "contentUrl"), None))


def _size(node: Mapping[Any, Any]) -> Any:
    size = next(iter(_values(node, "contentSize")), None)
    return size if number(size) is not None else next(_texts({"size": size}, "size"), None)


def _origin(dataset: Mapping[Any, Any], parts: list[Mapping[Any, Any]]) -> Iterator[str]:
    for name in _PROVENANCE:
        yield from _texts(dataset, name)
    for one in parts:
        for name in ("contentUrl", "isBasedOn", "wasDerivedFrom"):
            yield from (text for text in _texts(one, name) if name != "contentUrl" or "://" in text)
