"""Faults of GitHub at each request of a review: a retry at the right time, or a clear end, and the effect once.

One thread works, so a worker that slept would be noticed: the other account would not be served. The clock stands
still, so that a time is right to the second or wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.github.faults import Kind
from bot.jobs.work import pause
from bot.store.deliveries import Standing
from tests.e2e.given import HERE, POLICY, UNOWNED, at_home, planted
from tests.e2e.plant import CONTENTS, CREATE, PULL, SEEN, TOKEN, USUAL, Clock, Plant, codes, label, plant, wait
from tests.stand import Stand

OTHER = "other/triage"
POINTS = {
    TOKEN: "POST */access_tokens",
    PULL: "graphql Pull",
    CONTENTS: "graphql Files",
    CREATE: "POST /repos/acme/triage/check-runs",
}
SECOND = timedelta(seconds=1)
SOON = 5 * SECOND
RESET = timedelta(minutes=10) + SECOND
"""The stand-in's limits are reset after ten minutes, and the last second counts."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong, how long the retry has to wait, and what is said of it. `once`: the write has had its effect."""

    kind: Kind
    wait: timedelta
    says: str
    more: dict[str, Any] = field(default_factory=dict)
    once: bool = False
    limit: bool = False
    points: tuple[str, ...] = tuple(POINTS)


def status(code: int, **more: Any) -> dict[str, Any]:
    return {"status": code, **more}


SECONDARY = {"message": "You have exceeded a secondary rate limit."}
RETRIED = {
    "500": Fault("status", SOON, "500 Server Error", status(500)),
    "502": Fault("status", SOON, "502 Server Error", status(502)),
    "502, a page": Fault("status", SOON, "502", status(502, body="<html>Bad Gateway</html>")),
    "503 with a time": Fault("status", 90 * SECOND, "503", status(503, headers={"retry-after": "90"})),
    "502 after GitHub did it": Fault("status", SOON, "502", status(502, after=True), once=True),
    "500 after GitHub did it": Fault("status", SOON, "500", status(500, after=True), once=True),
    "401": Fault("status", SOON, "401 Bad credentials", status(401, body={"message": "Bad credentials"})),
    "408": Fault("status", SOON, "408", status(408)),
    "timeout": Fault("delay", SOON, "can't be reached: ReadTimeout", {"delay": 2.5}, once=True),
    "closed connection": Fault("drop", SOON, "can't be reached: ConnectionError"),
    "closed after GitHub did it": Fault("drop", SOON, "can't be reached", {"after": True}, once=True),
    "cut-off body": Fault("cut", SOON, "", once=True),
    "primary limit": Fault("primary", RESET, "API rate limit exceeded", limit=True),
    "secondary limit": Fault("secondary", 60 * SECOND, "secondary rate limit", limit=True),
    "secondary limit without a time": Fault(
        "status", 60 * SECOND, "secondary", status(403, body=SECONDARY), limit=True
    ),
    "429": Fault("status", 120 * SECOND, "429", status(429, headers={"retry-after": "120"}), limit=True),
    "GraphQL's limit": Fault("graphql", RESET, "RATE_LIMITED", limit=True, points=(PULL, CONTENTS)),
}
FINAL = {
    "403": Fault("status", SOON, "403 Resource not", status(403, body={"message": "Resource not accessible"})),
    "404": Fault("status", SOON, "404 Not Found", status(404, body={"message": "Not Found"})),
    "410": Fault("status", SOON, "410", status(410)),
    "422": Fault("status", SOON, "422 Validation Failed", status(422, body={"message": "Validation Failed"})),
    "451": Fault("status", SOON, "451", status(451)),
}


def each(faults: dict[str, Fault], only: bool = False) -> pytest.MarkDecorator:
    """Every fault at every request that it can meet; `only` the limits."""
    cases = [
        pytest.param(fault, point, id=f"{name} at {point.rpartition('/')[2]}")
        for name, fault in faults.items()
        for point in fault.points
        if fault.limit or not only
    ]
    return pytest.mark.parametrize(("fault", "point"), cases)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Plant]:
    """Pilotgate with one thread, installed by two accounts."""
    clock = Clock()
    with Stand(clock=clock) as stand, plant(tmp_path, stand, clock, workers=1) as running:
        for account in ("acme", "other"):
            stand.install(account)
            planted(stand, f"{account}/triage")
        yield running


def opened(both: Plant, place: str, branch: str = "feature") -> tuple[int, Standing]:
    """A pull request that fails, and its row, which waits or is finished."""
    both.stand.commit(place, branch, {POLICY: at_home(UNOWNED, place), f"{branch}.md": b"# Page\n"})
    number = both.stand.pull(place, branch)
    both.settle()
    return number, both.row("pull_request", place)


def again(both: Plant, row: Standing) -> Standing:
    """The row, once its time has come and it has been taken up."""
    both.clock.now = both.due(row.id)
    both.settle()
    return next(one for one in both.rows.standings() if one.id == row.id)


def judged_once(both: Plant, place: str, number: int) -> None:
    """One check run stands there, and says all that there is to say once."""
    run = both.run(place, number)
    assert (run.conclusion, codes(run), len(run.annotations)) == ("failure", {"OWN001", "POL003"}, 2)


