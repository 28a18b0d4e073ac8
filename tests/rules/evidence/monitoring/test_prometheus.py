"""Alerts of Prometheus's files: what is found in them, what is broken, what can't be told."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.loading import Fault, Opaque, documents
from rules.evidence.monitoring import Alert, Alerts, Comparison, Doc, Reached, Unreached, Untold
from rules.evidence.monitoring import prometheus as system
from tests.rules.given import holding, policy

REAL = Path(__file__).parent / "real"
RULES = sorted(
    path
    for path in REAL.rglob("*")
    if path.is_file() and path.name != "LICENSE" and path.parent.name not in ("real", "alertmanager", "helm")
)
UNNAMED = Untold("no Alertmanager configuration is named: add it to `monitoring.configs`")


def read(*texts: str) -> list[Alert | Fault]:
    docs = [Doc(f"{number}.yml", data) for number, text in enumerate(texts, 1) for data in documents(text)]
    assert all(system.recognises(doc.data) for doc in docs)
    return list(system.alerts(docs))


def alerts(*texts: str) -> list[Alert]:
    return [one for one in read(*texts) if isinstance(one, Alert)]


def faults(*texts: str) -> list[str]:
    return [str(one) for one in read(*texts) if isinstance(one, Fault)]


def ruled(rule: str) -> str:
    return f"groups:\n- name: triage\n  rules:\n  - {rule}\n"


GOOD = """\
groups:
- name: triage
  interval: 1m
  labels: {team: ml, tier: gold}
  rules:
  - record: triage:accuracy
    expr: avg_over_time(triage_accuracy[1h])
  - alert: TriageAccuracyLow
    expr: 100 * triage:accuracy < 90
    for: 10m
    keep_firing_for: 1h30m
    labels: {severity: critical, tier: "", shard: "{{ $labels.shard }}", level: 5}
    annotations: {runbook_url: "https://example.org/runbooks/triage#accuracy"}
"""
ROUTES = """\
route:
  receiver: nobody
  routes:
  - {matchers: [severity="critical"], receiver: pager}
receivers:
- {name: nobody}
- {name: pager, pagerduty_configs: [{routing_key: x}]}
"""


BELOW = Comparison("<", 0.9, frozenset({"triage:accuracy", "triage_accuracy"}))


def test_an_alert_is_read_with_all_that_the_file_says_of_it() -> None:
    (alert,) = alerts(GOOD)
    assert alert == Alert(
        "TriageAccuracyLow",
        "Prometheus",
        "1.yml",
        8,
        frozenset({"triage:accuracy", "triage_accuracy"}),
        (BELOW,),
        asked=9,
        ways=((BELOW,),),
        labels={
            "team": "ml", "severity": "critical", "shard": "{{ $labels.shard }}", "level": "5",
            "alertname": "TriageAccuracyLow",
        },
        runbook_url="https://example.org/runbooks/triage#accuracy",
        reach=UNNAMED,
    )  # fmt: skip


def test_recording_rules_and_routes_are_found_in_any_of_the_documents() -> None:
    rules, recorded = (
        ruled("{alert: Low, expr: a < 1, labels: {severity: critical}}"),
        ruled("{record: a, expr: b / c}"),
    )
    (alert,) = alerts(rules, ROUTES, recorded)
    assert alert.metrics == {"a", "b", "c"}
    assert alert.reach == Reached("pager")


def test_one_configuration_that_reaches_somebody_is_enough() -> None:
    silent = "route: {receiver: a}\nreceivers: [{name: a}]"
    receivers = "receivers: [{name: a}, {name: b, sns_configs: [{}]}]"
    vague = f"route: {{receiver: a, routes: [{{match: {{x: y}}, receiver: b}}]}}\n{receivers}"
    rules = ruled("{alert: Low, expr: a < 1, labels: {severity: critical}}")
    assert alerts(rules, silent, vague, ROUTES)[0].reach == Reached("pager")
    assert isinstance(alerts(rules, silent, vague)[0].reach, Untold)
    assert isinstance(alerts(rules, silent)[0].reach, Unreached)


def test_a_label_that_is_a_template_is_not_routed_by() -> None:
    rules = ruled("{alert: Low, expr: a < 1, labels: {severity: '{{ $labels.severity }}'}}")
    found = alerts(rules, ROUTES)[0].reach
    assert isinstance(found, Untold)
    assert "the label `severity`, whose value is a template" in found.reason
    named = ROUTES.replace("severity", "alertname")
    assert isinstance(alerts(ruled("{alert: '{{ .Values.x }}Low', expr: a < 1}"), named)[0].reach, Untold)
    assert isinstance(alerts(ruled("{alert: critical, expr: a < 1}"), named)[0].reach, Reached)


RESOURCE = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: triage, namespace: ml}
spec:
  groups:
  - name: triage
    rules:
    - {alert: Low, expr: a < 1, labels: {severity: critical}}
"""
TENANT = """\
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: triage, namespace: ml}
spec:
  route: {receiver: pager, groupBy: [job]}
  receivers: [{name: pager, slackConfigs: [{channel: x}]}]
"""


