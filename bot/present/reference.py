"""The reference page of the two policy files, made from their models."""

from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rules.edits import scalar
from rules.nodes import MAX_BYTES
from rules.places import MAX_NODES
from rules.policy import Organisation, Policy
from rules.scanner import MAX_LEVELS
from rules.shape import bare, fields, section

_INTRODUCTION = f"""\
# The policy files

Made from the models in `rules/policy.py` by `make docs`. `pilotgate schema` prints the same as a JSON Schema.

Keys are snake_case; an unknown one is an error. Dates are ISO 8601 (`2026-11-02`), durations `250ms`, `30s`, `10m`,
`12h`, `7d` or `4w`. People are `"@login"` or `"@org/team"`, in quotes, since YAML keeps `@` for itself. Paths are
relative to the repository's root, with `/`, and never leave it. Files are YAML 1.2 in UTF-8, at most
{MAX_BYTES // 1024} KiB, {MAX_LEVELS} levels and {MAX_NODES:,} values with aliases expanded; tags and merge keys are not
read. Only keys marked **required** must be there for the file to be read; what else is missing, the rules say.

[writing-a-policy.md](writing-a-policy.md) leads through it; [evidence.md](evidence.md) says how the files that it names
are read, and how much of them.
"""


def render() -> str:
    """The page, in Markdown."""
    parts = [
        _INTRODUCTION,
        f"## `.pilot.yml`\n\n{Policy.__doc__}\n",
        *_sections(Policy, ""),
        f"## `.pilot-org.yml`\n\n{Organisation.__doc__}\n",
        *_sections(Organisation, ""),
    ]
    return "\n".join(parts)


def _sections(model: type[BaseModel], path: str) -> Iterator[str]:
    """A table of the model's keys, then one for each model inside it."""
    rows = [_row(key, info) for key, info in fields(model).items()]
    title = f"### `{path}`\n\n{model.__doc__}\n\n" if path else ""
    yield title + "\n".join(["| key | value | |", "|---|---|---|", *rows]) + "\n"
    for key, info in fields(model).items():
        inner = section(info.annotation)
        if inner is not None:
            yield from _sections(inner, f"{path}.{key}{_FURTHER[_holds(info)]}".lstrip("."))


def _row(key: str, info: FieldInfo) -> str:
    required = "**required** " if info.is_required() else ""
    return f"| `{key}` | {_value(info)} | {required}{info.description}{_default(info)} |"


def _default(info: FieldInfo) -> str:
    default = info.get_default(call_default_factory=True)
    if info.is_required() or default is None or isinstance(default, BaseModel):
        return ""
    return f" Default: `{scalar(list(default) if isinstance(default, tuple) else default)}`."


def _value(info: FieldInfo) -> str:
    if get_origin(bare(info.annotation)) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(bare(info.annotation)))
    return f"`{scalar(info.examples[0])}`" if info.examples else _holds(info)


_KINDS = {str: "text", int: "number", tuple: "list", dict: "by name"}
_FURTHER = {"list": "[]", "by name": ".NAME", "keys": ""}


def _holds(info: FieldInfo) -> str:
    found = bare(info.annotation)
    return _KINDS.get(get_origin(found) or found, "keys")
