"""Insert-or-update, which SQLite and PostgreSQL spell alike and SQLAlchemy in two places."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]
Insert = sqlite.Insert | postgresql.Insert


def dialect_insert(connection: Connection, table: Table[Any]) -> Insert:
    """An INSERT that takes ON CONFLICT."""
    return _insert(connection.dialect.name, table)


def insert_or_ignore(connection: Connection, table: Table[Any], values: Values) -> None:
    """Write a row unless its key is there."""
    connection.execute(dialect_insert(connection, table).on_conflict_do_nothing(), [values])


def insert_or_update(
    connection: Connection, table: Table[Any], key: Values, said: Values, only_new: Values | None = None
) -> None:
    """Write a row; where its key is there, only `said` is replaced."""
    statement = _upsert(connection.dialect.name, table, tuple(key), tuple(said))
    connection.execute(statement, [{**key, **said, **(only_new or {})}])


def _insert(dialect: str, table: Table[Any]) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _upsert(dialect: str, table: Table[Any], key: tuple[str, ...], said: tuple[str, ...]) -> Insert:
    """Built once: building costs more than running."""
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in said}
    )
