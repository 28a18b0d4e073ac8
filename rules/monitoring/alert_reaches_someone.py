"""The alert of every signal reaches somebody.

An alert whose route ends at a receiver without an address is written to a log and forgotten. It is found out in the
review after the damage, when somebody asks who was called.

Fix: route the alert's labels to a receiver that has a way to reach people (a pager, mail, a chat), and name the file
with the routes in `monitoring.configs`.
"""

from collections.abc import Iterator

from rules.evidence.monitoring import Alerts, Reached, Unreached, Untold
from rules.evidence.watching import Watched, judged, on_line, shown
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, unclear

CODE = "MON004"
SEVERITY = Severity.ERROR


def check(policy: Policy, alerts: Alerts) -> Iterator[Finding | NotApplicable | Unverifiable]:
    return judged(policy, alerts, _judge)


def _judge(one: Watched) -> Iterator[Finding | Unverifiable]:
    # Of several alerts of the name, what is said of the first holds: somebody, it can't be told, nobody.
    alert = min(one.alerts, key=lambda alert: _ORDER.index(type(alert.reach)))
    if isinstance(alert.reach, Untold):
        yield Unverifiable(f"whom {shown(alert)} reaches can't be told: {alert.reach.reason}")
    elif isinstance(alert.reach, Unreached):
        message = f"nobody learns of the alert {shown(alert)}: it {alert.reach.reason}"
        file, line = alert.reach.path, alert.reach.line
        if file is None:
            file, line = alert.path, alert.line
        yield Finding(one.at("alert"), message, place=on_line(line), file=file)


_ORDER: tuple[type, ...] = (Reached, Untold, Unreached)


_POLICY = """
monitoring:
  configs: [ops/alerts.yml, ops/alertmanager.yml]
  signals: [{id: drift, kind: drift, metric: triage_input_psi, alert: TriageInputDrift}]
"""
_RULE = """
groups: [{name: triage, rules: [{alert: TriageInputDrift, expr: triage_input_psi > 0.2, labels: {team: ml}}]}]
"""
_ROUTES = """
route:
  receiver: nobody
  routes: [{matchers: [team = ml], receiver: ml-oncall}]
receivers:
  - name: nobody
  - name: ml-oncall
    pagerduty_configs: [{routing_key_file: /etc/alertmanager/pagerduty.key}]
"""


def _files(rule: str, routes: str) -> dict[str, str]:
    return {"ops/alerts.yml": rule, "ops/alertmanager.yml": routes}


EXAMPLES = [
    good(_POLICY, files=_files(_RULE, _ROUTES)),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="nobody learns of the alert `TriageInputDrift` (`ops/alerts.yml:1`): it ends at the receiver `nobody`",
        files=_files(_RULE.replace("team: ml", "team: web"), _ROUTES),
    ),
    unclear(
        _POLICY.replace(", ops/alertmanager.yml", ""),
        says="whom `TriageInputDrift` (`ops/alerts.yml:1`) reaches can't be told: no Alertmanager configuration is"
        " named: add it to `monitoring.configs`",
        files=_files(_RULE, _ROUTES),
    ),
    idle(
        _POLICY,
        says="no alert of the signal `drift` is found (MON002)",
        files=_files(_RULE.replace("InputDrift", "Errors"), _ROUTES),
    ),
    idle("owners: {}", says="there are no signals (MON001)"),
]
