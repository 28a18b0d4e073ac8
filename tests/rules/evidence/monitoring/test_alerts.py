"""The alerts of all the files that a policy names, whatever system they are for, and what can't be told of the rest."""

from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.loading import Fault
from rules.evidence.monitoring import MAX_TEXT, Alerts, systems
from rules.facts import MAX_FILES, Files, Unread, Unverifiable
from tests.rules.given import holding, policy

PROMETHEUS = b"groups:\n  - name: a\n    rules:\n      - {alert: Low, expr: x < 1}\n"
DATADOG = (
    b'{"name": "High", "type": "metric alert", "query": "avg(last_5m):avg:y{*} > 1", "message": "@ana@acme.example"}'
)


def read(configs: str, files: Files) -> Alerts:
    return Alerts.read(policy(f"monitoring: {{configs: {configs}}}\n"), files)


def test_alerts_of_several_systems_are_found_together() -> None:
    found = read("['ops/*.yml', b.json]", holding({"ops/a.yml": PROMETHEUS, "b.json": DATADOG, "ops/b.txt": b"["}))
    assert [(alert.name, alert.system, alert.path) for alert in found.alerts] == [
        ("Low", "Prometheus", "ops/a.yml"),
        ("High", "Datadog", "b.json"),
    ]
    assert (found.broken, found.opaque, found.missing) == ((), (), ())
    assert [alert.path for alert in found.named("Low")] == ["ops/a.yml"]
    assert found.named("None") == ()


def test_a_file_that_two_patterns_mean_is_read_once() -> None:
    found = read("['*.yml', a.yml]", holding({"a.yml": PROMETHEUS}))
    assert [alert.name for alert in found.alerts] == ["Low"]


def test_every_system_is_read() -> None:
    assert {one.SYSTEM for one in systems()} == {"CloudWatch", "Datadog", "Grafana", "Prometheus"}


def test_a_policy_without_monitoring_has_no_alerts() -> None:
    assert Alerts.read(policy("owners: {}\n"), holding({})) == Alerts()
    assert Alerts.read(policy("monitoring: {}\n"), holding({})) == Alerts()


def test_what_is_wrong_with_a_file_is_kept_with_its_place() -> None:
    contents: dict[str, bytes | Unread] = {
        "broken.yml": b"groups: [\n",
        "empty.yml": b"",
        "nothing.yml": b"---\n",
        "helm.yml": b"{{- if .Values.a }}\ngroups: [\n{{- end }}\n",
        "dashboard.json": b'{"panels": [], "schemaVersion": 39, "title": "x"}',
        "list.yml": b"- 1\n",
        "large.yml": Unread("is larger than 2 MiB, more than is read", mendable=False),
    }
    found = read("['*']", Files(contents, contents))
    assert {(one.path, one.line) for one in found.broken} == {
        ("broken.yml", 2),
        ("empty.yml", None),
        ("nothing.yml", None),
    }
    assert {one.path for one in found.opaque} == {"helm.yml", "dashboard.json", "list.yml", "large.yml"}
    assert found.alerts == ()


def test_a_pattern_that_means_nothing_is_told() -> None:
    assert read("['*.yml', a.json]", holding({})).missing == ("*.yml", "a.json")


def test_files_that_can_not_be_listed_are_opaque() -> None:
    found = read("['*.yml', a.yml]", Files({"a.yml": PROMETHEUS}, Unverifiable("GitHub lists them not")))
    assert found.opaque == (Fault("*.yml", "can't be looked up: GitHub lists them not"),)
    assert [alert.name for alert in found.alerts] == ["Low"]


def test_so_many_files_are_read() -> None:
    contents = {f"{number:03}.yml": PROMETHEUS for number in range(MAX_FILES + 1)}
    found = read("['*.yml']", holding(contents))
    assert len(found.alerts) == MAX_FILES
    assert found.opaque == (Fault("*.yml", "means more than 500 files: name fewer"),)


def test_so_much_is_read() -> None:
    large = PROMETHEUS + b"#" * (MAX_TEXT // 3)
    found = read("['*.yml']", holding({"a.yml": large, "b.yml": large, "c.yml": large, "d.yml": PROMETHEUS}))
    assert [alert.path for alert in found.alerts] == ["a.yml", "b.yml", "d.yml"]
    assert found.opaque == (Fault("c.yml", "is beyond the 4 MiB of alerts that are read: name fewer files"),)


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_alerts_that_are_none(data: bytes) -> None:
    found = Alerts.among(["a.yml"], holding({"a.yml": data}))
    assert found.alerts == ()
    assert found.broken or found.opaque
