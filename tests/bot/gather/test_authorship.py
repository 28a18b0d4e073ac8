"""Who has approved exactly the head, and who has a hand in it: what can't be told from an author's approval is none."""

from typing import Any

import pytest

from bot.gather.authorship import approvals
from rules.facts import Approvals
from tests.bot.gather.given import Answers
from tests.bot.github.hub import HEAD

DEV = {"__typename": "User", "login": "Dev"}


def review(
    login: str = "Ana-R", state: str = "APPROVED", commit: str | None = HEAD, kind: str = "User"
) -> dict[str, Any]:
    where = {"oid": commit} if commit else None
    when = {"submittedAt": "2026-11-24T10:00:00Z"}
    return {"state": state, "author": {"__typename": kind, "login": login}, "commit": where, **when}


def commit(*authors: str | None, committer: str | None = None, count: int | None = None) -> dict[str, Any]:
    """A commit of these authors, None for an address that GitHub does not know."""
    users = [{"user": {"login": one} if one else None} for one in authors]
    by = {"user": {"login": committer}} if committer else {"user": None}
    return {"commit": {"authors": {"totalCount": count or len(users), "nodes": users}, "committer": by}}


def page(*commits: dict[str, Any], total: int | None = None, end: str | None = None) -> dict[str, Any]:
    return {"totalCount": total or len(commits), "pageInfo": {"endCursor": end}, "nodes": list(commits)}


def pull(
    *reviews: dict[str, Any], written: dict[str, Any], author: dict[str, Any] | None = DEV, rebased: str | None = None
) -> dict[str, Any]:
    return {
        "headRefOid": HEAD,
        "author": author,
        "latestOpinionatedReviews": {"nodes": list(reviews)},
        "rebased": {"nodes": [{"createdAt": rebased}] if rebased else []},
        "written": written,
    }


def told(found: dict[str, Any], *further: dict[str, Any] | None) -> Approvals:
    pages = [{"repository": {"pullRequest": {"written": one}}} if one else {"repository": None} for one in further]
    answers = Answers(*pages)
    given = approvals(answers.installation, "acme/triage", 17, found)
    assert answers.left == []
    return given


def test_an_approval_of_the_head_counts_and_whoever_wrote_is_an_author() -> None:
    found = pull(review(), written=page(commit("Dev", "Max", committer="web-flow"), commit("Lee")))
    assert told(found) == Approvals(("ana-r",), frozenset({"dev", "max", "lee"}))


@pytest.mark.parametrize(
    ("rebased", "counts"),
    [("2026-11-24T09:59:59Z", True), ("2026-11-24T10:00:00Z", False), ("2026-11-24T10:00:01Z", False)],
)
def test_an_approval_of_what_had_another_base_counts_for_nothing(rebased: str, counts: bool) -> None:
    found = pull(review(), written=page(commit("Lee")), rebased=rebased)
    assert told(found).given == (("ana-r",) if counts else ())


@pytest.mark.parametrize(
    "one",
    [
        review(commit="c" * 40),
        review(commit=None),
        review(state="CHANGES_REQUESTED"),
        review(state="DISMISSED"),
        review(kind="Bot"),
        review(kind="Mannequin"),
        {**review(), "author": None},
    ],
)
def test_what_is_no_approval_of_a_person_on_the_head_counts_for_nothing(one: dict[str, Any]) -> None:
    assert told(pull(one, written=page(commit("dev")))) == Approvals((), frozenset({"dev"}))
    assert told(pull(one, review("lee"), written=page(commit("dev")))).given == ("lee",)


@pytest.mark.parametrize(
    ("author", "login"),
    [
        ({"__typename": "Bot", "login": "Dependabot"}, "dependabot[bot]"),
        ({"__typename": "Bot", "login": "dependabot[bot]"}, "dependabot[bot]"),
        ({"__typename": "User", "login": "dependabot"}, "dependabot"),
    ],
)
def test_a_program_is_no_person_of_the_same_name(author: dict[str, Any], login: str) -> None:
    assert told(pull(written=page(commit(None)), author=author)).authors == {login}


def test_an_account_that_is_gone_opened_it_and_an_address_of_nobody_wrote_it() -> None:
    found = pull(review(), written=page(commit(None, None)), author=None)
    assert told(found) == Approvals(("ana-r",), frozenset())
    bare = page({"commit": {"authors": {"totalCount": 0, "nodes": []}, "committer": None}})
    assert told(pull(review(), written=bare)) == Approvals(("ana-r",), frozenset({"dev"}))


def test_an_author_on_a_later_page_is_one() -> None:
    first = page(*[commit("dev")] * 100, total=201, end="A")
    second = page(*[commit("max")] * 100, total=201, end="B")
    answers = Answers(
        {"repository": {"pullRequest": {"written": second}}},
        {"repository": {"pullRequest": {"written": page(commit("ana-r"), total=201)}}},
    )
    found = approvals(answers.installation, "acme/triage", 17, pull(review(), written=first))
    assert found == Approvals(("ana-r",), frozenset({"dev", "max", "ana-r"}))
    assert [(one["owner"], one["name"], one["number"], one["after"]) for one in answers.asked] == [
        ("acme", "triage", 17, "A"),
        ("acme", "triage", 17, "B"),
    ]


def test_without_an_approval_no_further_page_is_asked_for() -> None:
    first = page(*[commit("dev")] * 100, total=5000, end="A")
    assert told(pull(written=first)) == Approvals((), frozenset({"dev"}))


def test_more_commits_than_github_lists_leave_approvals_unread() -> None:
    pages = [page(*[commit("dev")] * count, total=251, end="A") for count in (100, 100, 50)]
    found = told(pull(review(), written=pages[0]), *pages[1:])
    assert found.given == ()
    assert found.authors == {"dev"}
    assert found.unread is not None
    assert "more than 250 commits" in found.unread.reason
    whole = [page(*[commit("dev")] * count, total=250, end="A") for count in (100, 100, 50)]
    assert told(pull(review(), written=whole[0]), *whole[1:]).given == ("ana-r",)


def test_a_list_that_ends_early_leaves_approvals_unread() -> None:
    first = page(*[commit("dev")] * 100, total=200, end="A")
    assert told(pull(review(), written=first), None).unread is not None
    assert told(pull(review(), written=first), page(total=200)).unread is not None


def test_a_commit_of_a_crowd_leaves_approvals_unread() -> None:
    found = told(pull(review(), written=page(commit(*["dev"] * 20, count=21))))
    assert found.unread is not None
    assert "more authors than are looked at" in found.unread.reason
    assert told(pull(review(), written=page(commit(*["dev"] * 20)))).given == ("ana-r",)
