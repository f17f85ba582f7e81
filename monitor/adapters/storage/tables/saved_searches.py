"""Searches that somebody keeps watching."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import DOCUMENT, ROW_ID, UtcDateTime


class _SavedSearchColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    owner: Named[str] = Column(index=True)  # the name of whose it is
    # Its feeds end with the account. NULL: there is none, behind a trusted proxy or on a machine without accounts.
    account_id: Named[int | None] = Column(ROW_ID, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Named[str]
    filter: Named[dict[str, Any]] = Column(DOCUMENT)
    language: Named[str]  # in which its feeds speak
    token_sha: Named[str | None] = Column(unique=True)  # NULL: revoked
    subscription_id: Named[int | None] = Column(ROW_ID, ForeignKey("subscription.id", ondelete="SET NULL"), unique=True)
    created_at: Named[datetime] = Column(UtcDateTime)


saved_search = Table("saved_search", METADATA, _SavedSearchColumns)
