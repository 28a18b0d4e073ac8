"""Deliveries, installations and their repositories, the schedule; on PostgreSQL, procrastinate's own tables."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None

_PENDING = "state IN ('accepted', 'queued')"


def upgrade() -> None:
    """Make the tables."""
    counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "deliveries",
        sa.Column("seq", counter, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(200), nullable=False, unique=True),
        sa.Column("event", sa.String(100), nullable=False),
        sa.Column("action", sa.String(100)),
        sa.Column("installation", sa.BigInteger),
        sa.Column("repository", sa.String(300)),
        sa.Column("lane", sa.String(100), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("started", sa.BigInteger),
        sa.Column("finished", sa.BigInteger),
        sa.Column("error", sa.Text),
    )
    op.create_index(
        "deliveries_pending",
        "deliveries",
        ["seq"],
        postgresql_where=sa.text(_PENDING),
        sqlite_where=sa.text(_PENDING),
    )
    op.create_index("deliveries_finished", "deliveries", ["finished"])
    op.create_table(
        "installations",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("suspended", sa.Boolean, nullable=False),
    )
    op.create_table(
        "repositories",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("installation", sa.BigInteger, nullable=False, index=True),
        sa.Column("name", sa.String(300), nullable=False, index=True),
        sa.Column("archived", sa.Boolean, nullable=False),
    )
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("next", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # A doubled `%`, since the driver takes a single one for a parameter.
        op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
