"""Prunes GitHub's GraphQL schema to what the stand-in's schema and the bot's documents name, without prose.

Of objects and interfaces only the named fields are kept, with all their arguments; enumerations and input types are
kept whole.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    UnionTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    parse,
    print_ast,
    validate,
    visit,
)

AnyNode = TypeVar("AnyNode", bound=Node)
Fields = set[tuple[str, str]]
Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

_DIRECTIVES = {"deprecated", "oneOf"}


def prune(whole: DocumentNode, wanted: DocumentNode, documents: Sequence[str]) -> str:
    """The text of the part of a schema; KeyError names a field or a document that it does not know."""
    types = {one.name.value: one for one in whole.definitions if isinstance(one, TypeDefinitionNode)}
    fields = _of_schema(wanted) | _of_documents(build_ast_schema(whole, assume_valid=True), documents)
    fields |= _inherited(types, fields)
    kept: dict[str, TypeDefinitionNode] = {}
    waiting = ["Query", *(name for name, _ in fields)]
    while waiting:
        name = waiting.pop()
        if name not in types and name not in kept:
            continue  # the five scalars that are built in
        if name not in kept:
            kept[name] = _cut(types[name], fields)
            waiting += _named(kept[name])
    return "\n\n".join(print_ast(_without(kept[name], kept)) for name in sorted(kept)) + "\n"


def _of_schema(wanted: DocumentNode) -> Fields:
    composite = [one for one in wanted.definitions if isinstance(one, Composite)]
    return {(one.name.value, field.name.value) for one in composite for field in one.fields or ()}


class _Used(Visitor):
    """Notes the field of each selection."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info, self.fields = info, Fields()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.info.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self.fields.add((parent.name, node.name.value))


def _of_documents(schema: GraphQLSchema, documents: Iterable[str]) -> Fields:
    fields = Fields()
    for text in documents:
        document = parse(text)
        if errors := validate(schema, document):
            raise KeyError(f"{errors[0]}")
        info = TypeInfo(schema)
        used = _Used(info)
        visit(document, TypeInfoVisitor(info, used))
        fields |= used.fields
    return fields


def _inherited(types: dict[str, TypeDefinitionNode], fields: Fields) -> Fields:
    """The fields that kept interfaces ask of what implements them."""
    names = {name for name, _ in fields}
    return {
        (name, field)
        for name in names
        if isinstance(one := types[name], Composite)
        for interface in one.interfaces or ()
        for owner, field in fields
        if owner == interface.name.value
    }


def _cut(one: TypeDefinitionNode, fields: Fields) -> TypeDefinitionNode:
    made = _bare(one)
    if not isinstance(made, Composite):
        return made
    wanted = {field for name, field in fields if name == made.name.value}
    known = {field.name.value for field in made.fields or ()}
    if unknown := sorted(wanted - known):
        raise KeyError(f"GitHub knows no {made.name.value}.{unknown[0]}")
    # A type that nothing is asked of still needs a field.
    wanted = wanted or {min(known)}
    return replace(made, fields=tuple(field for field in made.fields or () if field.name.value in wanted))


def _bare(node: AnyNode) -> AnyNode:
    """The definition without descriptions, the reasons of directives, and the directives that only GitHub knows."""
    changed: dict[str, Any] = {}
    for key in node.keys:
        value = getattr(node, key, None)
        if key == "description":
            changed[key] = None
        elif key == "directives":
            said = [one for one in value or () if one.name.value in _DIRECTIVES]
            changed[key] = tuple(replace(one, arguments=()) for one in said)
        elif isinstance(value, tuple):
            changed[key] = tuple(_bare(one) for one in value)
    return replace(node, **changed)


def _named(one: TypeDefinitionNode) -> set[str]:
    """The types that the fields of a definition name."""
    found: set[str] = set()

    class Names(Visitor):
        def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
            found.add(node.name.value)

    for field in getattr(one, "fields", None) or ():
        visit(field, Names())
    return found


def _without(one: TypeDefinitionNode, kept: Collection[str]) -> TypeDefinitionNode:
    """A definition without the interfaces and members of unions that are not kept."""
    if isinstance(one, Composite):
        return replace(one, interfaces=tuple(face for face in one.interfaces or () if face.name.value in kept))
    if isinstance(one, UnionTypeDefinitionNode):
        return replace(one, types=tuple(member for member in one.types or () if member.name.value in kept))
    return one
