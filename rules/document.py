"""YAML text -> a model, or every error with its line, column and what to write instead.

The same reader serves `.pilot.yml` and `.pilot-org.yml`: see `read`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from rules import wording
from rules.nodes import MappingNode, Node, ScalarNode, SequenceNode, compose
from rules.places import Place, Problem, Text
from rules.policy import Policy
from rules.source import Source

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document(Source, Generic[Model]):
    """A file that was read: its model, or else the problems that keep it from being one.

    `model` is None exactly where `problems` is not empty or the file is `absent`. Problems stand in the order of
    the file.
    """

    model: Model | None
    problems: tuple[Problem, ...]
    absent: bool = False


def plain(node: Node) -> object:
    """The node as Python values: mappings as dict, lists as tuple."""
    if isinstance(node, MappingNode):
        return {name: plain(entry.value) for name, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return tuple(plain(item) for item in node.items)
    return node.value if isinstance(node, ScalarNode) else None


def read(data: bytes, path: str, model: type[Model], codes: Collection[str]) -> Document[Model]:
    """Read `data`, the content of the file shown as `path`, as `model`. `codes` are the codes that rules have.

    Never raises on any content, and takes less than a second for the largest that it reads.
    """
    composed = compose(data)
    source = Source(path, composed.text, composed.root, tuple(model.model_fields))
    found, problems = None, list(composed.problems)
    if isinstance(composed.root, MappingNode):
        try:
            found = model.model_validate(plain(composed.root), context={"codes": codes})
        except ValidationError as error:
            problems += wording.problems(error, source, model, codes)
    elif composed.root is not None or not problems:
        problems.append(_keyless(source, model))
    problems.sort(key=lambda problem: (problem.place.line, problem.place.column))
    return Document(path, composed.text, composed.root, source.sections, None if problems else found, tuple(problems))


def _keyless(source: Source, model: type[BaseModel]) -> Problem:
    """The problem of a file that is no mapping."""
    problem = wording.run_together(source, model)
    if problem is not None:
        return problem
    what = "is empty" if source.root is None else "holds no keys"
    hint = (
        "`pilotgate init` shows what a policy looks like"
        if issubclass(model, Policy)
        else "write `version: 1`, and below it what differs from the defaults"
    )
    return Problem(Place(1, 1, 1, 1), f"the file {what}: {hint}")


def absent(path: str, model: type[Model]) -> Document[Model]:
    """The document of a file that is not there."""
    return Document(path, Text(""), None, tuple(model.model_fields), None, (), absent=True)


def unreadable(path: str, model: type[Model], message: str) -> Document[Model]:
    """The document of a file that is there and can't be read at all; `message` says why and what to do."""
    problem = Problem(Place(1, 1, 1, 1), message)
    return Document(path, Text(""), None, tuple(model.model_fields), None, (problem,))
