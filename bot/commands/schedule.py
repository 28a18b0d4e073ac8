"""Says by when a review is due."""

from dataclasses import dataclass

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from bot.review.reviews import named

USAGE = "schedule REVIEW DATE"
EXAMPLE = "schedule security next friday"
WHO = Who.WRITER
WHERE = Where.BOTH


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A review and the words of a day."""

    review: str
    day: str


def parse(words: str) -> Scheduled:
    """A review, then a day."""
    review, _, day = words.partition(" ")
    if not day.strip():
        raise UserError("`schedule` takes a review and a day")
    return Scheduled(review, day.strip())


def do(parsed: Scheduled, asked: Asked) -> str:
    """A commit with the day."""
    review, day = named(asked, parsed.review), asked.day(parsed.day)
    if day < asked.today:
        raise UserError(f"{day} has passed")

    def make(draft: Draft, _: Asked) -> None:
        draft.put(("reviews", review, "due"), day)

    return change(asked, Wish(f"Have the {review} review by {day}", make))
