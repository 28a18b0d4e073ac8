"""Every promise about the form of a policy: what is wrong is told at its line and column, with what to write."""

import pytest

from rules.document import absent, unreadable
from rules.places import Place
from rules.policy import Policy
from tests.rules.given import HEADER, example, policy, reading, told

KNOWN = (
    "version, pilot, owners, criteria, evaluation, integrations, reviews, monitoring, runbooks, decision, rules,"
    " waivers"
)
CRITERION = "id, description, kind, op, target, unit, baseline, min_samples, window, evaluation, source"
DATE = "a date is written YYYY-MM-DD, as in 2026-11-02"
DURATION = "a duration is a whole number and ms, s, m, h, d or w, as in 250ms or 7d"
PERSON = 'people are written "@login" or "@org/team"'
VERSION = "`version`: this Pilotgate reads version 1: write `version: 1`"
TO_PILOT = "pilot: {name: triage, stage: pilot, start: 2026-11-02}\n"

# Each is set below a good head, and so begins on line 3.
BELOW_HEAD = [
    # keys
    ("owner: {}", 1, "`owner` is not a key here: did you mean `owners`?"),
    ("OWNERS: {}", 1, "`OWNERS` is not a key here: did you mean `owners`?"),
    ("zzz: {}", 1, f"`zzz` is not a key here: known here are {KNOWN}"),
    ("criteria: [{min-samples: 3}]", 13, "`min-samples` is not a key here: did you mean `min_samples`?"),
    ("criteria: [{xy: 3}]", 13, f"`xy` is not a key here: known here are {CRITERION}"),
    ("decision: {extensions: [{form: 2026-01-01}]}", 26, "`form` is not a key here: did you mean `from`?"),
    ("owners: {fix: '@a', fix: '@b'}", 21, "`fix` stands here a second time (first on line 3): remove one"),
    ("pilot: {}", 1, "`pilot` stands here a second time (first on line 2): remove one"),
    ("owners: {<<: {fix: '@a'}}", 10, "merge keys (`<<`) are not read: write the keys out"),
    ("1: x", 1, f"`1` is not a key here: known here are {KNOWN}"),
    ("null: x", 1, f"`null` is not a key here: known here are {KNOWN}"),
    ("? [a]\n: x", 3, "a key is plain text: a list or a mapping can't be one"),
    ("? {a: b}\n: x", 3, "a key is plain text: a list or a mapping can't be one"),
    # kinds of value
    ("owners: [a]", 1, "`owners`: keys belong here (accountable, monitor, fix, retrain, oversight), not a list"),
    ("owners: 3", 9, "`owners`: keys belong here (accountable, monitor, fix, retrain, oversight), not a number"),
    ("criteria: [x]", 12, f"`criteria`: keys belong here ({CRITERION}), not text"),
    ("criteria: [null]", 12, f"`criteria`: keys belong here ({CRITERION}), not nothing"),
    ("criteria: {a: 1}", 1, "`criteria`: a list belongs here, not keys with values"),
    ("criteria: x", 11, "`criteria`: a list belongs here, not text"),
    ("criteria: true", 11, "`criteria`: a list belongs here, not true or false"),
    ("reviews: x", 10, "`reviews`: names with values belong here, not text"),
    ("reviews: [x]", 1, "`reviews`: names with values belong here, not a list"),
    ("criteria: [{unit: 2.50}]", 19, "`unit`: text belongs here, not a number: put it in quotes"),
    ("criteria: [{unit: true}]", 19, "`unit`: text belongs here, not true or false: put it in quotes"),
    ("criteria: [{unit: {a: 1}}]", 13, "`unit`: text belongs here, not keys with values"),
    ("criteria: [{unit: [a]}]", 13, "`unit`: text belongs here, not a list"),
    ("runbooks: [{alerts: [3]}]", 22, "`alerts`: text belongs here, not a number: put it in quotes"),
    ("runbooks: [{alerts: [null]}]", 22, "`alerts`: text belongs here, not nothing"),
    # numbers
    ("criteria: [{target: '0.93'}]", 21, "`target`: a number belongs here, not text: write it without quotes"),
    ("criteria: [{target: '-3'}]", 21, "`target`: a number belongs here, not text: write it without quotes"),
    ("criteria: [{target: '.nan'}]", 21, "`target`: a number belongs here, not text"),
    ("criteria: [{target: 'true'}]", 21, "`target`: a number belongs here, not text"),
    ("criteria: [{target: high}]", 21, "`target`: a number belongs here, not text"),
    ("criteria: [{target: true}]", 21, "`target`: a number belongs here, not true or false"),
    ("criteria: [{target: [1]}]", 13, "`target`: a number belongs here, not a list"),
    ("criteria: [{target: .inf}]", 21, "`target`: a finite number belongs here"),
    ("criteria: [{target: .nan}]", 21, "`target`: a finite number belongs here"),
    ("criteria: [{min_samples: 0}]", 26, "`min_samples`: at least 1"),
    ("criteria: [{min_samples: 1.5}]", 26, "`min_samples`: a whole number belongs here, not a fraction"),
    ("criteria: [{min_samples: true}]", 26, "`min_samples`: a whole number belongs here, not true or false"),
    (
        "criteria: [{min_samples: '3'}]",
        26,
        "`min_samples`: a whole number belongs here, not text: write it without quotes",
    ),
    ("criteria: [{min_samples: '3.5'}]", 26, "`min_samples`: a whole number belongs here, not text"),
    ("criteria: [{min_samples: {}}]", 13, "`min_samples`: a whole number belongs here, not keys with values"),
    # listed sets
    (
        "reviews: {legal: {outcome: done}}",
        28,
        "`outcome`: `done` is not known here: write one of pending, passed, failed",
    ),
    (
        "reviews: {legal: {outcome: Passed}}",
        28,
        "`outcome`: `Passed` is not known here: did you mean `passed`? (one of pending, passed, failed)",
    ),
    ("criteria: [{op: 3}]", 17, "`op`: `3` is not known here: write one of >, >=, <, <="),
    ("criteria: [{op: [a]}]", 13, "`op`: `[a]` is not known here: write one of >, >=, <, <="),
    ("rules: {CRI002: no}", 17, "`CRI002`: `no` is not known here: write one of error, warning, notice, off"),
    ("rules: {CRI002: true}", 17, "`CRI002`: `true` is not known here: write one of error, warning, notice, off"),
    # codes
    ("rules: {CRI02: off}", 9, "`CRI02` is no rule's code: did you mean `CRI002`?"),
    ("rules: {zzz: off}", 9, "`zzz` is no rule's code: `pilotgate rules` lists them"),
    ("rules: {POL2: off}", 9, "`POL2` guards the policy itself and is never lowered or off: remove this line"),
    ("rules: {POL002: error}", 9, "`POL002` guards the policy itself and is never lowered or off: remove this line"),
    # dates and durations
    ("decision: {date: 2026-02-30}", 18, "`date`: `2026-02-30` is not in the calendar: write a date that exists"),
    ("decision: {date: 2026-2-3}", 18, f"`date`: {DATE}"),
    ("decision: {date: 2026-11-02T00:00:00}", 18, f"`date`: {DATE}"),
    ("decision: {date: 20261102}", 18, f"`date`: {DATE}"),
    ("decision: {date: [2026-11-02]}", 12, f"`date`: {DATE}"),
    ("evaluation: [{max_age: 90}]", 24, f"`max_age`: {DURATION}"),
    ("evaluation: [{max_age: 1y}]", 24, f"`max_age`: {DURATION}"),
    ("evaluation: [{max_age: 1.5d}]", 24, f"`max_age`: {DURATION}"),
    (
        "evaluation: [{collected: 2026-09-30}]",
        26,
        "`collected`: an interval is written START/END, as in 2026-09-01/2026-09-30",
    ),
    ("evaluation: [{collected: 2026-09-02/2026-09-01}]", 26, "`collected`: an interval ends on or after its first day"),
    ("evaluation: [{collected: 2026-09-01/soon}]", 26, f"`collected`: {DATE}"),
    # people and paths
    ("owners: {fix: ana}", 15, f"`fix`: {PERSON}"),
    ("owners: {fix: '@a b'}", 15, f"`fix`: {PERSON}"),
    ("owners: {fix: 3}", 15, '`fix`: text belongs here, not a number: people are written "@login" or "@org/team"'),
    ("runbooks: [{file: ../x}]", 19, "`file`: a path must not leave the repository: write it without `..`"),
    ("runbooks: [{file: a/../../x}]", 19, "`file`: a path must not leave the repository: write it without `..`"),
    ("runbooks: [{file: /etc/x}]", 19, "`file`: paths are relative to the repository's root, never absolute"),
    ("runbooks: [{file: 'C:/x'}]", 19, "`file`: paths are relative to the repository's root, never absolute"),
    ("runbooks: [{file: a\\b}]", 19, "`file`: paths are written with `/`"),
    ("runbooks: [{file: ''}]", 19, "`file`: a path is missing here: write one relative to the repository's root"),
    ('runbooks: [{file: "a\\nb"}]', 19, "`file`: a path has no control characters"),
    (
        "monitoring: {configs: [ops/*.yml, ../*]}",
        35,
        "`configs`: a path must not leave the repository: write it without `..`",
    ),
    ("reviews: {legal: {evidence: http://a.b}}", 29, "`evidence`: an address starts with https://"),
    ("reviews: {legal: {evidence: 3}}", 29, "`evidence`: text belongs here, not a number: put it in quotes"),
    ("monitoring: {feedback: 'label:'}", 24, "`feedback`: name the label: `label:NAME`"),
    ("monitoring: {feedback: [a]}", 14, "`feedback`: text belongs here, not a list"),
    # tags
    ("owners: !!map {}", 9, "a policy has no tags: remove `!!map`"),
    ("owners: !mine {}", 9, "a policy has no tags: remove `!mine`"),
    ("criteria: [{unit: !!str s}]", 19, "a policy has no tags: remove `!!str`"),
]