def inside(kind: str, key: str, **texts: str) -> str:
    body = "".join(f"  {name}: |\n{re.sub('^', '    ', text, flags=re.M)}\n" for name, text in texts.items())
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: x, namespace: ml}}\n{key}:\n{body}"


def test_the_operator_s_resources_are_read_alone_and_in_lists() -> None:
    (alert,) = alerts(RESOURCE, TENANT)
    assert (alert.name, alert.line, alert.reach) == ("Low", 8, Reached("pager"))
    items = "".join(f"- {text.strip()}\n".replace("\n", "\n  ").rstrip() + "\n" for text in (RESOURCE, TENANT))
    (listed,) = alerts(f"kind: List\napiVersion: v1\nitems:\n{items}")
    assert (listed.name, listed.reach) == ("Low", Reached("pager"))
    (other,) = alerts(RESOURCE.replace("namespace: ml", "namespace: other"), TENANT)
    assert isinstance(other.reach, Untold)
    relative = RESOURCE.replace("monitoring.coreos.com/v1", "operator.victoriametrics.com/v1beta1")
    assert [one.name for one in alerts(relative.replace("PrometheusRule", "VMRule"))] == ["Low"]


def test_what_stands_in_config_maps_and_secrets_is_read() -> None:
    (alert,) = alerts(
        inside("ConfigMap", "data", rules=GOOD, other="just text"), inside("Secret", "stringData", am=ROUTES)
    )
    assert (alert.name, alert.line, alert.reach) == ("TriageAccuracyLow", 5, Reached("pager"))
    coded = b64encode(ROUTES.encode()).decode()
    secret = f"kind: Secret\ndata: {{alertmanager.yaml: {coded}, other: '%%%', binary: AAAA, odd: 5}}"
    assert alerts(GOOD, secret)[0].reach == Reached("pager")
    broken = "route: {receiver: x}\nreceivers: []"
    assert faults(inside("ConfigMap", "data", am=broken)) == [
        "`1.yml:5` routes to `x`, which is none of its receivers: add it under `receivers`"
    ]
    assert not system.recognises(documents(inside("ConfigMap", "data", am="groups: [\n"))[0])
    many = inside("ConfigMap", "data", **{f"a{number}": "x: y" for number in range(20)}, last=GOOD)
    assert not system.recognises(documents(many)[0])


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("groups: []", True),
        ("groups:", True),
        ("groups: [{name: a}, {name: a}]", True),
        ("groups: [{name: a, rules: []}]", True),
        ("namespace: x\ngroups: [{name: a, rules: [{record: a, expr: b}]}]", True),
        ("scrape_configs: [{job_name: a}]\nrule_files: [a.yml]", True),
        ("rule_files: [a.yml]\ntests: []", True),
        ("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: {}", True),
        ("route: {receiver: a}", True),
        ("route: {}\nreceivers: []", True),
        ("apiVersion: 1\ngroups: []", False),
        ("apiVersion: 1\ngroups: [{folder: a, name: b, rules: [{uid: c, title: d, condition: e, data: []}]}]", False),
        ("groups: [{folder: a, name: b, rules: []}]", False),
        ("groups: [{name: b, rules: [{uid: c, title: d, data: []}]}]", False),
        ("groups: [{id: a, type: metric}]", False),
        ("groups: {a: b}", False),
        ("receivers: {otlp: {}}\nservice: {}", False),
        ("route: 5\nreceivers: []", False),
        ("apiVersion: v1\nkind: ConfigMap\ndata: {a: b}", False),
        ("kind: Deployment\nspec: {groups: 5}", False),
        ("kind: List\nitems: [{kind: Deployment}]", False),
        ("[]", False),
        ("text", False),
    ],
)
def test_a_file_is_recognised_by_what_it_holds(text: str, known: bool) -> None:
    (data,) = documents(text)
    assert system.recognises(data) is known
    assert not [one for one in system.alerts([Doc("a.yml", data)]) if isinstance(one, Alert)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ruled("{expr: a}"), "`1.yml:4` has a rule without a name: write its `alert`, or its `record`"),
        (
            ruled("{alert: A, record: b, expr: a > 1}"),
            "`1.yml:4` has `A` with both `alert` and `record`: make it two rules",
        ),
        (ruled("{alert: A}"), "`1.yml:4` has `A`, but it has no expression: write `expr`"),
        (ruled("{record: a, expr: [b]}"), "`1.yml:4` has `a`, but it has no expression: write `expr`"),
        (
            ruled("{alert: A, expr: 'a >'}"),
            "has `A`, but its expression is not PromQL (`invalid promql query`): write one",
        ),
        (
            ruled("{alert: A, expr: a > 1, for: 5}"),
            "`1.yml:4` has `for: 5`, which is no duration: write one such as `5m`",
        ),
        (ruled("{alert: A, expr: a > 1, for: ''}"), "has `for: `, which is no duration"),
        (ruled("{alert: A, expr: a > 1, for: 5 minutes}"), "has `for: 5 minutes`, which is no duration"),
        (ruled("{alert: A, expr: a > 1, for: 1m1h}"), "has `for: 1m1h`, which is no duration"),
        (ruled("{alert: A, expr: a > 1, for: [1m]}"), "which is no duration"),
        (ruled("{alert: A, expr: a > 1, keep_firing_for: soon}"), "has `keep_firing_for: soon`, which is no duration"),
        (ruled("{alert: A, expr: a > 1, labels: {__name__: x}}"), "has the label `__name__`, which no rule may set"),
        (
            ruled("{alert: A, expr: a > 1, lables: {a: b}}"),
            "has `A` with `lables`, which Prometheus refuses: did you mean",
        ),
        (
            ruled("{record: a, expr: b, for: 1m}"),
            "has the recording rule `a` with `for`, which alerts alone have: remove",
        ),
        (ruled("{record: a, expr: b, annotations: {c: d}}"), "has the recording rule `a` with `annotations`"),
        (ruled("{record: 'a{b=\"c\"}', expr: b}"), "with braces in its name: put them into `expr`"),
        (
            "groups: [{name: a, rules: []}, {name: a, rules: []}]",
            "`1.yml:1` has two groups with the name `a`: rename one",
        ),
        ("groups: [{rules: [{record: a, expr: b}]}]", "has a group of rules without a name: write its `name`"),
        ("groups: [{name: a, interval: x, rules: []}]", "has `interval: x`, which is no duration"),
        ("groups: [{name: a, labels: {__name__: x}, rules: []}]", "has the label `__name__`, which no rule may set"),
    ],
)
def test_what_prometheus_refuses_is_told_with_its_line(text: str, says: str) -> None:
    (fault,) = faults(text)
    assert says in fault
    assert fault.isprintable()


