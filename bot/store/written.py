"""How much content was created on GitHub lately, counted where all workers see it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, text

from bot.store.database import Store
from bot.store.tables import written

# Any number will do, as long as nothing else on that database asks for the same.
_COUNTING = 7_061_404


class Written:
    """What was written by the workers of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, installation: int, now: datetime, limits: Sequence[tuple[int, timedelta]]) -> datetime | None:
        """Count one more for an installation; where that would be more than one of the limits (how many in what time)
        allows, nothing is counted, and the time from which on there is room is returned. One transaction, which none of
        another worker comes between."""
        longest = max(window for _, window in limits)
        with self._store.write() as connection:
            if not self._store.embedded:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _COUNTING})
            # What is still to come was written by a clock that went wrong, and would count for ever.
            gone = (written.c.at <= now - longest) | (written.c.at > now + longest)
            connection.execute(delete(written).where(gone))
            for most, window in limits:
                lately = (
                    select(written.c.at)
                    .where(written.c.installation == installation, written.c.at > now - window)
                    .order_by(written.c.at.desc())
                    .limit(1)
                    .offset(most - 1)
                )
                oldest: datetime | None = connection.scalar(lately)
                if oldest is not None:
                    return oldest + window
            connection.execute(insert(written).values(installation=installation, at=now))
        return None
