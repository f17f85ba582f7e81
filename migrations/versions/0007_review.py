"""What a person corrects: what each verdict changed, who undid it, closed events, facts that news may not move."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("event", sa.Column("closed_at", MOMENT, nullable=True))
    op.add_column("event", sa.Column("pins", sa.JSON(), nullable=True))
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "auto"  # SQLite adds no foreign key to a table
    with op.batch_alter_table("verdict", recreate=anew) as batch:
        batch.add_column(sa.Column("cause_id", ROW_ID, nullable=True))
        batch.add_column(sa.Column("payload", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("undone_by", sa.String(), nullable=True))
        batch.create_foreign_key("fk_verdict_cause_id", "verdict", ["cause_id"], ["id"])
    op.add_column("article", sa.Column("drop_reason", sa.String(), nullable=True))
    op.execute("UPDATE article SET drop_reason = 'earlier-rules' WHERE label = 'irrelevant'")
    op.create_index("ix_article_drop_reason_id", "article", ["drop_reason", "id"])
    op.create_index("ix_verdict_cause_id", "verdict", ["cause_id"])
    op.create_index("ix_verdict_undone_at", "verdict", ["undone_at"])
    op.create_index("ix_verdict_kind_id", "verdict", ["kind", "id"])
