import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence.monitoring import Alert, Comparison, Doc, Reached, Unreached, Untold, grafana, grafana_math
from rules.evidence.monitoring.grafana_reach import Points, Tree, route
from tests.rules.evidence.monitoring.vendors import alert, alerts, nested, reason, receiver

RULE = """
apiVersion: 1
groups:
  - orgId: 1
    name: triage
    folder: ml
    interval: 60s
    rules:
      - uid: accuracy-low
        title: Accuracy low
        condition: C
        data:
          - refId: A
            relativeTimeRange: {from: 600, to: 0}
            datasourceUid: prometheus
            model: {datasource: {type: prometheus}, expr: 'avg_over_time(triage_accuracy[10m])', refId: A}
          - refId: B
            datasourceUid: __expr__
            model: {type: reduce, expression: A, reducer: last, refId: B}
          - refId: C
            datasourceUid: __expr__
            model:
              type: threshold
              expression: B
              conditions: [{evaluator: {type: lt, params: [0.9]}}]
        noDataState: NoData
        execErrState: Error
        for: 5m
        labels: {team: ml, severity: page}
        annotations: {runbook_url: https://acme.com/r#low}
"""
POLICIES = """
apiVersion: 1
policies:
  - orgId: 1
    receiver: everybody
    group_by: [alertname]
contactPoints:
  - orgId: 1
    name: everybody
    receivers: [{uid: a, type: email, settings: {addresses: ops@acme.com}}]
"""


def changed(old: str, new: str, text: str = RULE) -> str:
    assert old in text
    return text.replace(old, new)


BELOW = Comparison("<", 0.9, frozenset({"triage_accuracy"}))


def test_a_rule_of_file_provisioning() -> None:
    found = alert(RULE, POLICIES)
    assert found == Alert(
        name="Accuracy low",
        system="Grafana",
        path="m/0.yaml",
        line=8,
        metrics=frozenset({"triage_accuracy"}),
        comparisons=(BELOW,),
        ways=((BELOW,),),
        absent=frozenset({"triage_accuracy"}),
        labels={"team": "ml", "severity": "page"},
        runbook_url="https://acme.com/r#low",
        reach=found.reach,
        asked=11,
    )
    assert receiver(found) == "everybody"


def firing(condition: str, *queries: str, **more: str) -> Alert:
    data = "".join(f"          - {query}\n" for query in queries)
    keys = "".join(f"        {key}: {value}\n" for key, value in more.items())
    head = RULE.split("        condition: C\n", maxsplit=1)[0]
    return alert(f"{head}        condition: {condition}\n        data:\n{data}{keys}", POLICIES)


PROM = "{refId: %s, datasourceUid: prom, model: {datasource: {type: prometheus}, expr: '%s'}}"
EXPR = "{refId: %s, datasourceUid: __expr__, model: {type: %s, expression: %s, %s}}"
A, B = PROM % ("A", "a"), PROM % ("B", "b")


def threshold(kind: str, *params: float, of: str = "A") -> str:
    return EXPR % ("T", "threshold", of, f"conditions: [{{evaluator: {{type: {kind}, params: {list(params)}}}}}]")


def math(text: str) -> str:
    return EXPR % ("M", "math", f'"{text}"', "x: 1")


@pytest.mark.parametrize(
    ("kind", "params", "comparisons"),
    [
        ("gt", [1], [(">", 1)]),
        ("lt", [1], [("<", 1)]),
        ("eq", [1], [("==", 1)]),
        ("ne", [1], [("!=", 1)]),
        ("gte", [1], [(">=", 1)]),
        ("lte", [1], [("<=", 1)]),
        ("gt", [1, 2], [(">", 1)]),
        ("within_range", [1, 2], [(">", 1), ("<", 2)]),
        ("outside_range", [1, 2], [("<", 1), (">", 2)]),
        ("within_range_included", [1, 2], [(">=", 1), ("<=", 2)]),
        ("outside_range_included", [1, 2], [("<=", 1), (">=", 2)]),
    ],
)
def test_thresholds(kind: str, params: list[float], comparisons: list[tuple[str, float]]) -> None:
    found = firing("T", A, threshold(kind, *params))
    assert [(one.op, one.threshold) for one in found.comparisons] == comparisons
    assert (set(found.metrics), found.faults, found.unclear) == ({"a"}, (), None)


