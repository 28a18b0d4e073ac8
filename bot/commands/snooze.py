"""Keeps a reminder issue quiet until a day.

For 90 days at most: what can wait for longer is put off in the policy, which takes an approval.
"""

from datetime import timedelta

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review.asked import Asked

USAGE = "snooze until DATE"
EXAMPLE = "snooze until next monday"
WHO = Who.WRITER
WHERE = Where.ISSUE
_LONGEST = timedelta(days=90)


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
    if day - asked.today > _LONGEST:
        mend = "put it off in the policy instead, which takes an approval"
        raise UserError(f"{day} is more than {_LONGEST.days} days ahead: {mend}")
    if not asked.by.snooze(asked.pull.id, asked.comment.number, day):
        raise UserError("this is no reminder issue, so there is nothing to keep quiet")
    return f"Nobody is reminded here before {day}."
