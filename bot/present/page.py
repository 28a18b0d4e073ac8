"""The catalogue and the pages of its rules, as text."""

from textwrap import indent

from rules.catalogue import Catalogue
from rules.rule import Example, Rule


def listing(catalogue: Catalogue) -> str:
    """Every rule by family: code, name, weight and what holds when it passes."""
    blocks = []
    for family in catalogue.families.values():
        rules = [rule for rule in catalogue.rules.values() if rule.family == family.name]
        rows = [f"  {rule.code}  {rule.name:<24} {rule.severity.value:<8} {rule.title}" for rule in rules]
        if rows:
            blocks.append("\n".join([family.page.partition("\n")[0], *rows]))
    return "\n\n".join(blocks) + "\n\n`pilotgate rules CODE` shows a rule's page.\n"


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
    if example.outcome == "pass":
        return f"## A good example\n\n{indent(example.policy.rstrip(), '    ')}"
    found = f"Found at `{example.at}`: {example.says}" if example.at else f"Found: {example.says}"
    return f"## A bad example\n\n{indent(example.policy.rstrip(), '    ')}\n\n{found}"
