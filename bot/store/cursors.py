"""How far something was read that goes on and on."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import cursors


class Cursors:
    """The cursors of a store. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dialect = sqlite if store.embedded else postgresql

    def get(self, name: str) -> int | None:
        """Where a cursor stands; None for one that was never set."""
        with self._store.read() as connection:
            return connection.scalar(select(cursors.c.value).where(cursors.c.name == name))

    def set(self, name: str, value: int) -> None:
        """It stands here now."""
        row = self._dialect.insert(cursors).values(name=name, value=value)
        with self._store.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
