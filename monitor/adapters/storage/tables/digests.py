"""Subscriptions, digests, deliveries, settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Named, Table, TypedColumns, UniqueConstraint

from monitor.adapters.storage.tables.metadata import METADATA, due_index
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime


class _SubscriptionColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    key: Named[str] = Column(unique=True)
    data: Named[dict[str, Any]] = Column(DOCUMENT)
    paused: Named[bool]
    last_seq: Named[int] = Column(BigInteger)  # the last change told or passed over
    last_composed_at: Named[datetime | None] = Column(UtcDateTime)
    created_at: Named[datetime] = Column(UtcDateTime)
    next_at: Named[datetime] = Column(UtcDateTime)
    lease_until: Named[datetime | None] = Column(UtcDateTime)


subscription = Table("subscription", METADATA, _SubscriptionColumns)


class _DigestColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    subscription_id: Named[int] = Column(ROW_ID, ForeignKey("subscription.id"))
    due_at: Named[datetime] = Column(UtcDateTime)
    after_seq: Named[int] = Column(BigInteger)
    to_seq: Named[int] = Column(BigInteger)
    composed_at: Named[datetime] = Column(UtcDateTime)
    subject: Named[str]
    content: Named[dict[str, Any] | None] = Column(DOCUMENT)  # frozen; NULL: there was nothing to say


digest = Table("digest", METADATA, _DigestColumns, UniqueConstraint("subscription_id", "due_at"))


class _DeliveryColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    key: Named[str] = Column(unique=True)
    digest_id: Named[int] = Column(ROW_ID, ForeignKey("digest.id"), index=True)
    channel: Named[str]
    recipient: Named[str]
    part: Named[int]
    message_id: Named[str]
    content: Named[dict[str, Any]] = Column(DOCUMENT)  # frozen: every attempt sends the same bytes
    state: Named[str]
    attempts: Named[int]
    first_attempt_at: Named[datetime | None] = Column(UtcDateTime)
    outcome: Named[str | None]
    detail: Named[str]
    created_at: Named[datetime] = Column(UtcDateTime)
    next_at: Named[datetime | None] = Column(UtcDateTime)
    lease_until: Named[datetime | None] = Column(UtcDateTime)


delivery = Table(
    "delivery",
    METADATA,
    _DeliveryColumns,
    CheckConstraint("state IN ('pending', 'sent', 'dead')", name="state"),
    due_index("ix_delivery_due", "next_at"),
)


class _DeliveryAttemptColumns(TypedColumns):
    delivery_id: Named[int] = Column(ROW_ID, ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True)
    number: Named[int] = Column(primary_key=True, autoincrement=False)  # from 1
    at: Named[datetime] = Column(UtcDateTime)
    outcome: Named[str]
    detail: Named[str]


delivery_attempt = Table("delivery_attempt", METADATA, _DeliveryAttemptColumns)


class _SettingColumns(TypedColumns):
    key: Named[str] = Column(primary_key=True)
    value: Named[str]


setting = Table("setting", METADATA, _SettingColumns)