@pytest.mark.parametrize(
    ("expression", "metrics", "comparisons"),
    [
        ("$A > 0.9", {"a"}, [(">", 0.9)]),
        ("0.9 > ${A}", {"a"}, [("<", 0.9)]),
        ("!($A >= 0.9)", {"a"}, [("<", 0.9)]),
        ("$B < 5 && $A > 1", {"a", "b"}, [("<", 5), (">", 1)]),
        ("$B < 5 || !($A > 1 && $A < 2)", {"a", "b"}, [("<", 5), ("<=", 1), (">=", 2)]),
        ("$A * 100 > 90", {"a"}, [(">", 0.9)]),
        ("1 - $A > 0.1", {"a"}, [("<", 0.9)]),
        ("$A / $B > 0.05", {"a", "b"}, [(">", 0.05)]),
        ("$A - $B > 5", {"a", "b"}, [(">", None)]),
        ("$A > $B", {"a", "b"}, [(">", None)]),
        ("abs($A) > 5", {"a"}, [(">", 5)]),
        ("-$A > 5", {"a"}, [(">", 5)]),
        ("$A > 2 ** 3 + 1", {"a"}, [(">", 9)]),
        ("($A > 5) * 2", {"a"}, [(">", 5)]),
        ("is_null($A) || $A > .5", {"a"}, [(">", 0.5)]),
    ],
)
def test_math(expression: str, metrics: set[str], comparisons: list[tuple[str, float | None]]) -> None:
    found = firing("M", A, B, math(expression))
    assert (set(found.metrics), found.faults, found.unclear) == (metrics, (), None)
    assert [(one.op, one.threshold) for one in found.comparisons] == comparisons


@pytest.mark.parametrize(
    ("queries", "condition", "comparisons"),
    [
        ([A, EXPR % ("R", "reduce", "A", "reducer: mean"), threshold("gt", 1, of="R")], "T", [(">", 1)]),
        ([A, EXPR % ("R", "reduce", "$A", "reducer: count"), threshold("gt", 1, of="R")], "T", [(">", None)]),
        ([A, EXPR % ("R", "resample", "A", "window: 1m"), threshold("gt", 1, of="$R")], "T", [(">", 1)]),
        ([A, threshold("gt", 1), math("$T")], "M", [(">", 1)]),
        ([A, threshold("gt", 1), math("$T && $T")], "M", [(">", 1)]),
        ([A, threshold("gt", 1), math("$T == 1")], "M", [(">", 1)]),
        ([A, math("$A * 100"), threshold("gt", 90, of="M")], "T", [(">", 0.9)]),
        ([A, B, math("$A + $B"), threshold("gt", 90, of="M")], "T", [(">", None)]),
        (
            [PROM % ("A", "a > 0.9"), EXPR % ("R", "reduce", "A", "reducer: last"), threshold("gt", 0, of="R")],
            "T",
            [(">", 0.9)],
        ),
        ([PROM % ("A", "a > 0.9")], "A", [(">", 0.9)]),
        ([PROM % ("A", "a < bool 0.9")], "A", [("<", 0.9)]),
        ([PROM % ("A", "a == bool 0")], "A", [("==", 0)]),
        ([PROM % ("A", "rate(a[$__rate_interval]) > 5")], "A", [(">", 5)]),
        ([PROM % ("A", "a * 1000 / ${__range_s} > 5")], "A", [(">", 1.5)]),
    ],
)
def test_what_passes_through(queries: list[str], condition: str, comparisons: list[tuple[str, float | None]]) -> None:
    found = firing(condition, *queries)
    assert [(one.op, one.threshold) for one in found.comparisons] == comparisons
    assert (found.faults, found.unclear) == ((), None)


def classic(*conditions: str) -> str:
    model = f"{{datasource: {{uid: __expr__}}, type: classic_conditions, conditions: [{', '.join(conditions)}]}}"
    return f"{{refId: K, datasourceUid: '-100', model: {model}}}"


def one(kind: str, params: str, reducer: str = "last", ref: str = "A") -> str:
    return (
        f"{{evaluator: {{type: {kind}, params: {params}}}, query: {{params: [{ref}]}}, reducer: {{type: {reducer}}}}}"
    )


def test_classic_conditions() -> None:
    found = firing("K", A, B, classic(one("gt", "[5]"), one("lt", "[1]", "count", "B"), one("within_range", "[3, 2]")))
    assert (set(found.metrics), found.faults) == ({"a", "b"}, ())
    assert [(it.op, it.threshold) for it in found.comparisons] == [(">", 5), ("<", None), (">", 2), ("<", 3)]


def test_classic_conditions_on_no_value() -> None:
    found = firing("K", A, classic(one("no_value", "[]")), noDataState="OK")
    assert (set(found.absent), found.comparisons, found.faults) == ({"a"}, (), ())


def test_the_absence_that_a_query_tests() -> None:
    found = firing("A", PROM % ("A", "absent(a)"), noDataState="OK")
    assert (set(found.absent), set(found.metrics), found.faults) == ({"a"}, {"a"}, ())


ALONE = "compares with nothing: add a threshold, and name it in `condition`"


