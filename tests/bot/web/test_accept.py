"""The webhook answers as promised, whatever is sent, and a 202 means that the delivery is on the disk."""

import hashlib
import hmac
import io
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import Store
from bot.store.deliveries import Deliveries, Delivery
from bot.web.accept import LIMIT, Accept, GroupCommit
from bot.web.app import pages
from tests.stores import ENGINES, opened

SECRETS = ("the old secret", "the new secret")
EVENT = {
    "action": "opened",
    "number": 17,
    "installation": {"id": 7},
    "repository": {
        "id": 1,
        "name": "triage",
        "full_name": "acme/triage",
        "default_branch": "main",
        "owner": {"login": "acme", "id": 2},
    },
    "pull_request": {"number": 17, "head": {"sha": "a" * 40}, "base": {"ref": "main", "sha": "b" * 40}},
    "sender": {"login": "dev", "id": 3, "type": "User"},
}


class Web:
    """Asks the application as a WSGI server would."""

    def __init__(
        self, write: Callable[[Sequence[Any]], None], pack: Callable[[Delivery], Any] = lambda one: one
    ) -> None:
        self.app = Accept(SECRETS, GroupCommit(pack, write), pages(lambda: None).wsgi_app)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SERVER_NAME": "test",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            **headers,
        }
        answered: list[str] = []
        said = b"".join(self.app(environ, lambda status, headers, error=None: answered.append(status)))  # type: ignore[arg-type]
        return int(answered[0].split()[0]), said.decode()

    def post(
        self, body: bytes, secret: str = SECRETS[1], event: str = "pull_request", id: str = "d-1", **more: str
    ) -> int:
        return self.said(body, secret, event, id, **more)[0]

    def said(
        self, body: bytes, secret: str = SECRETS[1], event: str = "pull_request", id: str = "d-1", **more: str
    ) -> tuple[int, str]:
        headers = {
            "HTTP_X_GITHUB_EVENT": event,
            "HTTP_X_GITHUB_DELIVERY": id,
            "HTTP_X_HUB_SIGNATURE_256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        }
        return self.ask("POST", "/webhook", body, **(headers | more))


def encoded(**changes: object) -> bytes:
    return json.dumps(EVENT | changes).encode()


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


@pytest.fixture
def kept() -> list[Delivery]:
    return []


@pytest.fixture
def web(kept: list[Delivery]) -> Web:
    return Web(kept.extend)


def test_an_accepted_delivery_is_a_row_and_a_repeated_one_the_same_row(store: Store) -> None:
    rows = Deliveries(store)
    web = Web(rows.keep, rows.pack)
    assert web.post(encoded()) == 202
    assert web.post(encoded()) == 202
    (row,) = rows.standings()
    assert (row.id, row.event, row.action, row.repository, row.state) == (
        "d-1",
        "pull_request",
        "opened",
        "acme/triage",
        "accepted",
    )
    started = rows.start("d-1", row.received)
    assert started is not None
    assert json.loads(started[0].payload) == EVENT
    assert (started[0].installation, started[0].lane) == (7, "repository/1")


@pytest.mark.parametrize("secret", SECRETS)
def test_each_secret_is_accepted_while_one_is_rotated(web: Web, kept: list[Delivery], secret: str) -> None:
    assert web.post(encoded(), secret) == 202
    assert len(kept) == 1


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "sha256=é", "\x00"])
def test_a_bad_or_missing_signature_is_401_and_nothing_is_kept(web: Web, kept: list[Delivery], signature: str) -> None:
    assert web.post(encoded(), HTTP_X_HUB_SIGNATURE_256=signature) == 401
    assert web.post(encoded(), "another secret") == 401
    assert kept == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"17", b"null", b"\xff", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_object_is_400_also_of_an_event_that_is_not_handled(
    web: Web, kept: list[Delivery], body: bytes
) -> None:
    assert web.post(body) == 400
    assert web.post(body, event="star") == 400
    assert kept == []


def test_an_event_without_what_its_handler_needs_is_400_and_says_what(web: Web, kept: list[Delivery]) -> None:
    status, said = web.said(encoded(installation=None))
    assert status == 400
    assert "installation" in said
    assert web.post(encoded(number="none")) == 400
    assert web.post(encoded(installation={"id": 2**70})) == 400
    assert kept == []


