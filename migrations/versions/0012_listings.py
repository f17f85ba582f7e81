"""Rows that lists of events and counts of partnerships are read from, filled when the archive is first opened; the
articles of a source without reading the articles.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "partnership_seat",
        sa.Column("partnership_id", ROW_ID, nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("partnership_id", "place_id", name="pk_partnership_seat"),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name="fk_partnership_seat_partnership_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_partnership_seat_place_id", "partnership_seat", ["place_id"])
    op.create_table(
        "partnership_event",
        sa.Column("partnership_id", ROW_ID, nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("partnership_id", "sort_on", "event_id", name="pk_partnership_event"),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name="fk_partnership_event_partnership_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_partnership_event_event_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_partnership_event_event_id", "partnership_event", ["event_id"])
    op.create_table(
        "event_facet",
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("facet", "value", "sort_on", "event_id", name="pk_event_facet"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_facet_event_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_facet_event_id_facet_value", "event_facet", ["event_id", "facet", "value"])
