"""What the tests of the engine are given: policies, the facts beside them, and short ways to read and judge."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

import rules
from rules.catalogue import catalogue
from rules.document import Document, absent, read
from rules.edits import put
from rules.evaluate import Base, evaluate
from rules.facts import Codes, Commit, Facts, Presence, Repository, Today, Tree
from rules.places import Edit, Problem
from rules.policy import Organisation, Policy
from rules.report import Located, Report, RuleResult
from rules.rule import Rule
from rules.values import Glob, RepoPath, walk

ROOT = Path(rules.__file__).parents[1]
CODES = catalogue().codes
TODAY = date(2026, 11, 24)
HEADER = "version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"


def example() -> str:
    """The example policy that the project ships, which every rule passes."""
    return (ROOT / "bot/demo/example/.pilot.yml").read_text(encoding="utf-8")


def reading(content: str | bytes) -> Document[Policy]:
    """The policy with this content, or its problems."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return read(data, ".pilot.yml", Policy, CODES)


def policy(text: str) -> Policy:
    """The policy with this text, to which version and pilot are added where they are lacking."""
    document = reading(text if text.startswith("version:") else HEADER + text)
    assert document.problems == ()
    assert document.model is not None
    return document.model


def organisation(text: str = "version: 1") -> Organisation:
    """The organisation's file with this text."""
    document = read(text.encode(), ".pilot-org.yml", Organisation, CODES)
    assert document.problems == ()
    assert document.model is not None
    return document.model


def told(content: str | bytes) -> list[tuple[int, int, str]]:
    """Line, column and message of each problem that a policy of this content has."""
    return [(problem.place.line, problem.place.column, problem.message) for problem in reading(content).problems]


def standing(document: Document[Policy], files: Iterable[str]) -> Tree:
    """The tree in which just these files stand, and the folders that they need."""
    there = set(files)
    folders = {path[: match.start()] for path in there for match in re.finditer("/", path)}
    named = {str(value) for _, value in walk(document.model) if isinstance(value, RepoPath | Glob)}

    def at(path: str) -> Presence:
        return Presence.FILE if path in there else Presence.FOLDER if path in folders else Presence.NOTHING

    return Tree({path: at(path) for path in named})


def facts(
    content: str | None,
    files: Iterable[str] = (),
    today: date = TODAY,
    org: str = "version: 1",
) -> Facts:
    """What there is to know of a repository with this policy; None is one without."""
    document = absent(".pilot.yml", Policy) if content is None else reading(content)
    return Facts(
        document,
        organisation(org),
        Today(today),
        Codes(CODES),
        Repository(),
        Commit(None),
        standing(document, files),
    )


def report(
    content: str | None,
    *,
    select: Iterable[str] = (),
    files: Iterable[str] = (),
    today: date = TODAY,
    org: str = "version: 1",
    base: Base | None = None,
) -> Report:
    """The report on a policy by the rules with these codes, else by all."""
    chosen: list[Rule] = [rule for code, rule in catalogue().rules.items() if not select or code in select]
    return evaluate(chosen, facts(content, files, today, org), base)


def result(found: Report, code: str) -> RuleResult:
    """How one rule came out."""
    return next(one for one in found.rules if one.code == code)


def keyed(found: Report) -> list[tuple[str | None, str]]:
    """Key and message of each finding."""
    return [(finding.key, finding.message) for finding in found.findings]


def mended(text: str, edit: Edit | Located) -> str:
    """The text with the whole lines of an edit replaced, their breaks kept."""
    replacement = edit.replacement
    assert replacement is not None
    lines = text.split("\n")
    assert 1 <= edit.line <= edit.end_line <= len(lines)
    ending = "\r" if lines[edit.end_line - 1].endswith("\r") else ""
    lines[edit.line - 1 : edit.end_line] = [replacement + ending]
    return "\n".join(lines)


def solved(text: str, problem: Problem) -> str:
    """The text with the edit of a problem put in."""
    assert problem.edit is not None
    return mended(text, problem.edit)


def written(text: str, path: tuple[str | int, ...], value: str) -> str | None:
    """The text with a value put at a path, None where no place is safe."""
    edit = put(reading(text), path, value)
    return None if edit is None else mended(text, edit)


def refused(read: Callable[[str], object], text: str) -> tuple[str, str | None]:
    """The message and the fix with which a text is refused."""
    with pytest.raises(PydanticCustomError) as error:
        read(text)
    context = error.value.context
    assert context is not None
    assert error.value.type == "refused"
    assert str(error.value) == context["message"]
    return context["message"], context["fix"]


def reader(kind: Any) -> Callable[[object], object]:
    adapter: TypeAdapter[object] = TypeAdapter(kind)
    return adapter.validate_python


def said(kind: object, value: object) -> tuple[str, str, str | None]:
    """Type, message and fix of the error with which a value of a policy is refused."""
    with pytest.raises(ValidationError) as error:
        reader(kind)(value)
    (details,) = error.value.errors()
    context = details.get("ctx", {})
    return details["type"], details["msg"], context.get("fix")
