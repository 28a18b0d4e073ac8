"""A pilot whose security review is due at the end of February, and whom the app has looked at once before."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.doctor import EVENTS, PERMISSIONS
from tests.bot.reminders.year import ORGANISATION, Pilot, Year, founded
from tests.stand import Stand


@pytest.fixture
def year() -> Iterator[Year]:
    """A year that begins on 1 February 2028, with the permissions that the app asks for and no others."""
    with Stand(events=EVENTS, permissions=PERMISSIONS) as stand:
        made = Year(stand, seed=1)
        organisation = f"{ORGANISATION}required_reviews: [security]\n"
        stand.repository("acme/.github", files={".pilot-org.yml": organisation.encode()})
        policy = Pilot({"security": (date(2028, 2, 28), "pending")}, (date(2028, 8, 1), "pending")).text()
        founded(stand, "acme/triage", policy.encode())
        made.today = date(2028, 2, 1)
        stand.install("acme")
        made.day(made.today)
        yield made
