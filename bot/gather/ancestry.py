"""What the history of a checkout proves: who was named in time, and which code was measured."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta, tzinfo

from pydantic import ValidationError

from bot.gather.git import Git, Slow
from rules.document import plain
from rules.facts import Descent, History, Lineage, Unverifiable
from rules.nodes import MAX_BYTES, compose
from rules.policy import Owners
from rules.values import days_after

SHALLOW = Unverifiable("the history was cut off when it was fetched: fetch all of it (`fetch-depth: 0`)")
NAMES = re.compile(r"[0-9a-fA-F]{7,64}")
"""What may name a commit: nothing that git could take for an option, and few names of branches."""


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last second of a day."""
    return datetime.combine(days_after(day, 1), time(), zone) - timedelta(seconds=1)


def history(
    git: Git, path: str, start: date, zone: tzinfo, named: Callable[[bytes], Owners | None]
) -> History | Unverifiable:
    """Whom the policy at `path` named as owners when the day of the start ended; `named` reads them from its text."""
    try:
        return _history(git, path, f"--before={end_of(start, zone).isoformat()}", named)
    except Slow as error:
        return Unverifiable(str(error))


def _history(git: Git, path: str, before: str, named: Callable[[bytes], Owners | None]) -> History | Unverifiable:
    found = (git.ask("log", "-1", "--format=%H", before, "HEAD", "--", f"./{path}") or b"").decode().strip()
    if found:
        return History(named(git.ask("cat-file", "blob", f"{found}:./{path}") or b""))
    if not git.works:
        return _without(git)
    return SHALLOW if git.shallow else History(None)


def _without(git: Git) -> Unverifiable:
    return Unverifiable(f"this {git.lacking}, so that it has no history")


def owners(data: bytes) -> Owners | None:
    """The owners that a policy names, also one that is broken elsewhere; None where they can't be read."""
    root = compose(data[: MAX_BYTES + 1]).root
    section = plain(root) if root else None
    try:
        return Owners.model_validate(section.get("owners")) if isinstance(section, dict) else None
    except ValidationError:
        return None


def lineage(git: Git, commits: Collection[str]) -> Lineage:
    """How the named commits relate to what is checked out, changes that are not committed yet included."""
    if not commits:
        return Lineage({})
    if not git.works:
        return Lineage(dict.fromkeys(commits, _without(git)))
    found: dict[str, Descent | Unverifiable | None] = {}
    try:
        for commit in commits:
            found[commit] = _descent(git, commit)
    except Slow as error:
        # Whoever waited for one is not kept waiting for each of the others.
        found |= {commit: Unverifiable(str(error)) for commit in commits if commit not in found}
    return Lineage(found)


def _descent(git: Git, commit: str) -> Descent | Unverifiable | None:
    if not NAMES.fullmatch(commit):
        return None
    # Where two commits meet is the older one itself, if the other descends from it.
    known = (git.ask("merge-base", f"{commit}^{{commit}}", "HEAD") or b"").decode().strip()
    # A branch may be called `deadbeef`, and would stand for whatever it is moved to.
    if not known.startswith(commit.lower()):
        there = (git.commit(commit) or "").startswith(commit.lower())
        return SHALLOW if git.shallow else Descent(ancestor=False) if there else None
    # What `.gitmodules` says of itself must not hide that a submodule was moved.
    changed = git.ask(
        "diff", "--name-only", "-z", "--no-renames", "--relative", "--ignore-submodules=untracked", known, "--"
    )
    if changed is None:
        return Unverifiable(f"git can't tell what has changed since {commit}: see that `git diff` works here")
    return Descent(True, frozenset(changed.decode("utf-8", "replace").split("\0")) - {""})
