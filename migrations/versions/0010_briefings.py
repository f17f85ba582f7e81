"""Briefings: picked events in order with notes, frozen, and to whom they were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON()


def upgrade() -> None:
    op.create_table(
        "briefing",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("intro", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=True),
        sa.Column("frozen_by", sa.String(), nullable=False),
        sa.Column("content", DOCUMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_briefing"),
    )
    op.create_table(
        "briefing_event",
        sa.Column("briefing_id", ROW_ID, nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("briefing_id", "event_id", name="pk_briefing_event"),
        sa.ForeignKeyConstraint(
            ["briefing_id"], ["briefing.id"], name="fk_briefing_event_briefing_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_briefing_event_event_id"),
    )
    op.create_index("ix_briefing_event_event_id", "briefing_event", ["event_id"])
    op.create_table(
        "briefing_digest",
        sa.Column("briefing_id", ROW_ID, nullable=False),
        sa.Column("digest_id", ROW_ID, nullable=False),
        sa.PrimaryKeyConstraint("briefing_id", "digest_id", name="pk_briefing_digest"),
        sa.ForeignKeyConstraint(
            ["briefing_id"], ["briefing.id"], name="fk_briefing_digest_briefing_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name="fk_briefing_digest_digest_id"),
    )
    op.create_index("ix_briefing_digest_digest_id", "briefing_digest", ["digest_id"])
