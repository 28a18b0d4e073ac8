"""Which review somebody means."""

from bot.errors import UserError
from bot.review.asked import Asked
from rules.values import quote
from rules.wording import nearest


def named(asked: Asked, word: str) -> str:
    """The review of this name, of the policy or asked for by the organisation; UserError with the nearest otherwise."""
    known = {*(asked.policy.reviews or {}), *asked.organisation.required_reviews}
    found = next((one for one in known if one.lower() == word.lower()), None)
    if found is not None:
        return found
    better = nearest(word, sorted(known))
    hint = f"did you mean {quote(better)}?" if better else f"there are {', '.join(map(quote, sorted(known)))}"
    raise UserError(f"{quote(word)} is no review: {hint}")
