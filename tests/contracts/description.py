"""Prunes GitHub's OpenAPI description to some routes and events, without prose, in words of plain JSON Schema.

GitHub writes OpenAPI 3.0, where a value may be `nullable`; the result is OpenAPI 3.1, where `null` is a type. What is
written out many times over, as the user in each event, is written once.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

JSON = dict[str, Any]

_PROSE = {"default", "deprecated", "description", "example", "examples", "externalDocs", "summary", "tags", "title"}
_MAPS = {"properties", "patternProperties"}
_LISTS = ("allOf", "anyOf", "oneOf")
_INSTALLATIONS = "/app/installations"
_WORTH = 300
"""How long the text of a schema has to be for it to be written once."""


def prune(whole: JSON, routes: Sequence[tuple[str, str]], events: Sequence[str], package: str) -> JSON:
    """The description of these routes and events; KeyError names one that GitHub does not describe."""
    _mend(whole)
    paths: JSON = {}
    for method, path in routes:
        found = whole["paths"].get(path, {}).get(method.lower())
        if found is None:
            raise KeyError(f"GitHub describes no {method} {path}")
        paths.setdefault(path, {})[method.lower()] = _operation(whole, found)
    webhooks = {name: _content(whole, hook["requestBody"]) for name, hook in _hooks(whole, events)}
    schemas = _reached(whole, [paths, webhooks])
    shared = _share([schemas, paths, webhooks])
    return {
        "openapi": "3.1.0",
        "info": {"title": "GitHub's REST API and webhooks, in part", "version": package},
        "paths": paths,
        "webhooks": {name: {"post": {"requestBody": body}} for name, body in webhooks.items()},
        "components": {"schemas": schemas | shared},
    }


def _mend(whole: JSON) -> None:
    """Where the description has fallen behind itself."""
    # It writes installations out for their list, without what they have gained since.
    listed = whole["paths"][_INSTALLATIONS]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    listed["items"] = {"$ref": "#/components/schemas/installation"}
    # So do webhooks with people and apps, whose enumeration of events lacks `merge_group`, which they have as well.
    waiting: list[Any] = [whole["components"]["schemas"]]
    while waiting:
        node = waiting.pop()
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if isinstance(node, dict) and {"events", "permissions", "slug"} <= node.keys():
            node["events"]["items"].pop("enum", None)
            node.setdefault("client_id", {"type": "string"})
            for name in ("merge_queues", "organization_custom_properties"):
                node["permissions"].setdefault("properties", {}).setdefault(name, {"type": "string"})
        if isinstance(node, dict) and {"gravatar_id", "login"} <= node.keys():
            node.setdefault("user_view_type", {"type": "string"})
        if isinstance(node, dict) and {"has_wiki", "svn_url"} <= node.keys():
            # Repositories in the events of older schemas lack switches that all others have.
            for name in ("has_discussions", "web_commit_signoff_required"):
                node.setdefault(name, {"type": "boolean"})


def _hooks(whole: JSON, events: Sequence[str]) -> Iterator[tuple[str, JSON]]:
    """The events, named `event` or `event.action`."""
    found = set()
    for one in whole["x-webhooks"].values():
        event = one["post"]["externalDocs"]["url"].rpartition("#")[2].replace("-", "_")
        if event in events:
            found.add(event)
            action = one["post"]["operationId"].partition("/")[2].replace("-", "_")
            yield (f"{event}.{action}" if action else event), one["post"]
    if missing := sorted({*events} - found):
        raise KeyError(f"GitHub describes no {', '.join(missing)}")


def _operation(whole: JSON, found: JSON) -> JSON:
    parameters = [_resolved(whole, one) for one in found.get("parameters", ())]
    made: JSON = {
        "operationId": found["operationId"],
        "parameters": [
            {
                "in": one["in"],
                "name": one["name"],
                "required": one.get("required", False),
                "schema": _plain(one["schema"]),
            }
            for one in parameters
        ],
        "responses": {status: _content(whole, one) for status, one in found["responses"].items()},
    }
    if "requestBody" in found:
        made["requestBody"] = _content(whole, found["requestBody"])
    return made


def _content(whole: JSON, one: JSON) -> JSON:
    """A body: its JSON alone."""
    body = _resolved(whole, one)
    found = body.get("content", {}).get("application/json")
    required = {"required": body["required"]} if "required" in body else {}
    return required | ({"content": {"application/json": {"schema": _plain(found["schema"])}}} if found else {})


def _resolved(whole: JSON, one: JSON) -> JSON:
    return _at(whole, one["$ref"]) if "$ref" in one else one


def _at(whole: JSON, ref: str) -> JSON:
    found = whole
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _plain(schema: Any) -> Any:
    """A schema without prose, and with null among its types where it was nullable."""
    if not isinstance(schema, dict):
        return schema
    made: JSON = {}
    for key, value in schema.items():
        if key in _MAPS:
            made[key] = {name: _plain(one) for name, one in value.items()}
        elif key in _LISTS:
            # What GitHub calls oneOf has members that exclude nothing, as two kinds of errors do.
            made["anyOf" if key == "oneOf" else key] = [_plain(one) for one in value]
        elif key in ("items", "additionalProperties", "not"):
            made[key] = _plain(value)
        elif key not in _PROSE and key != "nullable" and not key.startswith("x-"):
            made[key] = value
    return _nullable(made) if schema.get("nullable") else made


def _nullable(made: JSON) -> JSON:
    if "$ref" in made or any(key in made for key in _LISTS):
        return {"anyOf": [made, {"type": "null"}]}
    if "type" in made:
        made["type"] = [made["type"], "null"]
    if "enum" in made and None not in made["enum"]:
        made["enum"] = [*made["enum"], None]
    return made


def _reached(whole: JSON, roots: Sequence[Any]) -> JSON:
    """The schemas that are referred to, from one to the next."""
    schemas: JSON = {}
    waiting = [ref for root in roots for ref in _refs(root)]
    while waiting:
        ref = waiting.pop()
        name = ref.rpartition("/")[2]
        if name not in schemas:
            schemas[name] = _plain(_at(whole, ref))
            waiting += _refs(schemas[name])
    return schemas


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def _share(roots: Sequence[Any]) -> JSON:
    """Write long schemas that stand in several places once, by reference; returns them by name."""
    count: Counter[str] = Counter()

    def see(schema: JSON) -> JSON:
        count[_text(schema)] += 1
        return schema

    for root in roots:
        _each(root, see)

    shared: JSON = {}

    def replace(schema: JSON) -> JSON:
        text = _text(schema)
        name = f"shared-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        if count[text] < 2 or len(text) < _WORTH:
            return schema
        if name not in shared:
            shared[name] = {}
            shared[name] = {key: _each(value, replace) for key, value in schema.items()}
        return {"$ref": f"#/components/schemas/{name}"}

    for root in roots:
        for key, value in root.items():
            # A schema that has a name of its own keeps it.
            root[key] = {part: _each(one, replace) for part, one in value.items()}
    return shared


def _each(node: Any, act: Callable[[JSON], JSON]) -> Any:
    """The node, each object schema within replaced, the outermost first."""
    if isinstance(node, list):
        return [_each(one, act) for one in node]
    if not isinstance(node, dict):
        return node
    now = act(node) if isinstance(node.get("properties"), dict) and "type" in node else node
    return now if now is not node else {key: _each(value, act) for key, value in node.items()}


def _text(schema: JSON) -> str:
    return json.dumps(schema, sort_keys=True)
