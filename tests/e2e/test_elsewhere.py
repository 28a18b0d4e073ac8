"""What happens around pull requests: the base branch's policy changes, repositories and installations come and go."""

import pytest

from tests.e2e.given import BARE, FILES, GOOD, HERE, NAME, POLICY, UNOWNED
from tests.e2e.plant import CREATE, LOOK, POLICY_PULLS, PULL, TOKEN, USUAL, Plant, about, codes, label, pull_of

PLANNED = UNOWNED.replace("stage: pilot", "stage: planned")


@pytest.fixture
def three(line: Plant) -> list[int]:
    """Three pull requests into the default branch and one elsewhere, held to a policy of a stage without errors."""
    line.stand.commit(HERE, "main", {POLICY: PLANNED})
    line.stand.commit(HERE, "side", {"side.md": "# Side\n"})
    numbers = []
    for name in ("one", "two", "three"):
        line.stand.commit(HERE, name, {POLICY: PLANNED + f"# {name}\n"})
        numbers.append(line.stand.pull(HERE, name))
    line.stand.pull(HERE, "one", base="side")
    assert [line.run(HERE, name).conclusion for name in ("two", "three")] == ["success", "success"]
    line.asked()
    return numbers


def test_a_push_that_changes_the_policy_judges_every_pull_request_into_it_anew(line: Plant, three: list[int]) -> None:
    line.stand.push(HERE, "main", {POLICY: GOOD})
    asked = line.asked()
    assert asked == [POLICY_PULLS, *USUAL * 3]
    runs = [line.stand.check(HERE, number, NAME) for number in three]
    assert [about(run) for run in runs if run] == [(NAME, "failure")] * 3
    assert [pull_of(run) for run in runs if run] == [str(number) for number in three]
    rows = {one.id.partition("/")[2] for one in line.rows.standings() if "/pull/" in one.id}
    assert rows == {f"pull/{number}" for number in three}
    line.stand.push(HERE, "main", {POLICY: GOOD + "# The same.\n"})
    assert line.asked() == [POLICY_PULLS, *[PULL, *LOOK] * 3]


def test_other_pushes_ask_nothing(line: Plant, three: list[int]) -> None:
    line.stand.push(HERE, "main", {"docs/page.md": "# Page\n"})
    line.stand.push(HERE, "elsewhere", {POLICY: BARE})
    line.stand.reset(HERE, "elsewhere", None)
    assert line.asked() == []
    assert line.row("push").state == "done"


def test_a_forced_push_may_have_changed_anything(line: Plant, three: list[int]) -> None:
    git = line.stand.world.repositories[HERE].git
    line.stand.reset(HERE, "main", git.commit(git.refs["refs/heads/main"]).parents[0])
    assert line.asked() == [POLICY_PULLS, *USUAL * 3]
    assert [run.conclusion for number in three if (run := line.stand.check(HERE, number, NAME))] == ["failure"] * 3


def test_where_the_app_is_installed_is_remembered(bare: Plant) -> None:
    stand = bare.stand
    stand.repository("acme/one")
    stand.repository("acme/two")
    installation = stand.install("acme", repositories=["acme/one"])
    bare.settle()
    assert bare.installations.names(installation) == ["acme/one"]
    stand.select(installation, ["acme/one", "acme/two"])
    bare.settle()
    assert bare.installations.names(installation) == ["acme/one", "acme/two"]
    stand.select(installation, ["acme/two"])
    bare.settle()
    assert bare.installations.names(installation) == ["acme/two"]
    stand.rename("acme/two", "second")
    bare.settle()
    assert bare.installations.names(installation) == ["acme/second"]
    stand.archive("acme/second")
    bare.settle()
    assert bare.installations.names(installation) == []
    stand.archive("acme/second", archived=False)
    bare.settle()
    assert bare.installations.names(installation) == ["acme/second"]
    stand.delete("acme/second")
    bare.settle()
    assert bare.installations.names(installation) == []
    stand.suspend(installation)
    stand.suspend(installation, suspended=False)
    stand.grant(installation, {"metadata": "read", "checks": "write"})
    stand.uninstall(installation)
    assert bare.asked_with_tokens() == []
    assert {one.state for one in bare.rows.standings()} == {"done"}


def test_a_repository_that_is_transferred_has_its_new_name(line: Plant) -> None:
    place = line.stand.world.repositories[HERE]
    installation = next(iter(line.stand.world.installations))
    assert line.installations.names(installation) == [HERE]
    status = line.stand.deliver(
        "repository",
        {
            "action": "transferred",
            "repository": {"id": place.id, "full_name": "other/triage"},
            "installation": {"id": installation},
            "sender": {"login": "ana", "type": "User"},
        },
    )
    line.settle()
    assert (status, line.installations.names(installation)) == (202, ["other/triage"])


