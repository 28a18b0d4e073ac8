"""Where Alertmanager's routes take an alert."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.loading import documents
from rules.evidence.monitoring import Reach, Reached, Unreached, Untold
from rules.evidence.monitoring.alertmanager import Budget, Labels
from rules.evidence.monitoring.alertmanager_config import tree

REAL = Path(__file__).parent / "real" / "alertmanager"


def config(text: str) -> Any:
    (data,) = documents(text)
    return data


def reach(text: str, tenant: str | None = None, stands: str | None = None, **labels: str) -> Reach:
    untold = frozenset(name for name, value in labels.items() if "{{" in value)
    known = {name: value for name, value in labels.items() if name not in untold}
    return tree(config(text), tenant=tenant).reach(Labels(known, untold, stands), Budget())


def faults(text: str) -> list[tuple[str, int | None]]:
    return list(tree(config(text)).faults)


def routed(routes: str, **labels: str) -> Reach:
    """Where the routes take it, beside three receivers: `one` and `two`, and `null`, which catches what they don't."""
    return reach(
        f"route: {{receiver: 'null', routes: [{routes}]}}\n"
        "receivers: [{name: one, webhook_configs: [{url: x}]}, {name: two, slack_configs: [{}]}, {name: 'null'}]",
        **labels,
    )


NULL = Unreached(
    "ends at the receiver `null`, which has no integration and so tells nobody: give it one, such as `slack_configs`, "
    "or route the alert elsewhere"
)


@pytest.mark.parametrize(
    ("routes", "end"),
    [
        ("", NULL),
        ("{receiver: one}", Reached("one")),
        ("{matchers: ['severity=\"critical\"'], receiver: one}", Reached("one")),
        ("{matchers: ['severity = critical'], receiver: one}", Reached("one")),
        ("{matchers: ['\"severity\"=critical'], receiver: one}", Reached("one")),
        ("{matchers: 'severity=critical', receiver: one}", Reached("one")),
        ('{matchers: [\'{severity="critical", team=~"a|ml"}\'], receiver: one}', Reached("one")),
        ("{matchers: ['severity=~\"crit.*\"'], receiver: one}", Reached("one")),
        ("{matchers: [severity=~crit|warn], receiver: one}", NULL),
        ("{matchers: [severity=~critic], receiver: one}", NULL),
        ("{matchers: [severity!=critical], receiver: one}", NULL),
        ('{matchers: [severity!~"warn.*"], receiver: one}', Reached("one")),
        ("{matchers: [severity='critical'], receiver: one}", NULL),
        (r"""{matchers: ['severity="crit\"ical"'], receiver: one}""", NULL),
        ("{match: {severity: critical, team: ml}, receiver: one}", Reached("one")),
        ("{match: {severity: critical, team: x}, receiver: one}", NULL),
        ("{match_re: {severity: crit.*}, receiver: one}", Reached("one")),
        ("{match: {number: 5}, receiver: one}", Reached("one")),
        ("{match: {switch: true}, receiver: one}", Reached("one")),
        ("{receiver: 'null'}, {receiver: one}", NULL),
        ("{receiver: 'null', continue: true}, {receiver: one}", Reached("one")),
        ("{receiver: one, continue: true}, {receiver: 'null'}", Reached("one")),
        ("{receiver: one, continue: true}, {receiver: 'null', continue: true}", Reached("one")),
        ("{receiver: one, routes: [{match: {team: ml}}]}", Reached("one")),
        ("{receiver: one, routes: [{match: {team: ml}, receiver: 'null'}]}", NULL),
        ("{routes: [{match: {team: x}, receiver: one}]}", NULL),
        ("{receiver: one, routes: [{match: {team: x}, receiver: 'null'}]}", Reached("one")),
    ],
)
def test_the_first_route_that_matches_takes_the_alert(routes: str, end: Reach) -> None:
    labels = {"alertname": "Low", "severity": "critical", "team": "ml", "number": "5", "switch": "true"}
    assert routed(routes, **labels) == end


