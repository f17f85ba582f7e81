"""The archive on each database it supports: every contract test runs on all of them.

A fake of the ports joins by one more name in `BACKENDS` and one more branch in `database`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from monitor.adapters.storage import listing
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.database import Database, open_database
from tests.postgresql import PostgresqlServer, postgresql_server
from tests.shipped import new_archive

__all__ = ["postgresql_server"]

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
BACKENDS = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresqlServer) -> Iterator[URL]:
    url = postgresql_server.create()
    open_database(url.render_as_string(False), MIGRATIONS).close()
    yield url
    postgresql_server.drop(url)


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh archive on PostgreSQL."""
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    template: URL = request.getfixturevalue("postgresql_template")
    url = server.create(template.database or "")
    yield url.render_as_string(False)
    server.drop(url)


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    """A fresh archive in a file."""
    return f"sqlite:///{new_archive(migrated, tmp_path / 'monitor.db')}"


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh archive."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh archive."""
    opened = open_database(database_url, MIGRATIONS)
    yield opened
    assert drifted(opened) == frozenset(), "lists do not say of these events what the events say"
    opened.close()


def drifted(database: Database) -> frozenset[str]:
    """Events of which the rows that lists are read from say anything else than the events."""
    with database.reading() as connection:
        return listing.differing(connection, connection.scalars(select(t.event.c.id)).all())
