"""Holds REST requests, answers and webhooks against GitHub's OpenAPI description."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema_rs import Draft202012Validator, Registry

JSON = dict[str, Any]

_HERE = "urn:github"
_DEEP = {"branch", "ref"}
"""What may have slashes in it."""
_LISTS = ("allOf", "anyOf", "oneOf")
_ERRORS = {400, 401, 403, 404, 409, 410, 422, 429}
"""Refusals that any route may answer, whether its description lists them or not."""
_EMPTY = {204, 304}
_MOVED = {301, 302, 307}
_BROKEN = {500, 502, 503}


class Rest:
    """GitHub's description, its validators made when they are first needed and then kept."""

    def __init__(self) -> None:
        text = (Path(__file__).parent / "openapi.json").read_text(encoding="utf-8")
        self.description: JSON = json.loads(text)
        self._registry = Registry([(_HERE, self.description)])
        paths = sorted(self.description["paths"], key=_fixed, reverse=True)
        self._paths = [(re.compile(re.sub(r"(/?)\{(\w+)\}", _group, path)), path) for path in paths]
        self._validator = cache(self._compile)
        # By the schemas, which are parts of the description and stay where they are.
        self._seen: dict[tuple[int, ...], tuple[Sequence[JSON], dict[str, list[JSON]]]] = {}

    def request(self, method: str, path: str, query: str, body: Any) -> str:
        """Hold a request against its operation, whose path template is returned. `body` is None for none."""
        template, operation, names = self._operation(method, path)
        here = f"{method} {template}"
        place = f"/paths/{_pointer(template)}/{method.lower()}"
        given = {("path", name): value for name, value in names.items()}
        given |= {("query", name): value for name, value in parse_qsl(query, keep_blank_values=True)}
        known = {(one["in"], one["name"]): number for number, one in enumerate(operation["parameters"])}
        for (kind, name), value in given.items():
            assert (kind, name) in known, f"{here}: GitHub knows no {kind} parameter {name}"
            number = known[kind, name]
            schema = operation["parameters"][number]["schema"]
            self._fits(f"{place}/parameters/{number}/schema", self._read(schema, value), f"{here}: {kind} {name}")
        for key, number in known.items():
            missing = operation["parameters"][number]["required"] and key not in given
            assert not missing, f"{here}: {key[0]} parameter {key[1]} is missing"
        self._body(place, operation, body, here)
        return template

    def _operation(self, method: str, path: str) -> tuple[str, JSON, dict[str, str]]:
        for pattern, template in self._paths:
            found = pattern.fullmatch(path)
            if found is not None and method.lower() in self.description["paths"][template]:
                return template, self.description["paths"][template][method.lower()], found.groupdict("")
        raise AssertionError(f"GitHub describes no {method} {path}, or openapi.json was pruned before it was used")

    def _read(self, schema: JSON, text: str) -> Any:
        """A parameter as its type has it; the text where it is of no such type."""
        schema = self._deref(schema)
        types = {one.get("type") for one in (schema, *(part for key in _LISTS for part in schema.get(key, ())))}
        if "integer" in types and re.fullmatch(r"-?[0-9]+", text):
            return int(text)
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        return text

    def _body(self, place: str, operation: JSON, body: Any, here: str) -> None:
        wanted = operation.get("requestBody", {})
        if body is None:
            assert not wanted.get("required"), f"{here}: the body is missing"
            return
        content = wanted.get("content", {}).get("application/json")
        if content is None:
            assert body == {}, f"{here}: GitHub takes no body"
            return
        self._fits(f"{place}/requestBody/content/application~1json/schema", body, f"{here}: body")
        unknown = list(self._undocumented([content["schema"]], body, "body"))
        assert not unknown, f"{here}: GitHub knows no {', '.join(unknown)}"

    def answer(self, method: str, path: str, status: int, body: Any) -> None:
        """Hold an answer against the operation of its request."""
        template, operation, _ = self._operation(method, path)
        here = f"{method} {template} {status}"
        if status in _EMPTY:
            assert status == 304 or str(status) in operation["responses"], f"{here}: GitHub answers no such status"
            assert body is None, f"{here}: the body should be empty"
            return
        described = operation["responses"].get(str(status))
        if described is None:
            assert status in _ERRORS | _MOVED | _BROKEN, f"{here}: GitHub answers no such status"
        if described is None or status >= 300:
            assert _is_error(body), f"{here}: {body!r} is not worded as an error"
        if described is None or "content" not in described:
            return
        place = f"/paths/{_pointer(template)}/{method.lower()}/responses/{status}/content/application~1json/schema"
        self._fits(place, body, here)
        if status < 300:
            # Errors have more than is described, their status for one.
            unknown = list(self._undocumented([described["content"]["application/json"]["schema"]], body, "body"))
            assert not unknown, f"{here}: GitHub knows no {', '.join(unknown)}"

    def event(self, event: str, payload: Any) -> None:
        """Hold a webhook's payload against its event."""
        action = payload.get("action") if isinstance(payload, dict) else None
        name = next((one for one in (f"{event}.{action}", event) if one in self.description["webhooks"]), None)
        assert name is not None, f"GitHub tells no {event}.{action}"
        place = f"/webhooks/{_pointer(name)}/post/requestBody/content/application~1json/schema"
        self._fits(place, payload, name)
        schema = self.description["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        unknown = list(self._undocumented([schema], payload, "payload"))
        assert not unknown, f"{name}: GitHub knows no {', '.join(unknown)}"

    def _compile(self, pointer: str) -> Draft202012Validator:
        reference = {"$ref": f"{_HERE}#{pointer}"}
        # Those of bots have brackets, as 1+pilotgate[bot]@users.noreply.github.com, which no strict reader takes.
        formats = {"email": lambda text: "@" in text}
        return Draft202012Validator(reference, registry=self._registry, validate_formats=True, formats=formats)

    def _fits(self, pointer: str, value: Any, here: str) -> None:
        validator = self._validator(pointer)
        if validator.is_valid(value):
            return
        wrong = [
            f"{'/'.join(map(str, error.instance_path)) or 'all of it'}: {_short(error.message)}"
            for error in validator.iter_errors(value)
        ]
        raise AssertionError("\n  ".join([f"{here} is not as GitHub describes it:", *wrong[:5]]))

    def _undocumented(self, schemas: Sequence[JSON], value: Any, where: str) -> Iterator[str]:
        """What a value has that no part of its schemas names. They take it, but GitHub ignores or never sends it."""
        items, known = self._known(schemas)
        if isinstance(value, list):
            for one in value:
                if isinstance(one, list | dict):
                    yield from self._undocumented(items, one, f"{where}[]")
        elif isinstance(value, dict) and known:
            for name, one in value.items():
                if name not in known:
                    yield f"{where}.{name}"
                elif isinstance(one, list | dict):
                    yield from self._undocumented(known[name], one, f"{where}.{name}")

    def _known(self, schemas: Sequence[JSON]) -> tuple[Sequence[JSON], dict[str, list[JSON]]]:
        """The schemas of the items and of each key of what has one of these; no keys where it may have any."""
        place = tuple(map(id, schemas))
        if place not in self._seen:
            parts = [part for schema in schemas for part in self._parts(schema)]
            known: dict[str, list[JSON]] = {}
            for part in parts:
                for name, one in part.get("properties", {}).items():
                    known.setdefault(name, []).append(one)
            any_key = any(isinstance(part.get("additionalProperties"), dict) for part in parts)
            self._seen[place] = [part["items"] for part in parts if "items" in part], {} if any_key else known
        return self._seen[place]

    def _parts(self, schema: Any) -> Iterator[JSON]:
        """A schema and all that it is combined of."""
        if not isinstance(schema, dict):
            return
        schema = self._deref(schema)
        yield schema
        for key in _LISTS:
            for one in schema.get(key, ()):
                yield from self._parts(one)

    def _deref(self, schema: JSON) -> JSON:
        while "$ref" in schema:
            schema = self.description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema


def _group(found: re.Match[str]) -> str:
    slash, name = found.groups()
    if name == "path":
        # That of the whole repository is empty, with a slash before it or without.
        return f"(?:{slash}(?P<path>.*))?"
    return f"{slash}(?P<{name}>{'.+' if name in _DEEP else '[^/]+'})"


def _pointer(part: str) -> str:
    """A key as a step of a JSON pointer in the fragment of an address."""
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _short(message: str) -> str:
    """The message begins with the value, however long that is."""
    return message if len(message) < 300 else f"… {message[-200:]}"


def _is_error(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("message"), str)


def _fixed(path: str) -> tuple[int, int]:
    """How much of a template is fixed: of two that fit, the one that says more is meant."""
    return sum(not step.startswith("{") for step in path.split("/")), -path.count("{")
