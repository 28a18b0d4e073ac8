"""Webhooks that were lost are asked for again, once each, and installations are brought to what GitHub says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

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


def app(stand: Stand) -> App:
    return App(stand.app.id, stand.private_key, stand.url)


def lost(stand: Stand, count: int) -> None:
    """So many webhooks go where nobody listens."""
    stand.hooks.url = "http://127.0.0.1:9"
    stand.install("acme")
    for number in range(count - 1):
        stand.repository(f"acme/pilot-{number}")
    stand.settle()


def test_each_lost_webhook_is_asked_for_once(stand: Stand) -> None:
    lost(stand, 3)
    failed = [one.guid for one in stand.deliveries]
    cursors, now = Cursors(empty()), datetime.now(UTC)
    assert redeliver(app(stand), cursors, now) == len(set(failed)) > 2
    stand.settle()
    again = [one.guid for one in stand.deliveries if one.redelivery]
    assert sorted(again) == sorted(set(failed))
    # They have failed again; once is what was promised.
    assert redeliver(app(stand), cursors, now) == 0


def test_what_has_arrived_meanwhile_is_not_asked_for(stand: Stand) -> None:
    lost(stand, 1)
    (failed,) = {one.guid for one in stand.deliveries}
    stand.hooks.url = f"{stand.url}/"
    stand.hooks.deliveries.append(replace(stand.hooks.deliveries[-1], id=2**62, code=202))
    assert stand.hooks.deliveries[-1].guid == failed
    assert redeliver(app(stand), Cursors(empty()), datetime.now(UTC)) == 0


def test_more_than_a_page_is_read(stand: Stand) -> None:
    lost(stand, 2)
    last = stand.hooks.deliveries[-1]
    stand.hooks.deliveries += [
        replace(last, id=last.id + number, code=200, guid=str(number)) for number in range(1, 150)
    ]
    cursors = Cursors(empty())
    assert redeliver(app(stand), cursors, datetime.now(UTC)) > 1
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
