"""What a checkout knows, and the organisation's file beside it."""

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator
from datetime import date, tzinfo
from functools import cached_property
from pathlib import Path

from bot.errors import UserError
from bot.gather import ancestry
from bot.gather.git import Git
from bot.gather.names import POLICY, TOO_LARGE, TOO_MANY, TOO_MUCH, chosen, paths, unseen
from rules.catalogue import Catalogue
from rules.document import Document, absent, read, unreadable
from rules.facts import (
    MAX_EVIDENCE,
    MAX_FILES,
    MAX_SUM,
    Approvals,
    Base,
    Change,
    Code,
    Commit,
    Data,
    Files,
    History,
    Labels,
    Lineage,
    OwnersErrors,
    People,
    Presence,
    Repository,
    Tree,
    Unread,
    Unverifiable,
    Written,
)
from rules.nodes import MAX_BYTES
from rules.policy import Organisation, Owners, Policy
from rules.values import RepoPath

# Where git can't tell what belongs to the repository: folders that others fill.
_NO_SOURCES = frozenset(
    {".git", ".hg", ".svn", ".tox", ".venv", "__pycache__", "node_modules", "site-packages", "venv"}
)
# As git writes one, by its mode.
_SUBMODULE = re.compile(rb"(?:^|\0)160000 [0-9a-f]+ \d\t([^\0]+)")
_BEYOND = Unverifiable("only GitHub knows this", beyond_checkout=True)
_WALKED = 200_000
_TEXT_BYTES = 1024 * 1024
_TEXTS = 20_000
_TEXT_SUM = 96 * 1024 * 1024


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
        self._git = Git(folder)
        self._owners: dict[bytes, Owners | None] = {}

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
            data = read_bounded(file)
        except UserError as error:
            return unreadable(self.policy_path, Policy, str(error))
        document = read(data, self.policy_path, Policy, catalogue.codes)
        if document.model:
            self._owners[data] = document.model.owners
        return document

    def base(self, ref: str, catalogue: Catalogue) -> Base:
        """The policy at a commit of this checkout; UserError where the commit can't be found.

        A base whose policy can't be read counts as that of a pilot that has begun: a mistake there must not open the
        gate.
        """
        found = self._git.commit(ref)
        if found is None and not self._git.works:
            raise UserError(f"--base {ref}: {self.folder} {self._git.lacking}, so that it has no base")
        if found is None:
            raise UserError(f"--base {ref}: no such commit in {self.folder}; fetch it first, or name another")
        blob = self._git.ask("cat-file", "blob", f"{found}:./{self.policy_path}")
        if blob is None:
            return Base(None)
        model = read(blob[: MAX_BYTES + 1], self.policy_path, Policy, catalogue.codes).model
        return Base(model, broken=model is None)

    def commit(self) -> Commit:
        """The commit that is checked out; None where there is none."""
        return Commit(self._git.head)

    def tree(self, policy: Policy | None) -> Tree:
        """What stands at each path that the policy names. Files that git ignores are not in the repository."""
        entries = {path: self._presence(path) for path in paths(policy)}
        there = [path for path, found in entries.items() if found in (Presence.FILE, Presence.FOLDER)]
        return Tree(entries | dict.fromkeys(self._ignored(there), Presence.IGNORED))

    def files(self, wanted: Iterable[RepoPath]) -> Files:
        """The files that are asked for by path or pattern, with what is in them."""
        asked = chosen(wanted, self.listed)
        named, left = asked.paths, MAX_SUM
        contents: dict[str, bytes | Unread] = {}
        for path in named[:MAX_FILES]:
            found = self._content(path)
            size = len(found) if isinstance(found, bytes) else 0
            contents[path] = found if size <= left else TOO_MUCH
            left -= size if size <= left else 0
        ignored = self._ignored([path for path, found in contents.items() if isinstance(found, bytes)])
        contents |= dict.fromkeys(ignored, Unread(f"is {Presence.IGNORED.value}"))
        return Files(contents | dict.fromkeys(named[MAX_FILES:], TOO_MANY), self.listed, asked.matching)

    def change(self) -> Change:
        """Every text file: a checkout is looked at whole."""
        return Change(*self._texts)

    def code(self) -> Code:
        """Every text file."""
        return Code(*self._texts)

    def history(self, start: date, zone: tzinfo) -> History | Unverifiable:
        """Whom the policy named on the day of the start."""
        if self.policy_outside:
            return Unverifiable("the policy lies outside this folder, and so does its history")
        return ancestry.history(self._git, self.policy_path, start, zone, self._named)

    def _named(self, data: bytes) -> Owners | None:
        """The owners that a text of the policy names. Mostly it is the one that stands here, which is read already."""
        return self._owners[data] if data in self._owners else ancestry.owners(data)

    def lineage(self, commits: Collection[str]) -> Lineage:
        """How the commits that results name relate to what is checked out."""
        return ancestry.lineage(self._git, commits)

    def data(self, paths: Collection[str]) -> Data:
        """What is in those of these files that are in the repository, within the limits of evidence."""
        found = self.files(map(RepoPath, paths))
        contents = {path: found.read(path) for path in paths}
        return Data({path: content for path, content in contents.items() if isinstance(content, bytes)})

    def people(self) -> People:
        """Nobody: people are GitHub's to know."""
        return People({}, _BEYOND)

    def labels(self) -> Labels:
        """None that are known."""
        return Labels({}, _BEYOND)

    def owners_errors(self) -> OwnersErrors:
        """None: of the mistakes in CODEOWNERS, those count that can be told from the file."""
        return OwnersErrors()

    def approvals(self) -> Approvals:
        """None that are known."""
        return Approvals(unread=_BEYOND)

    def checks(self) -> Unverifiable:
        """None that are known."""
        return _BEYOND

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """Every file that is in the repository or could be committed to it."""
        if self._told is None:
            return tuple(sorted(self._walked()))
        return tuple(sorted(path for path in self._told if os.path.isfile(f"{self.folder}/{path}")))  # noqa: PTH113

    @cached_property
    def _told(self) -> frozenset[str] | None:
        """What git lists, submodules and files that are gone among it; None where it lists nothing."""
        listed = self._git.ask("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return None if listed is None else frozenset(os.fsdecode(listed).split("\0")) - {""}

    def _walked(self) -> Iterator[str]:
        left = _WALKED
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in _NO_SOURCES]
            left -= len(names) + len(folders)
            if left < 0:
                raise UserError(
                    f"{self.folder} is no git checkout and holds more than {_WALKED:,} files:"
                    " name the pilot's own folder, or run `git init` in it"
                )
            for name in names:
                path = Path(folder, name)
                if path.is_file():
                    yield path.relative_to(self.folder).as_posix()

    @cached_property
    def _texts(self) -> tuple[tuple[Written, ...], str | None]:
        """Every text file, and what could not be looked at."""
        found: list[Written] = []
        left, large = _TEXT_SUM, 0
        for path in self.listed[:_TEXTS]:
            file = self.folder / path
            if file.is_symlink() or self._leads_out(file):
                continue
            data = self._bytes(file, _TEXT_BYTES + 1)
            if len(data) > _TEXT_BYTES or len(data) > left:
                large += 1
            elif b"\0" not in data:
                left -= len(data)
                found.append(Written(path, data.decode("utf-8", "replace")))
        return tuple(found), unseen(large, len(self.listed) - _TEXTS)

    def _bytes(self, file: Path, count: int) -> bytes:
        try:
            with file.open("rb") as stream:
                return stream.read(count)
        except OSError:
            return b""

    def _content(self, path: str) -> bytes | Unread:
        standing = self._presence(path)
        if standing is not Presence.FILE:
            return Unread(f"is {standing.value}")
        try:
            with (self.folder / path).open("rb") as stream:
                data = stream.read(MAX_EVIDENCE + 1)
        except OSError as error:
            return Unread(f"can't be read: {_reason(error)}", mendable=False)
        return data if len(data) <= MAX_EVIDENCE else TOO_LARGE

    def repository(self, _: Organisation, __: bool) -> Repository:
        """Where the checkout was cloned from, as far as that is at github.com; the rest is GitHub's to know."""
        return Repository(name=self._git.cloned_from, cloned=True)

    def _presence(self, path: str) -> Presence:
        full = self.folder / path
        if self._leads_out(full):
            return Presence.OUTSIDE
        real = Path(os.path.realpath(full)).relative_to(self._root)
        # Also where nothing stands of it in the folder: whether it was fetched says nothing of the repository.
        if not self._submodules.isdisjoint((real.as_posix(), *(part.as_posix() for part in real.parents))):
            return Presence.SUBMODULE
        try:
            mode = full.stat().st_mode
        except (OSError, ValueError):
            return Presence.NOTHING
        if ".git" in (*full.parts, *real.parts):
            return Presence.NOTHING
        return Presence.FILE if stat.S_ISREG(mode) else Presence.FOLDER if stat.S_ISDIR(mode) else Presence.NOTHING

    @cached_property
    def _submodules(self) -> frozenset[str]:
        """Where other repositories stand in this one."""
        if not frozenset(self.listed) < (self._told or frozenset()):
            return frozenset()
        listed = self._git.ask("ls-files", "--stage", "-z") or b""
        return frozenset(map(os.fsdecode, _SUBMODULE.findall(listed)))

    def _leads_out(self, path: Path) -> bool:
        return not Path(os.path.realpath(path)).is_relative_to(self._root)

    def _ignored(self, paths: Collection[str]) -> list[str]:
        # A file that is listed is ignored neither by its name nor by a folder's.
        names = {path: names for path in paths if (names := self._names(path) - self._listed_names)}
        if not names:
            return []
        stdin = os.fsencode("\0".join(sorted(set().union(*names.values()))))
        said = self._git.ask("check-ignore", "-z", "--stdin", stdin=stdin, fine=(0, 1))
        if said is None and len(names) > 1 and self._git.works:
            # A path that git won't speak of, such as one in a submodule, must not hide what it says of the others.
            return [found for path in names for found in self._ignored([path])]
        ignored = set(os.fsdecode(said or b"").split("\0"))
        return [path for path, called in names.items() if ignored & called]

    @cached_property
    def _listed_names(self) -> frozenset[str]:
        """What git calls the files that it lists."""
        return frozenset(f"./{path}" for path in self.listed)

    def _names(self, path: str) -> set[str]:
        """What git calls a path: the link and what it leads to, since either may be ignored."""
        places = (_unfollowed(self.folder / path), Path(os.path.realpath(self.folder / path)))
        # The `./` keeps a name that begins with `:` from meaning something else to git.
        return {f"./{place.relative_to(self._root)}" for place in places if place.is_relative_to(self._root)}


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