@pytest.mark.parametrize(
    ("condition", "queries", "fault"),
    [
        ("A", [A], ALONE),
        ("R", [A, EXPR % ("R", "reduce", "A", "reducer: last")], ALONE),
        ("M", [A, math("$A * 2")], ALONE),
        ("K", [A, classic()], ALONE),
        ("X", [A], "names `X` in its condition, which is no `refId` of its queries: correct it"),
        (
            "T",
            [A, threshold("gt", 1, of="X")],
            "names `X` in its expression `T`, which is no `refId` of its queries: correct it",
        ),
        ("M", [A, math("$X > 1")], "names `X` in its expression `M`, which is no `refId` of its queries: correct it"),
        (
            "K",
            [A, classic(one("gt", "[5]", ref="X"))],
            "names `X` in its expression `K`, which is no `refId` of its queries: correct it",
        ),
        (
            "K",
            [A, classic("{evaluator: {type: gt, params: [5]}}")],
            "names `None` in its expression `K`, which is no `refId` of its queries: correct it",
        ),
        ("T", [threshold("gt", 1, of="T")], "has the query `T`, which stands on itself: take that out"),
        (
            "T",
            [A, EXPR % ("T", "threshold", "''", "conditions: [{evaluator: {type: gt, params: [1]}}]")],
            "has the expression `T`, which stands on nothing: write its `expression`",
        ),
        ("''", [A], "has no condition: write the `refId` of one of its queries"),
        ("", [A], "has no condition: write the `refId` of one of its queries"),
        ("T", [A, threshold("gt")], "has a threshold without a number: write its `evaluator` with `type` and `params`"),
        (
            "T",
            [A, threshold("within_range", 1)],
            "has a threshold without a number: write its `evaluator` with `type` and `params`",
        ),
        (
            "T",
            [A, threshold("above", 1)],
            "has a threshold without a number: write its `evaluator` with `type` and `params`",
        ),
        (
            "T",
            [A, threshold("within_range", 2, 1)],
            "can never fire, as its range ends before it begins: write the smaller number first",
        ),
        ("M", [A, math("1 == 1")], "fires always, as `1 == 1` depends on no query: compare one, such as `$A > 0.9`"),
        (
            "M",
            [A, math("$A > 5 || 1")],
            "fires always, as `$A > 5 || 1` depends on no query: compare one, such as `$A > 0.9`",
        ),
        (
            "M",
            [A, math("$A > 5 && 2 < 1")],
            "can never fire, as `$A > 5 && 2 < 1` depends on no query: compare one, such as `$A > 0.9`",
        ),
        ("M", [A, math("$A >")], "has the expression `M`, which is not complete: correct it"),
        ("M", [A, math("($A > 1")], "has the expression `M`, which has a bracket that is not closed: correct it"),
        ("M", [A, math("$A > 1 1")], "has the expression `M`, which makes no sense from `1` on: correct it"),
        (
            "M",
            [A, math("$A ; 1")],
            "has the expression `M`, which has a character in it that means nothing: correct it",
        ),
        ("M", [A, math("abs($A")], "has the expression `M`, which is not complete: correct it"),
        (
            "M",
            [A, "{refId: M, datasourceUid: __expr__, model: {type: math}}"],
            "has the expression `M`, which is not complete: correct it",
        ),
        (
            "A",
            [PROM % ("A", "a >")],
            "has a query that is not PromQL (`invalid promql query`): write one that `promtool check rules` takes",
        ),
        (
            "A",
            [PROM % ("A", "a == 0")],
            "can never fire, as its query gives 0 where it holds, which Grafana takes for normal: write `== bool 0`",
        ),
        (
            "A",
            ["{refId: A, model: '{'}"],
            "has a `model` that is not JSON: expecting property name enclosed in double quotes: correct it",
        ),
    ],
)
def test_rules_that_can_not_fire(condition: str, queries: list[str], fault: str) -> None:
    found = firing(condition, *queries)
    assert found.faults == (fault,)
    assert fault.isprintable()


def test_a_query_that_yields_nothing_can_never_fire() -> None:
    (fault,) = firing("A", PROM % ("A", "a > 5 and vector(1) > 2")).faults
    assert fault.startswith("can never fire")


OPEN_QUERY = (
    "has a query that is not known: its expression is a template, and what it becomes is not known:"
    " name what it renders to"
)
OTHER = "has a query whose metrics can't be told, as it is not PromQL"


@pytest.mark.parametrize(
    ("condition", "queries", "metrics", "unclear"),
    [
        (
            "T",
            ["{refId: A, model: {datasource: {type: loki}, expr: 'sum(rate({a=\"b\"}[5m]))'}}", threshold("gt", 1)],
            set(),
            OTHER,
        ),
        ("A", ["{refId: A, model: {rawSql: SELECT 1}}"], set(), OTHER),
        ("T", ["{refId: A, model: {metricName: Errors, namespace: x}}", threshold("gt", 1)], {"Errors"}, None),
        ("T", ["{refId: A, model: {azureMonitor: {metricName: Errors}}}", threshold("gt", 1)], {"Errors"}, None),
        ("T", ["{refId: A, model: {measurement: cpu}}", threshold("gt", 1)], {"cpu"}, None),
        ("T", ["{refId: A, model: {expr: 'a > 5'}}", threshold("gt", 0)], {"a"}, None),
        (
            "A",
            ["{refId: A, model: {expr: 'a >'}}"],
            set(),
            "has a query that is not PromQL, and of which language is not known here",
        ),
        (
            "A",
            ["{refId: A, model: {expr: 'a > $limit'}}"],
            set(),
            OPEN_QUERY,
        ),
        (
            "T",
            [PROM % ("A", "vector(1)"), threshold("gt", 0)],
            set(),
            "has a query that is not all known: it names no metric",
        ),
        (
            "S",
            [A, EXPR % ("S", "sql", "select * from A", "x: 1")],
            set(),
            "has an expression in SQL, which is not read",
        ),
    ],
)
def test_rules_that_are_not_all_known(
    condition: str, queries: list[str], metrics: set[str], unclear: str | None
) -> None:
    found = firing(condition, *queries)
    assert (set(found.metrics), found.unclear, found.faults) == (metrics, unclear, ())


