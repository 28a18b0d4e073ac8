"""Terraform's configuration, HCL or JSON, as the readers of one provider's resources need it.

Variables stand for their defaults and locals for their values, where those are plain; an empty default stands for
nothing, as it is there to be replaced. `count` and `for_each` are followed where they are plain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from rules.evidence import hcl
from rules.evidence.hcl import Template
from rules.evidence.loading import MAX_VALUES, Block, listing, mapping

PROVIDERS = {"aws": "aws_", "datadog": "datadog_", "grafana": "grafana_"}
MAX_INSTANCES = 100
"""How many instances of one resource are made from its `count` or `for_each`."""
_MAX_STEPS = 8
_MAX_LEVELS = 24
_MAX_LENGTH = 20_000
_MAX_PART = 500
_MAX_PUT = 5_000_000

_KEYS = frozenset({"resource", "variable", "locals", "module", "data", "output", "provider", "terraform", "//"})
_SURE = ("resource", "variable", "module")
_BLOCK = re.compile(
    r'^(?:resource[ \t]+"?[\w-]+"?[ \t]+"?[\w-]+"?|(?:variable|module|data|output|provider)[ \t]+"?[\w-]+"?'
    r'(?:[ \t]+"[\w-]+")?|locals|terraform)[ \t]*\{',
    re.MULTILINE,
)


class Part(Block):
    """A document of one provider, as `split` makes it."""


def provider(data: object) -> str | None:
    """Whose document this is; None for anything that `split` did not make."""
    return data["terraform"] if isinstance(data, Part) else None


def written(text: str) -> bool:
    """Whether this text may be Terraform's HCL."""
    return _BLOCK.search(text) is not None


def read(text: str) -> list[Any]:
    """The documents of HCL text, as `split` gives them. Raises Broken or Opaque."""
    return list(_split(hcl.document(text)))


def split(data: Any) -> Iterator[Any]:
    """Terraform's configuration as one document for each provider with resources in it; anything else as it is.

    A document's key `terraform` names the provider; its `resource`, `variable` and `locals` are lists of tuples: kind,
    name and body; name and body. A file without any of theirs is a document for each provider. Modules, whose resources
    are not seen, are one of `module`.
    """
    known = isinstance(data, Mapping) and _KEYS.issuperset(data)
    sure = known and any(isinstance(data.get(key), list | Mapping) for key in _SURE)
    return _split(data) if sure else iter([data])


def _split(data: Mapping[Any, Any]) -> Iterator[Any]:
    line = getattr(data, "line", 1)
    kinds = list(_pairs(data.get("resource")))
    shared = {"variable": list(_pairs(data.get("variable"))), "locals": list(_pairs(data.get("locals")))}
    quiet = not data.get("module") and not any(kind.startswith(tuple(PROVIDERS.values())) for kind, _ in kinds)
    for name, prefix in PROVIDERS.items():
        own = [(kind, one, body) for kind, named in kinds if kind.startswith(prefix) for one, body in _pairs(named)]
        if own or quiet:
            yield Part({"terraform": name, "resource": own, **shared}).begun(line)
    if data.get("module"):
        yield Part({"terraform": "module"}).begun(line)