@pytest.mark.parametrize(
    ("routes", "labels", "end"),
    [
        ("{match: {team: ml}, receiver: one}", {}, "the label `team`, which the alert does not set: set it under"),
        ("{match: {team: ml}, receiver: one}", {"team": "{{ $labels.x }}"}, "`team`, whose value is a template: write"),
        ("{match: {team: ml, a: b}, receiver: one}", {}, "the label `team` and `a`, which"),
        ("{match: {team: ml, a: b}, receiver: one}", {"a": "c"}, NULL),
        ("{match: {team: ml}, receiver: one}, {receiver: two}", {}, Reached),
        ("{match: {team: ml}, receiver: 'null'}", {}, NULL),
        ("{match: {team: ml}, receiver: one, continue: true}, {receiver: two}", {}, Reached),
        ("{match: {team: ml}, receiver: 'null', continue: true}, {receiver: two}", {}, Reached),
        (
            "{matchers: ['team=~\"\\\\bml\"'], receiver: one}",
            {"team": "ml"},
            "a pattern for the label `team`, which is more",
        ),
        ("{matchers: ['team=~\"a*\"'], receiver: one}", {"team": "a" * 300_000}, "a pattern for the label `team`"),
        ("{matchers: ['team'], receiver: one}", {"team": "ml"}, "a matcher that can't be read: mend it"),
    ],
)
def test_where_a_label_is_not_known_every_way_is_followed(routes: str, labels: dict[str, str], end: Any) -> None:
    found = routed(routes, alertname="Low", **labels)
    if isinstance(end, str):
        assert isinstance(found, Untold)
        assert found.reason.startswith("where it goes depends on ")
        assert end in found.reason
    else:
        assert found == end or (end is Reached and isinstance(found, Reached))


def test_a_receiver_needs_an_integration_to_reach_anybody() -> None:
    for body, works in (
        ("", False),
        (", webhook_configs: []", False),
        (", webhook_configs: ", False),
        (", webhook_configs: [{url: x}]", True),
        (", webhook_configs: [{url_file: x}]", True),
        (", webhook_configs: [{send_resolved: true}]", False),
        (", webhookConfigs: [{urlSecret: {name: x, key: y}}]", True),
        (", email_configs: [{to: ''}]", False),
        (", email_configs: [{to: ''}, {to: x}]", True),
        (", slack_configs: [null]", False),
        (", unheard_of_configs: [{}]", True),
        (", pagerdutyConfigs: [{}]", True),
    ):
        found = reach(f"route: {{receiver: a}}\nreceivers: [{{name: a{body}}}]", alertname="Low")
        assert isinstance(found, Reached if works else Unreached), body


def test_what_is_a_template_can_t_be_told() -> None:
    base = "route: {receiver: %s}\nreceivers: [{name: a, slack_configs: '{{ x }}'}]"
    for name in ("a", "'{{ .Values.x }}'", "$NAME"):
        found = reach(base % name, alertname="Low")
        assert isinstance(found, Untold)
        assert "is a template: name what it renders to" in found.reason


