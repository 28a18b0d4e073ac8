"""What a checkout knows, and the organisation's file beside it."""

import os
import stat
import subprocess
from collections.abc import Collection
from pathlib import Path

from bot.errors import UserError
from bot.gather.names import POLICY, paths
from rules.catalogue import Catalogue
from rules.document import Document, absent, read, unreadable
from rules.evaluate import Base
from rules.facts import Commit, Presence, Repository, Tree
from rules.nodes import MAX_BYTES
from rules.policy import Organisation, Policy

# Set by git for its hooks, and meant for the repository that runs the hook, which need not be the one looked at.
_GIT_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
)


class Checkout:
    """A folder whose policy is looked at; git's word is asked where it is a git checkout."""

    def __init__(self, folder: Path, policy: Path | None = None) -> None:
        try:
            is_folder = stat.S_ISDIR(folder.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            raise UserError(f"{folder} is not there: name a folder") from None
        except OSError as error:
            raise UserError(f"{folder} can't be opened: {_reason(error)}") from error
        if not is_folder:
            raise UserError(f"{folder} is a file: name the folder that holds it")
        self.folder = folder
        self._policy = policy
        self._root = Path(os.path.realpath(folder))

    @property
    def policy_path(self) -> str:
        """The policy's path as people see it: relative to the folder where it lies inside."""
        if self._policy is None:
            return POLICY
        real = _unfollowed(self._policy)
        return real.relative_to(self._root).as_posix() if real.is_relative_to(self._root) else str(self._policy)

    @property
    def policy_outside(self) -> bool:
        """Whether the policy lies outside the folder, so that its path leads there from where people are."""
        return self._policy is not None and not _unfollowed(self._policy).is_relative_to(self._root)

    def policy(self, catalogue: Catalogue) -> Document[Policy]:
        """The policy as it stands in the folder, read or with every error; absent where there is none."""
        file = self._policy or self.folder / POLICY
        if self._policy is None and not os.path.lexists(file):
            return absent(POLICY, Policy)
        if self._policy is None and self._leads_out(file):
            return unreadable(
                POLICY, Policy, "this is a symbolic link that leads out of the repository: commit the file"
            )
        try:
            return read(read_bounded(file), self.policy_path, Policy, catalogue.codes)
        except UserError as error:
            return unreadable(self.policy_path, Policy, str(error))

    def base(self, ref: str, catalogue: Catalogue) -> Base:
        """The policy at a commit of this checkout; UserError where the commit can't be found.

        A base whose policy can't be read counts as that of a pilot that has begun: a mistake there must not open the
        gate.
        """
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if found is None and self._git("rev-parse", "--git-dir") is None:
            raise UserError(f"--base {ref}: {self.folder} is no git checkout, so that it has no base")
        if found is None:
            raise UserError(f"--base {ref}: no such commit in {self.folder}; fetch it first, or name another")
        blob = self._git("cat-file", "blob", f"{found.decode().strip()}:./{self.policy_path}")
        if blob is None:
            return Base(None)
        model = read(blob[: MAX_BYTES + 1], self.policy_path, Policy, catalogue.codes).model
        return Base(model, broken=model is None)

    def commit(self) -> Commit:
        """The commit that is checked out; None where there is none."""
        found = self._git("rev-parse", "--verify", "--quiet", "HEAD")
        return Commit(found.decode().strip() if found else None)

    def tree(self, policy: Policy | None) -> Tree:
        """What stands at each path that the policy names. Files that git ignores are not in the repository."""
        entries = {path: self._presence(path) for path in paths(policy)}
        there = [path for path, found in entries.items() if found in (Presence.FILE, Presence.FOLDER)]
        return Tree(entries | dict.fromkeys(self._ignored(there), Presence.IGNORED))

    def repository(self, _: Organisation, __: bool) -> Repository:
        """Nothing: topics and properties are GitHub's to know."""
        return Repository()

    def _presence(self, path: str) -> Presence:
        full = self.folder / path
        if self._leads_out(full):
            return Presence.OUTSIDE
        try:
            mode = full.stat().st_mode
        except (OSError, ValueError):
            return Presence.NOTHING
        if ".git" in (*full.parts, *Path(os.path.realpath(full)).relative_to(self._root).parts):
            return Presence.NOTHING
        return Presence.FILE if stat.S_ISREG(mode) else Presence.FOLDER if stat.S_ISDIR(mode) else Presence.NOTHING

    def _leads_out(self, path: Path) -> bool:
        return not Path(os.path.realpath(path)).is_relative_to(self._root)

    def _ignored(self, paths: Collection[str]) -> list[str]:
        if not paths:
            return []
        names = {path: self._names(path) for path in paths}
        stdin = os.fsencode("\0".join(sorted(set().union(*names.values()))))
        said = self._git("check-ignore", "-z", "--stdin", stdin=stdin, fine=(0, 1))
        if said is None and len(paths) > 1 and self._git("rev-parse", "--git-dir") is not None:
            # A path that git won't speak of, such as one in a submodule, must not hide what it says of the others.
            return [found for path in paths for found in self._ignored([path])]
        ignored = set(os.fsdecode(said or b"").split("\0"))
        return [path for path in paths if ignored & names[path]]

    def _names(self, path: str) -> set[str]:
        """What git calls a path: the link and what it leads to, since either may be ignored."""
        places = (_unfollowed(self.folder / path), Path(os.path.realpath(self.folder / path)))
        # The `./` keeps a name that begins with `:` from meaning something else to git.
        return {f"./{place.relative_to(self._root)}" for place in places if place.is_relative_to(self._root)}

    def _git(self, *arguments: str, stdin: bytes = b"", fine: Collection[int] = (0,)) -> bytes | None:
        """What git prints; None where it fails or is not there."""
        environment = {name: value for name, value in os.environ.items() if name not in _GIT_LOCAL}
        command = ["git", "-c", "core.fsmonitor=false", "-C", str(self.folder), *arguments]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)
        except OSError:
            return None
        return done.stdout if done.returncode in fine else None


def _unfollowed(path: Path) -> Path:
    """Where a path leads, with every link followed but the last."""
    return Path(os.path.realpath(path.parent)) / path.name


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def read_bounded(file: Path) -> bytes:
    """The content of a regular file, one byte more than a policy may have at most; UserError says why not."""
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UserError("this is a folder: a file belongs here")
        if not stat.S_ISREG(mode):
            raise UserError("this is not a regular file: a file belongs here")
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"the file can't be read: {_reason(error)}") from error


def organisation(file: Path | None, catalogue: Catalogue) -> Organisation:
    """The organisation's file, or the defaults where none is named; UserError where it can't be used."""
    if file is None:
        return Organisation()
    try:
        document = read(read_bounded(file), str(file), Organisation, catalogue.codes)
    except UserError as error:
        raise UserError(f"--org {file}: {error}") from error
    if document.model is None:
        first, more = document.problems[0], len(document.problems) - 1
        rest = f" (and {more} more)" if more else ""
        raise UserError(f"--org {file}:{first.place.line}:{first.place.column}: {first.message}{rest}")
    return document.model
