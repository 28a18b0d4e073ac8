"""What a Prometheus server is asked, and what its answers are taken for, whatever they are."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.gather import prometheus
from bot.gather.metrics import OFFLINE, UNSET, Metrics
from bot.gather.prometheus import Prometheus
from bot.settings import Settings
from bot.wiring import Tools
from rules.catalogue import catalogue
from rules.facts import LiveAlert, Unverifiable
from tests.rules.given import policy


@dataclass
class Standin:
    """A server that answers everything with the same, and remembers what it was asked."""

    answer: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], str | None]] = field(default_factory=list)
    url: str = ""

    def vector(self, *values: str) -> None:
        result = [{"metric": {}, "value": [1764000000.1, value]} for value in values]
        self.answer = {"status": "success", "data": {"resultType": "vector", "result": result}}


@pytest.fixture
def there() -> Iterator[Standin]:
    standin = Standin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            standin.asked.append((address.path, asked, self.headers.get("Authorization")))
            body = standin.answer if isinstance(standin.answer, bytes) else json.dumps(standin.answer).encode()
            self.send_response(standin.status)
            for name, value in {"Content-Length": str(len(body)), **standin.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    standin.url = f"http://127.0.0.1:{server.server_port}"
    yield standin
    server.shutdown()
    server.server_close()


def _reason(found: object) -> str:
    assert isinstance(found, Unverifiable), found
    return found.reason


def test_a_query_that_yields_one_number_is_measured(there: Standin) -> None:
    there.vector("1.25")
    assert Prometheus(there.url).value("p95") == 1.25
    assert there.asked == [("/api/v1/query", {"query": "p95", "timeout": "10s"}, None)]
    there.answer = {"status": "success", "data": {"resultType": "scalar", "result": [1764000000, "2"]}}
    assert Prometheus(there.url).value("scalar(p95)") == 2.0


def test_the_name_and_password_of_the_address_are_sent_and_never_told(there: Standin) -> None:
    there.vector("1")
    server = Prometheus(there.url.replace("//", "//ana:hidden@"))
    assert server.value("p95") == 1
    assert (there.asked[0][2] or "").startswith("Basic ")
    gone = Prometheus("http://ana:hidden@127.0.0.1:1")
    assert "hidden" not in _reason(gone.value("p95"))
    assert _reason(gone.value("p95")).startswith("the Prometheus server can't be reached (ConnectionError): see")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"resultType": "vector", "result": []}, "the query yields nothing: is what it asks for reported?"),
        ({"resultType": "matrix", "result": []}, "the query yields a matrix, not a number: write one that yields"),
        ({"resultType": "vector", "result": {}}, "the query yields a vector, not a number"),
        ({"resultType": "string", "result": [1, "x"]}, "the query yields a string, not a number"),
        ({"resultType": "scalar", "result": [1, "NaN"]}, "the query yields NaN: it has nothing to count yet"),
        ({"resultType": "scalar", "result": [1, "+Inf"]}, "the query yields +Inf"),
        ({"resultType": "scalar", "result": [1]}, "the Prometheus server answers what is no sample"),
        ({"resultType": "vector", "result": [{"value": None}]}, "the Prometheus server answers what is no sample"),
    ],
)
def test_what_is_no_number_says_what_it_is(data: Any, reason: str, there: Standin) -> None:
    there.answer = {"status": "success", "data": data}
    assert _reason(Prometheus(there.url).value("x")).startswith(reason)


def test_several_series_are_no_number(there: Standin) -> None:
    there.vector("1", "2")
    assert _reason(Prometheus(there.url).value("x")) == "the query yields 2 values: aggregate them to one"


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (
            400,
            {"status": "error", "error": "1:3: parse\nerror"},
            "the Prometheus server refuses the query: 1:3: parse error",
        ),
        (503, {"status": "error"}, "the Prometheus server refuses the query: 503"),
        (200, {"status": "success", "data": []}, "the Prometheus server refuses the query: 200"),
        (200, b"<html>", "the Prometheus server answers 200 with no JSON: see PILOTGATE_PROMETHEUS_URL"),
        (401, b"", "the Prometheus server answers 401 with no JSON"),
        (200, b"[" * 100_000, "the Prometheus server answers 200 with no JSON"),
        (200, [], "the Prometheus server answers 200 with no JSON"),
    ],
)
def test_a_refusal_is_told(status: int, answer: Any, reason: str, there: Standin) -> None:
    there.status, there.answer = status, answer
    for found in (Prometheus(there.url).value("x"), Prometheus(there.url).alerts(), Prometheus(there.url).age("m")):
        assert _reason(found).startswith(reason)


def test_no_answer_is_followed_elsewhere(there: Standin) -> None:
    there.status, there.headers, there.answer = 302, {"Location": f"{there.url}/elsewhere"}, b""
    assert "answers 302 with no JSON" in _reason(Prometheus(there.url).value("x"))
    assert len(there.asked) == 1


def test_an_answer_that_never_ends_is_cut(there: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "_BYTES", 100)
    there.answer = {"status": "success", "data": {"x": "y" * 200}}
    assert "answers 200 with no JSON" in _reason(Prometheus(there.url).value("x"))


def test_the_alerts_that_run_are_known_by_name(there: Standin) -> None:
    rules = [
        {"name": "A", "health": "ok", "type": "alerting"},
        {"name": "A", "health": "err", "lastError": "many-to-many"},
    ]
    there.answer = {"status": "success", "data": {"groups": [{"rules": rules}, {"rules": None}, {}]}}
    assert Prometheus(there.url).alerts() == {"A": (LiveAlert("ok"), LiveAlert("err", "many-to-many"))}
    assert there.asked == [("/api/v1/rules", {"type": "alert"}, None)]
    there.answer = {"status": "success", "data": {}}
    assert Prometheus(there.url).alerts() == {}


def test_the_age_of_a_metric_is_asked_for_by_its_name_alone(there: Standin) -> None:
    there.vector("12.5")
    assert Prometheus(there.url).age('m"}) or vector(0) # ') == 12.5
    (_, asked, _) = there.asked[0]
    assert asked["query"] == 'time() - max(timestamp({__name__="m\\"}) or vector(0) # "}))'
    there.vector()
    assert Prometheus(there.url).age("m") is None


@settings(max_examples=40, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3)))
def test_any_data_is_a_number_or_has_a_reason(data: Any) -> None:
    for kind in ("vector", "scalar"):
        found = _Answering({"resultType": kind, "result": data, "groups": data})
        for one in (found.value("x"), found.age("m")):
            assert one is None or isinstance(one, float | Unverifiable)
        assert isinstance(found.alerts(), dict | Unverifiable)


class _Answering(Prometheus):
    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__("http://127.0.0.1:1")
        object.__setattr__(self, "data", data)

    def _ask(self, what: str, parameters: Any) -> dict[str, Any]:
        found: dict[str, Any] = object.__getattribute__(self, "data")
        return found


POLICY = """
criteria:
  - {id: a, source: {format: prometheus, query: qa}}
  - {id: b, source: {format: prometheus, query: qb}}
  - {id: c, source: {format: prometheus, query: qa}}
  - {id: d, source: {format: json}}
  - {id: e}
