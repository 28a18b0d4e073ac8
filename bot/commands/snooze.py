"""Keeps a reminder issue quiet until a day."""

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review.asked import Asked

USAGE = "snooze until DATE"
EXAMPLE = "snooze until next monday"
WHO = Who.WRITER
WHERE = Where.ISSUE


def parse(words: str) -> str:
    """A day."""
    until, _, day = words.partition(" ")
    if until.lower() != "until" or not day.strip():
        raise UserError("`snooze` takes `until` and a day")
    return day.strip()


def do(parsed: str, asked: Asked) -> str:
    """There is nothing to keep quiet yet."""
    asked.day(parsed)
    raise UserError("this is no reminder issue, so there is nothing to keep quiet")
