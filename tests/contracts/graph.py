"""Holds GraphQL documents, variables and answers against GitHub's schema."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLUnionType,
    InlineFragmentNode,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    parse,
    specified_rules,
    type_from_ast,
    validate,
    validate_input_value,
)

JSON = dict[str, Any]

# Scalars whose values have a type of JSON of their own; all others are text.
_SCALARS: dict[str, tuple[type, ...]] = {"Boolean": (bool,), "Float": (float, int), "Int": (int,)}


class Graph:
    """GitHub's schema. Documents are validated once, since the same few come again and again."""

    def __init__(self) -> None:
        text = (Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8")
        self.schema = build_schema(text)
        self.document = cache(self._document)

    def _document(self, text: str) -> DocumentNode:
        """A document that fits the schema and asks for nothing that is about to go; AssertionError for another."""
        try:
            document = parse(text)
        except GraphQLError as error:
            raise AssertionError(f"{error}") from None
        errors = validate(self.schema, document, [*specified_rules, NoDeprecatedCustomRule])
        assert not errors, "\n".join(f"{error}" for error in errors[:5])
        return document

    def request(self, body: Any) -> str:
        """Hold a request against the schema; returns the operation's name."""
        assert isinstance(body, dict), "graphql: the body is no object"
        unknown = body.keys() - {"query", "variables", "operationName"}
        assert not unknown, f"graphql: GitHub knows no {', '.join(sorted(unknown))}"
        operation = _operation(self.document(str(body.get("query"))), body.get("operationName"))
        here, given = _title(operation), dict(body.get("variables") or {})
        for one in operation.variable_definitions or ():
            name, kind = one.variable.name.value, type_from_ast(self.schema, one.type)
            assert kind is not None
            if name in given:
                self._takes(given.pop(name), kind, f"{here}: ${name}")  # type: ignore[arg-type]
            else:
                absent = one.default_value is not None or not isinstance(kind, GraphQLNonNull)
                assert absent, f"{here}: ${name} is missing"
        assert not given, f"{here} has no ${', $'.join(given)}"
        return here

    def _takes(self, value: Any, kind: GraphQLInputType, here: str) -> None:
        wrong: list[GraphQLError] = []
        validate_input_value(value, kind, lambda error, _: wrong.append(error))
        assert not wrong, f"{here}: {wrong[0].message}"

    def answer(self, body: Any, answer: Any) -> None:
        """Hold an answer against what its request selects."""
        assert isinstance(answer, dict), f"graphql: {answer!r} is no answer"
        unknown = answer.keys() - {"data", "errors", "extensions"}
        assert not unknown, f"graphql: GitHub answers no {', '.join(sorted(unknown))}"
        for error in answer.get("errors", ()):
            assert isinstance(error.get("message"), str), f"graphql: {error!r} has no message"
        if answer.get("data") is None:
            assert answer.get("errors"), "graphql: neither data nor errors"
            return
        document = self.document(str(body.get("query")))
        operation = _operation(document, body.get("operationName"))
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        reader = _Reader(self, document, _variables(operation, body))
        reader.read(root, answer["data"], [operation.selection_set], _title(operation))


class _Reader:
    """Reads the data that a document selects."""

    def __init__(self, graph: Graph, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self.schema, self.variables = graph.schema, variables
        fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
        self.fragments = {one.name.value: one for one in fragments}

    def read(self, kind: GraphQLOutputType, value: Any, selections: list[SelectionSetNode], here: str) -> None:
        """AssertionError where the value is not of the type."""
        if isinstance(kind, GraphQLNonNull):
            assert value is not None, f"{here} is null, where GitHub promises a {kind}"
            kind = kind.of_type
        if value is None:
            return
        if isinstance(kind, GraphQLList):
            assert isinstance(value, list), f"{here}: {value!r} is no {kind}"
            for number, one in enumerate(value):
                self.read(kind.of_type, one, selections, f"{here}[{number}]")
        elif isinstance(kind, GraphQLScalarType):
            types = _SCALARS.get(kind.name, (str,))
            fits = isinstance(value, types) and (bool in types or not isinstance(value, bool))
            assert fits, f"{here}: {value!r} is no {kind}"
        elif isinstance(kind, GraphQLEnumType):
            assert value in kind.values, f"{here}: {value!r} is no {kind}"
        else:
            assert isinstance(value, dict), f"{here}: {value!r} is no {kind}"
            self._object(kind, value, selections, here)

    def _object(
        self,
        kind: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType,
        value: JSON,
        selections: list[SelectionSetNode],
        here: str,
    ) -> None:
        """Of an interface, the value is of whichever type its keys are those of."""
        possible = [kind] if isinstance(kind, GraphQLObjectType) else self.schema.get_possible_types(kind)
        possible = [one for one in possible if value.get("__typename", one.name) == one.name]
        wanted: list[str] = []
        for one in possible:
            fields: dict[str, list[FieldNode]] = {}
            for selection in selections:
                for node in self._selected(one, selection):
                    fields.setdefault((node.alias or node.name).value, []).append(node)
            if fields.keys() == value.keys():
                self._fields(one, value, fields, here)
                return
            wanted.append(f"{one} {{{' '.join(sorted(fields))}}}")
        raise AssertionError(f"{here}: {{{' '.join(sorted(value))}}} is none of {', '.join(wanted)}")

    def _fields(self, kind: GraphQLObjectType, value: JSON, fields: dict[str, list[FieldNode]], here: str) -> None:
        for name, nodes in fields.items():
            if nodes[0].name.value == "__typename":
                assert value[name] == kind.name, f"{here}: {value[name]!r} is no {kind}"
                continue
            below = [node.selection_set for node in nodes if node.selection_set is not None]
            self.read(kind.fields[nodes[0].name.value].type, value[name], below, f"{here}.{name}")

    def _selected(self, kind: GraphQLObjectType, selection: SelectionSetNode) -> Iterator[FieldNode]:
        """The fields that are selected of an object type, fragments followed."""
        for node in selection.selections:
            if not self._included(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)  # there is no third
            fragment = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            condition = fragment.type_condition
            if condition is None or condition.name.value in {kind.name, *(one.name for one in kind.interfaces)}:
                yield from self._selected(kind, fragment.selection_set)

    def _included(self, directives: tuple[DirectiveNode, ...]) -> bool:
        for one in directives:
            value = (one.arguments or ())[0].value
            truth = self.variables[value.name.value] if isinstance(value, VariableNode) else value.value  # type: ignore[attr-defined]
            if bool(truth) is not (one.name.value == "include"):
                return False
        return True


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    chosen = [one for one in found if name is None or (one.name is not None and one.name.value == name)]
    assert len(chosen) == 1, f"graphql: {len(chosen)} operations to choose from"
    return chosen[0]


def _title(operation: OperationDefinitionNode) -> str:
    return operation.name.value if operation.name is not None else "a query"


def _variables(operation: OperationDefinitionNode, body: Any) -> JSON:
    defaults = {
        one.variable.name.value: getattr(one.default_value, "value", None)
        for one in operation.variable_definitions or ()
    }
    return defaults | dict(body.get("variables") or {})
