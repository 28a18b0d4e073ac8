"""Begins a `.pilot.yml` from what the repository shows, with the rest as comments to fill in."""

from bot import gather, starter
from bot.commands import Where, Who, nothing
from bot.errors import UserError
from bot.gather.head import AtHead
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from bot.starter.there import look_there

USAGE = "init"
EXAMPLE = "init"
WHO = Who.WRITER
WHERE = Where.BOTH


def parse(words: str) -> None:
    """Nothing more is asked for."""
    nothing(words)


def do(parsed: None, asked: Asked) -> str:  # noqa: ARG001 - there is nothing to know
    """A commit with the file."""
    if not asked.pull.policy.absent:
        raise UserError("there is a `.pilot.yml` here already, and it is never overwritten")
    return change(asked, Wish("Begin .pilot.yml", _begun))


def _begun(draft: Draft, asked: Asked) -> None:
    if draft.before:
        raise UserError("there is a `.pilot.yml` here already, and it is never overwritten")
    head = AtHead(asked.installation, asked.pull, gather.zone(asked.organisation), cache=asked.by.cache)
    draft.data = starter.write(look_there(head), asked.today).encode()
