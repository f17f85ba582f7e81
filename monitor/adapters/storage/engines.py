"""Connections as this program wants them: durable, checked, one writer at a time."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from monitor.errors import ConfigurationError, StorageError

BUSY_TIMEOUT_S = 10  # design section 5: how long one waits for another's lock
# Connections that read at once: the fetching threads do so for moments only, more of them wait in line.
READERS = 8
_CACHE_KIB = 16 * 1024  # a writer's pages: the bands of one article touch some 64 of them
_JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024  # faults F7

# What every SQLite connection must say of itself; values as `PRAGMA name` gives them back.
_PRAGMAS: dict[str, int | str] = {
    "busy_timeout": BUSY_TIMEOUT_S * 1000,
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit survives power loss
    "foreign_keys": 1,
    "trusted_schema": 0,
    "mmap_size": 0,  # with several threads: one of the suspects of the corruption of 2026
    "journal_size_limit": _JOURNAL_LIMIT_BYTES,
    "cache_size": -_CACHE_KIB,
}

_dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def _loads(text: str) -> Any:
    """Most lists of an event are empty, and hundreds of events may bear on one article."""
    return [] if text == "[]" else json.loads(text)


@dataclass(frozen=True, slots=True)
class Engines:
    """One way to read and one to write.

    On SQLite the writer's single connection makes threads of this process wait in line instead of polling the file's
    lock. On PostgreSQL both are the same pool, but for the read-only snapshot of `reader`.
    """

    url: URL
    reader: Engine
    writer: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether the archive is a file."""
        return self.url.get_backend_name() == "sqlite"

    def dispose(self) -> None:
        """Close all idle connections."""
        self.reader.dispose()
        self.writer.dispose()


def parse_url(url: str) -> URL:
    """Check a database address; raises `ConfigurationError`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError("database.url: not an address of a database") from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ConfigurationError(f"database.url: sqlite or postgresql, not {backend}")
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise ConfigurationError("database.url: SQLite needs a file, as in sqlite:////path/to/monitor.db")
    return parsed.set(drivername="sqlite+pysqlite")


def sqlite_path(url: URL) -> Path:
    """The file of an SQLite address."""
    return Path(url.database or "")


def create_engines(url: URL) -> Engines:
    """Engines for a database that exists and is of our version; nothing is connected yet."""
    if url.get_backend_name() == "sqlite":
        return Engines(url, _sqlite(url, writes=False), _sqlite(url, writes=True))
    engine = create_engine(
        url,
        json_serializer=_dumps,
        pool_size=READERS,
        max_overflow=READERS,
        pool_timeout=BUSY_TIMEOUT_S,
        pool_pre_ping=True,  # a server that was restarted costs nobody an item
        connect_args=_postgresql_arguments(),
    )
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(url, reader, engine)


def shadow_engine(path: Path) -> Engine:
    """One connection to the file of a replay's shadow: no foreign keys, since what is decided anew is missing there;
    sound after a kill, and cheap, for it can be made again.
    """
    engine = create_engine(f"sqlite+pysqlite:///{path}", pool_size=1, max_overflow=0, json_serializer=_dumps)
    _prepare(engine, _PRAGMAS | {"foreign_keys": 0, "synchronous": 1}, "BEGIN")
    return engine


def migration_engine(url: URL) -> Engine:
    """Unpooled connections for changing the schema: foreign keys are not enforced, since SQLite rebuilds tables."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, json_serializer=_dumps)
        _prepare(engine, _PRAGMAS | {"foreign_keys": 0}, "BEGIN IMMEDIATE")
        return engine
    return create_engine(url, poolclass=NullPool, json_serializer=_dumps, connect_args=_postgresql_arguments())


def _postgresql_arguments() -> dict[str, str | int]:
    return {
        "application_name": f"monitor {os.getpid()}",  # the lock tells its holder by it
        "connect_timeout": BUSY_TIMEOUT_S,
        "options": f"-c lock_timeout={BUSY_TIMEOUT_S}s -c timezone=UTC",
    }


def _sqlite(url: URL, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=_loads,
        pool_size=1 if writes else READERS,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_S,
    )
    if writes:
        _prepare(engine, _PRAGMAS, "BEGIN IMMEDIATE")
    else:
        _prepare(engine, _PRAGMAS | {"query_only": 1}, "BEGIN")
    return engine


def _prepare(engine: Engine, pragmas: dict[str, int | str], begin: str) -> None:
    """Set and assert the pragmas of each new connection; transactions begin when and as we say."""

    def connected(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        del entry
        connection.isolation_level = None  # the driver begins nothing by itself
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")
            check_pragma(connection, name, value)

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def check_pragma(connection: sqlite3.Connection, name: str, value: Any) -> None:
    """Raise `StorageError` unless the connection says `value` of itself."""
    found = connection.execute(f"PRAGMA {name}").fetchone()
    if found is None or found[0] != value:
        # A file system without shared memory refuses WAL; an SQLite without a pragma says nothing.
        raise StorageError(f"this SQLite or its file system refuses {name}={value}: it says {found and found[0]}")