monitoring: {signals: [{metric: m, alert: A}, {metric: m}, {alert: B}]}
"""


@dataclass
class Counting:
    asked: list[str] = field(default_factory=list)

    def value(self, query: str) -> float | Unverifiable:
        self.asked.append(query)
        return 1.0

    def alerts(self) -> dict[str, tuple[LiveAlert, ...]]:
        self.asked.append("alerts")
        return {"A": ()}

    def age(self, metric: str) -> float | None:
        self.asked.append(metric)
        return 2.0


def test_only_what_the_policy_asks_is_asked_and_each_once() -> None:
    server = Counting()
    metrics = Metrics(server, policy(POLICY), UNSET)
    measured = metrics.measurements()
    assert ([measured.of(query) for query in ("qa", "qb", "qc")], server.asked) == ([1.0, 1.0, UNSET], ["qa", "qb"])
    live = metrics.live()
    assert server.asked == ["qa", "qb", "alerts", "m"]
    assert (live.alerts, live.sample("m"), live.sample("n")) == ({"A": ()}, 2.0, UNSET)


def test_questions_are_bounded() -> None:
    listed = "".join(f"  - {{id: c{n}, source: {{format: prometheus, query: q{n}}}}}\n" for n in range(60))
    server = Counting()
    Metrics(server, policy(f"criteria:\n{listed}"), UNSET).measurements()
    assert len(server.asked) == 50


@pytest.mark.parametrize("text", ["owners: {}\n", "monitoring: {}\n"])
def test_a_policy_that_asks_nothing_has_nothing_asked(text: str) -> None:
    server = Counting()
    metrics = Metrics(server, policy(text), UNSET)
    assert (metrics.measurements().answers, metrics.live().alerts, server.asked) == ({}, UNSET, [])


def test_without_a_server_or_a_policy_nothing_is_asked() -> None:
    assert Metrics(None, policy(POLICY), OFFLINE).measurements().of("qa") == OFFLINE
    assert Metrics(None, policy(POLICY), OFFLINE).live().sample("m") == OFFLINE
    assert Metrics(Counting(), None, UNSET).measurements().of("qa") == UNSET


def test_a_checkout_asks_the_server_of_its_settings_unless_it_is_offline(there: Standin) -> None:
    there.vector("3")
    tools = Tools(Settings(None, False, there.url), catalogue())
    assert tools.metrics(policy(POLICY), offline=False).measurements().of("qa") == 3.0
    assert tools.metrics(policy(POLICY), offline=True).measurements().of("qa") == OFFLINE
    nowhere = Tools(Settings(None, False), catalogue())
    assert nowhere.metrics(policy(POLICY), offline=False).measurements().of("qa") == UNSET
    with pytest.raises(UserError, match="PILOTGATE_PROMETHEUS_URL: write an address that begins with https://"):
        Tools(Settings(None, False, "file:///etc/passwd"), catalogue()).metrics(policy(POLICY), offline=False)