@pytest.mark.parametrize(("text", "column", "message"), BELOW_HEAD)
def test_a_mistake_is_told_once_where_it_stands(text: str, column: int, message: str) -> None:
    assert told(HEADER + text + "\n") == [(3, column, message)]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (TO_PILOT, 1, 1, "`version` is missing: write `version: 1`"),
        ("version: 1\n", 1, 11, "`pilot` is missing: write `pilot:` and what belongs to it"),
        ("version: 1 # v\n\n", 2, 1, "`pilot` is missing: write `pilot:` and what belongs to it"),
        (
            "version: 1\npilot: {stage: pilot, start: 2026-11-02}\n",
            2,
            1,
            "`name` is missing: write `name: invoice-triage`",
        ),
        ("version: 1\npilot: {name: a, start: 2026-11-02}\n", 2, 1, "`stage` is missing: write `stage: pilot`"),
        ("version: 1\npilot:\n  name: a\n  stage: pilot\n", 2, 1, "`start` is missing: write `start: 2026-11-02`"),
        ("version: 2\n" + TO_PILOT, 1, 10, VERSION),
        ('version: "1"\n' + TO_PILOT, 1, 10, VERSION),
        ("version: 1.0\n" + TO_PILOT, 1, 10, VERSION),
        ("version: true\n" + TO_PILOT, 1, 10, VERSION),
        ("version:\n" + TO_PILOT, 1, 1, VERSION),
        ("version: 1\npilot:\n", 2, 1, "`pilot`: keys belong here (name, summary, stage, risk, start), not nothing"),
        (
            "version: 1\npilot: {name: Invoice Triage, stage: pilot, start: 2026-11-02}\n",
            2,
            15,
            "`name`: only small letters, digits and hyphens may stand here",
        ),
        (
            "version: 1\npilot: {name: a, stage: pilto, start: 2026-11-02}\n",
            2,
            25,
            "`stage`: `pilto` is not known here: did you mean `pilot`? (one of planned, pilot, decision, "
            "production, retired)",
        ),
    ],
)
def test_a_mistake_in_the_required_keys_is_told(text: str, line: int, column: int, message: str) -> None:
    assert told(text) == [(line, column, message)]


