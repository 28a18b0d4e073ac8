"""`deliveries` and `doctor`: what became of each webhook, and what stands between the server and its first check."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import iter_modules

import pytest

from bot import events
from bot.demo.github import StandIn
from bot.demo.github.webhooks import NEEDS
from bot.doctor import EVENTS, PERMISSIONS, examine
from bot.settings import server
from bot.store import open_store
from bot.store.deliveries import Deliveries, Delivery
from rules.catalogue import catalogue
from tests.bot.given import Ran

Pilotgate = Callable[..., Ran]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deliveries]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PILOTGATE_DATA_DIR", str(tmp_path))
    store = open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")
    store.migrate()
    rows = Deliveries(store)
    for number, id in enumerate(("one", "two", "three")):
        rows.accept([Delivery(id, "push", "x" if number else None, 7, "acme/triage", "lane", b"{}", NOON)])
    rows.finish("one", NOON)
    rows.fail("two", NOON, "404 Not Found")
    yield rows
    store.close()


def test_every_delivery_is_listed_with_what_became_of_it(rows: Deliveries, pilotgate: Pilotgate) -> None:
    ran = pilotgate("deliveries")
    assert (ran.code, ran.err) == (0, ""), ran.out
    head, one, two, error, three = ran.out.splitlines()
    assert head.split() == ["ID", "EVENT", "REPOSITORY", "STATE", "TRIES", "RECEIVED", "FINISHED"]
    assert one.split()[:5] == ["one", "push", "acme/triage", "done", "0"]
    assert two.split()[:4] == ["two", "push.x", "acme/triage", "failed"]
    assert error.strip() == "404 Not Found"
    assert three.split() == ["three", "push.x", "acme/triage", "pending", "0", "2026-11-24", "12:00:00Z", "-"]


@pytest.mark.parametrize(("state", "ids"), [("pending", ["three"]), ("done", ["one"]), ("failed", ["two"])])
def test_a_state_is_listed_alone_and_as_json(
    rows: Deliveries, pilotgate: Pilotgate, state: str, ids: list[str]
) -> None:
    lines = pilotgate("deliveries", "--state", state, "--format", "json").out.splitlines()
    found = [json.loads(line) for line in lines]
    assert [one["id"] for one in found] == ids
    assert {one["state"] for one in found} == {state}
    assert list(found[0]) == [
        "id",
        "event",
        "action",
        "repository",
        "state",
        "attempts",
        "received",
        "finished",
        "error",
    ]


def test_one_is_taken_up_again(rows: Deliveries, pilotgate: Pilotgate) -> None:
    assert pilotgate("deliveries", "retry", "two") == Ran(0, "two is taken up again by the worker\n", "")
    assert {one.id: one.state for one in rows.standings()}["two"] == "accepted"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("retry", "four"), "no delivery has the id four: `pilotgate deliveries` lists them"),
        (("retry",), "write `pilotgate deliveries retry ID`, or `pilotgate deliveries` alone"),
        (("again", "one"), "write `pilotgate deliveries retry ID`, or `pilotgate deliveries` alone"),
    ],
)
def test_what_can_not_be_taken_up_is_said(
    rows: Deliveries, pilotgate: Pilotgate, arguments: tuple[str, ...], said: str
) -> None:
    assert pilotgate("deliveries", *arguments) == Ran(2, "", f"pilotgate: {said}\n")


def test_a_folder_without_a_database_is_not_given_one(
    pilotgate: Pilotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "data" / "pilotgate.db"
    said = f"there is no database at {file}: is PILOTGATE_DATA_DIR that of the server?"
    assert pilotgate("deliveries") == Ran(2, "", f"pilotgate: {said}\n")
    assert not file.parent.exists()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_without_settings_nothing_starts_and_all_that_is_missing_is_said(
    pilotgate: Pilotgate, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = pilotgate(command)
    assert ran.code == 2
    assert ran.err.count(" is missing: ") == 3


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.chdir(tmp_path)
    with StandIn(webhook_url="https://pilotgate.example/webhook", permissions=PERMISSIONS, events=EVENTS) as stand:
        settings = {
            "APP_ID": str(stand.app.id),
            "PRIVATE_KEY": stand.private_key,
            "WEBHOOK_SECRET": "secret",
            "GITHUB_API_URL": stand.url,
            "PUBLIC_URL": "https://pilotgate.example",
            "DATA_DIR": str(tmp_path),
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"PILOTGATE_{name}", value)
        yield stand
        assert (stand.unknown, stand.broken) == ([], [])


def _failing() -> dict[str, str]:
    return {
        line.subject: line.said
        for line in examine(server.read(), lambda: datetime.now(UTC), catalogue())
        if not line.good
    }


def test_a_healthy_server_is_told_so(github: StandIn, rows: Deliveries, pilotgate: Pilotgate) -> None:
    github.install("acme")
    rows.finish("three", NOON)
    ran = pilotgate("doctor")
    assert (ran.code, ran.err) == (0, ""), ran.out
    subjects = [line.split()[1] for line in ran.out.splitlines()]
    assert subjects == [
        "settings",
        "database",
        "key",
        "GitHub",
        "clock",
        "permissions",
        "events",
        "webhook",
        "installations",
        "organisation",
        "gate",
    ]


def test_each_ill_is_named_with_its_mend(
    github: StandIn, rows: Deliveries, pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.app.permissions = {"checks": "read", "metadata": "read"}
    github.app.events = ["push"]
    github.hooks.url = "https://elsewhere.example/hook"
    failing = _failing()
    assert failing["permissions"].startswith(
        "grant checks: write, contents: write, issues: write, members: read, merge_queues: read,"
        " organization_custom_properties: read, pull_requests: write, statuses: read on the app's page"
    )
    assert failing["events"].startswith(
        "subscribe to check_run, check_suite, custom_property_values, issue_comment, member, membership, merge_group,"
        " organization, pull_request, pull_request_review, repository, status, team on"
    )
    assert failing["webhook"].startswith(
        "GitHub sends to https://elsewhere.example/hook: set https://pilotgate.example"
    )
    assert failing["installations"] == "nobody has installed the app: install it from its public page"
    assert "does a worker run?" in failing["database"]
    monkeypatch.setenv("PILOTGATE_PUBLIC_URL", "")
    assert _failing()["webhook"] == "GitHub sends to https://elsewhere.example/hook: its address ends in /webhook"
    assert pilotgate("doctor").code == 1


def test_a_clock_that_is_off_a_suspended_app_and_a_foreign_key_are_named(
    github: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = github.install("acme")
    github.suspend(installation)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    found = {line.subject: line for line in examine(server.read(), lambda: later, catalogue())}
    assert not found["clock"].good
    assert "ahead of GitHub's: set it by NTP" in found["clock"].said
    assert found["installations"].said == "acme has suspended the app"
    monkeypatch.setenv("PILOTGATE_APP_ID", "9")
    assert "does the key belong to app 9?" in _failing()["GitHub"] or "is " in _failing()["GitHub"]
    monkeypatch.setenv("PILOTGATE_PRIVATE_KEY", "no key")
    assert _failing()["key"].startswith("PILOTGATE_PRIVATE_KEY is no RSA private key")
    monkeypatch.setenv("PILOTGATE_DATABASE_URL", "mysql://x")
    monkeypatch.setenv("PILOTGATE_PRIVATE_KEY", "")
    failing = _failing()
    assert failing["settings"].startswith("PILOTGATE_PRIVATE_KEY is missing")
    assert "PILOTGATE_DATABASE_URL" in failing["database"]
    assert "GitHub" not in failing


def test_a_github_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, github: StandIn) -> None:
    monkeypatch.setenv("PILOTGATE_GITHUB_API_URL", "http://127.0.0.1:9")
    assert "is http://127.0.0.1:9 right" in _failing()["GitHub"]


def test_what_the_doctor_asks_for_is_what_the_manifest_asks_for() -> None:
    manifest = json.loads((Path(__file__).parents[2] / "deploy" / "app-manifest.json").read_text(encoding="utf-8"))
    assert manifest["default_permissions"] == PERMISSIONS
    assert sorted(manifest["default_events"]) == sorted(EVENTS)


@pytest.mark.parametrize("event", EVENTS)
def test_what_the_app_subscribes_to_it_may_be_told(event: str) -> None:
    assert set(NEEDS[event]) & set(PERMISSIONS), "GitHub would not take the manifest"


def test_every_event_that_is_handled_is_subscribed_to_or_comes_by_itself() -> None:
    handled = {found.name for found in iter_modules(events.__path__)}
    assert handled - set(EVENTS) == {"installation", "installation_repositories"}
    assert set(EVENTS) <= handled
