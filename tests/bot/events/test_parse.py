"""Payloads become checked values, or a ValidationError, and never anything else."""

import copy
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import events
from tests.bot.events.given import PAYLOADS, payload

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, part in inner for place in _places(part, (*at, key)))][0 if at else 1 :]


def _parsed(event: str, given: dict[str, Any]) -> Any:
    handler = events.handler(event)
    assert handler is not None
    return handler.parse(given)


def test_there_is_a_payload_for_each_event() -> None:
    assert set(PAYLOADS) == {found.name for found in iter_modules(events.__path__)}


@pytest.mark.parametrize("event", PAYLOADS)
def test_what_github_sends_is_read(event: str) -> None:
    handler = events.handler(event)
    assert handler is not None
    assert _parsed(event, payload(event)).installation.id == 3
    if handler.ACTIONS is not None:
        assert payload(event)["action"] in handler.ACTIONS


@pytest.mark.parametrize("event", ["", "nothing", "../push", "events", "Push", "__init__", "push.parse", "check_run "])
def test_other_events_are_not_handled(event: str) -> None:
    assert events.handler(event) is None


@pytest.mark.parametrize("event", PAYLOADS)
@given(data=st.data())
def test_a_payload_that_is_not_as_expected_is_invalid_and_no_worse(event: str, data: st.DataObject) -> None:
    given = copy.deepcopy(payload(event))
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(given)
        if not places:
            break
        *path, last = data.draw(st.sampled_from(places))
        inner: Any = given
        for step in path:
            inner = inner[step]
        if data.draw(st.booleans()):
            inner[last] = data.draw(_JSON)
        else:
            del inner[last]
    try:
        event_read = _parsed(event, given)
    except ValidationError:
        return
    assert 0 < event_read.installation.id < 2**63


@pytest.mark.parametrize("event", PAYLOADS)
def test_an_event_of_no_installation_is_invalid(event: str) -> None:
    for installation in (None, {}, {"id": None}, {"id": 0}, {"id": "x"}, 3):
        with pytest.raises(ValidationError):
            _parsed(event, payload(event, installation=installation))


_NEEDED = {
    "pull_request": {"action", "number", "installation", "repository"},
    "push": {"ref", "installation", "repository"},
    "issue_comment": {"action", "comment", "issue", "installation", "repository", "sender"},
    "check_suite": {"action", "check_suite", "installation", "repository"},
    "check_run": {"action", "check_run", "installation", "repository", "sender"},
    "installation": {"action", "installation"},
    "installation_repositories": {"action", "installation"},
    "repository": {"action", "installation", "repository"},
    "pull_request_review": {"action", "installation", "pull_request", "repository"},
    "status": {"context", "installation", "repository", "sha"},
    "member": {"action", "installation", "member", "repository"},
    "membership": {"action", "installation", "member", "organization", "team"},
    "team": {"action", "installation", "organization", "team"},
    "organization": {"action", "installation", "organization"},
    "custom_property_values": {"action", "installation", "repository"},
    "merge_group": {"action", "installation", "merge_group", "repository"},
}


@pytest.mark.parametrize("event", PAYLOADS)
def test_what_the_handler_does_not_need_may_be_missing(event: str) -> None:
    _parsed(event, {key: value for key, value in payload(event).items() if key in _NEEDED[event]})
    for key in _NEEDED[event]:
        with pytest.raises(ValidationError):
            _parsed(event, {name: value for name, value in payload(event).items() if name != key})


@pytest.mark.parametrize("name", ["acme", "acme/../x", "acme/a b", "/x", "acme/x/y", "acme/x?y", "", "a/b\n", 7])
def test_a_name_that_is_none_gets_into_no_address(name: Any) -> None:
    with pytest.raises(ValidationError):
        _parsed("repository", payload("repository", repository={"id": 11, "full_name": name}))
