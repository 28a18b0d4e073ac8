"""Explains a rule: what it demands, why, and how to get past it."""

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review.asked import Asked

USAGE = "explain CODE"
EXAMPLE = "explain REV001"
WHO = Who.READER
WHERE = Where.BOTH


def parse(words: str) -> str:
    """The code of a rule."""
    if len(words.split()) != 1:
        raise UserError("`explain` takes the code of one rule")
    return words


def do(parsed: str, asked: Asked) -> str:
    """The rule's page."""
    rule = asked.rule(parsed)
    why, _, _ = rule.page.partition("\nFix:")
    title, _, rest = why.partition("\n")
    parts = [f"### {rule.code} {rule.name}", f"**{title.strip()}**", rest.strip(), f"**Fix:** {rule.remedy}"]
    return "\n\n".join(part for part in parts if part) + "\n"
