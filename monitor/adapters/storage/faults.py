"""Errors of the drivers, told in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import StorageBusy, StorageDamaged, StorageError

# Primary result codes of https://www.sqlite.org/rescode.html
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

# Classes and codes of PostgreSQL's appendix A: lost connections, serialisation failure, deadlock, lock timeout, a
# server that is stopping or starting.
_POSTGRESQL_BUSY = ("08", "40001", "40P01", "55P03", "57P01", "57P02", "57P03")
_POSTGRESQL_DAMAGED = ("XX001", "XX002")


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database drivers raise as errors of `monitor.errors`, cause chained, without the values of the
    statement.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StorageBusy("another thread kept the database for too long") from error
    except DBAPIError as error:
        raise storage_error(error.orig, lost=error.connection_invalidated) from error
    except sqlite3.Error as error:
        raise storage_error(error) from error


def storage_error(error: BaseException | None, lost: bool = False) -> StorageError:
    """What a driver's error means; `lost`: the connection broke."""
    text = _first_line(error)
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE_BUSY:
            return StorageBusy(f"the database is in use: {text}")
        if code in _SQLITE_DAMAGED:
            return StorageDamaged(f"the database is damaged or none of ours: {text}")
        return StorageError(f"the database refused: {text}")
    state = getattr(error, "sqlstate", None) or ""
    if lost or state.startswith(_POSTGRESQL_BUSY):
        return StorageBusy(f"the database is in use or restarting: {text}")
    if state.startswith(_POSTGRESQL_DAMAGED):
        return StorageDamaged(f"the database is damaged: {text}")
    return StorageError(f"the database refused: {text}")


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