@pytest.mark.parametrize(
    ("interval", "muted"),
    [
        ("[{}]", True),
        ("[{location: UTC}]", True),
        ("[{times: [{start_time: '00:00', end_time: '24:00'}], weekdays: ['sunday:saturday']}]", True),
        ("[{times: [{start_time: '00:00', end_time: '12:00'}]}]", False),
        ("[{weekdays: ['saturday', 'sunday']}]", False),
        ("[{months: ['1:12']}]", True),
        ("[{months: ['january:june', 7, 'august:december'], days_of_month: ['1:31'], location: UTC}]", True),
        ("[{months: ['1:11']}]", False),
        ("[{days_of_month: ['1:-1']}]", True),
        ("[{days_of_month: ['2:31']}]", False),
        ("[{years: ['2026:2030']}]", False),
        ("[{weekdays: ['monday:friday', saturday, sunday]}]", True),
        ("[{weekdays: ['monday:friday']}, {weekdays: [saturday, sunday]}]", True),
        ("[{weekdays: ['monday:friday'], location: Europe/Berlin}, {weekdays: [saturday, sunday]}]", False),
        (
            "[{times: [{start_time: '09:00', end_time: '17:00'}]}, {times: [{start_time: '17:00', end_time: '24:00'},"
            " {start_time: '00:00', end_time: '09:00'}]}]",
            True,
        ),
        (
            "[{times: [{start_time: '09:00', end_time: '17:00'}]}, {times: [{start_time: '17:01', end_time: '24:00'},"
            " {start_time: '00:00', end_time: '09:00'}]}]",
            False,
        ),
        ("[{times: [{start_time: '17:00', end_time: '09:00'}]}]", False),
        ("[{times: [{start_time: nine}]}]", False),
        ("[{weekdays: [someday, 'a:b:c']}]", False),
        ("[{weekdays: [1]}]", False),
        ("[7]", False),
        ("[]", False),
    ],
)
def test_a_route_that_is_always_muted_reaches_nobody(interval: str, muted: bool) -> None:
    found = reach(
        "route: {receiver: a, routes: [{receiver: a, mute_time_intervals: [never, always]}]}\n"
        "receivers: [{name: a, email_configs: [{to: x}]}]\n"
        f"time_intervals: [{{name: never, time_intervals: []}}, {{name: always, time_intervals: {interval}}}]",
        alertname="Low",
    )
    assert isinstance(found, Unreached) is muted
    if muted:
        assert "is muted at all times by the time intervals `never` and `always`: take off" in str(found)


@pytest.mark.parametrize(
    ("route", "says"),
    [
        ("active_time_intervals: [nothing]", "is never active, by the time interval `nothing`: give it times"),
        ("active_time_intervals: [work]", None),
        (
            "active_time_intervals: [work], mute_time_intervals: [work]",
            "is muted at all times by the time interval `work`",
        ),
        ("active_time_intervals: [work], mute_time_intervals: [rest]", None),
        ("active_time_intervals: [summer], mute_time_intervals: [summer]", None),
        ("mute_time_intervals: [work, rest]", "is muted at all times by the time intervals `work` and `rest`"),
        ("mute_time_intervals: [work, elsewhere]", None),
        ("mute_time_intervals: [rest]", None),
    ],
)
def test_a_route_that_is_never_active_reaches_nobody(route: str, says: str | None) -> None:
    found = reach(
        f"route: {{receiver: a, routes: [{{receiver: a, {route}}}]}}\n"
        "receivers: [{name: a, email_configs: [{to: x}]}]\n"
        "time_intervals:\n"
        "- {name: nothing, time_intervals: []}\n"
        "- {name: work, time_intervals: [{weekdays: ['monday:friday']}]}\n"
        "- {name: rest, time_intervals: [{weekdays: [saturday, sunday]}]}\n"
        "- {name: summer, time_intervals: [{months: ['june:august']}]}\n",
        alertname="Low",
    )
    assert isinstance(found, Unreached) is (says is not None)
    assert (says or "") in str(found)


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("route: {}\nreceivers: []", "names no receiver at the root of its routes: write `receiver:`", 1),
        ("receivers: [{name: a}]\nroute: {receiver: a, match: {x: y}}", "has matchers at the root", 2),
        ("receivers: [{name: a}]\nroute: {receiver: a, continue: true}", "has `continue` at the root", 2),
        ("receivers: [{name: a}]\nroute: {receiver: b}", "routes to `b`, which is none of its receivers: add it", 2),
        (
            "receivers:\n- {name: a}\n- {name: a}\nroute: {receiver: a}",
            "two receivers with the name `a`: rename one",
            3,
        ),
        ("receivers: [{name: a}]\nroute:\n  receiver: a\n  routes:\n  - {matchers: [x]}", "has the matcher `x`", 5),
        (
            'receivers: [{name: a}]\nroute: {receiver: a, routes: [{matchers: [x=~"("]}]}',
            "has the pattern `(`, which",
            2,
        ),
        (
            "receivers: [{name: a}]\nroute: {receiver: a, routes: [{match_re: {x: }}]}",
            "has a matcher on `x` that can't",
            2,
        ),
        (
            "receivers: [{name: a}]\nroute: {receiver: a, routes: [{match: {x: []}}]}",
            "has a matcher on `x` that can't",
            2,
        ),
        (
            "receivers: [{name: a}]\nroute: {receiver: a, routes: [{matchers: [{name: x, matchType: '~'}]}]}",
            "on `x`",
            2,
        ),
        (
            f"receivers: [{{name: a}}]\nroute: {{receiver: a, routes: [{{matchers: [x={'y' * 3_000}]}}]}}",
            "has the matcher",
            2,
        ),
    ],
)
def test_what_alertmanager_refuses_is_told_with_its_line(text: str, says: str, line: int) -> None:
    ((message, where),) = faults(text)
    assert says in message
    assert ": " in message
    assert message.isprintable()
    assert where == line


