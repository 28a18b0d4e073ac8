"""The one comment beside the check run, where the organisation wants it: kept up to date, never a second one."""

from bot.gather.pull import Pull
from bot.github import people
from bot.github.checks import CheckRun
from bot.github.client import Installation
from bot.present.cut import cut
from bot.review.judge import Judgement

MARKER = "<!-- pilotgate:summary -->"
_LIMIT = 65_536


def wanted(found: Judgement, run: CheckRun) -> bool:
    """Whether the organisation wants a comment beside this check run."""
    when = found.organisation.comment if found.organisation else "never"
    return when == "always" or (when == "on-failure" and run.conclusion == "failure")


def keep(installation: Installation, pull: Pull, found: Judgement, run: CheckRun) -> int:
    """Write the comment, change the one that is there, or hide it once it is of no use; returns the writes it took.

    Raises RetryLater or Refused.
    """
    mine = [one for one in pull.comments if one.own and one.body.startswith(MARKER)]
    last = mine[-1] if mine else None
    body = cut(f"{MARKER}\n{run.summary}", _LIMIT, "_Cut here: the check run shows the whole._")
    if not wanted(found, run):
        left = [one for one in mine if not one.minimised]
        for one in left:
            people.minimise(installation, one.node)
        return len(left)
    if last is not None and _bare(last.body) == _bare(body) and not last.minimised:
        return 0
    if last is not None and not last.minimised:
        people.edit(installation, pull.repository, last.id, body)
        return 1
    people.comment(installation, pull.repository, pull.number, body)
    return 1


def _bare(body: str) -> str:
    """A comment without what GitHub may change of it."""
    return body.replace("\r\n", "\n").strip()
