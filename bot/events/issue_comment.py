"""Somebody commented on an issue or a pull request: the commands in it are carried out and answered.

Only new comments count, and only whoever wrote them: an edit runs nothing.
"""

from collections.abc import Iterator
from typing import Any

import structlog
from pydantic import AwareDatetime

from bot import commands
from bot.commands import Command, Declined, Where, Who
from bot.comments import WORD
from bot.comments import commands as lines_of
from bot.errors import Refused, UserError
from bot.events import Event, Id, Line, Number, Payload, Sender
from bot.github import people
from bot.github.client import Installation
from bot.present import markdown
from bot.present.cut import cut
from bot.review.asked import Asked
from bot.review.asked import Comment as Given
from rules.values import quote

ACTIONS: frozenset[str] | None = frozenset({"created"})
MOST = 10
"""How many commands of one comment are carried out."""
_LIMIT = 65_536
_RESERVE = 0.2
"""The part of what GitHub allows that commands leave to pull requests: whoever can read may ask, and often."""

log = structlog.get_logger()


class Comment(Payload):
    """The comment."""

    id: Id
    body: str | None = None
    html_url: str
    created_at: AwareDatetime
    user: Sender | None = None


class Issue(Payload):
    """The issue, which `pull_request` says is a pull request."""

    number: Number
    pull_request: dict[str, Any] | None = None


class IssueComment(Event):
    """The event."""

    action: str
    comment: Comment
    issue: Issue
    sender: Sender

    @property
    def counts(self) -> bool:
        """Whether a person wrote it just now, with a name as GitHub gives them."""
        author = self.comment.user
        return not self.sender.bot and author is not None and author.login == self.sender.login


def parse(payload: dict[str, Any]) -> IssueComment:
    """The event that a payload tells of."""
    return IssueComment.model_validate(payload)


def handle(event: IssueComment, line: Line) -> None:
    """Carry the commands out, and answer: by a reaction, and one comment where there is something to say."""
    given = lines_of(event.comment.body or "") if event.action == "created" and event.counts else []
    if not given:
        return
    installation, repository = line.app.installation(event.installation.id), event.repository.full_name
    # What is paced would be asked for again by each job that has to wait.
    seen = ("eyes", event.installation.id, event.comment.id)
    if not line.cache.get(*seen):
        people.react(installation, repository, event.comment.id, "eyes")
        line.cache.put(True, 100, *seen)
    installation.spare(_RESERVE)
    mark = f"<!-- pilotgate:reply:{event.comment.id}:"
    said = people.own_since(installation, repository, event.issue.number, event.comment.created_at)
    before = next((body for body in said if body.startswith(mark)), None)
    if before is not None:
        done = before.startswith(f"{mark}done")
    else:
        answers = list(_answers(event, given, installation, line))
        done = all(ok for ok, _ in answers)
        text = "\n\n".join(text for _, text in answers if text)
        if text:
            body = f"{mark}{'done' if done else 'refused'} -->\n{text}"
            notice = "_Cut here: GitHub takes no longer comments._"
            people.comment(installation, repository, event.issue.number, cut(body, _LIMIT, notice))
    people.react(installation, repository, event.comment.id, "+1" if done else "confused")


def _answers(
    event: IssueComment, given: list[str], installation: Installation, line: Line
) -> Iterator[tuple[bool, str]]:
    """Whether each command was carried out, and what there is to say of it."""
    here = Given(
        event.repository.full_name,
        event.issue.number,
        event.issue.pull_request is not None,
        event.comment.id,
        event.comment.html_url,
        event.sender.login,
        event.comment.created_at,
    )
    for number, words in enumerate(given[:MOST], 1):
        asked = Asked(installation, line.judging(), here, str(number))
        head = f"{quote(f'{WORD} {words}')}: " if len(given) > 1 else ""
        try:
            said = _done(words, asked)
        except Declined as error:
            yield False, f"{head}{_sentence(error)}\n\n{error.more}"
        except UserError as error:
            yield False, f"{head}{_sentence(error)}"
        except Refused as refused:
            yield False, f"{head}GitHub refuses this: {markdown.inline(refused.reason)}"
        else:
            yield True, f"{head}\n\n{said}".strip() if head and said else said
    if len(given) > MOST:
        yield False, f"Only the first {MOST} commands of a comment are carried out."


def _sentence(error: UserError) -> str:
    text = markdown.inline(str(error))
    return text[:1].upper() + text[1:]


def _done(words: str, asked: Asked) -> str:
    call = commands.read(words)
    here = asked.comment
    if call.command.WHERE is Where.PULL and not here.on_pull:
        raise UserError("this works on pull requests alone")
    if call.command.WHERE is Where.ISSUE and here.on_pull:
        raise UserError("this works on issues alone")
    _permitted(call.command, asked)
    log.info("command", line=words[:200], by=asked.login)
    return call.command.do(call.parsed, asked.within(call.folder))


def _permitted(command: Command, asked: Asked) -> None:
    """Whether whoever asks has the role that it takes; who may sign, approve or decide tells the command."""
    writes = command.WHO is Who.WRITER
    may = people.may_write if writes else people.may_read
    if not may(asked.installation, asked.comment.repository, asked.login):
        raise UserError(f"you may not do this: it takes {command.WHO.value}")
