"""Begins a `.pilot.yml` from what the repository shows, with the rest as comments to fill in.

`in FOLDER` begins one there, from what that folder shows.
"""

from bot import gather, starter
from bot.commands import Where, Who, nothing
from bot.errors import UserError
from bot.gather.head import AtHead
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from bot.review.folders import folder_of
from bot.starter.there import look_there
from rules.values import quote

USAGE = "init"
EXAMPLE = "init"
WHO = Who.WRITER
WHERE = Where.BOTH


def parse(words: str) -> None:
    """Nothing more is asked for."""
    nothing(words)


def do(parsed: None, asked: Asked) -> str:  # noqa: ARG001 - there is nothing to know
    """A commit with the file."""
    # Others below the root are no reason against one there.
    asked = asked.within(asked.folder or ".")
    asked.folders.exists(asked.path)
    if not asked.subject.pull.policy.absent:
        raise UserError(_there(asked.path))
    return change(asked, Wish(f"Begin {asked.path}", _begun))


def _begun(draft: Draft, asked: Asked) -> None:
    if draft.before:
        raise UserError(_there(draft.path))
    head = AtHead(asked.installation, asked.pull, gather.zone(asked.organisation), cache=asked.by.cache)
    draft.data = starter.write(look_there(head, folder_of(draft.path)), asked.today).encode()


def _there(path: str) -> str:
    return f"there is a {quote(path)} here already, and it is never overwritten"
