"""What git says of a checkout."""

import os
import re
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.errors import UserError

# Set by git for its hooks, and meant for the repository that runs the hook, which need not be the one looked at.
_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
)
PATIENCE = 60.0
"""For how many seconds one answer of git's is waited for."""


class Slow(UserError):
    """git took longer than anybody waits: a slow disk, or a history beyond measure."""

    def __init__(self, command: str, folder: Path) -> None:
        super().__init__(
            f"`git {command}` in {folder} took longer than {PATIENCE:.0f} s and was stopped: see that it works there,"
            " or copy the checkout to a faster disk"
        )


_AT_GITHUB = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@]{0,400}@)?(?:www\.|ssh\.)?github\.com(?::\d{1,5})?/|(?:[^/@:]{1,100}@)?github\.com:/?)"
    r"([\w.-]{1,100}/[\w.-]{1,100}?)(?:\.git)?/?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Git:
    """git, asked in a folder."""

    folder: Path

    def ask(self, *arguments: str, stdin: bytes = b"", fine: Collection[int] = (0,)) -> bytes | None:
        """What git prints; None where it fails or is not there. Slow where it takes too long. It asks nobody back."""
        environment = {name: value for name, value in os.environ.items() if name not in _LOCAL}
        environment["GIT_TERMINAL_PROMPT"] = "0"
        command = ["git", "-c", "core.fsmonitor=false", "-C", str(self.folder), *arguments]
        try:
            done = subprocess.run(
                command, input=stdin, capture_output=True, check=False, env=environment, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise Slow(arguments[0], self.folder) from None
        except OSError:
            return None
        return done.stdout if done.returncode in fine else None

    def commit(self, name: str) -> str | None:
        """The id of the commit of this name; None where there is none."""
        found = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return found.decode().strip() if found else None

    @cached_property
    def head(self) -> str | None:
        """The id of the commit that is checked out; None where there is none."""
        return self.commit("HEAD")

    @cached_property
    def works(self) -> bool:
        """Whether the folder is in a git checkout that git is willing to look at."""
        return self.head is not None or self.ask("rev-parse", "--git-dir") is not None

    @property
    def lacking(self) -> str:
        """Why nothing is to be had of git, in words that fit behind the folder's name."""
        there = any(
            os.path.lexists(folder / ".git") for folder in (self.folder.resolve(), *self.folder.resolve().parents)
        )
        return "is a checkout that git can't read (`git status` there says why)" if there else "is no git checkout"

    @property
    def cloned_from(self) -> str | None:
        """The `OWNER/NAME` at github.com that the remote `origin` leads to; None where it leads elsewhere.

        None for a folder within a repository, too, which need not have to do with where that comes from.
        """
        if not os.path.lexists(self.folder / ".git"):
            return None
        # Nothing else of the address is looked at: it may hold a token.
        found = _AT_GITHUB.fullmatch(os.fsdecode(self.ask("remote", "get-url", "origin") or b"").strip())
        return found[1] if found else None

    @property
    def shallow(self) -> bool:
        """Whether the history was cut off when it was fetched."""
        return (self.ask("rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
