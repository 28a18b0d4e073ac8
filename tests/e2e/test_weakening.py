"""A pull request that gives up what judges it never turns green by that, but by the approval of who may give it."""

from collections.abc import Mapping

import pytest

from bot.demo import company
from bot.demo.github import Link
from bot.demo.github.objects import Content
from tests.e2e.given import FILES, GOOD, HERE, POLICY, UNOWNED, WITHOUT
from tests.e2e.plant import Plant, judged

WAIVER = 'waivers:\n  - {rule: OWN001, reason: "Hired", approved_by: "@ana-r", expires: 2026-12-10}\n'
TEMPLATE = "groups:\n  {{- range .Values.alerts }}\n  - {{ . | toYaml }}\n  {{- end }}\n"
CRITERIA = GOOD[GOOD.index("criteria:") : GOOD.index("evaluation:\n")]

Change = Mapping[str, Content | None]

GIVEN_UP: dict[str, tuple[Change, set[str]]] = {
    "an easier target": ({POLICY: GOOD.replace("target: 0.93", "target: 0.9")}, {"POL003"}),
    "a later decision": ({POLICY: GOOD.replace("date: 2027-01-25", "date: 2027-02-25")}, {"POL003"}),
    "another query": ({POLICY: GOOD.replace("triage_seconds_bucket", "other_seconds_bucket")}, {"POL003"}),
    "moved": ({POLICY: None, f"docs/{POLICY}": GOOD}, {"POL003"}),
    "called otherwise": ({POLICY: None, ".pilot.yaml": GOOD}, {"POL003"}),
    "deleted": ({POLICY: None}, {"POL003"}),
    "retired": ({POLICY: GOOD.replace("stage: pilot", "stage: retired")}, {"POL003"}),
    "a waiver": ({POLICY: UNOWNED + WAIVER}, {"OWN001", "POL003"}),
    "a lower weight": ({POLICY: GOOD + "rules: {MON002: warning}\n"}, {"POL003"}),
    "a lock": ({POLICY: GOOD + "rules: {REV002: off}\n"}, {"POL003"}),
    "another decider": ({POLICY: GOOD.replace('deciders: ["@ana-r"]', 'deciders: ["@ana-r", "@dev"]')}, {"POL003"}),
}
"""What an approver may let through."""

PROMISED = {"CRI001", "DEC001", "EVA001", "INT003", "MON001", "OWN001", "POL003", "REV001", "RUN004"}

BROKEN: dict[str, tuple[Change, set[str]]] = {
    "emptied": ({POLICY: ""}, {"POL002"}),
    "cut short": ({POLICY: "version: 1\npilot: {name: invoice-triage, stage: pilot, start: 2026-11-30}\n"}, PROMISED),
    "no criteria": ({POLICY: GOOD.replace(CRITERIA, "")}, {"CRI001", "DEC002", "MON001", "POL003"}),
    "no owners any more": ({POLICY: UNOWNED}, {"OWN001", "POL003"}),
    "planned": ({POLICY: UNOWNED.replace("stage: pilot", "stage: planned")}, {"OWN001", "POL003"}),
    "turned off": ({POLICY: UNOWNED + "rules: {OWN001: off}\n"}, {"OWN001", "POL003"}),
    "a link": ({POLICY: Link("docs/other.yml"), "docs/other.yml": GOOD}, {"POL002"}),
    "a template": ({"ops/alerts/triage.yml": TEMPLATE}, {"MON002"}),
    "a file of its own": (
        {POLICY: UNOWNED, ".pilot-org.yml": "version: 1\nmode: advise\n"},
        {"OWN001", "POL003"},
    ),
}
"""What is red even so: rules that the head breaks."""