@pytest.mark.parametrize("text", ["", "\n", "  \n", "# to do\n", "---\n", "\ufeff", "---\n...\n", "~"])
def test_a_file_that_says_nothing_is_told_so(text: str) -> None:
    what = "holds no keys" if text in ("---\n", "---\n...\n", "~") else "is empty"
    assert told(text) == [(1, 1, f"the file {what}: `pilotgate init` shows what a policy looks like")]


@pytest.mark.parametrize("text", ["- a\n", "[]", "hello\n", "3\n", "\n\n  - x"])
def test_a_file_without_keys_is_told_so(text: str) -> None:
    assert told(text) == [(1, 1, "the file holds no keys: `pilotgate init` shows what a policy looks like")]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        "waiver: []\n"
        "version: '1'\n"
        "pilot: {start: 2026-02-30, stage: pilot, name: B}\n"
        "owners:\n"
        "  fix: '@a'\n"
        "  fix: ana\n"
        "  fxi: !x '@a'\n"
        "criteria: [{op: 1}, {target: '2'}]\n"
    )
    assert told(text) == [
        (1, 1, "`waiver` is not a key here: did you mean `waivers`?"),
        (2, 10, VERSION),
        (3, 16, "`start`: `2026-02-30` is not in the calendar: write a date that exists"),
        (3, 48, "`name`: only small letters, digits and hyphens may stand here"),
        (6, 3, "`fix` stands here a second time (first on line 5): remove one"),
        (7, 3, "`fxi` is not a key here: did you mean `fix`?"),
        (7, 8, "a policy has no tags: remove `!x`"),
        (8, 17, "`op`: `1` is not known here: write one of >, >=, <, <="),
        (8, 30, "`target`: a number belongs here, not text: write it without quotes"),
    ]


