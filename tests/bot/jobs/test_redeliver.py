"""Webhooks that were lost are asked for again, once each, and installations are brought to what GitHub says."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.github.client import App
from bot.jobs.reconcile import reconcile
from bot.jobs.redeliver import redeliver
from bot.store.cursors import Cursors
from bot.store.installations import Installations
from tests.bot.reminders.year import Year
from tests.stand import Stand
from tests.stores import empty


@pytest.fixture
def stand() -> Iterator[Stand]:
    with Stand() as stand:
        yield stand


NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def hearing() -> Iterator[str]:
    """Where webhooks are taken, whatever they are; below `/refused` none is."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(400 if self.path == "/refused" else 202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def app(stand: Stand) -> App:
    return App(stand.app.id, stand.private_key, stand.url)


def lost(stand: Stand, count: int) -> list[str]:
    """So many webhooks go where nobody listens; the GUIDs of those that have failed."""
    stand.hooks.url = NOBODY
    stand.install("acme")
    for number in range(count - 1):
        stand.repository(f"acme/pilot-{number}")
    stand.settle()
    return sorted({one.guid for one in stand.deliveries})


def again(stand: Stand) -> list[str]:
    """The GUIDs of what was sent again, each as often as it was."""
    stand.settle()
    return sorted(one.guid for one in stand.deliveries if one.redelivery)


def ask(stand: Stand, cursors: Cursors) -> int:
    return redeliver(app(stand), cursors, datetime.now(UTC), lambda _: stand.settle())


def test_each_lost_webhook_is_asked_for_once(stand: Stand, hearing: str) -> None:
    failed, cursors = lost(stand, 3), Cursors(empty())
    stand.hooks.url = f"{hearing}/refused"
    assert ask(stand, cursors) == len(failed) > 2
    assert again(stand) == failed
    # They have failed again; once is what was promised.
    assert ask(stand, cursors) == 0


def test_as_long_as_nobody_listens_only_one_is_asked_for_and_then_all_are(stand: Stand, hearing: str) -> None:
    failed, cursors = lost(stand, 3), Cursors(empty())
    for _ in range(3):
        assert ask(stand, cursors) == 1
    assert (len(set(again(stand))), cursors.get("deliveries")) == (1, None)
    before = again(stand)
    stand.hooks.url = hearing
    assert ask(stand, cursors) == len(failed)
    assert len(again(stand)) == len(before) + len(failed)
    assert sorted(one.guid for one in stand.deliveries if one.arrived) == failed


def test_all_are_asked_for_where_github_does_not_say_what_became_of_the_first(stand: Stand) -> None:
    failed, cursors = lost(stand, 3), Cursors(empty())
    stand.hooks.hold = True
    looks: list[float] = []
    assert redeliver(app(stand), cursors, datetime.now(UTC), looks.append) == len(failed)
    assert sum(looks) >= 10
    assert redeliver(app(stand), cursors, datetime.now(UTC), looks.append) == 0


def test_what_has_arrived_meanwhile_is_not_asked_for(stand: Stand) -> None:
    (failed,) = lost(stand, 1)
    stand.hooks.url = f"{stand.url}/"
    stand.hooks.deliveries.append(replace(stand.hooks.deliveries[-1], id=2**62, code=202))
    assert stand.hooks.deliveries[-1].guid == failed
    assert ask(stand, Cursors(empty())) == 0


def test_more_than_a_page_is_read(stand: Stand) -> None:
    lost(stand, 2)
    last = stand.hooks.deliveries[-1]
    stand.hooks.deliveries += [
        replace(last, id=last.id + number, code=200, guid=str(number)) for number in range(1, 150)
    ]
    cursors = Cursors(empty())
    assert ask(stand, cursors) > 1
    assert cursors.get("deliveries") == last.id + 149


def test_reconciling_brings_the_store_to_the_truth(stand: Stand) -> None:
    year = Year(stand, seed=1)
    id = stand.install("acme")
    stand.repository("acme/new")
    stand.repository("acme/old")
    stand.archive("acme/old")
    stand.hooks.held.clear()
    known = year.line.store
    assert isinstance(known, Installations)
    known.remember(99, "gone", [(1, "gone/x")])
    known.remember(id, "acme", [(2, "acme/dropped"), (stand.world.repositories["acme/new"].id, "acme/former")])
    reconcile(year.line, known)
    year.work()
    assert (known.ids(), known.names(id), known.names(99)) == ([id], ["acme/new"], [])
    assert set(known.known(id).values()) == {"acme/new", "acme/old"}
