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
    """No reminder in this issue before that day."""
    if asked.folder is not None:
        raise UserError("the issue itself says what it is about: write `/pilot snooze until DATE`")
    day = asked.day(parsed)
    if day <= asked.today:
        raise UserError(f"{day} is not to come")
    if not asked.by.snooze(asked.pull.id, asked.comment.number, day):
        raise UserError("this is no reminder issue, so there is nothing to keep quiet")
    return f"Nobody is reminded here before {day}."
