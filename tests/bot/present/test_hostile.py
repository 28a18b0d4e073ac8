"""Whatever a policy holds, every format renders, and its text controls neither a terminal nor a workflow's log."""

import json
import re
from importlib import import_module
from unicodedata import category

import pytest
from hypothesis import given as arbitrary
from hypothesis import settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.cli import FORMATS
from bot.present import Shown
from bot.present import json as report
from bot.present.text import visible
from tests.bot.given import EXAMPLE, FAILING, SMALL, shown

_SCHEMA = Draft202012Validator(report.schema())
_WHOLE = [path.read_text(encoding="utf-8") for path in (EXAMPLE / ".pilot.yml", FAILING)]
_PIECES = (
    "\n", " ", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "`", "|", ">", "&a ", "*a", "!!str ", "#",
    "<<: ", "? ", "@bob", "::error::x", "\n::stop-commands::x\n", "\x1b[31m", "\r", "\r\n", "\x00", "\x85", "\u2028",
    "\u202e", "日本", "e\u0301", "\ufeff", '"\\e[2J\\u202E"', '"\\n::error::x"', "1e999", "null", "9999-12-31",
    "2026-11-24", "rules: {OWN001: off}", "waivers: [{}]", "x" * 5000,
)  # fmt: skip
_TRICKY = st.sampled_from("\n\r\t\x1b\x07\x08\x7f\x85\u2028\u202e\u200b%:;,`@#")
_HOSTILE = st.text(alphabet=st.one_of(_TRICKY, st.characters(exclude_categories=["Cs"])), max_size=30)
# Where in the file, how much goes, and what comes.
_EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from((0, 1, 5, 40)), st.sampled_from(_PIECES)), min_size=1, max_size=6
)


def _render(given: Shown) -> dict[str, str]:
    return {form: import_module(f"bot.present.{form}").render(given) for form in FORMATS}


def _controls(text: str) -> set[str]:
    return {one for one in text if category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and one != "\n"}


def _edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for where, length, piece in edits:
        start = int(where * len(text))
        text = text[:start] + piece + text[start + length :]
    return text


def _holds(given: Shown) -> None:
    said = _render(given)
    assert not _controls(said["text"])
    for line in said["github"].removesuffix("\n").split("\n")[:-1]:
        assert re.match(r"::(error|warning|notice) file=\.pilot\.yml,line=[0-9]+,endLine=[0-9]+,title=[A-Z]{3}", line)
    assert not said["github"].removesuffix("\n").rpartition("\n")[2].lstrip().startswith(("::", "##["))
    assert "\r" not in said["github"]
    assert said["github"].count("\n") == len(given.report.findings) + 1
    for line in said["text"].split("\n"):
        assert not line.lstrip().startswith(("::", "##["))
    _SCHEMA.validate(json.loads(said["json"]))
    assert len(json.loads(said["sarif"])["runs"][0]["results"]) == len(given.report.findings)
    assert said["markdown"].endswith("\n")


@settings(max_examples=60, deadline=None)
@arbitrary(st.sampled_from(_WHOLE), _EDITS)
def test_an_edited_policy_is_shown_in_every_format(policy: str, edits: list[tuple[float, int, str]]) -> None:
    _holds(shown(_edited(policy, edits)))


@settings(max_examples=60, deadline=None)
@arbitrary(st.binary(max_size=60), st.booleans())
def test_bytes_at_random_are_shown_in_every_format(data: bytes, behind: bool) -> None:
    _holds(shown(SMALL.encode() + data if behind else data))


@settings(max_examples=60, deadline=None)
@arbitrary(_HOSTILE, _HOSTILE, _HOSTILE)
def test_hostile_values_are_shown_in_every_format(one: str, two: str, three: str) -> None:
    first, second, third = (json.dumps(text) for text in (one, two, three))
    _holds(
        shown(
            f"{SMALL}"
            f"criteria: [{{id: {first}, description: {second}, kind: quality}}]\n"
            f"integrations: [{{id: {second}, kind: csv, on_failure: {third}}}]\n"
            f"reviews: {{? {third} : {{due: 2027-01-01, outcome: failed}}}}\n"
            f"decision: {{go: [{first}, {third}]}}\n"
            f"waivers: [{{rule: {second}}}, "
            f"{{rule: OWN001, reason: {third}, approved_by: '@ana-r', expires: 2026-12-01}}]\n"
        )
    )


@settings(max_examples=60, deadline=None)
@arbitrary(st.text())
def test_visible_text_has_no_control_and_keeps_its_length(text: str) -> None:
    assert not _controls(visible(text))
    assert "\n" not in visible(text)
    assert len(visible(text)) == len(text)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_report_is_always_shown_the_same(form: str) -> None:
    first, second = (_render(shown(_WHOLE[1]))[form] for _ in range(2))
    assert first == second
