"""Every signal has an alert, and the alert looks at the signal's metric.

A metric that nobody is called for is a dashboard, and dashboards are looked at until the builders leave. An alert that
exists only in the policy, or that watches something else, is worse: everybody believes that it is there.

Fix: name the files that define the alerts in `monitoring.configs`, and for each signal its `metric` and the `alert`
whose expression uses it; mend the files that can't be read.
"""

import re
from collections.abc import Iterable, Iterator

from rules.edits import scalar
from rules.evidence.loading import Fault
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.watching import Watched, asking, holds, on_line, shown, watched
from rules.policy import Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.values import Glob, Path
from rules.wording import Guesses

CODE = "MON002"
SEVERITY = Severity.ERROR


def check(policy: Policy, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    signals = watched(policy, alerts)
    if not signals:
        yield NotApplicable("there are no signals (MON001)")
    configs = (policy.monitoring.configs if policy.monitoring else None) or ()
    if signals and not configs:
        message = "nothing defines the alerts: write `configs:` and the files that do"
        yield Finding(("monitoring", "configs"), message)
    for pattern in alerts.missing:
        message = f"{quote(pattern)} means no file: write a path that is there, or commit what belongs there"
        yield Finding(_entry(configs, pattern), message)
    for fault in alerts.broken:
        message, line = f"alerts can't be read: {fault}", on_line(fault.line)
        yield Finding(_config(configs, fault), message, place=line, file=fault.path)
    names = _Names(alerts, signals)
    for one in signals:
        for key in ("metric", "alert"):
            if getattr(one.signal, key) is None:
                yield Finding(one.at(key), f"{one.name} has no {key}: write `{key}:` and its name")
        if one.alerts:
            yield from _unused(one, alerts.broken)
        elif one.signal.alert is not None and configs:
            yield from _unfound(one, alerts, names)


def _entry(configs: tuple[Glob, ...], pattern: str) -> Path:
    number = next((number for number, config in enumerate(configs) if config == pattern), None)
    return ("monitoring", "configs") if number is None else ("monitoring", "configs", number)


def _config(configs: tuple[Glob, ...], fault: Fault) -> Path:
    return _entry(configs, next((config for config in configs if config.matches(fault.path)), ""))


def _unfound(one: Watched, alerts: Alerts, names: "_Names") -> Iterator[Finding | Unverifiable]:
    name = one.signal.alert
    if alerts.broken:
        return  # it may stand in what can't be read, and that is a finding already
    if alerts.opaque:
        yield Unverifiable(f"whether there is an alert {quote(name)} can't be told: {alerts.opaque[0]}")
        return
    better = names.meant(one)
    hint = f"did you mean {quote(better)}?" if better else "write it, or name one that is there"
    message = f"no file of `configs` defines the alert {quote(name)}: {hint}"
    fix = Fix(scalar(better)) if better and _slipped(name or "", better) else None
    yield Finding(one.at("alert"), message, fix=fix)


class _Names:
    """The names of alerts that a signal may have meant: those that no other signal has."""

    def __init__(self, alerts: Alerts, signals: Iterable[Watched]) -> None:
        self._alerts = alerts.alerts
        self._taken = {one.signal.alert for one in signals}
        self._guess = Guesses()

    def meant(self, one: Watched) -> str | None:
        """The name that this signal most likely means, of alerts that watch its metric and more than its absence."""
        metric = one.signal.metric
        free = [alert for alert in self._alerts if alert.name not in self._taken and not alert.only_absence]
        watching = [alert.name for alert in free if metric is not None and holds(alert.metrics, metric)]
        found = self._guess(one.signal.alert, dict.fromkeys(watching))
        self._taken.add(found)
        return found


def _slipped(name: str, other: str) -> bool:
    """Whether one name is the other with a slip of the hand: of two letters at most, as P95 is not P99."""
    if len(name) > _LONGEST or re.sub(r"\D", "", name) != re.sub(r"\D", "", other):
        return False
    left, right = (re.sub(r"[-_ ]", "", one).lower() for one in (name, other))
    return _distance(left, right) <= min(2, len(right) // 4)


def _distance(left: str, right: str) -> int:
    """How many letters have to be put in, taken out or replaced to make one of the other."""
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other)))
        above = line
    return above[-1]


_LONGEST = 100


