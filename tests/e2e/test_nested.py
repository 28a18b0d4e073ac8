"""Policies below the root: each changed path is judged by the nearest one, which may only tighten what stands above."""

import pytest

from tests.e2e.given import GOOD, HERE, NAME, POLICY, UNOWNED
from tests.e2e.plant import Plant, judged

BELOW = f"triage/{POLICY}"
EASED = GOOD.replace("target: 0.93", "target: 0.9")
TIGHT = GOOD.replace("target: 0.93", "target: 0.94")
PAGE = {"triage/page.md": "# Page\n"}


@pytest.fixture
def nested(line: Plant) -> Plant:
    """The same with a stricter policy in a folder."""
    line.stand.push(HERE, "main", {BELOW: TIGHT})
    line.asked()
    return line


def told(line: Plant, branch: str) -> tuple[str | None, str | None, set[tuple[str, str]]]:
    """How the check run came out, its title, and what fails it, each code with its file."""
    run = line.latest(HERE, branch)
    failures = [one for one in run.annotations if one["annotation_level"] == "failure"]
    return run.conclusion, run.title, {(str(one["title"]).split()[0], one["path"]) for one in failures}


def test_a_copy_of_the_root_s_policy_or_a_stricter_one_is_fine(line: Plant) -> None:
    for branch, policy in (("same", GOOD), ("strict", TIGHT)):
        line.stand.push(HERE, branch, {BELOW: policy, **PAGE})
        assert judged(line, HERE, line.stand.pull(HERE, branch)) == ("success", set())


def test_a_policy_that_shadows_the_root_s_and_promises_less_is_red(line: Plant) -> None:
    line.stand.push(HERE, "shadow", {BELOW: EASED, **PAGE})
    number = line.stand.pull(HERE, "shadow")
    line.latest(HERE, number)
    assert told(line, "shadow")[::2] == ("failure", {("POL003", BELOW)})
    line.stand.review(HERE, number, by="ana-r")
    assert judged(line, HERE, number) == ("success", set())
    line.stand.push(HERE, "shadow", {"triage/other.md": "# Other\n"})
    assert judged(line, HERE, number) == ("failure", {"POL003"})


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        (GOOD, {"POL003"}),
        (None, {"POL003"}),
        (TIGHT.replace("stage: pilot", "stage: retired"), {"POL003"}),
        (TIGHT + "rules: {MON002: off}\n", {"POL003"}),
        ("", {"POL002"}),
    ],
    ids=["loosened", "removed", "retired", "lowered", "emptied"],
)
def test_one_that_promises_less_than_before_is_red(nested: Plant, policy: str | None, codes: set[str]) -> None:
    nested.stand.push(HERE, "less", {BELOW: policy})
    number = nested.stand.pull(HERE, "less")
    assert judged(nested, HERE, number) == ("failure", codes)
    assert {path for _, path in told(nested, "less")[2]} == {BELOW}
    nested.stand.review(HERE, number, by="ana-r")
    approved = ("failure", codes) if codes == {"POL002"} else ("neutral" if policy is None else "success", set())
    assert judged(nested, HERE, number) == approved


def test_what_its_folder_changes_is_judged_by_it_alone(nested: Plant) -> None:
    nested.stand.push(HERE, "main", {POLICY: GOOD + "rules: {CRI004: off}\n", BELOW: UNOWNED.replace("0.93", "0.94")})
    nested.stand.push(HERE, "below", PAGE)
    assert judged(nested, HERE, nested.stand.pull(HERE, "below")) == ("failure", {"OWN001"})
    nested.stand.push(HERE, "above", {"page.md": "# Page\n"})
    assert judged(nested, HERE, nested.stand.pull(HERE, "above")) == ("success", set())


def test_all_policies_that_judge_it_are_told_together(nested: Plant) -> None:
    nested.stand.push(HERE, "both", {POLICY: GOOD + "# The same.\n", BELOW: UNOWNED.replace("0.93", "0.94")})
    number = nested.stand.pull(HERE, "both")
    assert judged(nested, HERE, number) == ("failure", {"OWN001", "POL003"})
    run = nested.latest(HERE, number)
    assert (run.name, run.title) == (NAME, f"1 of 2 pilots fail: {BELOW}")
    assert told(nested, "both")[2] == {("OWN001", BELOW), ("POL003", BELOW)}


def test_the_root_s_policy_is_no_one_s_to_lose_for_one_below(nested: Plant) -> None:
    nested.stand.push(HERE, "only-below", {POLICY: None})
    assert judged(nested, HERE, nested.stand.pull(HERE, "only-below")) == ("failure", {"POL003"})
    nested.stand.push(HERE, "moved", {POLICY: None, BELOW: None, f"other/{POLICY}": GOOD})
    assert judged(nested, HERE, nested.stand.pull(HERE, "moved")) == ("failure", {"POL003"})
