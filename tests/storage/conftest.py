"""The archive on each database it supports: every contract test runs on all of them.

A fake of the ports joins by one more name in `BACKENDS` and one more branch in `database`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from monitor.adapters.storage.database import Database, open_database
from tests.postgresql import PostgresqlServer, postgresql_server

__all__ = ["postgresql_server"]

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
BACKENDS = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty archive: migrating once is enough."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    open_database(f"sqlite:///{path}", MIGRATIONS).close()
    return path


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
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh archive in a file."""
    path = tmp_path / "monitor.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


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
    opened.close()
