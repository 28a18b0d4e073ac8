"""MON003, MON004 and MON005 where a name has several alerts, and where not all can be told."""

from dataclasses import replace

import pytest

from rules.evidence.monitoring import Alert, Alerts, Comparison, Reached, Unreached, Untold
from tests.rules.given import keyed, report, result

POLICY = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
monitoring:
  configs: [ops/a.yml]
  signals: [{metric: psi, alert: Drift}]
"""
DRIFT = Alert("Drift", "Prometheus", "ops/a.yml", 3, frozenset({"psi"}), (Comparison(">", 0.2),))
OTHER = replace(DRIFT, metrics=frozenset({"up"}))
PAUSED = replace(DRIFT, faults=("is paused: unpause it", "is always true: compare"))
DOUBTFUL = replace(DRIFT, unclear="is a template")
BARE = replace(DRIFT, comparisons=())
NOBODY = Unreached("ends at the receiver `null`: give it an address")


def outcome(code: str, *alerts: Alert) -> str:
    return result(report(POLICY, select=[code], given=[Alerts(alerts)]), code).outcome.value


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ((DRIFT,), "pass"),
        ((PAUSED, DRIFT), "pass"),
        ((PAUSED, OTHER), "fail"),
        ((DOUBTFUL,), "unverifiable"),
        ((PAUSED, DOUBTFUL), "unverifiable"),
        ((replace(PAUSED, unclear="is a template"),), "fail"),
        ((BARE, PAUSED), "fail"),
        ((), "not-applicable"),
    ],
)
def test_one_alert_that_can_fire_is_enough(alerts: tuple[Alert, ...], expected: str) -> None:
    assert outcome("MON003", *alerts) == expected


def test_every_fault_of_an_alert_is_told() -> None:
    found = report(POLICY, select=["MON003"], given=[Alerts((PAUSED,))])
    assert keyed(found) == [
        ("monitoring.signals[0].alert", "the alert `Drift` (`ops/a.yml:3`) is paused: unpause it"),
        ("monitoring.signals[0].alert", "the alert `Drift` (`ops/a.yml:3`) is always true: compare"),
    ]


@pytest.mark.parametrize(
    ("reaches", "expected"),
    [
        ((Reached("ml-oncall"),), "pass"),
        ((NOBODY, Reached("ml-oncall")), "pass"),
        ((NOBODY, Untold("the routes are a template: name what it renders to")), "unverifiable"),
        ((NOBODY,), "fail"),
    ],
)
def test_one_alert_that_reaches_somebody_is_enough(
    reaches: tuple[Reached | Unreached | Untold, ...], expected: str
) -> None:
    assert outcome("MON004", *(replace(DRIFT, reach=reach) for reach in reaches)) == expected


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ((DRIFT, replace(OTHER, name="Silent", absent=frozenset({"psi"}))), "pass"),
        ((replace(DRIFT, absent=frozenset({"psi_count"})),), "pass"),
        ((replace(DRIFT, absent=frozenset({"up"})),), "fail"),
        ((DRIFT, replace(PAUSED, name="Silent", absent=frozenset({"psi"}))), "fail"),
        ((DRIFT, replace(DRIFT, name="Silent", absent=frozenset({"psi"}), reach=NOBODY)), "fail"),
        ((DOUBTFUL,), "unverifiable"),
        ((DRIFT, replace(OTHER, unclear="is a template")), "fail"),
        ((DRIFT, replace(OTHER, metrics=frozenset(), unclear="is a template")), "unverifiable"),
    ],
)
def test_silence_alerts_where_any_alert_fires_on_it(alerts: tuple[Alert, ...], expected: str) -> None:
    assert outcome("MON005", *alerts) == expected


@pytest.mark.parametrize(
    ("system", "compared", "absence"),
    [
        ("Prometheus", "compare, as in `psi > 0.2`", "add an alert on its absence, such as `absent(psi)`"),
        (
            "Grafana",
            "add a threshold that fires on `> 0.2`, and name it in `condition`",
            "`Alerting` for `noDataState`",
        ),
        (
            "Datadog",
            "end its query with a comparison, as in `avg(last_5m):avg:psi{*} > 0.2`",
            "`on_missing_data: show_and_notify_no_data`",
        ),
        ("CloudWatch", "`ComparisonOperator` and its `Threshold`", "`breaching` for `TreatMissingData`"),
    ],
)
def test_what_to_write_is_told_in_the_alert_s_own_system(system: str, compared: str, absence: str) -> None:
    found = report(POLICY, select=["MON003"], given=[Alerts((replace(BARE, system=system),))])
    assert compared in keyed(found)[0][1]
    for alerts in ((replace(DRIFT, system=system),), (replace(DRIFT, system=system, name="Other"),)):
        found = report(POLICY, select=["MON005"], given=[Alerts(alerts)])
        assert absence in keyed(found)[0][1]


def test_of_several_systems_none_is_guessed() -> None:
    alerts = (replace(DRIFT, name="One"), replace(DRIFT, name="Two", system="Datadog"))
    found = report(POLICY, select=["MON005"], given=[Alerts(alerts)])
    assert keyed(found)[0][1].endswith("goes silent: add an alert on its absence, or let missing data alert")


RULES = """
groups:
- name: triage
  rules:
  - alert: Drift
    for: 5m
    expr: EXPR
    labels: {a: c}
"""
ROUTES = """
route:
  receiver: RECEIVER
  routes:
  - matchers: [a = b]
    receiver: chat
receivers:
- {name: chat, slack_configs: [{channel: ml}]}
- webhook_configs: []
  name: nobody
"""


def places(code: str, expression: str, receiver: str = "chat") -> list[tuple[str, int]]:
    files = {"ops/a.yml": RULES.replace("EXPR", expression), "ops/b.yml": ROUTES.replace("RECEIVER", receiver)}
    text = POLICY.replace("[ops/a.yml]", "[ops/a.yml, ops/b.yml]").replace("metric: psi", "metric: psi, criterion: c")
    text += "criteria: [{id: c, op: '<=', target: 0.1}]\n"
    found = report(text, select=[code], files={path: content.encode() for path, content in files.items()})
    return [(one.path, one.line) for one in found.findings]


def test_a_finding_stands_where_it_is_mended() -> None:
    assert places("MON003", "psi") == [("ops/a.yml", 7)]
    assert places("MON006", "psi > 0.2") == [("ops/a.yml", 7)]
    assert places("MON002", "psi > > 0.2") == [("ops/a.yml", 7)]
    assert places("MON004", "psi > 0.2", "nobody") == [("ops/b.yml", 10)]
    assert ("ops/b.yml", 3) in places("MON004", "psi > 0.2", "missing")
    found = report(POLICY, select=["MON004"], given=[Alerts((replace(DRIFT, reach=NOBODY),))])
    assert [(one.path, one.line) for one in found.findings] == [("ops/a.yml", 3)]