@pytest.mark.parametrize("what", GIVEN_UP)
def test_what_is_given_up_is_red_until_it_is_approved_and_after_a_further_push(line: Plant, what: str) -> None:
    change, expected = GIVEN_UP[what]
    line.stand.push(HERE, "short-cut", change)
    number = line.stand.pull(HERE, "short-cut")
    assert judged(line, HERE, number) == ("failure", expected)
    line.stand.review(HERE, number, by="ana-r")
    gone = change[POLICY] is None and f"docs/{POLICY}" not in change
    assert judged(line, HERE, number) == ("neutral" if gone else "success", set())
    line.stand.push(HERE, "short-cut", {"page.md": "# Page\n"})
    assert judged(line, HERE, number) == ("failure", expected)


@pytest.mark.parametrize("what", BROKEN)
def test_what_breaks_a_rule_is_red_whoever_approves(line: Plant, what: str) -> None:
    change, expected = BROKEN[what]
    line.stand.push(HERE, "short-cut", change)
    number = line.stand.pull(HERE, "short-cut")
    assert judged(line, HERE, number) == ("failure", expected)
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == ("failure", expected - {"POL003"})


def test_a_removal_that_is_approved_leaves_no_pilot_here_and_says_so(line: Plant) -> None:
    line.stand.push(HERE, "away", {POLICY: None})
    number = line.stand.pull(HERE, "away")
    line.stand.review(HERE, number, by="ana-r")
    run = line.latest(HERE, number)
    assert (run.conclusion, run.title, run.annotations) == ("neutral", "No pilot here any more", [])
    assert "approved" in str(run.summary)


def test_a_first_policy_may_not_begin_as_retired(line: Plant) -> None:
    line.stand.repository("acme/new", files=WITHOUT)
    company.employ(line.stand, "acme/new")
    line.stand.push("acme/new", "first", {POLICY: GOOD.replace("stage: pilot", "stage: retired")})
    number = line.stand.pull("acme/new", "first")
    assert judged(line, "acme/new", number) == ("failure", {"POL003"})
    line.stand.review("acme/new", number, by="ana-r")
    assert judged(line, "acme/new", number) == ("failure", {"POL003"})
    # Nobody decides here yet: it is for an administrator.
    line.stand.review("acme/new", number, by="ana")
    assert judged(line, "acme/new", number) == ("success", set())


def test_what_the_organisation_locks_is_as_strict_as_it_says(line: Plant) -> None:
    organised = "version: 1\nlocked: [REV002]\nrules: {REV002: error}\napprovers: ['@ana']\n"
    line.stand.repository("acme/.github", files={".pilot-org.yml": organised})
    overdue = GOOD.replace("due: 2026-11-27", "due: 2026-11-23")
    line.stand.push(HERE, "unlocked", {POLICY: overdue + "rules: {REV002: off}\n"})
    number = line.stand.pull(HERE, "unlocked")
    assert judged(line, HERE, number) == ("failure", {"POL003", "REV002"})
    # Deciders approve where the organisation names nobody, and it does.
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == ("failure", {"POL003", "REV002"})
    line.stand.review(HERE, number, by="ana")
    assert judged(line, HERE, number) == ("failure", {"REV002"})


def test_what_a_link_leads_to_is_named_as_well(line: Plant) -> None:
    alerts = FILES["ops/alerts/triage.yml"]
    line.stand.push(
        HERE, "main", {"ops/alerts/triage.yml": Link("../../shared/triage.yml"), "shared/triage.yml": alerts}
    )
    line.stand.push(HERE, "behind", {"shared/triage.yml": TEMPLATE})
    assert judged(line, HERE, line.stand.pull(HERE, "behind")) == ("failure", {"MON002"})
    line.stand.push(
        HERE, "elsewhere", {"ops/alerts/triage.yml": Link("../../shared/other.yml"), "shared/other.yml": TEMPLATE}
    )
    assert judged(line, HERE, line.stand.pull(HERE, "elsewhere")) == ("failure", {"MON002"})


def test_what_github_does_not_tell_of_a_change_may_be_anything(line: Plant) -> None:
    line.stand.push(HERE, "unseen", {"ops/alerts/triage.yml": TEMPLATE})
    line.asked()
    line.stand.fail("GET */pulls/*/files", "status", 403, times=10)
    number = line.stand.pull(HERE, "unseen")
    assert judged(line, HERE, number) == ("failure", {"MON002"})
