"""The resources of a CloudFormation, SAM or Serverless template, with the values that it gives them.

Parameters stand for their defaults. What is known only once the stack stands is a `Template`; another resource of the
same template is a `Reference`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.evidence.hcl import Template
from rules.evidence.loading import listing, mapping


@dataclass(frozen=True, slots=True)
class Reference:
    """Another resource: by its kind and name in Terraform, by the template's number and its logical id here."""

    scope: object
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A resource: what kind, by CloudFormation's name of it, and its properties, resolved.

    `unsure`: why it may not be made, or not so, in words that fit behind its name.
    """

    path: str
    line: int
    identity: Reference
    kind: str
    properties: Mapping[Any, Any]
    unsure: str | None = None


def template(data: Any) -> Mapping[Any, Any] | None:
    """The template that this document is or, with Serverless, holds; None where it is none."""
    for one in (data, mapping(mapping(data).get("resources"))):
        resources = mapping(mapping(one).get("Resources"))
        kinds = [mapping(resource).get("Type") for resource in resources.values()]
        if any(isinstance(kind, str) and kind.startswith("AWS::") for kind in kinds):
            return mapping(one)
    return None


def resources(path: str, number: int, data: Any) -> Iterator[Made]:
    """Every resource of a template, the `number`th of them all; SAM's functions with their events among them."""
    found = template(data)
    if found is not None:
        stack = _Stack(number, found)
        for name, resource in mapping(found.get("Resources")).items():
            yield from stack.made(path, str(name), mapping(resource))


_MAX_LENGTH = 20_000
_MAX_PART = 500


class _Stack:
    def __init__(self, number: int, data: Mapping[Any, Any]) -> None:
        self.number = number
        self.names = frozenset(str(name) for name in mapping(data.get("Resources")))
        self.known = {
            str(name): mapping(parameter).get("Default") for name, parameter in mapping(data.get("Parameters")).items()
        }

    def made(self, path: str, name: str, resource: Mapping[Any, Any]) -> Iterator[Made]:
        condition = resource.get("Condition")
        unsure = None if condition is None else "is made only under a condition of its template"
        line, identity = getattr(resource, "line", 1), Reference(self.number, name)
        properties = self.value(mapping(resource.get("Properties")))
        if isinstance(properties, Mapping):
            yield Made(path, line, identity, str(resource.get("Type")), properties, unsure)
        else:
            yield Made(path, line, identity, str(resource.get("Type")), {}, "has properties that are made up elsewhere")

    def value(self, value: Any) -> Any:
        """The value with parameters and references put in."""
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, str):
            return Template(value) if _OPEN.search(value) else value
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((key, given),) = value.items()
            name = str(key).removeprefix("!").removeprefix("Fn::")
            if str(key).startswith(("!", "Fn::")) or key == "Ref":
                return self._function(name, given)
        block = type(value)()
        for key, inner in value.items():
            block[key] = self.value(inner)  # type: ignore[index]
        if hasattr(value, "line"):
            block.begun(value.line)  # type: ignore[attr-defined]
        return block

    def _function(self, name: str, given: Any) -> Any:
        if name == "Ref" and isinstance(given, str):
            return self._named(given, f"!Ref {given}")
        if name == "GetAtt":
            target = given.split(".")[0] if isinstance(given, str) else str(next(iter(listing(given)), ""))
            return self._named(target, f"!GetAtt {target}")
        if name == "Sub":
            text, *more = listing(given) or [given]
            return self._sub(str(text), mapping(more[0]) if more else {})
        return Template(f"!{name}")

    def _named(self, name: str, otherwise: str) -> Any:
        if name in self.names:
            return Reference(self.number, name)
        default = self.known.get(name)
        return Template(otherwise) if default in (None, "") or isinstance(default, list | Mapping) else default

    def _sub(self, text: str, given: Mapping[Any, Any]) -> Any:
        whole = _VARIABLE.fullmatch(text)
        if whole and whole.group(1) not in given:
            return self._named(whole.group(1).split(".")[0], text)

        def put(found: re.Match[str]) -> str:
            name = found.group(1)
            value = self.value(given[name]) if name in given else self._named(name, found.group())
            plain = isinstance(value, str | int | float) and not isinstance(value, Template)
            return str(value)[:_MAX_PART] if plain else found.group()

        made = _VARIABLE.sub(put, text)[:_MAX_LENGTH]
        return Template(made) if _VARIABLE.search(made) else made.replace("${!", "${")


_VARIABLE = re.compile(r"\$\{([A-Za-z][\w:.]*)\}", re.ASCII)
_OPEN = re.compile(r"\$\{|\{\{resolve:")
