"""The text index: one row an article, its folded words; made by each database's own means."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The words come folded and cut, so the tokenizer has only to split at blanks; prefixes from three characters.
        op.execute(
            "CREATE VIRTUAL TABLE search_text USING fts5"
            "(words, tokenize = 'unicode61 remove_diacritics 0', prefix = '3')"
        )
    else:
        op.execute(
            "CREATE TABLE search_text (article_id BIGINT NOT NULL CONSTRAINT pk_search_text PRIMARY KEY "
            "CONSTRAINT fk_search_text_article_id REFERENCES article (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_text_words ON search_text USING gin (words)")
