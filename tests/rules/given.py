"""What the tests of the engine are given: policies, the facts beside them, and short ways to read and judge."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
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
from rules.evaluate import evaluate
from rules.evidence.manifests import Manifests
from rules.facts import (
    Account,
    Approvals,
    Base,
    Change,
    Checks,
    Code,
    Codes,
    Commit,
    Data,
    Descent,
    Evidence,
    Facts,
    Files,
    History,
    Labels,
    Lineage,
    Live,
    LiveAlert,
    Measurements,
    OwnersErrors,
    People,
    Presence,
    Ran,
    Repository,
    Today,
    Tree,
    Unread,
    Unverifiable,
    Written,
    evidence,
)
from rules.places import Edit, Problem
from rules.policy import Organisation, Policy
from rules.report import Located, Report, RuleResult
from rules.rule import Rule
from rules.values import Glob, Handle, RepoPath, walk

ROOT = Path(rules.__file__).parents[1]
CODES = catalogue().codes
TODAY = date(2026, 11, 24)
HEADER = "version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"


def example() -> str:
    """The example policy that the project ships, which every rule passes."""
    return (ROOT / "bot/demo/example/.pilot.yml").read_text(encoding="utf-8")


def example_files() -> dict[str, bytes]:
    """The files of the example, by path."""
    folder = ROOT / "bot/demo/example"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def around_example() -> tuple[object, ...]:
    """What else there is to know of the example, and no file of it says."""
    measured = json.loads(example_files()["eval/results.json"])["commit"]
    model = reading(example()).model
    assert model is not None
    queries = [one.source.query for one in model.criteria or () if one.source and one.source.query]
    signals = (model.monitoring.signals if model.monitoring else None) or ()
    names = [one.check for one in model.integrations or () if one.check]
    ran = tuple(Ran(name, "success", "github-actions") for name in names)
    handles = {value for _, value in walk(model) if isinstance(value, Handle)}
    return (
        Checks(ran, ran),
        People({one: Account(frozenset({"lee", "ana-r"}), "write") for one in handles}, BEYOND),
        Lineage({measured: Descent(ancestor=True)}),
        Measurements(dict.fromkeys(queries, 1.4), NOWHERE),
        Live(
            {str(one.alert): (LiveAlert("ok"),) for one in signals}, {str(one.metric): 12.0 for one in signals}, NOWHERE
        ),
    )


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


NOWHERE = Unverifiable("no Prometheus server is set: PILOTGATE_PROMETHEUS_URL names it")


BEYOND = Unverifiable("this is known to GitHub alone", beyond_checkout=True)


class _Holding(dict[str, "bytes | Unread"]):
    """What stands in files; everything else is not there."""

    def __missing__(self, path: str) -> Unread:
        return Unread("is not there")


def holding(files: Iterable[str] | Mapping[str, bytes]) -> Files:
    """A repository of just these files."""
    contents = dict(files) if isinstance(files, Mapping) else dict.fromkeys(files, b"")
    return Files(_Holding(contents), contents.keys())


def _texts(files: Iterable[str] | Mapping[str, bytes]) -> tuple[Written, ...]:
    contents = files if isinstance(files, Mapping) else dict.fromkeys(files, b"")
    return tuple(Written(path, data.decode("utf-8", "replace")) for path, data in sorted(contents.items()))


def facts(
    content: str | bytes | None,
    files: Iterable[str] | Mapping[str, bytes] = (),
    today: date = TODAY,
    org: str = "version: 1",
    given: Iterable[object] = (),
) -> Facts:
    """What there is to know of a repository with this policy; None is one without."""
    document = absent(".pilot.yml", Policy) if content is None else reading(content)
    texts = _texts(files)
    found = Facts(
        document,
        organisation(org),
        Today(today),
        Codes(CODES, catalogue().weights),
        Repository(),
        Commit(None),
        standing(document, files),
        Measurements({}, NOWHERE),
        Live(NOWHERE, {}, NOWHERE),
        History(document.model.owners if document.model else None),
        Lineage({}),
        Data(),
        People({}, BEYOND),
        Approvals(unread=BEYOND),
        Labels({}, BEYOND),
        OwnersErrors(),
        Change(texts),
        Code(texts),
    )
    kinds: list[type[Evidence]] = list(
        evidence(need for rule in catalogue().rules.values() for need in rule.needs.values())
    )
    for kind in kinds if document.model else ():
        found = found.also(kind.read(document.model, holding(files)))  # type: ignore[arg-type]
    if isinstance(files, Mapping) and document.model:
        named = found.having(Manifests).data
        found = found.also(Data({path: files[path] for path in named if path in files}))
    found = found.lacking(Checks, BEYOND)
    for one in given:
        found = found.lacking(*one) if isinstance(one, tuple) else found.also(one)
    return found


def before(text: str | None) -> Base | None:
    """The base branch's policy with this text; None has none, the empty text is the policy itself."""
    if text == "":
        return None
    model = reading(text).model if text is not None else None
    return Base(model, broken=text is not None and model is None)


def report(
    content: str | None,
    *,
    select: Iterable[str] = (),
    files: Iterable[str] | Mapping[str, bytes] = (),
    today: date = TODAY,
    org: str = "version: 1",
    base: Base | None = None,
    given: Iterable[object] = (),
) -> Report:
    """The report on a policy by the rules with these codes, else by all."""
    chosen: list[Rule] = [rule for code, rule in catalogue().rules.items() if not select or code in select]
    return evaluate(chosen, facts(content, files, today, org, given), base)


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
