"""Partnerships, their agreements, series, computed expectations, and what happens at watched places."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime


class _PartnershipColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    key: Named[str] = Column(unique=True)
    grade: Named[str]  # grade, since and until: what the best claim says
    since: Named[date | None]
    until: Named[date | None]
    updated_at: Named[datetime] = Column(UtcDateTime)
    origin: Named[str] = Column(server_default="seed")  # of the members
    state: Named[str] = Column(server_default="known", index=True)
    claims: Named[list[Any] | None] = Column(DOCUMENT)  # NULL: of an older version


partnership = Table("partnership", METADATA, _PartnershipColumns)


class _PartnershipMemberColumns(TypedColumns):
    partnership_id: Named[int] = Column(ROW_ID, ForeignKey("partnership.id", ondelete="CASCADE"), primary_key=True)
    place_id: Named[str] = Column(primary_key=True, index=True)


partnership_member = Table("partnership_member", METADATA, _PartnershipMemberColumns)


class _AgreementColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    partnership_id: Named[int] = Column(ROW_ID, ForeignKey("partnership.id", ondelete="CASCADE"))
    key: Named[str]  # within its partnership
    title: Named[str]
    grade: Named[str | None]  # grade, signed_on, term_months and ends_on: what the best claim says
    signed_on: Named[date | None]
    term_months: Named[int | None]
    ends_on: Named[date | None]
    supersedes: Named[str | None]  # key of another agreement of the partnership
    origin: Named[str]
    event_id: Named[str | None] = Column(ForeignKey("event.id"), index=True)
    article_id: Named[int | None] = Column(ROW_ID, ForeignKey("article.id", ondelete="SET NULL"), index=True)
    claims: Named[list[Any] | None] = Column(DOCUMENT)
    updated_at: Named[datetime] = Column(UtcDateTime)


agreement = Table("agreement", METADATA, _AgreementColumns, UniqueConstraint("partnership_id", "key"))


class _SeriesColumns(TypedColumns):
    key: Named[str] = Column(primary_key=True)
    names: Named[list[str]] = Column(DOCUMENT)
    cadence_months: Named[int | None]  # as declared; NULL: by its editions
    origin: Named[str] = Column(server_default="news")


series = Table("series", METADATA, _SeriesColumns)


class _SeriesMemberColumns(TypedColumns):
    series_key: Named[str] = Column(ForeignKey("series.key", ondelete="CASCADE"), primary_key=True)
    place_id: Named[str] = Column(primary_key=True, index=True)
    since: Named[date | None]
    until: Named[date | None]


series_member = Table("series_member", METADATA, _SeriesMemberColumns)


class _ExpectationColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)  # the id that the event will have
    key: Named[str] = Column(unique=True)
    basis: Named[str]
    data: Named[dict[str, Any]] = Column(DOCUMENT)  # as computed last
    opens_on: Named[date]
    closes_on: Named[date]
    state: Named[str]
    event_id: Named[str | None] = Column(ForeignKey("event.id"), index=True)
    computed_at: Named[datetime] = Column(UtcDateTime)  # first
    settled_at: Named[datetime | None] = Column(UtcDateTime)


expectation = Table(
    "expectation", METADATA, _ExpectationColumns, Index("ix_expectation_state_closes_on", "state", "closes_on")
)


class _ExpectationPlaceColumns(TypedColumns):
    expectation_id: Named[str] = Column(ForeignKey("expectation.id", ondelete="CASCADE"), primary_key=True)
    place_id: Named[str] = Column(primary_key=True, index=True)


expectation_place = Table("expectation_place", METADATA, _ExpectationPlaceColumns)


class _ArticleContextColumns(TypedColumns):
    article_id: Named[int] = Column(ROW_ID, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    kind: Named[str] = Column(primary_key=True)
    place_id: Named[str] = Column(primary_key=True)
    starts: Named[int]  # the cue, in characters of title and text
    ends: Named[int]
    found_at: Named[datetime] = Column(UtcDateTime, index=True)


article_context = Table("article_context", METADATA, _ArticleContextColumns)
