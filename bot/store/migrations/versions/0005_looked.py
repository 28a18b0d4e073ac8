"""The day on which a repository was looked at last, so that a look on a day to come is not taken for one of today."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("pilots", sa.Column("looked", sa.String(10)))
    op.create_index("pilots_looked", "pilots", ["zone", "looked"])
