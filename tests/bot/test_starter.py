"""`pilotgate init`: a policy that passes POL002, from what a folder shows; nothing that is there is overwritten."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as arbitrary
from hypothesis import settings
from hypothesis import strategies as st

from bot import starter
from bot.starter import Shows, looking
from rules.catalogue import catalogue
from rules.document import read
from rules.evidence.monitoring import Alert
from rules.policy import Policy
from tests.bot.given import EXAMPLE, SMALL, TODAY, Ran, committed, files, git

Pilotgate = Callable[..., Ran]

_RULE = "groups:\n  - name: a\n    rules:\n      - alert: TooLow\n        expr: x < 1\n"
_RESOURCE = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {groups: []}\n"


def _policy(text: str) -> Policy:
    document = read(text.encode(), ".pilot.yml", Policy, catalogue().codes)
    assert document.model is not None, (document.problems, text)
    return document.model


@pytest.fixture
def started(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Policy]:
    """Runs `pilotgate init` in a folder on a known day and reads what it wrote."""
    monkeypatch.setenv("PILOTGATE_TODAY", TODAY)

    def start(folder: Path) -> Policy:
        ran = pilotgate("init", folder)
        said = f"Wrote {folder}/.pilot.yml. Complete it, then run `pilotgate check {folder}`.\n"
        assert ran == Ran(0, said, "")
        checked = pilotgate("check", folder, "--select", "POL", "--format", "json")
        assert (checked.code, checked.outcomes()["POL002"]) == (0, "pass")
        return _policy((folder / ".pilot.yml").read_text(encoding="utf-8"))

    return start


Started = Callable[[Path], Policy]


def test_an_empty_folder_gets_dates_and_a_name(started: Started, tmp_path: Path) -> None:
    folder = tmp_path / "Invoice Triage_2"
    folder.mkdir()
    policy = started(folder)
    assert (policy.pilot.name, policy.pilot.stage) == ("invoice-triage-2", "planned")
    assert str(policy.pilot.start) == TODAY
    assert policy.reviews is not None
    assert {name: str(review.due) for name, review in policy.reviews.items()} == dict.fromkeys(
        ("security", "compliance", "legal"), "2026-12-22"
    )
    assert policy.decision is not None
    assert str(policy.decision.date) == "2027-02-16"
    assert (policy.owners, policy.evaluation, policy.monitoring, policy.runbooks) == (None, None, None, None)


def test_a_starter_passes_the_check_that_it_points_to(started: Started, pilotgate: Pilotgate, tmp_path: Path) -> None:
    started(tmp_path)
    ran = pilotgate("check", tmp_path)
    assert (ran.code, "  error " in ran.out) == (0, False)


def test_every_key_is_there_to_be_completed(started: Started, tmp_path: Path) -> None:
    started(tmp_path)
    text = (tmp_path / ".pilot.yml").read_text(encoding="utf-8")
    for key in set(Policy.model_fields) - {"rules", "waivers"}:
        assert f"\n{key}:" in text or f"\n# {key}:" in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_its_commented_sections_are_valid_too(started: Started, tmp_path: Path) -> None:
    started(tmp_path)
    text = (tmp_path / ".pilot.yml").read_text(encoding="utf-8")
    sections = ("owners", "criteria", "evaluation", "integrations", "monitoring", "runbooks")
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        inside = (inside or line.startswith(tuple(f"# {name}:" for name in sections))) and line.startswith("# ")
        kept.append(line.removeprefix("# ") if inside else line)
    policy = _policy("\n".join(kept) + "\n")
    assert all(getattr(policy, name) is not None for name in sections)


def _uncommented(text: str) -> str:
    """The text with every key that is a comment written out, headings apart."""
    return re.sub(r"(?m)^( *)# ( *(?:- )?[a-z_]+:(?: .*)?)$", r"\1\2", text)


def test_what_is_left_as_a_comment_parses_and_speaks_of_what_is_there(started: Started, tmp_path: Path) -> None:
    content = {"eval/results.json": '{"a": 1}', "old/results.json": '{"a": 1}', "ops/a.yml": _RULE, "data.dvc": _DVC}
    started(files(tmp_path, content))
    policy = _policy(_uncommented((tmp_path / ".pilot.yml").read_text(encoding="utf-8")))
    assert policy.criteria is not None
    assert policy.decision is not None
    assert policy.monitoring is not None
    assert [(one.id, one.evaluation) for one in policy.criteria] == [("results", "data"), ("results-2", "data")]
    assert policy.decision.go == ("results", "results-2")
    assert [one.criterion for one in policy.monitoring.signals or ()] == ["results"]
    assert policy.monitoring.log_retention is not None


def test_what_the_example_shows_is_suggested(started: Started, tmp_path: Path) -> None:
    shown = {
        str(path.relative_to(EXAMPLE)): path.read_text(encoding="utf-8")
        for path in EXAMPLE.rglob("*")
        if path.is_file() and path.name != ".pilot.yml"
    }
    policy = started(files(tmp_path / "invoice-triage", shown))
    assert policy.owners is not None
    assert policy.owners.fix == "@acme/ml-platform"
    assert policy.evaluation is not None
    assert [(one.id, one.manifest) for one in policy.evaluation] == [("croissant", "eval/croissant.json")]
    assert policy.monitoring is not None
    assert policy.monitoring.configs == ("ops/alertmanager.yml", "ops/alerts/triage.yml")
    assert [(one.metric, one.alert) for one in policy.monitoring.signals or ()] == [
        ("triage_accuracy", "TriageAccuracyLow"),
        ("triage_input_psi", "TriageInputDrift"),
        ("triage_errors_total", "TriageErrors"),
    ]
    assert policy.criteria is not None
    assert [(one.id, one.source and one.source.file) for one in policy.criteria] == [("results", "eval/results.json")]
    assert policy.runbooks is not None
    (book,) = policy.runbooks
    assert (book.file, book.stop_switch) == ("docs/runbook.md", ".github/workflows/disable-triage.yml")
    assert book.alerts == ("TriageAccuracyLow", "TriageInputDrift", "TriageErrors")


@pytest.mark.parametrize(
    ("content", "owner"),
    [
        ({"CODEOWNERS": "* @acme/one @acme/two\n"}, "@acme/one"),
        ({"docs/CODEOWNERS": "* @ana-r # the only one\n"}, "@ana-r"),
        ({"CODEOWNERS": "* @acme/one\n*.md @acme/docs\n* @acme/last\n"}, "@acme/last"),
        ({"CODEOWNERS": "* team@acme.example @acme/one\n"}, "@acme/one"),
        ({".github/CODEOWNERS": "* @acme/hub\n", "CODEOWNERS": "* @acme/root\n"}, "@acme/hub"),
        ({".github/CODEOWNERS": "*.md @acme/docs\n", "CODEOWNERS": "* @acme/root\n"}, None),
        ({"CODEOWNERS": "* @acme/one\n*\n"}, None),
        ({"CODEOWNERS": "# * @acme/one\n/src @acme/src\n* team@acme.example\n"}, None),
    ],
)
def test_the_owner_is_whom_github_would_ask(tmp_path: Path, content: dict[str, str], owner: str | None) -> None:
    assert starter.look(files(tmp_path, content)).owner == owner


def test_alert_files_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    content = {
        "ops/a.yml": _RULE,
        "ops/b.yaml": _RESOURCE,
        "ops/c.json": '{"groups": [{"name": "a", "rules": [{"alert": "B", "expr": "x < 1"}]}]}',
        "ops/d.yml": "# alert: none\nalerts: []\nkind: Deployment\n",
        "ops/e.yml": "on_alert: page\ndescription: an alert: here\n",
        "ops/f.tf": 'resource "datadog_monitor" "m" {\n  name = "C"\n  type = "metric alert"\n'
        '  query = "avg(last_5m):avg:x{*} > 1"\n  message = "@ana@acme.example"\n}\n',
        "ops/g.yml": "route: {receiver: a}\nreceivers:\n  - name: a\n",
        "ops/h.yml": "groups:\n  - alert: {{ .Values.a }}\n",
        "ops/i.yml": "groups:\n  - alert: [\n",
        "vendor/f.yml": _RULE,
        "tests/f.yml": _RULE,
        "examples/f.yml": _RULE,
        "node_modules/x/g.yml": _RULE,
    }
    shows = starter.look(files(tmp_path, content))
    assert shows.configs == ("ops/a.yml", "ops/b.yaml", "ops/c.json", "ops/f.tf", "ops/g.yml")
    assert [alert.name for alert in shows.alerts] == ["TooLow", "B", "C"]


_POINTS = "apiVersion: 1\ncontactPoints:\n  - name: a\n    receivers: [{type: slack, settings: {url: x}}]\n"
_POLICIES = "apiVersion: 1\npolicies:\n  - receiver: a\n"
_MUTED = "apiVersion: 1\nmuteTimes:\n  - {orgId: 1, name: nights}\n"
_EXPORTED = '[{"name": "a", "type": "slack", "settings": {"url": "x"}, "disableResolveMessage": false}]'
_TREE = '{"receiver": "a", "group_by": ["alertname"], "routes": []}'


def test_grafana_s_provisioning_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    content = {
        "grafana/a.yaml": _POINTS,
        "grafana/b.yaml": _POLICIES,
        "grafana/c.yaml": _MUTED,
        "grafana/d.json": _EXPORTED,
        "grafana/e.json": _TREE,
        "grafana/f.yaml": "kind: GrafanaNotificationPolicy\nspec: {route: {receiver: a}}\n",
        "grafana/g.yaml": "apiVersion: 1\nproviders: [{name: a}]\n",
        "ops/policies.yaml": "policies: [{name: retention}]\n",
    }
    assert starter.look(files(tmp_path, content)).configs == tuple(sorted(content))[:6]


def test_the_values_of_terraform_s_alerts_are_named_beside_them(tmp_path: Path) -> None:
    alarm = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name = var.name\n}\n'
    content = {
        "infra/alerts.tf": alarm,
        "infra/variables.tf": 'variable "name" {\n  default = "TooLow"\n}\n',
        "infra/locals.tf": "locals {\n  a = 1\n}\n",
        "infra/main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n',
        "other/variables.tf": 'variable "name" {\n  default = "b"\n}\n',
    }
    shows = starter.look(files(tmp_path, content))
    assert shows.configs == ("infra/alerts.tf", "infra/locals.tf", "infra/variables.tf")


def _padded(text: str, size: int) -> str:
    return text + f"# {'x' * 98}\n" * (size // 100)


def test_files_are_read_as_far_as_a_check_reads_them(tmp_path: Path) -> None:
    large, too_large = _padded(_RULE, 2_000_000), _padded(_RULE, 2_200_000)
    tail = "# filler\n" * 40_000 + _RULE
    shows = starter.look(files(tmp_path, {"a.yml": large, "b.yml": too_large, "c.yml": tail}))
    assert shows.configs == ("a.yml", "c.yml")


def test_no_more_is_named_than_a_check_reads_in_all(tmp_path: Path) -> None:
    large = _padded(_RULE, 1_900_000)
    shows = starter.look(files(tmp_path, {f"{name}.yml": large for name in "abcdef"}))
    assert shows.configs == ("a.yml", "b.yml")


def test_where_not_all_can_be_read_what_says_alert_is_read_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_READ_SUM", 3 * len(_RULE))
    content = {**{f"a/{number}.yml": _RULE for number in range(5)}, "z/alerts.yml": _RULE, "z/big.yml": _RULE * 2}
    assert starter.look(files(tmp_path, content)).configs == ("a/0.yml", "a/1.yml", "z/alerts.yml")


def test_an_alert_for_silence_is_no_signal(tmp_path: Path) -> None:
    rules = (
        "groups:\n  - name: a\n    rules:\n      - {alert: Gone, expr: absent(x)}\n      - {alert: Low, expr: x < 1}\n"
    )
    assert [alert.name for alert in starter.look(files(tmp_path, {"a.yml": rules})).alerts] == ["Low"]


_DVC = "outs:\n  - md5: d41d8cd98f00b204e9800998ecf8427e\n    size: 1\n    path: data\n"


def test_manifests_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    content = {
        "a.dvc": _DVC,
        "b/datapackage.json": '{"resources": [{"name": "x", "path": "x.csv", "bytes": 1}]}',
        "c.dvc": "",
        "package.json": '{"name": "x"}',
        "d.dvc": "outs: [",
    }
    assert starter.look(files(tmp_path, content)).manifests == ("a.dvc", "b/datapackage.json")


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("RUNBOOK.md", True),
        ("docs/run-book-2.md", True),
        ("docs/run_book.markdown", True),
        ("docs/triage-playbook.md", True),
        ("docs/runbooks/too-low.md", True),
        ("runbooks/triage/TooLow.md", True),
        ("Run books/a.md", True),
        ("ops/playbooks/a.md", True),
        ("docs/oncall.md", True),
        ("docs/on-call/a.md", True),
        ("docs/incident_response.md", True),
        ("docs/runbooks/README.md", False),
        ("docs/runbooks/_template.md", False),
        ("docs/runbook.txt", False),
        ("docs/bookrun.md", False),
        ("docs/runbookish.md", False),
        ("docs/common-calls.md", False),
        ("ansible/playbooks/site.yml", False),
    ],
)
def test_runbooks_are_known_by_their_names(tmp_path: Path, path: str, is_one: bool) -> None:
    assert starter.look(files(tmp_path, {path: "# a\n"})).runbooks == ((path,) if is_one else ())


def test_pages_for_people_on_call_count_where_there_is_no_runbook(tmp_path: Path) -> None:
    content = {"docs/on-call.md": "", "docs/runbooks/a.md": "", "docs/runbooks/README.md": ""}
    assert starter.look(files(tmp_path, content)).runbooks == ("docs/runbooks/a.md",)


_HUB = "https://github.com/acme/triage/blob/main"


def _alert(name: str, url: str) -> str:
    return f"      - {{alert: {name}, expr: x < 1, annotations: {{runbook_url: '{url}'}}}}\n"


def test_a_page_that_an_alert_leads_to_is_its_runbook(started: Started, tmp_path: Path) -> None:
    rules = "".join(
        (
            _alert("TooLow", f"{_HUB}/docs/ops/low.md#toolow"),
            _alert("Drift", "https://wiki.acme.example/drift"),
            _alert("Errors", f"{_HUB}/docs/gone.md"),
        )
    )
    content = {
        "ops/a.yml": f"groups:\n  - name: a\n    rules:\n{rules}",
        "docs/ops/low.md": "# Low\n",
        "low.md": "",
        "docs/runbooks/other.md": "# Others\n\n## Drift\n\nLook.\n",
    }
    policy = started(files(tmp_path, content))
    assert [(book.file, book.alerts) for book in policy.runbooks or ()] == [
        ("docs/ops/low.md", ("TooLow",)),
        ("docs/runbooks/other.md", ("Drift",)),
    ]


def test_results_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    content = {
        "eval/results.json": '{"accuracy": 0.9}',
        "eval/results-none.json": '{"a": "b"}',
        "eval/metrics.json": "{",
        "out/junit.xml": '<testsuite name="a"><testcase name="b"/></testsuite>',
        "other.json": '{"accuracy": 0.9}',
        "eval/scores.json": '{"run": {"accuracy": {"mean": 0.9}}}',
        "eval/deep-results.json": '{"a": {"b": {"c": {"d": {"e": 1}}}}}',
        "eval/listed-results.json": '[{"a": 1}]',
        "out/report.json": '{"a": {"b": 1}}',
    }
    shows = starter.look(files(tmp_path, content))
    assert shows.results == (("eval/results.json", "json"), ("eval/scores.json", "json"), ("out/junit.xml", "junit"))


def test_a_long_list_stands_below_its_key(started: Started, tmp_path: Path) -> None:
    paths = [f"monitoring/provisioning/alerting/{number}.yml" for number in range(3)]
    policy = started(files(tmp_path, dict.fromkeys(paths, _RULE)))
    assert policy.monitoring is not None
    assert list(policy.monitoring.configs or ()) == paths
    text = (tmp_path / ".pilot.yml").read_text(encoding="utf-8")
    assert "\n".join(f"    - {path}" for path in paths) in text


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("disable-triage.yml", True),
        ("turn-off.yml", True),
        ("kill_switch.yaml", True),
        ("STOP.yml", True),
        ("kickoff.yml", False),
        ("nonstop.yml", False),
        ("tests.yml", False),
    ],
)
def test_a_workflow_that_disables_is_the_stop_switch(started: Started, tmp_path: Path, name: str, is_one: bool) -> None:
    path = f".github/workflows/{name}"
    policy = started(files(tmp_path, {path: "on: workflow_dispatch\n", f"ops/{name}": ""}))
    assert [book.stop_switch for book in policy.runbooks or ()] == ([path] if is_one else [])


_BY_HAND = "on:\n  workflow_dispatch:\n"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"scripts/disable-triage.sh": ""}, "scripts/disable-triage.sh"),
        ({"bin/stop": ""}, "bin/stop"),
        ({"deploy/prod/turn_off.py": ""}, "deploy/prod/turn_off.py"),
        ({"kill-switch.sh": ""}, "kill-switch.sh"),
        ({"scripts/rollback.sh": ""}, "scripts/rollback.sh"),
        ({"scripts/rollback.sh": "", "scripts/stop.sh": ""}, "scripts/stop.sh"),
        ({"a/scripts/stop.sh": "", ".github/workflows/stop.yml": _BY_HAND}, ".github/workflows/stop.yml"),
        ({"scripts/stop.sh": "", ".github/workflows/rollback.yml": _BY_HAND}, "scripts/stop.sh"),
        ({".github/workflows/stop.yml": "on: push\n"}, None),
        ({".github/workflows/ops.yml": f"name: Disable the bot\n{_BY_HAND}"}, ".github/workflows/ops.yml"),
        ({".github/workflows/ops.yml": f"name: Deploy\n{_BY_HAND}"}, None),
        ({".github/workflows/ops.yml": "name: Disable the bot\non: push\n"}, None),
        ({"scripts/stop_words.py": "", "scripts/stopwords.py": "", "scripts/stop-sequences.py": ""}, None),
        ({"triage/stop.py": "", "kill.py": "", "scripts/stop.txt": "", "scripts/nonstop.sh": ""}, None),
        ({"tests/scripts/stop.sh": "", "vendor/bin/stop": ""}, None),
    ],
)
def test_what_turns_the_pilot_off_is_known_by_its_name(
    tmp_path: Path, content: dict[str, str], found: str | None
) -> None:
    assert starter.look(files(tmp_path, content)).stop_switch == found


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/acme/Invoice_Triage.git", "invoice-triage"),
        ("git@github.com:acme/invoice-triage.git", "invoice-triage"),
        ("ssh://git@github.com/acme/invoice-triage/", "invoice-triage"),
        ("/srv/git/invoice-triage.git", "invoice-triage"),
        ("triage:invoice-triage", "invoice-triage"),
        ("https://ana:s3cret@github.com", "folder"),
        ("https://[github.com/acme/x", "folder"),
        ("https://github.com/acme/\u2192.git", "folder"),
        (f"https://github.com/acme/{'x' * 300}", "x" * 100),
    ],
)
def test_the_name_is_that_of_the_repository_not_of_the_folder(tmp_path: Path, address: str, name: str) -> None:
    folder = files(tmp_path / "folder", {"a": ""})
    committed(folder)
    git(folder, "remote", "add", "origin", address)
    assert starter.look(folder).name == name


def test_a_folder_inside_a_repository_has_its_own_name(tmp_path: Path) -> None:
    folder = files(tmp_path / "repo", {"pilots/triage/a": ""})
    committed(folder)
    assert starter.look(folder).name == "repo"
    git(folder, "remote", "add", "origin", "https://github.com/acme/everything.git")
    assert starter.look(folder / "pilots/triage").name == "triage"


@pytest.mark.parametrize("command", ["init", "check"])
def test_a_policy_that_is_there_stays_as_it_is(pilotgate: Pilotgate, tmp_path: Path, command: str) -> None:
    file = files(tmp_path, {".pilot.yml": "mine: yes\n"}) / ".pilot.yml"
    pilotgate(command, tmp_path)
    assert file.read_bytes() == b"mine: yes\n"


def test_overwriting_is_refused_by_a_line(pilotgate: Pilotgate, tmp_path: Path) -> None:
    said = f"{tmp_path}/.pilot.yml is there already and stays as it is; `pilotgate check {tmp_path}` checks it"
    files(tmp_path, {".pilot.yml": SMALL})
    assert pilotgate("init", tmp_path) == Ran(2, "", f"pilotgate: {said}\n")


def test_a_policy_under_another_name_is_not_written_beside(pilotgate: Pilotgate, tmp_path: Path) -> None:
    said = f"there is a .pilot.yaml in {tmp_path}, which nothing reads: rename it to .pilot.yml"
    files(tmp_path, {".pilot.yaml": SMALL})
    assert pilotgate("init", tmp_path) == Ran(2, "", f"pilotgate: {said}\n")
    assert not (tmp_path / ".pilot.yml").exists()


def test_a_link_that_leads_nowhere_is_not_written_through(pilotgate: Pilotgate, tmp_path: Path) -> None:
    folder = files(tmp_path / "repo", {})
    (folder / ".pilot.yml").symlink_to(tmp_path / "elsewhere")
    assert pilotgate("init", folder).code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_none_is_two(pilotgate: Pilotgate, tmp_path: Path) -> None:
    files(tmp_path, {"file": ""})
    for name, what in (
        ("no", "is not there: name a folder"),
        ("file", "is a file: name the folder that holds it"),
        ("x" * 300, "can't be opened: file name too long"),
    ):
        assert pilotgate("init", tmp_path / name) == Ran(2, "", f"pilotgate: {tmp_path / name} {what}\n")


def _refuse(*arguments: object, **options: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_folder_that_can_t_be_written_is_two(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", _refuse)
    said = f"{tmp_path}/.pilot.yml can't be written: permission denied"
    assert pilotgate("init", tmp_path) == Ran(2, "", f"pilotgate: {said}\n")


def test_a_file_that_can_t_be_read_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path, {"CODEOWNERS": "* @acme/one\n", "a.yml": _RULE, "b.dvc": _DVC, "results.json": '{"a": 1}'})
    monkeypatch.setattr(Path, "open", _refuse)
    shows = starter.look(tmp_path)
    assert (shows.owner, shows.configs, shows.manifests, shows.results) == (None, (), (), ())


def test_links_and_undecodable_files_do_no_harm(started: Started, tmp_path: Path) -> None:
    repo = files(tmp_path / "repo", {"a.yml": _RULE, "c.yml": "\udcff\udcfe\n" + _RULE})
    files(tmp_path, {"CODEOWNERS": "* @acme/one\n"})
    (repo / "CODEOWNERS").symlink_to("../CODEOWNERS")
    (repo / "b.yml").symlink_to("nowhere")
    (repo / "up").symlink_to("..")
    policy = started(repo)
    assert policy.owners is None
    assert policy.monitoring is not None
    assert policy.monitoring.configs == ("a.yml",)


def test_a_folder_that_leads_out_of_the_repository_shows_nothing(tmp_path: Path) -> None:
    files(tmp_path, {"outside/CODEOWNERS": "* @acme/one\n", "outside/a.yml": _RULE, "repo/x": ""})
    (tmp_path / "repo/.github").symlink_to("../outside")
    shows = starter.look(tmp_path / "repo")
    committed(tmp_path / "repo")
    assert shows == starter.look(tmp_path / "repo") == Shows("repo")


@pytest.mark.parametrize("name", ["a\\b.dvc", "c:x.dvc", "a\nb.dvc", "d\udcff.dvc", "e\x1b.dvc", "f\u202e.dvc"])
def test_a_path_that_a_policy_can_t_hold_is_left_out(started: Started, tmp_path: Path, name: str) -> None:
    policy = started(files(tmp_path, {name: _DVC, "ok.dvc": _DVC}))
    assert [one.manifest for one in policy.evaluation or ()] == ["ok.dvc"]


def test_a_huge_tree_is_looked_at_in_part(started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_READ", 30)
    content = {f"data/{number:03}.dvc": _DVC for number in range(100)}
    policy = started(files(tmp_path, {**content, **{f"a/{number:03}.dvc": "" for number in range(25)}}))
    assert [one.manifest for one in policy.evaluation or ()] == [f"data/{number:03}.dvc" for number in range(5)]


def test_a_starter_names_twenty_of_a_kind(started: Started, tmp_path: Path) -> None:
    policy = started(files(tmp_path, {f"data/{number:03}.dvc": _DVC for number in range(100)}))
    assert len(policy.evaluation or ()) == 20


def test_signs_of_a_pattern_in_a_name_mean_themselves(started: Started, tmp_path: Path) -> None:
    policy = started(files(tmp_path, {"ops/a[1]*.yml": _RULE, "ops/a1x.yml": "x: 1\n"}))
    assert policy.monitoring is not None
    (config,) = policy.monitoring.configs or ()
    assert (config.matches("ops/a[1]*.yml"), config.matches("ops/a1x.yml")) == (True, False)


def test_files_of_blanks_are_read_to_their_end(started: Started, tmp_path: Path) -> None:
    # A pattern that looks back and forth over blanks would not come to an end here.
    policy = started(files(tmp_path, {"a.yml": "\n" * 200_000, "b.yml": " " * 200_000, "c.yml": " \n" * 100_000}))
    assert policy.monitoring is None


_NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="\\/"), min_size=1, max_size=12
).filter(lambda name: name not in (".", ".."))
_PATHS = st.lists(st.lists(_NAMES, min_size=1, max_size=3).map(lambda names: "/".join(["d", *names])), max_size=3).map(
    tuple
)
_ALERTS = st.builds(
    Alert,
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10),
    system=st.just("Prometheus"),
    path=st.just("a.yml"),
    line=st.just(1),
    metrics=st.frozensets(_NAMES, min_size=1, max_size=2),
    runbook_url=st.none() | _NAMES,
)
_SHOWS = st.builds(
    Shows,
    name=st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True),
    owner=st.none() | st.from_regex(r"@[A-Za-z0-9][A-Za-z0-9_-]{0,9}(/[A-Za-z0-9_.-]{1,9})?", fullmatch=True),
    configs=_PATHS,
    alerts=st.lists(_ALERTS, max_size=3).map(tuple),
    results=_PATHS.map(lambda paths: tuple((path, "json") for path in paths)),
    manifests=_PATHS,
    runbooks=_PATHS,
    answers=st.dictionaries(_NAMES, st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9)).map(tuple)),
    stop_switch=st.none() | _PATHS.filter(bool).map(lambda paths: paths[0]),
)


@settings(max_examples=60, deadline=None)
@arbitrary(_SHOWS, st.dates())
def test_whatever_a_folder_shows_its_starter_parses(shows: Shows, today: date) -> None:
    policy = _policy(starter.write(shows, today))
    assert (policy.pilot.name, policy.owners.fix if policy.owners else None) == (shows.name, shows.owner)
    assert [one.manifest for one in policy.evaluation or ()] == list(shows.manifests)
    configs = (policy.monitoring.configs if policy.monitoring else ()) or ()
    assert [config.matches(path) for config, path in zip(configs, shows.configs, strict=True)] == [True] * len(configs)
    signals = (policy.monitoring.signals if policy.monitoring else ()) or ()
    assert {one.alert for one in signals} == ({one.name for one in shows.alerts} if shows.configs else set())
    assert [one.source and one.source.file for one in policy.criteria or ()] == [path for path, _ in shows.results]
    assert [book.file for book in policy.runbooks or () if book.file] == list(shows.runbooks)
    stops = [book.stop_switch for book in policy.runbooks or () if book.stop_switch]
    assert stops == ([shows.stop_switch] if shows.stop_switch else [])
