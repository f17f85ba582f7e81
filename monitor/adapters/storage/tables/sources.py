"""Sources, feeds, polls, entries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, UniqueConstraint, false, text

from monitor.adapters.storage.tables.metadata import METADATA, due_index, lease_index
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime


class _SourceColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    key: Named[str] = Column(unique=True)
    name: Named[str]
    home_page: Named[str | None]
    language: Named[str | None]
    country: Named[str | None]
    trust: Named[int]
    rights: Named[str]
    about_relations: Named[bool]
    paused: Named[bool]
    quote_chars: Named[int] = Column(server_default="300")
    tdm_licensed: Named[bool] = Column(server_default=false())
    place_id: Named[str | None]
    declared_by: Named[str]  # config, cli, opml
    declared: Named[dict[str, Any] | None] = Column(DOCUMENT)  # as last declared; NULL: declared no longer
    changed_at: Named[datetime | None] = Column(UtcDateTime)  # by a person, since the declared stock was last applied
    added_at: Named[datetime] = Column(UtcDateTime)


source = Table("source", METADATA, _SourceColumns)


class _FeedColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    source_id: Named[int] = Column(ROW_ID, ForeignKey("source.id", ondelete="CASCADE"), index=True)
    url: Named[str] = Column(unique=True)
    kind: Named[str]
    found_kind: Named[str | None]
    found_url: Named[str | None]  # the feed behind an `auto` page: polled instead of `url`
    host: Named[str] = Column(server_default=text("''"))  # of the polled address: one request at a time goes there
    link_selector: Named[str | None]
    link_pattern: Named[str | None]
    interval_min: Named[int | None]  # NULL: the default of the settings
    max_pages: Named[int] = Column(server_default="1")
    next_selector: Named[str | None]
    sitemap_url: Named[str | None]  # where a gap can be filled from
    followed: Named[bool]  # False: its source names it no longer; kept for its entries
    etag: Named[str | None]
    last_modified: Named[str | None]
    body_sha: Named[str | None]
    baseline_done: Named[bool]
    failures: Named[int]
    failing_since: Named[datetime | None] = Column(UtcDateTime)
    last_full_at: Named[datetime | None] = Column(UtcDateTime)
    last_polled_at: Named[datetime | None] = Column(UtcDateTime)
    last_ok_at: Named[datetime | None] = Column(UtcDateTime)
    last_new_at: Named[datetime | None] = Column(UtcDateTime)
    last_outcome: Named[str | None]
    last_detail: Named[str]
    moved_to: Named[str | None]
    habit: Named[dict[str, Any] | None] = Column(DOCUMENT)  # NULL: nothing learnt yet
    health: Named[str] = Column(server_default="new")
    health_since: Named[datetime | None] = Column(UtcDateTime)
    next_at: Named[datetime | None] = Column(UtcDateTime)
    lease_until: Named[datetime | None] = Column(UtcDateTime)


feed = Table("feed", METADATA, _FeedColumns, due_index("ix_feed_due", "next_at"), lease_index("ix_feed_leased"))


class _PollColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    feed_id: Named[int] = Column(ROW_ID, ForeignKey("feed.id", ondelete="CASCADE"), index=True)
    polled_at: Named[datetime] = Column(UtcDateTime, index=True)
    outcome: Named[str]
    detail: Named[str]
    seen: Named[int]
    new: Named[int]
    changed: Named[int]
    known: Named[int] = Column(server_default="0")  # of the seen entries: the overlap with what was stored before
    gap: Named[bool] = Column(server_default=false())


poll = Table("poll", METADATA, _PollColumns)


class _HealthChangeColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    feed_id: Named[int] = Column(ROW_ID, ForeignKey("feed.id", ondelete="CASCADE"), index=True)
    at: Named[datetime] = Column(UtcDateTime, index=True)
    before: Named[str]
    after: Named[str]
    detail: Named[str]


health_change = Table("health_change", METADATA, _HealthChangeColumns)


class _QuarantineColumns(TypedColumns):
    sha256: Named[str] = Column(primary_key=True)  # of the document's body
    task: Named[str] = Column(primary_key=True)  # what the children were asked to do with it
    url: Named[str]
    kills: Named[int]
    outcome: Named[str]
    detail: Named[str]
    first_at: Named[datetime] = Column(UtcDateTime)
    last_at: Named[datetime] = Column(UtcDateTime)


quarantine = Table("quarantine", METADATA, _QuarantineColumns)


class _EntryColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    feed_id: Named[int] = Column(ROW_ID, ForeignKey("feed.id", ondelete="CASCADE"))
    entry_key: Named[str]
    guid: Named[str | None]
    url: Named[str | None]
    title: Named[str]
    summary: Named[str]
    content: Named[str]
    author: Named[str | None]
    published_raw: Named[str | None]
    published_at: Named[datetime | None] = Column(UtcDateTime)
    language: Named[str | None]
    content_sha: Named[str]
    baseline: Named[bool]
    first_seen_at: Named[datetime] = Column(UtcDateTime)
    attempts: Named[int]  # tries since it was new or changed
    refreshes: Named[int]  # re-readings after success
    outcome: Named[str | None]  # of the last try; NULL: not tried yet
    detail: Named[str]
    article_id: Named[int | None] = Column(ROW_ID, ForeignKey("article.id", ondelete="SET NULL"), index=True)
    next_at: Named[datetime | None] = Column(UtcDateTime)
    lease_until: Named[datetime | None] = Column(UtcDateTime)


entry = Table(
    "entry",
    METADATA,
    _EntryColumns,
    UniqueConstraint("feed_id", "entry_key"),
    due_index("ix_entry_due", "baseline", "next_at"),
    lease_index("ix_entry_leased"),
)
