"""Captures, articles, their revisions and what is known of a text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Named,
    SmallInteger,
    Table,
    TypedColumns,
    UniqueConstraint,
)

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime


class _CaptureColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    sha256: Named[str] = Column(index=True)  # of the decoded body: its name in the capture store
    url: Named[str]
    final_url: Named[str]
    content_type: Named[str]
    size_bytes: Named[int]
    tdm_policy: Named[
        str | None
    ]  # where the publisher reserves text and data mining: its policy, "" for none; else NULL
    fetched_at: Named[datetime] = Column(UtcDateTime)


capture = Table("capture", METADATA, _CaptureColumns)


class _ArticleColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    url_key: Named[str] = Column(unique=True)
    url: Named[str]
    title: Named[str]
    language: Named[str | None]
    author: Named[str | None]
    site_name: Named[str | None]
    published_on: Named[date | None]
    origin: Named[str]
    source_key: Named[str | None]  # no foreign key: articles outlive their source
    baseline: Named[bool]
    first_seen_at: Named[datetime] = Column(UtcDateTime)
    last_seen_at: Named[datetime] = Column(UtcDateTime)
    revision: Named[int]  # number of the latest one
    label: Named[str]  # the decision; the assessment alone stands in `assessment`
    score: Named[float]
    scope: Named[str]
    copy_of_id: Named[int | None] = Column(ROW_ID, ForeignKey("article.id", ondelete="SET NULL"), index=True)
    copy_kind: Named[str | None]
    known_seed: Named[str | None]
    drop_reason: Named[str | None]  # see `domain.dropping`; of irrelevant ones only


article = Table(
    "article",
    METADATA,
    _ArticleColumns,
    CheckConstraint("label IN ('event', 'background', 'irrelevant', 'uncertain')", name="label"),
    Index("ix_article_label_id", "label", "id"),
    Index("ix_article_drop_reason_id", "drop_reason", "id"),
    Index("ix_article_first_seen_at_label", "first_seen_at", "label"),
    Index("ix_article_source_key_id", "source_key", "id"),
)


class _RevisionColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    article_id: Named[int] = Column(ROW_ID, ForeignKey("article.id", ondelete="CASCADE"))
    number: Named[int]  # from 1
    capture_id: Named[int | None] = Column(ROW_ID, ForeignKey("capture.id"), index=True)
    path: Named[str]
    fallback: Named[str | None]
    title: Named[str]
    text: Named[str]  # "" for seeds
    language: Named[str | None]
    author: Named[str | None]
    site_name: Named[str | None]
    published_on: Named[date | None]
    published_at: Named[datetime | None] = Column(UtcDateTime)
    canonical_url: Named[str | None]
    notes: Named[list[str]] = Column(DOCUMENT)
    made_at: Named[datetime] = Column(UtcDateTime)


revision = Table("revision", METADATA, _RevisionColumns, UniqueConstraint("article_id", "number"))


class _MentionColumns(TypedColumns):
    revision_id: Named[int] = Column(ROW_ID, ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    position: Named[int] = Column(primary_key=True)  # from 0, in order of the text
    starts: Named[int]
    ends: Named[int]
    surface: Named[str]
    place_id: Named[str | None]
    country: Named[str | None]
    kind: Named[str | None]
    confidence: Named[float]
    candidates: Named[list[str]] = Column(DOCUMENT)


mention = Table("mention", METADATA, _MentionColumns, sqlite_with_rowid=False)


class _AssessmentColumns(TypedColumns):
    revision_id: Named[int] = Column(ROW_ID, ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    label: Named[str]
    score: Named[float]
    scope: Named[str]
    rule_version: Named[str]
    reasons: Named[list[Any]] = Column(DOCUMENT)
    record: Named[list[Any]] = Column(DOCUMENT)  # the decision record, stage by stage
    decided_at: Named[datetime] = Column(UtcDateTime)


assessment = Table("assessment", METADATA, _AssessmentColumns)


class _FingerprintColumns(TypedColumns):
    article_id: Named[int] = Column(ROW_ID, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    scheme: Named[str]
    text_sha: Named[str] = Column(index=True)
    shingles: Named[int]
    digest: Named[bytes]  # unsigned 32 bit, little-endian
    bands: Named[bytes]  # signed 64 bit, little-endian: what stands in `band`, in order


fingerprint = Table("fingerprint", METADATA, _FingerprintColumns)


class _BandColumns(TypedColumns):
    band: Named[int] = Column(SmallInteger, primary_key=True, autoincrement=False)
    key: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Named[int] = Column(ROW_ID, primary_key=True)  # no foreign key: an index on it would double the table


band = Table("band", METADATA, _BandColumns, sqlite_with_rowid=False)