@pytest.mark.parametrize(
    "rule",
    [
        "{alert: A, expr: a > 1, for: 0, keep_firing_for: 1h30m}",
        "{alert: A, expr: a > 1, for: 1y2w3d4h5m6s7ms, debug: true}",
        "{alert: A, expr: a > 1, for: '{{ .Values.for }}'}",
        "{alert: A, expr: a > 1, for: $FOR, custom: 5}",
        "{record: a, expr: 1, for: 0s}",
        "{record: a, expr: true}",
    ],
)
def test_what_prometheus_takes_is_no_fault(rule: str) -> None:
    assert faults(ruled(rule)) == []


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("a", "fires as long as `a` has samples"),
        ("vector(1)", "fires always"),
        ("1", "fires always"),
        ("count(a) == 0", "can never fire"),
        ("'a[5m]'", "can never fire: its expression yields a range of values: write one that yields a number"),
        ("'\"text\"'", "can never fire: its expression yields text"),
        ("a >", "can never fire: its expression is not PromQL"),
        ("", "can never fire: it has no expression: write `expr`"),
    ],
)
def test_an_alert_that_can_t_warn_of_anything_is_listed_with_its_fault(expression: str, says: str) -> None:
    (alert,) = alerts(ruled(f"{{alert: A, expr: {expression}}}"))
    (fault,) = alert.faults
    assert fault.startswith(says)
    assert alert.unclear is None


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("a > {{ .Values.limit }}", "its expression is a template, and what it becomes is not known"),
        ("a > $LIMIT", "its expression is a template"),
        ('a{b="{{ .Release.Name }}"} > 1', "its expression is a template in part: name what it renders to"),
        ('sum(rate({app="a"} |= "x" [5m])) > 1', "its expression is LogQL"),
        ('sum(count_over_time({app="a"}[5m])) > 1', "one of its selectors names no metric"),
    ],
)
def test_an_expression_that_can_t_be_told_is_unclear_and_no_fault(expression: str, why: str) -> None:
    text = ruled(f"alert: A\n    expr: |\n      {expression}")
    (alert,) = alerts(text)
    assert (alert.unclear or "").startswith(why)
    assert alert.faults == ()
    assert faults(text) == []


