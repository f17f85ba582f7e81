"""Days without a year: they tell events apart, and hold reports together where nobody says when they are from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("yearless", sa.JSON(), nullable=True))
