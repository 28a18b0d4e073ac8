"""Every example of every rule comes out as its file says, and every fix that a rule offers mends what it found.

The tests are made from the catalogue: a new rule file brings its own.
"""

import io
import re
from collections.abc import Callable
from functools import cache

import pytest
from ruamel.yaml import YAML

from rules.catalogue import catalogue
from rules.report import Located, Report
from rules.rule import Example, Rule
from tests.rules.given import CODES, before, mended, reading, report, result


def examples(*outcomes: str) -> list[object]:
    """The examples that come out so, with their rules; all where nothing is named."""
    return [
        pytest.param(rule, example, id=f"{rule.code}-{example.outcome}-{number}")
        for rule in catalogue().rules.values()
        for number, example in enumerate(rule.examples, 1)
        if not outcomes or example.outcome in outcomes
    ]


def restyled(text: str, *, flow: bool = False, indent: int = 2) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.width = flow, 10_000
    yaml.map_indent, yaml.sequence_indent, yaml.sequence_dash_offset = indent, indent + 2, indent
    stream = io.StringIO()
    yaml.dump(YAML(typ="safe", pure=True).load(text), stream)
    return stream.getvalue()


STYLES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "with CRLF": lambda text: text.replace("\n", "\r\n"),
    "without a final newline": lambda text: text.rstrip("\n"),
    "with a byte order mark": lambda text: "\ufeff" + text,
    "with comments and blank lines": lambda text: "# first\n\n" + re.sub(r"\n(?!$)", "  # why\n\n", text) + "# last\n",
    "block style": restyled,
    "wide block style": lambda text: restyled(text, indent=6),
    "flow style": lambda text: restyled(text, flow=True),
}


def judged(rule: Rule, example: Example, text: str | None) -> Report:
    org = example.organisation or "version: 1"
    return report(
        text,
        select=[rule.code],
        files=example.files,
        today=example.today,
        org=org,
        base=before(example.base),
        given=example.given,
    )


@pytest.mark.parametrize(("rule", "example"), examples())
def test_an_example_comes_out_as_declared(rule: Rule, example: Example) -> None:
    found = judged(rule, example, example.policy)
    one = result(found, rule.code)
    assert one.outcome.value == example.outcome
    assert (one.code, one.name, one.family) == (rule.code, rule.name, rule.family)
    if example.outcome == "fail":
        assert [finding for finding in found.findings if (finding.key or "") == example.at and _says(finding, example)]
    elif example.outcome == "pass":
        assert one.reason is None
        assert found.findings == ()
    else:
        assert one.reason == example.says
        assert found.findings == ()


def _says(finding: Located, example: Example) -> bool:
    return example.says in finding.message


@pytest.mark.parametrize(("rule", "example"), examples())
def test_a_finding_stands_in_the_text_and_says_on_one_line_what_to_do(rule: Rule, example: Example) -> None:
    found = judged(rule, example, example.policy)
    assert bool(found.findings) == (example.outcome == "fail")
    lines = (example.policy or "").split("\n")
    for finding in found.findings:
        assert finding.code == rule.code
        if finding.path != ".pilot.yml":
            assert finding.path in example.files
            lines = example.files[finding.path].decode().split("\n")
        assert 1 <= finding.line <= finding.end_line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert finding.message.isprintable()
        assert re.search(r"[:?] \S", finding.message), "what is wrong, then what to do"
        assert finding.help == rule.remedy


def offers(rule: Rule, example: Example) -> list[Located]:
    """The findings of an example that offer a fix."""
    found = judged(rule, example, example.policy).findings
    return [finding for finding in found if finding.replacement is not None]


# Found in the test and not as this file is read, which every worker does.
@pytest.mark.parametrize(("rule", "example"), examples("fail"))
def test_a_fix_put_in_place_parses_and_clears_its_finding(rule: Rule, example: Example) -> None:
    for finding in offers(rule, example):
        new = mended(str(example.policy), finding)
        left = judged(rule, example, new).findings
        assert (finding.key, finding.message) not in [(one.key, one.message) for one in left]
        if rule.code != "POL002":
            assert reading(new).problems == ()
            assert finding.key not in [one.key for one in left]


@cache
def styled() -> list[tuple[Rule, Example, Located]]:
    """What is offered on policies that can be written in another style: those of POL002 are in test_fixes.py."""
    rules = [rule for rule in catalogue().rules.values() if rule.code != "POL002"]
    failing = [(rule, example) for rule in rules for example in rule.examples if example.outcome == "fail"]
    return [(*one, finding) for one in failing for finding in offers(*one)]


@pytest.mark.parametrize("style", STYLES)
def test_a_fix_fits_the_style_of_the_file(style: str) -> None:
    tried = 0
    for rule, example, finding in styled():
        text = STYLES[style](str(example.policy))
        same = [one for one in judged(rule, example, text).findings if one.key == finding.key]
        assert [one.message for one in same] == [finding.message]
        new = mended(text, same[0])
        assert reading(new).problems == (), (text, new)
        assert finding.key not in [one.key for one in judged(rule, example, new).findings]
        assert new.count("\r\n") == (new.count("\n") if style == "with CRLF" else 0)
        assert new.count("#") == text.count("#")
        tried += 1
    assert tried > 5


def test_no_rule_has_a_code_that_a_policy_may_not_name() -> None:
    assert set(catalogue().rules) <= CODES
    assert [rule.code for rule in catalogue().rules.values() if not rule.examples] == []
