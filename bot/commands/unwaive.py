"""Takes the waivers of a rule away."""

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review import rights
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft

USAGE = "unwaive CODE"
EXAMPLE = "unwaive INT002"
WHO = Who.APPROVER
WHERE = Where.BOTH


def parse(words: str) -> str:
    """The code of a rule."""
    if len(words.split()) != 1:
        raise UserError("`unwaive` takes the code of one rule")
    return words.upper()


def do(parsed: str, asked: Asked) -> str:
    """A commit without them."""
    if not any(one.rule == parsed for one in asked.policy.waivers or ()):
        asked.rule(parsed)
        raise UserError(f"`{parsed}` is not waived here")

    def make(draft: Draft, asked: Asked) -> None:
        rights.to_approve(asked)
        numbers = [number for number, one in enumerate(asked.policy.waivers or ()) if one.rule == parsed]
        for number in reversed(numbers):
            draft.remove(("waivers", number))

    return change(asked, Wish(f"Waive {parsed} no longer", make))
