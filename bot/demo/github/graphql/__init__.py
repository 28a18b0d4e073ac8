"""The GraphQL API: the bot's own documents, parsed, validated and executed on what the stand-in knows of the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import Any

import graphql

from bot.demo.github.auth import Limit, Token
from bot.demo.github.graphql.fields import Asker, attach
from bot.demo.github.state import World

for _found in iter_modules(__path__):
    import_module(f"{__name__}.{_found.name}")

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What is answered. `invalid`: the document does not fit the schema, so that nothing was executed."""

    body: dict[str, Any]
    invalid: bool = False


@cache
def schema() -> graphql.GraphQLSchema:
    """The schema, with what answers for each field."""
    text = (files(__name__) / "schema.graphql").read_text(encoding="utf-8")
    return attach(graphql.build_schema(text))


_documents: dict[str, graphql.DocumentNode | list[graphql.GraphQLError]] = {}


def _document(text: str) -> graphql.DocumentNode | list[graphql.GraphQLError]:
    """The document, or what is wrong with it. The same few come again and again, so they are kept."""
    if text not in _documents:
        if len(_documents) > _KEPT:
            _documents.clear()
        try:
            parsed = graphql.parse(text)
        except graphql.GraphQLError as error:
            return [error]
        _documents[text] = graphql.validate(schema(), parsed) or parsed
    return _documents[text]


def name(body: Any) -> str | None:
    """The name of the operation that a request is for."""
    text = body.get("query") if isinstance(body, dict) else None
    found = _document(text) if isinstance(text, str) else []
    if isinstance(found, list):
        return None
    named = [
        one.name.value for one in found.definitions if isinstance(one, graphql.OperationDefinitionNode) and one.name
    ]
    return named[0] if named else None


def execute(world: World, token: Token, limit: Limit, body: Mapping[str, Any]) -> Result:
    """Answer a request. Errors come in GitHub's shape: those of the document have a code, those of the data a type."""
    document = _document(str(body.get("query") or ""))
    if isinstance(document, list):
        return Result({"errors": [_malformed(one) for one in document]}, invalid=True)
    done = graphql.execute_sync(
        schema(),
        document,
        context_value=Asker(world, token, limit),
        variable_values=body.get("variables") or {},
        operation_name=body.get("operationName"),
    )
    errors = done.errors or []
    for error in errors:
        if error.original_error is not None and not isinstance(error.original_error, graphql.GraphQLError):
            # A mistake of the stand-in's own must not look like one of GitHub's answers.
            raise error.original_error
    if done.data is None and errors and not errors[0].path:
        return Result({"errors": [_malformed(one) for one in errors]}, invalid=True)
    told = {"errors": [_told(one) for one in errors]} if errors else {}
    return Result({"data": done.data, **told})


def _places(error: graphql.GraphQLError) -> list[dict[str, int]]:
    return [{"line": one.line, "column": one.column} for one in error.locations or ()]


def _malformed(error: graphql.GraphQLError) -> dict[str, Any]:
    words = error.message.lower()
    codes = {"cannot query field": "undefinedField", "unknown argument": "argumentNotAccepted"}
    code = next((code for start, code in codes.items() if words.startswith(start)), "invalidDocument")
    return {"extensions": {"code": code}, "locations": _places(error), "message": error.message}


def _told(error: graphql.GraphQLError) -> dict[str, Any]:
    kind = (error.extensions or {}).get("type", "INTERNAL")
    more = {"extensions": {"saml_failure": False}} if kind == "FORBIDDEN" else {}
    return {"type": kind, "path": error.path, **more, "locations": _places(error), "message": error.message}
