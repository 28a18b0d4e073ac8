"""The catalogue and the pages of its rules, as text."""

from collections.abc import Collection, Iterator
from textwrap import indent

from rules.catalogue import Catalogue
from rules.rule import Example, Rule, Severity


def listing(catalogue: Catalogue, families: Collection[str] = ()) -> str:
    """The rules by family, of some families or of all: code, name, weight and what holds when it passes."""
    blocks = []
    for family in (one for one in catalogue.families.values() if one.name in families or not families):
        rules = [rule for rule in catalogue.rules.values() if rule.family == family.name]
        rows = [f"  {rule.code}  {rule.name:<24} {_weight(rule):<8} {rule.title}" for rule in rules]
        if rows:
            blocks.append("\n".join([family.page.partition("\n")[0], *rows]))
    note = "† error in the stages decision and production, warning before. `pilotgate rules CODE` shows a rule's page."
    return "\n\n".join([*blocks, note]) + "\n"


def _weight(rule: Rule) -> str:
    return "warning†" if rule.severity is Severity.ERROR_FROM_DECISION else rule.severity.value


def page(rule: Rule) -> str:
    """One rule in Markdown: what it checks, why, how to fix it, and the examples that it is tested on."""
    head = f"# {rule.code} {rule.name}\n\nFamily {rule.family.replace('_', ' ')}, severity {rule.severity.value}."
    shown = [_example(example) for outcome in ("fail", "pass") for example in _first(rule, outcome)]
    return "\n\n".join([head, rule.page.replace("\nFix:", "\n**Fix:**"), *shown]) + "\n"


def _first(rule: Rule, outcome: str) -> list[Example]:
    return [example for example in rule.examples if example.outcome == outcome][:1]


def _example(example: Example) -> str:
    if example.policy is None:
        return "## A bad example\n\nA repository that must have a policy, without one."
    shown = [indent(example.policy.rstrip(), "    "), *_files(example)]
    if example.outcome == "pass":
        return "\n\n".join(["## A good example", *shown])
    found = f"Found at `{example.at}`: {example.says}" if example.at else f"Found: {example.says}"
    return "\n\n".join(["## A bad example", *shown, found])


def _files(example: Example) -> Iterator[str]:
    """What is in the example's files, and which others are there."""
    for path, data in example.files.items():
        if data:
            yield f"`{path}`:\n\n{indent(data.decode(errors='replace').rstrip(), '    ')}"
    there = [f"`{path}`" for path, data in example.files.items() if not data]
    if there:
        yield f"In the repository: {', '.join(there)}"
