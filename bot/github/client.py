"""The client: everything that is read from GitHub or written there goes through an `Installation`.

PyGithub speaks HTTP. Its throttle is off and its retries too, since both sleep inside the process: what has to wait
goes back to the queue as `RetryLater`, and no worker sleeps through a limit.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github
from github.Requester import Requester

from bot import __version__
from bot.errors import RetryLater, UserError
from bot.github.cache import Cache
from bot.github.faults import SOON, Answer, Limited, Unauthorised, kept_back, said

# At level debug it would log tokens as they are issued.
logging.getLogger("github.Requester").setLevel(logging.INFO)

_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_TIMEOUT = 15
_NEXT = re.compile(r'<([^<>]*)>; rel="next"')
_SAME = 304
_TAGGED = 32 * 1024 * 1024
"""How many bytes of answers are kept, so that GitHub can say that they still hold, which costs nothing of its limit."""
_CONTENT = frozenset({"comments", "issues", "pulls", "reactions"})
_LIMITS = ((60, timedelta(minutes=1)), (450, timedelta(hours=1)))
"""How much content is created in what time: GitHub takes 80 a minute and 500 an hour, from others as well."""
_HOUR = timedelta(hours=1)
_EARLY = timedelta(minutes=2)
"""A token is renewed this long before its end, so that none ends on the way."""


class _Token(Auth.Auth):
    """The token of the request at hand: one connection serves the app and all its installations."""

    def __init__(self) -> None:
        self.current = ""

    @property
    def token_type(self) -> str:
        return "Bearer"

    @property
    def token(self) -> str:
        return self.current


# Reading a key checks it, which takes a hundred times as long as signing with it; a process has one key.
@lru_cache(maxsize=1)
def _signing(private_key: str) -> RSAPrivateKey:
    key = load_pem_private_key(private_key.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("GitHub's keys are RSA keys")
    return key


def _signer(app_id: int, private_key: str) -> Auth.AppAuth:
    try:
        key = _signing(private_key)
        signer = Auth.AppAuth(app_id, sign_func=lambda claims: jwt.encode(claims, key, "RS256"))
        assert signer.token
    except (AssertionError, TypeError, ValueError, UnsupportedAlgorithm, jwt.PyJWTError) as error:
        raise UserError("PILOTGATE_PRIVATE_KEY is no RSA private key: give the whole .pem file from GitHub") from error
    return signer


class Pace(Protocol):
    """Counts the content that is created, for all processes that do so."""

    def count(self, installation: int, now: datetime, limits: Sequence[tuple[int, timedelta]]) -> datetime | None:
        """Count one more for an installation. Where that is more than the limits (how many in what time) allow, count
        nothing, and return the time from which on there is room."""


class App:
    """The GitHub App. `clock` tells when a limit that was met is over; without a `pace` it creates no content."""

    def __init__(
        self,
        app_id: int,
        private_key: str,
        api_url: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Pace | None = None,
    ) -> None:
        """UserError for a key that signs nothing."""
        self.id, self.clock, self.pace = app_id, clock, pace
        self._url = api_url.rstrip("/")
        self._auth = _signer(app_id, private_key)
        # One for each thread: PyGithub keeps the request that is being sent on the connection.
        self._local = threading.local()
        self._guard = threading.Lock()
        self._installations: dict[int, Installation] = {}
        self.tagged = Cache(_TAGGED)

    @property
    def at_github_com(self) -> bool:
        """Whether this is github.com, and not a GitHub of somebody's own."""
        return urlsplit(self._url).hostname == "api.github.com"

    def installation(self, id: int) -> "Installation":
        """The installation of this id; always the same one, so that its token and its limits are shared."""
        with self._guard:
            return self._installations.setdefault(id, Installation(self, id))

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Read as the app itself, as `/app`."""
        return self._ask("GET", path, parameters, None)

    def page(self, path: str, parameters: Mapping[str, Any]) -> tuple[Any, str | None]:
        """The same, of a list that is read by pages; and the cursor of the next one, None at its end."""
        answer = usable(self.ask(self._auth.token, "GET", path, parameters), self.clock())
        following = _NEXT.search(answer.headers.get("link") or "")
        cursor = parse_qs(urlsplit(following[1]).query).get("cursor") if following else None
        return answer.data, cursor[0] if cursor else None

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Write as the app itself, as to get an installation's token."""
        return self._ask("POST", path, None, body)

    def introduce(self) -> tuple[dict[str, Any], str | None]:
        """What GitHub says of the app, and what time it is there (an HTTP date)."""
        answer = usable(self.ask(self._auth.token, "GET", "/app"), self.clock())
        return answer.data, answer.headers.get("date")

    def _ask(self, verb: str, path: str, parameters: Mapping[str, Any] | None, body: Any) -> Any:
        return usable(self.ask(self._auth.token, verb, path, parameters, body), self.clock()).data

    def ask(
        self,
        token: str,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        body: Any = None,
        tag: str | None = None,
    ) -> Answer | Exception:
        """Send one request and return what came of it, whatever that is. `path` may be `graphql`; `tag` is the ETag of
        what is known already."""
        requester, auth = self._connection()
        auth.current = token
        url = requester.graphql_url if path == "graphql" else path
        try:
            sent = _HEADERS | ({"If-None-Match": tag} if tag else {})
            status, headers, text = requester.requestJson(verb, url, dict(parameters or {}), sent, body)
        # PyGithub's own: RuntimeError for a redirection to another host, the others for headers that make no sense.
        except (requests.RequestException, RuntimeError, ValueError, OverflowError) as error:
            return error
        return Answer(f"{verb} {path}", status, headers, text)

    def _connection(self) -> tuple[Requester, _Token]:
        if not hasattr(self._local, "requester"):
            auth = _Token()
            github = Github(
                auth=auth,
                base_url=self._url,
                timeout=_TIMEOUT,
                user_agent=f"Pilotgate/{__version__}",
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
            )
            self._local.requester, self._local.auth = github.requester, auth
        return self._local.requester, self._local.auth


