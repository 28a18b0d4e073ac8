"""MON002 where several things meet."""

import pytest

from rules.evidence.loading import Fault
from rules.evidence.monitoring import Alert, Alerts
from tests.rules.given import keyed, report, result

POLICY = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
monitoring:
  configs: [ops/a.yml, "ops/*.yml"]
  signals: [{id: q, metric: triage_seconds, alert: Slow}]
"""


def alert(*metrics: str, unclear: str | None = None) -> Alert:
    return Alert("Slow", "Prometheus", "ops/a.yml", 3, frozenset(metrics), unclear=unclear)


def outcome(*alerts: Alert) -> str:
    return result(report(POLICY, select=["MON002"], given=[Alerts(alerts)]), "MON002").outcome.value


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ((alert("triage_seconds"),), "pass"),
        ((alert("triage_seconds_bucket"),), "pass"),
        ((alert("triage_seconds_quantile"),), "fail"),
        ((alert("up"), alert("triage_seconds", "up")), "pass"),
        ((alert("triage_seconds", unclear="is a template"),), "pass"),
        ((alert("up", unclear="is a template"), alert("up")), "unverifiable"),
        ((alert(),), "fail"),
    ],
)
def test_one_alert_of_the_name_that_uses_the_metric_is_enough(alerts: tuple[Alert, ...], expected: str) -> None:
    assert outcome(*alerts) == expected


def test_a_broken_file_is_a_finding_at_the_entry_that_means_it_and_the_only_one() -> None:
    faults = (Fault("ops/b.yml", "is not YAML: it can't be parsed", 7), Fault("x.yml", "is empty: write it"))
    found = report(POLICY, select=["MON002"], given=[Alerts(broken=faults)])
    assert keyed(found) == [
        ("monitoring.configs", "alerts can't be read: `x.yml` is empty: write it"),
        ("monitoring.configs[1]", "alerts can't be read: `ops/b.yml:7` is not YAML: it can't be parsed"),
    ]


def test_an_alert_of_a_broken_file_is_not_blamed_twice() -> None:
    broken = (Fault("ops/a.yml", "has `Slow`, but its expression is not PromQL: mend it", 3),)
    found = report(POLICY, select=["MON002"], given=[Alerts((alert(),), broken=broken)])
    assert [key for key, _ in keyed(found)] == ["monitoring.configs[0]"]


def test_what_can_not_be_read_leaves_a_known_alert_as_it_is() -> None:
    opaque = (Fault("ops/b.yml", "is a template"),)
    found = report(POLICY, select=["MON002"], given=[Alerts((alert("triage_seconds"),), opaque=opaque)])
    assert result(found, "MON002").outcome.value == "pass"


def test_a_signal_without_a_metric_is_told_once() -> None:
    text = POLICY.replace("metric: triage_seconds, ", "")
    found = report(text, select=["MON002"], given=[Alerts((alert("up"),))])
    assert keyed(found) == [
        ("monitoring.signals[0].metric", "the signal `q` has no metric: write `metric:` and its name"),
    ]
