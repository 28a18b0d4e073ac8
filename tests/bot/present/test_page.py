"""`pilotgate rules`: the catalogue, and each rule's page, as its file says."""

from collections.abc import Callable
from textwrap import indent

import pytest

from rules.catalogue import catalogue
from rules.rule import Severity
from tests.bot.given import Ran

Pilotgate = Callable[..., Ran]

_RULES = catalogue().rules


def test_every_rule_is_listed_once_under_its_family(pilotgate: Pilotgate) -> None:
    ran = pilotgate("rules")
    assert ran == pilotgate("rules", "")
    assert (ran.code, ran.err) == (0, "")
    *blocks, last = ran.out.split("\n\n")
    assert last.endswith("before. `pilotgate rules CODE` shows a rule's page.\n")
    listed = [line.split()[0] for block in blocks for line in block.splitlines()[1:]]
    assert listed == list(_RULES)
    assert blocks[0].startswith("Policy file: a contract that can't be read")
    for rule in _RULES.values():
        weight = "warning†" if rule.severity is Severity.ERROR_FROM_DECISION else rule.severity.value
        rows = [line.split() for line in ran.out.splitlines()]
        assert [rule.code, rule.name, weight, *rule.title.split()] in rows


def test_a_family_without_rules_is_not_listed(pilotgate: Pilotgate) -> None:
    idle = set(catalogue().families) - {rule.family for rule in _RULES.values()}
    shown = pilotgate("rules").out
    for family in idle:
        assert catalogue().families[family].title not in shown


@pytest.mark.parametrize("code", _RULES)
def test_each_rule_has_a_page(pilotgate: Pilotgate, code: str) -> None:
    rule = _RULES[code]
    ran = pilotgate("rules", code)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"# {code} {rule.name}\n\nFamily {rule.family.replace('_', ' ')}, severity ")
    assert rule.title in ran.out
    assert "**Fix:** " in ran.out
    assert " ".join(rule.remedy.split()) in " ".join(ran.out.split())
    bad = next(example for example in rule.examples if example.outcome == "fail")
    assert ran.out.count("## A bad example\n\n") == ran.out.count("## A good example\n\n") == 1
    assert bad.says in ran.out or bad.policy is None
    good = next(example for example in rule.examples if example.outcome == "pass")
    assert good.policy is not None
    assert indent(good.policy.rstrip(), "    ") in ran.out
    for example in (bad, good):
        for path, data in example.files.items():
            assert f"`{path}`" in ran.out
            assert indent(data.decode(errors="replace").rstrip(), "    ") in ran.out


def test_a_page_without_a_policy_says_what_is_missing(pilotgate: Pilotgate) -> None:
    assert (
        "## A bad example\n\nA repository that must have a policy, without one.\n" in pilotgate("rules", "POL001").out
    )


def test_a_code_may_be_written_small(pilotgate: Pilotgate) -> None:
    assert pilotgate("rules", "rev001") == pilotgate("rules", "REV001")


@pytest.mark.parametrize(
    ("asked", "family"),
    [
        ("MON", "monitoring"),
        ("mon", "monitoring"),
        ("monitoring", "monitoring"),
        ("Monitoring", "monitoring"),
        ("POL", "policy_file"),
        ("policy_file", "policy_file"),
        ("policy-file", "policy_file"),
        ("success criteria", "criteria"),
    ],
)
def test_a_family_is_listed_alone(pilotgate: Pilotgate, asked: str, family: str) -> None:
    ran = pilotgate("rules", asked)
    block, note = ran.out.split("\n\n")
    assert (ran.code, ran.err, note[0]) == (0, "", "†")
    listed = [line.split()[0] for line in block.splitlines()[1:]]
    assert listed == [rule.code for rule in _RULES.values() if rule.family == family]


def test_a_rule_may_be_asked_for_by_its_name(pilotgate: Pilotgate) -> None:
    assert pilotgate("rules", "alert-can-fire") == pilotgate("rules", "MON003")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("rev01", "no rule and no family is called rev01; did you mean REV001?"),
        ("MON07", "no rule and no family is called MON07; did you mean MON007?"),
        ("monitor", "no rule and no family is called monitor; did you mean monitoring?"),
        ("polcy-file", "no rule and no family is called polcy-file; did you mean policy-file?"),
        ("alert-can-fires", "no rule and no family is called alert-can-fires; did you mean alert-can-fire?"),
        ("nonsense", "no rule and no family is called nonsense; `pilotgate rules` lists them"),
    ],
)
def test_a_code_that_no_rule_has_is_two(pilotgate: Pilotgate, code: str, says: str) -> None:
    assert pilotgate("rules", code) == Ran(2, "", f"pilotgate: {says}\n")
