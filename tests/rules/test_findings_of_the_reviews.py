"""What the rules about reviews, and about a policy that is not there, say word for word."""

from typing import Any

import pytest

from tests.rules.given import HEADER, keyed, report

HIGH = "pilot: {name: a, stage: pilot, start: 2026-11-02, risk: high}\n"

CASES: list[tuple[str, str | None, dict[str, Any], list[tuple[str | None, str]]]] = [
    (
        "POL001",
        None,
        {"org": "required_for: {topics: [a, b], properties: {c: d, e: f}}"},
        [
            (
                None,
                "the organisation asks for .pilot.yml in repositories with topic a, topic b, property c, "
                "property e: `pilotgate init` writes a starter",
            )
        ],
    ),
    (
        "REV001",
        "",
        {},
        [
            (
                "reviews.security",
                "no `security` review is planned: under `reviews`, write `security:` with its `team:` and `due:`",
            ),
            (
                "reviews.compliance",
                "no `compliance` review is planned: under `reviews`, write `compliance:` with its `team:` and `due:`",
            ),
            (
                "reviews.legal",
                "no `legal` review is planned: under `reviews`, write `legal:` with its `team:` and `due:`",
            ),
        ],
    ),
    (
        "REV001",
        "reviews: {security: {}, compliance: {team: '@a/b', due: 2026-11-30}, legal: {team: '@a/b', due: 2026-11-02}}",
        {},
        [
            ("reviews.security.team", 'nobody does the `security` review: write `team: "@org/team"`'),
            ("reviews.security.due", "the `security` review has no date: write `due: 2026-11-30` or earlier"),
        ],
    ),
    (
        "REV001",
        "reviews: {security: {team: '@a/b', due: 2026-12-01}, compliance: {team: '@a/b', due: 2026-11-30}, "
        "legal: {team: '@a/b', due: 2026-11-02}}",
        {},
        [
            (
                "reviews.security.due",
                "the `security` review is due 29 days after the start, later than 4 weeks: write `due: "
                "2026-11-30` or earlier",
            )
        ],
    ),
    (
        "REV001",
        "reviews: {security: {team: '@a/b', due: 2026-12-07}, compliance: {team: '@a/b', due: 2026-11-30}, "
        "legal: {team: '@a/b', due: 2026-11-02}}",
        {},
        [
            (
                "reviews.security.due",
                "the `security` review is due 5 weeks after the start, later than 4 weeks: write `due: "
                "2026-11-30` or earlier",
            )
        ],
    ),
    (
        "REV001",
        "reviews: {security: {team: '@a/b', due: 2026-11-30}, compliance: {team: '@a/b', due: 2026-11-30}, "
        "legal: {team: '@a/b', due: 2026-11-02}}",
        {},
        [],
    ),
    (
        "REV001",
        "reviews: {privacy: {team: '@a', due: 2026-11-10}}",
        {"org": "{required_reviews: [privacy], limits: {review_weeks: 1}}"},
        [
            (
                "reviews.privacy.due",
                "the `privacy` review is due 8 days after the start, later than 1 weeks: write `due: "
                "2026-11-09`, which has passed: hold it now, record `outcome: passed`",
            )
        ],
    ),
    (
        "REV002",
        "reviews: {security: {due: 2026-11-23}, compliance: {due: 2026-11-23, outcome: failed}, legal: {due: "
        "2026-11-23, outcome: pending}}",
        {},
        [
            (
                "reviews.security",
                "the `security` review was due 2026-11-23 and is pending: hold it, then write `outcome: passed` "
                "and its `evidence:`",
            ),
            (
                "reviews.compliance",
                "the `compliance` review was due 2026-11-23 and is failed: hold it, then write `outcome: passed` "
                "and its `evidence:`",
            ),
            (
                "reviews.legal",
                "the `legal` review was due 2026-11-23 and is pending: hold it, then write `outcome: passed` and "
                "its `evidence:`",
            ),
        ],
    ),
    ("REV002", "reviews: {security: {due: 2026-11-24}, legal: {due: 2026-11-01, outcome: passed}, a: {}}", {}, []),
    (
        "REV003",
        "reviews: {security: {outcome: passed}, legal: {outcome: passed, evidence: docs/legal.md}, a: {outcome: "
        "passed, evidence: docs}, b: {outcome: failed}}",
        {"files": ("docs/x.md",)},
        [
            (
                "reviews.security.evidence",
                "the `security` review passed without a record: write `evidence:` and the path of its record",
            ),
            (
                "reviews.legal.evidence",
                "the record of the `legal` review, `docs/legal.md`, is not there: commit it there",
            ),
            ("reviews.a.evidence", "the record of the `a` review, `docs`, is a folder: commit it there"),
        ],
    ),
    (
        "REV003",
        "reviews: {security: {outcome: passed, evidence: docs/x.md}}",
        {"files": {"docs/x.md": b"Passed.\n"}},
        [],
    ),
    (
        "REV005",
        HIGH,
        {},
        [
            (
                "owners.oversight",
                'the risk is high and nobody oversees the pilot: write `oversight: "@login"` under `owners`',
            ),
            (
                "monitoring.log_retention",
                "the risk is high and nothing says how long logs are kept: write `log_retention: 180d` or more "
                "under `monitoring`",
            ),
        ],
    ),
    (
        "REV005",
        HIGH + 'owners: {oversight: "@a"}\nmonitoring: {log_retention: 179d}',
        {},
        [
            (
                "monitoring.log_retention",
                "the risk is high and logs are kept for 179d: write `log_retention: 180d` or more under `monitoring`",
            )
        ],
    ),
    ("REV005", HIGH + 'owners: {oversight: "@a"}\nmonitoring: {log_retention: 180d}', {}, []),
    (
        "REV005",
        HIGH + "owners: {}\nmonitoring: {log_retention: 4319h}",
        {},
        [
            (
                "owners.oversight",
                'the risk is high and nobody oversees the pilot: write `oversight: "@login"` under `owners`',
            ),
            (
                "monitoring.log_retention",
                "the risk is high and logs are kept for 4319h: write `log_retention: 180d` or more under `monitoring`",
            ),
        ],
    ),
]


@pytest.mark.parametrize(("code", "text", "beside", "expected"), CASES)
def test_a_rule_says_exactly_what_is_missing(
    code: str, text: str | None, beside: dict[str, Any], expected: list[tuple[str | None, str]]
) -> None:
    whole = "version: 1\n" + text if text and text.startswith("pilot:") else text if text is None else HEADER + text
    assert keyed(report(whole, select=[code], **beside)) == expected