HELM = """\
{{- if .Values.rules.create }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "x.fullname" . }}
spec:
  groups:
  - name: x
    rules:
    - alert: Down
      expr: absent(up{job="{{ .Release.Name }}"} == 1)
      for: {{ .Values.rules.for }}
{{- end }}
"""


@pytest.mark.parametrize(
    ("kind", "expression", "why"),
    [
        (
            "vlogs",
            "service:api AND _msg:error | stats by (pod) count() as n | filter n:>5",
            "its expression is in LogsQL",
        ),
        ("graphite", "sumSeries(api.errors.count)", "its expression is in Graphite's functions"),
        ("graphite", "a > 1", "its expression is in Graphite's functions"),
    ],
)
def test_a_group_of_another_language_is_unclear_and_no_fault(kind: str, expression: str, why: str) -> None:
    text = (
        f"groups:\n- name: triage\n  type: {kind}\n  rules:\n  - alert: A\n    expr: '{expression}'\n"
        f"  - {{record: logged, expr: '{expression}', annotations: {{a: b}}}}\n  - {{alert: B}}\n"
    )
    first, second = alerts(text)
    assert (first.unclear or "").startswith(why)
    assert (first.faults, first.metrics, second.unclear) == ((), frozenset(), None)
    assert faults(text) == ["`1.yml:8` has `B`, but it has no expression: write `expr`"]
    (behind,) = alerts(ruled("{alert: C, expr: logged > 1}"), text)[:1]
    assert (behind.unclear or "").startswith("a recording rule behind it can't be read")
    (plain,) = alerts("groups:\n- {name: a, type: prometheus, rules: [{alert: A, expr: a > 1}]}")
    assert plain.unclear is None


def test_a_later_document_of_a_rule_file_may_not_be_read() -> None:
    text = ruled("{alert: A, expr: a > 1}") + "---\n" + ruled("{alert: B, expr: b > 1}")
    first, second = alerts(text)
    assert (first.unclear, second.comparisons) == (None, (Comparison(">", 1, frozenset({"b"})),))
    assert (second.unclear or "").startswith("it stands in a later document of its file, where Prometheus reads the")
    assert [one.unclear for one in alerts(*text.split("---\n"))] == [None, None]
    assert [one.unclear for one in alerts(f"{RESOURCE}---\n{RESOURCE}---\n{text.split('---')[0]}")] == [None] * 3


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ('raid_info{state="broken"}', True),
        ('(raid_info{job="node", state="broken"})', True),
        ('raid_info{job="node", instance="a"}', False),
        ("raid_info", False),
        ('raid_state{state="broken"}', False),
        ('{state="broken", __name__="raid_info"}', False),
        ('sum(raid_info{state="broken"})', False),
    ],
)
def test_an_info_metric_is_compared_by_its_labels(expression: str, told: bool) -> None:
    (alert,) = alerts(ruled(f"alert: A\n    expr: |\n      {expression}"))
    assert alert.comparisons == ((Comparison("==", 1, frozenset({"raid_info"})),) if told else ())
    assert bool(alert.faults) is not told


def test_a_template_of_a_file_is_no_file() -> None:
    with pytest.raises(Opaque, match="is a template"):
        documents(HELM)


def test_the_files_of_a_policy_are_read_together() -> None:
    found = Alerts.read(
        policy("monitoring: {configs: ['alerts/*.yml']}"),
        holding({"alerts/a.yml": GOOD.encode(), "alerts/am.yml": ROUTES.encode(), "alerts/helm.yml": HELM.encode()}),
    )
    (alert,) = found.named("TriageAccuracyLow")
    assert (alert.system, alert.path, alert.reach) == ("Prometheus", "alerts/a.yml", Reached("pager"))
    assert [fault.path for fault in found.opaque] == ["alerts/helm.yml"]
    assert found.broken == ()


# Files of others -----------------------------------------------------------------------------------------------------

