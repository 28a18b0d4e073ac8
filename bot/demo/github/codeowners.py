"""What GitHub finds wrong in a CODEOWNERS file: patterns that it can't read, and owners who own nothing."""

import re
from collections.abc import Iterator
from typing import Any

from bot.demo.github.state import Repository, World

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_OWNER = re.compile(r"@[\w.-]+(?:/[\w.-]+)?|[^@\s]+@[^@\s]+\.[^@\s]+")
_WRITERS = ("write", "maintain", "admin")


def codeowners(repository: Repository, ref: str) -> str | None:
    """Where the CODEOWNERS file of a branch stands."""
    return next((path for path in _PLACES if repository.git.file(ref, path) is not None), None)


def errors(world: World, repository: Repository, ref: str) -> list[dict[str, Any]]:
    """What is wrong in the file of a branch, and what the scene has set besides."""
    path = codeowners(repository, ref)
    text = (repository.git.file(ref, path) or b"") if path is not None else b""
    found = [
        _error(str(path), number, line, wrong)
        for number, line in enumerate(text.decode(errors="replace").splitlines(), 1)
        for wrong in _wrong(world, repository, line)
    ]
    return [*found, *repository.codeowners_errors]


def _wrong(world: World, repository: Repository, line: str) -> Iterator[tuple[int, str, str | None]]:
    """The column, the kind and the suggestion of each mistake of a line."""
    words = [(one.start() + 1, one[0]) for one in re.finditer(r"\S+", line.partition("#")[0])]
    for place, (column, word) in enumerate(words):
        if place == 0:
            if "***" in word:
                yield column, "Invalid pattern", f"Did you mean `{word.replace('***', '**')}`?"
            elif word.startswith("!") or "[" in word:
                yield column, "Invalid pattern", None
        elif not _OWNER.fullmatch(word):
            yield column, "Invalid owner", None
        elif (advice := _unknown(world, repository, word)) is not None:
            yield column, "Unknown owner", advice


def _unknown(world: World, repository: Repository, owner: str) -> str | None:
    """What GitHub advises about an owner who does not count; None for one who does."""
    name = owner.removeprefix("@")
    if "/" in name and owner.startswith("@"):
        organisation, _, slug = name.lower().partition("/")
        team = world.teams.get((organisation, slug))
        ours = team is not None and team.organisation is repository.owner
        if team is not None and ours and team.role(repository) in _WRITERS:
            return None
        return f"make sure the team {owner} exists, is publicly visible, and has write access to the repository"
    known = world.accounts.get(name.lower()) if owner.startswith("@") else world.of_address(owner)
    if known is not None and known.kind == "User" and world.role(repository, known.login) in _WRITERS:
        return None
    return f"make sure {owner} exists and has write access to the repository"


def _error(path: str, number: int, line: str, wrong: tuple[int, str, str | None]) -> dict[str, Any]:
    column, kind, advice = wrong
    said = f"{kind} on line {number}:" + (f" {advice}" if advice else "")
    return {
        "line": number,
        "column": column,
        "kind": kind,
        "source": line,
        "suggestion": advice,
        "message": f"{said}\n\n  {line}\n{' ' * (column + 1)}^",
        "path": path,
    }