@pytest.mark.parametrize(("event", "action"), [("star", "created"), ("pull_request", "locked"), ("ping", None)])
def test_an_event_or_action_that_is_not_handled_is_204(
    web: Web, kept: list[Delivery], event: str, action: str | None
) -> None:
    assert web.said(encoded(action=action), event=event) == (204, "")
    assert kept == []


@pytest.mark.parametrize(
    "header", [{"HTTP_X_GITHUB_DELIVERY": ""}, {"HTTP_X_GITHUB_DELIVERY": "x" * 101}, {"HTTP_X_GITHUB_EVENT": ""}]
)
def test_without_githubs_headers_it_is_400(web: Web, kept: list[Delivery], header: dict[str, str]) -> None:
    assert web.post(encoded(), **header) == 400
    assert kept == []


def test_more_than_25_mb_is_413_whatever_length_is_stated(web: Web, kept: list[Delivery]) -> None:
    assert web.post(b" " * (LIMIT + 1)) == 413
    assert web.post(b" " * (LIMIT + 1), CONTENT_LENGTH="") == 413
    assert web.post(encoded(), CONTENT_LENGTH=str(LIMIT + 1)) == 413
    assert kept == []


def test_a_webhook_set_to_send_forms_is_read_as_well(web: Web, kept: list[Delivery]) -> None:
    form = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
    assert web.post(b"payload=" + quote(encoded()).encode(), **form) == 202
    assert json.loads(kept[0].payload) == EVENT
    assert web.post(b"payload", **form) == 400
    assert web.post(b"other=1", **form) == 400


def test_what_can_not_be_stored_is_503_and_no_longer_waited_for() -> None:
    broken = [True]

    def write(batch: Sequence[Delivery]) -> None:
        if broken[0]:
            raise OSError("disk full")

    web = Web(write)
    assert web.post(encoded()) == 503
    broken[0] = False
    assert web.post(encoded()) == 202


def test_only_post_is_answered_and_other_paths_go_to_the_pages(web: Web) -> None:
    assert web.ask("GET", "/webhook")[0] == 405
    assert web.ask("GET", "/healthz") == (200, "alive\n")
    assert web.ask("GET", "/readyz") == (200, "ready\n")
    assert web.ask("GET", "/nothing")[0] == 404


def test_readiness_says_what_is_wrong() -> None:
    client = pages(lambda: "the database does not answer").test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the database does not answer\n")


def test_those_that_wait_together_are_written_together() -> None:
    batches: list[int] = []
    first, go = threading.Event(), threading.Event()

    def write(batch: Sequence[Delivery]) -> None:
        batches.append(len(batch))
        first.set()
        assert go.wait(30)

    web = Web(write)
    statuses: list[int] = []
    posts = [
        threading.Thread(target=lambda number=number: statuses.append(web.post(encoded(), id=f"d-{number}")))
        for number in range(9)
    ]
    posts[0].start()
    assert first.wait(30)
    for post in posts[1:]:
        post.start()
    while len(web.app._commit._waiting) < 8:
        pass
    go.set()
    for post in posts:
        post.join(30)
    assert statuses == [202] * 9
    assert batches == [1, 8]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
_EVENTS = st.sampled_from(
    [
        "pull_request",
        "push",
        "check_run",
        "check_suite",
        "installation",
        "installation_repositories",
        "repository",
        "star",
        "__init__",
        "../push",
        "",
    ]
)


@given(event=_EVENTS, changes=st.dictionaries(st.sampled_from([*EVENT, "check_run", "check_suite", "ref"]), _JSON))
def test_no_payload_of_any_event_is_a_server_error(event: str, changes: dict[str, object]) -> None:
    web = Web(lambda batch: None)
    assert web.post(encoded(**changes), event=event) in (202, 204, 400)


@given(
    body=st.binary(max_size=200),
    event=_EVENTS,
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded"]),
)
def test_no_bytes_are_a_server_error(body: bytes, event: str, kind: str) -> None:
    web = Web(lambda batch: None)
    assert web.post(body, event=event, CONTENT_TYPE=kind) in (204, 400)


@given(action=_JSON, repository=_JSON, installation=_JSON)
def test_what_is_accepted_can_be_stored(
    tmp_path_factory: pytest.TempPathFactory, action: object, repository: object, installation: object
) -> None:
    kept: list[Delivery] = []
    status = Web(kept.extend).post(encoded(action=action, repository=repository, installation=installation))
    assert (status == 202) == bool(kept)
    for one in kept:
        assert one.installation is None or 0 < one.installation < 2**63
        assert one.repository is None or "\0" not in one.repository