class Installation:
    """One installation of the app. What is asked here is asked with its token alone, so that GitHub itself refuses
    whatever belongs to another."""

    def __init__(self, app: App, id: int) -> None:
        self.app, self.id = app, id
        self._token: tuple[str, datetime] | None = None
        self._limit: Limited | None = None
        self._left: dict[str, tuple[float, datetime]] = {}
        self._renewing, self._writing = threading.Lock(), threading.Lock()

    def query(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data that a GraphQL query asks for, null where there is no such thing. Raises RetryLater or Refused."""
        return self._query(document, variables, partly=False)[0]

    def look(self, document: str, variables: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[tuple[str, ...]]]:
        """The same; what is asked beside may be null as well, as the app may not see it: then its path is returned."""
        return self._query(document, variables, partly=True)

    def _query(
        self, document: str, variables: Mapping[str, Any], partly: bool
    ) -> tuple[dict[str, Any], frozenset[tuple[str, ...]]]:
        answer = self._ask("POST", "graphql", None, {"query": document, "variables": dict(variables)}, partly)
        data = answer.data.get("data") if isinstance(answer.data, dict) else None
        if not isinstance(data, dict):
            raise RetryLater(self.app.clock() + SOON, "GitHub's GraphQL answered without data")
        return data, kept_back(answer.data)

    def change(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What a GraphQL mutation answers; one write at a time. Raises RetryLater or Refused."""
        with self._writing:
            return self.query(document, variables)

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """What stands at a path of the REST API, as `/repos/acme/triage`. Raises RetryLater or Refused."""
        key = ("tagged", self.id, path, tuple(sorted((parameters or {}).items())))
        known: tuple[str, str] | None = self.app.tagged.get(*key)
        answer = self._ask("GET", path, parameters, None, tag=known[0] if known else None)
        if known is not None and answer.status == _SAME:
            return json.loads(known[1])
        tag = answer.headers.get("etag")
        if tag:
            self.app.tagged.put((tag, answer.text), len(answer.text), *key)
        return answer.data

    def send(self, verb: str, path: str, body: Mapping[str, Any]) -> Any:
        """POST, PATCH, PUT or DELETE, one at a time. Raises RetryLater or Refused; either may come after the fact.

        What creates content that people are told of is paced: RetryLater where GitHub would not take more by now.
        """
        with self._writing:
            if verb == "POST" and path.rpartition("/")[2] in _CONTENT:
                self._count()
            return self._ask(verb, path, None, body).data

    def _count(self) -> None:
        assert self.app.pace is not None, "this app is only there to look"
        room = self.app.pace.count(self.id, self.app.clock(), _LIMITS)
        if room is not None:
            raise RetryLater(room, "as much was written as GitHub takes in one go")

    def spare(self, reserve: float) -> None:
        """RetryLater where less than this part of a limit is left: the rest is for what is more urgent."""
        for resource, (share, reset) in tuple(self._left.items()):
            if share < reserve and self.app.clock() < reset:
                raise RetryLater(reset, f"what is left of GitHub's limit ({resource}) is kept for pull requests")

    def _ask(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None,
        body: Any,
        partly: bool = False,
        tag: str | None = None,
    ) -> Answer:
        limit = self._limit
        if limit is not None and self.app.clock() < limit.when:
            raise RetryLater(limit.when, limit.reason)
        try:
            said = self.app.ask(self._fresh_token(), verb, path, parameters, body, tag)
            if isinstance(said, Answer) and said.allowance is not None:
                resource, share, reset = said.allowance
                self._left[resource] = (share, min(reset, self.app.clock() + _HOUR))
            if tag and isinstance(said, Answer) and said.status == _SAME:
                return said
            return usable(said, self.app.clock(), partly)
        except Limited as met:
            self._limit = met
            raise
        except Unauthorised:
            self._token = None
            raise

    def _fresh_token(self) -> str:
        with self._renewing:
            if self._token is None or self._token[1] - _EARLY < self.app.clock():
                issued = self.app.post(f"/app/installations/{self.id}/access_tokens", {})
                self._token = _issued(issued, self.app.clock())
            return self._token[0]


def _issued(answer: Any, now: datetime) -> tuple[str, datetime]:
    try:
        return str(answer["token"]), datetime.fromisoformat(answer["expires_at"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError) as error:
        raise RetryLater(now + SOON, "GitHub issued a token that can't be read") from error


def usable(answer: Answer | Exception, now: datetime, partly: bool = False) -> Answer:
    """The answer, or the exception that says what it means instead: the only place where one becomes the other."""
    fault = said(answer, now, partly)
    if fault is not None:
        raise fault from (answer if isinstance(answer, Exception) else None)
    assert isinstance(answer, Answer)  # said has a word for every exception
    return answer
