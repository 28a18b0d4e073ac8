"""The project's pages and files keep the promises that no other test would notice broken."""

import ast
import re
from itertools import groupby
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, links, pages, tracked

_MODULES = sorted(path for package in ("rules", "bot") for path in (ROOT / package).rglob("*.py"))
_REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", pages(), ids=_named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://")
            continue
        target, _, heading = link.partition("#")
        file = page.parent / target if target else page
        assert file.exists(), f"{_named(page)}: {link}"
        assert not heading or heading in _anchors(file), f"{_named(page)}: {link}"


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_decisions_are_numbered_in_sequence() -> None:
    numbered = sorted(path.name for path in (ROOT / "docs/decisions").iterdir())
    assert numbered
    for number, name in enumerate(numbered, 1):
        assert re.fullmatch(rf"{number:03}-[a-z0-9-]+\.md", name), name
        first = (ROOT / "docs/decisions" / name).read_text(encoding="utf-8").partition("\n")[0]
        assert re.fullmatch(rf"# {number:03} \S.*", first), first


@pytest.mark.parametrize("module", _MODULES, ids=_named)
def test_everything_public_has_a_docstring(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    is_rule = any(
        isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id == "CODE" for name in node.targets)
        for node in tree.body
    )
    assert ast.get_docstring(tree), _named(module)
    lacking = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    # A rule's docstring is its module's.
    assert lacking == (["check"] if is_rule else [])


def test_no_file_names_an_index_host() -> None:
    # In two parts each, so that this file is none of those that it looks for.
    forbidden = re.compile(
        "|".join(["--(extra-)?index" + "-url", r"--find" + r"-links[ =]*\w+:", r"files\.python" + "hosted"])
    )
    # The flags that keep them out of the requirements.
    keeps_out = re.compile(r"--no-emit-(index-url|find-links)")
    for path in tracked():
        text = keeps_out.sub("", path.read_text(encoding="utf-8", errors="replace"))
        assert not forbidden.search(text), _named(path)


def test_there_are_requirements_to_look_at() -> None:
    assert [_named(path) for path in _REQUIREMENTS] == [
        "requirements-bench.txt",
        "requirements-dev.txt",
        "requirements-mutation.txt",
        "requirements.txt",
    ]


@pytest.mark.parametrize("file", _REQUIREMENTS, ids=_named)
def test_every_requirement_is_pinned_with_hashes(file: Path) -> None:
    text = re.sub(r"\\\n\s*", " ", file.read_text(encoding="utf-8"))
    requirements = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert requirements
    for line in requirements:
        assert re.fullmatch(r"[a-zA-Z0-9._-]+==\S+( ;[^\\]*?)?( +--hash=sha256:[0-9a-f]{64})+", line.rstrip()), line


def test_each_requirement_is_of_one_version_everywhere() -> None:
    pins = sorted(
        {
            match
            for file in _REQUIREMENTS
            for match in re.findall(r"^([a-zA-Z0-9._-]+)==(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE)
        }
    )
    for name, group in groupby(pins, key=lambda pin: pin[0]):
        assert len({version for _, version in group}) == 1, name


def test_the_version_is_in_one_place() -> None:
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = [path for path in _MODULES if re.search(r"^__version__ = ", path.read_text(encoding="utf-8"), re.MULTILINE)]
    assert [_named(path) for path in found] == ["bot/__init__.py"]
