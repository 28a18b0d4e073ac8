"""Weakenings are told up to a number, and one approval answers for all of them."""

from rules.facts import Account, Approvals, Base, People, Unverifiable
from rules.report import Outcome
from tests.rules.given import HEADER, before, policy, report, result

MANY = "criteria: [" + ", ".join(f"{{id: c{number}, op: '>', target: 1}}" for number in range(60)) + "]\n"
EASED = MANY.replace("target: 1}", "target: 0}")
DECIDED = "decision: {deciders: ['@ana-r']}\n"


def told(head: str | None, base: Base | None, *given: object) -> list[str]:
    return [one.message for one in report(head, select=["POL003"], base=base, given=given).findings]


def test_only_so_many_weakenings_are_told_apart() -> None:
    found = told(HEADER + EASED, before(HEADER + MANY))
    assert len(found) == 51
    assert [one.startswith("10 more weaken the policy: keep what stood there") for one in found].count(True) == 1
    fifty = "{id: c49, op: '>', target: 0}"
    short = EASED.partition(fifty)[0] + fifty + "]\n"
    assert len(told(HEADER + short, before(HEADER + short.replace("target: 0", "target: 1")))) == 50


def test_one_approval_answers_for_all_of_them() -> None:
    base = before(HEADER + MANY + DECIDED)
    assert told(HEADER + EASED + DECIDED, base, Approvals(("ana-r",), frozenset({"dev"}))) == []
    assert len(told(HEADER + EASED + DECIDED, base, Approvals(("ana-r",), frozenset({"ana-r"})))) == 51


def test_the_deciders_that_the_change_names_approve_nothing() -> None:
    new = DECIDED.replace("@ana-r", "@dev")
    found = told(HEADER + new, before(HEADER + DECIDED), Approvals(("dev",), frozenset({"max"})))
    assert found
    assert all("approved by `@ana-r`" in one for one in found)


def test_an_approval_that_can_not_be_read_leaves_the_finding_and_says_why() -> None:
    found = told(None, before(HEADER + DECIDED), Approvals(unread=Unverifiable("there are too many commits")))
    assert found == [
        ".pilot.yml is taken away, and with it the contract that the base branch keeps: keep what stood there, or have"
        " this commit approved by `@ana-r`, without a hand in the change; a pilot that has ended stays in it as"
        " `stage: retired` (whether it is, can't be read: there are too many commits)"
    ]


def test_an_administrator_approves_where_nobody_is_named() -> None:
    people = People({"@root": Account(frozenset({"root"}), "admin")}, Unverifiable("unasked"))
    given = (Approvals(("root",), frozenset({"dev"})), people)
    assert told(HEADER + EASED, before(HEADER + MANY), *given) == []
    one = report(HEADER + EASED, select=["POL003"], base=Base(policy(MANY)), given=given)
    assert result(one, "POL003").outcome is Outcome.PASS
