"""A check run is written once, in pages of fifty, and goes on where it was cut off."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import responses

from bot.errors import RetryLater
from bot.github.checks import Action, Annotation, CheckRun, Place, Standing, publish, pull_of, standing
from bot.github.client import Installation
from tests.bot.github.hub import HEAD, Hub, Reply

PLACE = Place("acme/triage", 17, HEAD)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def installation(hub: Hub) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


def _run(annotations: int = 0, **changes: Any) -> CheckRun:
    notes = tuple(
        Annotation(".pilot.yml", line, (1, 2), "failure", "CRI001", f"finding {line}")
        for line in range(1, annotations + 1)
    )
    run = CheckRun("Pilot readiness", "failure", "It fails", "Summary", "Text", notes, (Action("a", "b", "c"),))
    return replace(run, **changes)


def _standing(hub: Hub) -> tuple[Standing, ...]:
    return standing(hub._pull({"comments": False})["repository"]["pullRequest"]["commits"]["nodes"][0]["commit"])


def _publish(hub: Hub, installation: Installation, run: CheckRun, place: Place = PLACE, again: bool = False) -> int:
    return publish(installation, place, run, _standing(hub), again)


def _lines(hub: Hub, run: int) -> list[int]:
    return [note["start_line"] for note in hub.runs[run]["output"]["annotations"]]


def test_the_first_is_created_with_all_that_it_says(hub: Hub, installation: Installation) -> None:
    assert _publish(hub, installation, _run(1)) == 1
    ((method, body),) = hub.writes
    assert method == "POST"
    assert pull_of(body.pop("external_id")) == 17
    assert body == {
        "name": "Pilot readiness",
        "head_sha": HEAD,
        "status": "completed",
        "conclusion": "failure",
        "actions": [{"label": "a", "description": "b", "identifier": "c"}],
        "output": {
            "title": "It fails",
            "summary": "Summary",
            "text": "Text",
            "annotations": [
                {
                    "path": ".pilot.yml",
                    "start_line": 1,
                    "end_line": 1,
                    "start_column": 1,
                    "end_column": 2,
                    "annotation_level": "failure",
                    "title": "CRI001",
                    "message": "finding 1",
                }
            ],
        },
    }


def test_what_stands_already_is_not_written_again(hub: Hub, installation: Installation) -> None:
    _publish(hub, installation, _run(3))
    assert _publish(hub, installation, _run(3)) == 0
    assert len(hub.writes) == 1


def test_a_rerun_is_answered_also_where_nothing_has_changed(hub: Hub, installation: Installation) -> None:
    _publish(hub, installation, _run(3))
    assert _publish(hub, installation, _run(3), again=True) == 1
    assert hub.writes[-1][0] == "PATCH"
    assert _lines(hub, 1) == [1, 2, 3]


def test_a_run_that_is_not_completed_is_written(hub: Hub, installation: Installation) -> None:
    _publish(hub, installation, _run(3))
    reset = [replace(one, conclusion=None) for one in _standing(hub)]
    assert publish(installation, PLACE, _run(3), reset) == 1
    assert _lines(hub, 1) == [1, 2, 3]


@pytest.mark.parametrize("count", [50, 51, 100, 101, 250])
def test_many_annotations_go_in_pages_and_the_last_takes_the_mark_away(
    count: int, hub: Hub, installation: Installation
) -> None:
    pages = -(-count // 50)
    assert _publish(hub, installation, _run(count)) == pages
    assert [method for method, _ in hub.writes] == ["POST", *["PATCH"] * (pages - 1)]
    assert [body["external_id"].endswith("/more") for _, body in hub.writes] == [True] * (pages - 1) + [False]
    assert _lines(hub, 1) == list(range(1, count + 1))
    assert _publish(hub, installation, _run(count)) == 0


def _gone() -> Reply:
    return 502, {}, "<html>"


def _fine() -> Reply:
    return 200, {}, json.dumps({"id": 1})


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_run_that_was_cut_off_is_taken_up_where_github_has_got_to(
    after: int, hub: Hub, installation: Installation
) -> None:
    hub.faults = [*[_fine] * (after - 1), _gone]
    with pytest.raises(RetryLater):
        _publish(hub, installation, _run(170))
    writes = _publish(hub, installation, _run(170))
    assert writes == 4 - after
    assert _lines(hub, 1) == list(range(1, 171))
    assert not hub.runs[1]["external_id"].endswith("/more")
    assert len(hub.runs) == 1


def test_other_words_for_the_same_annotations_update_the_run(hub: Hub, installation: Installation) -> None:
    _publish(hub, installation, _run(60))
    assert _publish(hub, installation, _run(60, summary="Another day")) == 1
    assert hub.runs[1]["output"]["summary"] == "Another day"
    assert _lines(hub, 1) == list(range(1, 61))


def test_other_annotations_are_a_new_run_since_old_ones_can_not_be_taken_away(
    hub: Hub, installation: Installation
) -> None:
    _publish(hub, installation, _run(3))
    _publish(hub, installation, _run(0, conclusion="success"))
    assert hub.runs[2]["conclusion"] == "success"
    assert hub.runs[2]["name"] == hub.runs[1]["name"]
    # A run without any takes what comes.
    _publish(hub, installation, _run(2))
    assert len(hub.runs) == 2
    assert _lines(hub, 2) == [1, 2]


def test_a_run_cut_off_before_the_text_changed_is_followed_by_a_new_one(hub: Hub, installation: Installation) -> None:
    hub.faults = [_gone]
    with pytest.raises(RetryLater):
        _publish(hub, installation, _run(70))
    _publish(hub, installation, _run(60))
    assert _lines(hub, 2) == list(range(1, 61))


def test_pull_requests_that_share_a_head_do_not_take_each_others_runs(hub: Hub, installation: Installation) -> None:
    other = replace(PLACE, number=18)
    _publish(hub, installation, _run(1))
    _publish(hub, installation, _run(1), place=other)
    assert len(hub.runs) == 2
    assert _publish(hub, installation, _run(1)) == 0
    assert _publish(hub, installation, _run(1), place=other) == 0
    assert _publish(hub, installation, _run(1, name="Pilot readiness (release)")) == 1


@pytest.mark.parametrize(
    "text", [None, "", "pull/17", "pull/x/a/b", "pull/17/a/b/c", "17", "pull/17/A/b", "pull/1/a/b\n"]
)
def test_an_id_of_others_is_no_pull_request(text: str | None) -> None:
    assert pull_of(text) is None


def test_runs_without_an_id_and_those_that_may_not_be_seen_are_no_trouble() -> None:
    run = {"databaseId": 1, "name": "x", "externalId": None, "status": "QUEUED", "conclusion": None}
    commit = {"checkSuites": {"nodes": [None, {"checkRuns": {"nodes": [None, run, {"databaseId": None}]}}]}}
    assert standing(commit) == (Standing(1, "x", "", None, 0),)
    assert standing({}) == ()