def test_expressions_that_stand_on_each_other_too_deep() -> None:
    chain = [EXPR % (f"R{n}", "reduce", f"R{n + 1}", "reducer: last") for n in range(60)]
    assert firing("R0", *chain).unclear == "has expressions that stand on each other too deep to be read"


def test_a_query_without_a_name_is_nothing_that_anybody_can_mean() -> None:
    assert firing("T", "{model: {expr: a}}", A, threshold("gt", 1)).metrics == {"a"}


def test_two_ways_to_the_same_query_are_one() -> None:
    chain = [EXPR % (f"M{n}", "math", f'"$M{n + 1} && $M{n + 1}"', "x: 1") for n in range(40)]
    last = EXPR % ("M40", "math", '"$A > 1"', "x: 1")
    tests = [EXPR % (f"M{n}", "math", f'"$M{n + 1} == 1 && $M{n + 1} == 1"', "x: 1") for n in range(40)]
    assert firing("M0", A, *tests, last).comparisons == (Comparison(">", 1, frozenset({"a"})),)
    found = firing("M0", A, *chain, last)
    assert (found.comparisons, found.faults) == ((Comparison(">", 1, frozenset({"a"})),), ())


@pytest.mark.parametrize("expression", ["1 +" * 3000, "(" * 200, "-" * 200, "1" + "+1" * 200])
def test_long_expressions_are_not_followed(expression: str) -> None:
    with pytest.raises(grafana_math.NoMath):
        grafana_math.parsed(expression)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 / 0", None),
        ("2 ** 5 % 7", 4),
        ("10 ** 99 ** 9", None),
        ("(0 - 8) ** 0.5", None),
        ("-1 + 2 * 3 - 4 / 2", 3),
        ("!0 && 1 != 2 && 1 <= 2 && 2 >= 1", 1),
        ("0 || 0", 0),
        ("$A && 0", 0),
        ("$A || 0", None),
        ("abs(1)", None),
    ],
)
def test_constants(expression: str, value: float | None) -> None:
    assert grafana_math.constant(grafana_math.parsed(expression)) == value


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("for: 5m", "isPaused: true", "is paused: write `false` for `isPaused` (in Terraform, `is_paused`)"),
        (
            "apiVersion: 1",
            "apiVersion: 1\ndeleteRules: [{uid: accuracy-low}]",
            "is taken away again by `deleteRules`: take its `uid` off there",
        ),
    ],
)
def test_rules_that_are_not_run(old: str, new: str, fault: str) -> None:
    assert alert(changed(old, new), POLICIES).faults == (fault,)


@pytest.mark.parametrize(
    ("state", "absent"),
    [("NoData", True), ("Alerting", True), ("OK", False), ("Ok", False), ("KeepLast", False), ("''", True)],
)
def test_what_tells_of_silence(state: str, absent: bool) -> None:
    found = alert(changed("noDataState: NoData", f"noDataState: {state}"), POLICIES)
    assert found.absent == ({"triage_accuracy"} if absent else set())


def test_a_recording_rule_is_no_alert() -> None:
    recording = changed("condition: C", "record: {metric: x, from: A}")
    assert alerts(recording).alerts == ()
    assert alerts(recording).opaque == ()


def reached(policies: str, rule: str = RULE) -> Alert:
    return alert(rule, policies)


EVERYBODY = (
    "contactPoints: [{name: ops, receivers: [{type: slack, settings: {url: $SLACK}}]}, {name: mute, receivers: []}]"
)


@pytest.mark.parametrize(
    "child",
    [
        "object_matchers: [[team, =, ml]]",
        "object_matchers: [[team, '=~', 'ml|data']]",
        "object_matchers: [[team, '!=', web], [severity, '!~', 'info.*']]",
        "matchers: ['team=\"ml\"', 'severity =~ page']",
        "matchers: [{label: team, match: '=', value: ml}]",
        "match: {team: ml}",
        "match_re: {team: m.}",
        "object_matchers: [[grafana_folder, =, ml]]",
        "object_matchers: [[alertname, =, Accuracy low]]",
        "continue: true",
        "routes: [{object_matchers: [[team, =, web]]}]",
    ],
)
def test_policies_that_take_the_alert(child: str) -> None:
    tree = f"{EVERYBODY}\napiVersion: 1\npolicies: [{{receiver: mute, routes: [{{receiver: ops, {child}}}]}}]"
    assert receiver(reached(tree)) == "ops"


