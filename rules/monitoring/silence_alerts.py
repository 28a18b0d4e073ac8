"""Somebody is called when a signal's metric goes silent.

A metric that is not there is neither high nor low: no threshold fires. When the job that measures quality dies, the
dashboards stay green, and the first to notice are the users.

Fix: in Prometheus, add an alert that fires when the metric is absent, such as `absent(triage_accuracy)`. Elsewhere let
missing data alert: `noDataState: Alerting` in Grafana, `on_missing_data: show_and_notify_no_data` in Datadog,
`TreatMissingData: breaching` in CloudWatch.
"""

from collections.abc import Iterator

from rules.evidence.monitoring import Alert, Alerts, Unreached
from rules.evidence.watching import Watched, holds, on_absence, shown, watched
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear

CODE = "MON005"
SEVERITY = Severity.WARNING


def check(policy: Policy, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    signals = watched(policy, alerts)
    if not signals:
        yield NotApplicable("there are no signals (MON001)")
    heard = [alert for alert in alerts.alerts if not alert.faults and not isinstance(alert.reach, Unreached)]
    absent = frozenset(metric for alert in heard for metric in alert.absent)
    for one in signals:
        if one.signal.metric is None:
            yield NotApplicable(f"{one.name} has no metric (MON002)")
        elif not holds(absent, one.signal.metric):
            yield from _silent(one, one.signal.metric, alerts)


def _silent(one: Watched, metric: str, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    unread = next((alert for alert in (*one.alerts, *alerts.alerts) if alert.unread and _may_use(alert, metric)), None)
    doubtful = next((alert for alert in alerts.alerts if alert.unclear and _may_use(alert, metric)), None)
    if alerts.broken or (not alerts.alerts and not alerts.opaque):
        yield NotApplicable(
            "the alerts can't all be read (MON002)" if alerts.broken else "there are no alerts (MON002)"
        )
    elif unread and unread in one.alerts:
        yield NotApplicable(f"{shown(unread)} can't be parsed (MON002)")
    elif unread:
        yield Unverifiable(
            f"whether the silence of {quote(metric)} alerts can't be told: {shown(unread)} {unread.unread}"
        )
    elif doubtful:
        yield Unverifiable(
            f"whether the silence of {quote(metric)} alerts can't be told: {shown(doubtful)}: {doubtful.unclear}"
        )
    elif alerts.opaque:
        yield Unverifiable(f"whether the silence of {quote(metric)} alerts can't be told: {alerts.opaque[0]}")
    else:
        unheard = next((alert for alert in alerts.alerts if holds(alert.absent, metric)), None)
        remedy = (
            f"the alert {shown(unheard)} on its absence is off, fires always or reaches nobody, so mend it"
            if unheard
            else on_absence(_system(one, alerts), metric)
        )
        yield Finding(one.at("metric"), f"nobody is called when {quote(metric)} goes silent: {remedy}")


def _system(one: Watched, alerts: Alerts) -> str | None:
    """The system that the signal's alerts are of, else the only one of all; None where that can't be told."""
    systems = {alert.system for alert in one.alerts or alerts.alerts}
    return systems.pop() if len(systems) == 1 else None


def _may_use(alert: Alert, metric: str) -> bool:
    return not alert.metrics or holds(alert.metrics, metric)


_POLICY = """
monitoring:
  configs: ["ops/*.yml"]
  signals: [{id: live-accuracy, kind: quality, metric: triage_accuracy, alert: TriageAccuracyLow}]
"""


def _rules(*expressions: str) -> dict[str, str]:
    rules = "".join(f"\n      - alert: Triage{number}\n        expr: {one}" for number, one in enumerate(expressions))
    return {"ops/alerts.yml": f"groups:\n  - name: triage\n    rules:{rules}\n"}


_GRAFANA = {
    "ops/grafana.yml": """
    apiVersion: 1
    groups:
      - {orgId: 1, name: triage, folder: ml, interval: 1m, rules: [
          {title: TriageAccuracyLow, condition: A, data: [{refId: A, datasourceUid: prometheus, model: {refId: A,
          datasource: {type: prometheus}, expr: "triage_accuracy < < 0.93"}}]}]}
    """
}

EXAMPLES = [
    good(_POLICY, files=_rules("triage_accuracy < 0.93", "absent(triage_accuracy)")),
    bad(
        _POLICY,
        at="monitoring.signals[0].metric",
        says="nobody is called when `triage_accuracy` goes silent: add an alert on its absence, such as"
        " `absent(triage_accuracy)`",
        files=_rules("triage_accuracy < 0.93"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].metric",
        says="the alert `Triage0` (`ops/alerts.yml:4`) on its absence is off, fires always or reaches nobody",
        files={**_rules("absent(triage_accuracy)"), "ops/routes.yml": "{route: {receiver: a}, receivers: [{name: a}]}"},
    ),
    unclear(
        _POLICY,
        says="whether the silence of `triage_accuracy` alerts can't be told: `Triage0` (`ops/alerts.yml:4`): one of its"
        " selectors names no metric: write the metric's name before the braces",
        files=_rules("'absent({job=\"triage\"})'"),
    ),
    unclear(
        _POLICY,
        says="whether the silence of `triage_accuracy` alerts can't be told: `ops/more.yml` is a template, and what it"
        " becomes is not known here: name what it renders to",
        files={**_rules("triage_accuracy < 0.93"), "ops/more.yml": "{{- range .Values.alerts }}\n"},
    ),
    idle(_POLICY, says="there are no alerts (MON002)"),
    idle(
        _POLICY,
        says="the alerts can't all be read (MON002)",
        files={**_rules("triage_accuracy < 0.93"), "ops/more.yml": "groups: ["},
    ),
    idle(_POLICY, says="`TriageAccuracyLow` (`ops/grafana.yml:4`) can't be parsed (MON002)", files=_GRAFANA),
    unclear(
        _POLICY.replace("TriageAccuracyLow", "Triage0"),
        says="whether the silence of `triage_accuracy` alerts can't be told: `TriageAccuracyLow` (`ops/grafana.yml:4`)"
        " has a query that is not PromQL (`invalid promql query`): write one that `promtool check rules` takes",
        files={**_rules("triage_accuracy < 0.93"), **_GRAFANA},
    ),
    idle("monitoring: {signals: [{id: drift}]}", says="the signal `drift` has no metric (MON002)"),
    idle("owners: {}", says="there are no signals (MON001)"),
]
