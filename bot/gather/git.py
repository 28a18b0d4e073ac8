"""What git says of a checkout."""

import os
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
    def head(self) -> str | None:
        """The id of the commit that is checked out; None where there is none."""
        return self.commit("HEAD")

    @cached_property
    def works(self) -> bool:
        """Whether the folder is in a git checkout."""
        return self.head is not None or self.ask("rev-parse", "--git-dir") is not None

    @property
    def shallow(self) -> bool:
        """Whether the history was cut off when it was fetched."""
        return (self.ask("rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
