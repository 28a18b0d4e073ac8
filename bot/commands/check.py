"""Checks again, as if it had never been checked."""

from bot.commands import Where, Who, nothing
from bot.present import markdown
from bot.review import pull as reviewing
from bot.review.asked import Asked
from bot.review.shown import shown

USAGE = "check"
EXAMPLE = "check"
WHO = Who.READER
WHERE = Where.BOTH


def parse(words: str) -> None:
    """Nothing more is asked for."""
    nothing(words)


def do(parsed: None, asked: Asked) -> str:  # noqa: ARG001 - there is nothing to know
    """The check run of a pull request says it; on an issue, a comment on the default branch."""
    if asked.folder is not None:
        _ = asked.document  # Whether there is one is said first.
    if asked.comment.on_pull:
        reviewing.review(
            asked.installation, asked.by, reviewing.Asked(asked.comment.repository, asked.comment.number, again=True)
        )
        return ""
    return "\n\n".join(markdown.render(one) for one in shown(asked, asked.by))
