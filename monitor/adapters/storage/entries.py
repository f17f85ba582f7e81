"""Entries on their way to an article, and captures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import encode
from monitor.adapters.storage.polls import put_turn, read_habit
from monitor.adapters.storage.types import ROW_ID
from monitor.domain import health
from monitor.domain.model.articles import CaptureData, EntryForIngest
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import FeedKind
from monitor.domain.outcomes import Outcome

_ENTRY_FOR_INGEST = (
    select(
        t.entry,
        t.source.c.key.label("source_key"),
        t.source.c.name.label("source_name"),
        t.source.c.language.label("source_language"),
        t.source.c.country.label("source_country"),
        t.source.c.trust.label("source_trust"),
        t.source.c.about_relations.label("source_about_relations"),
        t.source.c.tdm_licensed.label("source_tdm_licensed"),
        t.source.c.place_id.label("source_place_id"),
        func.coalesce(t.feed.c.found_kind, t.feed.c.kind).label("feed_kind"),
    )
    .join(t.feed, t.feed.c.id == t.entry.c.feed_id)
    .join(t.source, t.source.c.id == t.feed.c.source_id)
    .where(t.entry.c.id == bindparam("entry_id"))
)
_FINISH = (
    update(t.entry)
    .where(t.entry.c.id == bindparam("at_id"))
    .values(
        article_id=func.coalesce(bindparam("led_to", type_=ROW_ID), t.entry.c.article_id),
        refreshes=t.entry.c.refreshes + bindparam("refresh"),
    )
)

_NOTED = (
    select(t.feed.c.habit, t.feed.c.health, t.feed.c.health_since)
    .where(t.feed.c.id == bindparam("feed_id"))
    .with_for_update()
)
_NOTE = update(t.feed).where(t.feed.c.id == bindparam("at_id"))


def entry_for_ingest(connection: Connection, entry_id: int) -> EntryForIngest | None:
    """See the port."""
    row = connection.execute(_ENTRY_FOR_INGEST, {"entry_id": entry_id}).mappings().first()
    if row is None:
        return None
    return EntryForIngest(
        id=row["id"],
        feed_id=row["feed_id"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        author=row["author"],
        published_at=row["published_at"],
        language=row["language"],
        baseline=row["baseline"],
        attempts=row["attempts"],
        refreshes=row["refreshes"],
        first_seen_at=row["first_seen_at"],
        source_key=row["source_key"],
        source_name=row["source_name"],
        source_language=row["source_language"],
        source_country=row["source_country"],
        source_trust=row["source_trust"],
        source_about_relations=row["source_about_relations"],
        source_tdm_licensed=row["source_tdm_licensed"],
        source_place_id=row["source_place_id"],
        feed_kind=FeedKind(row["feed_kind"]),
    )


def postpone_entry(connection: Connection, entry_id: int, next_at: datetime, outcome: Outcome, detail: str) -> None:
    """See the port."""
    connection.execute(
        update(t.entry)
        .where(t.entry.c.id == entry_id)
        .values(
            attempts=t.entry.c.attempts + 1, next_at=next_at, lease_until=None, outcome=outcome.value, detail=detail
        )
    )


def finish_entry(
    connection: Connection,
    entry_id: int,
    article_id: int | None,
    outcome: Outcome,
    detail: str,
    refetch_at: datetime | None,
) -> None:
    """See the port. The entry keeps the article it led to when a later reading of it fails."""
    said = {
        "at_id": entry_id,
        "led_to": article_id,
        "refresh": int(refetch_at is not None),
        "outcome": outcome.value,
        "detail": detail,
        "next_at": refetch_at,
        "lease_until": None,
        "attempts": 0,
    }
    connection.execute(_FINISH, said)


def note_reading(connection: Connection, feed_id: int, chars: int, thin: bool, foreign: bool, now: datetime) -> None:
    """See the port."""
    row = connection.execute(_NOTED, {"feed_id": feed_id}).mappings().first()
    if row is None:
        return
    habit = read_habit(row["habit"])
    reading = health.read_one(habit.reading, chars, thin=thin, foreign=foreign)
    state, since, turn = health.after_reading(FeedHealth(row["health"]), row["health_since"], reading, now)
    values = {"habit": encode(replace(habit, reading=reading)), "health": state.value, "health_since": since}
    connection.execute(_NOTE, {"at_id": feed_id} | values)
    if turn is not None:
        put_turn(connection, feed_id, turn, now)


def add_capture(connection: Connection, capture: CaptureData) -> int:
    """See the port."""
    statement = insert(t.capture).values(
        sha256=capture.sha256,
        url=capture.url,
        final_url=capture.final_url,
        content_type=capture.content_type,
        size_bytes=capture.size_bytes,
        tdm_policy=capture.tdm_policy,
        fetched_at=capture.fetched_at,
    )
    return connection.execute(statement.returning(t.capture.c.id)).scalar_one()
