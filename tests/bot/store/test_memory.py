"""What reviews remember, on both engines: hands, judgements, what they hang on, whose file was seen, and the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import Store
from bot.store.dates import Dates, Watched
from bot.store.installations import Installations
from bot.store.ledger import Entry, Ledger
from bot.store.memory import Judged, Known, Memory
from bot.store.tables import items, pilots, pulls, watches
from tests.stores import ENGINES, opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
JUDGED = Judged("mark", "pull/17/aa/bb", "a" * 40)
TRIAGE, SORTING = Known(3, 11, "acme/triage", 17), Known(3, 12, "acme/sorting", 17)
ELSEWHERE = Known(4, 13, "other/triage", 17)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        Installations(store).remember(3, "acme", [(11, "acme/triage"), (12, "acme/sorting")])
        Installations(store).remember(4, "other", [(13, "other/triage")])
        yield store


@pytest.fixture
def memory(store: Store) -> Memory:
    return Memory(store)


def keep(memory: Memory, judged: Judged = JUDGED) -> None:
    """The same judgement on all that are known."""
    for one in (SORTING, ELSEWHERE, TRIAGE):
        memory.judge(one.installation, one.repository, one.number, judged)


def test_hands_are_those_of_one_pull_request_in_small_letters_each_once(memory: Memory) -> None:
    for login in ("Dev", "dev", "Lee"):
        memory.add_hand(11, 17, login)
    memory.add_hand(11, 18, "max")
    memory.add_hand(12, 17, "eve")
    assert memory.hands(11, 17) == {"dev", "lee"}
    assert memory.hands(11, 19) == frozenset()


def test_the_last_judgement_counts(memory: Memory) -> None:
    assert memory.judged(11, 17) is None
    memory.judge(3, 11, 17, replace(JUDGED, again=NOON, watched=frozenset({"@lee"})))
    assert memory.judged(11, 17) == replace(JUDGED, again=NOON)
    later = Judged("other", "pull/17/cc/dd", "b" * 64)
    memory.judge(3, 11, 17, later)
    assert memory.judged(11, 17) == later
    assert memory.hanging(3, {"@lee"}) == [], "it hangs on nobody any more"
    assert memory.judged(11, 18) is None


def test_what_is_closed_is_forgotten_but_for_its_hands(memory: Memory) -> None:
    keep(memory, replace(JUDGED, again=NOON, watched=frozenset({"@lee"})))
    memory.add_hand(11, 17, "dev")
    for _ in range(2):
        memory.forget(11, 17)
    assert memory.judged(11, 17) is None
    assert memory.hands(11, 17) == {"dev"}
    assert memory.hanging(3, {"@lee"}) == memory.of(3) == [SORTING]
    assert memory.due(NOON) == [SORTING, ELSEWHERE]


def test_due_is_what_a_date_has_come_for_until_it_is_asked(memory: Memory) -> None:
    memory.judge(3, 11, 17, replace(JUDGED, again=NOON))
    memory.judge(3, 12, 17, replace(JUDGED, again=NOON + timedelta(milliseconds=1)))
    memory.judge(4, 13, 17, JUDGED)
    assert memory.due(NOON - timedelta(milliseconds=1)) == []
    assert memory.due(NOON) == [TRIAGE]
    assert memory.due(NOON + timedelta(days=1)) == [TRIAGE, SORTING]
    memory.asked([TRIAGE])
    memory.asked([])
    assert memory.due(NOON + timedelta(days=1)) == [SORTING]
    assert memory.judged(11, 17) == JUDGED


def test_the_open_pull_requests_are_those_of_an_installation_or_of_one_of_its_repositories(memory: Memory) -> None:
    keep(memory)
    memory.judge(3, 11, 4, JUDGED)
    assert memory.of(3) == [replace(TRIAGE, number=4), TRIAGE, SORTING]
    assert memory.of(3, 12) == [SORTING]
    assert memory.of(3, 13) == memory.of(5) == []


@pytest.mark.parametrize(
    ("what", "head", "found"),
    [
        ({"@lee"}, None, [TRIAGE, SORTING]),
        ({"@LEE", "@nobody"}, None, [TRIAGE, SORTING]),
        ({"@acme/legal"}, None, [TRIAGE, SORTING]),
        ({"@acme"}, None, []),
        (set(), None, []),
        ({"check:CI"}, "a" * 40, [TRIAGE, SORTING]),
        ({"check:ci"}, "b" * 40, []),
    ],
)
def test_hanging_is_found_in_any_case(memory: Memory, what: set[str], head: str | None, found: list[Known]) -> None:
    keep(memory, replace(JUDGED, watched=frozenset({"@Lee", "@acme/Legal", "check:CI"})))
    assert memory.hanging(3, what, head) == found


def test_a_name_that_is_longer_than_any_is_found_by_what_is_kept_of_it(memory: Memory) -> None:
    long = "check:" + "x" * 1000
    memory.judge(3, 11, 17, replace(JUDGED, watched=frozenset({long, f"{long}y"})))
    assert memory.hanging(3, {long}) == [TRIAGE]


@pytest.mark.parametrize("name", ["check:a\0b", "check:\ud800", "check:İ", "check:'; --", "check:%", ""])
def test_any_name_that_a_policy_can_write_is_kept(memory: Memory, name: str) -> None:
    memory.judge(3, 11, 17, replace(JUDGED, watched=frozenset({name})))
    assert memory.hanging(3, {name}) == [TRIAGE]


def test_names_that_differ_in_case_alone_are_one(memory: Memory) -> None:
    memory.judge(3, 11, 17, replace(JUDGED, watched=frozenset({"check:CI", "check:ci", "@Lee", "@lee"})))
    assert memory.hanging(3, {"check:Ci"}) == [TRIAGE]


@pytest.mark.parametrize(
    ("organisation", "login", "found"),
    [
        ("Acme", None, [TRIAGE]),
        ("acme", "Lee", [TRIAGE, SORTING]),
        ("nobody", "lee", [SORTING]),
        ("ac_e", None, []),
        ("%", None, []),
        ("acm", None, []),
    ],
)
def test_whoever_leaves_an_organisation_may_have_been_in_any_of_its_teams(
    memory: Memory, organisation: str, login: str | None, found: list[Known]
) -> None:
    memory.judge(3, 11, 17, replace(JUDGED, watched=frozenset({"@acme/legal"})))
    memory.judge(3, 12, 17, replace(JUDGED, watched=frozenset({"@lee", "@acmee/legal"})))
    memory.judge(4, 13, 17, replace(JUDGED, watched=frozenset({"@acme/legal", "@lee"})))
    assert memory.hanging_on_anyone(3, organisation, login) == found


def test_a_repository_that_is_archived_or_gone_has_nothing_to_judge(memory: Memory, store: Store) -> None:
    keep(memory, replace(JUDGED, again=NOON, watched=frozenset({"@lee"})))
    known = Installations(store)
    known.archive(11, True)
    known.rename(12, "acme/filing")
    known.drop([13])
    renamed = [replace(SORTING, name="acme/filing")]
    assert memory.of(3) == memory.hanging(3, {"@lee"}) == memory.due(NOON) == renamed
    assert memory.of(4) == []


@pytest.mark.parametrize(("left", "leave"), [({12, 13}, ("drop", [11])), ({13}, ("forget", 3)), (set(), ("both", 0))])
def test_of_what_the_app_is_no_longer_on_nothing_is_kept_that_was_open_or_due(
    memory: Memory, store: Store, left: set[int], leave: tuple[str, Any]
) -> None:
    keep(memory, replace(JUDGED, again=NOON, watched=frozenset({"@lee"})))
    memory.add_hand(11, 17, "lee")
    for one in (TRIAGE, SORTING, ELSEWHERE):
        day = NOON.date()
        Dates(store).watch(Watched(one.installation, one.repository, "abc", "UTC", day, day, {"REV002:x": day}))
    known, (how, which) = Installations(store), leave
    if how == "both":
        known.forget(3)
        known.forget(4)
    else:
        getattr(known, how)(which)
    with store.read() as connection:
        for table in (pulls, watches, pilots, items):
            assert set(connection.scalars(select(table.c.repository))) == left, table.name
    assert memory.hands(11, 17) == {"lee"}


def test_an_organisations_file_that_was_seen_stays_so_until_the_operator_says_otherwise(memory: Memory) -> None:
    assert not memory.has_seen_organisation("acme")
    for moment in (NOON, NOON + timedelta(days=1)):
        memory.saw_organisation("Acme", moment)
    assert memory.has_seen_organisation("ACME")
    assert not memory.has_seen_organisation("other")
    assert memory.forget_organisation("aCME")
    assert not memory.forget_organisation("acme")
    assert not memory.has_seen_organisation("acme")


ENTRY = Entry(
    id="emergency/11/17/aa",
    at=NOON,
    repository=11,
    name="acme/triage",
    kind="emergency",
    login="ana-r",
    commit="a" * 40,
    number=17,
    policy="f" * 64,
    address="https://github.com/acme/triage/pull/17",
    details={"why": "Überlauf", "codes": ["REV002"]},
)


def test_the_ledger_keeps_what_it_was_told_first_in_the_order_in_which_it_came(store: Store) -> None:
    ledger = Ledger(store)
    second = replace(ENTRY, id="two", at=NOON - timedelta(days=1), number=None, policy=None, address=None, details={})
    ledger.add(ENTRY)
    ledger.add(second)
    ledger.add(replace(ENTRY, login="eve", number=18))
    assert ledger.of(11) == [ENTRY, second]
    assert ledger.of(11, 17) == [ENTRY]
    assert ledger.of(11, 18) == ledger.of(12) == []


def test_the_ledger_is_found_by_repository_or_owner_as_they_were_called_then(store: Store) -> None:
    ledger = Ledger(store)
    names = ("acme/triage", "Acme/sorting", "acme_/triage", "acmee/triage", "acme/triage2")
    for number, name in enumerate(names):
        ledger.add(replace(ENTRY, id=str(number), name=name))
    assert [one.name for one in ledger.named("ACME")] == ["acme/triage", "Acme/sorting", "acme/triage2"]
    assert [one.name for one in ledger.named("acme/Triage")] == ["acme/triage"]
    assert [one.name for one in ledger.named("acme_")] == ["acme_/triage"]
    assert ledger.named("%") == ledger.named("nobody/triage") == []


def test_an_entry_says_in_json_who_did_what_where_and_when() -> None:
    assert ENTRY.plain() == {
        "at": "2026-11-24T12:00:00+00:00",
        "repository": "acme/triage",
        "number": 17,
        "kind": "emergency",
        "login": "ana-r",
        "commit": "a" * 40,
        "policy": "f" * 64,
        "address": "https://github.com/acme/triage/pull/17",
        "why": "Überlauf",
        "codes": ["REV002"],
    }
