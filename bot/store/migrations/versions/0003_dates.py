"""What becomes due on default branches, and the issues that say so."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pilots",
        sa.Column("repository", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("installation", sa.BigInteger, nullable=False, index=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("zone", sa.String(100), nullable=False),
        sa.Column("due", sa.String(10)),
    )
    op.create_index("pilots_due", "pilots", ["zone", "due"])
    op.create_table(
        "items",
        sa.Column("repository", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("marker", sa.String(300), primary_key=True),
        sa.Column("since", sa.String(10), nullable=False),
    )
    op.create_table(
        "issues",
        sa.Column("repository", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("marker", sa.String(300), primary_key=True),
        sa.Column("number", sa.Integer),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("shown", sa.String(64), nullable=False),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("reminded", sa.String(10), nullable=False),
        sa.Column("snoozed", sa.String(10)),
        sa.Column("saying", sa.String(100)),
    )
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