def test_an_undefined_receiver_reaches_nobody() -> None:
    found = reach("route: {receiver: a}\nreceivers: []", alertname="Low")
    assert found == Unreached("ends at `a`, which is none of Alertmanager's receivers: add it under `receivers`")
    nowhere = reach("route: {}\nreceivers: []", alertname="Low")
    assert nowhere == Untold("no receiver is named for it: write `receiver:` under `route`")


TENANT = """
route:
  receiver: pager
  matchers: [{name: severity, value: critical, matchType: "="}]
  routes:
  - {receiver: hush, matchers: [{name: team, value: x.*, regex: true}]}
receivers:
- {name: pager, pagerdutyConfigs: [{routingKey: {name: a, key: b}}]}
- {name: hush}
"""


def test_an_alertmanager_config_takes_the_alerts_of_its_own_namespace() -> None:
    alert = {"severity": "critical", "team": "ml"}
    for namespace in ("ml", None):
        assert reach(TENANT, "ml", namespace, **alert) == Reached("pager")
        assert reach(TENANT, "", namespace, **alert) == Reached("pager")
    assert reach(TENANT, "ml", "other", **alert, namespace="ml") == Reached("pager")
    assert isinstance(reach(TENANT, "ml", "ml", severity="critical", team="xy"), Unreached)
    for namespace, extra in (("other", {}), ("ml", {"namespace": "other"}), ("ml", {"namespace": "{{ $labels.n }}"})):
        found = reach(TENANT, "ml", namespace, **alert, **extra)
        assert isinstance(found, Untold)
        assert "takes the alerts of the namespace `ml` alone: label the alert with it" in found.reason
    untaken = reach(TENANT, "ml", severity="warning")
    assert untaken == Untold(
        "no route of the AlertmanagerConfig takes it: add one, or name the configuration that takes it"
    )


def test_more_routes_than_can_be_followed_are_not_told() -> None:
    routes = ", ".join(f"{{match: {{team: a{number}}}, receiver: one}}" for number in range(2_000))
    made = tree(
        config(f"route: {{receiver: one, routes: [{routes}]}}\nreceivers: [{{name: one, email_configs: [{{to: x}}]}}]")
    )
    budget = Budget()
    ends = {str(made.reach(Labels({"team": f"b{number}"}), budget)) for number in range(200)}
    assert len(ends) == 2
    assert any("are more than can be followed" in end for end in ends)


