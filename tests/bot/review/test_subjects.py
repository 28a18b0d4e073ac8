"""Which policies judge a pull request: the nearest above each changed path, and what each is held against."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import responses

from bot.gather.pull import Asked, Pull, read_pull
from bot.github.client import Installation
from bot.review.subjects import FOLDERS, Subject, base_of, subject, subjects
from rules.catalogue import catalogue
from rules.document import absent
from rules.policy import Policy
from tests.bot.github.hub import Hub


def named(name: str) -> bytes:
    return f"version: 1\npilot: {{name: {name}, stage: pilot, start: 2026-11-02}}\n".encode()


ROOT, A, AB = named("root"), named("a"), named("ab")
BROKEN = b"version: ["


@pytest.fixture
def hub() -> Hub:
    return Hub(files={".pilot.yml": ROOT}, base={".pilot.yml": ROOT})


@pytest.fixture
def installation(hub: Hub) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


def told(hub: Hub, installation: Installation, *changed: str) -> list[Subject]:
    pull = read_pull(installation, catalogue(), Asked("acme/triage", 17))
    hub.counted()
    return subjects(installation, catalogue(), pull, changed)


def both(hub: Hub, path: str, content: bytes) -> None:
    hub.files[path] = hub.base[path] = content


def judging(found: list[Subject]) -> list[str]:
    return [one.pull.policy.path for one in found]


def name(model: Policy | None) -> str | None:
    return model.pilot.name if model else None


def test_the_root_s_alone_judges_where_there_are_no_others(hub: Hub, installation: Installation) -> None:
    (one,) = told(hub, installation, "a/b/c.py", "README.md")
    assert (one.pull.policy.path, one.base.above) == (".pilot.yml", ())
    assert hub.counted() == ["Nested"]
    assert one.ours("a/b/c.py")
    assert judging(told(hub, installation)) == [".pilot.yml"]
    assert judging(told(hub, installation, "README.md")) == [".pilot.yml"]
    assert hub.counted() == [], "a change at the root alone has no folders"


def test_the_nearest_judges_each_path(hub: Hub, installation: Installation) -> None:
    both(hub, "a/.pilot.yml", A)
    both(hub, "a/b/.pilot.yml", AB)
    found = told(hub, installation, "README.md", "a/x.py", "a/b/c/y.py", "ab/z.py")
    assert judging(found) == [".pilot.yml", "a/.pilot.yml", "a/b/.pilot.yml"]
    assert [[path for path in ("README.md", "a/x.py", "a/b/c/y.py", "ab/z.py") if one.ours(path)] for one in found] == [
        ["README.md", "ab/z.py"],
        ["a/x.py"],
        ["a/b/c/y.py"],
    ]
    assert judging(told(hub, installation, "a/b/c/y.py")) == ["a/b/.pilot.yml"]
    assert judging(told(hub, installation, "a/x.py", "ab/z.py")) == [".pilot.yml", "a/.pilot.yml"]


def test_one_below_is_held_against_itself_and_all_that_stand_above(hub: Hub, installation: Installation) -> None:
    both(hub, "a/.pilot.yml", A)
    both(hub, "a/b/.pilot.yml", AB)
    (one,) = told(hub, installation, "a/b/y.py")
    assert name(one.base.policy) == "ab"
    assert [name(above) for above in one.base.above] == ["a", "root"]


def test_a_new_one_is_held_against_the_one_that_judged_its_folder_until_now(
    hub: Hub, installation: Installation
) -> None:
    hub.files["a/.pilot.yml"] = A
    hub.files["a/b/.pilot.yml"] = AB
    found = told(hub, installation, "a/.pilot.yml", "a/b/.pilot.yml")
    assert judging(found) == ["a/.pilot.yml", "a/b/.pilot.yml"]
    for one in found:
        assert name(one.base.policy) == "root", "not against nothing, nor against what is new itself"
        assert [name(above) for above in one.base.above] == ["root"]


def test_a_new_one_below_one_that_stays_is_held_against_that(hub: Hub, installation: Installation) -> None:
    both(hub, "a/.pilot.yml", A)
    hub.files["a/b/.pilot.yml"] = AB
    (one,) = told(hub, installation, "a/b/.pilot.yml")
    assert name(one.base.policy) == "a"


def test_one_that_is_taken_or_moved_away_still_judges(hub: Hub, installation: Installation) -> None:
    hub.base["a/.pilot.yml"] = A
    hub.files["b/.pilot.yml"] = A
    taken, moved = told(hub, installation, "a/.pilot.yml", "b/.pilot.yml")
    assert (taken.pull.policy.absent, name(taken.base.policy)) == (True, "a")
    assert (name(moved.pull.policy.model), name(moved.base.policy)) == ("a", "root")


def test_one_that_is_broken_on_the_base_branch_is_so_and_nothing_above_is_lost(
    hub: Hub, installation: Installation
) -> None:
    both(hub, "a/.pilot.yml", A)
    hub.base["a/.pilot.yml"] = BROKEN
    hub.files["a/b/.pilot.yml"] = AB
    outer, inner = told(hub, installation, "a/.pilot.yml", "a/b/.pilot.yml")
    for one in (outer, inner):
        assert (one.base.policy, one.base.broken) == (None, True)
        assert [name(above) for above in one.base.above] == ["root"]


def test_without_one_at_the_root_one_below_stands_alone(hub: Hub, installation: Installation) -> None:
    hub.files, hub.base = {"a/.pilot.yml": A}, {}
    (one,) = told(hub, installation, "a/.pilot.yml")
    assert (one.base.exists, one.base.above) == (False, ())


def test_a_pull_request_without_a_base_commit_has_no_policies_there(hub: Hub, installation: Installation) -> None:
    both(hub, "a/.pilot.yml", A)
    pull: Pull = replace(read_pull(installation, catalogue(), Asked("acme/triage", 17)), base_commit=None)
    (one,) = subjects(installation, catalogue(), pull, ["a/x.py"])
    assert one.pull.base_policy.absent


def test_among_very_many_folders_a_changed_policy_is_not_lost(hub: Hub, installation: Installation) -> None:
    many = [f"f{number:04}/x.py" for number in range(FOLDERS + 50)]
    both(hub, "f0149/.pilot.yml", A)
    hub.base["z/y/x/.pilot.yml"] = AB
    found = told(hub, installation, *many, "z/y/x/.pilot.yml")
    assert judging(found) == [".pilot.yml", "z/y/x/.pilot.yml"]
    assert hub.counted() == ["Nested"]


def test_one_that_is_asked_for_is_told_whether_it_judges_or_not(hub: Hub, installation: Installation) -> None:
    both(hub, "a/.pilot.yml", A)
    both(hub, "a/b/.pilot.yml", AB)
    pull = read_pull(installation, catalogue(), Asked("acme/triage", 17))
    for path, base, above in (
        (".pilot.yml", "root", []),
        ("a/.pilot.yml", "a", ["root"]),
        ("a/b/.pilot.yml", "ab", ["a", "root"]),
        # There is none, so that one would be held against what judges the folder until now.
        ("a/c/.pilot.yml", "a", ["a", "root"]),
    ):
        one = subject(installation, catalogue(), pull, path, ["a/b/x.py", "a/y.py", "z.py"])
        assert (one.pull.policy.path, one.pull.policy.absent) == (path, path.startswith("a/c"))
        assert (name(one.base.policy), [name(model) for model in one.base.above]) == (base, above)
    assert [
        path
        for path in ("a/b/x.py", "a/y.py")
        if subject(installation, catalogue(), pull, "a/.pilot.yml", ["a/b/x.py"]).ours(path)
    ] == ["a/y.py"]


def test_a_base_is_what_its_document_is() -> None:
    base = base_of(absent(".pilot.yml", Policy))
    assert (base.policy, base.broken, base.exists) == (None, False, False)
