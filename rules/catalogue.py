"""Finds the rules: the only registry. A rule is a file in a family's package, or in an installed plug-in.

A family is a package of `rules` that names the `SECTION` of `.pilot.yml` that it judges; `RESERVED` there lists codes
that have been given out for ever to rules that this version does not have. Plug-ins register a module or a package
under the entry point group `pilotgate.rules`; the entry point's name is the family.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, get_origin, get_type_hints

import rules
from rules.policy import Level, Policy
from rules.rule import Example, Rule, Severity

GROUP = "pilotgate.rules"


class InvalidRule(Exception):
    """A rule file that does not load. The message names the file and what is missing."""


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that fight one cause of failure. The title is what people read; the page says why it is fought."""

    name: str
    title: str
    page: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every rule by its code, families in the order of the policy's sections, and the codes set aside."""

    rules: Mapping[str, Rule]
    families: Mapping[str, Family]
    reserved: frozenset[str]

    @property
    def codes(self) -> frozenset[str]:
        """Every code that a policy may name."""
        return self.reserved | frozenset(self.rules)

    @property
    def weights(self) -> dict[str, tuple[Level, Level]]:
        """How much a finding of each rule weighs before and from stage `decision` on."""
        return {code: rule.severity.levels for code, rule in self.rules.items()}


@cache
def catalogue() -> Catalogue:
    """The built-in rules and those of installed plug-ins; InvalidRule names the first file that does not load."""
    return collect([*_built_in(), *_plugged_in()])


def collect(packages: Iterable[tuple[str, ModuleType]]) -> Catalogue:
    """The catalogue of these families: each a name with its package (or, from a plug-in, a single module)."""
    packages = list(packages)
    loaded: dict[str, Rule] = {}
    families: dict[str, Family] = {}
    reserved = {code: name for name, package in packages for code in getattr(package, "RESERVED", ())}
    for name, package in packages:
        families[name] = Family(name, _title(name, package), (package.__doc__ or "").strip())
        for module in _rule_modules(package):
            rule = load(module, name)
            if rule.code in loaded:
                raise InvalidRule(f"{_file(module)}: CODE {rule.code} is that of {loaded[rule.code].name} already")
            if reserved.get(rule.code, name) != name:
                raise InvalidRule(f"{_file(module)}: CODE {rule.code} is set aside by {reserved[rule.code]}")
            loaded[rule.code] = rule
    order = list(families)
    ordered = sorted(loaded.values(), key=lambda rule: (order.index(rule.family), rule.code))
    return Catalogue({rule.code: rule for rule in ordered}, families, frozenset(set(reserved) - set(loaded)))


def _built_in() -> list[tuple[str, ModuleType]]:
    packages = [import_module(f"rules.{found.name}") for found in iter_modules(rules.__path__) if found.ispkg]
    families = [package for package in packages if hasattr(package, "SECTION")]
    sections = list(Policy.model_fields)
    return [
        (package.__name__.rpartition(".")[2], package)
        for package in sorted(families, key=lambda package: sections.index(package.SECTION))
    ]


def _plugged_in() -> Iterator[tuple[str, ModuleType]]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            yield point.name, point.load()
        except Exception as error:
            raise InvalidRule(f"the plug-in {point.name} ({point.value}) does not load: {error}") from error


def _rule_modules(package: ModuleType) -> Iterator[ModuleType]:
    if not hasattr(package, "__path__"):
        yield package
        return
    for found in iter_modules(package.__path__):
        if found.name.startswith("_"):
            continue
        name = f"{package.__name__}.{found.name}"
        try:
            yield import_module(name)
        except Exception as error:
            raise InvalidRule(f"{name.replace('.', '/')}.py does not load: {type(error).__name__}: {error}") from error


def _title(name: str, package: ModuleType) -> str:
    first = (package.__doc__ or "").strip().partition(":")[0].partition("\n")[0]
    return first.rstrip(".") or name.replace("_", " ").capitalize()


def _file(module: ModuleType) -> str:
    return module.__name__.replace(".", "/") + ".py"


def load(module: ModuleType, family: str) -> Rule:
    """The rule that a module defines, or InvalidRule with everything that it lacks."""
    lacking = [said for said, holds in _PARTS.items() if not holds(module)]
    if lacking:
        raise InvalidRule(f"{_file(module)} is no rule yet; it lacks " + "; ".join(lacking))
    page = str(module.__doc__).strip()
    return Rule(
        code=module.CODE,
        name=module.__name__.rpartition(".")[2].replace("_", "-"),
        family=family,
        severity=module.SEVERITY,
        title=page.partition("\n")[0],
        page=page,
        remedy=_remedy(module),
        check=module.check,
        needs=_needs(module),
        examples=tuple(module.EXAMPLES),
    )


def _remedy(module: ModuleType) -> str:
    """What stands behind `Fix:` in a rule's docstring, on one line; empty where nothing does."""
    return " ".join((module.__doc__ or "").partition("\nFix:")[2].split())


def _needs(module: ModuleType) -> dict[str, type]:
    try:
        hints = get_type_hints(module.check)
    except NameError as error:
        raise InvalidRule(f"{_file(module)}: check's parameters name a type that is not imported: {error}") from error
    hints.pop("return", None)
    needs = {name: get_origin(hint) or hint for name, hint in hints.items()}
    code = module.check.__code__
    untyped = [name for name in code.co_varnames[: code.co_argcount] if name not in needs]
    if untyped:
        raise InvalidRule(f"{_file(module)}: check's parameter {untyped[0]} needs a type that says which fact it is")
    for name, need in needs.items():
        if need.__module__ not in _FACTS and not need.__module__.startswith("rules.evidence."):
            raise InvalidRule(f"{_file(module)}: check's parameter {name} asks for {need.__name__}, which is no fact")
    return needs


_FACTS = ("rules.approval", "rules.document", "rules.facts", "rules.policy")


def _has_example(module: ModuleType, outcome: str) -> bool:
    examples: Any = getattr(module, "EXAMPLES", ())
    return any(isinstance(example, Example) and example.outcome == outcome for example in examples)


_PARTS: dict[str, Callable[[ModuleType], bool]] = {
    "a docstring that says what it checks, why, and how to fix it": lambda module: bool((module.__doc__ or "").strip()),
    "`Fix:` and how to fix it, at the start of a line of its docstring": lambda module: bool(_remedy(module)),
    'CODE, three capitals and three digits, as in CODE = "REV001"': lambda module: bool(
        re.fullmatch(r"[A-Z]{3}[0-9]{3}", str(getattr(module, "CODE", "")))
    ),
    "SEVERITY, as in SEVERITY = Severity.ERROR": lambda module: isinstance(getattr(module, "SEVERITY", None), Severity),
    "check, a function that yields findings": lambda module: callable(getattr(module, "check", None)),
    "a good example in EXAMPLES": lambda module: _has_example(module, "pass"),
    "a bad example in EXAMPLES": lambda module: _has_example(module, "fail"),
}
