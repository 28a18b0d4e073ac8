"""`pilotgate init`: a policy that passes POL002, from what a folder shows; nothing that is there is overwritten."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as arbitrary
from hypothesis import settings
from hypothesis import strategies as st

from bot import starter
from bot.starter import Shows
from rules.catalogue import catalogue
from rules.document import read
from rules.policy import Policy
from tests.bot.given import EXAMPLE, SMALL, TODAY, Ran, files

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
    assert policy.monitoring.configs == ("ops/alerts/triage.yml",)
    assert policy.runbooks is not None
    assert [(one.file, one.stop_switch) for one in policy.runbooks] == [
        ("docs/runbook.md", ".github/workflows/disable-triage.yml")
    ]


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


def test_alert_rules_are_told_from_other_yaml(tmp_path: Path) -> None:
    content = {
        "ops/a.yml": _RULE,
        "ops/b.yaml": _RESOURCE,
        "ops/c.json": _RULE,
        "ops/d.yml": "# alert: none\nalerts: []\nkind: Deployment\n",
        "ops/e.yml": "on_alert: page\ndescription: an alert: here\n",
        "vendor/f.yml": _RULE,
        "node_modules/x/g.yml": _RULE,
    }
    assert starter.look(files(tmp_path, content)).alerts == ("ops/a.yml", "ops/b.yaml")


def test_manifests_and_runbooks_are_known_by_name(tmp_path: Path) -> None:
    names = (
        "a.dvc",
        "b/croissant.json",
        "b/datapackage.json",
        "c.odcs.yaml",
        "d.croissant.json",
        "e.json",
        "f.dvc.txt",
    )
    books = ("RUNBOOK.md", "docs/run-book-2.md", "docs/run_book.md", "docs/runbook.txt", "docs/bookrun.md")
    shows = starter.look(files(tmp_path, dict.fromkeys((*names, *books), "")))
    assert set(shows.manifests) == set(names[:5])
    assert set(shows.runbooks) == set(books[:3])


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


@pytest.mark.parametrize("command", ["init", "check"])
def test_a_policy_that_is_there_stays_as_it_is(pilotgate: Pilotgate, tmp_path: Path, command: str) -> None:
    file = files(tmp_path, {".pilot.yml": "mine: yes\n"}) / ".pilot.yml"
    pilotgate(command, tmp_path)
    assert file.read_bytes() == b"mine: yes\n"


def test_overwriting_is_refused_by_a_line(pilotgate: Pilotgate, tmp_path: Path) -> None:
    said = f"{tmp_path}/.pilot.yml is there already and stays as it is; `pilotgate check {tmp_path}` checks it"
    files(tmp_path, {".pilot.yml": SMALL})
    assert pilotgate("init", tmp_path) == Ran(2, "", f"pilotgate: {said}\n")


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
    files(tmp_path, {"CODEOWNERS": "* @acme/one\n", "a.yml": _RULE, "b.dvc": ""})
    monkeypatch.setattr(Path, "open", _refuse)
    shows = starter.look(tmp_path)
    assert (shows.owner, shows.alerts, shows.manifests) == (None, (), ("b.dvc",))


def test_links_and_undecodable_files_do_no_harm(started: Started, tmp_path: Path) -> None:
    repo = files(tmp_path / "repo", {"a.yml": "\udcff\udcfe\n" + _RULE})
    files(tmp_path, {"CODEOWNERS": "* @acme/one\n"})
    (repo / "CODEOWNERS").symlink_to("../CODEOWNERS")
    (repo / "b.yml").symlink_to("nowhere")
    (repo / "up").symlink_to("..")
    policy = started(repo)
    assert policy.owners is None
    assert policy.monitoring is not None
    assert policy.monitoring.configs == ("a.yml",)


@pytest.mark.parametrize("name", ["a\\b.dvc", "c:x.dvc", "a\nb.dvc", "d\udcff.dvc", "e\x1b.dvc", "f\u202e.dvc"])
def test_a_path_that_a_policy_can_t_hold_is_left_out(started: Started, tmp_path: Path, name: str) -> None:
    policy = started(files(tmp_path, {name: "", "ok.dvc": ""}))
    assert [one.manifest for one in policy.evaluation or ()] == ["ok.dvc"]


def test_a_huge_tree_is_looked_at_in_part(started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter, "_FILES", 30)
    policy = started(files(tmp_path, {f"data/{number:03}.dvc": "" for number in range(100)}))
    assert len(policy.evaluation or ()) == 20


def test_what_comes_after_many_files_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter, "_FILES", 30)
    files(tmp_path, {f"{number:03}.txt": "" for number in range(29)} | {"y.dvc": "", "z.dvc": ""})
    assert starter.look(tmp_path).manifests == ("y.dvc",)


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
_SHOWS = st.builds(
    Shows,
    name=st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True),
    owner=st.none() | st.from_regex(r"@[A-Za-z0-9][A-Za-z0-9_-]{0,9}(/[A-Za-z0-9_.-]{1,9})?", fullmatch=True),
    alerts=_PATHS,
    manifests=_PATHS,
    runbooks=_PATHS,
    stop_switch=st.none() | _PATHS.filter(bool).map(lambda paths: paths[0]),
)


@settings(max_examples=60, deadline=None)
@arbitrary(_SHOWS, st.dates())
def test_whatever_a_folder_shows_its_starter_parses(shows: Shows, today: date) -> None:
    policy = _policy(starter.write(shows, today))
    assert (policy.pilot.name, policy.owners.fix if policy.owners else None) == (shows.name, shows.owner)
    assert [one.manifest for one in policy.evaluation or ()] == list(shows.manifests)
    assert (policy.monitoring.configs if policy.monitoring else ()) == shows.alerts
    assert [book.file for book in policy.runbooks or () if book.file] == list(shows.runbooks)
    stops = [book.stop_switch for book in policy.runbooks or () if book.stop_switch]
    assert stops == ([shows.stop_switch] if shows.stop_switch else [])