LATER = "Untold: its contact point `%s` is known only once Terraform runs: write it out"
MUTE = "Unreached: ends at the contact point `mute`, which has nobody's address: write one in its `settings`"
OPEN = "Untold: whether it reaches anybody depends on labels of its series: set them on the rule"


@pytest.mark.parametrize(
    ("child", "says"),
    [
        ("object_matchers: [[team, =, web]]", MUTE),
        ("object_matchers: [[team, '=~', 'web|m']]", MUTE),
        ("object_matchers: [[team, '!=', ml], [nowhere, =, x]]", MUTE),
        ("object_matchers: [[host, =, a]]", OPEN),
        ("object_matchers: [[host, =]]", OPEN),
        ("object_matchers: [[team, '=~', '[']]", OPEN),
        ("matchers: [nonsense]", OPEN),
    ],
)
def test_policies_that_may_not_take_the_alert(child: str, says: str) -> None:
    tree = f"{EVERYBODY}\napiVersion: 1\npolicies: [{{receiver: mute, routes: [{{receiver: ops, {child}}}]}}]"
    assert reason(reached(tree)) == says


def test_both_ways_may_end_well() -> None:
    tree = f"{EVERYBODY}\napiVersion: 1\npolicies: [{{receiver: ops, routes: [{{object_matchers: [[host, =, a]]}}]}}]"
    assert receiver(reached(tree)) == "ops"


def test_a_label_that_is_a_template_leaves_it_open() -> None:
    child = "object_matchers: [[team, =, ml]]"
    tree = f"{EVERYBODY}\napiVersion: 1\npolicies: [{{receiver: mute, routes: [{{receiver: ops, {child}}}]}}]"
    assert reason(reached(tree, changed("team: ml", "team: '{{ $labels.team }}'"))) == OPEN


def test_policies_too_deep_are_left_open() -> None:
    tree = "{object_matchers: [[team, =, ml]], receiver: ops}"
    for _ in range(25):
        tree = f"{{routes: [{tree}]}}"
    assert receiver(reached(f"{EVERYBODY}\napiVersion: 1\npolicies: [{{receiver: mute, routes: [{tree}]}}]")) == "ops"
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"routes": [deep]}
    assert Tree(route(deep)).reach({}, Points()) == Unreached(
        "is taken by a policy without a contact point: write its `receiver`"
    )


def test_more_policies_than_are_followed() -> None:
    routes = [{"receiver": "ops", "object_matchers": [["team", "=~", f"(a+)+b{n}"]]} for n in range(2000)]
    tree = Tree(route({"receiver": "ops", "routes": routes}))
    points = Points({"ops": [("webhook", {"url": "x"})]}, True)
    found = [tree.reach({"team": "a" * length}, points) for length in (0, 300, 0, 300)]
    more = Untold("there are more policies than are followed: name a receiver in its notification settings")
    assert found == [Reached("ops"), more] * 2


HELP = "name that file in `monitoring.configs`"


@pytest.mark.parametrize(
    ("policies", "says"),
    [
        ("apiVersion: 1\nmuteTimes: []", f"Untold: its notification policies are in no file: {HELP}"),
        ("apiVersion: 1\npolicies: [{receiver: ops}]", f"Untold: its contact point `ops` is in no file: {HELP}"),
        (
            "apiVersion: 1\npolicies: [{orgId: 2, receiver: ops}]",
            f"Untold: its notification policies are in no file: {HELP}",
        ),
        (
            "apiVersion: 1\npolicies: [{}]",
            "Unreached: is taken by a policy without a contact point: write its `receiver`",
        ),
        (
            f"apiVersion: 1\npolicies: [{{receiver: oops}}]\n{EVERYBODY}",
            "Unreached: ends at `oops`, and no contact point is called so: did you mean `ops`?",
        ),
        (
            f"apiVersion: 1\npolicies: [{{receiver: unlike}}]\n{EVERYBODY}",
            "Unreached: ends at `unlike`, and no contact point is called so: add it",
        ),
        (
            "apiVersion: 1\npolicies: [{receiver: grafana-default-email}]",
            "Unreached: ends at `grafana-default-email`, which Grafana sets up with `<example@email.com>`:"
            " name a contact point",
        ),
    ],
)
def test_where_nobody_is(policies: str, says: str) -> None:
    assert reason(reached(policies)) == says


