"""There is one issue for each thing that is due, wherever issues and repositories have gone meanwhile."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.demo.github.acts import issues as acts
from bot.demo.github.state import Issue
from tests.bot.reminders.year import ORGANISATION, Pilot, Year, founded, marker
from tests.stand import Stand

NAME = "acme/triage"
DUE = date(2028, 2, 28)
OVERDUE, REMINDED = DUE + timedelta(1), DUE + timedelta(8)
SECURITY = "REV002:security"
LISTED, ONE = "/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/issues/{issue_number}"


@pytest.fixture
def year() -> Iterator[Year]:
    with Stand() as stand:
        made = Year(stand, seed=1)
        stand.repository("acme/.github", files={".pilot-org.yml": ORGANISATION.encode()})
        founded(stand, NAME, Pilot({"security": (DUE, "pending")}, (date(2028, 8, 1), "pending")).text().encode())
        stand.install("acme")
        made.day(OVERDUE)
        yield made


def about(year: Year, name: str = NAME) -> list[Issue]:
    """The issues of the overdue review."""
    return [one for one in year.issues(name) if marker(one) == SECURITY]


def states(year: Year, name: str = NAME) -> list[str]:
    return [one.state for one in about(year, name)]


def test_what_the_store_knows_is_looked_for_nowhere_else(year: Year) -> None:
    listed = year.stand.count(method="GET", route=LISTED)
    year.day(REMINDED)
    assert (len(about(year)[0].comments), year.stand.count(method="GET", route=LISTED)) == (1, listed)


def test_one_that_was_transferred_is_opened_anew_and_left_alone_where_it_is(year: Year) -> None:
    stand = year.stand
    stand.repository("acme/backlog")
    (issue,) = about(year)
    stand.transfer_issue(NAME, issue.number, "acme/backlog")
    year.day(REMINDED)
    year.day(REMINDED + timedelta(7))
    assert (states(year), issue.state, issue.comments) == (["open"], "open", [])
    assert [comment.made.date() for comment in about(year)[0].comments] == [REMINDED + timedelta(7)]


def test_one_that_was_transferred_is_not_closed_elsewhere(year: Year) -> None:
    stand = year.stand
    stand.repository("acme/backlog")
    (issue,) = about(year)
    stand.transfer_issue(NAME, issue.number, "acme/backlog")
    stand.push(NAME, "main", {".pilot.yml": None})
    year.day(REMINDED)
    assert (states(year), issue.state) == ([], "open")


def test_one_that_was_deleted_is_opened_anew(year: Year) -> None:
    (issue,) = about(year)
    year.stand.delete_issue(NAME, issue.number)
    year.day(REMINDED)
    assert (states(year), about(year)[0] is issue) == (["open"], False)


def test_one_that_was_renamed_keeps_the_title_that_people_gave_it(year: Year) -> None:
    (issue,) = about(year)
    year.person_renames(issue)
    title = issue.title
    year.stand.push(NAME, "main", {".pilot.yml": Pilot({"security": (DUE, "failed")}, (DUE, "pending")).text()})
    year.day(REMINDED)
    assert (len(about(year)), issue.title, len(issue.comments)) == (1, title, 1)


def test_what_others_wrote_is_not_taken_for_its_own(year: Year) -> None:
    stand = year.stand
    (issue,) = about(year)
    stand.delete_issue(NAME, issue.number)
    copied = stand.open_issue(NAME, issue.title, issue.body, by="dev")
    stand.label(NAME, copied, ["pilot"])
    year.day(REMINDED)
    assert (len(about(year)), stand.issue(NAME, copied).body) == (1, issue.body)


def test_without_the_label_it_is_still_known(year: Year) -> None:
    (issue,) = about(year)
    with year.stand.hooks.telling():
        acts.set_labels(year.stand.world, issue, year.stand.world.account("ana"), [])
    year.day(REMINDED)
    assert (about(year), len(issue.comments)) == ([issue], 1)


def test_a_repository_that_has_another_name_has_the_same_issues(year: Year) -> None:
    year.stand.rename(NAME, "sorting")
    year.stand.hooks.held.clear()  # nobody was told
    year.day(REMINDED)
    assert (states(year, "acme/sorting"), len(about(year, "acme/sorting")[0].comments)) == (["open"], 1)


def test_where_another_has_taken_the_name_nothing_is_written(year: Year) -> None:
    stand = year.stand
    stand.rename(NAME, "sorting")
    stand.repository(NAME)
    stand.hooks.held.clear()
    year.day(REMINDED)
    assert (year.issues(NAME), year.stand.world.repositories[NAME].issues) == ([], {})


def test_an_archived_repository_is_left_alone_until_it_is_none(year: Year) -> None:
    (issue,) = about(year)
    year.stand.archive(NAME)
    year.stand.hooks.held.clear()
    year.day(REMINDED)
    assert (issue.state, issue.comments) == ("open", [])
    year.stand.archive(NAME, archived=False)
    year.day(REMINDED + timedelta(1))
    assert (about(year), len(issue.comments)) == ([issue], 1)


@pytest.mark.parametrize("told", [True, False])
def test_a_repository_that_is_gone_is_asked_for_once(year: Year, told: bool) -> None:
    year.stand.delete(NAME)
    if not told:
        year.stand.hooks.held.clear()
    year.day(REMINDED)
    asked = year.requests
    year.day(REMINDED + timedelta(30))
    assert year.requests == asked


def test_one_that_was_transferred_to_another_account_is_that_account_s(year: Year) -> None:
    stand = year.stand
    (issue,) = about(year)
    stand.repository("globex/.github", files={".pilot-org.yml": ORGANISATION})
    stand.install("globex")
    stand.transfer(NAME, "globex")
    year.day(REMINDED)
    assert (about(year, "globex/triage"), issue.state, len(issue.comments)) == ([issue], "open", 1)
