"""How many attempts ended with being told to come later, so that these alone never use all of them up."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column."""
    op.add_column("deliveries", sa.Column("waited", sa.Integer, nullable=False, server_default="0"))
