"""The slash commands: one module for each, named after it (`_` for `-`), and nothing else in this package.

A module's docstring begins with what the command does. It offers `USAGE` and one `EXAMPLE`, `WHO` may use it and
`WHERE`, `parse`, which turns the words behind its name into a value or raises UserError, and `do`, which acts and
returns what there is to say; it may be called again at any time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from bot.comments import WORD
from bot.errors import UserError
from bot.review.asked import Asked
from rules.policy import Owners
from rules.values import quote
from rules.wording import nearest


class Who(Enum):
    """Who may use a command. What is beyond a role in the repository is for the command itself to tell."""

    READER = "whoever can read the repository"
    WRITER = "whoever can write to the repository"
    REVIEWER = "a member of that review's team who has no hand in the change"
    APPROVER = "an approver who has no hand in the change"
    DECIDER = "a decider"


class Where(Enum):
    """Where a command works."""

    BOTH = "pull requests and issues"
    PULL = "pull requests"
    ISSUE = "reminder issues"


class Command(Protocol):
    """A module of this package."""

    USAGE: str
    EXAMPLE: str
    WHO: Who
    WHERE: Where

    def parse(self, words: str) -> Any:
        """What the words behind the command's name ask for; UserError where they make no sense."""

    def do(self, parsed: Any, asked: Asked) -> str:
        """Do it; returns what there is to say, in Markdown, or nothing. Raises UserError, RetryLater or Refused."""


@cache
def catalogue() -> Mapping[str, Command]:
    """Every command by its name."""
    names = sorted(found.name for found in iter_modules(__path__))
    return {name.replace("_", "-"): cast("Command", import_module(f"{__name__}.{name}")) for name in names}


def told(command: Command) -> str:
    """What a command does, in one line."""
    return (cast("Any", command).__doc__ or "").partition("\n")[0].removesuffix(".")


class Declined(UserError):
    """What was asked for is refused, and there is `more` to say of it, in Markdown."""

    def __init__(self, message: str, more: str) -> None:
        super().__init__(message)
        self.more = more


@dataclass(frozen=True, slots=True)
class Call:
    """A command that somebody has given, with what its words ask for, and the folder whose policy it is about, None
    where none is named."""

    command: Command
    parsed: Any
    folder: str | None = None


_IN = re.compile(r"""in\s+(?:"([^"]+)"|'([^']+)'|([^\s"']\S*))(?:\s+(.*))?""", re.I)


def read(line: str) -> Call:
    """The command of a line without its `/pilot`; UserError with the nearest command and its usage on a mistake."""
    folder, line = _led(line)
    name, _, words = line.partition(" ")
    known = catalogue()
    command = known.get(name.lower())
    if command is None:
        raise UserError(_unknown(name, known))
    try:
        return Call(command, command.parse(words.strip()), folder)
    except UserError as error:
        raise UserError(f"{error}. {usage(command)}") from error


def _led(line: str) -> tuple[str | None, str]:
    """The folder that a line names before its command, and the rest of it."""
    if line.partition(" ")[0].lower() != "in":
        return None, line
    found = _IN.fullmatch(line)
    if found is None or not found[4]:
        raise UserError(f"`in` takes a folder and a command, as in `{WORD} {IN_EXAMPLE}`")
    return found[1] or found[2] or found[3], found[4]


IN_EXAMPLE = "in services/triage status"


def _unknown(name: str, known: Mapping[str, Command]) -> str:
    if not name:
        return f"`{WORD}` stands alone: `{WORD} help` lists the commands"
    better = nearest(name.lower(), list(known))
    if better is None:
        return f"{quote(name)} is no command: `{WORD} help` lists them"
    return f"{quote(name)} is no command: did you mean {quote(better)}? {usage(known[better])}"


LONGEST_REASON = 500


def nothing(words: str) -> None:
    """UserError where words stand behind a command that takes none."""
    if words:
        raise UserError(f"{quote(words)} means nothing here: the command stands alone")


def reason(words: str) -> str:
    """A reason as it is kept, on one line; UserError for one that is too long to be read."""
    words = " ".join("".join(one if one.isprintable() else " " for one in words).split())
    if len(words) > LONGEST_REASON:
        raise UserError(f"the reason has {len(words)} characters: give it in {LONGEST_REASON} at most")
    return words


def usage(command: Command) -> str:
    """How a command is written."""
    return f"Write `{WORD} {command.USAGE}`, as in `{WORD} {command.EXAMPLE}`"


def table() -> Iterator[str]:
    """The commands as rows of a table in Markdown: how each is written, what it does, for whom, and where."""
    yield "| command | what it does | who may | where |"
    yield "|---|---|---|---|"
    for command in catalogue().values():
        written = f"{WORD} {command.USAGE}".replace("|", "\\|")
        yield f"| `{written}` | {told(command)} | {command.WHO.value} | {command.WHERE.value} |"


HOW_IN = f"""\
A repository may have a `.pilot.yml` in folders below its root as well. A command that is led by `in FOLDER`, as in
`{WORD} {IN_EXAMPLE}`, is about that folder's (in double quotes where its name has a space); any other
about the root's where there is one, else about the only one that judges the pull request, or on an issue that there is.
"""

_PAGE = f"""\
# Slash commands

Write `{WORD}` as the first word of a line of a new comment, on an issue or a pull request. What stands in code,
quotes, lists, tables, headings or HTML is no command, and an edited comment runs nothing. Pilotgate reacts with eyes
at once, then with +1, or with confused where something was refused, and answers by one comment where there is something
to say.

{HOW_IN}
A day is `2026-12-15`, `tomorrow`, `friday` (the first one after today, with or without `next`), `15 december`, `+2w`
or `in a month`, where the organisation is. What could mean several days, as `12/01/2026` does, is
refused; the answer says which day was understood.

What changes `.pilot.yml` is a commit: on the pull request's own branch; on an issue, in a new pull request. On a fork's
pull request, and where the app may not write, the answer has the patch. All else in the file stays as it is, and a
result that would not be valid is never written.

An approver is whom the organisation's file names in `approvers`, else a decider of the base branch's policy
(`decision.deciders`), else one of the repository's administrators ([pull requests](pull-requests.md)). The roles that
`assign` takes are {", ".join(f"`{role}`" for role in Owners.model_fields)}. A reason has {LONGEST_REASON} characters at
most; how far ahead a waiver may end, and by when a review is due, say [`limits`](policy.md#limits) in the
organisation's file.

`sign-off`, `waive` and `decide` are kept in the ledger (`pilotgate ledger`) with who, when, the commit, the policy's
path and SHA-256, and the comment's address. Each is its sender's approval of exactly the commit that Pilotgate made for
it: whatever is pushed after it voids it, and where something was pushed since the comment was written, it approves of
nothing. Whoever asks for any other commit has a hand in the change, and can't approve
it.

This page is made from the commands by `make docs`.
"""


def page() -> str:
    """The page of the commands, in Markdown."""
    parts = [_PAGE, "\n".join(table()) + "\n"]
    for name, command in catalogue().items():
        words = (cast("Any", command).__doc__ or "").strip()
        parts.append(f"## {name}\n\n{words}\n\n```\n{WORD} {command.EXAMPLE}\n```\n")
    return "\n".join(parts)
