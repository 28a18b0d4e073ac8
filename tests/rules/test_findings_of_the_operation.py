"""What the rules about integrations, monitoring and runbooks say of a policy, word for word."""

from typing import Any

import pytest

from tests.rules.given import HEADER, keyed, report

CASES: list[tuple[str, str | None, dict[str, Any], list[tuple[str | None, str]]]] = [
    (
        "INT003",
        "",
        {},
        [
            (
                "integrations",
                "the pilot is connected to nothing: write `integrations:` with each system that it speaks to",
            )
        ],
    ),
    (
        "INT003",
        "integrations: []",
        {},
        [
            (
                "integrations",
                "the pilot is connected to nothing: write `integrations:` with each system that it speaks to",
            )
        ],
    ),
    (
        "INT003",
        'integrations: [{}, {id: api, kind: csv, environment: test, auth: {}, on_failure: " "}]',
        {},
        [
            ("integrations[0].kind", "integration 1 does not say what it is: write `kind:`, as in `kind: rest`"),
            (
                "integrations[0].environment",
                "integration 1 does not say which system it speaks to: connect to production, write "
                "`environment: production`",
            ),
            (
                "integrations[0].auth",
                "integration 1 does not say how it proves who it is: write `auth: {type: …, secret: NAME}`",
            ),
            ("integrations[0].timeout", "integration 1 waits for ever: write `timeout:`, as in `timeout: 5s`"),
            (
                "integrations[0].on_failure",
                "integration 1 does not say what happens when the other side is down: write `on_failure:`",
            ),
            ("integrations[1].timeout", "`api` waits for ever: write `timeout:`, as in `timeout: 5s`"),
            ("integrations[1].kind", "`api` is csv, which is no integration: connect it by rest, queue, database, …"),
            (
                "integrations[1].environment",
                "`api` speaks to test: connect to production, write `environment: production`",
            ),
            (
                "integrations[1].auth.type",
                "`api` does not say how it proves who it is: write `auth: {type: …, secret: NAME}`",
            ),
            (
                "integrations[1].on_failure",
                "`api` does not say what happens when the other side is down: write `on_failure:`",
            ),
        ],
    ),
    (
        "INT003",
        'integrations: [{kind: manual, environment: staging, auth: {type: " None "}, timeout: 5s, on_failure: x}]',
        {},
        [
            (
                "integrations[0].kind",
                "integration 1 is manual, which is no integration: connect it by rest, queue, database, …",
            ),
            (
                "integrations[0].environment",
                "integration 1 speaks to staging: connect to production, write `environment: production`",
            ),
            (
                "integrations[0].auth.reason",
                "integration 1 has no authentication: add it, or write `reason:` under `auth` and why it needs none",
            ),
        ],
    ),
    (
        "INT003",
        "integrations: [{kind: rest, environment: production, auth: {type: none, reason: same host}, timeout: "
        "5s, on_failure: x}, {kind: queue, environment: production, auth: {type: mtls}, timeout: 5s, on_failure: x}]",
        {},
        [],
    ),
    (
        "MON001",
        "",
        {},
        [
            (
                "monitoring",
                "nothing watches whether its answers are still right: add a signal with `kind: quality`, its "
                "`metric` and its `alert`",
            ),
            (
                "monitoring",
                "nothing watches whether its input has changed: add a signal with `kind: drift`, its `metric` "
                "and its `alert`",
            ),
        ],
    ),
    (
        "MON001",
        "monitoring: {}",
        {},
        [
            (
                "monitoring.signals",
                "nothing watches whether its answers are still right: add a signal with `kind: quality`, its "
                "`metric` and its `alert`",
            ),
            (
                "monitoring.signals",
                "nothing watches whether its input has changed: add a signal with `kind: drift`, its `metric` "
                "and its `alert`",
            ),
        ],
    ),
    (
        "MON001",
        "criteria: [{id: acc, kind: quality}, {kind: quality}, {id: x, kind: cost}]\nmonitoring: {signals: "
        "[{kind: latency, criterion: ac}, {criterion: zzz}]}",
        {},
        [
            ("criteria[0]", "no signal watches `acc`, a criterion of quality: add one with `criterion:` and its `id`"),
            (
                "criteria[1]",
                "no signal watches criterion 2, a criterion of quality: add one with `criterion:` and its `id`",
            ),
            (
                "monitoring.signals",
                "no signal says that it watches whether its answers are still right: signal 2 has no kind; write "
                "`kind: quality` there if it does, else add a signal with `kind: quality`, its `metric` and its "
                "`alert`",
            ),
            (
                "monitoring.signals",
                "no signal says that it watches whether its input has changed: signal 2 has no kind; write "
                "`kind: drift` there if it does, else add a signal with `kind: drift`, its `metric` and its `alert`",
            ),
            ("monitoring.signals[0].criterion", "`ac` is no criterion of this policy: did you mean `acc`?"),
            ("monitoring.signals[1].criterion", "`zzz` is no criterion of this policy: write the `id` of one"),
        ],
    ),
    (
        "MON001",
        "criteria: [{id: acc, kind: quality}]\nmonitoring: {signals: [{kind: quality, criterion: acc}, {kind: drift}]}",
        {},
        [],
    ),
    (
        "RUN004",
        "",
        {},
        [("runbooks", "nothing says how to turn the pilot off: write `runbooks:` with a `stop_switch`")],
    ),
    (
        "RUN004",
        "runbooks: []",
        {},
        [("runbooks", "nothing says how to turn the pilot off: write `runbooks:` with a `stop_switch`")],
    ),
    (
        "RUN004",
        "runbooks: [{file: a}, {file: b}]",
        {},
        [
            (
                "runbooks[0].stop_switch",
                "nothing says how to turn the pilot off: write `stop_switch:` and the path of what does it",
            )
        ],
    ),
    (
        "RUN004",
        "runbooks: [{stop_switch: ops/stop.sh}, {stop_switch: ops}, {stop_switch: gone}]",
        {"files": {"ops/stop.sh": b"exit\n"}},
        [
            ("runbooks[1].stop_switch", "the stop switch `ops` is a folder: commit what turns the pilot off there"),
            ("runbooks[2].stop_switch", "the stop switch `gone` is not there: commit what turns the pilot off there"),
        ],
    ),
    (
        "RUN005",
        "runbooks: [{}, {file: a.md, exercised: 2026-11-25}, {exercised: 2026-05-27}, {exercised: 2026-05-28}, "
        "{exercised: 2026-11-24}]",
        {},
        [
            (
                "runbooks[0].exercised",
                "runbook 1 was never tried out: follow it once and write `exercised:` with the day",
            ),
            (
                "runbooks[1].exercised",
                "`a.md` can't have been tried out on 2026-11-25, which is to come: write the real day",
            ),
            (
                "runbooks[2].exercised",
                "runbook 3 was last tried out on 2026-05-27: follow it again and write `exercised:`",
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
