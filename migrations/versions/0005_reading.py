"""What reading the hostile web must remember: habits and health of feeds, quarantine, rights, paginated archives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

# Columns with a value for the rows that stand there already; the defaults stay in the schema.
FILLED = (
    ("source", sa.Column("quote_chars", sa.Integer(), nullable=False, server_default="300")),
    ("source", sa.Column("tdm_licensed", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("feed", sa.Column("max_pages", sa.Integer(), nullable=False, server_default="1")),
    ("feed", sa.Column("health", sa.String(), nullable=False, server_default="new")),
    ("poll", sa.Column("known", sa.Integer(), nullable=False, server_default="0")),
    ("poll", sa.Column("gap", sa.Boolean(), nullable=False, server_default=sa.false())),
)
EMPTY = (
    ("source", sa.Column("place_id", sa.String(), nullable=True)),
    ("feed", sa.Column("next_selector", sa.String(), nullable=True)),
    ("feed", sa.Column("sitemap_url", sa.String(), nullable=True)),
    ("feed", sa.Column("habit", sa.JSON(), nullable=True)),
    ("feed", sa.Column("health_since", MOMENT, nullable=True)),
    ("capture", sa.Column("tdm_policy", sa.String(), nullable=True)),
)


def upgrade() -> None:
    for table, column in (*FILLED, *EMPTY):
        op.add_column(table, column)
    op.create_table(
        "health_change",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_health_change"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_health_change_feed_id", ondelete="CASCADE"),
    )
    op.create_index("ix_health_change_feed_id", "health_change", ["feed_id"])
    op.create_index("ix_health_change_at", "health_change", ["at"])
    op.create_table(
        "quarantine",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kills", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", "task", name="pk_quarantine"),
    )