def test_mistakes_before_the_place_where_parsing_ends_are_told_with_it() -> None:
    assert told("a: !x 1\na: 2\nb: [1\n") == [
        (1, 4, "a policy has no tags: remove `!x`"),
        (2, 1, "`a` stands here a second time (first on line 1): remove one"),
        (3, 4, "this is not YAML: what opens here is never closed"),
    ]


@pytest.mark.parametrize("key", ["owners", "criteria", "reviews", "decision", "rules", "waivers", "monitoring"])
def test_a_key_without_a_value_counts_as_missing(key: str) -> None:
    assert told(f"{HEADER}{key}:\n") == []


def test_the_policy_that_the_project_ships_is_read() -> None:
    document = reading(example())
    assert document.problems == ()
    assert document.model is not None
    assert document.model.pilot.name == "invoice-triage"


@pytest.mark.parametrize("change", ["crlf", "bom", "both", "one line", "no final newline"])
def test_line_ends_and_byte_order_marks_change_nothing(change: str) -> None:
    text = {
        "crlf": example().replace("\n", "\r\n"),
        "bom": "\ufeff" + example(),
        "both": "\ufeff" + example().replace("\n", "\r\n"),
        "one line": example().rstrip("\n"),
        "no final newline": example()[:-1],
    }[change]
    assert reading(text).model == reading(example()).model


def test_places_are_counted_behind_a_byte_order_mark() -> None:
    assert told("\ufeffversion: 2\r\n" + TO_PILOT) == [(1, 10, VERSION)]


def test_columns_are_counted_in_characters() -> None:
    assert told(HEADER + "criteria: [{id: é😀, op: 3}]\n") == [
        (3, 25, "`op`: `3` is not known here: write one of >, >=, <, <=")
    ]


def test_aliases_stand_for_what_they_repeat() -> None:
    found = policy("owners: {fix: &who '@a', monitor: *who}\nreviews: {legal: &r {due: 2026-11-27}, security: *r}\n")
    assert found.owners is not None
    assert found.owners.monitor == "@a"
    assert found.reviews is not None
    assert found.reviews["security"] == found.reviews["legal"]


def test_a_mistake_in_what_is_repeated_is_told_in_each_place() -> None:
    text = HEADER + "reviews: {legal: {team: &t acme}, security: {team: *t}}\n"
    assert told(text) == [(3, 25, f"`team`: {PERSON}"), (3, 52, f"`team`: {PERSON}")]


def test_text_of_several_lines_is_read() -> None:
    text = "version: 1\npilot:\n  name: a\n  stage: pilot\n  start: 2026-11-02\n  summary: {}\n"
    summaries = {"|\n    one\n    two": "one\ntwo\n", ">-\n    one\n    two": "one two", '"one\n    two"': "one two"}
    for written, read_as in summaries.items():
        assert policy(text.format(written)).pilot.summary == read_as


def test_a_code_that_is_set_aside_may_be_set() -> None:
    assert policy("rules: {MON007: off, CRI003: error}").rules == {"MON007": "off", "CRI003": "error"}


def test_a_duplicate_keeps_the_first() -> None:
    problems = reading(HEADER + "owners: {fix: '@a'}\nowners: {fix: 3}\n").problems
    assert [problem.key for problem in problems] == [("owners",)]
    assert problems[0].place == Place(4, 1, 4, 7)


def test_a_thousand_unknown_keys_are_all_told_though_not_all_guessed() -> None:
    found = told(HEADER + "".join(f"owner{number}: 1\n" for number in range(1000)))
    assert len(found) == 1000
    guessed = [message for _, _, message in found if message.endswith("did you mean `owners`?")]
    assert len(guessed) == 50
    assert found[-1] == (1002, 1, f"`owner999` is not a key here: known here are {KNOWN}")


def test_an_absent_file_has_neither_model_nor_problems() -> None:
    document = absent(".pilot.yml", Policy)
    assert (document.path, document.model, document.problems, document.absent) == (".pilot.yml", None, (), True)
    assert document.root is None
    assert document.text.text == ""
    assert document.sections == tuple(Policy.model_fields)


def test_a_file_that_cannot_be_had_says_why() -> None:
    document = unreadable(".pilot.yml", Policy, "a folder: write a file")
    assert (document.path, document.model, document.absent) == (".pilot.yml", None, False)
    assert [(problem.place, problem.message) for problem in document.problems] == [
        (Place(1, 1, 1, 1), "a folder: write a file")
    ]
    assert document.root is None
    assert document.text.text == ""
    assert document.sections == tuple(Policy.model_fields)
