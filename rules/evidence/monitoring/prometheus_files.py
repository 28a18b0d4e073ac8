"""Which parts of a document are Prometheus's rules or Alertmanager's routes, by what they hold."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.evidence.loading import Broken, Opaque, decoded, documents, listing, mapping

_OPERATOR = "monitoring.coreos.com/"
_MOST_EMBEDDED = 20
_GROUP = frozenset({"name", "interval", "limit", "query_offset", "labels", "rules"})
_LIKELY = re.compile(r"""^["']?(?:groups|route|receivers)["']?\s*:""", re.M)


@dataclass(frozen=True, slots=True)
class Rules:
    """Groups of rules.

    `namespace`: of the resource that holds them. `line`: where all of it is said to stand. `unclear`: why it can't be
    told whether they are run at all. `language`: the one their expressions are in, where that is none of Prometheus's.
    """

    groups: list[Any]
    namespace: str | None = None
    line: int | None = None
    unclear: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Alertmanager's configuration; `tenant` is the namespace of an AlertmanagerConfig, "" for one that says none."""

    config: Mapping[Any, Any]
    tenant: str | None = None
    line: int | None = None


def recognised(data: Any) -> bool:
    """Whether a document is Prometheus's, with alerts or routes in it or without. Never raises."""
    if next(parts(data), None) is not None:
        return True
    top = mapping(data)
    return (
        # Prometheus's own configuration, and promtool's tests.
        isinstance(top.get("scrape_configs"), list)
        or isinstance(top.get("rule_files"), list)
        or ("kind" in top and str(top.get("apiVersion")).startswith(_OPERATOR))
    )


def parts(data: Any) -> Iterator[Rules | Routing]:
    """Every part that is, in order. Never raises."""
    top = mapping(data)
    items = top.get("items")
    if isinstance(items, list) and str(top.get("kind")).endswith("List"):
        for item in items:
            yield from _one(mapping(item))
    else:
        yield from _one(top)


def _one(top: Mapping[Any, Any]) -> Iterator[Rules | Routing]:
    spec, kind = mapping(top.get("spec")), top.get("kind")
    name = mapping(top.get("metadata")).get("namespace")
    namespace = name if isinstance(name, str) else None
    if kind == "AlertmanagerConfig" and str(top.get("apiVersion")).startswith(_OPERATOR):
        yield Routing(spec, namespace or "")
    elif kind is not None and are_groups(spec.get("groups")):
        yield Rules(spec["groups"], namespace)
    elif kind in ("ConfigMap", "Secret"):
        yield from _embedded(top, namespace)
    elif kind is None and "apiVersion" not in top:
        yield from _plain(top)


def _plain(top: Mapping[Any, Any]) -> Iterator[Rules | Routing]:
    groups, route = top.get("groups"), mapping(top.get("route"))
    if are_groups(groups) or (groups is None and top.keys() == {"groups"}):
        yield Rules(groups or [])
    elif isinstance(top.get("route"), Mapping) and (isinstance(top.get("receivers"), list) or "receiver" in route):
        yield Routing(top)


def are_groups(value: object) -> bool:
    """Whether these are groups of Prometheus's rules, and not of Grafana's or of something else."""
    groups = [mapping(group) for group in listing(value)]
    if not isinstance(value, list) or any("folder" in group for group in groups):
        return False
    rules = [mapping(rule) for group in groups for rule in listing(group.get("rules"))[:3]]
    written = any(rule.keys() & {"alert", "record", "expr"} for rule in rules)
    foreign = any("uid" in rule and "data" in rule for rule in rules)
    return not foreign and (written or not value or (not rules and all(_GROUP.issuperset(group) for group in groups)))


def _embedded(top: Mapping[Any, Any], namespace: str | None) -> Iterator[Rules | Routing]:
    """What stands in the texts of a ConfigMap, or of a Secret, whose `data` is in base 64."""
    texts = []
    for key in ("data", "stringData"):
        block = mapping(top.get(key))
        coded = key == "data" and top.get("kind") == "Secret"
        texts += [(value, coded, getattr(block, "line", None)) for value in block.values() if isinstance(value, str)]
    for value, coded, line in texts[:_MOST_EMBEDDED]:
        text = _plain_text(value) if coded else value
        for data in _read(text) if text and _LIKELY.search(text) else ():
            for part in _plain(mapping(data)):
                if isinstance(part, Rules):
                    yield Rules(part.groups, namespace, line)
                else:
                    yield Routing(part.config, line=line)


def _plain_text(value: str) -> str | None:
    try:
        return decoded(b64decode("".join(value.split()), validate=True))
    except (Error, ValueError, Broken, Opaque):
        return None


def _read(text: str) -> list[Any]:
    try:
        return documents(text)
    except (Broken, Opaque):
        return []
