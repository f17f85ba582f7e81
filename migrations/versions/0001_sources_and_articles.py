"""Sources, feeds and polls; captures and articles with what is known of their text; entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DUE = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("home_page", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("trust", sa.Integer(), nullable=False),
        sa.Column("rights", sa.String(), nullable=False),
        sa.Column("about_relations", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("declared", sa.JSON(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("key", name="uq_source_key"),
    )
    op.create_table(
        "feed",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("source_id", ROW_ID, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("found_kind", sa.String(), nullable=True),
        sa.Column("found_url", sa.String(), nullable=True),
        sa.Column("link_selector", sa.String(), nullable=True),
        sa.Column("link_pattern", sa.String(), nullable=True),
        sa.Column("interval_min", sa.Integer(), nullable=True),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("body_sha", sa.String(), nullable=True),
        sa.Column("baseline_done", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("last_full_at", MOMENT, nullable=True),
        sa.Column("last_polled_at", MOMENT, nullable=True),
        sa.Column("last_ok_at", MOMENT, nullable=True),
        sa.Column("last_new_at", MOMENT, nullable=True),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("last_detail", sa.String(), nullable=False),
        sa.Column("moved_to", sa.String(), nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_feed_source_id", ondelete="CASCADE"),
        sa.UniqueConstraint("url", name="uq_feed_url"),
    )
    op.create_index("ix_feed_due", "feed", ["next_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_feed_source_id", "feed", ["source_id"])
    op.create_table(
        "poll",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("polled_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_poll_feed_id", ondelete="CASCADE"),
    )
    op.create_index("ix_poll_feed_id", "poll", ["feed_id"])
    op.create_index("ix_poll_polled_at", "poll", ["polled_at"])
    op.create_table(
        "capture",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("final_url", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_capture"),
    )
    op.create_index("ix_capture_sha256", "capture", ["sha256"])
    op.create_table(
        "article",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("url_key", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("site_name", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("copy_of_id", ROW_ID, nullable=True),
        sa.Column("copy_kind", sa.String(), nullable=True),
        sa.Column("known_seed", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.ForeignKeyConstraint(["copy_of_id"], ["article.id"], name="fk_article_copy_of_id", ondelete="SET NULL"),
        sa.UniqueConstraint("url_key", name="uq_article_url_key"),
        sa.CheckConstraint(
            "label IN ('event', 'background', 'irrelevant', 'uncertain')", name=op.f("ck_article_label")
        ),
    )
    op.create_index("ix_article_copy_of_id", "article", ["copy_of_id"])
    op.create_index("ix_article_first_seen_at_label", "article", ["first_seen_at", "label"])
    op.create_index("ix_article_label_id", "article", ["label", "id"])
    op.create_table(
        "revision",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capture_id", ROW_ID, nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("fallback", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("site_name", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("canonical_url", sa.String(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_revision_capture_id"),
        sa.UniqueConstraint("article_id", "number", name="uq_revision_article_id_number"),
    )
    op.create_index("ix_revision_capture_id", "revision", ["capture_id"])
    op.create_table(
        "mention",
        sa.Column("revision_id", ROW_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_mention"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_mention_revision_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "assessment",
        sa.Column("revision_id", ROW_ID, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("rule_version", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("revision_id", name="pk_assessment"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_assessment_revision_id", ondelete="CASCADE"),
    )
    op.create_table(
        "fingerprint",
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("text_sha", sa.String(), nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_fingerprint"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_fingerprint_article_id", ondelete="CASCADE"),
    )
    op.create_index("ix_fingerprint_text_sha", "fingerprint", ["text_sha"])
    op.create_table(
        "band",
        sa.Column("band", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", ROW_ID, nullable=False),
        sa.PrimaryKeyConstraint("band", "key", "article_id", name="pk_band"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("entry_key", sa.String(), nullable=False),
        sa.Column("guid", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("published_raw", sa.String(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("content_sha", sa.String(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refreshes", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("article_id", ROW_ID, nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_entry_article_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_entry_feed_id", ondelete="CASCADE"),
        sa.UniqueConstraint("feed_id", "entry_key", name="uq_entry_feed_id_entry_key"),
    )
    op.create_index("ix_entry_article_id", "entry", ["article_id"])
    op.create_index("ix_entry_due", "entry", ["baseline", "next_at"], sqlite_where=DUE, postgresql_where=DUE)
