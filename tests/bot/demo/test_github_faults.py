"""What goes wrong when it is asked to."""

import time
from typing import Any

import pytest
import requests

from tests.bot.demo.stage import Client

REPO = "/repos/acme/triage"
COMMENTS = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"


def comment(client: Client) -> requests.Response:
    return client.ask("POST", f"{REPO}/issues/1/comments", {"body": "hello"})


def count(client: Client) -> int:
    return len(client.stand.issue("acme/triage", 1).comments)


def test_a_status_comes_as_often_as_asked_and_only_where_it_matches(client: Client) -> None:
    fault = client.stand.fail("GET /repos/acme/*", status=503, times=2, headers={"Retry-After": "3"}, body={"a": 1})
    got = [client.ask("GET", REPO) for _ in range(3)]
    assert [one.status_code for one in got] == [503, 503, 200]
    assert (got[0].headers["Retry-After"], got[0].json(), fault.hits) == ("3", {"a": 1}, 2)


def test_a_failure_before_the_act_and_one_after_it(client: Client) -> None:
    client.stand.fail(COMMENTS)
    assert (comment(client).status_code, count(client)) == (502, 0)
    client.stand.fail(COMMENTS, after=True)
    assert (comment(client).status_code, count(client)) == (502, 1)
    assert (comment(client).status_code, count(client)) == (201, 2)


@pytest.mark.parametrize(("after", "left"), [(False, 0), (True, 1)])
def test_a_connection_is_dropped(client: Client, after: bool, left: int) -> None:
    client.ask("GET", REPO)
    client.stand.fail(COMMENTS, "drop", after=after)
    with pytest.raises(requests.ConnectionError):
        comment(client)
    assert (count(client), client.stand.requests[-1].status) == (left, 0)
    assert comment(client).status_code == 201


def test_a_body_is_cut_off(client: Client) -> None:
    client.stand.fail("GET *", "cut")
    client.token = client.issue()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.ask("GET", REPO)
    assert client.ask("GET", REPO).status_code == 200


def test_an_answer_is_late(client: Client) -> None:
    client.stand.fail("GET *", "delay", delay=0.3)
    start = time.monotonic()
    assert client.ask("GET", REPO).status_code == 200
    assert time.monotonic() - start >= 0.3


def test_the_limits_look_like_githubs(client: Client) -> None:
    client.stand.fail("GET *", "primary")
    got = client.ask("GET", REPO)
    assert (got.status_code, got.headers["x-ratelimit-remaining"]) == (403, "0")
    assert int(got.headers["x-ratelimit-reset"]) > time.time()
    client.stand.fail("GET *", "secondary")
    got = client.ask("GET", REPO)
    assert (got.status_code, got.headers["retry-after"]) == (403, "60")
    assert "secondary rate limit" in got.json()["message"]
    client.stand.fail("graphql Who", "graphql")
    found = client.query("query Who { viewer { login } }")
    assert found["errors"][0]["type"] == "RATE_LIMITED"


def test_a_fault_may_be_chosen_by_a_function_and_its_kind_must_be_known(client: Client) -> None:
    client.stand.fail(lambda asked: asked.document == "Who", status=500)
    assert client.ask("POST", "/graphql", {"query": "query Who { viewer { login } }"}).status_code == 500
    wrong: Any = "explode"
    with pytest.raises(ValueError, match="explode is none of"):
        client.stand.fail("*", wrong)
