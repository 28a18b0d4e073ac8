"""JSON Schemas (2020-12) of the two files, made from their models."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from rules.policy import Organisation, Policy

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Untitled(GenerateJsonSchema):
    """Without a title for each field, which would only repeat its key."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def policy_schema(codes: Collection[str]) -> dict[str, Any]:
    """The schema of `.pilot.yml` where these are the codes of the rules."""
    schema = _of(Policy, ".pilot.yml, version 1")
    _name_codes(schema["properties"]["rules"]["anyOf"][0], codes)
    schema["$defs"]["Waiver"]["properties"]["rule"]["anyOf"][0]["enum"] = _adjustable(codes)
    return schema


def organisation_schema(codes: Collection[str]) -> dict[str, Any]:
    """The schema of `.pilot-org.yml` where these are the codes of the rules."""
    schema = _of(Organisation, ".pilot-org.yml, version 1")
    _name_codes(schema["properties"]["rules"], codes)
    schema["properties"]["locked"]["items"]["enum"] = sorted(codes)
    return schema


def _of(model: type[BaseModel], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(schema_generator=_Untitled), "title": title}


def _name_codes(schema: dict[str, Any], codes: Collection[str]) -> None:
    schema["propertyNames"] = {"enum": _adjustable(codes)}


def _adjustable(codes: Collection[str]) -> list[str]:
    return sorted(code for code in codes if not code.startswith("POL"))
