import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence.monitoring import Alert, Comparison, Doc, Reached, Untold, datadog, datadog_query
from rules.evidence.monitoring.links import runbook
from tests.rules.evidence.monitoring.vendors import alert, alerts, nested, reason, receiver

QUERY = "avg(last_5m):avg:triage.accuracy{env:prod} < 0.9"


def monitor(**changes: Any) -> str:
    return json.dumps(
        {"name": "Accuracy low", "type": "query alert", "query": QUERY, "message": "@ops@acme.com"} | changes
    )


def test_an_exported_monitor() -> None:
    found = alert(
        monitor(
            message="Runbook: https://acme.com/runbooks/triage#low\n@pagerduty-triage",
            tags=["team:ml", "urgent"],
            options={"thresholds": {"critical": 0.9, "warning": 0.92}, "notify_no_data": True},
        )
    )
    assert found == Alert(
        name="Accuracy low",
        system="Datadog",
        path="m/0.yaml",
        line=1,
        metrics=frozenset({"triage.accuracy"}),
        comparisons=(Comparison("<", 0.9),),
        absent=frozenset({"triage.accuracy"}),
        labels={"team": "ml"},
        runbook_url="https://acme.com/runbooks/triage#low",
        reach=found.reach,
        asked=1,
    )
    assert receiver(found) == "@pagerduty-triage"


def test_every_way_in_which_monitors_are_kept() -> None:
    one = json.loads(monitor())
    names = [
        [found.name for found in alerts(text).alerts]
        for text in (
            json.dumps([one, one, "x"]),
            json.dumps({"monitors": [one]}),
            json.dumps({"version": 2, "title": "t", "definition": one}),
            "name: Accuracy low\ntype: composite\nquery: 1 && 2\n",
        )
    ]
    assert names == [["Accuracy low"] * 2, ["Accuracy low"], ["Accuracy low"], ["Accuracy low"]]


@pytest.mark.parametrize(
    "data",
    [{"name": "x", "type": "query alert"}, {"name": "x", "type": "gauge", "query": "y"}, [], {}, None, "x", [1], 5],
)
def test_other_documents_are_no_monitors(data: Any) -> None:
    assert not datadog.recognises(data)


def test_an_operators_monitor() -> None:
    found = alert(
        """
        apiVersion: datadoghq.com/v1alpha1
        kind: DatadogMonitor
        metadata: {name: accuracy, namespace: ml}
        spec:
          name: Accuracy low
          type: metric alert
          query: "avg(last_10m):avg:triage.accuracy{*} by {host} < 0.9"
          message: "@slack-ml"
          tags: ["team:ml"]
          options: {notifyNoData: true, noDataTimeframe: 30, thresholds: {critical: "0.9"}, onMissingData: default}
        """
    )
    assert (found.name, found.comparisons, found.faults) == ("Accuracy low", (Comparison("<", 0.9),), ())
    assert found.absent == {"triage.accuracy"}
    assert receiver(found) == "@slack-ml"


