"""`organisation forget` and `ledger`: what the server keeps, and how an operator looks at it or lets go of it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import Store, open_store
from bot.store.ledger import Entry, Ledger
from bot.store.memory import Memory
from tests.bot.given import Ran

Pilotgate = Callable[..., Ran]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PILOTGATE_DATA_DIR", str(tmp_path))
    store = open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")
    store.migrate()
    yield store
    store.close()


def test_a_file_that_is_gone_for_good_is_forgotten_once(store: Store, pilotgate: Pilotgate) -> None:
    Memory(store).saw_organisation("Acme", NOON)
    Memory(store).saw_organisation("other", NOON)
    ran = pilotgate("organisation", "forget", "acme")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("The organisation's file of acme is forgotten: without one, the defaults apply.")
    assert not Memory(store).has_seen_organisation("acme")
    assert Memory(store).has_seen_organisation("other")
    said = "no organisation's file of acme is known: there is nothing to forget"
    assert pilotgate("organisation", "forget", "acme") == Ran(2, "", f"pilotgate: {said}\n")


def _add(store: Store, number: int, name: str) -> None:
    entry = Entry(f"emergency/{number}", NOON, 7, name, "emergency", "ana", "c" * 40, number, "d" * 64)
    Ledger(store).add(entry)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [("acme", [1, 2]), ("ACME/Triage", [1]), ("acme/web", [2]), ("acmes", [3]), ("acm", []), ("acme/none", [])],
)
def test_the_ledger_is_listed_one_object_a_line(
    store: Store, pilotgate: Pilotgate, asked: str, numbers: list[int]
) -> None:
    for number, name in enumerate(("acme/triage", "acme/web", "acmes/triage"), 1):
        _add(store, number, name)
    ran = pilotgate("ledger", asked)
    assert (ran.code, ran.err) == (0, "")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["number"] for one in found] == numbers
    for one in found:
        assert (one["kind"], one["login"], one["at"]) == ("emergency", "ana", "2026-11-24T12:00:00+00:00")


@pytest.mark.parametrize(
    ("arguments", "how"),
    [
        (("ledger", "acme/"), "OWNER or OWNER/REPO, as in acme/triage"),
        (("ledger", "acme/triage/x"), "OWNER or OWNER/REPO, as in acme/triage"),
        (("ledger", ""), "OWNER or OWNER/REPO, as in acme/triage"),
        (("organisation", "forget", "acme/.github"), "OWNER, as in acme"),
    ],
)
def test_what_names_nothing_is_refused(
    store: Store, pilotgate: Pilotgate, arguments: tuple[str, ...], how: str
) -> None:
    assert pilotgate(*arguments) == Ran(2, "", f"pilotgate: {arguments[-1]}: write {how}\n")


@pytest.mark.parametrize("arguments", [("ledger", "acme"), ("organisation", "forget", "acme")])
def test_no_database_is_made(
    pilotgate: Pilotgate, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = pilotgate(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("pilotgate: there is no database at ")
    assert list(tmp_path.iterdir()) == []


def test_organisation_does_nothing_else(store: Store, pilotgate: Pilotgate) -> None:
    ran = pilotgate("organisation", "remember", "acme")
    assert (ran.code, ran.out) == (2, "")
    assert "forget" in ran.err
