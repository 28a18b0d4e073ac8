"""Frictionless data packages (`datapackage.json`, `datapackage.yaml`), of the standard's versions 1 and 2.

`hash` is MD5 unless its beginning says otherwise, as in `sha256:7d1a…`. What older versions of the framework keep under
`stats` counts, too. A resource with its data in the package itself needs no hash.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rules.evidence.loading import Broken, listing, mapping
from rules.evidence.manifests import Manifest, Part, stated
from rules.evidence.manifests.sizes import whole

FORMAT = "Frictionless"

# What says how a file is cut into rows, so that they can't just be counted.
_CUT = frozenset({"dialect", "layout", "control", "query", "compression", "innerpath", "extrapaths"})
_PACKED = (".zip", ".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz")


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
    return Manifest(
        FORMAT,
        tuple(_part(one) for one in files),
        rows=_total(resources, "rowCount", "rows") or whole(data.get("count_of_rows")),
        size=_total(files, "bytes", "bytes"),
        origin=tuple(dict.fromkeys(_origin(data, resources))),
        hash_hint="write the `hash` of each resource, as in `hash: sha256:…`",
        size_hint="write the `bytes` of each resource",
        origin_hint="write the address that the data was drawn from under `sources`, as its `path`",
    )


def _part(resource: Mapping[Any, Any]) -> Part:
    stats = mapping(resource.get("stats"))
    hashes = [
        (resource.get("hash"), "md5"),
        (stats.get("hash"), str(resource.get("hashing") or "md5")),
        (stats.get("sha256"), "sha256"),
        (stats.get("md5"), "md5"),
    ]
    found = stated(str(resource.get("name") or resource["path"]), hashes, _count(resource, "bytes", "bytes"))
    paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
    # A hash of several files, or of what is inside an archive, is made of what stands in none of them.
    if len(paths) > 1 or not isinstance(paths[0], str) or paths[0].lower().endswith(_PACKED):
        return found
    rows = None if _CUT & resource.keys() else _count(resource, "rowCount", "rows")
    return replace(found, path=paths[0], rows=rows)


def _count(resource: Mapping[Any, Any], key: str, stat: str) -> int | None:
    return whole(resource.get(key, mapping(resource.get("stats")).get(stat)))


def _total(resources: list[Mapping[Any, Any]], key: str, stat: str) -> int | None:
    """What all resources have together; None where one of them does not say."""
    each = [_count(one, key, stat) for one in resources]
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