@pytest.mark.parametrize(
    ("query", "metrics", "comparisons"),
    [
        ("avg(last_5m):avg:a.b{*} by {host,env} > 0.9", {"a.b"}, [(">", 0.9)]),
        ("avg(last_15m):avg:a.b{*} > 0.9 by {host}", {"a.b"}, [(">", 0.9)]),
        ("max(last_1h):p95:a.b{env:prod,!host:x}.rollup(max, 60) >= 1e3", {"a.b"}, [(">=", 1000)]),
        ("sum(last_5m):sum:a{*}.as_count() <= -5", {"a"}, [("<=", -5)]),
        ("min(last_5m):default_zero(avg:a{*}) == 0", {"a"}, [("==", 0)]),
        ("min(last_5m):a{*} != .5", {"a"}, [("!=", 0.5)]),
        ("sum(last_5m):sum:a{*}.as_count() / sum:b{*}.as_count() > 0.05", {"a", "b"}, [(">", 0.05)]),
        ("avg(last_5m):100 * avg:a{*} / avg:b{*} > 5", {"a", "b"}, [(">", None)]),
        ("avg(last_5m):avg:a{*} - avg:b{*} > 5", {"a", "b"}, [(">", None)]),
        ("avg(last_5m):( avg:a{*} / avg:b{*} ) * 100 > 5", {"a", "b"}, [(">", None)]),
        ("avg(last_5m):avg:a{*} * 0 > 5", {"a"}, [(">", None)]),
        ("avg(last_5m):avg:a{*} / 1000 > 5", {"a"}, [(">", 5000)]),
        ("avg(last_5m):avg:a{*} * 100 > 5", {"a"}, [(">", 0.05)]),
        ("avg(last_5m):abs(avg:a{*}) > 5", {"a"}, [(">", 5)]),
        ("sum(last_5m):sum:a{*}.as_rate() > 5", {"a"}, [(">", 5)]),
        ("avg(last_4h):anomalies(avg:a{*}, 'basic', 2, direction='above') >= 1", {"a"}, [(">=", None)]),
        ("max(next_1w):forecast(avg:a{*} by {host}, 'linear', 1) >= 95", {"a"}, [(">=", None)]),
        ("avg(last_4h):outliers(avg:a{*} by {host}, 'DBSCAN', 3) > 0", {"a"}, [(">", None)]),
        ("change(avg(last_5m),last_1h):avg:a{*} > 5", {"a"}, [(">", None)]),
        ("pct_change(avg(last_5m),last_1h):avg:a{*} > 5", {"a"}, [(">", None)]),
        ('"http.can_connect".over("*").by("host").last(2).count_by_status()', {"http.can_connect"}, [(">=", None)]),
        (
            'logs("status:error").index("*").rollup("avg", "@duration").last("5m") > 10',
            {"@duration", "duration"},
            [(">", 10)],
        ),
    ],
)
def test_queries(query: str, metrics: set[str], comparisons: list[tuple[str, float | None]]) -> None:
    found = alert(monitor(query=query))
    assert (set(found.metrics), found.unclear, found.faults) == (metrics, None, ())
    assert [(one.op, one.threshold) for one in found.comparisons] == comparisons


@pytest.mark.parametrize(
    ("query", "unclear"),
    [
        (
            'logs("a > b").index("*").rollup("count").last("5m") > 10',
            "counts what a search of logs finds, which is no metric",
        ),
        (
            "processes('x').over('*').rollup('count').last('10m') > 1",
            "counts what a search of processes finds, which is no metric",
        ),
        ('error_budget("ab").over("7d") > 10', "stands on an SLO by its id, whose metrics are not known here"),
        (
            'burn_rate("ab").over("7d").long_window("1h").short_window("5m") > 14',
            "stands on an SLO by its id, whose metrics are not known here",
        ),
        ("whatever > 5", "has a query in which no metric is found"),
        ("avg(last_5m):avg:a{*} > {{ limit }}", "has a query that is known only once its template is filled in"),
        ("avg(last_5m):avg:a{*} > ${limit}", "has a query that is known only once its template is filled in"),
        ("x" * 30_000 + " > 5", "has a query of more than 20000 characters, which is not read"),
    ],
)
def test_queries_whose_metrics_are_not_known(query: str, unclear: str) -> None:
    found = alert(monitor(query=query))
    assert (found.unclear, found.faults) == (unclear, ())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"query": "avg(last_5m):avg:a{*}"}, "has a query with no comparison: end it with one, such as `> 0.9`"),
        ({"query": "avg(last_5m):avg:a{*} > high"}, "has a query with no comparison: end it with one, such as `> 0.9`"),
        ({"query": "avg(last_5m:avg:a{*} > 1"}, "has a query with a bracket that is not closed: close it"),
        ({"query": "avg(last_5m)):avg:a{*} > 1"}, "has a query with a bracket that is not closed: close it"),
        ({"query": " "}, "has no query: write one"),
        (
            {"options": {"thresholds": {"critical": 0.8}}},
            "has the threshold 0.8 beside its query's 0.9, which Datadog refuses: write the same twice",
        ),
        ({"options": {"silenced": {"*": None}}}, "is muted without an end: take `*` out of `silenced`"),
        ({"options": {"silenced": {"*": 0}}}, "is muted without an end: take `*` out of `silenced`"),
        ({"draft_status": "draft"}, "is a draft, which tells nobody: write `published` for `draft_status`"),
    ],
)
def test_monitors_that_can_not_tell(changes: dict[str, Any], fault: str) -> None:
    assert alert(monitor(**changes)).faults == (fault,)


