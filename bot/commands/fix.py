"""Opens a pull request with each mend that the check can say word for word."""

from bot.commands import Where, Who, nothing
from bot.errors import UserError
from bot.review import fix
from bot.review.asked import Asked

USAGE = "fix"
EXAMPLE = "fix"
WHO = Who.WRITER
WHERE = Where.PULL


def parse(words: str) -> None:
    """Nothing more is asked for."""
    nothing(words)


def do(parsed: None, asked: Asked) -> str:  # noqa: ARG001 - there is nothing to know
    """The pull request says of itself; where there is none, that there is nothing."""
    if asked.folder is not None:
        raise UserError("`fix` mends every policy that judges this pull request: write `/pilot fix`")
    made = fix.fix(asked.installation, asked.by, asked.where, asked.login)
    return "" if made else "No finding has a replacement that can be put in."
