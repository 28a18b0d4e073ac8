"""The alert of every signal can fire, and does not fire always.

An alert that is paused, compares with `bool`, or has lost its threshold never rings, and one that always rings is
muted within a week. Both look like monitoring until the pilot has been wrong for a month.

A test for absence is enough for a signal of uptime or the like. It is not for one of quality, drift or safety, nor for
one that names a criterion: a metric that is there and bad is not absent. (That it is absent is what MON005 asks for.)

Fix: let the alert compare its metric with a number, as in `triage_accuracy < 0.93`, and take it off pause. Where only
its absence matters, as of a heartbeat, test for that: `absent(triage_heartbeat)`.
"""

from collections.abc import Iterator

from rules.evidence.firing import able_to_fire, odd, silent
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.watching import Watched, asking, comparing, judged, shown
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, unclear

CODE = "MON003"
SEVERITY = Severity.ERROR


def check(policy: Policy, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    return judged(policy, alerts, _judge)


def _judge(one: Watched) -> Iterator[Finding | Unverifiable]:
    if any(not alert.unclear and able_to_fire(one, alert) for alert in one.alerts):
        return
    sound = [alert for alert in one.alerts if not alert.faults]
    doubtful = next((alert for alert in sound if alert.unclear), None)
    if doubtful:
        yield Unverifiable(f"when {shown(doubtful)} fires can't be told: {doubtful.unclear}")
        return
    alert: Alert = (sound or one.alerts)[0]
    for fault in alert.faults or (_fault(one, alert),):
        message = f"the alert {shown(alert)} {fault}"
        yield Finding(one.at("alert"), message, place=asking(alert), file=alert.path)


def _fault(one: Watched, alert: Alert) -> str:
    if not silent(one, alert):
        return str(odd(one, alert))
    return _absence(one, alert) if alert.absent else _nothing(one, alert)


def _nothing(one: Watched, alert: Alert) -> str:
    return f"compares nothing, and so says nothing of when it fires: {_compared(one, alert)}"


def _absence(one: Watched, alert: Alert) -> str:
    fell = "its criterion fails" if one.signal.criterion is not None else f"its {one.signal.kind} is bad"
    shows = f"fires on absence alone, which shows that data is missing and not that {fell}"
    return f"{shows}: {_compared(one, alert)}; its absence belongs to MON005"


def _compared(one: Watched, alert: Alert) -> str:
    return comparing(alert.system, one.signal.metric or "x", "> 0.2")


_POLICY = """
monitoring:
  configs: [ops/alerts.yml]
  signals: [{id: drift, kind: drift, metric: triage_input_psi, alert: TriageInputDrift}]
"""

_SHARE = """
criteria: [{id: routing, kind: quality, op: ">=", target: 0.9, unit: ratio}]
monitoring:
  configs: [ops/alerts.yml]
  signals: [{kind: quality, criterion: routing, metric: triage_input_psi, alert: TriageInputDrift}]
"""


def _rules(*expressions: str) -> dict[str, str]:
    rules = "".join(f"\n      - alert: TriageInputDrift\n        expr: {one}" for one in expressions)
    return {"ops/alerts.yml": f"groups:\n  - name: triage\n    rules:{rules}\n"}


_PAUSED = """
apiVersion: 1
groups:
  - {orgId: 1, name: triage, folder: ml, interval: 1m, rules: [{title: TriageInputDrift, isPaused: true, condition: A,
      data: [{refId: A, datasourceUid: prometheus, model: {refId: A, expr: triage_input_psi > 0.2}}]}]}
"""

EXAMPLES = [
    good(_POLICY, files=_rules("triage_input_psi > 0.2")),
    good(_POLICY.replace("kind: drift", "kind: usage"), files=_rules("absent(triage_input_psi)")),
    good(_POLICY, files=_rules("triage_input_psi > bool 0.2", "triage_input_psi > 0.2")),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="`TriageInputDrift` (`ops/alerts.yml:4`) fires as long as `triage_input_psi` has samples, since `bool`",
        files=_rules("triage_input_psi > bool 0.2"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="`TriageInputDrift` (`ops/alerts.yml:3`) is paused: write `false` for `isPaused`",
        files={"ops/alerts.yml": _PAUSED},
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="`TriageInputDrift` (`ops/alerts.yml:4`) fires on absence alone, which shows that data is missing and not"
        " that its drift is bad: compare, as in `triage_input_psi > 0.2`",
        files=_rules("absent(triage_input_psi)"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="can never fire: `triage_input_psi > 0.3 and triage_input_psi < 0.2` is never true",
        files=_rules("triage_input_psi > 0.3 and triage_input_psi < 0.2"),
    ),
    bad(
        _SHARE,
        at="monitoring.signals[0].alert",
        says="can never fire, since nothing of the unit `ratio` is `< 0`: hold it against the target of `routing`, 0.9",
        files=_rules("triage_input_psi < 0"),
    ),
    bad(
        _SHARE,
        at="monitoring.signals[0].alert",
        says="fires always, since all of the unit `ratio` is `<= 1`: hold it against the target of `routing`, 0.9",
        files=_rules("triage_input_psi <= 1"),
    ),
    bad(
        _POLICY.replace("kind: drift", "kind: usage, criterion: routing-accuracy"),
        at="monitoring.signals[0].alert",
        says="and not that its criterion fails: compare",
        files=_rules("absent(triage_input_psi)"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="compares nothing, and so says nothing of when it fires: compare, as in `triage_input_psi > 0.2`",
        files=_rules("triage_input_psi"),
        given=(Alerts((Alert("TriageInputDrift", "Prometheus", "ops/alerts.yml", 4),)),),
    ),
    unclear(
        _POLICY,
        says="when `TriageInputDrift` (`ops/alerts.yml:4`) fires can't be told: one of its selectors names no metric:"
        " write the metric's name before the braces",
        files=_rules("'{job=\"triage\"} > 0.2'"),
    ),
    idle(
        _POLICY,
        says="no alert of the signal `drift` is found (MON002)",
        files={"ops/alerts.yml": "groups: [{name: triage, rules: [{alert: Other, expr: up == 0}]}]"},
    ),
    idle("owners: {}", says="there are no signals (MON001)"),
]
