"""The report as Markdown: complete, and text of the repository mentions nobody, links nowhere, breaks nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given as arbitrary
from hypothesis import settings
from hypothesis import strategies as st

from bot.present import markdown
from bot.present.markdown import inline
from rules.facts import Presence
from tests.bot.given import SMALL, TODAY, Ran, example, shown
from tests.bot.present.commonmark import read

Pilotgate = Callable[..., Ran]

_ZERO = "\N{ZERO WIDTH SPACE}"
_HOSTILE = st.text(alphabet="`@|<>[]()!*_~#&$\\ \n\tab1w.:/-;gGhH", max_size=40)


def _live(text: str) -> str:
    """What GitHub would read outside code, with everything that is escaped taken out."""
    return "".join("\0" if escaped else character for character, escaped in read(text)[0])


def test_the_failing_example_is_told_whole(pilotgate: Pilotgate, tmp_path: Path) -> None:
    ran = pilotgate("check", example(tmp_path, failing=True), "--today", TODAY, "--format", "markdown")
    lines = ran.out.splitlines()
    assert ran.code == 1
    assert lines[0].startswith("## ❌ invoice-triage fails: 18 errors, 5 warnings, 1 notice; readiness 0 % (lowest: ")
    assert lines[2:6] == ["stage pilot · as of 2026-11-24", "", "| Readiness | |", "|---|--:|"]
    assert "| Decision | 33 % |" in lines
    assert [line for line in lines if line.startswith("#")][1:] == [
        "### Ownership",
        "### Success criteria",
        "### Evaluation data",
        "### Integration",
        "### Reviews",
        "### Monitoring",
        "### Runbooks",
        "### Decision",
        "### Could not be verified",
        "### Fails next, unless mended",
    ]
    assert len([line for line in lines if line.startswith("- ")]) == 30
    place = lines.index("      due: 2026-11-30")
    assert lines[place - 2 : place + 2] == ["", "  ```yaml", "      due: 2026-11-30", "  ```"]
    assert "- 💡 **RUN005** exercised, `.pilot.yml` line 37: `docs/runbook.md` was never tried out:" in ran.out
    assert "\\>= 0.85" in ran.out


def test_what_is_waived_or_unclear_stands_apart() -> None:
    policy = SMALL + (
        "reviews: {security: {outcome: passed, evidence: https://acme.example/r}}\n"
        "waivers: [{rule: OWN001, reason: Hiring, approved_by: '@ana-r', expires: 2026-12-01}]\n"
    )
    report = markdown.render(shown(policy))
    unclear = report.partition("\n### Could not be verified\n\n")[2].partition("\n\n")[0].splitlines()
    assert [line[:11] for line in unclear if "REV" in line] == ["- **REV003*", "- **REV004*"]
    assert (
        f"\n### Waived\n\n- **OWN001** roles-assigned: until 2026-12-01, approved by @{_ZERO}ana-r: Hiring\n" in report
    )


def test_a_broken_policy_has_neither_stage_nor_dates() -> None:
    report = markdown.render(shown("version: 1\n"))
    assert "\n\nas of 2026-11-24\n" in report
    assert "Fails next" not in report


def test_a_retired_pilot_has_no_findings() -> None:
    report = markdown.render(shown(SMALL.replace("stage: pilot", "stage: retired")))
    assert report.startswith("## ✅ triage passes: no findings")
    assert "- " not in report


def test_ten_dates_are_told_and_the_rest_counted() -> None:
    waivers = ", ".join(
        f"{{rule: CRI002, reason: r, approved_by: '@a', expires: 2026-12-{day:02}}}" for day in range(1, 13)
    )
    report = markdown.render(shown(SMALL + f"waivers: [{waivers}]\n"))
    assert report.count("| POL004 |") == 10
    assert report.endswith("\n\nand 2 more\n")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("ask @bob", f"ask @{_ZERO}bob"),
        ("&#64;bob &commat;bob", f"\\&\\#{_ZERO}64;bob \\&commat;bob"),
        ("http://x https://y", f"http:{_ZERO}//x https:{_ZERO}//y"),
        ("see www.x.example", f"see www{_ZERO}.x.example"),
        ("closes #12 and GH-12", f"closes \\#{_ZERO}12 and GH{_ZERO}-12"),
        ("[a](b) ![c](d) <e>", "\\[a\\](b) !\\[c\\](d) \\<e\\>"),
        ("*a* _b_ ~c~ $d$", "\\*a\\* \\_b\\_ \\~c\\~ \\$d\\$"),
        ("a\nb\r\n\tc", "a b c"),
        ("write `due: 1` now", "write `due: 1` now"),
        ("`@bob```", f"\\`@{_ZERO}bob\\`\\`\\`"),
        ("``@bob``", f"\\`\\`@{_ZERO}bob\\`\\`"),
        ("a`b", "a\\`b"),
        ("a\\`@b`", "a\\\\`@b`"),
    ],
)
def test_text_has_no_effect_outside_its_code(text: str, safe: str) -> None:
    assert inline(text) == safe


@settings(max_examples=200, deadline=None)
@arbitrary(_HOSTILE)
def test_no_text_is_alive_outside_code(text: str) -> None:
    live = _live(inline(text))
    assert not set(live) & set("`*_[]<>|~&$#\n")
    assert not re.search(r"@[^\u200b]|://|(?i:www\.|\bgh-[0-9])", live)


@settings(max_examples=200, deadline=None)
@arbitrary(_HOSTILE)
def test_no_text_is_lost(text: str) -> None:
    outside, spans = read(inline(text).replace(_ZERO, ""))
    left = iter(spans)
    seen = "".join(next(left) if character == "\0" else character for character, _ in outside)
    assert seen.replace("`", "").split() == " ".join(text.split()).replace("`", "").split()


@settings(max_examples=60, deadline=None)
@arbitrary(reason=_HOSTILE, name=_HOSTILE, path=_HOSTILE)
def test_values_of_a_policy_break_no_layout(reason: str, name: str, path: str) -> None:
    policy = (
        f"{SMALL}reviews:\n  ? {_yaml(name)}\n  : {{team: '@a/b', due: 2026-12-30, outcome: passed,"
        f" evidence: {_yaml('docs/' + path)}}}\n"
        f"decision: {{date: 2026-12-30, deciders: ['@a'], go: [{_yaml(name)}]}}\n"
        f"waivers: [{{rule: OWN001, reason: {_yaml('x' + reason)}, approved_by: '@bob', expires: 2026-12-15}}]\n"
    )
    report = markdown.render(shown(policy, standing={"docs": Presence.FOLDER}))
    lines = _without_fences(report.splitlines())
    for line in lines:
        live = _live(re.sub(r"^(- . \*\*|- .. \*\*|- \*\*)([A-Z]{3}[0-9]{3})\*\*", "", line))
        assert re.fullmatch(r"|#{2,3} [^#]*|\|[^|]*\|[^|]*\||\|[^|]*\|[^|]*\|[^|]*\||[^#|]*", live), line
        assert not re.search(r"@[^\u200b]|://|[<>*_\[\]&]", live), line


def _yaml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def _without_fences(lines: list[str]) -> list[str]:
    kept, fence = [], ""
    for line in lines:
        mark = re.match(r"  (`{3,})", line)
        if not fence and mark:
            fence = mark[1]
        elif fence:
            fence = "" if line.strip() == fence else fence
        else:
            kept.append(line)
    assert not fence
    return kept


def test_a_fence_is_longer_than_any_in_it() -> None:
    report = markdown.render(shown('version: 1\npilot: {summary: "`````", stage: pilto, name: x, start: 2026-11-02}\n'))
    assert "\n  ``````yaml\n" in report
    assert report.count("\n  ``````") == 2


def test_a_path_with_a_backtick_stays_code() -> None:
    assert "policy-valid, `a'b.yml` line 1:" in markdown.render(shown("x", path="a`b.yml"))


def test_the_overview_names_the_gravest_in_a_line_each() -> None:
    many = shown(SMALL)
    rows = [line for line in markdown.overview(many).splitlines() if line.startswith("- ")]
    assert rows[-1] == f"- and {len(many.report.findings) - 10} more"
    signs = [row[2] for row in rows[:-1]]
    assert (len(signs), signs) == (10, sorted(signs, key="❌⚠💡".index))
    few = shown("version: 1\npilot: {name: x, stage: pilto, start: 2026-11-02}\n")
    assert markdown.overview(few).count("\n- ") == len(few.report.findings) == 1
