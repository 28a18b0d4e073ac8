"""Which accounts have installed the app, and on which repositories."""

from collections.abc import Collection

from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Store
from bot.store.tables import installations, items, pilots, pulls, repositories, watches


class Installations:
    """The installations of a store. Each method is one transaction, and may be repeated without harm."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dialect = sqlite if store.embedded else postgresql

    def remember(self, installation: int, account: str, added: Collection[tuple[int, str]]) -> None:
        """An account has the app, on these repositories (id and name) besides those that are known."""
        with self._store.write() as connection:
            insert = self._dialect.insert(installations).values(id=installation, account=account, suspended=False)
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"account": account}))
            for id, name in added:
                self._keep(connection, installation, id, name)

    def _keep(self, connection: Connection, installation: int, id: int, name: str) -> None:
        row = {"id": id, "installation": installation, "name": name, "archived": False}
        insert = self._dialect.insert(repositories).values(row)
        known = {"installation": installation, "name": name}
        connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=known))

    def forget(self, installation: int) -> None:
        """The account has removed the app: of its open pull requests, and of dates, nothing is kept any more."""
        mine = select(repositories.c.id).where(repositories.c.installation == installation)
        with self._store.write() as connection:
            _let_go(connection, mine)
            connection.execute(delete(repositories).where(repositories.c.installation == installation))
            connection.execute(delete(installations).where(installations.c.id == installation))

    def suspend(self, installation: int, suspended: bool) -> None:
        """The account has suspended the app, or lets it work again."""
        with self._store.write() as connection:
            row = installations.c.id == installation
            connection.execute(update(installations).where(row).values(suspended=suspended))

    def rename(self, repository: int, name: str) -> None:
        """A repository has this name (`owner/name`) now."""
        self._set(repository, name=name)

    def archive(self, repository: int, archived: bool) -> None:
        """A repository is archived, or is no longer."""
        self._set(repository, archived=archived)

    def _set(self, repository: int, **values: object) -> None:
        with self._store.write() as connection:
            connection.execute(update(repositories).where(repositories.c.id == repository).values(**values))

    def drop(self, removed: Collection[int]) -> None:
        """The app is no longer on these repositories, or they are gone, with all that was open or due in them."""
        if removed:
            with self._store.write() as connection:
                _let_go(connection, list(removed))
                connection.execute(delete(repositories).where(repositories.c.id.in_(list(removed))))

    def ids(self) -> list[int]:
        """The installations."""
        with self._store.read() as connection:
            return sorted(connection.scalars(select(installations.c.id)))

    def known(self, installation: int) -> dict[int, str]:
        """An installation's repositories, by id, with their names."""
        query = select(repositories.c.id, repositories.c.name).where(repositories.c.installation == installation)
        with self._store.read() as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def names(self, installation: int) -> list[str]:
        """The names of an installation's repositories, archived ones apart, in order."""
        query = select(repositories.c.name).where(
            repositories.c.installation == installation, repositories.c.archived.is_(False)
        )
        with self._store.read() as connection:
            return sorted(connection.scalars(query))


def _let_go(connection: Connection, gone: Collection[int] | Select[tuple[int]]) -> None:
    for table in (pulls, watches, pilots, items):
        connection.execute(delete(table).where(table.c.repository.in_(gone)))
