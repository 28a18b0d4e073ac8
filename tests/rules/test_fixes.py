"""The mend that comes with a mistake of form: put in place, the mistake is gone and all else stays as it was."""

import pytest

from tests.rules.given import HEADER, mended, reading, report, solved

FIXES = [
    # a misspelt key, whatever its style
    ("owner: {fix: '@a'} # who\n", "owners: {fix: '@a'} # who\n"),
    ("owners: {Fix: '@a'}\n", "owners: {fix: '@a'}\n"),
    ("owners:\n    fxi:   '@a'\n", "owners:\n    fix:   '@a'\n"),
    ("'owner': {}\n", "owners: {}\n"),
    ("? owner\n: {}\n", "? owners\n: {}\n"),
    ("decision:\n  extensions:\n  - form: 2026-01-01\n", "decision:\n  extensions:\n  - from: 2026-01-01\n"),
    ("rules: {CRI02: off}\n", "rules: {CRI002: off}\n"),
    ("rules:\n  cri002: off\n", "rules:\n  CRI002: off\n"),
    # a value of a listed set
    ("reviews: {legal: {outcome: pased}}\n", "reviews: {legal: {outcome: passed}}\n"),
    ("rules: {CRI002: 'OFF'}\n", "rules: {CRI002: off}\n"),
    ("decision: {otherwise: &x no_go}\n", None),
    # numbers and text
    ("criteria: [{target: '0.93'}]\n", "criteria: [{target: 0.93}]\n"),
    ('criteria:\n  - target: "-3" # low\n', "criteria:\n  - target: -3 # low\n"),
    ("criteria: [{min_samples: '3'}]\n", "criteria: [{min_samples: 3}]\n"),
    ("criteria: [{target: '.inf'}]\n", None),
    ("criteria: [{target: '" + "9" * 400 + "'}]\n", None),
    ("criteria: [{min_samples: '3.5'}]\n", None),
    ("criteria: [{unit: 2.50}]\n", 'criteria: [{unit: "2.50"}]\n'),
    ("criteria: [{unit: true}]\n", 'criteria: [{unit: "true"}]\n'),
    ("criteria: [{unit: [a]}]\n", None),
    ("criteria: [{unit: &u 3}]\n", None),
    ("runbooks: [{alerts: [3, a]}]\n", 'runbooks: [{alerts: ["3", a]}]\n'),
    # lists
    ("decision: {deciders: '@a'}\n", "decision: {deciders: ['@a']}\n"),
    ("decision:\n  go: a, b # both\n", "decision:\n  go: [a, b] # both\n"),
    ("decision:\n  go: |\n    a\n", None),
    ("decision:\n  go: a\n    b\n", None),
    ("decision:\n  go: 'a]'\n", "decision:\n  go: ['a]']\n"),
    ('decision:\n  go: "a"\n', 'decision:\n  go: ["a"]\n'),
    ("decision:\n  go: a b,c\n", "decision:\n  go: [a b,c]\n"),
    ("decision:\n  go: 'a''b'\n", None),
    ('decision:\n  go: "a\\tb"\n', None),
    ("decision:\n  go: a, @b\n", None),
    ("decision:\n  go: a, 'b\n", None),
    ("decision:\n  go: a,\n", None),
    ("decision:\n  go: a:, b\n", None),
    ("decision:\n  go: a]\n", None),
    ("decision:\n  go: 3\n", None),
    ("decision: {go: &g a}\n", None),
    # dates, durations, people, addresses
    ("evaluation: [{max_age: 90 days}]\n", "evaluation: [{max_age: 90d}]\n"),
    ("evaluation: [{max_age: '7 D'}]\n", "evaluation: [{max_age: 7d}]\n"),
    ("evaluation: [{collected: 2026-09-30/2026-09-01}]\n", "evaluation: [{collected: 2026-09-01/2026-09-30}]\n"),
    ("owners: {fix: ana}\n", 'owners: {fix: "@ana"}\n'),
    ("owners:\n  fix: acme/ml # them\n", 'owners:\n  fix: "@acme/ml" # them\n'),
    ("owners: {fix: @ana, monitor: '@b'}\n", 'owners: {fix: "@ana", monitor: \'@b\'}\n'),
    ("owners:\n  fix: @acme/ml # them\n", 'owners:\n  fix: "@acme/ml" # them\n'),
    ("reviews: {legal: {evidence: http://a.b}}\n", "reviews: {legal: {evidence: https://a.b}}\n"),
    ("decision: {date: 2026-02-30}\n", None),
    ("runbooks: [{file: ../x}]\n", None),
    ("rules: {POL002: off}\n", None),
    ("owners: {fix: '@a', fix: '@b'}\n", None),
    ("owners: {<<: {fix: '@a'}}\n", None),
    # not where the right key is there already, or the key is anchored
    ("owners: {fxi: '@a', fix: '@b'}\n", None),
    ("rules: {CRI02: off, CRI002: off}\n", None),
    ("&k owner: {}\n", None),
    ("owners:\n  ? &k fxi\n  : '@a'\n", None),
    ("zzz: 1\n", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FIXES)
def test_a_mend_is_offered_where_what_is_meant_is_sure(text: str, expected: str | None) -> None:
    (problem,) = reading(HEADER + text).problems
    if expected is None:
        assert problem.edit is None
    else:
        assert solved(HEADER + text, problem) == HEADER + expected
        assert reading(HEADER + expected).problems == ()


@pytest.mark.parametrize(("text", "expected"), [(text, expected) for text, expected in FIXES if expected])
@pytest.mark.parametrize("style", ["CRLF", "no final newline", "deeper", "commented", "byte order mark"])
def test_a_mend_keeps_the_style_of_the_file(text: str, expected: str, style: str) -> None:
    def styled(part: str) -> str:
        whole = HEADER + part
        return {
            "CRLF": whole.replace("\n", "\r\n"),
            "no final newline": whole.removesuffix("\n"),
            "deeper": "".join(f"   {line}\n" for line in whole.splitlines()),
            "commented": "# one\n\n" + whole + "\n\n# two\n",
            "byte order mark": "\ufeff" + whole,
        }[style]

    (problem,) = reading(styled(text)).problems
    new = solved(styled(text), problem)
    assert new == styled(expected)
    assert reading(new).problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pilot: {}\n", "version: 1\npilot: {}\n"),
        ("# first\n\npilot: {}\n", "# first\n\nversion: 1\npilot: {}\n"),
        ("---\npilot: {}\n", "---\nversion: 1\npilot: {}\n"),
        ("   pilot: {}\n", "   version: 1\n   pilot: {}\n"),
        ("pilot: {}\r\n", "version: 1\r\npilot: {}\r\n"),
        ("&a pilot: {}\n", "version: 1\n&a pilot: {}\n"),
        ("{pilot: {}}\n", None),
        ("--- &r\npilot: {}\n", None),
        ("--- !!map\npilot: {}\n", None),
        ("{}", None),
    ],
)
def test_a_missing_version_is_set_above_everything(text: str, expected: str | None) -> None:
    problem = next(one for one in reading(text).problems if one.key == ("version",))
    if expected is None:
        assert problem.edit is None
    else:
        assert solved(text, problem) == expected


