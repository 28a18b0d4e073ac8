"""Says how the pilot would stand on another day, with everything else as it is."""

from bot.commands import Where, Who
from bot.errors import UserError
from bot.present import markdown
from bot.review.asked import Asked
from bot.review.shown import shown

USAGE = "what-if DATE"
EXAMPLE = "what-if +4w"
WHO = Who.READER
WHERE = Where.BOTH


def parse(words: str) -> str:
    """A day."""
    if not words:
        raise UserError("`what-if` takes a day")
    return words


def do(parsed: str, asked: Asked) -> str:
    """The report of that day."""
    by = asked.at(asked.day(parsed))
    return "\n\n".join(markdown.render(one) for one in shown(asked, by))
