"""The monitoring system runs the alerts that the policy names, and its metrics have recent samples.

An alert that was committed and never loaded, or that watches a metric which nothing reports any more, is silent on the
day that it is needed, and nobody notices, since silence is what a healthy system sounds like.

Prometheus alone is asked: of alerts that Grafana, Datadog or CloudWatch runs, nothing is said here.

Fix: load the rule file into Prometheus (`promtool check rules FILE`, then reload), mend the rule that it reports, and
see that the service is scraped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rules.evidence.loading import Fault
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.watching import Watched, watched
from rules.facts import Live, LiveAlert, NotApplicable, Unverifiable
from rules.policy import Policy, Signal
from rules.rule import Finding, Severity, bad, good, idle, quote, unclear

CODE = "MON007"
SEVERITY = Severity.WARNING

_PROMETHEUS = "Prometheus"
_RECENT = 300.0


def check(policy: Policy, live: Live, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    signals = watched(policy, alerts)
    if all(one.signal.alert is None and one.signal.metric is None for one in signals):
        yield NotApplicable("no signal names an alert or a metric")
    for one in signals:
        elsewhere = _elsewhere(one, alerts)
        if elsewhere:
            yield NotApplicable(f"the alerts are {elsewhere}'s, and Prometheus alone is asked what it runs")
            continue
        for found in (_running(one.signal, live), _reported(one.signal, live)):
            if isinstance(found, tuple):
                key, message = found
                yield Finding(one.at(key), message)
            elif found is not None:
                yield found


def _elsewhere(one: Watched, alerts: Alerts) -> str | None:
    """The systems that run the signal's alerts, or all where none is found, if Prometheus is none of them."""
    hidden = alerts.opaque or alerts.broken
    systems = sorted({alert.system for alert in one.alerts or (() if hidden else alerts.alerts)})
    return " and ".join(systems) if systems and _PROMETHEUS not in systems else None


def _running(signal: Signal, live: Live) -> tuple[str, str] | Unverifiable | None:
    """What is wrong with a signal's alert where it runs, with the key to say it at."""
    if signal.alert is None:
        return None
    if isinstance(live.alerts, Unverifiable):
        return live.alerts
    running: tuple[LiveAlert, ...] = live.alerts.get(signal.alert, ())
    if not running:
        return "alert", f"Prometheus does not run {quote(signal.alert)}: load the file that defines it"
    sick = next((one for one in running if one.health == "err"), None)
    if sick:
        said = f" ({quote(sick.error)})" if sick.error else ""
        return "alert", f"Prometheus can't evaluate {quote(signal.alert)}{said}: mend its expression"
    return None


def _reported(signal: Signal, live: Live) -> tuple[str, str] | Unverifiable | None:
    """What is wrong with a signal's metric where it is collected, with the key to say it at."""
    if signal.metric is None:
        return None
    age = live.sample(signal.metric)
    if isinstance(age, Unverifiable):
        return age
    if age is None:
        return (
            "metric",
            f"Prometheus has no recent sample of {quote(signal.metric)}: see that what reports it is scraped",
        )
    if age > _RECENT:
        old = f"the newest sample of {quote(signal.metric)} is {int(age)} seconds old"
        return "metric", f"{old}: see that what reports it is scraped"
    return None


_SIGNAL = "monitoring: {signals: [{kind: quality, metric: triage_accuracy, alert: TriageAccuracyLow}]}"
_UNASKED = Unverifiable("no Prometheus server is set: PILOTGATE_PROMETHEUS_URL names it")
_RUNS = {"TriageAccuracyLow": (LiveAlert("ok"),)}


def _given(alerts: Mapping[str, tuple[LiveAlert, ...]], age: float | None) -> tuple[object, ...]:
    return (Live(alerts, {"triage_accuracy": age}, _UNASKED),)


_DATADOG = Alert("TriageAccuracyLow", "Datadog", "ops/monitors.json", 1, frozenset({"triage_accuracy"}))

EXAMPLES = [
    good(_SIGNAL, given=_given(_RUNS, 12.0)),
    good("monitoring: {signals: [{metric: triage_accuracy}]}", given=_given({}, 300.0)),
    good("monitoring: {signals: [{alert: TriageAccuracyLow}]}", given=_given(_RUNS, None)),
    good(_SIGNAL, given=_given({"TriageAccuracyLow": (LiveAlert("unknown"),)}, 12.0)),
    bad(
        _SIGNAL,
        at="monitoring.signals[0].alert",
        says="Prometheus does not run `TriageAccuracyLow`: load the file",
        given=_given({}, 12.0),
    ),
    bad(
        _SIGNAL,
        at="monitoring.signals[0].alert",
        says="Prometheus can't evaluate `TriageAccuracyLow` (`many-to-many matching`)",
        given=_given({"TriageAccuracyLow": (LiveAlert("ok"), LiveAlert("err", "many-to-many matching"))}, 12.0),
    ),
    bad(
        _SIGNAL,
        at="monitoring.signals[0].alert",
        says="Prometheus can't evaluate `TriageAccuracyLow`: mend its expression",
        given=_given({"TriageAccuracyLow": (LiveAlert("err"),)}, 12.0),
    ),
    bad(
        _SIGNAL,
        at="monitoring.signals[0].metric",
        says="Prometheus has no recent sample of `triage_accuracy`",
        given=_given(_RUNS, None),
    ),
    bad(_SIGNAL, at="monitoring.signals[0].metric", says="is 301 seconds old", given=_given(_RUNS, 301.9)),
    good(
        _SIGNAL,
        given=(*_given(_RUNS, 12.0), Alerts((_DATADOG, replace(_DATADOG, system="Prometheus")))),
    ),
    idle(
        _SIGNAL,
        says="the alerts are Datadog's, and Prometheus alone is asked what it runs",
        given=(*_given({}, None), Alerts((_DATADOG,))),
    ),
    good(
        _SIGNAL,
        given=(
            *_given(_RUNS, 12.0),
            Alerts((replace(_DATADOG, name="Slow"),), opaque=(Fault("ops/alerts.yml", "is a template"),)),
        ),
    ),
    idle(
        _SIGNAL,
        says="the alerts are CloudWatch and Datadog's, and Prometheus alone is asked what it runs",
        given=(
            *_given({}, None),
            Alerts((replace(_DATADOG, name="Slow"), replace(_DATADOG, name="Down", system="CloudWatch"))),
        ),
    ),
    idle("owners: {}", says="no signal names an alert or a metric", given=_given({}, None)),
    unclear(_SIGNAL, says=_UNASKED.reason, given=(Live(_UNASKED, {}, _UNASKED),)),
    unclear(_SIGNAL, says=_UNASKED.reason, given=(Live(_RUNS, {}, _UNASKED),)),
]
