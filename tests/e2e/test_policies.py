"""Whose policy counts: the base branch's says how strictly, the head's is what is examined, above both the
organisation's file."""

import pytest

from bot.demo import company
from tests.e2e.given import BARE, FILES, GOOD, HERE, NAME, POLICY, SAID, UNOWNED, WITHOUT
from tests.e2e.plant import CONTENTS, CREATE, PATCHES, PULL, USUAL, Plant, about, codes, lines

ORGANISATION = ".pilot-org.yml"
PLANNED = UNOWNED.replace("stage: pilot", "stage: planned")


def organised(line: Plant, text: str) -> None:
    line.stand.repository("acme/.github", files={ORGANISATION: text})
    line.asked()


def test_where_no_pilot_is_the_check_is_neutral(line: Plant) -> None:
    line.stand.repository("acme/plain", files={"README.md": "# Plain\n"})
    line.stand.push("acme/plain", "feature", {"page.md": "# Page\n"})
    run = line.run("acme/plain", line.stand.pull("acme/plain", "feature"))
    assert (about(run), run.title, run.annotations) == ((NAME, "neutral"), "No pilot here", [])
    assert line.asked() == [PULL, CREATE]


def test_a_policy_that_is_taken_away_fails(line: Plant) -> None:
    line.stand.push(HERE, "away", {POLICY: None})
    run = line.run(HERE, line.stand.pull(HERE, "away"))
    assert (about(run), run.title) == (
        (NAME, "failure"),
        ".pilot.yml fails: 1 error; readiness 0 % (lowest: Policy file)",
    )
    assert [(one["path"], one["start_line"]) for one in run.annotations] == [(POLICY, 1)]
    assert line.asked() == [PULL, CONTENTS, CREATE]


def test_a_policy_that_is_moved_is_taken_away(line: Plant) -> None:
    line.stand.push(HERE, "moved", {POLICY: None, f"docs/{POLICY}": GOOD})
    assert about(line.run(HERE, line.stand.pull(HERE, "moved"))) == (NAME, "failure")


def test_where_the_base_has_none_the_first_policy_is_judged_as_it_says(line: Plant) -> None:
    line.stand.repository("acme/new", files=WITHOUT)
    company.employ(line.stand, "acme/new")
    for branch, policy, conclusion in (("good", GOOD, "success"), ("bad", UNOWNED, "failure")):
        line.asked()
        line.stand.push("acme/new", branch, {POLICY: policy})
        number = line.stand.pull("acme/new", branch)
        # Its review has passed, it says: for that an administrator has to stand.
        assert ("REV004" in codes(line.run("acme/new", number)), line.asked()) == (True, USUAL)
        line.stand.review("acme/new", number, by="ana")
        assert about(line.latest("acme/new", number)) == (NAME, conclusion)


def test_a_stage_that_is_lowered_lowers_nothing(line: Plant) -> None:
    line.stand.push(HERE, "lowered", {POLICY: PLANNED})
    run = line.run(HERE, line.stand.pull(HERE, "lowered"))
    assert (about(run), lines(run, PLANNED)) == ((NAME, "failure"), {*SAID, ("POL003", "stage: planned")})
    assert {one["annotation_level"] for one in run.annotations} == {"failure"}


@pytest.mark.parametrize("rules", ["rules: {OWN001: off}\n", "rules: {OWN001: notice}\n"])
def test_a_rule_that_the_head_turns_off_still_fails(line: Plant, rules: str) -> None:
    line.stand.push(HERE, "off", {POLICY: UNOWNED + rules})
    run = line.run(HERE, line.stand.pull(HERE, "off"))
    weighed = {(str(one["title"]).split()[0], one["annotation_level"]) for one in run.annotations}
    assert (about(run), weighed) == ((NAME, "failure"), {("OWN001", "failure"), ("POL003", "failure")})


def test_a_rule_that_the_base_turns_off_is_off(line: Plant) -> None:
    line.stand.repository("acme/lenient", files={**FILES, POLICY: UNOWNED + "rules: {OWN001: off}\n"})
    company.employ(line.stand, "acme/lenient")
    line.stand.push("acme/lenient", "page", {"page.md": "# Page\n"})
    assert about(line.run("acme/lenient", line.stand.pull("acme/lenient", "page"))) == (NAME, "success")