@pytest.mark.parametrize(
    ("kind", "given", "works"),
    [
        ("email", "addresses: a@b.co", True),
        ("email", "addresses: '<example@email.com>'", False),
        ("email", "addresses: '<example@email.com>;a@b.co'", True),
        ("email", "addresses: [a@b.co]", True),
        ("email", "addresses: ''", False),
        ("email", "addresses: $MAIL", True),
        ("email", "singleEmail: true", False),
        ("slack", "url: x", True),
        ("slack", "recipient: '#x', token: y", True),
        ("slack", "recipient: '#x'", False),
        ("pagerduty", "integrationKey: x", True),
        ("pagerduty", "severity: x", False),
        ("webhook", "url: ''", False),
        ("telegram", "bottoken: x", False),
        ("telegram", "bottoken: x, chatid: '1'", True),
        ("unheard-of", "anything: x", True),
        ("unheard-of", "anything: ''", False),
        ("''", "anything: x", False),
    ],
)
def test_contact_points(kind: str, given: str, works: bool) -> None:
    point = f"apiVersion: 1\ncontactPoints: [{{name: a, receivers: [{{type: {kind}, settings: {{{given}}}}}]}}]"
    found = alert(changed("for: 5m", "notification_settings: {receiver: a}"), point)
    assert hasattr(found.reach, "receiver") is works


def test_secure_settings_count_and_parts_add_up() -> None:
    points = """
        apiVersion: 1
        contactPoints:
          - {name: a, receivers: [{type: slack, settings: {}}]}
          - {name: a, receivers: [{type: slack, settings: {}, secureSettings: {url: x}}]}
    """
    assert receiver(alert(changed("for: 5m", "notification_settings: {receiver: a}"), points)) == "a"


def test_a_policy_named_by_the_rule_is_not_followed() -> None:
    found = alert(changed("for: 5m", "notification_settings: {policy: x}"), POLICIES)
    assert reason(found) == (
        "Untold: its notification settings name a policy of their own, which is not followed: name a receiver"
    )


def test_the_api_writes_the_same_without_groups() -> None:
    rule = {
        "uid": "a",
        "title": "Accuracy low",
        "folderUID": "f",
        "condition": "A",
        "data": [{"refId": "A", "model": {"expr": "a > 5", "datasource": {"type": "prometheus"}}}],
    }
    point = {"uid": "a", "name": "ops", "type": "email", "settings": {"addresses": "a@b.co"}}
    tree = {"receiver": "ops", "group_by": ["alertname"]}
    for rules in (rule, [rule]):
        found = alert(json.dumps(rules), json.dumps([point]), json.dumps(tree))
        assert (found.name, set(found.metrics), receiver(found)) == ("Accuracy low", {"a"}, "ops")


def test_the_operators_resources() -> None:
    body = RULE.split("    rules:\n", 1)[1]
    found = alert(
        "kind: GrafanaAlertRuleGroup\nmetadata: {name: x}\nspec:\n    folderRef: x\n    rules:\n" + body,
        """
        kind: GrafanaContactPoint
        metadata: {name: ops}
        spec:
          type: pagerduty
          valuesFrom: [{targetPath: integrationKey, valueFrom: {secretKeyRef: {name: a, key: b}}}]
        """,
        """
        kind: GrafanaNotificationPolicy
        spec: {route: {receiver: ops, group_by: [alertname]}}
        """,
    )
    assert (found.name, set(found.metrics), receiver(found)) == ("Accuracy low", {"triage_accuracy"}, "ops")


TERRAFORM = """
variable "limit" { default = 0.9 }
resource "grafana_rule_group" "ml" {
  name       = "ml"
  folder_uid = grafana_folder.ml.uid
  rule {
    name      = "Accuracy low"
    condition = "C"
    data {
      ref_id         = "A"
      datasource_uid = var.prometheus
      model = jsonencode({
        datasource = { type = "prometheus" }
        expr       = "triage_accuracy"
      })
    }
    data {
      ref_id         = "C"
      datasource_uid = "__expr__"
      model = jsonencode({
        type       = "threshold"
        expression = "A"
        conditions = [{ evaluator = { type = "lt", params = [var.limit] } }]
      })
    }
    no_data_state = "OK"
    labels        = { team = "ml" }
    annotations   = { runbook_url = "https://acme.com/r" }
  }
}
resource "grafana_contact_point" "ops" {
  name = "ops"
  pagerduty {
    integration_key = var.key
  }
}
resource "grafana_contact_point" "mute" {
  name = "mute"
  email {
    addresses = []
  }
}
resource "grafana_notification_policy" "all" {
  contact_point = grafana_contact_point.mute.name
  policy {
    contact_point = grafana_contact_point.ops.name
    matcher {
      label = "team"
      match = "="
      value = "ml"
    }
  }
}
"""


def terraform(old: str = "", new: str = "") -> Alert:
    return alert(changed(old, new, TERRAFORM), suffix="tf")