def test_one_that_was_renamed_before_its_turn_came_is_judged_under_its_new_name(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.hooks.hold = True
    number = line.stand.pull(HERE, "feature")
    line.stand.rename(HERE, "sorting")
    line.asked()
    line.stand.hooks.release()
    run = line.run("acme/sorting", number)
    assert (about(run), codes(run), pull_of(run)) == ((NAME, "failure"), {"OWN001", "POL003"}, str(number))
    # The first answer comes under the old name, whose organisation may be another.
    assert line.asked() == [PULL, *USUAL]


def test_one_that_is_renamed_while_it_is_judged_gets_its_check_run_all_the_same(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.asked()

    def renamed(asked: object) -> bool:
        if getattr(asked, "document", None) == "Files" and HERE in line.stand.world.repositories:
            line.stand.rename(HERE, "sorting")
        return False

    line.stand.fail(renamed)
    number = line.stand.pull(HERE, "feature")
    line.settle()
    row = line.row("pull_request")
    if row.state == "accepted":
        line.clock.now = line.due(row.id)
    run = line.run("acme/sorting", number)
    assert (about(run), codes(run)) == ((NAME, "failure"), {"OWN001", "POL003"})


def test_an_app_that_was_removed_gives_up_and_says_so(line: Plant) -> None:
    installation = next(iter(line.stand.world.installations))
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.hooks.hold = True
    line.stand.pull(HERE, "feature")
    line.stand.uninstall(installation)
    line.stand.hooks.release()
    assert line.asked_with_tokens()[-1] == TOKEN
    row = line.row("pull_request")
    assert (row.state, "404" in str(row.error)) == ("failed", True)
    assert line.installations.names(installation) == []


def test_an_app_that_was_suspended_gives_up_until_it_is_asked_again(line: Plant) -> None:
    installation = next(iter(line.stand.world.installations))
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.hooks.hold = True
    number = line.stand.pull(HERE, "feature")
    line.stand.suspend(installation)
    line.stand.hooks.release()
    line.settle()
    row = line.row("pull_request")
    assert (row.state, "suspended" in str(row.error)) == ("failed", True)
    line.stand.suspend(installation, suspended=False)
    line.asked()
    assert line.rows.retry(row.id, line.clock())
    assert about(line.run(HERE, number)) == (NAME, "failure")
    assert line.asked() == USUAL


def test_a_repository_that_the_app_was_taken_from_is_given_up(line: Plant) -> None:
    line.stand.repository("acme/rest", files=FILES)
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.hooks.hold = True
    line.stand.pull(HERE, "feature")
    line.stand.select(next(iter(line.stand.world.installations)), ["acme/rest"])
    line.stand.hooks.release()
    line.settle()
    row = line.row("pull_request")
    assert (row.state, "this installation may not see it" in str(row.error)) == ("failed", True)


def test_two_accounts_are_served_each_as_its_own_installation(line: Plant) -> None:
    other = line.stand.install("other")
    line.stand.repository("other/triage", files=FILES)
    line.asked()
    for place in (HERE, "other/triage"):
        line.stand.push(place, "feature", {POLICY: UNOWNED})
        assert about(line.run(place, line.stand.pull(place, "feature"))) == (NAME, "failure")
    assert line.asked() == [*USUAL, *USUAL]
    asked = [one for one in line.stand.requests if one.installation == other]
    assert [label(one) for one in asked] == USUAL


@pytest.mark.parametrize(
    ("event", "payload", "status"),
    [
        ("ping", {"zen": "Keep it logically awesome."}, 204),
        ("issues", {"action": "opened"}, 204),
        ("pull_request", {"action": "assigned"}, 204),
        ("check_suite", {"action": "requested"}, 204),
        ("check_run", {"action": "created"}, 204),
        ("repository", {"action": "created"}, 204),
        ("../push", {}, 204),
        ("pull_request", {"action": "opened"}, 400),
        ("push", {}, 400),
    ],
)
def test_what_is_not_handled_leaves_nothing(line: Plant, event: str, payload: dict[str, object], status: int) -> None:
    before = len(list(line.rows.standings()))
    assert line.stand.deliver(event, dict(payload)) == status
    assert len(list(line.rows.standings())) == before


def test_what_is_not_signed_with_the_secret_leaves_nothing(line: Plant) -> None:
    before = len(list(line.rows.standings()))
    line.stand.hooks.secret = "another"
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    line.stand.pull(HERE, "feature")
    assert {one.code for one in line.stand.deliveries[-3:]} == {401}
    assert (line.asked(), len(list(line.rows.standings()))) == ([], before)


def test_the_check_run_is_made_once_for_all_that_is_told_at_once(line: Plant) -> None:
    line.stand.push(HERE, "feature", {POLICY: UNOWNED})
    number = line.stand.pull(HERE, "feature", draft=True)
    line.stand.ready_for_review(HERE, number)
    line.stand.close(HERE, number)
    line.stand.reopen(HERE, number)
    line.run(HERE, number)
    assert line.asked().count(CREATE) == 1
