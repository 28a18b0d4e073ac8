"""Whether the data that stands in the repository is what its manifest states: its hashes, its size, its rows."""

import csv
from collections.abc import Iterator, Mapping

from rules.evidence.hashes import Hash, hashed
from rules.evidence.manifests import Manifest, Part
from rules.values import quote

_LINES = (".jsonl", ".ndjson")
_CELLS = {".csv": ",", ".tsv": "\t"}
_POINTER = b"version https://git-lfs.github.com/spec/"


def differences(manifest: Manifest, contents: Mapping[str, bytes]) -> Iterator[str]:
    """What is stated wrongly of each part of which the content is at hand, in words that fit behind the manifest."""
    for part in manifest.parts:
        data = contents.get(part.path) if part.path and part.hashes else None
        said = None if data is None else _difference(part, data)
        if said is not None:
            yield said


def _difference(part: Part, data: bytes) -> str | None:
    if data.startswith(_POINTER):
        return _pointed(part, data)
    computed = {stated: stated.of(data) for stated in part.hashes}
    for stated, found in computed.items():
        if found not in (None, stated) and not _by_lines(stated, data):
            return f"states `{stated}` of {quote(part.path)}, which has `{found}`"
    unchanged = any(stated == found for stated, found in computed.items())
    if part.size is not None and part.size != len(data) and unchanged:
        return f"states {part.size} bytes of {quote(part.path)}, which has {len(data)}"
    rows = _rows(str(part.path), data) if part.rows is not None else frozenset()
    if rows and part.rows not in rows:
        return f"states {part.rows} rows of {quote(part.path)}, which has {min(rows)}"
    return None


def _by_lines(stated: Hash, data: bytes) -> bool:
    """Whether the hash is that of the same lines: Git may change their ends, and DVC before version 3 did."""
    plain = data.replace(b"\r\n", b"\n")
    return stated in (stated.of(plain), stated.of(plain.replace(b"\n", b"\r\n")))


def _pointed(part: Part, data: bytes) -> str | None:
    """The same by what Git LFS keeps in a file's place, which names its SHA-256."""
    lines = dict(line.partition(" ")[::2] for line in data[:1000].decode("utf-8", "replace").splitlines())
    found = hashed(lines.get("oid"))
    stated = next((one for one in part.hashes if one.algorithm == "sha256"), None)
    if found is None or stated is None or found.value == stated.value:
        return None
    return f"states `{stated}` of {quote(part.path)}, which has `{found}` in Git LFS"


def _rows(path: str, data: bytes) -> frozenset[int]:
    """How many rows a file has, in every way that they may be counted; none where it is of no format that has rows."""
    ending = path[path.rfind(".") :].lower()
    try:
        text = data.decode("utf-8-sig")
        if ending in _LINES:
            return frozenset({sum(1 for line in text.split("\n") if line.strip())})
        if ending not in _CELLS:
            return frozenset()
        rows = [bool("".join(row).strip()) for row in csv.reader(text.splitlines(True), delimiter=_CELLS[ending])]
    except (UnicodeDecodeError, csv.Error):
        return frozenset()
    # With and without the head, with and without empty rows.
    return frozenset(count - head for count in (len(rows), sum(rows)) for head in (0, 1) if count >= head)
