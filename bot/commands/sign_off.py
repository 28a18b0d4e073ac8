"""Records that a review has passed, with where its record is.

The signature is bound to the commit that it makes: whatever is pushed after it voids it.
"""

from dataclasses import dataclass

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review import rights
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from bot.review.reviews import named

USAGE = "sign-off REVIEW [EVIDENCE]"
EXAMPLE = "sign-off security docs/reviews/security.md"
WHO = Who.REVIEWER
WHERE = Where.BOTH


@dataclass(frozen=True, slots=True)
class Signed:
    """A review, and a path or an address of its record."""

    review: str
    evidence: str | None


def parse(words: str) -> Signed:
    """A review, and where its record is."""
    parts = words.split()
    if len(parts) not in (1, 2):
        raise UserError("`sign-off` takes a review, and a path or an https address of its record")
    return Signed(parts[0], parts[1] if len(parts) == 2 else None)


def do(parsed: Signed, asked: Asked) -> str:
    """A commit that says so, which is its sender's approval."""
    review = named(asked, parsed.review)

    def make(draft: Draft, asked: Asked) -> None:
        rights.to_sign(asked, review)
        draft.put(("reviews", review, "outcome"), "passed")
        if parsed.evidence is not None:
            draft.put(("reviews", review, "evidence"), parsed.evidence)

    details = {"review": review, "evidence": parsed.evidence}
    return change(asked, Wish(f"Sign off the {review} review", make, kind="sign-off", details=details))
