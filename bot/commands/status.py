"""Says how the pilot stands: readiness by family, what is missing, and what fails next."""

from bot.commands import Where, Who, nothing
from bot.present import markdown
from bot.review.asked import Asked
from bot.review.shown import shown

USAGE = "status"
EXAMPLE = "status"
WHO = Who.READER
WHERE = Where.BOTH


def parse(words: str) -> None:
    """Nothing more is asked for."""
    nothing(words)


def do(parsed: None, asked: Asked) -> str:  # noqa: ARG001 - there is nothing to know
    """The overview of each policy."""
    return "\n\n".join(markdown.overview(one) for one in shown(asked, asked.by))