@pytest.mark.parametrize(
    "options",
    [
        {"thresholds": {"critical": "0.90"}},
        {"thresholds": {"critical": None, "warning": 1}},
        {"thresholds": {"critical": "high"}},
        {"silenced": {}},
        {"silenced": {"*": 1893456000, "host:a": None}},
        None,
        [],
    ],
)
def test_monitors_that_can(options: Any) -> None:
    assert alert(monitor(options=options, draft_status="published")).faults == ()


@pytest.mark.parametrize(
    ("options", "absent"),
    [
        ({"notify_no_data": True}, True),
        ({"notify_no_data": False}, False),
        ({}, False),
        ({"on_missing_data": "show_and_notify_no_data"}, True),
        ({"on_missing_data": "default", "notify_no_data": True}, True),
        ({"on_missing_data": "resolve", "notify_no_data": True}, False),
    ],
)
def test_what_tells_of_silence(options: dict[str, Any], absent: bool) -> None:
    assert alert(monitor(options=options)).absent == ({"triage.accuracy"} if absent else set())


@pytest.mark.parametrize(
    ("message", "handle"),
    [
        ("Low. @ana@acme.com.", "@ana@acme.com"),
        ("@slack-ml-alerts: look", "@slack-ml-alerts"),
        ("(@pagerduty)", "@pagerduty"),
        ("@webhook-x\n@opsgenie-y", "@webhook-x"),
        ("{{#is_alert}}@team-ml{{/is_alert}}", "@team-ml"),
        ("{{#is_alert}}a{{else}}b{{/is_alert}} @workflow-x", "@workflow-x"),
        ("{{^is_recovery}}@team-ml{{/is_recovery}}", "@team-ml"),
        ("{{^is_alert}}x{{else}}@team-ml{{/is_alert}}", "@team-ml"),
        ("{{#is_recovery}}@a@b.co{{/is_recovery}}{{#is_alert}}@team-ml{{/is_alert}}", "@team-ml"),
        ('{{#is_match "env" "prod"}}@team-ml{{else}}@slack-x{{/is_match}}', "@team-ml"),
        ('{{#is_match "env" "prod"}}@team-ml{{/is_match}}{{^is_match "env" "prod"}}@slack-x{{/is_match}}', "@team-ml"),
        ("{{else}} {{/x}} @team-ml", "@team-ml"),
    ],
)
def test_whom_a_message_tells(message: str, handle: str) -> None:
    assert receiver(alert(monitor(message=message))) == handle


UNKNOWN = ", and whom that reaches is not known here: write the handle out"
NOBODY = "Unreached: names nobody in its message: write a handle there, such as `@ana@acme.com` or `@slack-ops`"
OTHER = "Unreached: tells `@team-ml` of other states than an alert alone: write a handle under `{{#is_alert}}`"
MAYBE = "Untold: its message tells `@team-ml` only under a condition: write a handle outside of it"


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("", NOBODY),
        (None, NOBODY),
        ("mail ana@acme.com, see https://acme.com/@ana, @http.status_code", NOBODY),
        ("{{#is_recovery}}@team-ml{{/is_recovery}}", OTHER),
        ("{{#is_no_data}}@team-ml{{/is_no_data}}", OTHER),
        ("{{#is_warning}}@team-ml{{/is_warning}}", OTHER),
        ("{{#is_alert}}x{{else}}@team-ml{{/is_alert}}", OTHER),
        ("{{#is_alert}}{{#is_recovery}}@team-ml{{/is_recovery}}{{/is_alert}}", OTHER),
        ('{{#is_match "env" "prod"}}@team-ml{{/is_match}}', MAYBE),
        ('{{#is_match "a" "b"}}{{#is_match "c" "d"}}@team-ml{{/is_match}}{{/is_match}}', MAYBE),
        (
            "@slack-{{team.name}}",
            "Untold: its message tells `@slack-{{team.name}}`" + UNKNOWN,
        ),
        ("@ana", "Untold: its message tells `@ana`" + UNKNOWN),
        ("x" * 200_000, "Untold: its message is too long to be read: shorten it"),
        ("{{#is_match 1}}" * 50 + "@team-ml", MAYBE),
    ],
)
def test_whom_a_message_does_not_tell(message: str | None, says: str) -> None:
    assert reason(alert(monitor(message=message))) == says


