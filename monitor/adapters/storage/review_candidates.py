"""What a reviewer picks from: events that a report may belong to, texts that are nearly the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, func, or_, select, union

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import article_rows, read_article_row
from monitor.adapters.storage.events import in_batches, live_ids, load_events
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.views import ArticleRow

LONGEST = timedelta(days=366)  # of events that are found: those of which only the year is known
MOST_COMPARED = 200  # events that share a place and a time, of which the nearest are offered


def events_named(connection: Connection, event_ids: Collection[str]) -> Mapping[str, KnownEvent]:
    """See the port."""
    live = live_ids(connection, event_ids)
    events = {one.id: one for batch in in_batches(set(live.values())) for one in load_events(connection, batch)}
    return {one: events[now] for one, now in live.items() if now in events}


def events_near(
    connection: Connection, place_ids: Collection[str], day: date, within_days: int, limit: int
) -> tuple[KnownEvent, ...]:
    """See the port."""
    first, last = day - timedelta(days=within_days), day + timedelta(days=within_days)
    taking_part, event = t.event_participant.c, t.event.c
    undated = taking_part.starts_on.is_(None)
    earliest = first - LONGEST  # bounds the search on both sides
    in_time = taking_part.starts_on.between(earliest, last) & (taking_part.ends_on >= first)
    there = select(taking_part.event_id.label("id"), taking_part.place_id).where(
        taking_part.place_id.in_(place_ids), or_(undated, in_time)
    )
    hosted = select(event.id, event.host_id).where(
        event.host_id.in_(place_ids), event.starts_on.between(earliest, last), event.ends_on >= first
    )
    shared = union(there, hosted).subquery()
    number = func.count().label("number")
    statement = (
        select(event.id, event.sort_on, number)
        .join(shared, shared.c.id == event.id)
        .where(event.merged_into.is_(None), event.closed_at.is_(None))
        .group_by(event.id, event.sort_on)
        .order_by(number.desc(), event.sort_on.desc(), event.id)
        .limit(MOST_COMPARED)
    )
    rows = connection.execute(statement).all()
    nearest = sorted(rows, key=lambda row: (-row.number, abs((row.sort_on - day).days), row.id))
    return load_events(connection, [row.id for row in nearest[:limit]])


def copies(connection: Connection, article_id: int, limit: int) -> tuple[ArticleRow, ...]:
    """See the port."""
    column = t.article.c
    original = connection.scalar(select(column.copy_of_id).where(column.id == article_id))
    family = {article_id} if original is None else {article_id, original}
    same = or_(column.copy_of_id.in_(family), column.id.in_(family))
    statement = article_rows().where(same, column.id != article_id).order_by(column.id).limit(limit)
    return tuple(read_article_row(row) for row in connection.execute(statement).mappings())
