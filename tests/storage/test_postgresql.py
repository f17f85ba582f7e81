"""What holds on PostgreSQL alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from monitor.adapters.storage.database import Database, open_database
from monitor.errors import AlreadyRunning, StorageBusy, StorageError
from tests.storage.conftest import MIGRATIONS
from tests.storage.samples import NOW, add_source, article, decision, source, store

pytestmark = pytest.mark.postgresql


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Database]:
    opened = open_database(postgresql_url, MIGRATIONS)
    yield opened
    opened.close()


@pytest.fixture
def other(postgresql_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Another program on the same database."""
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def end_all_sessions(other: psycopg.Connection[tuple[object, ...]]) -> None:
    other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_connection_lost_in_a_unit_is_told_as_busy_and_the_next_unit_goes_on(
    postgresql_database: Database, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    told = article()
    with postgresql_database.units() as unit:
        unit.serialise()
        end_all_sessions(other)
        with pytest.raises(StorageBusy):
            unit.apply(decision(told), told, None, None)
    end_all_sessions(other)
    store(postgresql_database)
    assert len(postgresql_database.archive.articles()) == 1


def test_a_deadlock_is_told_as_busy(
    postgresql_database: Database, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    add_source(postgresql_database, source("a"))
    add_source(postgresql_database, source("b"))
    with postgresql_database.units() as unit:
        unit.set_source_paused("a", True, NOW)
        with other.transaction():
            other.execute("SET LOCAL deadlock_timeout = '10s'")  # ours is the one that finds it
            other.execute("UPDATE source SET paused = true WHERE key = 'b'")
            thread = threading.Thread(
                target=lambda: other.execute("UPDATE source SET paused = true WHERE key = 'a'"), daemon=True
            )
            thread.start()
            with pytest.raises(StorageBusy, match="deadlock"):
                unit.set_source_paused("b", True, NOW)
            unit.__exit__(None, None, None)
            thread.join(10)


def test_moments_are_utc_whatever_the_server_thinks(
    postgresql_database: Database, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    store(postgresql_database)
    row = other.execute("SELECT first_seen_at AT TIME ZONE 'UTC' FROM article").fetchone()
    assert row == (NOW.replace(tzinfo=None),)
    other.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")
    assert postgresql_database.archive.articles()[0].first_seen_at == NOW


def test_readers_cannot_write(postgresql_database: Database) -> None:
    with postgresql_database._engines.reader.connect() as reader, pytest.raises(Exception, match="read-only"):
        reader.exec_driver_sql("DELETE FROM source")


def test_the_words_are_indexed_as_we_folded_them_whatever_the_locale(
    postgresql_database: Database, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    store(postgresql_database, article("Đà Nẵng", "河内与昆明"))
    row = other.execute("SELECT words::text FROM search_text").fetchone()
    assert row is not None
    assert set(str(row[0]).split()) == {"'da':1", "'nang':2", "'河内':3", "'内与':4", "'与昆':5", "'昆明':6"}


def test_a_schema_that_is_being_changed_is_waited_for_or_refused(
    postgresql_database: Database, postgresql_url: str, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    other.execute("UPDATE alembic_version SET version_num = '0003'")
    with postgresql_database.instance_lock(), pytest.raises(AlreadyRunning):
        open_database(postgresql_url, MIGRATIONS)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StorageError):
        open_database("postgresql://nobody@127.0.0.1:1/nothing", MIGRATIONS)


def test_copies_are_left_to_the_servers_own_tools(postgresql_database: Database, tmp_path: object) -> None:
    del tmp_path
    postgresql_database.check()
    with pytest.raises(StorageError, match="pg_dump"):
        postgresql_database.copy_to(MIGRATIONS / "never.db")
