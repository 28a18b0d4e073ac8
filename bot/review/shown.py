"""What there is to say of a pull request, or of a default branch, to whoever asks in a comment."""

from bot.present import Shown
from bot.review.asked import Asked
from bot.review.judge import By, judge


def shown(asked: Asked, by: By) -> tuple[Shown, ...]:
    """The reports: by the policy of the folder that is named, else by all that judge it, else by the only one there is.

    UserError where there is none. Raises RetryLater or Refused.
    """
    _ = asked.organisation  # Whether it can be used is said first.
    found = judge(asked.installation, by, asked.pull) if asked.folder is None else None
    if found is None or not found.shown:
        found = judge(asked.installation, by, asked.pull, asked.document)
    return found.shown
