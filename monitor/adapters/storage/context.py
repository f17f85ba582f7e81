"""What happens at places beside any relation, as articles tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.material import SOURCE_NAME, read_report
from monitor.domain.model.digests import ContextReport
from monitor.domain.model.partnerships import ContextFound, ContextKind

MAX_CONTEXT = 500  # of one digest's window


def write_context(connection: Connection, article_id: int, found: Sequence[ContextFound], now: datetime) -> None:
    """Let the article say just this; what it said before keeps its moment."""
    columns = t.article_context.c
    there = {
        (row.kind, row.place_id): row.found_at
        for row in connection.execute(select(t.article_context).where(columns.article_id == article_id))
    }
    if there:
        connection.execute(delete(t.article_context).where(columns.article_id == article_id))
    rows = [
        {
            "article_id": article_id,
            "kind": one.kind.value,
            "place_id": one.place_id,
            "starts": one.start,
            "ends": one.end,
            "found_at": there.get((one.kind.value, one.place_id), now),
        }
        for one in found
    ]
    if rows:
        connection.execute(insert(t.article_context), rows)


def context_since(connection: Connection, since: datetime) -> tuple[ContextReport, ...]:
    """What was found after `since`, newest first; without copies and what was there before a source was followed."""
    statement = (
        select(t.article_context.c.kind, t.article_context.c.place_id, t.article, SOURCE_NAME)
        .join(t.article, t.article.c.id == t.article_context.c.article_id)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .where(t.article_context.c.found_at > since, t.article.c.copy_of_id.is_(None), t.article.c.baseline.is_(False))
        .order_by(t.article_context.c.found_at.desc(), t.article.c.id.desc())
        .limit(MAX_CONTEXT)
    )
    rows = connection.execute(statement).mappings()
    return tuple(ContextReport(ContextKind(row["kind"]), row["place_id"], read_report(row)) for row in rows)