def test_a_waiver_counts_once_it_is_on_the_base(line: Plant) -> None:
    waived = UNOWNED + ('waivers:\n  - {rule: OWN001, reason: "Hired", approved_by: "@ana-r", expires: 2026-12-10}\n')
    line.stand.push(HERE, "waived", {POLICY: waived})
    number = line.stand.pull(HERE, "waived")
    assert about(line.run(HERE, number)) == (NAME, "failure")
    line.stand.repository("acme/waived", files={**FILES, POLICY: waived})
    company.employ(line.stand, "acme/waived")
    line.stand.push("acme/waived", "page", {"page.md": "# Page\n"})
    assert about(line.run("acme/waived", line.stand.pull("acme/waived", "page"))) == (NAME, "success")


def test_a_policy_that_can_t_be_read_fails_on_its_line(line: Plant) -> None:
    policy = BARE + "owner: {}\n"
    line.stand.push(HERE, "broken", {POLICY: policy})
    run = line.run(HERE, line.stand.pull(HERE, "broken"))
    assert (about(run), lines(run, policy)) == ((NAME, "failure"), {("POL002", "owner: {}")})
    assert line.asked() == [PULL, PATCHES, CONTENTS, CREATE]


def test_a_base_that_is_not_the_default_branch_rules_what_goes_there(line: Plant) -> None:
    line.stand.push(HERE, "release/1", {POLICY: PLANNED})
    line.stand.push(HERE, "feature", {POLICY: PLANNED + "# The same.\n"})
    run = line.run(HERE, line.stand.pull(HERE, "feature", base="release/1"))
    assert (about(run), codes(run)) == ((f"{NAME} (release/1)", "success"), {"OWN001"})


def test_an_organisation_s_file_that_can_t_be_read_stops_every_check(line: Plant) -> None:
    organised(line, "version: 1\nmode: strict\n")
    line.stand.push(HERE, "page", {"page.md": "# Page\n"})
    run = line.run(HERE, line.stand.pull(HERE, "page"))
    assert (about(run), run.annotations) == ((NAME, "action_required"), [])
    assert "`acme/.github`: `.pilot-org.yml`" in str(run.summary)
    assert "line 2" in str(run.summary)
    assert line.asked() == [PULL, CREATE]


def test_an_organisation_that_advises_fails_nothing(line: Plant) -> None:
    organised(line, "version: 1\nmode: advise\n")
    for branch, policy, said in (("bad", UNOWNED, {"OWN001", "POL003"}), ("away", None, {"POL003"})):
        line.stand.push(HERE, branch, {POLICY: policy})
        run = line.run(HERE, line.stand.pull(HERE, branch))
        assert (run.conclusion, codes(run)) == ("neutral", said)


def test_an_organisation_that_is_stricter_is_obeyed(line: Plant) -> None:
    organised(line, "version: 1\nlimits: {pilot_days: 30}\n")
    line.stand.push(HERE, "page", {"page.md": "# Page\n"})
    run = line.run(HERE, line.stand.pull(HERE, "page"))
    assert (run.conclusion, codes(run)) == ("failure", {"DEC001"})
    assert line.asked() == USUAL


def test_a_repository_whose_topic_asks_for_a_policy_must_have_one(line: Plant) -> None:
    organised(line, "version: 1\nrequired_for: {topics: [ai-pilot]}\n")
    line.stand.repository("acme/topical", files={"README.md": "# T\n"}, topics=["ai-pilot"])
    line.stand.push("acme/topical", "page", {"page.md": "# Page\n"})
    run = line.run("acme/topical", line.stand.pull("acme/topical", "page"))
    assert (about(run), codes(run)) == ((NAME, "failure"), {"POL001"})
    assert line.asked() == [PULL, CREATE]


def test_what_a_property_asks_for_is_looked_up_where_it_matters(line: Plant) -> None:
    organised(line, "version: 1\nrequired_for: {topics: [], properties: {kind: [pilot]}}\n")
    for name, kind, conclusion in (("acme/kind", "pilot", "failure"), ("acme/other", "shop", "neutral")):
        line.stand.repository(name, files={"README.md": "# T\n"}, properties={"kind": kind})
        line.stand.push(name, "page", {"page.md": "# Page\n"})
        line.asked()
        assert about(line.run(name, line.stand.pull(name, "page"))) == (NAME, conclusion)
        assert line.asked() == [PULL, "GET /repos/{owner}/{repo}/properties/values", CREATE]
