"""`simulate`: what would be posted on a pull request, and why, without a write anywhere."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.doctor import EVENTS
from bot.review.simulate import Reader
from bot.store import open_store
from bot.store.memory import Memory
from tests.bot.given import SMALL, Ran
from tests.stand import Stand

Pilotgate = Callable[..., Ran]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ASKED = ("simulate", "acme/triage#1", "--today", "2026-11-24")
OWNED = SMALL + 'owners: {accountable: "@ana"}\n'
BASE = "acme/.github"


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.chdir(tmp_path)
    with Stand(webhook_url="http://127.0.0.1:1/webhook", events=EVENTS) as stand:
        settings = {
            "APP_ID": str(stand.app.id),
            "PRIVATE_KEY": stand.private_key,
            "WEBHOOK_SECRET": "secret",
            "GITHUB_API_URL": stand.url,
            "DATA_DIR": str(tmp_path),
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"PILOTGATE_{name}", value)
        stand.repository("acme/triage", files={".pilot.yml": SMALL})
        stand.install("acme")
        with closing(open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")) as store:
            store.migrate()
        yield stand


def opened(stand: Stand, files: Mapping[str, str], repository: str = "acme/triage") -> None:
    """Open a pull request that changes these files."""
    stand.commit(repository, "feature", files)
    stand.pull(repository, "feature")


def contents(folder: Path) -> list[str]:
    """All that is in the database."""
    with closing(sqlite3.connect(folder / "pilotgate.db")) as connection:
        return list(connection.iterdump())


def test_it_says_what_would_be_posted_and_why_and_writes_nothing(
    stand: Stand, pilotgate: Pilotgate, tmp_path: Path
) -> None:
    stand.repository(BASE, files={".pilot-org.yml": "version: 1\ncomment: always\n"})
    opened(stand, {".pilot.yml": OWNED})
    before = contents(tmp_path)
    ran = pilotgate(*ASKED)
    assert (ran.code, ran.err) == (0, "")
    head = stand.pull_request("acme/triage", 1).head
    rows = ran.out.splitlines()
    assert rows[0] == "Pilot readiness: failure"
    assert rows[1].startswith("  triage fails: ")
    assert rows[2] == f"  on acme/triage#1 at {head}"
    assert rows[3].endswith(" annotations")
    assert rows[4] == "  with the summary as a comment"
    assert "  error CRI001 " in ran.out
    assert "  error OWN001 " in ran.out
    assert "No ruleset of the base branch requires this check with this app as its source" in ran.out
    asked = ran.out.partition("\n\nNothing was posted. ")[2].splitlines()
    assert asked[0] == f"{len(asked) - 1} requests:"
    assert asked[1] == "  GET /repos/acme/triage/installation"
    assert "  graphql Pull" in asked
    posted = [one.route for one in stand.requests if one.method != "GET" and one.document is None]
    assert posted == ["/app/installations/{installation_id}/access_tokens"]
    assert contents(tmp_path) == before


def test_the_day_is_that_which_is_asked_for(stand: Stand, pilotgate: Pilotgate) -> None:
    review = "{team: '@acme/appsec', due: 2026-11-20, outcome: pending}"
    opened(stand, {".pilot.yml": f"{OWNED}reviews: {{security: {review}}}\n"})
    assert "error REV002 " in pilotgate(*ASKED).out
    assert "error REV002 " not in pilotgate("simulate", "acme/triage#1", "--today", "2026-11-19").out
    assert pilotgate("simulate", "acme/triage#1", "--today", "tomorrow") == Ran(
        2, "", "pilotgate: --today tomorrow: write a date as in 2026-11-24\n"
    )


def test_a_pull_request_without_a_pilot_is_explained_in_a_sentence(stand: Stand, pilotgate: Pilotgate) -> None:
    stand.repository("acme/web", files={"README.md": ""})
    opened(stand, {"a.md": ""}, "acme/web")
    ran = pilotgate("simulate", "acme/web#1")
    assert ran.out.startswith("Pilot readiness: neutral\n  No pilot here\n")
    assert "\n\nThere is no `.pilot.yml` on this pull request or its base branch" in ran.out


def test_each_policy_is_named_where_several_judge_it(stand: Stand, pilotgate: Pilotgate) -> None:
    opened(stand, {".pilot.yml": OWNED, "ml/.pilot.yml": SMALL.replace("triage", "other")})
    ran = pilotgate(*ASKED)
    assert "\n\n.pilot.yml\n\n" in ran.out
    assert "\n\nml/.pilot.yml\n\n" in ran.out


def test_what_is_remembered_counts(stand: Stand, pilotgate: Pilotgate, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")) as store:
        Memory(store).saw_organisation("acme", NOON)
    opened(stand, {".pilot.yml": OWNED})
    ran = pilotgate(*ASKED)
    assert ran.out.startswith("Pilot readiness: action_required\n")
    assert "pilotgate organisation forget acme" in ran.out


@pytest.mark.parametrize(
    "asked", ["acme/triage", "triage#1", "acme/triage#", "acme/triage#0", "acme/tri age#1", "acme/triage#1\n", "#1"]
)
def test_what_names_no_pull_request_is_refused(stand: Stand, pilotgate: Pilotgate, asked: str) -> None:
    ran = pilotgate("simulate", asked)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(": write OWNER/REPO#NUMBER, as in acme/triage#17\n")
    assert list(stand.requests) == []


def test_what_can_t_be_judged_is_said(stand: Stand, pilotgate: Pilotgate) -> None:
    opened(stand, {".pilot.yml": OWNED})
    said = "is not there, or the app is not installed on it: install it for other from its page"
    assert pilotgate("simulate", "other/web#1") == Ran(2, "", f"pilotgate: other/web {said}\n")
    said = "pilotgate: there is no pull request acme/triage#99: look at its number\n"
    assert pilotgate("simulate", "acme/triage#99") == Ran(2, "", said)
    stand.fail("graphql Pull", "status", status=502)
    assert pilotgate(*ASKED).err.startswith("pilotgate: acme/triage#1 can't be judged: POST graphql: 502")
    stand.fail("GET /repos/acme/triage/installation", "status", status=403)
    assert pilotgate(*ASKED).err.startswith("pilotgate: acme/triage#1 can't be judged: GET /repos/acme/triage/inst")
    stand.close("acme/triage", 1)
    said = "pilotgate: acme/triage#1 is closed, or its repository archived: nothing is posted there\n"
    assert pilotgate(*ASKED) == Ran(2, "", said)


def test_a_database_is_neither_made_nor_brought_up_to_date(
    stand: Stand, pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PILOTGATE_DATA_DIR", str(tmp_path / "none"))
    assert "there is no database at " in pilotgate(*ASKED).err
    assert not (tmp_path / "none").exists()
    (tmp_path / "none").mkdir()
    with closing(sqlite3.connect(tmp_path / "none" / "pilotgate.db")) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    assert "the tables are at nothing, not at " in pilotgate(*ASKED).err
    assert contents(tmp_path / "none") == ["BEGIN TRANSACTION;", "CREATE TABLE other (id INTEGER);", "COMMIT;"]


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("POST", "/repos/acme/triage/check-runs", {}),
        ("PATCH", "/repos/acme/triage/issues/1", {}),
        ("POST", "graphql", {"query": "mutation Minimise { x }"}),
    ],
)
def test_the_app_that_reads_can_t_write(stand: Stand, verb: str, path: str, body: dict[str, str]) -> None:
    app = Reader(stand.app.id, stand.private_key, stand.url)
    with pytest.raises(AssertionError, match="would write"):
        app.ask("token", verb, path, None, body)
    assert list(stand.requests) == []


def test_an_emergency_would_open_an_issue(stand: Stand, pilotgate: Pilotgate) -> None:
    opened(stand, {".pilot.yml": OWNED})
    stand.permit("acme/triage", "ana", "admin")
    stand.label("acme/triage", 1, ["pilot-emergency"])
    stand.review("acme/triage", 1, by="ana")
    rows = pilotgate(*ASKED).out.splitlines()
    assert rows[0] == "Pilot readiness: neutral"
    assert rows[1].startswith("  Emergency: triage fails")
    assert "  with an issue to make up for the emergency" in rows
    assert len(stand.world.repositories["acme/triage"].issues) == 1