def _unused(one: Watched, broken: tuple[Fault, ...]) -> Iterator[Finding | Unverifiable]:
    metric = one.signal.metric
    if metric is None or any(holds(alert.metrics, metric) for alert in one.alerts):
        return
    if any(fault.path == alert.path for alert in one.alerts for fault in broken):
        return  # it may be this alert that can't be read, and that is a finding already
    doubtful = next((alert for alert in one.alerts if alert.unclear), None)
    if doubtful:
        yield Unverifiable(f"whether {shown(doubtful)} uses {quote(metric)} can't be told: {doubtful.unclear}")
        return
    unread = next((alert for alert in one.alerts if alert.unread), None)
    if unread:
        said = f"the alert {shown(unread)} can't be parsed, so that nobody knows whether it uses {quote(metric)}"
        place, file = asking(unread), unread.path
        yield Finding(one.at("alert"), f"{said}: it {unread.unread}", place=place, file=file)
        return
    alert: Alert = one.alerts[0]
    used = ", ".join(map(quote, sorted(alert.metrics)[:3])) or "no metric"
    # Which of the two is mistyped, nobody here can tell: the policy may be right, and the alert silent for ever.
    hint = f"it uses {used}: correct whichever is wrong, or name the alert that watches the metric"
    yield Finding(one.at("metric"), f"the alert {shown(alert)} does not use {quote(metric)}: {hint}")


_POLICY = """
monitoring:
  configs: [ops/alerts.yml]
  signals: [{id: live-accuracy, kind: quality, metric: triage_accuracy, alert: TriageAccuracyLow}]
"""
_RULES = """
groups:
  - name: triage
    rules:
      - alert: TriageAccuracyLow
        expr: triage_accuracy < 0.93
"""
_GRAFANA = """
apiVersion: 1
groups:
  - {orgId: 1, name: triage, folder: ml, interval: 1m, rules: [
      {title: TriageAccuracyLow, condition: A, data: [{refId: A, datasourceUid: prometheus, model: {refId: A,
      datasource: {type: prometheus}, expr: "triage_accuracy < < 0.93"}}]}]}
"""
_FILES = {"ops/alerts.yml": _RULES}

EXAMPLES = [
    good(_POLICY, files=_FILES),
    bad(
        _POLICY.replace("Accuracy", "Acuracy"),
        at="monitoring.signals[0].alert",
        says="no file of `configs` defines the alert `TriageAcuracyLow`: did you mean `TriageAccuracyLow`?",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("triage_accuracy", "triage_acuracy"),
        at="monitoring.signals[0].metric",
        says="`TriageAccuracyLow` (`ops/alerts.yml:4`) does not use `triage_acuracy`: it uses `triage_accuracy`:"
        " correct whichever is wrong",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("triage_accuracy", "up"),
        at="monitoring.signals[0].metric",
        says="it uses `triage_accuracy`: correct whichever is wrong, or name the alert that watches the metric",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("TriageAccuracyLow", "Down"),
        at="monitoring.signals[0].alert",
        says="write it, or name one that is there",
        files=_FILES,
    ),
    bad(
        _POLICY.replace(", alert: TriageAccuracyLow", ""),
        at="monitoring.signals[0].alert",
        says="the signal `live-accuracy` has no alert: write `alert:`",
        files=_FILES,
    ),
    bad(
        "monitoring: {signals: [{metric: triage_accuracy, alert: TriageAccuracyLow}]}",
        at="monitoring.configs",
        says="nothing defines the alerts: write `configs:`",
    ),
    bad(_POLICY, at="monitoring.configs[0]", says="`ops/alerts.yml` means no file: write a path that is there"),
    bad(
        _POLICY,
        at="monitoring.configs[0]",
        says="alerts can't be read: `ops/alerts.yml:5` is not YAML",
        files={"ops/alerts.yml": _RULES.replace("        expr", "       expr")},
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="the alert `TriageAccuracyLow` (`ops/alerts.yml:4`) can't be parsed, so that nobody knows whether it uses"
        " `triage_accuracy`: it has a query that is not PromQL",
        files={"ops/alerts.yml": _GRAFANA},
    ),
    unclear(
        _POLICY,
        says="whether there is an alert `TriageAccuracyLow` can't be told: `ops/alerts.yml` is a template, and what it"
        " becomes is not known here: name what it renders to",
        files={"ops/alerts.yml": "{{- range .Values.alerts }}\n- alert: {{ .name }}\n{{- end }}"},
    ),
    unclear(
        _POLICY,
        says="whether `TriageAccuracyLow` (`ops/alerts.yml:4`) uses `triage_accuracy` can't be told: one of its"
        " selectors names no metric: write the metric's name before the braces",
        files={"ops/alerts.yml": _RULES.replace("triage_accuracy < 0.93", "'{job=\"triage\"} < 0.93'")},
    ),
    idle("owners: {}", says="there are no signals (MON001)"),
]
