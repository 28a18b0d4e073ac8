"""The report at a terminal: each finding under its family, its line quoted with a caret, and what to write."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bot.present import counted, percent, text, verdict
from rules.facts import Presence
from rules.policy import Organisation
from rules.report import Outcome
from tests.bot.given import SMALL, TODAY, Ran, example, shown

Pilotgate = Callable[..., Ran]

_GOLDEN = Path(__file__).with_name("failing.txt")


def test_the_failing_example_reads_as_it_always_did(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example(tmp_path, failing=True))
    assert pilotgate("check", "--today", TODAY).out == _GOLDEN.read_text(encoding="utf-8")


def _quoted(policy: str) -> list[tuple[str, str]]:
    """Each quoted line with the caret line below it."""
    rows = text.render(shown(policy)).splitlines()
    return [(above, below) for above, below in pairwise(rows) if below.startswith("       | ")]


def _pilot(before: str, after: str = "") -> str:
    return f"version: 1\npilot: {{{before}stage: pilto, name: x, start: 2026-11-02{after}}}\n"


@pytest.mark.parametrize(
    ("before", "seen", "columns"),
    [
        ("", "", 0),
        ('summary: "plain", ', 'summary: "plain", ', 18),
        ('summary: "日本語", ', 'summary: "日本語", ', 19),
        ('summary: "🚀", ', 'summary: "🚀", ', 15),
        ('summary: "e\u0301a", ', 'summary: "e\u0301a", ', 15),
        ('summary: "a\tb",\t', 'summary: "a b", ', 16),
        ('summary: "a\u202eb", ', 'summary: "a�b", ', 16),
        ('summary: "a\u00a0b", ', 'summary: "a�b", ', 16),
    ],
)
def test_the_caret_stands_under_what_is_wrong(before: str, seen: str, columns: int) -> None:
    ((above, below),) = _quoted(_pilot(before))
    assert above == f"     2 | pilot: {{{seen}stage: pilto, name: x, start: 2026-11-02}}"
    assert below == "       | " + " " * (len("pilot: {stage: ") + columns) + "^^^^^"


def test_a_line_with_a_credential_is_not_quoted() -> None:
    token = "ghp_" + "0123abcdABCD4567efghEFGH89ijIJklKL12"
    policy = f"version: 1\nowners: {{monitor: {token}}}\npilot: {{name: x, stage: pilto, start: 2026-11-02}}\n"
    rendered = text.render(shown(policy))
    assert "2 | " not in rendered
    assert "3 | pilot" in rendered


def test_carets_are_as_wide_as_what_they_mark() -> None:
    ((above, below),) = _quoted("version: 1\npilot: {name: 日本, stage: pilot, start: 2026-11-02}\n")
    assert above == "     2 | pilot: {name: 日本, stage: pilot, start: 2026-11-02}"
    assert below == "       | " + " " * len("pilot: {name: ") + "^^^^"


@pytest.mark.parametrize("rest", ["", "," + " " * 300 + "risk: limited"])
def test_a_very_long_line_is_shown_around_what_is_wrong(rest: str) -> None:
    ((above, below),) = _quoted(_pilot(f"summary: {'y' * 500}, ", rest))
    line = above.removeprefix("     2 | ")
    assert (len(line), line[0], line[-1] == "…") == (100, "…", bool(rest))
    place = below.index("^") - len("       | ")
    assert line[place : place + 5] == "pilto"
    assert below.count("^") == 5


def test_carets_end_with_the_line_that_is_shown() -> None:
    ((above, below),) = _quoted(SMALL + f"{'y' * 500}: 1\n")
    assert len(above) == len(below) == len("     3 | ") + 100
    assert above.endswith("yyy…")


def test_a_line_is_shown_whole_as_far_as_it_fits() -> None:
    fitting = f"{'y' * 97}: 1"
    ((above, _),) = _quoted(f"{SMALL}{fitting}\n")
    assert above == f"     3 | {fitting}"


def test_a_caret_past_the_end_of_the_line_is_still_one() -> None:
    (above, below), *_ = _quoted(SMALL)
    assert above == "     2 | pilot: {name: triage, stage: pilot, start: 2026-11-02}"
    assert below == "       | " + " " * 54 + "^"


def test_nothing_is_quoted_where_there_is_no_text() -> None:
    report = text.render(shown(b"\xff\xfe"))
    assert "  error POL002 policy-valid  .pilot.yml:1:1\n    the file is UTF-16" in report


def test_an_empty_policy_is_told_without_a_crash() -> None:
    assert "the file is empty" in text.render(shown(""))


def test_a_replacement_s_lines_are_those_that_editors_show() -> None:
    policy = SMALL.replace("stage: pilot", "stage: pilto").replace("\n", "\r\n")
    assert "    + pilot: {name: triage, stage: pilot, start: 2026-11-02}\n" in text.render(shown(policy))


def test_what_could_not_be_verified_is_listed_with_its_reason() -> None:
    policy = SMALL + "reviews: {security: {outcome: passed, evidence: https://acme.example/r}}\n"
    report = text.render(shown(policy))
    assert "\n\nCould not be verified\n  REV003 evidence-present: " in report
    assert "acme.example" in report


def test_what_only_github_knows_is_listed_once() -> None:
    given = shown(SMALL)
    rules = tuple(
        replace(rule, outcome=Outcome.UNVERIFIABLE, beyond_checkout=True) if rule.code in ("OWN001", "REV001") else rule
        for rule in given.report.rules
    )
    report = text.render(replace(given, report=replace(given.report, rules=rules)))
    (known,) = [line for line in report.splitlines() if line.startswith("  Only GitHub knows, so the app checks it: ")]
    assert {"OWN001", "REV001"} <= set(known.partition(": ")[2].split(", "))


def test_a_waived_rule_says_until_when_and_by_whom() -> None:
    policy = SMALL + "waivers: [{rule: OWN001, reason: Hiring, approved_by: '@ana-r', expires: 2026-12-01}]\n"
    report = text.render(shown(policy))
    assert "\n\nWaived\n  OWN001 roles-assigned: until 2026-12-01, approved by @ana-r: Hiring\n\n" in report
    assert "error OWN001" not in report


def test_settings_that_do_not_do_what_they_say_are_listed_once() -> None:
    policy = (
        f"{SMALL}rules: {{REV001: off, DEC001: off}}\n"
        "waivers: [{rule: OWN001, key: owner, reason: Hiring, approved_by: '@ana-r', expires: 2026-12-01}]\n"
    )
    report = text.render(shown(policy, organisation=Organisation(locked=("REV001",))))
    assert (
        "\n\nRules and waivers\n"
        "  OWN001: its waiver for `owner` fits none of its findings: mend its `key`, or take it off\n"
        "  REV001: locked by the organisation: `REV001: off` can only make it stricter\n"
        "  DEC001: `rules` turns it off\n\n"
    ) in report


def test_rules_of_which_the_same_is_said_stand_on_one_line() -> None:
    given = shown(SMALL)
    rules = tuple(
        replace(rule, reason="so be it") if rule.outcome is Outcome.FAIL else rule for rule in given.report.rules
    )
    failed = [rule.code for rule in rules if rule.outcome is Outcome.FAIL]
    report = text.render(replace(given, report=replace(given.report, rules=rules)))
    assert f"\n  {', '.join(failed[:5])} and {len(failed) - 5} more: so be it\n" in report


def test_only_the_next_dates_are_listed() -> None:
    waivers = ", ".join(
        f"{{rule: CRI002, reason: r, approved_by: '@a', expires: 2026-12-{day:02}}}" for day in range(1, 9)
    )
    report = text.render(shown(SMALL + f"waivers: [{waivers}]\n"))
    assert report.count("  POL004  the waiver ends") == 5
    assert "  2026-12-06  POL004  the waiver ends with 2026-12-05" in report
    assert "\n  and 3 more\n" in report


@pytest.mark.parametrize(
    ("organisation", "sign", "state"),
    [(Organisation(), "✗", "fails"), (Organisation(mode="advise"), "•", "is advised only")],
)
def test_one_line_closes(organisation: Organisation, sign: str, state: str) -> None:
    last = text.render(shown(SMALL, organisation=organisation)).splitlines()[-1]
    assert last.startswith(f"{sign} triage {state}: ")
    assert last.endswith("; `pilotgate rules CRI001` explains a rule")


@pytest.mark.parametrize(
    ("more", "softened"), [("", True), ("waivers: [{}]\n", False)], ids=["warnings alone", "an error all the same"]
)
def test_a_planned_pilot_is_told_why_it_has_no_errors(more: str, softened: bool) -> None:
    policy = SMALL.replace("stage: pilot", "stage: planned") + more
    last = text.render(shown(policy)).splitlines()[-1]
    assert ("at stage planned, errors are warnings" in last) is softened


def test_a_pass_points_to_no_rule(pilotgate: Pilotgate, tmp_path: Path) -> None:
    last = pilotgate("check", example(tmp_path), "--today", TODAY).out.splitlines()[-1]
    assert last == "✓ invoice-triage passes: no findings; readiness 80 % (lowest: Success criteria)"


def test_one_rule_is_not_called_rules(pilotgate: Pilotgate, tmp_path: Path) -> None:
    report = pilotgate("check", example(tmp_path, failing=True), "--today", TODAY).out
    assert "0 of 1 rule   " in report
    assert "2 of 2 rules" in report


def test_colour_is_only_where_it_is_wanted() -> None:
    given = shown(SMALL, standing={"x": Presence.FILE})
    coloured = text.render(replace(given, colour=True))
    assert "\x1b[31;1merror OWN001\x1b[0m roles-assigned  \x1b[2m.pilot.yml:2:55\x1b[0m" in coloured
    assert coloured.count("\x1b[0m") * 2 == coloured.count("\x1b")
    plain = text.render(given)
    assert "\x1b" not in plain
    for code in ("31;1", "33;1", "36;1", "32;1", "2", "1", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_the_findings_of_each_weight_are_counted() -> None:
    assert counted(shown(SMALL).report) == "11 errors, 1 warning"
    assert counted(shown(SMALL.replace("stage: pilot", "stage: retired")).report) == "no findings"


def test_a_percentage_is_rounded_down_and_never_below_itself() -> None:
    assert (percent(1), percent(0), percent(0.9999), percent(0.6667)) == ("100 %", "0 %", "99 %", "66 %")
    for total in range(1, 120):
        for passed in range(total + 1):
            assert percent(round(passed / total, 4)) == f"{passed * 100 // total} %"


def test_the_verdict_names_the_lowest_families_and_counts_the_rest() -> None:
    assert verdict(shown(SMALL)).endswith("readiness 0 % (lowest: Ownership, Evaluation data, Reviews and 3 more)")
    broken = shown(SMALL + "owner: {}\n", path="sub/.pilot.yml")
    assert verdict(broken) == "sub/.pilot.yml fails: 1 error; readiness 0 % (lowest: Policy file)"
