"""A change of the policy that somebody has asked for: a commit where it belongs, or a patch where the app can't commit.

On a pull request it goes to its own branch, on an issue to a pull request of its own. Two changes at once lose neither,
since a commit replaces exactly the file that was read.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused, RetryLater, UserError
from bot.gather.authorship import pushed_since
from bot.github import contents
from bot.github.faults import SOON
from bot.present import markdown
from bot.present.cut import cut
from bot.review import patch
from bot.review.asked import Asked
from bot.review.draft import Draft
from bot.review.still import still
from bot.store.ledger import Entry
from rules.values import quote

_TRIES = 3
_LIMIT = 60_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be changed and why. `kind` is that of the entry in the ledger, None for a change that is none's
    approval; `details` are the entry's."""

    title: str
    make: Callable[[Draft, Asked], None]
    why: str = ""
    kind: str | None = None
    details: Mapping[str, Any] | None = None


def change(asked: Asked, wish: Wish) -> str:
    """Make the change; returns what there is to say. UserError where it can't be made; RetryLater or Refused."""
    for _ in range(_TRIES):
        said = _tried(asked, wish)
        if said is not None:
            return said
        asked = asked.anew()
    raise RetryLater(asked.by.now + SOON, f"{asked.comment.repository}: others change the policy all the time")


def _tried(asked: Asked, wish: Wish) -> str | None:
    """What there is to say; None where somebody else has changed the policy meanwhile."""
    pull = asked.pull
    if not pull.open:
        raise UserError("this is closed, or its repository archived: nothing is written here any more")
    before = _known(asked, pull.ref if asked.comment.on_pull else _branch(asked))
    if before is not None:
        return _again(asked, wish, before)
    file = contents.read(asked.installation, pull.repository, asked.path, pull.head)
    draft = Draft(file.data if file else b"", asked.by.catalogue.codes, asked.path)
    wish.make(draft, asked)
    if not draft.changed:
        return f"Nothing is to be changed: {quote(asked.path)} says so already."
    draft.checked()
    left = still(asked, draft)
    if pull.foreign:
        return _patch(draft, patch.FORK) + left
    try:
        said = _committed(asked, wish, draft, file.sha if file else None)
        return said if said is None else said + left
    except Refused as refused:
        if refused.status not in (403, 404, 409, 422):
            raise
        return _patch(draft, patch.FORBIDDEN) + left


def _committed(asked: Asked, wish: Wish, draft: Draft, replaces: str | None) -> str | None:
    pull, branch = asked.pull, asked.pull.ref
    if not asked.comment.on_pull:
        branch = _branch(asked)
        contents.branch(asked.installation, pull.repository, branch, pull.head)
    file = (draft.path, draft.data, replaces)
    made = contents.write(asked.installation, pull.repository, branch, _message(asked, wish), file)
    if made is None:
        return None
    number = pull.number if asked.comment.on_pull else _proposed(asked, wish)
    where = "" if asked.comment.on_pull else f" in #{number}"
    if wish.kind is None or made.parents != {pull.head} or _unseen(asked, made.sha):
        asked.by.memory.add_hand(pull.id, number, asked.login)
        unseen = _UNSEEN if wish.kind else ""
        return f"Done{where}: {made.sha[:12]} changes {_what(asked, wish)}.{unseen}{_merged(asked, number)}"
    asked.by.ledger.add(_entry(asked, wish, draft, made.sha, number))
    approved = f"{made.sha[:12]}, which you approve by this, changes {_what(asked, wish)}"
    return f"Done{where}: {approved}. Whatever is pushed after it voids that.{_merged(asked, number)}"


def _unseen(asked: Asked, made: str) -> bool:
    """Whether there is something in the pull request that whoever asks can't have seen when they wrote the comment."""
    if not asked.comment.on_pull:
        return False
    entries = asked.by.ledger.of(asked.pull.id, asked.pull.number)
    mine = {made, *(one.commit for one in entries if one.login == asked.login)}
    return bool(pushed_since(asked.installation, asked.pull, asked.comment.at) - mine)


_UNSEEN = " Others have pushed meanwhile, so that you have not approved what stands there: review the last commit."


