"""Lists the commands.

Made from the commands themselves.
"""

from bot.commands import HOW_IN, Where, Who, nothing, table
from bot.review.asked import Asked

USAGE = "help"
EXAMPLE = "help"
WHO = Who.READER
WHERE = Where.BOTH


def parse(words: str) -> None:
    """Nothing more is asked for."""
    nothing(words)


def do(parsed: None, asked: Asked) -> str:  # noqa: ARG001 - it needs nothing
    """The table, and which policy is meant."""
    return "\n".join(table()) + f"\n\n{HOW_IN}"
