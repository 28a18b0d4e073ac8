"""The ledger: who decided, signed off, waived or declared an emergency. It is only ever added to."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import ledger

COMMANDS = frozenset({"sign-off", "waiver", "decision"})
"""The kinds of entries that a command makes, and that approve of their commit."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did. `id` is the same each time that it is told; `policy` is the policy's SHA-256 at that commit;
    `address` is where they said it; `details` fit in JSON."""

    id: str
    at: datetime
    repository: int
    name: str
    kind: str
    login: str
    commit: str
    number: int | None = None
    policy: str | None = None
    address: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The entry as JSON can say it."""
        return {
            "at": self.at.isoformat(),
            "repository": self.name,
            "number": self.number,
            "kind": self.kind,
            "login": self.login,
            "commit": self.commit,
            "policy": self.policy,
            "address": self.address,
            **self.details,
        }


class Ledger:
    """The ledger of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dialect = sqlite if store.embedded else postgresql

    def add(self, entry: Entry) -> None:
        """Keep an entry for good; one with an id that is there changes nothing."""
        row = {
            "id": entry.id,
            "at": entry.at,
            "repository": entry.repository,
            "name": entry.name,
            "number": entry.number,
            "kind": entry.kind,
            "login": entry.login,
            "commit": entry.commit,
            "policy": entry.policy,
            "address": entry.address,
            "details": json.dumps(dict(entry.details), sort_keys=True),
        }
        with self._store.write() as connection:
            connection.execute(self._dialect.insert(ledger).values(row).on_conflict_do_nothing())

    def of(self, repository: int, number: int | None = None) -> list[Entry]:
        """The entries of a repository, or of one of its pull requests and issues, in the order in which they came."""
        wanted = ledger.c.repository == repository
        return list(self._read(wanted if number is None else wanted & (ledger.c.number == number)))

    def named(self, name: str) -> list[Entry]:
        """The entries of `owner/name`, or of all repositories of `owner`, as they were called at the time."""
        name = name.lower()
        here = func.lower(ledger.c.name)
        return list(self._read(here == name if "/" in name else here.startswith(f"{name}/", autoescape=True)))

    def _read(self, wanted: Any) -> Iterator[Entry]:
        with self._store.read() as connection:
            for row in connection.execute(select(ledger).where(wanted).order_by(ledger.c.seq)):
                yield Entry(
                    row.id,
                    row.at,
                    row.repository,
                    row.name,
                    row.kind,
                    row.login,
                    row.commit,
                    row.number,
                    row.policy,
                    row.address,
                    json.loads(row.details),
                )
