"""What GitHub and the network answer, and what it means for the job: later, never, or here it is."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Refused, RetryLater, UserError
from bot.github.client import App, Installation
from bot.github.faults import Answer, kept_back, said
from tests.bot.github.hub import API, SENT, private_key

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TOKENS = f"{SENT}/app/installations/3/access_tokens"
PATH = f"{SENT}/repos/acme/triage"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def installation(mock: responses.RequestsMock, clock: Clock) -> Installation:
    _token(mock)
    return App(7, private_key(), API, clock).installation(3)


def _token(mock: responses.RequestsMock, name: str = "one", minutes: int = 60) -> None:
    expires = (NOW + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    mock.post(TOKENS, json={"token": name, "expires_at": expires}, status=201)


def _raised(act: Callable[[], Any]) -> RetryLater | Refused:
    with pytest.raises((RetryLater, Refused)) as caught:
        act()
    assert isinstance(caught.value, RetryLater | Refused)
    return caught.value


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_in_trouble_is_asked_again(
    status: int, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.get(PATH, status=status, body="<html>bad gateway</html>")
    error = _raised(lambda: installation.get("/repos/acme/triage"))
    assert isinstance(error, RetryLater)
    assert error.when == NOW + timedelta(seconds=5)
    assert error.reason.startswith(f"GET /repos/acme/triage: {status}")


@pytest.mark.parametrize(
    "fault",
    [
        requests.ConnectionError("reset"),
        requests.ReadTimeout("slow"),
        requests.ConnectTimeout("slow"),
        requests.exceptions.ChunkedEncodingError("cut off"),
        requests.exceptions.ContentDecodingError("gzip"),
    ],
)
def test_a_broken_connection_is_tried_again(
    fault: Exception, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.get(PATH, body=fault)
    error = _raised(lambda: installation.get("/repos/acme/triage"))
    assert isinstance(error, RetryLater)
    assert error.reason.startswith("GitHub can't be reached")


@pytest.mark.parametrize("body", ['{"id": 1, "na', "[1, ", "hello", "<html>"])
def test_an_answer_that_is_cut_off_is_asked_for_again(
    body: str, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.get(PATH, body=body)
    assert isinstance(_raised(lambda: installation.get("/repos/acme/triage")), RetryLater)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422, 451])
def test_what_github_will_never_do_is_final(
    status: int, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.post(PATH, status=status, json={"message": "No.", "errors": [{"message": "too long"}, "why"]})
    error = _raised(lambda: installation.send("POST", "/repos/acme/triage", {}))
    assert isinstance(error, Refused)
    assert error.reason == f"POST /repos/acme/triage: {status} No.; too long; why"


def _reset(seconds: int) -> dict[str, str]:
    return {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + seconds)}


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        (403, _reset(600), "API rate limit exceeded for installation ID 3.", 601),
        (429, _reset(600), "API rate limit exceeded", 601),
        (403, {"Retry-After": "30"}, "You have exceeded a secondary rate limit.", 30),
        (429, {"Retry-After": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, "Too many requests", 90),
        (429, {}, "", 60),
        (403, {}, "You have exceeded a secondary rate limit. Please wait a few minutes", 60),
        (403, {"Retry-After": "soon"}, "You have triggered an abuse detection mechanism", 60),
        (403, _reset(-600), "API rate limit exceeded", 5),
        (403, _reset(10**9), "API rate limit exceeded", 70 * 60),
        (403, {"Retry-After": "inf"}, "", 60),
    ],
)
def test_a_limit_is_waited_for_and_holds_for_all_that_the_installation_asks(  # noqa: PLR0917
    status: int,
    headers: dict[str, str],
    message: str,
    seconds: int,
    mock: responses.RequestsMock,
    installation: Installation,
    clock: Clock,
) -> None:
    mock.get(PATH, status=status, headers=headers, json={"message": message})
    error = _raised(lambda: installation.get("/repos/acme/triage"))
    assert isinstance(error, RetryLater)
    assert error.when == NOW + timedelta(seconds=seconds)
    asked = len(mock.calls)
    clock.now = error.when - timedelta(seconds=1)
    for act in (lambda: installation.query("{a}", {}), lambda: installation.send("POST", "/repos/acme/triage", {})):
        again = _raised(act)
        assert isinstance(again, RetryLater)
        assert again.when == error.when
    assert len(mock.calls) == asked
    clock.now = error.when
    mock.replace("GET", PATH, json={"id": 1})
    assert installation.get("/repos/acme/triage")["id"] == 1


def test_a_limit_of_one_installation_is_none_of_another(mock: responses.RequestsMock) -> None:
    app = App(7, private_key(), API, lambda: NOW)
    _token(mock)
    mock.post(TOKENS.replace("/3/", "/4/"), json={"token": "four", "expires_at": "2026-11-24T13:00:00Z"}, status=201)
    mock.get(PATH, status=429, json={})
    _raised(lambda: app.installation(3).get("/repos/acme/triage"))
    mock.replace("GET", PATH, json={"id": 1})
    assert app.installation(4).get("/repos/acme/triage")["id"] == 1
    assert mock.calls[-1].request.headers["Authorization"] == "Bearer four"
    assert app.installation(3) is app.installation(3)


@pytest.mark.parametrize(
    ("errors", "kind", "seconds"),
    [
        ([{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}], RetryLater, 601),
        ([{"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "exceeded"}], RetryLater, 601),
        ([{"message": "You have exceeded a secondary rate limit"}], RetryLater, 601),
        ([{"type": "FORBIDDEN", "path": ["repository"], "message": "Resource not accessible"}], Refused, 0),
        ([{"message": "Field 'x' doesn't exist", "extensions": {"code": "undefinedField"}}], Refused, 0),
        ([{"message": "Something went wrong while executing your query."}], RetryLater, 5),
        ([{"type": "SERVICE_UNAVAILABLE", "message": "later"}], RetryLater, 5),
        ([{"type": "NOT_FOUND", "message": "no path"}], Refused, 0),
        ([{"type": "FORBIDDEN"}, {"type": "RATE_LIMITED"}], RetryLater, 601),
    ],
)
def test_an_error_of_graphql_comes_with_status_200_and_counts_all_the_same(
    errors: list[dict[str, Any]],
    kind: type,
    seconds: int,
    mock: responses.RequestsMock,
    installation: Installation,
) -> None:
    mock.post(f"{SENT}/graphql", json={"data": {"a": 1}, "errors": errors}, headers=_reset(600))
    error = _raised(lambda: installation.query("query A {a}", {}))
    assert type(error).__mro__.count(kind) == 1
    if isinstance(error, RetryLater):
        assert error.when == NOW + timedelta(seconds=seconds)


def test_what_graphql_does_not_find_is_null(mock: responses.RequestsMock, installation: Installation) -> None:
    errors = [{"type": "NOT_FOUND", "path": ["organisation"], "message": "Could not resolve"}]
    mock.post(f"{SENT}/graphql", json={"data": {"a": 1, "organisation": None}, "errors": errors})
    assert installation.query("query A {a}", {"b": 2}) == {"a": 1, "organisation": None}
    assert json.loads(str(mock.calls[-1].request.body)) == {"query": "query A {a}", "variables": {"b": 2}}


@pytest.mark.parametrize("body", ['{"data": null}', "[]", "null", ""])
def test_an_answer_without_data_is_asked_for_again(
    body: str, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.post(f"{SENT}/graphql", body=body)
    assert isinstance(_raised(lambda: installation.query("{a}", {})), RetryLater)


def test_graphql_of_an_enterprise_server_is_where_it_has_it(mock: responses.RequestsMock) -> None:
    app = App(7, private_key(), "https://git.acme.example/api/v3/", lambda: NOW)
    mock.post(
        "https://git.acme.example:443/api/v3/app/installations/3/access_tokens",
        json={"token": "one", "expires_at": "2026-11-24T13:00:00Z"},
    )
    mock.post("https://git.acme.example:443/api/graphql", json={"data": {"a": 1}})
    assert app.installation(3).query("{a}", {}) == {"a": 1}


def test_a_token_is_kept_until_shortly_before_its_end(
    mock: responses.RequestsMock, installation: Installation, clock: Clock
) -> None:
    mock.get(PATH, json={"id": 1})
    for minutes, tokens in ((0, 1), (57, 1), (59, 2)):
        clock.now = NOW + timedelta(minutes=minutes)
        installation.get("/repos/acme/triage")
        assert len([call for call in mock.calls if call.request.url == TOKENS]) == tokens


def test_a_token_that_is_not_taken_is_dropped(mock: responses.RequestsMock, installation: Installation) -> None:
    mock.get(PATH, status=401, json={"message": "Bad credentials"})
    assert isinstance(_raised(lambda: installation.get("/repos/acme/triage")), RetryLater)
    mock.remove("POST", TOKENS)
    _token(mock, "two")
    mock.replace("GET", PATH, json={"id": 1})
    installation.get("/repos/acme/triage")
    assert mock.calls[-1].request.headers["Authorization"] == "Bearer two"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"message": "Not Found"}, Refused),
        (403, {"message": "This installation has been suspended"}, Refused),
        (401, {"message": "A JSON web token could not be decoded"}, RetryLater),
        (500, {}, RetryLater),
        (201, {"token": "one"}, RetryLater),
        (201, {"token": "one", "expires_at": "tomorrow"}, RetryLater),
        (201, [], RetryLater),
    ],
)
def test_no_token_is_no_answer(status: int, body: Any, kind: type, mock: responses.RequestsMock) -> None:
    mock.post(TOKENS, status=status, json=body)
    app = App(7, private_key(), API, lambda: NOW)
    assert isinstance(_raised(lambda: app.installation(3).get("/repos/acme/triage")), kind)


def test_what_was_moved_is_looked_up_again(mock: responses.RequestsMock, installation: Installation) -> None:
    moved = {"Location": f"{API}/repositories/1"}
    mock.post(PATH, status=307, json={"message": "Moved Permanently"}, headers=moved)
    assert isinstance(_raised(lambda: installation.send("POST", "/repos/acme/triage", {})), RetryLater)
    mock.get(PATH, status=301, headers={"Location": "https://elsewhere.example/"})
    assert isinstance(_raised(lambda: installation.get("/repos/acme/triage")), RetryLater)


@pytest.mark.parametrize("reset", ["never", "inf"])
def test_headers_that_make_no_sense_are_a_fault_like_any_other(
    reset: str, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.get(PATH, json={"id": 1}, headers={"x-ratelimit-reset": reset})
    assert isinstance(_raised(lambda: installation.get("/repos/acme/triage")), RetryLater)


def test_an_empty_answer_is_none(mock: responses.RequestsMock, installation: Installation) -> None:
    mock.delete(PATH, status=204)
    assert installation.send("DELETE", "/repos/acme/triage", {}) is None


def test_the_app_itself_asks_with_its_own_token(mock: responses.RequestsMock) -> None:
    mock.get(f"{SENT}/app", json={"slug": "pilotgate"})
    assert App(7, private_key(), API).get("/app")["slug"] == "pilotgate"
    assert str(mock.calls[-1].request.headers["Authorization"]).startswith("Bearer ey")


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"])
def test_a_key_that_signs_nothing_is_said_at_once(key: str) -> None:
    with pytest.raises(UserError, match="PILOTGATE_PRIVATE_KEY"):
        App(7, key, API)


def test_a_key_of_another_kind_is_said_at_once() -> None:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(*form).decode()
    with pytest.raises(UserError, match="PILOTGATE_PRIVATE_KEY"):
        App(7, key, API)


def test_threads_of_one_installation_do_not_mix_up_what_they_ask(
    mock: responses.RequestsMock, installation: Installation
) -> None:
    for number in range(20):
        mock.get(f"{PATH}/{number}", json={"number": number})
    found: dict[int, int] = {}

    def ask(number: int) -> None:
        for _ in range(5):
            found[number] = installation.get(f"/repos/acme/triage/{number}")["number"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in range(20)}


def test_strange_answers_are_never_more_than_a_fault() -> None:
    for text in ("", "null", "[]", '{"errors": 3}', '{"errors": [3, null]}', '{"errors": "x", "message": 7}'):
        for status in (200, 301, 403, 404, 422, 500):
            fault = said(Answer("GET /", status, {}, text), NOW)
            assert (fault is None) == (status == 200)


FORBIDDEN = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        ({"errors": [{**FORBIDDEN, "path": ["repository", "edges", 0]}]}, {("repository", "edges", "0")}),
        ({"errors": [{"type": "INSUFFICIENT_SCOPES", "path": ["a"]}, {"type": "NOT_FOUND", "path": ["b"]}]}, {("a",)}),
        ({"errors": [{**FORBIDDEN, "path": ["a"]}, {**FORBIDDEN, "path": ["a"]}]}, {("a",)}),
        ({"errors": [FORBIDDEN, {**FORBIDDEN, "path": []}, {**FORBIDDEN, "path": "a"}, None, "x"]}, set()),
        ({"errors": None}, set()),
        ({}, set()),
        ([], set()),
        (None, set()),
    ],
)
def test_what_is_kept_back_is_told_by_its_path(data: Any, paths: set[tuple[str, ...]]) -> None:
    assert kept_back(data) == paths


def test_a_look_goes_on_where_something_is_kept_back(mock: responses.RequestsMock, installation: Installation) -> None:
    errors = [{**FORBIDDEN, "path": ["team0", "team"]}, {"type": "NOT_FOUND", "path": ["login0"], "message": "no"}]
    data = {"team0": {"team": None}, "login0": None, "a": 1}
    mock.post(f"{SENT}/graphql", json={"data": data, "errors": errors})
    assert installation.look("query A {a}", {}) == (data, frozenset({("team0", "team")}))
    assert isinstance(_raised(lambda: installation.query("query A {a}", {})), Refused)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"data": {"a": 1}, "errors": [{**FORBIDDEN, "path": ["a"]}, {"type": "RATE_LIMITED"}]}, RetryLater),
        ({"data": {"a": 1}, "errors": [{**FORBIDDEN, "path": ["a"]}, {"message": "went wrong"}]}, RetryLater),
        ({"data": {"a": 1}, "errors": [FORBIDDEN]}, Refused),
        ({"data": {"a": None}, "errors": [{**FORBIDDEN, "path": ["a"]}]}, Refused),
        ({"data": {"organisation": None}, "errors": [{**FORBIDDEN, "path": ["organisation"]}]}, Refused),
        ({"data": {"repository": {}}, "errors": [{**FORBIDDEN, "path": ["repository", "pullRequest"]}]}, Refused),
        ({"data": None, "errors": [{**FORBIDDEN, "path": ["a"]}]}, Refused),
        ({"errors": [{**FORBIDDEN, "path": ["a"]}]}, Refused),
    ],
)
def test_a_look_hides_no_other_fault(
    body: Any, kind: type, mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.post(f"{SENT}/graphql", json=body)
    assert isinstance(_raised(lambda: installation.look("query A {a}", {})), kind)


def test_a_change_is_a_query_that_writes(mock: responses.RequestsMock, installation: Installation) -> None:
    mock.post(f"{SENT}/graphql", json={"data": {"minimizeComment": {"clientMutationId": None}}})
    assert installation.change("mutation A {a}", {"subject": "C1"}) == {"minimizeComment": {"clientMutationId": None}}
    assert json.loads(str(mock.calls[-1].request.body))["variables"] == {"subject": "C1"}


class Full:
    """Counts what is created, until there is room for no more."""

    def __init__(self, room: int) -> None:
        self.room, self.counted = room, 0

    def count(self, installation: int, now: datetime, limits: Sequence[tuple[int, timedelta]]) -> datetime | None:
        assert (installation, now) == (3, NOW)
        assert all(most < githubs for (most, _), githubs in zip(limits, (80, 500), strict=True))
        if self.counted == self.room:
            return now + limits[0][1]
        self.counted += 1
        return None


def test_what_people_are_told_of_is_paced(mock: responses.RequestsMock) -> None:
    _token(mock)
    pace = Full(2)
    installation = App(7, private_key(), API, lambda: NOW, pace).installation(3)
    mock.post(re.compile(f"{PATH}/.*"), json={"id": 1}, status=201)
    mock.patch(re.compile(f"{PATH}/.*"), json={"id": 1})
    for path in ("issues", "check-runs", "issues/1/comments"):
        installation.send("POST", f"/repos/acme/triage/{path}", {})
    asked = len(mock.calls)
    for path in ("issues", "pulls", "issues/1/comments", "issues/comments/1/reactions"):
        later = _raised(lambda path=path: installation.send("POST", f"/repos/acme/triage/{path}", {}))  # type: ignore[misc]
        assert isinstance(later, RetryLater)
        assert later.when == NOW + timedelta(minutes=1)
    assert len(mock.calls) == asked
    # What tells nobody anything is neither held back nor counted.
    installation.send("POST", "/repos/acme/triage/check-runs", {})
    installation.send("PATCH", "/repos/acme/triage/issues/1", {})
    assert (len(mock.calls), pace.counted) == (asked + 2, 2)


@pytest.mark.parametrize(
    ("remaining", "reset", "later"),
    [("2499", 600, 600), ("2500", 600, None), ("0", -5, None), ("0", 10**9, 3600)],
)
def test_what_nobody_waits_for_leaves_half_of_the_limit_to_what_people_wait_for(
    remaining: str,
    reset: int,
    later: int | None,
    mock: responses.RequestsMock,
    installation: Installation,
    clock: Clock,
) -> None:
    told = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": remaining, "x-ratelimit-resource": "graphql"}
    mock.get(PATH, json={"id": 1}, headers=told | {"x-ratelimit-reset": str(int(NOW.timestamp()) + reset)})
    installation.get("/repos/acme/triage")
    if later is None:
        installation.spare(0.5)
        return
    error = _raised(lambda: installation.spare(0.5))
    assert isinstance(error, RetryLater)
    assert (error.when, "(graphql)" in error.reason) == (NOW + timedelta(seconds=later), True)
    clock.now = NOW + timedelta(seconds=later)
    installation.spare(0.5)