ALWAYS = "fires always"
LATER = "it stands in a later document of its file"
UNSOUND = {
    # Prometheus's own tests compare nothing, or are there to fire always; so are vmalert's.
    ("prometheus/test.yaml", "HighErrors"): "compares nothing",
    ("prometheus/test_aliases.yaml", "HighAlert"): "compares nothing",
    ("prometheus/test_aliases.yaml", "HighAlert2"): "compares nothing",
    ("prometheus/bad_annotation.bad.yaml", "hola"): ALWAYS,
    ("prometheus/utf-8_annotation.good.yaml", "hola"): ALWAYS,
    ("prometheus/bad_field.bad.yaml", "hola"): ALWAYS,
    ("prometheus/record_and_alert.bad.yaml", "Hello"): ALWAYS,
    ("prometheus/rules.yml", "AlwaysFiring"): ALWAYS,
    ("prometheus/rules-bad.yml", "AlwaysFiring"): ALWAYS,
    ("prometheus/rules_extrafields.yml", "AlwaysFiring"): ALWAYS,
    ("prometheus-fixtures/alert_rule.yaml", "rule1"): ALWAYS,
    ("prometheus-fixtures/alert_rule1.yaml", "rule2"): ALWAYS,
    ("vmalert-tool/rules.yaml", "AlwaysFiring"): ALWAYS,
    ("vmalert-tool/rules.yaml", "AlertWithTemplate"): "compares nothing",
    # A dead man's switch: that it is there says that alerts arrive.
    ("vmalert/kube-good.rules", "Watchdog"): ALWAYS,
    ("vmalert/rules0-bad.rules", "InvalidExpr"): "its expression is not PromQL",
    ("vmalert/rules0-bad.rules", "EmptyExpr"): "it has no expression",
}
OBSCURE = {
    # By file and line: vmalert's groups of other languages, and documents that it reads and Prometheus does not.
    ("vmalert/rules-multi-doc-bad.rules", 21): "its expression is in Graphite's functions",
    ("vmalert/rules-multi-doc-duplicates-bad.rules", 10): LATER,
    ("vmalert/rules-multi-doc2-good.rules", 27): LATER,
    ("vmalert/rules-multi-doc2-good.rules", 37): LATER,
    ("vmalert/rules1-bad.rules", 7): "its expression is in Graphite's functions",
    ("vmalert/rules3-good.rules", 7): "its expression is in Graphite's functions",
    ("vmalert/vlog-rules0-good.rules", 18): "its expression is in LogsQL",
    ("vmalert/vlog-rules0-good.rules", 26): "its expression is in LogsQL",
}
# How many alerts have an empty name, which is none.
NAMELESS = {"vmalert/rules0-bad.rules": 1}
TAKEN = {
    # Since version 3, names with hyphens are names.
    "prometheus/bad_annotation.bad.yaml",
    "prometheus/bad_lname.bad.yaml",
    # What is wrong are templates of annotations and labels, which are not read here.
    "prometheus/rules-bad.yml",
    "vmalert-dir/rules0-bad.rules",
    "vmalert-dir/rules2-bad.rules",
    # The same rule twice, which promtool warns of and Prometheus takes.
    "vmalert-dir/rules5-bad.rules",
    "vmalert/rules-multi-doc-duplicates-bad.rules",
    # Keys of no rule and no group, which relatives of Prometheus have; and values of vmalert's.
    "vmalert-dir/rules6-bad.rules",
    "vmalert/rules-multi-doc-bad.rules",
    "vmalert/rules_interval_bad.rules",
    # Expressions in vmalert's other languages.
    "vmalert/rules1-bad.rules",
    "vmalert/vlog-rules0-bad.rules",
    # It parses, and fails with series of two kinds alone.
    "prometheus/bad-rules-error.yml",
}
BAD = re.compile(r"\bbad\b")
SELECTED = re.compile(r"([A-Za-z_:][\w:]*)\s*[{\[]", re.ASCII)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", RULES, ids=named)
def test_every_alert_of_a_real_file_is_found_and_read(path: Path) -> None:
    text = path.read_text()
    found = alerts(text)
    # promtool's tests name alerts that they expect, in files that define none.
    written = 0 if "\ntests:" in text else len(re.findall(r"^\s*(?:- )?alert:", text, re.M))
    assert len(found) == written - NAMELESS.get(named(path), 0)
    for alert in found:
        assert re.search(r"^\s*(?:- )?(?:alert:|record:|(?:<<: )?[&*]\w+$)", text.split("\n")[alert.line - 1])
        odd, obscure = UNSOUND.get((named(path), alert.name)), OBSCURE.get((named(path), alert.line))
        assert [odd for fault in alert.faults if odd and odd in fault] == ([odd] if odd else [])
        assert (alert.unclear or "").startswith(obscure or "nothing") if obscure else alert.unclear is None
        if odd is None:
            assert alert.faults == ()
        if odd is None and (obscure is None or obscure == LATER):
            assert alert.metrics
            assert alert.comparisons or alert.absent


