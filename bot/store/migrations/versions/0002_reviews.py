"""What reviews remember: who has a hand in a pull request, how it was judged, whose organisation's file was seen; and
the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "hands",
        sa.Column("repository", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("login", sa.String(100), primary_key=True),
    )
    op.create_table(
        "pulls",
        sa.Column("repository", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("installation", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("shown", sa.String(100), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("again", sa.BigInteger, index=True),
    )
    op.create_table(
        "watches",
        sa.Column("repository", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(400), primary_key=True, index=True),
    )
    op.create_table(
        "organisations",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ledger",
        sa.Column("seq", counter, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(200), nullable=False, unique=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("repository", sa.BigInteger, nullable=False, index=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("commit", sa.String(64), nullable=False),
        sa.Column("policy", sa.String(64)),
        sa.Column("address", sa.Text),
        sa.Column("details", sa.Text, nullable=False),
    )
