"""Who may approve, and whether somebody has: never an author, never by a name that the change itself brings."""

import pytest

from rules.approval import Approval, Assent, belongs
from rules.facts import Account, Approvals, Base, People, Unverifiable
from rules.values import Handle
from tests.rules.given import organisation, policy

HIDDEN = Unverifiable("who is in `@acme/grc` can't be read: grant members:read")
UNREAD = Unverifiable("the pull request has more commits than GitHub lists")
UNASKED = Unverifiable("nobody looked")
PEOPLE = People(
    {
        "@acme/Legal": Account(frozenset({"lee", "max"}), "write"),
        "@acme/grc": HIDDEN,
        "@acme/empty": Account(frozenset(), "none"),
        "@acme/gone": None,
        "@root": Account(frozenset({"root"}), "admin"),
        "@dev": Account(frozenset({"dev"}), "write"),
        "@odd": Account(frozenset({"odd"}), HIDDEN),
        "@ghost": None,
    },
    UNASKED,
)
NOBODY = Base(None)


def decided(*deciders: str) -> Base:
    return Base(policy(f"decision: {{deciders: [{', '.join(map(repr, deciders))}]}}"))


def assent(base: Base, given: tuple[str, ...], *authors: str, org: str = "version: 1") -> Assent:
    return Assent(base, organisation(org), Approvals(given, frozenset(authors)), PEOPLE)


ORG = "{version: 1, approvers: ['@acme/legal']}"


def test_approvers_are_the_organisations_else_the_deciders_else_administrators() -> None:
    assert assent(decided("@ana-r"), (), org=ORG).approvers == ("@acme/legal",)
    assert assent(decided("@ana-r"), (), org=ORG).deciders == ("@ana-r",)
    assert assent(decided("@ana-r"), ()).approvers == ("@ana-r",)
    for base in (NOBODY, Base(None, broken=True), Base(policy("owners: {}")), Base(policy("decision: {go: [a]}"))):
        assert assent(base, ()).approvers == assent(base, ()).deciders == ()


@pytest.mark.parametrize(
    ("base", "given", "authors", "by"),
    [
        (decided("@Ana-R"), ("ana-r",), ("dev",), "ana-r"),
        (decided("@ana-r"), ("lee",), ("dev",), None),
        (decided("@ana-r"), (), ("dev",), None),
        (decided("@ana-r"), ("ana-r",), ("ana-r", "dev"), None),
        (decided("@ana-r", "@lee"), ("ana-r", "lee"), ("ana-r",), "lee"),
        (decided("@acme/legal"), ("max",), ("dev",), "max"),
        (decided("@acme/legal"), ("ana-r",), (), None),
        (decided("@acme/empty", "@acme/gone"), ("max",), (), None),
        (NOBODY, ("root",), ("dev",), "root"),
        (NOBODY, ("dev",), (), None),
        (NOBODY, ("ghost",), (), None),
        (NOBODY, ("ghost", "dev", "root"), (), "root"),
        (NOBODY, ("root",), ("root",), None),
    ],
)
def test_an_approver_who_is_no_author_approves(
    base: Base, given: tuple[str, ...], authors: tuple[str, ...], by: str | None
) -> None:
    found = assent(base, given, *authors).approval()
    assert (found.by, found.unread) == (by, None)


def test_who_could_is_said_by_name() -> None:
    assert assent(decided("@ana-r", "@acme/legal"), ()).approval().may == "`@ana-r` or `@acme/legal`"
    assert assent(NOBODY, ()).approval().may == "an administrator of the repository"


@pytest.mark.parametrize(
    ("base", "login", "unread"),
    [
        (decided("@acme/grc"), "lee", HIDDEN),
        (decided("@acme/unlisted"), "lee", UNASKED),
        (NOBODY, "odd", HIDDEN),
        (NOBODY, "unlisted", UNASKED),
    ],
)
def test_what_can_not_be_read_is_no_approval_and_says_why(base: Base, login: str, unread: Unverifiable) -> None:
    assert assent(base, (login,)).approval() == Approval(None, assent(base, ()).approval().may, unread)
    assert assent(base, ()).approval().unread is None, "nobody had to be looked up"


def test_one_who_is_known_to_approve_counts_beside_what_is_hidden() -> None:
    assert assent(decided("@acme/grc", "@lee"), ("max", "lee")).approval() == Approval("lee", "`@acme/grc` or `@lee`")


def test_approvals_that_can_not_be_read_are_none() -> None:
    one = Assent(decided("@lee"), organisation(), Approvals(("lee",), frozenset(), UNREAD), PEOPLE)
    assert one.approval() == one.by_decider() == Approval(None, "`@lee`", UNREAD)


@pytest.mark.parametrize(
    ("base", "given", "authors", "by"),
    [
        (decided("@ana-r"), (), ("ana-r",), "ana-r"),
        (decided("@ana-r"), (), ("ana-r", "dev"), None),
        (decided("@ana-r"), ("ana-r",), ("dev",), "ana-r"),
        (decided("@ana-r"), ("lee",), ("dev",), None),
        (NOBODY, (), ("root",), "root"),
        (NOBODY, (), ("dev",), None),
    ],
)
def test_a_decider_may_decide_alone_but_not_by_what_others_wrote(
    base: Base, given: tuple[str, ...], authors: tuple[str, ...], by: str | None
) -> None:
    assert assent(base, given, *authors).by_decider().by == by


def test_the_organisations_approvers_decide_only_where_nobody_is_named() -> None:
    assert assent(decided("@ana-r"), ("lee",), "dev", org=ORG).by_decider().by is None
    assert assent(NOBODY, ("lee",), "dev", org=ORG).by_decider().by == "lee"


@pytest.mark.parametrize(
    ("login", "handle", "found"),
    [
        ("lee", "@LEE", True),
        ("lee", "@lee-r", False),
        ("lee", "@acme/legal", True),
        ("dev", "@acme/legal", False),
        ("lee", "@acme/gone", False),
        ("lee", "@acme/grc", HIDDEN),
    ],
)
def test_belonging_is_being_that_person_or_in_that_team(login: str, handle: str, found: object) -> None:
    assert belongs(login, Handle(handle), PEOPLE) == found