@pytest.mark.parametrize("path", RULES, ids=named)
def test_every_metric_that_a_real_alert_selects_is_among_its_metrics(path: Path) -> None:
    """A name before braces or brackets is a metric's, whatever the expression; and no metric is made up."""
    text = path.read_text()
    found = {alert.line: alert for alert in alerts(text) if alert.metrics}
    for group in (group for data in documents(text) for group in data.get("groups") or ()):
        for rule in group.get("rules", ()):
            alert = found.pop(rule.line, None)
            if alert is not None:
                silent = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", str(rule["expr"]))
                assert set(SELECTED.findall(silent)) <= alert.metrics
                assert all(re.search(rf"\b{metric}\b", text) for metric in alert.metrics)
    assert found == {}


def test_there_are_many_real_alerts() -> None:
    assert len(RULES) > 70
    assert sum(len(alerts(path.read_text())) for path in RULES) > 190
    assert {file for file, _ in [*UNSOUND, *OBSCURE]} | TAKEN | NAMELESS.keys() <= {named(path) for path in RULES}


@pytest.mark.parametrize("path", RULES, ids=named)
def test_the_files_that_prometheus_refuses_have_faults_and_no_others(path: Path) -> None:
    refused = bool(BAD.search(path.name)) and named(path) not in TAKEN
    assert bool(faults(path.read_text())) is refused
    assert len(faults(path.read_text())) <= (3 if path.name == "rules0-bad.rules" else 1)


@pytest.mark.parametrize("path", sorted((REAL / "helm").iterdir()), ids=lambda path: path.name)
def test_a_real_template_is_never_read_as_a_file(path: Path) -> None:
    with pytest.raises(Opaque, match="is a template"):
        documents(path.read_text())


def test_real_recording_rules_are_followed() -> None:
    found = {
        alert.name: alert.metrics for path in RULES if path.parent.name == "etcd" for alert in alerts(path.read_text())
    }
    assert len(found) > 15
    assert found["FdExhaustionClose"] == {
        "instance:fd_utilization", "process_open_fds", "process_max_fds"
    }  # fmt: skip


# Anything ------------------------------------------------------------------------------------------------------------

_KEYS = st.sampled_from(
    ["groups", "name", "rules", "alert", "record", "expr", "for", "labels", "annotations", "runbook_url", "route",
     "receiver", "receivers", "routes", "matchers", "match", "match_re", "continue", "kind", "spec", "items", "data",
     "stringData", "metadata", "namespace", "apiVersion", "slack_configs", "time_intervals", "mute_time_intervals"]
)  # fmt: skip
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["a > 1", "absent(a)", "List", "ConfigMap", "Secret", "AlertmanagerConfig",
                     "monitoring.coreos.com/v1",
                     "groups: [{rules: [{alert: A, expr: a}]}]", 'a=~"b|("', "a", "{{ x }}"]),
)  # fmt: skip
_ANY = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(_KEYS, _SCALARS), inner, max_size=6)
    ),
    max_leaves=25,
)


def _values(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in some data: what holds it, and its key."""
    for key, inner in list(
        data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    ):
        yield data, key
        yield from _values(inner)


@given(_ANY)
def test_no_document_is_too_much(data: Any) -> None:
    assert system.recognises(data) in (True, False)
    for one in system.alerts([Doc("a.yml", data), Doc("b.yml", data)]):
        assert str(one)


@given(st.sampled_from([GOOD, ROUTES, RESOURCE, TENANT, inside("ConfigMap", "data", rules=GOOD)]), st.data())
def test_no_slip_in_a_good_document_is_too_much(text: str, data: st.DataObject) -> None:
    (document,) = documents(text)
    holder, key = data.draw(st.sampled_from(list(_values(document))))
    holder[key] = data.draw(_ANY)
    system.recognises(document)
    for one in system.alerts([Doc("a.yml", document), Doc("b.yml", documents(ROUTES)[0])]):
        if isinstance(one, Alert):
            assert one.comparisons or one.absent or one.faults or one.unclear
        else:
            assert str(one).isprintable()
