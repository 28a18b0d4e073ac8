"""Which of a repository's policies a command is about: the one of the folder that it names, else the only one there is
to mean."""

import posixpath
from collections.abc import Collection
from datetime import UTC

from bot.errors import UserError
from bot.gather.head import AtHead
from bot.gather.names import POLICY
from bot.gather.pull import Pull
from bot.github.client import Installation
from bot.review.judge import By
from bot.review.subjects import subjects
from rules.values import quote
from rules.wording import nearest

_LISTED = 20
_LONGEST = 1_000


def path_of(folder: str) -> str:
    """The path of a folder's policy; UserError for what is no folder of a repository."""
    inside = folder.removesuffix(f"/{POLICY}") if folder != POLICY else "."
    path = posixpath.normpath(inside)
    if inside.startswith("/"):
        hint = posixpath.normpath(inside.lstrip("/") or ".")
        raise UserError(f"{quote(folder)} begins with `/`: write {quote(f'in {hint}')}, from the repository's root")
    if path == ".." or path.startswith("../"):
        raise UserError(f"{quote(folder)} leaves the repository: write a folder of it, from its root")
    if "\\" in path or len(path) > _LONGEST or not path.isprintable():
        raise UserError(f"{quote(folder)} is no folder: write it from the repository's root, with `/`")
    return POLICY if path == "." else f"{path}/{POLICY}"


def folder_of(path: str) -> str:
    """The folder of a policy, `.` for the root's."""
    return path.removesuffix(POLICY).rstrip("/") or "."


class Folders:
    """Where a commit has policies. Raises RetryLater or Refused."""

    def __init__(self, installation: Installation, by: By, pull: Pull) -> None:
        self._installation, self._by, self._pull = installation, by, pull
        self._head = AtHead(installation, pull, UTC, cache=by.cache)

    def only(self) -> str:
        """The policy that is meant where no folder is named: the root's, else the only one that judges the pull
        request, or on an issue that there is; UserError with the folders to choose from where there are several."""
        if not self._pull.policy.absent:
            return POLICY
        found = self._below() if self._pull.whole else self._judging()
        if len(found) == 1:
            return found[0]
        if found:
            raise UserError(f"there are several pilots here, so say which: {_choice(found)}")
        others = [] if self._pull.whole else self._below()
        if others:
            raise UserError(f"there is no `{POLICY}` at the root, nor one that judges this: {_choice(others)}")
        return POLICY

    def lacking(self, path: str) -> str:
        """What to say of a policy that is not there."""
        folder, below = folder_of(path), self._below()
        if path == POLICY and not self._head.listed:
            return f"there is no `{POLICY}` at the root: where it stands in a folder, write `/pilot in FOLDER …`"
        if path == POLICY and not below:
            return f"there is no `{POLICY}` here: `/pilot init` begins one"
        there = sorted(map(folder_of, below))
        better = nearest(folder, there)
        if better is not None:
            return f"there is no {quote(path)}: did you mean {quote(f'in {better}')}?"
        begin = "`/pilot init`" if path == POLICY else quote(f"/pilot in {written(folder)} init")
        if not self._pull.policy.absent:
            there.insert(0, ".")
        others = f"; there are pilots in {_listed(there)}" if there else ""
        return f"there is no {quote(path)}: {begin} begins one{others}"

    def exists(self, path: str) -> None:
        """UserError, with the nearest one, where the folder of a policy is not there."""
        folders, folder = self._head.folders, folder_of(path)
        if folders is not None and folder != "." and folder not in folders:
            better = nearest(folder, sorted(folders, key=lambda one: (one.count("/") != folder.count("/"), one)))
            hint = f"did you mean {quote(f'in {better}')}?" if better else "a pilot's policy stands where its files are"
            raise UserError(f"there is no folder {quote(folder)}: {hint}")

    def _judging(self) -> list[str]:
        """The policies that judge the pull request."""
        known = self._pull.changed
        changed = self._head.changed_paths if known is None else known
        found = subjects(self._installation, self._by.catalogue, self._pull, changed)
        return [one.pull.policy.path for one in found if not one.pull.policy.absent]

    def _below(self) -> list[str]:
        """The policies below the root, as far as GitHub lists the repository's files."""
        return sorted(self._head.policies)


def written(folder: str) -> str:
    """A folder as it is written in a command."""
    return f'"{folder}"' if " " in folder else folder


def _choice(paths: Collection[str]) -> str:
    folders = sorted(map(folder_of, paths))
    return f"write {quote(f'/pilot in {written(folders[0])} …')}; there are pilots in {_listed(folders)}"


def _listed(folders: list[str]) -> str:
    more = f" and {len(folders) - _LISTED} more" if len(folders) > _LISTED else ""
    return ", ".join(map(quote, folders[:_LISTED])) + more
