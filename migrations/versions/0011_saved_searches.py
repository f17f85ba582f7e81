"""Saved searches, and the indexes that lists and searches of events live on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MERGED = sa.text("merged_into IS NOT NULL")
LISTED = sa.text("merged_into IS NULL AND closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("account_id", ROW_ID, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token_sha", sa.String(), nullable=True),
        sa.Column("subscription_id", ROW_ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("token_sha", name="uq_saved_search_token_sha"),
        sa.UniqueConstraint("subscription_id", name="uq_saved_search_subscription_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_saved_search_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name="fk_saved_search_subscription_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_saved_search_owner", "saved_search", ["owner"])
    op.create_index("ix_saved_search_account_id", "saved_search", ["account_id"])
    listed = ["sort_on", "id", "status", "origin", "merged_into", "closed_at"]
    op.create_index("ix_event_listed", "event", listed, sqlite_where=LISTED, postgresql_where=LISTED)
    # An index that held every event that is not merged was taken for a way to find them, and all were sorted.
    op.drop_index("ix_event_merged_into", "event")
    op.create_index("ix_event_merged_into", "event", ["merged_into"], sqlite_where=MERGED, postgresql_where=MERGED)
    op.create_index("ix_article_source_key_id", "article", ["source_key", "id"])