TERRAFORM = """
variable "limit" { default = 0.9 }
variable "notify" {}
resource "datadog_monitor" "accuracy" {
  name    = "Accuracy low"
  type    = "query alert"
  query   = "avg(last_5m):avg:triage.accuracy{env:prod} < ${var.limit}"
  message = <<-EOT
    Low in {{env.name}}. Runbook: https://acme.com/r
    @slack-ml
  EOT
  monitor_thresholds {
    critical = var.limit
  }
  notify_no_data = true
  tags           = ["team:ml", "x:${var.notify}"]
}
"""


def test_a_monitor_of_terraform() -> None:
    found = alert(TERRAFORM, suffix="tf")
    assert (found.name, found.line, set(found.metrics), found.faults) == ("Accuracy low", 3, {"triage.accuracy"}, ())
    assert (found.comparisons, set(found.absent)) == ((Comparison("<", 0.9),), {"triage.accuracy"})
    assert (found.labels, found.runbook_url, found.unclear) == ({"team": "ml"}, "https://acme.com/r", None)
    assert receiver(found) == "@slack-ml"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("critical = var.limit", "critical = 0.8", "has the threshold 0.8 beside its query's 0.9"),
        ("notify_no_data = true", 'silenced = { "*" = 0 }', "is muted without an end"),
        ("< ${var.limit}", "", "has a query with no comparison"),
        (
            "monitor_thresholds {\n    critical = var.limit\n  }",
            "thresholds = { critical = 0.8 }",
            "has the threshold 0.8",
        ),
    ],
)
def test_a_monitor_of_terraform_that_can_not_tell(old: str, new: str, fault: str) -> None:
    (said,) = alert(TERRAFORM.replace(old, new), suffix="tf").faults
    assert said.startswith(fault)


@pytest.mark.parametrize(
    ("old", "new", "unclear"),
    [
        ("${var.limit}", "${var.other}", "has a query that is known only once its template is filled in"),
        ("  name  ", "  count = var.on ? 1 : 0\n  name  ", "has a `count` that is known only once Terraform runs"),
    ],
)
def test_a_monitor_of_terraform_that_is_not_all_known(old: str, new: str, unclear: str) -> None:
    found = alert(TERRAFORM.replace(old, new), suffix="tf")
    assert (found.unclear, set(found.metrics)) == (unclear, {"triage.accuracy"})


@pytest.mark.parametrize(
    ("handle", "says"),
    [
        (
            "@${var.notify}",
            "Untold: its message tells `@${var.notify}`" + UNKNOWN,
        ),
        (
            "${var.notify}",
            "Untold: its message is known only once Terraform runs: write a handle in it, such as `@ana@acme.com`",
        ),
    ],
)
def test_a_message_of_terraform_that_is_not_all_known(handle: str, says: str) -> None:
    assert reason(alert(TERRAFORM.replace("@slack-ml", handle), suffix="tf")) == says


def test_rules_beside_the_monitors_may_tell_somebody() -> None:
    beside = 'resource "datadog_monitor_notification_rule" "x" {\n  recipients = ["slack-ml"]\n}\n'
    assert receiver(alert(TERRAFORM + beside, suffix="tf")) == "@slack-ml"
    quiet = alert(TERRAFORM.replace("@slack-ml", "") + beside, suffix="tf")
    assert quiet.reach == Untold(
        "`datadog_monitor_notification_rule` may route it, which is not followed: write a handle"
    )


def test_monitors_of_terraform_in_json() -> None:
    for written in (f"<<EOT\n{monitor()}\nEOT", f"jsonencode({monitor()})"):
        found = alert(f'resource "datadog_monitor_json" "x" {{\n  monitor = {written}\n}}\n', suffix="tf")
        assert (found.name, set(found.metrics), receiver(found)) == (
            "Accuracy low",
            {"triage.accuracy"},
            "@ops@acme.com",
        )


def test_broken_json_in_terraform_is_told() -> None:
    found = alerts('\nresource "datadog_monitor_json" "x" {\n  monitor = "{"\n}\n', suffix="tf")
    assert found.alerts == ()
    assert str(found.broken[0]).startswith("`m/0.tf:1` has a `monitor` that is not JSON:")


