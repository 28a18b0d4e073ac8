"""An alert is at least as strict as the criterion that its signal watches.

A criterion of 0.93 with an alert at 0.80 leaves a band in which the pilot breaks its promise and nobody is called. The
decision is made on the criterion; operation must hold to the same line.

Fix: let the alert fire on every value that fails the criterion: below the target for `>=`, above it for `<=`.
"""

from collections.abc import Iterator

from rules.evidence.comparison import scale
from rules.evidence.monitoring import Alerts, Comparison
from rules.evidence.watching import Watched, shown, watched
from rules.policy import Criterion, Operator, Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear

CODE = "MON006"
SEVERITY = Severity.WARNING

_OPPOSITE: dict[Operator, tuple[str, str]] = {">=": ("<", "<="), ">": ("<=", "<"), "<=": (">", ">="), "<": (">=", ">")}
"""How an alert compares for a criterion: what fires on just the values that fail it, and the other way to do it."""


def check(policy: Policy, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    criteria = {criterion.id: criterion for criterion in policy.criteria or () if criterion.id}
    signals = [
        (one, criteria[one.signal.criterion]) for one in watched(policy, alerts) if one.signal.criterion in criteria
    ]
    if not signals:
        yield NotApplicable("no signal names a criterion (MON001)")
    for one, criterion in signals:
        if criterion.op is None or criterion.target is None:
            yield NotApplicable(f"{quote(criterion.id)} has no op and target (CRI001)")
        elif not one.alerts:
            yield NotApplicable(one.unfound)
        else:
            yield from _judge(one, criterion, criterion.op, criterion.target)


def _judge(
    one: Watched, criterion: Criterion, op: Operator, target: float
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    every = [(alert, each) for alert in one.alerts for each in alert.comparisons]
    if any(_strict(each, op, target, criterion.unit) for _, each in every):
        return
    alert = next((alert for alert, each in every if each.op in _OPPOSITE[op]), one.alerts[0])
    vague = next((alert for alert, each in every if each.op in _OPPOSITE[op] and each.threshold is None), None)
    doubtful = next((alert for alert in one.alerts if alert.unclear), None)
    write = f"fire on {quote(f'{_OPPOSITE[op][0]} {target}')}"
    promise = f"{quote(criterion.id)} promises {quote(f'{op} {target}')}"
    fires = [f"{each.op} {each.threshold}" for _, each in every if each.threshold is not None]
    if vague:
        yield Unverifiable(f"the threshold of {shown(vague)} is no plain number: compare with {target}, as {promise}")
    elif doubtful:
        yield Unverifiable(f"the threshold of {shown(doubtful)} can't be told: {doubtful.unclear}")
    elif fires:
        when = " and ".join(map(quote, dict.fromkeys(fires)))
        yield Finding(one.at("alert"), f"{promise}, but the alert {shown(alert)} fires on {when}: let it {write}")
    elif alert.faults:
        yield NotApplicable(f"{shown(alert)} can't fire as it should (MON003)")
    else:
        yield Finding(
            one.at("alert"), f"{promise}, but the alert {shown(alert)} compares with no number: let it {write}"
        )


def _strict(each: Comparison, op: Operator, target: float, unit: str | None) -> bool:
    """Whether a comparison fires on every value that fails `op` and `target`."""
    exact, other = _OPPOSITE[op]
    if each.threshold is None or each.op not in (exact, other):
        return False
    threshold = _converted(each.threshold, op, target, unit)
    # What fails `> 0.9` is 0.9 and below: `< 0.9` alone would miss 0.9 itself. What fails `>= 0.9` does not include it.
    misses_target = op in (">", "<") and each.op == other
    if threshold == target:
        return not misses_target
    return threshold > target if op in (">=", ">") else threshold < target


def _converted(threshold: float, op: Operator, target: float, unit: str | None) -> float:
    """The threshold on the criterion's scale, where one is clearly percent and the other a ratio."""
    whole = scale(unit)
    if whole == 1 and 0 <= target <= 1 < threshold <= 100:
        return _rounded(threshold / 100)
    # Of percent, 0.5 may be meant: only where it would be absurd, or is just the target, is it taken for a ratio.
    if whole == 100 and target > 1 >= threshold > 0 and (op in (">=", ">") or _rounded(threshold * 100) == target):
        return _rounded(threshold * 100)
    return threshold


def _rounded(number: float) -> float:
    return round(number, 12)


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
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="compares with no number: let it fire on `< 0.93`",
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
