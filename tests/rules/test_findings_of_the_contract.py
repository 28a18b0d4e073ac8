"""What the rules about owners, criteria and the decision say of a policy, word for word."""

from datetime import date
from typing import Any

import pytest

from tests.rules.given import HEADER, keyed, report

HIGH = "pilot: {name: a, stage: pilot, start: 2026-11-02, risk: high}\n"

CASES: list[tuple[str, str | None, dict[str, Any], list[tuple[str | None, str]]]] = [
    (
        "OWN001",
        "owners: {}",
        {},
        [
            ("owners.accountable", 'nobody answers for the pilot: write `accountable: "@login"` or `"@org/team"`'),
            ("owners.monitor", 'nobody watches the pilot: write `monitor: "@login"` or `"@org/team"`'),
            ("owners.fix", 'nobody repairs the pilot: write `fix: "@login"` or `"@org/team"`'),
            ("owners.retrain", 'nobody retrains the pilot: write `retrain: "@login"` or `"@org/team"`'),
        ],
    ),
    ("OWN001", "", {}, [("owners", "nobody owns the pilot: write `owners:` with accountable, monitor, fix, retrain")]),
    (
        "OWN001",
        HIGH + 'owners: {accountable: "@a", monitor: "@a", fix: "@a", retrain: "@a"}',
        {},
        [
            (
                "owners.oversight",
                'nobody oversees the pilot, and its risk is high: write `oversight: "@login"` or `"@org/team"`',
            )
        ],
    ),
    (
        "OWN001",
        HIGH,
        {},
        [("owners", "nobody owns the pilot: write `owners:` with accountable, monitor, fix, retrain, oversight")],
    ),
    ("OWN001", 'owners: {accountable: "@a", monitor: "@a", fix: "@a", retrain: "@a"}', {}, []),
    (
        "CRI001",
        'criteria: [{id: acc}, {unit: " "}]',
        {},
        [
            ("criteria[0].op", '`acc` compares nothing: write `op: ">="`, `">"`, `"<="` or `"<"`'),
            ("criteria[0].target", "`acc` has no target: write `target:` and the number that decides"),
            ("criteria[0].unit", "`acc` has no unit: write `unit:`, as in `unit: ratio` or `unit: s`"),
            (
                "criteria[0].min_samples",
                "`acc` may rest on a single sample: write `min_samples:` or `window:`, as in `window: 7d`",
            ),
            ("criteria[1].op", 'criterion 2 compares nothing: write `op: ">="`, `">"`, `"<="` or `"<"`'),
            ("criteria[1].target", "criterion 2 has no target: write `target:` and the number that decides"),
            (
                "criteria[1].min_samples",
                "criterion 2 may rest on a single sample: write `min_samples:` or `window:`, as in `window: 7d`",
            ),
            ("criteria[1].unit", "criterion 2 has no unit: write `unit:`, as in `unit: ratio` or `unit: s`"),
        ],
    ),
    (
        "CRI001",
        "",
        {},
        [("criteria", "no criterion says when the pilot has succeeded: write `criteria:` with one or more")],
    ),
    (
        "CRI001",
        "criteria: []",
        {},
        [("criteria", "no criterion says when the pilot has succeeded: write `criteria:` with one or more")],
    ),
    (
        "CRI001",
        "criteria: [{op: '>', target: 0, unit: s, min_samples: 1}, {op: '<', target: 1, unit: s, window: 1d}]",
        {},
        [],
    ),
    (
        "CRI004",
        "criteria: [{id: acc}, {target: 1}]",
        {},
        [
            ("criteria[0].baseline", "`acc` has no baseline: write `baseline:` and what today's process reaches"),
            ("criteria[1].baseline", "criterion 2 has no baseline: write `baseline:` and what today's process reaches"),
        ],
    ),
    (
        "CRI004",
        "criteria: [{op: '>', target: 1, baseline: 1}, {op: '>=', target: 0.5, baseline: 1}, {op: '<', target: "
        "1, baseline: 1}, {id: lat, op: '<=', target: 2, baseline: 1}]",
        {},
        [
            ("criteria[0].target", "criterion 1 asks for > 1, no better than today's 1: set a stricter `target`"),
            ("criteria[1].target", "criterion 2 asks for >= 0.5, no better than today's 1: set a stricter `target`"),
            ("criteria[2].target", "criterion 3 asks for < 1, no better than today's 1: set a stricter `target`"),
            ("criteria[3].target", "`lat` asks for <= 2, no better than today's 1: set a stricter `target`"),
        ],
    ),
    (
        "CRI004",
        "criteria: [{op: '>', target: 2, baseline: 1}, {op: '<', target: 0, baseline: 1}, {op: '>', baseline: "
        "1}, {target: 1, baseline: 1}]",
        {},
        [],
    ),
    (
        "DEC001",
        "",
        {},
        [
            (
                "decision",
                "nothing says when the pilot is decided: write `date: 2027-05-01` or earlier, under `decision:`, "
                "and `deciders`",
            )
        ],
    ),
    (
        "DEC001",
        "decision: {}",
        {},
        [
            ("decision.date", "the decision has no date: write `date: 2027-05-01` or earlier"),
            ("decision.deciders", 'nobody decides: write `deciders: ["@login"]`'),
        ],
    ),
    (
        "DEC001",
        'decision: {date: 2026-11-02, deciders: ["@a"]}',
        {},
        [
            (
                "decision.date",
                "the decision on 2026-11-02 does not come after the start on 2026-11-02: write `date: "
                "2027-05-01` or earlier",
            )
        ],
    ),
    ("DEC001", 'decision: {date: 2026-11-03, deciders: ["@a"]}', {}, []),
    ("DEC001", 'decision: {date: 2027-05-01, deciders: ["@a"]}', {}, []),
    (
        "DEC001",
        "decision: {date: 2027-05-02, deciders: []}",
        {},
        [
            (
                "decision.date",
                "the decision on 2027-05-02 comes 181 days after the start, later than 180: write `date: "
                "2027-05-01` or earlier",
            ),
            ("decision.deciders", 'nobody decides: write `deciders: ["@login"]`'),
        ],
    ),
    (
        "DEC001",
        'decision: {date: 2026-11-20, deciders: ["@a"]}',
        {"org": "limits: {pilot_days: 10}"},
        [
            (
                "decision.date",
                "the decision on 2026-11-20 comes 18 days after the start, later than 10: write `date: "
                "2026-11-12`, which has passed: decide now, record the `outcome`",
            )
        ],
    ),
    (
        "DEC001",
        "",
        {"today": date(2027, 5, 2)},
        [
            (
                "decision",
                "nothing says when the pilot is decided: write `date: 2027-05-01`, which has passed: decide now, "
                "record the `outcome`, under `decision:`, and `deciders`",
            )
        ],
    ),
    (
        "DEC002",
        "decision: {}",
        {},
        [
            (
                "decision.go",
                "no criterion must be met: write `go:` with the `id` of each that must, as in `go: [accuracy]`",
            )
        ],
    ),
    (
        "DEC002",
        "criteria: [{id: acc, kind: quality}, {id: lat, kind: latency}, {id: two}, {id: two}]\ndecision: {go: []}",
        {},
        [
            (
                "decision.go",
                "no criterion must be met: write `go:` with the `id` of each that must, as in `go: [accuracy]`",
            )
        ],
    ),
    (
        "DEC002",
        "criteria: [{id: acc, kind: quality}, {id: lat, kind: latency}, {id: two}, {id: two}]\ndecision: {go: "
        "[acc, ac, zzz, two]}",
        {},
        [
            ("decision.go[1]", "`ac` is no criterion of this policy: write the `id` of one under `criteria`"),
            ("decision.go[2]", "`zzz` is no criterion of this policy: write the `id` of one under `criteria`"),
            ("decision.go[3]", "`two` names 2 criteria: give each criterion an `id` of its own"),
        ],
    ),
    (
        "DEC002",
        "criteria: [{id: acc, kind: quality}, {id: lat, kind: latency}, {id: two}, {id: two}]\ndecision: {go: [lat]}",
        {},
        [
            (
                "decision.go",
                "no criterion of `go` is about the result: add one whose `kind` is quality, safety, adoption or "
                "business",
            )
        ],
    ),
    (
        "DEC002",
        "criteria: [{id: acc, kind: quality}, {id: lat, kind: latency}, {id: two}, {id: two}]\ndecision: {go: "
        "[acc, lat]}",
        {},
        [],
    ),
    (
        "DEC002",
        "decision: {go: [x]}",
        {},
        [("decision.go[0]", "`x` is no criterion of this policy: write the `id` of one under `criteria`")],
    ),
    ("DEC002", "criteria: [{id: a, kind: safety}]\ndecision: {go: [a]}", {}, []),
    ("DEC002", "criteria: [{id: a, kind: adoption}]\ndecision: {go: [a]}", {}, []),
    ("DEC002", "criteria: [{id: a, kind: business}]\ndecision: {go: [a]}", {}, []),
    (
        "DEC002",
        "criteria: [{id: a, kind: cost}]\ndecision: {go: [a]}",
        {},
        [
            (
                "decision.go",
                "no criterion of `go` is about the result: add one whose `kind` is quality, safety, adoption or "
                "business",
            )
        ],
    ),
    (
        "DEC004",
        "decision: {date: 2026-11-23}",
        {},
        [("decision.date", "the decision was due 2026-11-23: decide, then write `outcome: go`, `no-go` or `extend`")],
    ),
    (
        "DEC004",
        "decision: {date: 2026-11-23, outcome: pending}",
        {},
        [("decision.date", "the decision was due 2026-11-23: decide, then write `outcome: go`, `no-go` or `extend`")],
    ),
    ("DEC004", "decision: {date: 2026-11-24}", {}, []),
    ("DEC004", "decision: {date: 2026-11-23, outcome: extend}", {}, []),
]


@pytest.mark.parametrize(("code", "text", "beside", "expected"), CASES)
def test_a_rule_says_exactly_what_is_missing(
    code: str, text: str | None, beside: dict[str, Any], expected: list[tuple[str | None, str]]
) -> None:
    whole = "version: 1\n" + text if text and text.startswith("pilot:") else text if text is None else HEADER + text
    assert keyed(report(whole, select=[code], **beside)) == expected
