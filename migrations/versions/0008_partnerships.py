"""Partnerships, agreements and series as objects, computed expectations, and what happens at watched places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

COLUMNS = (
    ("partnership", sa.Column("origin", sa.String(), nullable=False, server_default="seed")),
    ("partnership", sa.Column("state", sa.String(), nullable=False, server_default="known")),
    ("partnership", sa.Column("claims", sa.JSON(), nullable=True)),
    ("series", sa.Column("cadence_months", sa.Integer(), nullable=True)),
    ("series", sa.Column("origin", sa.String(), nullable=False, server_default="news")),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    op.create_index("ix_partnership_state", "partnership", ["state"])
    _agreement()
    op.create_table(
        "series_member",
        sa.Column("series_key", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("series_key", "place_id", name="pk_series_member"),
        sa.ForeignKeyConstraint(["series_key"], ["series.key"], name="fk_series_member_series_key", ondelete="CASCADE"),
    )
    op.create_index("ix_series_member_place_id", "series_member", ["place_id"])
    _expectation()
    op.create_table(
        "article_context",
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "kind", "place_id", name="pk_article_context"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_context_article_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_article_context_found_at", "article_context", ["found_at"])


def _agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("partnership_id", ROW_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("supersedes", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.Column("article_id", ROW_ID, nullable=True),
        sa.Column("claims", sa.JSON(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
        sa.UniqueConstraint("partnership_id", "key", name="uq_agreement_partnership_id_key"),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name="fk_agreement_partnership_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_agreement_event_id"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_agreement_article_id", ondelete="SET NULL"),
    )
    op.create_index("ix_agreement_event_id", "agreement", ["event_id"])
    op.create_index("ix_agreement_article_id", "agreement", ["article_id"])


def _expectation() -> None:
    op.create_table(
        "expectation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_expectation"),
        sa.UniqueConstraint("key", name="uq_expectation_key"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_expectation_event_id"),
    )
    op.create_index("ix_expectation_event_id", "expectation", ["event_id"])
    op.create_index("ix_expectation_state_closes_on", "expectation", ["state", "closes_on"])
    op.create_table(
        "expectation_place",
        sa.Column("expectation_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("expectation_id", "place_id", name="pk_expectation_place"),
        sa.ForeignKeyConstraint(
            ["expectation_id"], ["expectation.id"], name="fk_expectation_place_expectation_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_expectation_place_place_id", "expectation_place", ["place_id"])
