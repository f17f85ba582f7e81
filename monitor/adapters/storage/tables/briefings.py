"""Briefings: what a person picked for others to read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime


class _BriefingColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    title: Named[str]
    intro: Named[str]
    created_at: Named[datetime] = Column(UtcDateTime)
    created_by: Named[str]
    frozen_at: Named[datetime | None] = Column(UtcDateTime)
    frozen_by: Named[str]
    content: Named[list[Any] | None] = Column(DOCUMENT)  # events with notes and reports as they were when frozen


briefing = Table("briefing", METADATA, _BriefingColumns)


class _BriefingEventColumns(TypedColumns):
    briefing_id: Named[int] = Column(ROW_ID, ForeignKey("briefing.id", ondelete="CASCADE"), primary_key=True)
    event_id: Named[str] = Column(ForeignKey("event.id"), primary_key=True, index=True)
    position: Named[int]
    note: Named[str]


briefing_event = Table("briefing_event", METADATA, _BriefingEventColumns)


class _BriefingDigestColumns(TypedColumns):
    briefing_id: Named[int] = Column(ROW_ID, ForeignKey("briefing.id", ondelete="CASCADE"), primary_key=True)
    digest_id: Named[int] = Column(ROW_ID, ForeignKey("digest.id"), primary_key=True, index=True)


briefing_digest = Table("briefing_digest", METADATA, _BriefingDigestColumns)