def _pairs(value: object) -> Iterator[tuple[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        yield from ((str(key), inner) for key, inner in mapping(one).items())


def texts(value: Any) -> Any:
    """A value of Terraform's JSON, in which every text may hold an expression, as HCL would have it."""
    if isinstance(value, str):
        return Template(value) if not isinstance(value, Template) and hcl.INTERPOLATION.search(value) else value
    return value


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as it would be made. `unsure`: why it may not be, or not so; None where that is plain."""

    path: str
    kind: str
    name: str
    line: int
    body: Mapping[Any, Any]
    each: Mapping[str, Any]
    unsure: str | None = None


class Configuration:
    """All documents of one provider, together."""

    def __init__(self, docs: Iterable[tuple[str, Mapping[Any, Any]]]) -> None:
        self._declared: list[tuple[str, str, str, Any]] = []
        self._known: dict[str, Any] = {}
        # Locals may hold themselves, twice at each step: what is put in is counted.
        self._left, self._text = MAX_VALUES, _MAX_PUT
        for path, data in docs:
            self._declared += [(path, *one) for one in data["resource"]]
            for name, variable in data["variable"]:
                bodies = variable if isinstance(variable, list) else [variable]
                for body in bodies:
                    if (default := mapping(body).get("default")) not in ("", None, [], {}):
                        self._known[f"var.{name}"] = default
            self._known |= {f"local.{name}": value for name, value in data["locals"]}

    def resources(self, kind: str) -> Iterator[Resource]:
        """Those of a kind, in order; one with a `count` or `for_each` that is plain, as often as that says."""
        for path, its_kind, name, bodies in self._declared:
            if its_kind == kind:
                for body in bodies if isinstance(bodies, list) else [bodies]:
                    if isinstance(body, Mapping):
                        make = partial(Resource, path, kind, name, getattr(body, "line", 1), body)
                        yield from self._instances(make, body)

    def _instances(self, make: Any, body: Mapping[Any, Any]) -> Iterator[Resource]:
        count, each = self.value(body.get("count")), self.value(body.get("for_each"))
        if isinstance(count, int):
            yield from (make({"count.index": number}) for number in range(min(int(count), MAX_INSTANCES)))
        elif isinstance(each, list | Mapping) and each:
            pairs = each.items() if isinstance(each, Mapping) else [(one, one) for one in each]
            for key, value in list(pairs)[:MAX_INSTANCES]:
                inner = {f"each.value.{name}": one for name, one in mapping(value).items()}
                yield make({"each.key": key, "each.value": value, **inner})
        elif count is None and each is None:
            yield make({})
        else:
            key = "count" if count is not None else "for_each"
            yield make({}, f"has a `{key}` that is known only once Terraform runs")

    def value(self, value: Any, each: Mapping[str, Any] | None = None) -> Any:
        """The value with what is plain put in; a Template where something of it is known only once Terraform runs."""
        value = texts(value)
        if isinstance(value, list):
            return [self.value(one, each) for one in value] if not _nested(value) else value
        for _ in range(_MAX_STEPS):
            if not isinstance(value, Template):
                return value
            before, value = value, self._put(value, each or {})
            if value == before and type(value) is type(before):
                break
        return value

    def whole(self, value: Any, each: Mapping[str, Any] | None = None, level: int = 1) -> Any:
        """The value with what is plain put in, in everything that it holds too."""
        value = self.value(value, each)
        self._left -= 1
        if level > _MAX_LEVELS or self._left < 0:
            return value
        if isinstance(value, list):
            return [self.whole(one, each, level + 1) for one in value]
        if isinstance(value, Mapping):
            block = Block().begun(getattr(value, "line", 1))
            block.update((key, self.whole(one, each, level + 1)) for key, one in value.items())
            return block
        return value

    def _put(self, text: Template, each: Mapping[str, Any]) -> Any:
        if self._text < 0:
            return text
        whole = _REFERENCE.fullmatch(text)
        if whole:
            found = texts(self._one(whole.group(1), each, text))
            self._text -= len(found) if isinstance(found, str) else 0
            return found
        put = _REFERENCE.sub(lambda found: _scalar(self._one(found.group(1), each, None), found.group()), text)
        self._text -= len(put)
        return Template(put[:_MAX_LENGTH]) if hcl.INTERPOLATION.search(put) else put[:_MAX_LENGTH]

    def _one(self, name: str, each: Mapping[str, Any], otherwise: Any) -> Any:
        if name in each:
            return each[name]
        if name in self._known:
            return self._known[name]
        head, dot, key = name.rpartition(".")
        inner = mapping(self._known.get(head)) if dot else {}
        return inner.get(key, otherwise)


_REFERENCE = re.compile(r"\$\{\s*((?:var|local|each|count)(?:\.[\w-]+){1,3})\s*\}")
_RESOURCE = re.compile(
    r"(?:data\.)?([a-z][a-z0-9]*_[a-z0-9_]+)\.([\w-]+)(?:\[[^\]]{0,80}\]|\.\*|\.0)?(?:\.(\w+))?", re.ASCII
)


def _nested(value: list[Any]) -> bool:
    return any(isinstance(one, list | Mapping) for one in value)


def _scalar(value: Any, otherwise: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:_MAX_PART] if isinstance(value, str | int | float) else otherwise


def referred(value: Any) -> tuple[str, str] | None:
    """Kind and name of the only resource that an expression speaks of; a data source is none."""
    if not isinstance(value, Template):
        return None
    found = {(match.group(1), match.group(2)) for match in _RESOURCE.finditer(value) if "data." not in match.group()}
    return found.pop() if len(found) == 1 else None


def inner(body: Mapping[Any, Any], name: str) -> list[Mapping[Any, Any]]:
    """The nested blocks of a type, in order; those that are `dynamic` as if they were written once."""
    own = body.get(name)
    found = [one for one in (own if isinstance(own, list) else [own]) if isinstance(one, Mapping)]
    for one in listing(body.get("dynamic")) or [body.get("dynamic")]:
        for made in listing(mapping(one).get(name)) or [mapping(one).get(name)]:
            content = mapping(made).get("content")
            contents = content if isinstance(content, list) else [content]
            found += [it for it in contents if isinstance(it, Mapping)]
    return found


def dynamic(body: Mapping[Any, Any]) -> bool:
    """Whether some of the nested blocks are `dynamic`, made from a list."""
    return bool(body.get("dynamic"))
