"""Frictionless data packages (`datapackage.json`, `datapackage.yaml`), of the standard's versions 1 and 2.

`hash` is MD5 unless its beginning says otherwise, as in `sha256:7d1a…`. What older versions of the framework keep under
`stats` counts, too. A resource with its data in the package itself needs no hash.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.evidence.hashes import Hash, hashed
from rules.evidence.loading import Broken, listing, mapping
from rules.evidence.manifests import Manifest
from rules.evidence.manifests.sizes import whole

FORMAT = "Frictionless"


def recognises(data: Any) -> bool:
    """A package has `resources`, each with a `path` or its `data`."""
    found = mapping(data)
    resources = listing(found.get("resources"))
    named = "profile" in found or "$schema" in found or "name" in found
    inside = [mapping(one) for one in resources]
    return "resources" in found and (bool(inside) or named) and all("path" in one or "data" in one for one in inside)


def manifest(data: Any) -> Manifest:
    """What a package says of its resources."""
    resources = [mapping(one) for one in listing(data["resources"])]
    if not resources:
        raise Broken("names no data, its `resources` is empty: write one for each file")
    files = [one for one in resources if "path" in one]
    found = {index: list(_hashes(one)) for index, one in enumerate(files)}
    return Manifest(
        FORMAT,
        frozenset(each for known in found.values() for each in known),
        tuple(_name(files[index]) for index, known in found.items() if not known),
        rows=_total(resources, "rowCount", "rows") or whole(data.get("count_of_rows")),
        size=_total(files, "bytes", "bytes"),
        origin=tuple(dict.fromkeys(_origin(data, resources))),
        hash_hint="write the `hash` of each resource, as in `hash: sha256:…`",
        size_hint="write the `bytes` of each resource",
        origin_hint="write the address that the data was drawn from under `sources`, as its `path`",
    )


def _name(resource: Mapping[Any, Any]) -> str:
    return str(resource.get("name") or resource["path"])


def _hashes(resource: Mapping[Any, Any]) -> Iterator[Hash]:
    stats = mapping(resource.get("stats"))
    stated = [
        hashed(resource.get("hash"), "md5"),
        hashed(stats.get("hash"), str(resource.get("hashing") or "md5")),
        hashed(stats.get("sha256"), "sha256"),
        hashed(stats.get("md5"), "md5"),
    ]
    yield from (one for one in stated if one is not None)


def _total(resources: list[Mapping[Any, Any]], key: str, stat: str) -> int | None:
    """What all resources have together; None where one of them does not say."""
    each = [whole(one.get(key, mapping(one.get("stats")).get(stat))) for one in resources]
    known = [one for one in each if one is not None]
    return sum(known) if known and len(known) == len(each) else None


def _origin(data: Any, resources: list[Mapping[Any, Any]]) -> Iterator[str]:
    for holder in (data, *resources):
        for source in map(mapping, listing(holder.get("sources"))):
            for key in ("path", "web", "title", "name"):
                if isinstance(source.get(key), str):
                    yield source[key]
    for one in resources:
        paths = one.get("path")
        for path in paths if isinstance(paths, list) else [paths]:
            if isinstance(path, str) and "://" in path:
                yield path
