"""Names who answers for the pilot in a role of `owners`."""

import re
from dataclasses import dataclass

from bot.commands import Where, Who
from bot.errors import UserError
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from rules.policy import Owners
from rules.values import Handle, quote
from rules.wording import nearest

USAGE = "assign ROLE @WHO"
EXAMPLE = "assign monitor @acme/ml-oncall"
WHO = Who.WRITER
WHERE = Where.BOTH
_PERSON = re.compile(r"@[A-Za-z0-9][\w-]*(/[\w.-]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A role and who has it."""

    role: str
    handle: str


def parse(words: str) -> Assigned:
    """A role of the policy's, and a person or a team."""
    role, _, handle = words.partition(" ")
    role, handle = role.lower(), handle.strip()
    if role not in Owners.model_fields:
        better = nearest(role, list(Owners.model_fields))
        hint = (
            f"did you mean `{better}`?"
            if better
            else f"there are {', '.join(f'`{one}`' for one in Owners.model_fields)}"
        )
        raise UserError(f"{quote(role)} is no role: {hint}")
    if not _PERSON.fullmatch(handle):
        raise UserError(f"{quote(handle)} is neither a person (`@login`) nor a team (`@org/team`)")
    try:
        return Assigned(role, str(Handle.read(handle)))
    except ValueError as error:
        raise UserError(f"{quote(handle)} is neither a person (`@login`) nor a team (`@org/team`)") from error


def do(parsed: Assigned, asked: Asked) -> str:
    """A commit that names them."""
    _ = asked.policy  # Whether there is one is said first.

    def make(draft: Draft, _: Asked) -> None:
        draft.put(("owners", parsed.role), parsed.handle)

    return change(asked, Wish(f"Let {parsed.handle} be owners.{parsed.role}", make))
