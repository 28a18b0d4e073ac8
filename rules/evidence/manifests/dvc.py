"""DVC's `*.dvc` files: `outs` with their hashes, `deps` with what `dvc import`, `import-url` and `import-db` recorded.

`dvc add` writes no `deps`: such a file says what the data is, and nothing of where it came from.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rules.evidence.loading import Broken, listing, mapping
from rules.evidence.manifests import Manifest, Part, stated
from rules.evidence.manifests.sizes import in_bytes

FORMAT = "DVC"

_KEYS = frozenset({"outs", "deps", "frozen", "wdir", "md5", "meta", "desc", "cmd", "locked", "always_changed"})


def recognises(data: Any) -> bool:
    """The keys of a `*.dvc` file, `outs` among them, and no others."""
    found = mapping(data)
    return "outs" in found and frozenset(map(str, found)) <= _KEYS


def manifest(data: Any) -> Manifest:
    """What a `*.dvc` file says of its outputs."""
    outs = [mapping(one) for one in listing(data["outs"])]
    if not outs:
        raise Broken("tracks no data, its `outs` is empty: write it with `dvc import-url` or `dvc add`")
    sizes = [_size(one) for one in outs]
    return Manifest(
        FORMAT,
        tuple(part for one in outs for part in _parts(one, data.get("wdir"))),
        size=sum(one for one in sizes if one is not None) if None not in sizes else None,
        origin=tuple(_origin(data)),
        hash_hint="run `dvc commit`",
        size_hint="run `dvc commit` with DVC 2 or later, which writes `size`",
        origin_hint="import it with `dvc import-url` or `dvc import-db`, since `dvc add` records no origin",
    )


def _size(out: Mapping[Any, Any]) -> int | None:
    """Its size; with cloud versioning, that of its files together."""
    files = [in_bytes(mapping(one).get("size")) for one in listing(out.get("files"))]
    known = [one for one in files if one is not None]
    if "size" in out or not known or len(known) < len(files):
        return in_bytes(out.get("size"))
    return sum(known)


def _parts(out: Mapping[Any, Any], folder: object) -> Iterator[Part]:
    name = str(out.get("path"))
    path = f"{folder}/{name}" if isinstance(folder, str) else name
    whole = _part(name, path, out)
    # With cloud versioning, a folder is a list of its files.
    inside = [mapping(part) for part in listing(out.get("files"))] if not whole.hashes else []
    if not inside:
        yield whole
    for one in inside:
        yield _part(name, f"{path}/{one.get('relpath')}", one)


def _part(name: str, path: str, entry: Mapping[Any, Any]) -> Part:
    """What is stated of content: an `etag` is no hash of it, since a store may make it of anything."""
    found = stated(name, [(entry.get("md5"), "md5"), (entry.get("checksum"), "")], in_bytes(entry.get("size")))
    folder = "nfiles" in entry or str(entry.get("md5")).endswith(".dir")
    return found if folder else replace(found, path=path)


def _origin(data: Any) -> Iterator[str]:
    for dep in map(mapping, listing(data.get("deps"))):
        path, repo, base = dep.get("path"), mapping(dep.get("repo")), mapping(dep.get("db"))
        if isinstance(repo.get("url"), str):
            yield f"{repo['url']} {path or ''}".rstrip()
        elif base:
            query = base.get("table") or base.get("query") or ""
            yield f"db://{base.get('connection', '')}/ {query}".rstrip()
        elif isinstance(path, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|/|[A-Za-z]:[\\/]", path):
            yield path
