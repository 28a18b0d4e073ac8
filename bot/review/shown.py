"""What there is to say of a pull request, or of a default branch, to whoever asks in a comment."""

from bot.errors import UserError
from bot.present import Shown
from bot.review.asked import Asked
from bot.review.judge import By, judge


def shown(asked: Asked, by: By) -> tuple[Shown, ...]:
    """The reports; UserError where there is none. Raises RetryLater or Refused."""
    _ = asked.organisation  # Whether it can be used is said first.
    found = judge(asked.installation, by, asked.pull)
    if not found.shown:
        raise UserError("there is no pilot here: `/pilot init` begins its `.pilot.yml`")
    return found.shown
