"""What the manifests of `evaluation` say of the data: its hashes, its size, and where it came from.

A module of this package that has `FORMAT` reads one format of manifest (see `Format`); there is no list of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, Self, cast

from rules.evidence.hashes import Hash, hashed, unfit
from rules.evidence.loading import Broken, Fault, Opaque, documents, json_value, mapping, opened
from rules.facts import Files, Unverifiable
from rules.policy import Evaluation, Policy
from rules.values import Glob, RepoPath, quote


@dataclass(frozen=True, slots=True)
class Part:
    """A file or folder of the data, and what is stated of it.

    `path` is that of a single file: as the manifest writes it, then as the repository does; None for an address, an
    archive's inside, or what leads out of the repository. `fault` says what is wrong with a hash that is stated, as a
    part of a sentence. `size` is None where it is rounded, `rows` where they can't be counted in the file.
    """

    name: str
    hashes: tuple[Hash, ...] = ()
    fault: str | None = None
    path: str | None = None
    size: int | None = None
    rows: int | None = None


def stated(name: str, hashes: Iterable[tuple[object, str]], size: int | None = None) -> Part:
    """A part with the hashes that are stated of it: what stands there, and by which algorithm if it names none.

    The hash of an empty file is one only where the size is stated as 0.
    """
    pairs = list(hashes)
    found = (hashed(text, algorithm) for text, algorithm in pairs)
    known = tuple(dict.fromkeys(one for one in found if one is not None and (size == 0 or not one.hollow)))
    faults = (f"{quote(text)} {why}" for text, algorithm in pairs if (why := unfit(text, algorithm)) is not None)
    return Part(name, known, None if known else next(faults, None), size=size)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read.

    `parts` are those of the data that need a hash of their own. `rows` and `size` (in bytes) are None where nothing
    states them. `origin` is what it records of where the data came from, each as it is written: addresses, queries,
    names. The hints say, as parts of a sentence, where this format keeps each of the three.
    """

    format: str
    parts: tuple[Part, ...] = ()
    rows: int | None = None
    size: int | None = None
    origin: tuple[str, ...] = ()
    hash_hint: str = "write the hash of each file"
    size_hint: str = "write the number of rows"
    origin_hint: str = "write the address that the data was drawn from"

    @property
    def hashes(self) -> frozenset[Hash]:
        """The hashes of the data's content."""
        return frozenset(one for part in self.parts for one in part.hashes)

    @property
    def unhashed(self) -> tuple[Part, ...]:
        """The parts that have no hash, one of each name."""
        return tuple({part.name: part for part in reversed(self.parts) if not part.hashes}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why there is no manifest to read, for people to mend: a sentence that says what to write."""

    message: str


class Format(Protocol):
    """What a module of this package promises for one format."""

    FORMAT: str
    """Its name, as people write it."""

    @staticmethod
    def recognises(data: Any) -> bool:
        """Whether data (of JSON, YAML, or the front matter of Markdown) is a manifest of this format. Never raises."""

    @staticmethod
    def manifest(data: Any) -> Manifest:
        """What it says; Broken or Opaque where that can't be told."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """What every evaluation's manifest says, in the order of the policy's; None for an evaluation that names none.

    `stray`: the patterns of `paths` that mean no file, by where they stand, (evaluation, pattern); with a pattern that
    would mean one, where it is known. `unlisted` is why the files can't be listed.
    """

    manifests: tuple[Manifest | Unusable | Unverifiable | None, ...] = ()
    stray: tuple[tuple[int, int, str | None], ...] = ()
    unlisted: Unverifiable | None = None

    @property
    def data(self) -> tuple[str, ...]:
        """The paths at which data may stand in the repository itself, each once."""
        read = (one for one in self.manifests if isinstance(one, Manifest))
        return tuple(dict.fromkeys(part.path for one in read for part in one.parts if part.path and part.hashes))

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The manifests."""
        return tuple(one.manifest for one in policy.evaluation or () if one.manifest is not None)

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """What each manifest says; never raises on any content."""
        evaluations = policy.evaluation or ()
        known: dict[str, Manifest | Unusable | Unverifiable] = {}
        for one in evaluations:
            if one.manifest is not None and one.manifest not in known:
                known[one.manifest] = manifest(one.manifest, files)
        found = tuple(None if one.manifest is None else known[one.manifest] for one in evaluations)
        if isinstance(files.paths, Unverifiable):
            return cls(found, unlisted=files.paths)
        return cls(found, tuple(_stray(evaluations, files)))


@cache
def formats() -> tuple[Format, ...]:
    """The formats that are known, in the order of their modules' names."""
    modules = [import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)]
    return tuple(cast("Format", module) for module in modules if hasattr(module, "FORMAT"))


def _stray(evaluations: tuple[Evaluation, ...], files: Files) -> Iterable[tuple[int, int, str | None]]:
    for index, one in enumerate(evaluations):
        for number, pattern in enumerate(one.paths or ()):
            if not files.matching(pattern):
                folder = Glob(f"{pattern.rstrip('/')}/**")
                yield index, number, str(folder) if files.matching(folder) else None


def manifest(path: str, files: Files) -> Manifest | Unusable | Unverifiable:
    """What the manifest in this file says, which is there to be read; never raises on any content."""
    try:
        data = _loaded(opened(files, path))
        module = next((one for one in formats() if one.recognises(data)), None)
        if module is None:
            raise Opaque(_unknown(data))
        found = module.manifest(data)
        parts = (replace(one, path=_placed(path, one.path)) if one.path else one for one in found.parts)
        return replace(found, parts=tuple(parts))
    except Broken as error:
        return Unusable(str(Fault(path, error.message, error.line)))
    except Opaque as error:
        return Unverifiable(str(Fault(path, error.reason)))


def _placed(manifest: str, path: str) -> str | None:
    """The repository's path of a file that a manifest names from its own folder; None where it leads elsewhere."""
    if "://" in path or "\\" in path or path.startswith(("/", "~")) or not path.isprintable() or len(path) > 1000:
        return None
    steps: list[str] = []
    for step in f"{manifest.rpartition('/')[0]}/{path}".split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


_FRONT = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)


def _loaded(text: str) -> Any:
    """The data of JSON or YAML; of Markdown its front matter, as `{"---": …}`."""
    if not text.strip():
        raise Broken("is empty: commit the manifest of the data")
    if text.lstrip().startswith(("{", "[")):
        try:
            return json_value(text)
        except Broken as error:
            if "extra data" in error.message:
                raise Broken("holds several JSON values: commit one manifest", error.line) from None
            raise
    front = _FRONT.match(text)
    # A YAML document may begin with `---` just as well, but then no line of dashes ends it.
    found = documents(front[1] if front else text, unique=True)
    if len(found) > 1:
        raise Broken(f"holds {len(found)} YAML documents: commit one manifest")
    data = found[0] if found else None
    return {"---": data} if front else data


def _unknown(data: Any) -> str:
    kind = mapping(data).get("kind")
    if kind == "DataContract" or "dataContractSpecification" in mapping(data):
        return "is a data contract (ODCS), a format that is not read yet: name a Croissant file or a *.dvc"
    return "is of no format that is read here (DVC, Croissant, Frictionless, Hugging Face dataset card)"
