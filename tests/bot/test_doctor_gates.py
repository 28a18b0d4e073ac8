"""What `doctor` says of organisation's files and of gates that stand open."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.doctor import EVENTS, examine, gates
from bot.doctor.line import Line
from bot.settings import server
from bot.store import Store, open_store
from bot.store.memory import Memory
from rules.catalogue import catalogue
from tests.bot.given import SMALL
from tests.stand import Stand

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
POLICY = {".pilot.yml": SMALL}
CHECK = "Pilot readiness"


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
        yield stand


@pytest.fixture
def store(tmp_path: Path, stand: Stand) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def said(stand: Stand, store: Store) -> Callable[[str], list[tuple[bool, str]]]:
    """What is said of a subject, and whether it will do."""

    def lines(subject: str) -> list[tuple[bool, str]]:
        found: list[Line] = list(examine(server.read(), lambda: datetime.now(UTC), catalogue()))
        return [(one.good, one.said) for one in found if one.subject == subject]

    return lines


Said = Callable[[str], list[tuple[bool, str]]]


def test_each_pilot_whose_branch_does_not_require_the_check_is_named_with_the_mend(stand: Stand, said: Said) -> None:
    stand.repository("acme/required", files=POLICY)
    stand.repository("acme/open", files=POLICY)
    stand.repository("acme/anybody", files=POLICY)
    stand.repository("acme/archived", files=POLICY)
    stand.archive("acme/archived")
    stand.repository("acme/none", files={"README.md": ""})
    stand.require("acme/required", "main", CHECK)
    stand.require("acme/open", "feature", CHECK)
    stand.require("acme/anybody", "main", CHECK, app=False)
    stand.install("acme")
    mend = "so it stops no merge: require it in the repository's settings, under Rules"
    assert sorted(said("gate")) == [
        (False, f"acme/{name}: no ruleset of main requires `{CHECK}` with this app as its source, {mend}")
        for name in ("anybody", "open")
    ]
    for name in ("open", "anybody"):
        stand.require(f"acme/{name}", "main", CHECK)
    assert said("gate") == [(True, "acme: required of 3 pilots")]


def test_an_account_without_a_pilot_is_told_so(stand: Stand, said: Said) -> None:
    stand.repository("acme/none", files={"README.md": ""})
    stand.install("acme")
    assert said("gate") == [(True, "acme: no repository has a .pilot.yml on its default branch yet")]


def test_what_was_not_looked_at_is_said(stand: Stand, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("acme/one", "acme/two", "acme/three", "other/four"):
        stand.repository(name, files=POLICY)
        stand.require(name, "main", CHECK)
    stand.install("acme")
    stand.install("other")
    for name, value in (("INSTALLATIONS", 1), ("REPOSITORIES", 2), ("PILOTS", 1), ("_PAGE", 2)):
        monkeypatch.setattr(gates, name, value)
    assert said("gate") == [
        (True, "acme: required of 1 pilot"),
        (True, "acme: only the first 2 of 3 repositories were looked at"),
        (True, "acme: only the first 1 pilots were looked at"),
        (True, "only the first 1 of 2 installations were looked at"),
    ]


def test_where_the_app_may_not_look_is_said_and_the_rest_is_looked_at(stand: Stand, said: Said) -> None:
    for name in ("acme/one", "acme/two"):
        stand.repository(name, files=POLICY)
        stand.require(name, "main", CHECK)
    stand.install("acme")
    stand.fail(RULES, "status", status=403)
    found = said("gate")
    assert [good for good, _ in found] == [False]
    assert found[0][1].startswith("acme/one: whether the check is required can't be told: GET /repos/acme/one/rules/")
    stand.fail(LISTED, "status", status=502)
    assert said("gate")[0][1].startswith("acme: GET /installation/repositories: 502")


RULES, LISTED = "GET /repos/*/rules/branches/main", "GET /installation/repositories"


def test_under_which_organisations_file_an_account_stands(stand: Stand, store: Store, said: Said) -> None:
    stand.repository("acme/.github", files={"README.md": ""})
    stand.install("acme")
    assert said("organisation") == [(True, "acme: no .pilot-org.yml was ever seen, so the defaults apply")]
    Memory(store).saw_organisation("Acme", NOON)
    lost = (
        ".pilot-org.yml of acme/.github was there once and is out of sight, so every check is action_required:"
        " bring the file back, give the app access to acme/.github, or `pilotgate organisation forget acme`"
    )
    assert said("organisation") == [(False, lost)]
    stand.commit("acme/.github", "main", {".pilot-org.yml": "version: 1\n"})
    assert said("organisation") == [(True, "acme: .pilot-org.yml is in force")]
    stand.commit("acme/.github", "main", {".pilot-org.yml": "version: 1\nmode: strict\n"})
    ((good, broken),) = said("organisation")
    assert not good
    assert broken.startswith(
        ".pilot-org.yml of acme/.github can't be read, so every check is action_required; line 2: "
    )


def test_without_a_database_nothing_is_said_of_a_file_that_is_not_there(
    stand: Stand, said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand.repository("acme/none", files={"README.md": ""})
    stand.install("acme")
    stand.suspend(stand.install("other"))
    monkeypatch.setenv("PILOTGATE_DATA_DIR", str(tmp_path / "empty"))
    assert said("organisation") == []
    assert len(said("gate")) == 1
