"""What GitHub knows of people, teams and checks: owners who are nobody or may nothing, and who signs and decides."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.demo import company
from bot.doctor import PERMISSIONS
from tests.e2e.given import CHECK, GOOD, HERE, POLICY
from tests.e2e.plant import Plant, codes, judged

PASSED = GOOD.replace("due: 2026-11-27, outcome: pending", "due: 2026-11-27, outcome: passed, evidence: docs/grc.md")
SIGNED = {POLICY: PASSED, "docs/grc.md": "# Compliance\n\nLooked at, and fine.\n"}
NAMED = GOOD.replace("    on_failure: queue-for-human\n", "    on_failure: queue-for-human\n" + CHECK)
MEASURED = GOOD.replace("go: [routing-accuracy, p95-latency]", "go: [routing-accuracy]")
DECIDED = MEASURED.replace("otherwise: no-go\n  outcome: pending", "otherwise: no-go\n  outcome: go")
TOUCHED = {POLICY: GOOD + "# Touched.\n"}


def touched(line: Plant, change: Mapping[str, str] = TOUCHED, **people: str) -> int:
    """A pull request that touches the policy, by its number."""
    line.stand.push(HERE, "touched", change, **people)
    return line.stand.pull(HERE, "touched")


def test_a_team_that_is_gone_or_empty_is_nobody(line: Plant) -> None:
    number = touched(line)
    assert judged(line, HERE, number) == ("success", set())
    for login in ("max", "noor"):
        line.stand.part("acme", "ml-platform", login)
    assert judged(line, HERE, number) == ("failure", {"OWN002"})
    line.stand.join("acme", "ml-platform", "max")
    assert judged(line, HERE, number) == ("success", set())
    line.stand.delete_team("acme", "grc")
    assert judged(line, HERE, number) == ("failure", {"OWN002"})


def test_who_is_not_there_is_nobody(line: Plant) -> None:
    number = touched(line, {POLICY: GOOD.replace('accountable: "@ana-r"', 'accountable: "@nobody-there"')})
    assert judged(line, HERE, number) == ("failure", {"OWN002", "POL003"})


@pytest.mark.parametrize(("role", "failing"), [("read", True), ("triage", True), ("maintain", False), ("admin", False)])
def test_who_repairs_it_must_be_able_to_write(line: Plant, role: str, failing: bool) -> None:
    number = touched(line)
    # What its members may do in other ways counts too.
    line.stand.part("acme", "ml-oncall", "max")
    line.stand.part("acme", "ml-research", "noor")
    line.stand.team("acme", "ml-platform", roles={HERE: role})
    expected = ("failure", {"OWN003"}) if failing else ("success", set[str]())
    assert judged(line, HERE, number) == expected


def test_one_person_alone_watches_with_a_warning(line: Plant) -> None:
    number = touched(line)
    assert "OWN004" not in codes(line.latest(HERE, number))
    line.stand.part("acme", "ml-oncall", "max")
    assert judged(line, HERE, number) == ("success", set())
    assert "OWN004" in codes(line.latest(HERE, number))


def without(line: Plant, permission: str) -> None:
    """The app is no longer granted this."""
    (installation,) = line.stand.world.installations
    line.stand.grant(installation, {name: how for name, how in PERMISSIONS.items() if name != permission})
    line.stand.gate.tokens.clear()
    line.clock.now += timedelta(hours=1)


def test_what_is_not_granted_is_named_and_no_reason_to_fail(line: Plant) -> None:
    without(line, "members")
    number = touched(line)
    assert judged(line, HERE, number) == ("success", set())
    said = str(line.latest(HERE, number).text)
    assert re.findall(r"\*\*(OWN\d+)\*\* .*grant the app the permission members:read", said) == [
        "OWN002",
        "OWN003",
        "OWN004",
    ]


def test_an_approval_that_can_t_be_read_is_none_and_says_so(line: Plant) -> None:
    line.stand.repository("acme/.github", files={".pilot-org.yml": "version: 1\napprovers: ['@acme/grc']\n"})
    without(line, "members")
    number = touched(line, {POLICY: GOOD.replace("target: 0.93", "target: 0.9")})
    line.stand.review(HERE, number, by="kim")
    assert judged(line, HERE, number) == ("failure", {"POL003"})
    (message,) = [one["message"] for one in line.latest(HERE, number).annotations if "POL003" in one["title"]]
    assert "can't be read" in message
    assert "members:read" in message


def test_a_status_that_can_t_be_read_is_no_status_that_is_missing(line: Plant) -> None:
    policy = NAMED.replace("stage: pilot", "stage: decision")
    line.stand.status(HERE, line.stand.push(HERE, "main", {POLICY: policy}), company.CHECK)
    number = touched(line, {POLICY: policy + "# Touched.\n"})
    line.stand.status(HERE, line.stand.pull_request(HERE, number).head, company.CHECK)
    assert judged(line, HERE, number) == ("success", set())
    without(line, "statuses")
    line.stand.push(HERE, "touched", {"page.md": "# Page\n"})
    assert judged(line, HERE, number) == ("success", set())
    assert "statuses:read" in str(line.latest(HERE, number).text)


def test_who_is_of_the_team_signs_off_and_nobody_else(line: Plant) -> None:
    number = touched(line, SIGNED)
    assert judged(line, HERE, number) == ("failure", {"REV004"})
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == ("failure", {"REV004"})
    line.stand.review(HERE, number, by="kim")
    assert judged(line, HERE, number) == ("success", set())
    line.stand.push(HERE, "touched", {"page.md": "# Page\n"}, author="dev", by="pat")
    line.stand.review(HERE, number, by="pat")
    assert judged(line, HERE, number) == ("failure", {"REV004"})
    line.stand.review(HERE, number, by="kim")
    assert judged(line, HERE, number) == ("success", set())


def test_a_team_that_the_head_names_signs_nothing_off(line: Plant) -> None:
    line.stand.team("acme", "friends", ["mallory"])
    number = touched(line, {**SIGNED, POLICY: PASSED.replace("@acme/grc", "@acme/friends")})
    line.stand.review(HERE, number, by="mallory")
    assert judged(line, HERE, number) == ("failure", {"POL003", "REV004"})


@pytest.fixture
def undecided(line: Plant) -> Plant:
    """The same, up to its decision on accuracy, which is measured."""
    line.stand.push(HERE, "main", {POLICY: MEASURED})
    return line


def test_who_decides_says_go_and_nobody_else(undecided: Plant) -> None:
    line = undecided
    number = touched(line, {POLICY: DECIDED})
    assert judged(line, HERE, number) == ("failure", {"DEC005"})
    for login, found in (("ana", ("failure", {"DEC005"})), ("ana-r", ("success", set[str]()))):
        line.stand.review(HERE, number, by=login)
        assert judged(line, HERE, number) == found
    line.stand.push(HERE, "touched", {"page.md": "# Page\n"})
    assert judged(line, HERE, number) == ("failure", {"DEC005"})


def test_a_go_on_results_of_its_own_takes_an_approval(undecided: Plant) -> None:
    line = undecided
    git = line.stand.world.repositories[HERE].git
    results = str(git.file("main", "eval/results.json") or b"", "utf-8").replace("0.951", "0.961")
    line.stand.push(HERE, "own", {POLICY: DECIDED, "eval/results.json": results}, author="ana-r")
    number = line.stand.pull(HERE, "own", author="ana-r")
    assert judged(line, HERE, number) == ("failure", {"DEC005"})


@pytest.fixture
def proven(line: Plant) -> tuple[Plant, int]:
    """The same at the stage of its decision, with an integration that a check proves, and a pull request."""
    policy = NAMED.replace("stage: pilot", "stage: decision")
    main = line.stand.push(HERE, "main", {POLICY: policy})
    company.prove(line.stand, HERE, main)
    return line, touched(line, {POLICY: policy + "# Touched.\n"})


def test_a_check_proves_an_integration_once_it_has_succeeded(proven: tuple[Plant, int]) -> None:
    line, number = proven
    assert judged(line, HERE, number) == ("failure", {"INT005"})
    head = line.stand.pull_request(HERE, number).head
    run = line.stand.post_check(HERE, head, company.CHECK, None)
    assert judged(line, HERE, number) == ("failure", {"INT005"})
    line.stand.conclude_check(run, "failure")
    assert judged(line, HERE, number) == ("failure", {"INT005"})
    line.stand.conclude_check(run, "success")
    assert judged(line, HERE, number) == ("success", set())
    line.stand.push(HERE, "touched", {"page.md": "# Page\n"})
    assert judged(line, HERE, number) == ("failure", {"INT005"})


def test_a_check_of_another_app_proves_nothing(proven: tuple[Plant, int]) -> None:
    line, number = proven
    head = line.stand.pull_request(HERE, number).head
    line.stand.post_check(HERE, head, company.CHECK, "success", app="mallory-ci")
    line.stand.status(HERE, head, company.CHECK, "success", by="mallory")
    assert judged(line, HERE, number) == ("failure", {"INT005"})
    company.prove(line.stand, HERE, head)
    assert judged(line, HERE, number) == ("success", set())
