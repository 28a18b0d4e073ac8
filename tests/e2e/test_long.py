"""Reports longer than a request of GitHub's may be, and what is left of them when a process is killed in between."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.github import Asked
from bot.demo.served import Served
from bot.github.checks import LIMIT
from tests.e2e.given import BARE, HERE, NAME, POLICY
from tests.e2e.plant import (
    CONTENTS,
    CREATE,
    PATCHES,
    POLICY_PULLS,
    PULL,
    UPDATE,
    Clock,
    Plant,
    about,
    label,
    plant,
    wait,
)
from tests.e2e.storm import settings
from tests.stand import Stand

MANY = 120
BROKEN = [PULL, PATCHES, CONTENTS]
"""What is asked where the policy can't be read: whether there are others below, and who may approve of anything."""


def unknown(count: int) -> str:
    """A policy with so many keys that nobody knows, each a finding on its line."""
    return BARE + "".join(f"unknown_{number}_{'x' * 80}: 1\n" for number in range(count))


def places(count: int) -> list[int]:
    """The lines of these keys."""
    first = len(BARE.splitlines()) + 1
    return list(range(first, first + count))


def test_more_annotations_than_a_request_may_have_come_in_pages(line: Plant) -> None:
    line.stand.push(HERE, "long", {POLICY: unknown(MANY)})
    number = line.stand.pull(HERE, "long")
    run = line.run(HERE, number)
    assert line.asked() == [*BROKEN, CREATE, UPDATE, UPDATE]
    assert about(run) == (NAME, "failure")
    assert [one["start_line"] for one in run.annotations] == places(MANY)
    line.stand.close(HERE, number)
    line.stand.reopen(HERE, number)
    assert line.asked() == BROKEN


def test_a_report_that_is_too_long_is_cut_and_says_so(line: Plant) -> None:
    line.stand.push(HERE, "long", {POLICY: unknown(600)})
    run = line.run(HERE, line.stand.pull(HERE, "long"))
    assert line.asked() == [*BROKEN, CREATE, *[UPDATE] * 11]
    assert [one["start_line"] for one in run.annotations] == places(600)
    assert LIMIT - 1000 < len(str(run.text).encode()) <= LIMIT
    assert str(run.text).endswith("`pilotgate check` in a checkout shows the whole._\n")
    assert len(str(run.summary).encode()) <= LIMIT


def test_fewer_findings_than_before_leave_no_old_annotation_on_the_check_that_counts(line: Plant) -> None:
    line.stand.push(HERE, "long", {POLICY: unknown(MANY)})
    number = line.stand.pull(HERE, "long")
    line.asked()
    line.stand.push(HERE, "long", {POLICY: unknown(2)})
    assert [one["start_line"] for one in line.run(HERE, number).annotations] == places(2)
    assert line.asked() == [*BROKEN, CREATE, POLICY_PULLS]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("page", [1, 2])
def test_a_limit_between_two_pages_doubles_nothing(line: Plant, page: int, after: bool) -> None:
    line.stand.push(HERE, "long", {POLICY: unknown(MANY)})
    count = 0

    def met(asked: Asked) -> bool:
        nonlocal count
        count += label(asked) == UPDATE
        return label(asked) == UPDATE and count == page

    line.stand.fail(met, "secondary", after=after)
    number = line.stand.pull(HERE, "long")
    line.asked()
    row = line.row("pull_request")
    assert row.state == "accepted"
    line.clock.now = line.due(row.id)
    run = line.run(HERE, number)
    assert [one["start_line"] for one in run.annotations] == places(MANY)
    left = 3 - page - after
    # The last page takes away the mark that more is to come, even if all annotations are there.
    assert line.asked() == [*BROKEN, *[UPDATE] * left]
    assert not run.external_id.endswith("/more")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_kill_between_two_pages_doubles_nothing(tmp_path: Path, after: bool) -> None:
    clock = Clock(ahead=timedelta())
    with Stand() as stand, plant(tmp_path, stand, clock, workers=0) as line:
        stand.install("acme")
        stand.repository(HERE, files={"README.md": "# Triage\n"})
        stand.commit(HERE, "long", {POLICY: unknown(MANY)})
        worker = Served(tmp_path, settings(stand), ("worker",))
        killed: list[str] = []

        def met(asked: Asked) -> bool:
            if label(asked) != UPDATE or killed:
                return False
            killed.append(label(asked))
            worker.kill()
            return True

        stand.fail(met, "drop", after=after)
        number = stand.pull(HERE, "long")
        clock.now = datetime.now(UTC)
        worker.start(ready=False)
        try:
            # Another of its threads may have asked for something else meanwhile.
            wait(lambda: bool(killed) and UPDATE in map(label, list(stand.requests)), "the worker is killed")
            (run,) = stand.checks(HERE, number, every=True)
            assert (run.status, len(run.annotations)) == ("completed", 100 if after else 50)
            worker.start(ready=False)
            line.settle()
            # The last row, which tells of our own check run, may come in after all else is done.
            wait(lambda: {one.state for one in line.rows.standings()} == {"done"}, "every row is done")
        finally:
            worker.stop()
        assert (about(run), stand.checks(HERE, number, every=True)) == ((NAME, "failure"), [run])
        assert [one["start_line"] for one in run.annotations] == places(MANY)
        assert [label(one) for one in stand.requests].count(UPDATE) == (2 if after else 3)