def test_the_version_that_is_meant_is_set() -> None:
    (quoted,) = reading(HEADER.replace("version: 1", "version: '1'")).problems
    assert solved(HEADER.replace("version: 1", "version: '1'"), quoted) == HEADER
    for other in ("2", "1.0", "true", "[1]"):
        (problem,) = reading(HEADER.replace("version: 1", f"version: {other}")).problems
        assert problem.edit is None


def test_no_other_missing_key_is_made_up() -> None:
    assert [problem.edit for problem in reading("version: 1\npilot: {}\n").problems] == [None, None, None]


def test_all_mends_of_a_file_can_be_made_one_after_the_other() -> None:
    text = (
        "pilot: {name: A B, stage: Pilot, start: 2026-11-02}\nowner: {fix: ana}\ncriteria: [{target: '1', unit: 3}]\n"
    )
    rounds = 0
    while found := [finding for finding in report(text, select=["POL002"]).findings if finding.replacement]:
        text = mended(text, found[0])
        rounds += 1
        assert rounds < 10
    assert rounds == 7
    assert text == (
        "version: 1\n"
        "pilot: {name: a-b, stage: pilot, start: 2026-11-02}\n"
        'owners: {fix: "@ana"}\n'
        'criteria: [{target: 1, unit: "3"}]\n'
    )
    assert reading(text).problems == ()


def test_no_mend_repeats_a_huge_line() -> None:
    text = HEADER + "criteria: [{unit: 3, description: '" + "x" * 5000 + "'}]\n"
    (problem,) = reading(text).problems
    assert problem.message == "`unit`: text belongs here, not a number: put it in quotes"
    assert problem.edit is None


def test_no_mend_is_offered_for_what_a_tag_changes() -> None:
    tag, kind = reading(HEADER + "decision: {go: !!int a}\n").problems
    assert (tag.message, kind.message) == (
        "a policy has no tags: remove `!!int`",
        "`go`: a list belongs here, not text",
    )
    assert (tag.edit, kind.edit) == (None, None)