@pytest.mark.parametrize(
    ("name", "labels", "receiver"),
    [
        ("simple", {"service": "foo1", "severity": "critical", "owner": "x"}, "team-X-pager"),
        ("simple", {"service": "foo1x", "severity": "critical", "owner": "x"}, "team-X-mails"),
        ("simple", {"service": "files", "severity": "warning", "owner": "x"}, "team-Y-mails"),
        ("simple", {"service": "database", "owner": "team-Y", "severity": "info"}, "team-Y-pager"),
        ("simple", {"service": "database", "owner": "nobody", "severity": "info"}, "team-DB-pager"),
        ("ha", {"severity": "x"}, "web.hook"),
    ],
)
def test_alertmanager_s_own_examples_go_where_they_say(name: str, labels: dict[str, str], receiver: str) -> None:
    assert reach((REAL / f"{name}.yml").read_text(), **labels) == Reached(receiver)


@pytest.mark.parametrize(("value", "receiver"), [("1", "test1"), ("2", "test1"), ("12", "default"), ("3", "default")])
def test_alertmanager_s_own_test_of_routing_ends_at_receivers_without_integration(value: str, receiver: str) -> None:
    found = reach((REAL / "conf.routing.yml").read_text(), test=value)
    assert isinstance(found, Unreached)
    assert f"`{receiver}`" in found.reason or (value == "2" and "`test2`" in found.reason)


def test_alertmanager_s_own_files_are_read_without_a_fault_where_it_takes_them() -> None:
    broken = {path.name: faults(path.read_text()) for path in sorted(REAL.iterdir())}
    assert len(broken) == 8
    # Its own tests refuse this file for its receivers, before they come to look at its routes.
    odd = [message for message, _ in broken.pop("conf.opsgenie-default-apikey-old-team.yml")]
    assert odd == ["routes to `escalation-Y-opsgenie`, which is none of its receivers: add it under `receivers`"]
    assert set(map(tuple, broken.values())) == {()}


_LABEL = st.sampled_from(["a", "b"])
_VALUE = st.sampled_from(["x", "y", "xy"])
_ROUTES: st.SearchStrategy[Any] = st.recursive(
    st.just([]),
    lambda inner: st.lists(
        st.fixed_dictionaries(
            {"match": st.dictionaries(_LABEL, _VALUE, max_size=1), "routes": inner, "continue": st.booleans()},
            optional={
                "receiver": st.sampled_from(["good", "bad"]),
                "match_re": st.dictionaries(_LABEL, st.sampled_from(["x.*", "x|y", ".+"]), max_size=1),
            },
        ),
        max_size=3,
    ),
    max_leaves=8,
)


def by_the_book(route: Mapping[str, Any], labels: Mapping[str, str], above: str) -> list[str]:
    """The receivers of an alert, as the documentation tells the routing."""
    fits = all(labels[name] == value for name, value in route.get("match", {}).items())
    fits = fits and all(re.fullmatch(value, labels[name]) for name, value in route.get("match_re", {}).items())
    if not fits:
        return []
    own = route.get("receiver", above)
    found: list[str] = []
    for inner in route["routes"]:
        here = by_the_book(inner, labels, own)
        found += here
        if here and not inner["continue"]:
            break
    return found or [own]


@given(_ROUTES, st.sampled_from(["good", "bad"]), st.fixed_dictionaries({"a": _VALUE, "b": _VALUE}))
def test_routes_are_followed_as_the_documentation_says(routes: Any, top: str, labels: dict[str, str]) -> None:
    root = {"receiver": top, "routes": routes}
    receivers = [{"name": "good", "email_configs": [{"to": "x"}]}, {"name": "bad"}]
    made = tree({"route": root, "receivers": receivers})
    expected = Reached if "good" in by_the_book(root, labels, top) else Unreached
    assert isinstance(made.reach(Labels(labels), Budget()), expected)
    # What is told without a label holds whatever its value.
    partial = made.reach(Labels({"a": labels["a"]}), Budget())
    assert isinstance(partial, expected | Untold)


def test_an_integration_whose_address_is_a_template_is_not_known() -> None:
    text = "{route: {receiver: a}, receivers: [{name: a, webhook_configs: [{url: '{{ .Values.url }}'}]}]}"
    assert reach(text, alertname="Low") == Untold("the receiver `a` is a template: name what it renders to")
