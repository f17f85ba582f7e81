"""Accounts, who is signed in, and which programs may read. No secret stands here, only what recognises it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import ROW_ID, UtcDateTime


class _AccountColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    name: Named[str] = Column(unique=True)  # folded
    role: Named[int]
    password_hash: Named[str | None]  # argon2; NULL: signs in elsewhere
    subject: Named[str | None] = Column(unique=True)  # whom an identity provider means
    created_at: Named[datetime] = Column(UtcDateTime)


account = Table("account", METADATA, _AccountColumns)


class _WebSessionColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    account_id: Named[int] = Column(ROW_ID, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_sha: Named[str] = Column(unique=True)
    began_at: Named[datetime] = Column(UtcDateTime)
    ends_at: Named[datetime] = Column(UtcDateTime, index=True)
    browser: Named[str]
    address: Named[str]


web_session = Table("web_session", METADATA, _WebSessionColumns)


class _ApiTokenColumns(TypedColumns):
    id: Named[int] = Column(ROW_ID, primary_key=True)
    name: Named[str] = Column(unique=True)
    secret_sha: Named[str] = Column(unique=True)
    role: Named[int]
    created_at: Named[datetime] = Column(UtcDateTime)
    last_used_at: Named[datetime | None] = Column(UtcDateTime)


api_token = Table("api_token", METADATA, _ApiTokenColumns)
