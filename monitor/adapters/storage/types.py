"""Column types that keep what the domain promises: moments are aware and in UTC, ids are wide enough everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# SQLite makes only a column of type INTEGER the row id itself; PostgreSQL's INTEGER ends at two thousand million.
ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

# None is NULL, never the JSON word null.
DOCUMENT: TypeEngine[Any] = JSON(none_as_null=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, to the microsecond; refuses naive ones.

    SQLite keeps it as text of fixed width without offset, so that order and comparison are right.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; naive for SQLite, which has no time zones."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without time zone cannot be stored: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To aware UTC, whatever time zone the server's session has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
