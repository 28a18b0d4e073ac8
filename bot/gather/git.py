"""What git says of a checkout."""

import os
import re
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# Set by git for its hooks, and meant for the repository that runs the hook, which need not be the one looked at.
_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
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
        """What git prints; None where it fails or is not there."""
        environment = {name: value for name, value in os.environ.items() if name not in _LOCAL}
        command = ["git", "-c", "core.fsmonitor=false", "-C", str(self.folder), *arguments]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)
        except OSError:
            return None
        return done.stdout if done.returncode in fine else None

    def commit(self, name: str) -> str | None:
        """The id of the commit of this name; None where there is none."""
        found = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return found.decode().strip() if found else None

    @cached_property
    def works(self) -> bool:
        """Whether the folder is in a git checkout."""
        return self.ask("rev-parse", "--git-dir") is not None

    @property
    def cloned_from(self) -> str | None:
        """The `OWNER/NAME` at github.com that the remote `origin` leads to; None where it leads elsewhere.

        None for a folder within a repository, too, which need not have to do with where that comes from.
        """
        if self.ask("rev-parse", "--show-prefix") != b"\n":
            return None
        # Nothing else of the address is looked at: it may hold a token.
        found = _AT_GITHUB.fullmatch(os.fsdecode(self.ask("remote", "get-url", "origin") or b"").strip())
        return found[1] if found else None

    @property
    def shallow(self) -> bool:
        """Whether the history was cut off when it was fetched."""
        return (self.ask("rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
