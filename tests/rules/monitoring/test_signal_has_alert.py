"""MON002 where several things meet."""

import pytest

from rules.evidence.loading import Fault
from rules.evidence.monitoring import Alert, Alerts, Comparison
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
        ("monitoring.configs[1]", "alerts can't be read: `ops/b.yml:7` is not YAML: it can't be parsed"),
        ("monitoring.configs", "alerts can't be read: `x.yml` is empty: write it"),
    ]
    assert [(one.path, one.line) for one in found.findings] == [("ops/b.yml", 7), ("x.yml", 1)]


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


TWO = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
monitoring:
  configs: [ops/a.yml]
  signals:
    - {id: q, metric: triage_accuracy, alert: NAME}
    - {id: p, metric: triage_accuracy, alert: TriageAccuracyTaken}
"""


def offered(name: str, there: str, *, metric: str = "triage_accuracy", compared: bool = True) -> list[object]:
    comparisons = (Comparison("<", 0.9),) if compared else ()
    absent = frozenset({metric})
    one = Alert(there, "Prometheus", "ops/a.yml", 3, frozenset({metric}), comparisons, absent)
    taken = Alert("TriageAccuracyTaken", "Prometheus", "ops/a.yml", 9, frozenset({"triage_accuracy"}), comparisons)
    found = report(TWO.replace("NAME", name), select=["MON002"], given=[Alerts((one, taken))])
    (finding,) = [one for one in found.findings if one.key == "monitoring.signals[0].alert"]
    return [finding.replacement and f"alert: {there}" in finding.replacement, "did you mean" in finding.message]


@pytest.mark.parametrize(
    ("name", "there", "expected"),
    [
        ("TriageAcuracyLow", "TriageAccuracyLow", [True, True]),
        ("triage_accuracy_low", "TriageAccuracyLow", [True, True]),
        ("TriageAccuracyLwo", "TriageAccuracyLow", [True, True]),
        ("TriageAccuracyHigh", "TriageAccuracyLow", [None, True]),
        ("TriageLatencyP95", "TriageLatencyP99", [None, True]),
        ("Lob", "Low", [None, True]),
        ("T" * 101, "T" * 100, [None, True]),
        ("TriageAccuracyTakne", "Unlike", [None, False]),
    ],
)
def test_a_fix_is_offered_for_a_slip_of_the_hand_alone(name: str, there: str, expected: list[object]) -> None:
    assert offered(name, there) == expected


def test_no_alert_is_offered_that_watches_something_else_or_an_absence() -> None:
    assert offered("TriageAcuracyLow", "TriageAccuracyLow", metric="up") == [None, False]
    assert offered("TriageAcuracyLow", "TriageAccuracyLow", compared=False) == [None, False]


def test_one_alert_is_offered_to_one_signal() -> None:
    text = TWO.replace("NAME", "TriageErors").replace("TriageAccuracyTaken", "TriageErrrors")
    one = Alert("TriageErrors", "Prometheus", "ops/a.yml", 3, frozenset({"triage_accuracy"}), (Comparison("<", 0.9),))
    found = report(text, select=["MON002"], given=[Alerts((one,))])
    assert [finding.replacement is not None for finding in found.findings] == [True, False]
