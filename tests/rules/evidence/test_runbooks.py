"""Where addresses lead, and whether what a runbook cites is there."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence import runbooks
from rules.evidence.runbooks import Runbooks, leads
from rules.facts import Files, Presence, Unread, Unverifiable
from tests.rules.given import ROOT, holding, policy

POLICY = policy("runbooks: [{file: docs/runbook.md}, {file: docs/other.md}, {alerts: [A]}]")


def read(files: dict[str, bytes]) -> Runbooks:
    return Runbooks.read(POLICY, holding(files))


def cited(text: str, *there: str) -> dict[str, Presence | Unverifiable]:
    """What a runbook with this text cites, in a repository where these files stand as well."""
    found = read({"docs/runbook.md": text.encode(), "docs/other.md": b"# Queues\n", **dict.fromkeys(there, b"")})
    return {one.name: one.presence for one in found.cited["docs/runbook.md"]}


@pytest.mark.parametrize(
    ("address", "paths", "anchor"),
    [
        ("https://github.com/acme/triage/blob/main/docs/runbook.md#a", ("docs/runbook.md", "runbook.md"), "a"),
        ("https://github.com/acme/triage/blob/main/r.md?plain=1#L3", ("r.md",), "L3"),
        ("https://github.com/acme/triage/tree/main/docs", ("docs",), ""),
        ("https://github.acme.example/acme/triage/raw/main/r.md", ("r.md",), ""),
        ("https://github.com/acme/triage/blob/fix/x/r.md", ("x/r.md", "r.md"), ""),
        ("https://raw.githubusercontent.com/acme/triage/main/r.md", ("r.md",), ""),
        ("https://raw.githubusercontent.com/a/b/refs/heads/main/r.md", ("heads/main/r.md", "main/r.md", "r.md"), ""),
        ("http://github.com/acme/triage/blob/main/a%20b.md#%C3%A4", ("a b.md",), "ä"),
        ("docs/runbook.md#a", ("docs/runbook.md", "ops/docs/runbook.md"), "a"),
        ("/docs/runbook.md", ("docs/runbook.md", "ops/docs/runbook.md"), ""),
        ("../docs/./runbook.md", ("docs/runbook.md",), ""),
        ("#a", ("ops",), "a"),
    ],
)  # fmt: skip
def test_an_address_in_a_repository_is_read_by_path_and_anchor(
    address: str, paths: tuple[str, ...], anchor: str
) -> None:
    found = leads(address, "ops/alerts.yml")
    assert found is not None
    assert (found.paths, found.anchor) == (paths, anchor)


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/acme/triage/blob/main/r.md", "acme/triage"),
        ("https://www.GitHub.com/Acme/Triage/blob/main/r.md", "Acme/Triage"),
        ("https://raw.githubusercontent.com/acme/triage/main/r.md", "acme/triage"),
        ("https://github.acme.example/acme/triage/blob/main/r.md", None),
        ("docs/r.md", None),
    ],
)
def test_an_address_at_github_com_names_its_repository(address: str, repository: str | None) -> None:
    assert getattr(leads(address), "repository", "") == repository


@pytest.mark.parametrize(
    "address",
    [
        "https://wiki.acme.example/triage#a",
        "https://github.com/acme/triage",
        "https://github.com/acme/triage/wiki/Runbook",
        "https://github.com/acme/triage/blob/main",
        "https://gitlab.com/acme/triage/-/blob/main/docs/runbook.md",
        "https://raw.githubusercontent.com/acme",
        "mailto:ana@acme.example",
        "//github.com/acme/triage/blob/main/r.md",
        "https://[x",
        "https://github.com/acme/triage/blob/main/" + "a/" * 100,
    ],
)
def test_any_other_address_leads_to_no_file(address: str) -> None:
    assert leads(address) is None


@given(st.text(max_size=60))
def test_no_address_is_too_odd_to_be_looked_at(address: str) -> None:
    found = leads(address, "ops/a.yml")
    assert found is None or all(".." not in path.split("/") for path in found.paths)


@pytest.mark.parametrize(
    ("text", "name", "there"),
    [
        ("[x](third.md)", "third.md", "docs/third.md"),
        ("[x](/ops/a.sh)", "/ops/a.sh", "ops/a.sh"),
        ("[x](../ops/a%20b.sh)", "../ops/a b.sh", "ops/a b.sh"),
        ("[x](pics/)", "pics/", "docs/pics/a.png"),
        ("![x](pics/a.png)", "pics/a.png", "docs/pics/a.png"),
        ("[x][y]\n\n[y]: a.md?raw=1", "a.md", "docs/a.md"),
        ("run `ops/stop.sh`", "ops/stop.sh", "ops/stop.sh"),
        ("run `./stop/now.sh`", "./stop/now.sh", "docs/stop/now.sh"),
        ("see `triage/serve.py:42`", "triage/serve.py", "triage/serve.py"),
        ("see `triage/serve.py#L4-L9`", "triage/serve.py", "triage/serve.py"),
        ("see `.github/workflows/a.yml`", ".github/workflows/a.yml", ".github/workflows/a.yml"),
    ],
)
def test_a_path_that_is_cited_is_looked_up(text: str, name: str, there: str) -> None:
    assert cited(text) == {name: Presence.NOTHING}
    assert cited(text, there)[name] in (Presence.FILE, Presence.FOLDER)


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://acme.example/a.md)",
        "[x](mailto:ana@acme.example)",
        "[x](//acme.example/a)",
        "[x](../../issues/new)",
        "[x](<{{ site.url }}/a.md>)",
        "`make eval`",
        "`stop.sh`",
        "`/etc/triage/config.yml`",
        "`etc/triage/config.yml`",
        "`application/json`",
        "`deploy/triage`",
        "`github.com/acme/triage/a.md`",
        "`acme/triage:1.2.3`",
        "`ops/*.yml`",
        "`https://acme.example/a.md`",
        "`" + "a/" * 300 + "b.md`",
        "```\nops/gone.sh\n```",
    ],
)
def test_what_is_no_path_of_the_repository_is_not_looked_up(text: str) -> None:
    assert cited(text, "deploy/x/triage.yml") == {}


def test_a_path_below_a_folder_that_is_there_is_one_whatever_its_ending() -> None:
    assert cited("`ops/gone.xyz` `ops/there/`, `ops/../../x.md`", "ops/there/a") == {
        "ops/gone.xyz": Presence.NOTHING,
        "ops/there/": Presence.FOLDER,
        "ops/../../x.md": Presence.NOTHING,
    }


def test_an_anchor_is_looked_up_on_the_page_that_it_means() -> None:
    text = "# A\n[1](#a) [2](#b) [3](#) [4](other.md#queues) [5](other.md#gone) [6](third.md#x) [7](#Top)"
    assert cited(text, "docs/third.md") == {
        "#a": Presence.FILE,
        "#b": Presence.NOTHING,
        "#": Presence.FILE,
        "#Top": Presence.FILE,
        "other.md": Presence.FILE,
        "other.md#queues": Presence.FILE,
        "other.md#gone": Presence.NOTHING,
        "third.md": Presence.FILE,
    }


def test_a_workflow_at_an_address_is_looked_up_here_and_may_be_elsewhere() -> None:
    text = "![x](https://github.com/acme/triage/actions/workflows/stop.yml/badge.svg)"
    name = ".github/workflows/stop.yml"
    assert cited(text, name) == {name: Presence.FILE}
    assert isinstance(cited(text)[name], Unverifiable)


def test_where_the_files_are_not_known_nothing_is_said_to_be_gone() -> None:
    blind = Unverifiable("the tree is too large")
    files = Files({"docs/runbook.md": b"[x](a.md) `ops/a.sh`", "docs/other.md": Unread("is not there")}, blind)
    found = Runbooks.read(POLICY, files)
    assert {one.presence for one in found.cited["docs/runbook.md"]} == {blind}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the alert `TriageErrors` fires", ["TriageErrors"]),
        ("Alert: `TriageErrors`", ["TriageErrors"]),
        ("`TriageErrors` alerts and `KubePodCrash` fires", []),
        ("the `TriageErrors` alert, as the alert\n`KubePodCrash`", ["TriageErrors", "KubePodCrash"]),
        ("the class `TriageErrors` and an alert `for` it", []),
        ("`TriageErrors`", []),
    ],
)
def test_an_alert_is_cited_where_the_word_stands_next_to_its_name(text: str, names: list[str]) -> None:
    found = read({"docs/runbook.md": text.encode()})
    assert [span.text for span in found.alerts["docs/runbook.md"]] == names


def test_what_can_not_be_read_is_kept_with_its_reason() -> None:
    files = {"docs/runbook.md": b"\xff", "docs/other.md": b" \n"}
    found = read(files)
    assert {path: str(fault) for path, fault in found.broken.items()} == {
        "docs/runbook.md": "`docs/runbook.md:1` is not UTF-8 (byte 0xff): save it as UTF-8",
        "docs/other.md": "`docs/other.md` is empty: write what to do when an alert fires",
    }
    assert found.pages == {}
    long = Runbooks.read(policy("runbooks: [{file: a.md}]"), holding({"a.md": b"a" * 200_000}))
    assert "longer than 128 KiB" in str(long.opaque["a.md"])


def test_no_more_is_read_than_a_bound_on_all_runbooks_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runbooks, "MAX_PAGES", 6)
    found = read({"docs/runbook.md": b"# abc", "docs/other.md": b"# d"})
    assert [*found.pages] == ["docs/runbook.md"]
    assert str(found.opaque["docs/other.md"]) == (
        "`docs/other.md` is beyond the 256 KiB of runbooks that are read in all: shorten them, or name fewer"
    )
    monkeypatch.setattr(runbooks, "MAX_PAGES", 8)
    assert [*read({"docs/runbook.md": b"# abc", "docs/other.md": b"# d"}).pages] == ["docs/runbook.md", "docs/other.md"]


def test_a_run_that_looks_at_no_runbook_loads_no_reader_of_markdown() -> None:
    look = "import sys; from rules.catalogue import catalogue; catalogue(); print('markdown_it' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True, cwd=ROOT, text=True)
    assert done.stdout == "False\n"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="#[]()`<>!-\n./ab{}*_|=:", max_size=200).map(str.encode))
def test_no_runbook_is_too_odd_to_be_read(data: bytes) -> None:
    found = read({"docs/runbook.md": data})
    assert len([*found.pages, *found.broken, *found.opaque]) == 2