def test_a_composite_monitor_stands_on_others() -> None:
    found = alerts(
        json.dumps([{"id": 1} | json.loads(monitor()), {"id": 2} | json.loads(monitor(query="avg(last_5m):b{*} > 5"))]),
        monitor(type="composite", query="1 && !2", name="both"),
        monitor(type="composite", query="1 && 3", name="one"),
    )
    both, one = found.named("both") + found.named("one")
    assert (set(both.metrics), both.unclear) == ({"triage.accuracy", "b"}, None)
    assert [(one.op, one.threshold, sorted(one.metrics or ())) for one in both.comparisons] == [
        ("<", 0.9, ["triage.accuracy"]),
        (">", 5, ["b"]),
    ]
    assert (set(one.metrics), one.unclear) == (
        {"triage.accuracy"},
        "stands on monitors that are in no file of `monitoring.configs`",
    )


def test_a_composite_monitor_of_terraform() -> None:
    composite = """
resource "datadog_monitor" "both" {
  name    = "both"
  type    = "composite"
  query   = "${datadog_monitor.accuracy.id} || ${datadog_monitor.accuracy.id}"
  message = "@a@b.co"
}
"""
    (found,) = alerts(TERRAFORM + composite, suffix="tf").named("both")
    assert (set(found.metrics), found.unclear, found.faults) == ({"triage.accuracy"}, None, ())


def test_a_synthetic_test_is_not_read() -> None:
    found = alert(monitor(type="synthetics alert", query="no_query"))
    assert (found.unclear, found.faults) == ("is made by a synthetic test, which is not read here", ())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.com/x, and https://a.com/runbooks/y.", "https://a.com/runbooks/y"),
        ("https://a.com/x\nRunbook: [here](https://a.com/y)", "https://a.com/y"),
        ("only https://a.com/x#z!", "https://a.com/x#z"),
        ("nothing", None),
        (None, None),
    ],
)
def test_the_runbook_in_a_text(text: str | None, address: str | None) -> None:
    assert runbook(text) == address


KEYS = ("name", "type", "query", "message", "options", "monitors", "definition", "kind", "DatadogMonitor", "spec",
        "thresholds", "critical", "silenced", "*", "query alert", "composite", "tags", "id", QUERY, "1 && 2",
        "terraform", "datadog", "resource", "variable", "locals", "@a@b.co")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(nested(*KEYS))
def test_no_document_is_too_much(data: Any) -> None:
    if datadog.recognises(data):
        assert all(isinstance(one.name, str) for one in datadog.alerts([Doc("m.json", data)]) if isinstance(one, Alert))


PIECES = ("avg(last_5m):", "a{*}", "{", "}", "(", ")", '"', "'", " > ", "5", "by {", "logs(", "&&", "!", "1" * 30,
          "anomalies(", "${x}", "{{", ".over(", " " * 30, "\n", "é")  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=40), st.booleans())
def test_any_query_is_told_or_refused(text: str, later: bool) -> None:
    found = datadog_query.read(text, written_later=later)
    assert found.fault or found.unclear or found.parts or (found.metrics and found.comparisons)


TAGS = ("{{#is_alert}}", "{{/is_alert}}", "{{^is_match 1}}", "{{else}}", "{{", "}}", "@", "@a@b.co", "@slack-x", "#",
        "{{#", "is_", "a" * 50, "${", " ", "\n")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=30).map("".join))
def test_any_message_is_told(text: str) -> None:
    found = alert(monitor(message=text)).reach
    assert found.receiver in text if isinstance(found, Reached) else found.reason.isprintable()


@pytest.mark.parametrize(
    ("query", "metrics", "unread"),
    [
        ("avg(last_5m):avg:triage.accuracy{env:prod}", {"triage.accuracy"}, False),
        ("avg(last_5m):avg:triage.accuracy{env:prod) < 0.9", set(), True),
        ("triage accuracy is low", set(), True),
    ],
)
def test_a_query_that_can_not_be_parsed_is_told_from_one_that_lacks_something(
    query: str, metrics: set[str], unread: bool
) -> None:
    found = alert(monitor(query=query))
    assert (set(found.metrics), found.unread) == (metrics, found.faults[0] if unread else None)