def test_a_rule_of_terraform() -> None:
    found = terraform()
    assert (found.name, found.line, set(found.metrics), found.faults) == ("Accuracy low", 5, {"triage_accuracy"}, ())
    assert (found.comparisons, set(found.absent), found.unclear) == ((BELOW,), set(), None)
    assert (found.labels, found.runbook_url, receiver(found)) == ({"team": "ml"}, "https://acme.com/r", "ops")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = "ml"', 'value = "web"', MUTE),
        ('value = "ml"', "value = var.team", OPEN),
        ("integration_key = var.key", 'severity = "x"', MUTE.replace("mute", "ops")),
        ('no_data_state = "OK"', 'notification_settings {\n contact_point = "mute"\n }', MUTE),
        ('no_data_state = "OK"', "notification_settings {\n contact_point = grafana_contact_point.mute.name\n }", MUTE),
        (
            'no_data_state = "OK"',
            "notification_settings {\n contact_point = var.x\n }",
            LATER % "${var.x}",
        ),
        (
            'no_data_state = "OK"',
            "notification_settings {\n policy = var.x\n }",
            "Untold: its notification settings name a policy of their own, which is not followed: name a receiver",
        ),
        (
            "    matcher {",
            '    dynamic "matcher" {\n for_each = var.x\n content {\n label = "team"\n match = "="\n'
            ' value = "ml"\n }\n }\n    matcher {',
            OPEN,
        ),
        (
            "  pagerduty {\n    integration_key = var.key\n  }",
            'dynamic "pagerduty" {\n for_each = var.x\n content {\n integration_key = "x"\n }\n }',
            LATER % "ops",
        ),
        (
            "contact_point = grafana_contact_point.ops.name",
            "contact_point = grafana_contact_point.far.name",
            LATER % "${grafana_contact_point.far.name}",
        ),
    ],
)
def test_where_nobody_is_in_terraform(old: str, new: str, says: str) -> None:
    assert reason(terraform(old, new)) == says


@pytest.mark.parametrize(
    ("old", "new", "unclear"),
    [
        ("[var.limit]", "[var.other]", "has a threshold that is known only once Terraform runs"),
        ("[var.limit]", "var.other", "has a threshold that is known only once Terraform runs"),
        (
            'type = "lt", params = [var.limit]',
            "type = var.x, params = var.other",
            "has a threshold that is known only once Terraform runs",
        ),
        ('condition = "C"', "condition = var.x", "has a condition that is known only once Terraform runs"),
        (
            'expr       = "triage_accuracy"',
            'expr       = "triage_accuracy{a=\\"${var.x}\\"} >"',
            OPEN_QUERY,
        ),
        (
            '"threshold"\n        expression = "A"',
            '"math"\n        expression = "$A > ${var.x}"',
            "has an expression that is known only once Terraform runs",
        ),
        (
            "jsonencode({\n        datasource",
            "merge({\n        datasource",
            "has a query that is known only once Terraform runs",
        ),
        (
            'name       = "ml"',
            'name       = "ml"\n  count = var.on',
            "has a `count` that is known only once Terraform runs",
        ),
        (
            'condition = "C"',
            'condition = "C"\n dynamic "data" {\n for_each = var.x\n content {\n ref_id = "X"\n }\n }',
            "has `dynamic` blocks",
        ),
        ("  rule {", '  dynamic "rule" {\n for_each = []\n content {\n }\n }\n  rule {', "has `dynamic` blocks"),
    ],
)
def test_rules_of_terraform_that_are_not_all_known(old: str, new: str, unclear: str) -> None:
    found = alerts(changed(old, new, TERRAFORM), suffix="tf").named("Accuracy low")[0]
    assert found.unclear == unclear


def test_a_state_that_only_terraform_knows_tells_of_no_silence() -> None:
    assert terraform('no_data_state = "OK"', "no_data_state = var.x").absent == set()
    assert terraform('no_data_state = "OK"', "").absent == {"triage_accuracy"}


def test_a_paused_rule_of_terraform() -> None:
    assert terraform('no_data_state = "OK"', "is_paused = true").faults[0].startswith("is paused")


def test_contact_points_of_terraform_in_their_own_words() -> None:
    blocks = [
        'slack {\n url = "x"\n }',
        'telegram {\n token = "x"\n chat_id = "1"\n }',
        'kafka {\n rest_proxy_url = "x"\n topic = "y"\n }',
        'sns {\n topic = "x"\n }',
        'webex {\n token = "x"\n room_id = "y"\n }',
        'alertmanager {\n url = "x"\n }',
        'opsgenie {\n api_key = "x"\n }',
        'threema {\n gateway_id = "x"\n recipient_id = "y"\n api_secret = "z"\n }',
    ]
    for block in blocks:
        assert receiver(terraform("pagerduty {\n    integration_key = var.key\n  }", block)) == "ops"


def test_policies_of_terraform_too_deep_end() -> None:
    deep = "policy {\n" * 28 + 'contact_point = "ops"\n' + "}\n" * 28
    text = f'resource "grafana_notification_policy" "x" {{\n contact_point = "mute"\n{deep}}}\n'
    rule = TERRAFORM.split('resource "grafana_notification_policy"', maxsplit=1)[0]
    assert receiver(alert(rule, text, suffix="tf")) == "ops"


