"""Events with their log, what people said of them, seeds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Named, Table, TypedColumns, text

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime

_LISTED = text("merged_into IS NULL AND closed_at IS NULL")
_MERGED = text("merged_into IS NOT NULL")  # an index of those that are not would be taken for a way to find events


class _EventColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    host_id: Named[str | None]
    starts_on: Named[date | None]
    ends_on: Named[date | None]
    precision: Named[str | None]
    date_inferred: Named[bool]
    yearless: Named[dict[str, Any] | None] = Column(DOCUMENT)  # dates whose year is unknown
    sort_on: Named[date] = Column(index=True)  # the first day, or the day it was first seen
    status: Named[str]
    ordinal: Named[int | None]
    series_key: Named[str | None] = Column(ForeignKey("series.key"), index=True)
    origin: Named[str]
    title: Named[str]
    sentence: Named[str]
    countries: Named[list[str]] = Column(DOCUMENT)
    people: Named[list[str]] = Column(DOCUMENT)  # folded names
    numbers: Named[list[str]] = Column(DOCUMENT)
    languages: Named[list[str]] = Column(DOCUMENT)
    part_of: Named[str | None] = Column(ForeignKey("event.id"), index=True)
    perhaps_same_as: Named[str | None] = Column(ForeignKey("event.id"), index=True)
    merged_into: Named[str | None] = Column(ForeignKey("event.id"))
    seed_key: Named[str | None]  # of a seed's main event
    first_seen_at: Named[datetime] = Column(UtcDateTime, index=True)
    updated_at: Named[datetime] = Column(UtcDateTime)
    closed_at: Named[datetime | None] = Column(UtcDateTime)  # not told; without reports not linked to either
    pins: Named[list[str] | None] = Column(DOCUMENT)  # facts that a person set: see `domain.event_facts.PINNED`


event = Table(
    "event",
    METADATA,
    _EventColumns,
    CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL) AND starts_on <= ends_on", name="dates"),
    CheckConstraint("merged_into <> id", name="merged"),
    Index("ix_event_host_id_starts_on", "host_id", "starts_on"),
    Index("ix_event_status_starts_on", "status", "starts_on"),
    Index("ix_event_merged_into", "merged_into", sqlite_where=_MERGED, postgresql_where=_MERGED),
    # Of what is listed, in the order in which it is listed; the last two are there for SQLite to find all in the index.
    Index(
        "ix_event_listed",
        *("sort_on", "id", "status", "origin", "merged_into", "closed_at"),
        sqlite_where=_LISTED,
        postgresql_where=_LISTED,
    ),
)


class _EventKindColumns(TypedColumns):
    event_id: Named[str] = Column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    position: Named[int] = Column(primary_key=True)  # 0: the main kind
    kind: Named[str]


event_kind = Table("event_kind", METADATA, _EventKindColumns, sqlite_with_rowid=False)


class _EventParticipantColumns(TypedColumns):
    event_id: Named[str] = Column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    place_id: Named[str] = Column(primary_key=True)
    starts_on: Named[date | None]  # the event's, repeated for the one index that linking lives on
    ends_on: Named[date | None]


event_participant = Table(
    "event_participant",
    METADATA,
    _EventParticipantColumns,
    Index("ix_event_participant_place_id_dates", "place_id", "starts_on", "ends_on"),
    sqlite_with_rowid=False,
)


class _EventArticleColumns(TypedColumns):
    event_id: Named[str] = Column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    article_id: Named[int] = Column(ROW_ID, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Named[str]
    why: Named[str]
    score: Named[float | None]
    linked_at: Named[datetime] = Column(UtcDateTime)


event_article = Table("event_article", METADATA, _EventArticleColumns, sqlite_with_rowid=False)


class _EventChangeColumns(TypedColumns):
    seq: Named[int] = Column(ROW_ID, primary_key=True, autoincrement=False)  # gapless, from 1
    event_id: Named[str] = Column(ForeignKey("event.id"))
    kind: Named[str]
    at: Named[datetime] = Column(UtcDateTime)
    announce: Named[bool]
    article_id: Named[int | None] = Column(ROW_ID, ForeignKey("article.id", ondelete="SET NULL"), index=True)
    before: Named[str]
    after: Named[str]


event_change = Table(
    "event_change",
    METADATA,
    _EventChangeColumns,
    CheckConstraint("seq >= 1", name="seq"),
    Index("ix_event_change_event_id_seq", "event_id", "seq"),
)


class _VerdictColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    kind: Named[str]
    at: Named[datetime] = Column(UtcDateTime)
    by: Named[str]
    article_id: Named[int | None] = Column(ROW_ID, ForeignKey("article.id"), index=True)
    event_id: Named[str | None] = Column(ForeignKey("event.id"), index=True)
    other_event_id: Named[str | None] = Column(ForeignKey("event.id"), index=True)
    text: Named[str]
    undone_at: Named[datetime | None] = Column(UtcDateTime, index=True)
    undone_by: Named[str | None]
    # Of what one verdict says besides: a merge lets articles belong together, say; undone with it.
    cause_id: Named[int | None] = Column(ROW_ID, ForeignKey("verdict.id"), index=True)
    payload: Named[dict[str, Any] | None] = Column(DOCUMENT)  # what it changed, as an undo needs it


verdict = Table("verdict", METADATA, _VerdictColumns, Index("ix_verdict_kind_id", "kind", "id"))


class _SeedColumns(TypedColumns):
    key: Named[str] = Column(primary_key=True)
    record_sha: Named[str]
    record: Named[dict[str, Any]] = Column(DOCUMENT)
    article_id: Named[int] = Column(ROW_ID, ForeignKey("article.id"), index=True)
    event_ids: Named[list[str]] = Column(DOCUMENT)  # the event itself where it has one, then its expectations
    loaded_at: Named[datetime] = Column(UtcDateTime)


seed = Table("seed", METADATA, _SeedColumns)
