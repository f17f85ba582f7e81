"""What all tables share: names of constraints, and the index of a queue."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def due_index(name: str, *columns: str) -> Index:
    """Over the rows of a queue that are ever due again."""
    condition = text("next_at IS NOT NULL")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def lease_index(name: str) -> Index:
    """Over the rows of a queue that somebody works on: few, whatever the queue holds."""
    condition = text("lease_until IS NOT NULL")
    return Index(name, "lease_until", sqlite_where=condition, postgresql_where=condition)
