"""An alert is at least as strict as the criterion that its signal watches.

A criterion of 0.93 with an alert at 0.80 leaves a band in which the pilot breaks its promise and nobody is called. The
decision is made on the criterion; operation must hold to the same line.

Fix: let the alert fire on every value that fails the criterion: below the target for `>=`, above it for `<=`.
"""

import re
from collections.abc import Iterator

from rules.evidence.comparison import figure
from rules.evidence.firing import FAILING, Firing, Target, able_to_fire, fires_on, listed, target
from rules.evidence.monitoring import Alerts
from rules.evidence.spans import covers
from rules.evidence.watching import Watched, asking, shown, watched
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear

CODE = "MON006"
SEVERITY = Severity.WARNING

_MOVING = re.compile(r"std|mad_over|changes|resets|delta|deriv|timestamp")


def check(policy: Policy, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    signals = [one for one in watched(policy, alerts) if one.criterion is not None]
    if not signals:
        yield NotApplicable("no signal names a criterion (MON001)")
    for one in signals:
        promise = target(one.criterion)
        if promise is None:
            yield NotApplicable(f"{quote(one.signal.criterion)} has no op and target (CRI001)")
        elif not one.alerts:
            yield NotApplicable(one.unfound)
        elif all(not able_to_fire(one, alert) and not alert.unclear for alert in one.alerts):
            yield NotApplicable(f"{shown(one.alerts[0])} can't fire as it should (MON003)")
        else:
            yield from _judge(one, promise)


def _judge(one: Watched, promise: Target) -> Iterator[Finding | Unverifiable]:
    able = [alert for alert in one.alerts if able_to_fire(one, alert)]
    found = fires_on(able, one.signal.metric, promise)
    if covers(found.sure, promise.failing):
        return
    number = figure(promise.number)
    promised = f"{quote(one.signal.criterion)} promises {quote(f'{promise.op} {number}')}"
    doubtful = next((alert for alert in one.alerts if alert.unclear), None)
    if found.vague and covers(found.perhaps, promise.failing):
        said = f"the threshold of {shown(found.vague)} is no plain number"
        yield Unverifiable(f"{said}: compare with {number}, as {promised}")
    elif doubtful:
        yield Unverifiable(f"the threshold of {shown(doubtful)} can't be told: {doubtful.unclear}")
    else:
        alert = next((alert for alert in able if alert.comparisons), able[0])
        write = f"let it fire on {quote(f'{FAILING[promise.op]} {number}')}"
        if found.made and not found.told and not any(map(_MOVING.search, found.made)):
            yield Unverifiable(f"{shown(alert)} {_instead(one, found)}: {write}, as {promised}")
        else:
            message = f"{promised}, but the alert {shown(alert)} {_instead(one, found)}: {write}"
            yield Finding(one.at("alert"), message, place=asking(alert), file=alert.path)


def _instead(one: Watched, found: Firing) -> str:
    """What alerts do that don't hold their metric against the target."""
    if found.told:
        return f"fires on {listed(found.told)}"
    if found.made:
        return f"compares {' and '.join(map(quote, found.made))} of {quote(one.signal.metric)}, not its value"
    return "compares its metric with no number"


_POLICY = """
criteria: [{id: routing-accuracy, kind: quality, op: ">=", target: 0.93, unit: ratio}]
monitoring:
  configs: [ops/alerts.yml]
  signals: [{id: live-accuracy, metric: triage_accuracy, criterion: routing-accuracy, alert: TriageAccuracyLow}]
"""


def _rule(expression: str) -> dict[str, str]:
    return {
        "ops/alerts.yml": f"""
        groups:
          - name: triage
            rules:
              - alert: TriageAccuracyLow
                expr: {expression}
        """
    }


EXAMPLES = [
    good(_POLICY, files=_rule("triage_accuracy < 0.93")),
    good(_POLICY, files=_rule("triage_accuracy <= 0.95")),
    good(_POLICY, files=_rule("triage_accuracy < 93")),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="`routing-accuracy` promises `>= 0.93`, but the alert `TriageAccuracyLow` (`ops/alerts.yml:4`) fires on"
        " `< 0.8`: let it fire on `< 0.93`",
        files=_rule("triage_accuracy < 0.8"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="fires on `> 0.93`: let it fire on `< 0.93`",
        files=_rule("triage_accuracy > 0.93"),
    ),
    bad(
        _POLICY.replace(">=", ">"),
        at="monitoring.signals[0].alert",
        says="promises `> 0.93`, but the alert `TriageAccuracyLow` (`ops/alerts.yml:4`) fires on `< 0.93`: let it fire"
        " on `<= 0.93`",
        files=_rule("triage_accuracy < 0.93"),
    ),
    good(_POLICY, files=_rule("triage_accuracy < 0.93 and on () rate(triage_total[5m]) > 1")),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="fires on `< 0.5`: let it fire on `< 0.93`",
        files=_rule("triage_accuracy < 0.5 and on () up < 0.95"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="compares `stddev` of `triage_accuracy`, not its value: let it fire on `< 0.93`",
        files=_rule("stddev(triage_accuracy) < 0.93"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="compares its metric with no number: let it fire on `< 0.93`",
        files=_rule("triage_accuracy and on () up < 0.93"),
    ),
    unclear(
        _POLICY,
        says="`TriageAccuracyLow` (`ops/alerts.yml:4`) compares `count` of `triage_accuracy`, not its value: let it"
        " fire on `< 0.93`, as `routing-accuracy` promises `>= 0.93`",
        files=_rule("count(triage_accuracy) < 3"),
    ),
    idle(
        _POLICY,
        says="`TriageAccuracyLow` (`ops/alerts.yml:4`) can't fire as it should (MON003)",
        files=_rule("absent(triage_accuracy)"),
    ),
    unclear(
        _POLICY,
        says="the threshold of `TriageAccuracyLow` (`ops/alerts.yml:4`) is no plain number: compare with 0.93, as"
        " `routing-accuracy` promises `>= 0.93`",
        files=_rule("triage_accuracy < on () triage_accuracy_target"),
    ),
    unclear(
        _POLICY,
        says="the threshold of `TriageAccuracyLow` (`ops/alerts.yml:4`) can't be told: one of its selectors names no"
        " metric: write the metric's name before the braces",
        files=_rule("'absent({job=\"triage\"})'"),
    ),
    idle(
        _POLICY,
        says="`TriageAccuracyLow` (`ops/alerts.yml:4`) can't fire as it should (MON003)",
        files=_rule("triage_accuracy"),
    ),
    idle(_POLICY, says="no alert of the signal `live-accuracy` is found (MON002)"),
    idle(
        _POLICY.replace("target: 0.93, ", ""),
        says="`routing-accuracy` has no op and target (CRI001)",
        files=_rule("triage_accuracy < 0.93"),
    ),
    idle("monitoring: {signals: [{metric: up, alert: Down}]}", says="no signal names a criterion (MON001)"),
]
