"""What reading the hostile web must remember: habits and health of feeds, quarantine, rights, paginated archives."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LEASED = sa.text("lease_until IS NOT NULL")

# Columns with a value for the rows that stand there already; the defaults stay in the schema.
FILLED = (
    ("source", sa.Column("quote_chars", sa.Integer(), nullable=False, server_default="300")),
    ("source", sa.Column("tdm_licensed", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("feed", sa.Column("max_pages", sa.Integer(), nullable=False, server_default="1")),
    ("feed", sa.Column("host", sa.String(), nullable=False, server_default=sa.text("''"))),
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
    _fill_hosts()
    for table in ("feed", "entry"):
        op.create_index(f"ix_{table}_leased", table, ["lease_until"], sqlite_where=LEASED, postgresql_where=LEASED)
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


def _fill_hosts() -> None:
    connection = op.get_bind()
    feed = sa.table("feed", sa.column("id"), sa.column("url"), sa.column("found_url"), sa.column("host"))
    for row in connection.execute(sa.select(feed)).all():
        host = urlsplit(row.found_url or row.url).hostname or ""
        connection.execute(sa.update(feed).where(feed.c.id == row.id).values(host=host))