@each(RETRIED)
def test_what_passes_is_tried_again_when_it_is_time(
    both: Plant, fault: Fault, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault.kind == "delay":
        monkeypatch.setattr("bot.github.client._TIMEOUT", 2)
    failing = both.stand.fail(POINTS[point], fault.kind, **fault.more)
    number, row = opened(both, HERE)
    assert failing.hits == 1
    assert (row.state, row.attempts, fault.says in str(row.error)) == ("accepted", 1, True), row.error
    # Kept to the millisecond, and the header of a reset to the second.
    assert both.due(row.id) == both.clock() + fault.wait
    # Nobody waits any more for an answer that comes too late, but GitHub has done it only then.
    wait(lambda: point in map(label, list(both.stand.requests)), "GitHub is done with the request")
    both.asked()

    both.clock.now += fault.wait - SECOND
    other, served = opened(both, OTHER)
    assert served.state == "done"
    judged_once(both, OTHER, other)
    assert (both.asked(), both.row("pull_request", HERE).attempts) == (USUAL, 1)

    row = again(both, row)
    assert (row.state, row.attempts, row.error) == ("done", 2, None)
    judged_once(both, HERE, number)
    done = fault.once and point == CREATE
    assert both.asked() == (USUAL[:-1] if done else USUAL)


@each(RETRIED, only=True)
def test_nothing_is_asked_for_an_account_before_its_limit_is_over(both: Plant, fault: Fault, point: str) -> None:
    both.stand.fail(POINTS[point], fault.kind, **fault.more)
    first, held = opened(both, HERE)
    over = both.clock() + fault.wait
    both.asked_with_tokens()
    second, behind = opened(both, HERE, "behind")
    assert (behind.state, behind.attempts, both.due(behind.id)) == ("accepted", 1, over)
    assert both.asked_with_tokens() == []
    both.clock.now = over - SECOND
    third, last = opened(both, HERE, "last")
    # So near to the end, the first pause of a row is the longer one.
    assert both.due(last.id) == max(over, both.clock() + pause(1))
    assert both.asked_with_tokens() == []
    opened(both, OTHER)
    assert TOKEN in both.asked_with_tokens()
    assert [again(both, row).state for row in (held, behind, last)] == ["done"] * 3
    for number in (first, second, third):
        judged_once(both, HERE, number)


@each(FINAL)
def test_what_github_refuses_has_failed_until_somebody_asks_again(both: Plant, fault: Fault, point: str) -> None:
    failing = both.stand.fail(POINTS[point], fault.kind, **fault.more)
    number, row = opened(both, HERE)
    assert (failing.hits, row.state, row.attempts) == (1, "failed", 1)
    assert fault.says in str(row.error)
    assert both.runs(HERE, number) == []
    both.asked()
    both.clock.now += timedelta(hours=1)
    opened(both, OTHER)
    assert both.asked() == USUAL
    assert both.rows.retry(row.id, both.clock())
    assert again(both, row).state == "done"
    judged_once(both, HERE, number)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_explanation_is_given_once_whatever_comes_of_its_request(both: Plant, after: bool) -> None:
    number, _ = opened(both, HERE)
    failing = both.stand.fail("POST */comments", "status", 502, after=after)
    both.stand.press(both.run(HERE, number), "explain", by="dev")
    both.settle()
    row = both.row("check_run")
    assert (failing.hits, row.state, both.due(row.id)) == (1, "accepted", both.clock() + SOON)
    assert again(both, row).state == "done"
    assert len(both.stand.issue(HERE, number).comments) == 1


def test_a_token_that_github_no_longer_takes_is_replaced(both: Plant) -> None:
    opened(both, HERE)
    both.stand.gate.tokens.clear()
    both.asked()
    number, row = opened(both, HERE, "second")
    assert (row.state, both.due(row.id)) == ("accepted", both.clock() + SOON)
    assert both.asked_with_tokens() == [PULL]
    assert again(both, row).state == "done"
    assert both.asked_with_tokens() == [TOKEN, *USUAL]
    judged_once(both, HERE, number)


def test_a_token_is_renewed_before_it_ends(both: Plant) -> None:
    opened(both, HERE)
    for after, tokens in ((57, []), (2, [TOKEN])):
        both.asked_with_tokens()
        both.clock.now += timedelta(minutes=after)
        opened(both, HERE, f"after-{after}")
        assert both.asked_with_tokens() == [*tokens, *USUAL]


def test_an_hour_that_is_used_up_is_waited_out(both: Plant) -> None:
    both.stand.gate.hourly["graphql"] = 3
    numbers = [opened(both, HERE, name)[0] for name in ("one", "two", "three")]
    # The fourth query of GraphQL was the first too many; what came later did not even ask.
    assert [one.state for one in both.rows.standings() if one.event == "pull_request"] == [
        "done",
        "accepted",
        "accepted",
    ]
    assert both.asked() == [*USUAL, PULL, *SEEN]
    judged_once(both, HERE, numbers[0])
    waiting = [one for one in both.rows.standings() if one.state == "accepted"]
    (due,) = {both.due(one.id) for one in waiting}
    assert timedelta(minutes=59) < due - both.clock() <= timedelta(minutes=61)
    both.stand.gate.limits.clear()
    both.stand.gate.hourly["graphql"] = 5000
    assert [again(both, one).state for one in waiting] == ["done", "done"]
    for number in numbers:
        judged_once(both, HERE, number)


def test_each_attempt_that_fails_waits_longer_and_three_days_are_the_end(both: Plant) -> None:
    failing = both.stand.fail(POINTS[PULL], "status", 500, times=10_000)
    number, row = opened(both, HERE)
    begin = both.clock()
    for attempt in range(2, 12):
        row = again(both, row)
        assert (row.state, row.attempts) == ("accepted", attempt)
        assert both.due(row.id) == both.clock() + pause(attempt)
    both.clock.now = begin + timedelta(days=3)
    both.settle()
    row = again(both, row) if both.row("pull_request", HERE).state == "accepted" else both.row("pull_request", HERE)
    assert (row.state, "given up after 3 days" in str(row.error)) == ("failed", True)
    failing.times = 0
    assert both.rows.retry(row.id, both.clock())
    both.settle()
    judged_once(both, HERE, number)
