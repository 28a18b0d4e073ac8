"""Files, branches, pull requests, issues and comments of the app's own: what is sent, and what a refusal means."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses
from responses import matchers

from bot.errors import Refused, RetryLater
from bot.github import contents, issues, people, pulls
from bot.github.client import App, Installation
from bot.store.written import Written
from tests.bot.github.hub import API, HEAD, SENT, private_key
from tests.stores import empty

REPO = f"{SENT}/repos/acme/triage"
TOKEN = {"token": "one", "expires_at": "2999-01-01T00:00:00Z"}


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(f"{SENT}/app/installations/3/access_tokens", json=TOKEN, status=201)
        yield mock


@pytest.fixture
def installation(mock: responses.RequestsMock) -> Installation:
    return App(7, private_key(), API, pace=Written(empty())).installation(3)


def _body(mock: responses.RequestsMock) -> Any:
    return json.loads(str(mock.calls[-1].request.body))


def test_a_file_is_read_at_a_commit(mock: responses.RequestsMock, installation: Installation) -> None:
    content = {"sha": "f" * 40, "content": b64encode(b"a\r\n").decode() + "\n", "encoding": "base64"}
    mock.get(f"{REPO}/contents/a%20b/%C3%BC.yml", json=content)
    assert contents.read(installation, "acme/triage", "a b/ü.yml", HEAD) == contents.File("f" * 40, b"a\r\n")
    assert mock.calls[-1].request.params["ref"] == HEAD  # type: ignore[attr-defined]


def test_a_file_that_is_not_there_is_none(mock: responses.RequestsMock, installation: Installation) -> None:
    mock.get(f"{REPO}/contents/a.yml", status=404, json={"message": "Not Found"})
    assert contents.read(installation, "acme/triage", "a.yml", HEAD) is None


@pytest.mark.parametrize("found", [[], [{"name": "b", "sha": "f"}], {"type": "submodule", "sha": "f" * 40}])
def test_what_is_no_file_is_empty(found: Any, mock: responses.RequestsMock, installation: Installation) -> None:
    mock.get(f"{REPO}/contents/a.yml", json=found)
    assert contents.read(installation, "acme/triage", "a.yml", HEAD) == contents.File("", b"")


def test_a_branch_is_made_once(mock: responses.RequestsMock, installation: Installation) -> None:
    made = mock.post(f"{REPO}/git/refs", status=201, json={"ref": "refs/heads/x"})
    assert contents.branch(installation, "acme/triage", "x", HEAD)
    assert _body(mock) == {"ref": "refs/heads/x", "sha": HEAD}
    mock.remove(made)
    mock.post(f"{REPO}/git/refs", status=422, json={"message": "Reference already exists"})
    assert not contents.branch(installation, "acme/triage", "x", HEAD)


def test_a_file_is_committed_over_the_one_that_was_read(
    mock: responses.RequestsMock, installation: Installation
) -> None:
    answer = {"commit": {"sha": "d" * 40, "parents": [{"sha": HEAD}]}}
    made = mock.put(f"{REPO}/contents/a.yml", status=200, json=answer)
    file = ("a.yml", b"\xef\xbb\xbfx", "f" * 40)
    made_commit = contents.Committed("d" * 40, frozenset({HEAD}))
    assert contents.write(installation, "acme/triage", "x", "Mend", file) == made_commit
    sent = _body(mock)
    assert b64decode(sent.pop("content")) == b"\xef\xbb\xbfx"
    assert sent == {"message": "Mend", "branch": "x", "sha": "f" * 40}
    contents.write(installation, "acme/triage", "x", "Add", ("a.yml", b"x", None))
    assert "sha" not in _body(mock)
    mock.remove(made)
    mock.put(f"{REPO}/contents/a.yml", status=409, json={"message": "a.yml does not match"})
    assert contents.write(installation, "acme/triage", "x", "Mend", file) is None


def test_a_pull_request_is_proposed_once(mock: responses.RequestsMock, installation: Installation) -> None:
    made = mock.post(f"{REPO}/pulls", status=201, json={"number": 18})
    assert contents.propose(installation, "acme/triage", "x", "feature", ("Title", "Body")) == 18
    assert _body(mock) == {"title": "Title", "body": "Body", "head": "x", "base": "feature"}
    mock.remove(made)
    mock.post(f"{REPO}/pulls", status=422, json={"message": "A pull request already exists for acme:x."})
    here = [matchers.query_param_matcher({"head": "acme:x", "state": "all"})]
    there = mock.get(f"{REPO}/pulls", json=[{"number": 18}], match=here)
    assert contents.propose(installation, "acme/triage", "x", "feature", ("Title", "Body")) == 18
    mock.remove(there)
    mock.get(f"{REPO}/pulls", json=[], match=here)
    assert contents.propose(installation, "acme/triage", "x", "feature", ("Title", "Body")) is None


@pytest.mark.parametrize(("status", "kind"), [(403, Refused), (500, RetryLater), (451, Refused)])
@pytest.mark.parametrize(
    ("verb", "path", "act"),
    [
        ("GET", "contents/a", lambda one: contents.read(one, "acme/triage", "a", HEAD)),
        ("POST", "git/refs", lambda one: contents.branch(one, "acme/triage", "x", HEAD)),
        ("PUT", "contents/a", lambda one: contents.write(one, "acme/triage", "x", "m", ("a", b"", None))),
        ("POST", "pulls", lambda one: contents.propose(one, "acme/triage", "x", "y", ("", ""))),
        ("GET", "issues", lambda one: issues.find(one, "acme/triage", "mark")),
        ("POST", "issues", lambda one: issues.create(one, "acme/triage", "t", "b")),
    ],
)
def test_any_other_refusal_is_raised(  # noqa: PLR0917
    verb: str,
    path: str,
    act: Callable[[Installation], object],
    status: int,
    kind: type[Exception],
    mock: responses.RequestsMock,
    installation: Installation,
) -> None:
    mock.add(verb, f"{REPO}/{path}", status=status, json={"message": "no"})
    with pytest.raises(kind):
        act(installation)


MARK = issues.marker("emergency", "17:aa")


def _issue(number: int, state: str = "open", app: int | None = 7, **more: Any) -> dict[str, Any]:
    by = {"id": app} if app else None
    return {"number": number, "state": state, "body": f"{MARK}\nx", "performed_via_github_app": by, **more}


def test_the_issue_of_a_mark_is_an_open_one_before_a_closed_one(
    mock: responses.RequestsMock, installation: Installation
) -> None:
    page = [
        _issue(1, app=8),
        _issue(2, app=None),
        _issue(3, pull_request={}),
        _issue(4, "closed"),
        _issue(5, body=None),
        _issue(6, body=f"see {MARK}"),
        _issue(8),
        _issue(7),
    ]
    mock.get(f"{REPO}/issues", json=page)
    found = issues.find(installation, "acme/triage", MARK)
    assert found is not None
    assert found["number"] == 7
    assert issues.find(installation, "acme/triage", issues.marker("emergency", "18:aa")) is None
    assert [one["number"] for one in issues.listed(installation, "acme/triage")] == [4, 5, 6, 8, 7]
    assert mock.calls[-1].request.params == {  # type: ignore[attr-defined]
        "labels": "pilot",
        "state": "all",
        "per_page": "100",
        "page": "1",
    }


def test_issues_are_listed_page_after_page(mock: responses.RequestsMock, installation: Installation) -> None:
    mock.get(f"{REPO}/issues", json=[_issue(number, "closed") for number in range(1, 101)])
    mock.get(f"{REPO}/issues", json=[_issue(101, "closed")])
    assert sum(1 for _ in issues.listed(installation, "acme/triage", "closed")) == 101
    assert mock.calls[-1].request.params["page"] == "2"  # type: ignore[attr-defined]


def test_an_issue_is_opened_under_the_label_of_the_app(
    mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.post(f"{REPO}/issues", status=201, json={"number": 9})
    assert issues.create(installation, "acme/triage", "Title", "Body") == 9
    assert _body(mock) == {"title": "Title", "body": "Body", "labels": ["pilot"]}


def test_a_comment_is_changed_or_hidden(mock: responses.RequestsMock, installation: Installation) -> None:
    mock.patch(f"{REPO}/issues/comments/4", json={"id": 4})
    people.edit(installation, "acme/triage", 4, "new")
    assert _body(mock) == {"body": "new"}
    mock.post(f"{SENT}/graphql", json={"data": {"minimizeComment": {"clientMutationId": None}}})
    people.minimise(installation, "C4")
    assert _body(mock)["variables"] == {"subject": "C4"}


def test_a_repository_that_is_gone_has_no_pull_requests(
    mock: responses.RequestsMock, installation: Installation
) -> None:
    mock.post(f"{SENT}/graphql", json={"data": {"repository": None}})
    assert list(pulls.open_into(installation, "acme/triage", "main")) == []
    assert pulls.with_head(installation, "acme/triage", HEAD) == []
