"""Events with their log; verdicts, partnerships, seeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_series"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("host_id", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(), nullable=True),
        sa.Column("date_inferred", sa.Boolean(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("series_key", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("part_of", sa.String(), nullable=True),
        sa.Column("perhaps_same_as", sa.String(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("seed_key", sa.String(), nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.ForeignKeyConstraint(["merged_into"], ["event.id"], name="fk_event_merged_into"),
        sa.ForeignKeyConstraint(["part_of"], ["event.id"], name="fk_event_part_of"),
        sa.ForeignKeyConstraint(["perhaps_same_as"], ["event.id"], name="fk_event_perhaps_same_as"),
        sa.ForeignKeyConstraint(["series_key"], ["series.key"], name="fk_event_series_key"),
        sa.CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL) AND starts_on <= ends_on", name=op.f("ck_event_dates")
        ),
        sa.CheckConstraint("merged_into <> id", name=op.f("ck_event_merged")),
    )
    op.create_index("ix_event_first_seen_at", "event", ["first_seen_at"])
    op.create_index("ix_event_host_id_starts_on", "event", ["host_id", "starts_on"])
    op.create_index("ix_event_merged_into", "event", ["merged_into"])
    op.create_index("ix_event_part_of", "event", ["part_of"])
    op.create_index("ix_event_perhaps_same_as", "event", ["perhaps_same_as"])
    op.create_index("ix_event_series_key", "event", ["series_key"])
    op.create_index("ix_event_sort_on", "event", ["sort_on"])
    op.create_index("ix_event_status_starts_on", "event", ["status", "starts_on"])
    op.create_table(
        "event_kind",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "position", name="pk_event_kind"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_kind_event_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event_participant",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", "place_id", name="pk_event_participant"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_participant_event_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_participant_place_id_dates", "event_participant", ["place_id", "starts_on", "ends_on"])
    op.create_table(
        "event_article",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "article_id", name="pk_event_article"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_event_article_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_article_event_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_article_article_id", "event_article", ["article_id"])
    op.create_table(
        "event_change",
        sa.Column("seq", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("announce", sa.Boolean(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_event_change"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_event_change_article_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_change_event_id"),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_event_change_seq")),
    )
    op.create_index("ix_event_change_article_id", "event_change", ["article_id"])
    op.create_index("ix_event_change_event_id_seq", "event_change", ["event_id", "seq"])
    op.create_table(
        "verdict",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=True),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.Column("other_event_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_verdict_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_verdict_event_id"),
        sa.ForeignKeyConstraint(["other_event_id"], ["event.id"], name="fk_verdict_other_event_id"),
    )
    op.create_index("ix_verdict_article_id", "verdict", ["article_id"])
    op.create_index("ix_verdict_event_id", "verdict", ["event_id"])
    op.create_index("ix_verdict_other_event_id", "verdict", ["other_event_id"])
    op.create_table(
        "partnership",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partnership"),
        sa.UniqueConstraint("key", name="uq_partnership_key"),
    )
    op.create_table(
        "partnership_member",
        sa.Column("partnership_id", ROW_ID, nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("partnership_id", "place_id", name="pk_partnership_member"),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name="fk_partnership_member_partnership_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_partnership_member_place_id", "partnership_member", ["place_id"])
    op.create_table(
        "seed",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("record_sha", sa.String(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("event_ids", sa.JSON(), nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seed"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_seed_article_id"),
    )
    op.create_index("ix_seed_article_id", "seed", ["article_id"])
