"""Who owns what according to the repository's entry in a Backstage catalogue.

The form is that of Backstage's "Descriptor Format of Catalog Entities"; `spec.owner` is an entity reference,
`[kind:][namespace/]name`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rules.evidence.loading import Block, Broken, Fault, Opaque, documents, mapping, opened
from rules.evidence.owners import first
from rules.facts import Files
from rules.policy import Policy
from rules.values import Glob, RepoPath

PLACES = ("catalog-info.yaml", "catalog-info.yml")


@dataclass(frozen=True, slots=True)
class Entity:
    """Something in the catalogue; `owner` as it is written, None where it has none."""

    kind: str
    name: str
    owner: str | None
    line: int

    def owned_by(self, handle: str) -> bool:
        """Whether its owner has the name of this person or team."""
        return self.owner is not None and _last(self.owner) == _last(handle.removeprefix("@"))


@dataclass(frozen=True, slots=True)
class Catalog:
    """The entities of the file at `path`, which is None where there is none; `broken` or `opaque` says why none."""

    path: str | None = None
    entities: tuple[Entity, ...] = ()
    broken: Fault | None = None
    opaque: Fault | None = None

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:  # noqa: ARG004 - no policy says otherwise
        """The names that the file has by convention."""
        return tuple(map(RepoPath, PLACES))

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:  # noqa: ARG003 - what it says does not depend on it
        """What the first of them says; never raises on any content."""
        path = first(files, PLACES)
        if path is None:
            return cls()
        try:
            entities = tuple(_entity(one) for one in documents(opened(files, path)) if _describes(one))
            if not entities:
                raise Broken("describes nothing: write a Component with `spec.owner`")
        except Broken as error:
            return cls(path, broken=Fault(path, error.message, error.line))
        except Opaque as error:
            return cls(path, opaque=Fault(path, error.reason))
        return cls(path, entities)

    def described(self, name: str) -> tuple[Entity, ...]:
        """The entities that speak for a pilot of this name: the components so called, else all components."""
        components = [entity for entity in self.entities if entity.kind == "component"]
        return tuple([entity for entity in components if entity.name == name] or components)


def _describes(data: object) -> bool:
    return isinstance(data, Block) and isinstance(data.get("kind"), str)


def _entity(data: Block) -> Entity:
    owner = mapping(data.get("spec")).get("owner")
    name = mapping(data.get("metadata")).get("name")
    return Entity(data["kind"].lower(), str(name), str(owner) if owner is not None else None, data.line)


def _last(reference: str) -> str:
    return reference.strip().rpartition("/")[2].rpartition(":")[2].lower()