DASHBOARD = {"schemaVersion": 39, "title": "Triage", "panels": [{"title": "x", "alert": {"name": "y"}}]}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        "x",
        5,
        [1],
        DASHBOARD,
        {"groups": [{"rules": [{"alert": "x", "expr": "y"}]}]},
        {"policies": []},
        {"route": {"receiver": "x"}, "receivers": []},
        {"title": "x", "data": {}, "condition": "A"},
        {"kind": []},
    ],
)
def test_other_documents_are_none_of_its(data: Any) -> None:
    assert not grafana.recognises(data)


def test_a_dashboard_is_of_no_format_that_alerts() -> None:
    assert [str(one) for one in alerts(json.dumps(DASHBOARD)).opaque] == [
        "`m/0.yaml:1` is of no format that is read here (Prometheus, Alertmanager, Grafana, Datadog, CloudWatch)"
    ]


KEYS = ("groups", "rules", "title", "data", "condition", "refId", "model", "datasourceUid", "__expr__", "type", "math",
        "threshold", "reduce", "classic_conditions", "expression", "$A > 1", "A", "conditions", "evaluator", "params",
        "gt", "query", "expr", "up > 1", "policies", "receiver", "routes", "matchers", "object_matchers", "apiVersion",
        "contactPoints", "receivers", "settings", "name", "orgId", "kind", "GrafanaContactPoint", "spec", "route",
        "notification_settings", "labels", "record", "deleteRules", "email", "datasource", "uid")  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(nested(*KEYS), nested(*KEYS))
def test_no_document_is_too_much(one: Any, other: Any) -> None:
    rule = {"title": "x", "condition": other, "data": [one, {"refId": "A", "model": other}, other], "labels": other}
    file = {"groups": [{"rules": [rule]}], "policies": [one], "contactPoints": [other], "apiVersion": 1}
    kind = {"kind": "GrafanaContactPoint", "spec": other}
    for data in (file, kind, one, [other]):
        if grafana.recognises(data):
            found = [one for one in grafana.alerts([Doc("a.json", data)]) if isinstance(one, Alert)]
            assert all(it.faults or it.unclear or it.comparisons or it.absent for it in found)


PIECES = ("$A", "${B C}", "(", ")", "!", "-", ">", ">=", "==", "&&", "||", "+", "*", "**", "/", "%", "1", ".5", "abs(",
          "is_null(", ",", " ", "x", "$", "é")  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_expression_is_told_or_refused(text: str) -> None:
    try:
        tree = grafana_math.parsed(text)
    except grafana_math.NoMath as error:
        assert str(error)  # noqa: PT017 - either way is right
        return
    assert grafana_math.constant(tree) is None or isinstance(grafana_math.constant(tree), float)
    assert all(found.refs <= grafana_math.refs(tree) for found in grafana_math.comparisons(tree))


def test_a_contact_point_that_is_known_later() -> None:
    found = Points({"a": []}, True, frozenset({"a"})).reach("a")
    assert str(found).startswith("Untold")


@pytest.mark.parametrize("model", ['{refId: A, datasource: {type: prometheus}, expr: "a < < 1"}', '"{"'])
def test_a_query_that_can_not_be_parsed_is_told(model: str) -> None:
    found = firing("A", f"{{refId: A, datasourceUid: p, model: {model}}}")
    assert found.unread in found.faults


@pytest.mark.parametrize(
    ("condition", "queries", "ways"),
    [
        ("T", [A, threshold("gt", 1)], [["> 1"]]),
        ("T", [A, threshold("within_range", 1, 5)], [["> 1", "< 5"]]),
        ("T", [A, threshold("outside_range", 1, 5)], [["< 1"], ["> 5"]]),
        ("T", [PROM % ("A", "a > 3 and a < 9"), threshold("gt", 0)], [["> 3", "< 9"]]),
        ("A", [PROM % ("A", "a > bool 3")], [["> 3"]]),
        ("M", [A, B, math("$A > 1 && $B < 2")], [["> 1", "< 2"]]),
        ("M", [A, B, math("$A > 1 || $B < 2")], [["> 1"], ["< 2"]]),
        ("M", [PROM % ("A", "a > 3"), B, math("$A && $B < 2")], [["> 3", "< 2"]]),
        ("M", [A, B, math("$A && $B < 2")], None),
        ("M", [A, B, math("!($A > 1 && $B < 2)")], None),
        ("K", [A, B, classic(one("gt", "[1]"), one("lt", "[2]", ref="B"))], [["> 1", "< 2"]]),
        ("K", [A, classic(one("gt", "[1]"), f"{one('lt', '[0]')[:-1]}, operator: {{type: or}}}}")], [["> 1"], ["< 0"]]),
        ("K", [A, classic(one("no_value", "[]"))], [[]]),
    ],
)
def test_how_comparisons_belong_together(condition: str, queries: list[str], ways: list[list[str]] | None) -> None:
    found = firing(condition, *queries).ways
    assert (found and [[f"{it.op} {it.threshold:g}" for it in way] for way in found]) == ways
