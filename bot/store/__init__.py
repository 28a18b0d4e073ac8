"""What the server remembers: one database, SQLite by default and PostgreSQL by its address alone."""

from bot.store.database import Store, open_store

__all__ = ["Store", "open_store"]