def _again(asked: Asked, wish: Wish, commit: str) -> str:
    """What there is to say of a commit that a job before this one has made.

    Whether it is that very commit is told by its message alone, which anybody can write: it approves of nothing.
    """
    number = asked.pull.number if asked.comment.on_pull else _proposed(asked, wish)
    where = "" if asked.comment.on_pull else f" in #{number}"
    id = _id(asked)
    approved = any(one.id == id and one.commit == commit for one in asked.by.ledger.of(asked.pull.id, number))
    if not approved:
        # What the ledger keeps is an approval, which a hand in the change would take back.
        asked.by.memory.add_hand(asked.pull.id, number, asked.login)
    unseen = "" if approved or not wish.kind else _UNSEEN
    return f"Done{where}: {commit[:12]} changes {_what(asked, wish)}.{unseen}{_merged(asked, number)}"


def _merged(asked: Asked, number: int) -> str:
    """What is still to be done where the change is a pull request of its own."""
    return "" if asked.comment.on_pull else f" It counts once #{number} is merged."


def _what(asked: Asked, wish: Wish) -> str:
    """The file, and what was understood: which day `next friday` is, for one."""
    return f"{quote(asked.path)}: {markdown.inline(wish.title)}"


def _id(asked: Asked) -> str:
    return f"command/{asked.comment.id}/{asked.key}"


def _entry(asked: Asked, wish: Wish, draft: Draft, commit: str, number: int) -> Entry:
    """What the ledger keeps: an approval of exactly this commit by whoever asked for it."""
    assert wish.kind is not None
    return Entry(
        _id(asked),
        asked.by.now,
        asked.pull.id,
        asked.pull.repository,
        wish.kind,
        asked.login,
        commit,
        number,
        hashlib.sha256(draft.data).hexdigest(),
        asked.comment.address,
        {"issue": asked.comment.number, "path": draft.path, **(wish.details or {})},
    )


def _proposed(asked: Asked, wish: Wish) -> int:
    """The pull request for a change that was asked for on an issue."""
    pull, name = asked.pull, _branch(asked)
    why = f"\n\nBecause: {defused(markdown.inline(wish.why))}" if wish.why else ""
    body = f"Changes {quote(asked.path)}. Asked for by {defused(asked.login)} in {asked.comment.address}{why}\n"
    made = contents.propose(asked.installation, pull.repository, name, pull.base, (defused(wish.title), body))
    if made is None:
        raise Refused(f"{pull.repository}: there is no pull request of {name}, and none can be opened")
    return made


def _branch(asked: Asked) -> str:
    return f"pilotgate/command-{asked.comment.id}-{asked.key}"


def _known(asked: Asked, branch: str) -> str | None:
    """The commit that a job before this one has made for the same command."""
    pull = asked.pull
    if pull.foreign:
        return None
    try:
        found = asked.installation.get(f"/repos/{pull.repository}/commits", {"sha": branch, "path": asked.path})
    except Refused as refused:
        if refused.status in (404, 409):
            return None
        raise
    mine = [one for one in found if one["commit"]["message"].endswith(_trailer(asked))]
    return str(mine[0]["sha"]) if mine else None


def _message(asked: Asked, wish: Wish) -> str:
    why = f": {defused(wish.why)}" if wish.why else "."
    told = f"Changes {defused(asked.path)}. Asked for by {defused(asked.login)}{why}"
    return f"{defused(wish.title)}\n\n{told}\n\n{_trailer(asked)}"


def _trailer(asked: Asked) -> str:
    return f"Pilotgate-Command: {asked.comment.address} {asked.key}"


def defused(text: str) -> str:
    """Text that in a commit's message, too, mentions nobody and closes no issue."""
    text = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return re.sub(r"(?i)(@|#|:(?=//)|gh(?=-\d))", "\\1\N{ZERO WIDTH SPACE}", text)


def _patch(draft: Draft, why: str) -> str:
    text = (
        f"Pilotgate can't commit here, since {why}. `git apply` takes this; whoever commits it asks for a review:\n\n"
    )
    return cut(text + patch.patch([(draft.path, draft.before, draft.data)]), _LIMIT, "_Cut here._")
