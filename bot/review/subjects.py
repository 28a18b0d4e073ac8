"""Which policies judge a pull request: for each path that it changes, the nearest one above it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.gather.names import POLICY
from bot.gather.pull import Pull, read_nested
from bot.github.client import Installation
from rules.catalogue import Catalogue
from rules.document import Document, absent
from rules.facts import Base
from rules.policy import Policy

FOLDERS = 100
"""In how many folders a policy of their own is looked for."""

Nested = Mapping[str, tuple[Document[Policy], Document[Policy]]]
"""Policies below the root, by path: as the head has them, and as the base branch does."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A policy that judges a pull request: the pull request as that policy's, what it is held against, and which of the
    changed files are its own."""

    pull: Pull
    base: Base
    ours: Callable[[str], bool]


def subjects(installation: Installation, catalogue: Catalogue, pull: Pull, changed: Iterable[str]) -> list[Subject]:
    """The policies that judge a pull request: the root's alone where there are no others, or nothing is changed.

    Raises RetryLater or Refused.
    """
    paths = sorted(set(changed))
    nested = _nested(installation, catalogue, pull, paths)
    root = _root(pull, nested)
    found = [root] if not nested or any(map(root.ours, paths)) else []
    near = {_nearest(path, nested) for path in paths}
    return [*found, *(_below(pull, path, nested) for path in nested if path in near)]


def subject(
    installation: Installation, catalogue: Catalogue, pull: Pull, path: str, changed: Iterable[str] = ()
) -> Subject:
    """The policy at a path, whether it judges the pull request or not; absent where there is none. Which files are its
    own is known of those that are `changed`. Raises RetryLater or Refused."""
    nested = _nested(installation, catalogue, pull, sorted({*changed, path}))
    if path == POLICY:
        return _root(pull, nested)
    nothing = absent(path, Policy)
    return _below(pull, path, {path: (nothing, nothing), **nested})


def base_of(document: Document[Policy]) -> Base:
    """The base branch's policy as what the head's is held against."""
    return Base(document.model, broken=bool(document.problems))


def _root(pull: Pull, nested: Nested) -> Subject:
    return Subject(pull, base_of(pull.base_policy), lambda path: _nearest(path, nested) == POLICY)


def _below(pull: Pull, path: str, nested: Nested) -> Subject:
    """A policy below the root. It is held against itself on the base branch, or where that has none, against the one
    that judged its folder until now. Either way it may only tighten what stands above it."""
    head, before = nested[path]
    above = [pull.base_policy if one == POLICY else nested[one][1] for one in _around(path, nested)]
    until_now = next((one for one in (before, *above) if not one.absent), before)
    base = replace(base_of(until_now), above=tuple(one.model for one in above if one.model))
    return Subject(replace(pull, policy=head, base_policy=before), base, lambda one: _nearest(one, nested) == path)


def _around(path: str, nested: Nested) -> Iterator[str]:
    """The policies of the folders around one below the root, the nearest first, here or on the base branch."""
    while path != POLICY:
        path = _nearest(path.removesuffix(f"/{POLICY}"), nested)
        yield path


def _nested(installation: Installation, catalogue: Catalogue, pull: Pull, paths: Collection[str]) -> Nested:
    """The policies below the root that are near a changed path, here or on the base branch."""
    changed = set(paths)
    near = {f"{folder}/{POLICY}" for path in paths for folder in _above(path)}
    if not near:
        return {}
    # Those that are changed themselves first, so that none is lost among very many folders.
    asked = sorted(near, key=lambda one: (one not in changed, one.count("/"), one))[:FOLDERS]
    found = read_nested(installation, catalogue, pull, asked)
    return {path: both for path, both in found.items() if not (both[0].absent and both[1].absent)}


def _above(path: str) -> Iterator[str]:
    """The folders that a path is in, but for the root."""
    parts = path.split("/")[:-1]
    return ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _nearest(path: str, nested: Iterable[str]) -> str:
    """The policy that judges a path: of those whose folder it is in, the deepest."""
    inside = [one for one in nested if path.startswith(one.removesuffix(POLICY))]
    return max(inside, key=len, default=POLICY)
