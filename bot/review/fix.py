"""The button `fix`: a pull request into the pull request, with every replacement that its check offers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import structlog

from bot.errors import Refused
from bot.gather.pull import Pull
from bot.github import contents, people
from bot.github.client import Installation
from bot.present import Shown, markdown
from bot.present.cut import cut
from bot.review import patch
from bot.review.judge import By, judge
from bot.review.pull import Asked, current, read
from rules.document import read as parsed
from rules.edits import applied
from rules.policy import Policy
from rules.report import Located

log = structlog.get_logger()
_LIMIT = 65_536


@dataclass(frozen=True, slots=True)
class Mended:
    """A policy with the replacements put in, and the findings that they were for."""

    path: str
    before: contents.File
    after: bytes
    findings: tuple[Located, ...]


def fix(installation: Installation, by: By, asked: Asked, login: str) -> bool:
    """Open a pull request with the fixes for another, as `login` has asked; a patch in a comment where the app can't.

    Once for each head; returns whether there is one. Does nothing where there is nothing to mend. Raises RetryLater or
    Refused.
    """
    pull = read(installation, by, asked, comments=True)
    marker = f"<!-- pilotgate:fix:{pull.head} -->"
    if any(one.own and one.body.startswith(marker) for one in pull.comments):
        return True
    if not current(by, pull, asked):
        return False
    mended = list(_mended(installation, by, pull))
    if not mended:
        log.info("nothing to do", pull=pull.number, reason="no finding has a replacement that can be put in")
        return False
    number = None if pull.foreign else _proposed(installation, pull, mended, login)
    if number is None:
        body = _patch(marker, mended, pull.foreign)
    else:
        by.memory.add_hand(pull.id, pull.number, login)
        by.memory.add_hand(pull.id, number, login)
        body = f"{marker}\n#{number} mends {_counted(mended)}. Merge it into this branch to take it.\n"
    people.comment(installation, pull.repository, pull.number, body)
    return True


def _mended(installation: Installation, by: By, pull: Pull) -> Iterator[Mended]:
    for shown in judge(installation, by, pull).shown:
        path = shown.report.path
        fixes = [one for one in shown.report.findings if one.replacement is not None and one.path == path]
        file = contents.read(installation, pull.repository, path, pull.head) if fixes else None
        if file is not None:
            after, put = _put(by, shown, file.data, fixes)
            if put:
                yield Mended(path, file, after, tuple(put))


def _put(by: By, shown: Shown, data: bytes, fixes: Iterable[Located]) -> tuple[bytes, list[Located]]:
    """The policy with as many of the fixes as leave no more in it that can't be read than there was."""
    mark, text = (b"\xef\xbb\xbf", data[3:]) if data.startswith(b"\xef\xbb\xbf") else (b"", data)

    def unread(content: bytes) -> int:
        return len(parsed(content, shown.report.path, Policy, by.catalogue.codes).problems)

    put: list[Located] = []
    after, most = data, unread(data)
    for one in fixes:
        tried = applied(text.decode(), [*put, one])
        if tried is None:
            continue
        new = mark + tried.encode()
        left = unread(new)
        if left <= most:
            put, after, most = [*put, one], new, left
    return after, put


def _proposed(installation: Installation, pull: Pull, mended: list[Mended], login: str) -> int | None:
    """The pull request with the fixes; None where the app may not write."""
    name = f"pilotgate/fix-{pull.number}-{pull.head[:7]}"
    try:
        contents.branch(installation, pull.repository, name, pull.head)
        for one in mended:
            message = f"Mend {', '.join(_codes(one))}\n\nAsked for by {login} on #{pull.number}."
            contents.write(installation, pull.repository, name, message, (one.path, one.after, one.before.sha))
        words = (f"Fixes for #{pull.number}", _body(pull, mended))
        return contents.propose(installation, pull.repository, name, pull.ref, words)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return None


def _body(pull: Pull, mended: list[Mended]) -> str:
    lines = [f"- **{one.code}**: {markdown.inline(one.message)}" for each in mended for one in each.findings]
    head = f"What the check on #{pull.number} could say the replacement for, put in:\n\n"
    return cut(head + "\n".join(lines) + "\n", _LIMIT, "_Cut here._")


def _codes(one: Mended) -> list[str]:
    return sorted({finding.code for finding in one.findings})


def _counted(mended: list[Mended]) -> str:
    count = sum(len(one.findings) for one in mended)
    return f"{count} finding{'s' if count > 1 else ''}"


def _patch(marker: str, mended: list[Mended], foreign: bool) -> str:
    """The fixes as a patch, for whoever can commit them."""
    why = patch.FORK if foreign else "it lacks the permission contents: write"
    head = (
        f"{marker}\nPilotgate can't commit here, since {why}. This mends {_counted(mended)}; `git apply` takes it:\n\n"
    )
    text = head + patch.patch((one.path, one.before.data, one.after) for one in mended)
    return cut(text, _LIMIT, "_Cut here: run `pilotgate check` in a checkout to see the rest._")
