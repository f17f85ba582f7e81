"""One service per database: a lock that the kernel, or the server, frees when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from monitor.adapters.storage.faults import translated
from monitor.errors import AlreadyRunning, StorageError

# Keys of PostgreSQL's advisory locks: two 32-bit numbers, the first is "city" in ASCII, so that programs that share a
# server do not meet. They are per database.
_ADVISORY_SPACE = 0x63697479
INSTANCE = 1
ARCHIVE = 2  # decide and store are serial
SCHEMA = 3
ACCOUNTS = 4

Lock = AbstractContextManager[object]

_RETRY_S = 0.05


def take_advisory_lock(connection: Connection, key: int) -> None:
    """Wait for PostgreSQL's lock of that key until the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:space, :key)"), {"space": _ADVISORY_SPACE, "key": key})


class InstanceLock:
    """An exclusive lock on a file beside the database, with the holder's process id in it.

    Not a pid file: the lock itself is the kernel's and goes with its holder, also after kill -9.
    """

    def __init__(self, path: Path, wait_s: float = 0.0) -> None:
        """`wait_s`: how long to wait for another holder before giving up."""
        self._path = path
        self._wait_s = wait_s
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Raises `AlreadyRunning`."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(f"{self._path}: {error.strerror}") from error
        if not _retried(lambda: _flock(file), self._wait_s):
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip()
            os.close(file)
            raise AlreadyRunning(f"already running, pid {holder or 'unknown'}: it holds {self._path}")
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class AdvisoryLock:
    """The same on PostgreSQL: held by the session of a connection of its own."""

    def __init__(self, engine: Engine, key: int = INSTANCE, wait_s: float = 0.0) -> None:
        self._engine = engine
        self._key_parts = {"space": _ADVISORY_SPACE, "key": key}
        self._wait_s = wait_s
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Raises `AlreadyRunning`."""
        with translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if not _retried(lambda: self._try(connection), self._wait_s):
                holder = self._holder(connection)
                connection.close()
                raise AlreadyRunning(f"already running, pid {holder}: it holds the lock of the database")
        self._connection = connection
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        # A server notices the end of a session a little later; whoever asks next may be quicker.
        with contextlib.suppress(DBAPIError):
            connection.execute(text("SELECT pg_advisory_unlock(:space, :key)"), self._key_parts)
        connection.invalidate()
        connection.close()

    def _try(self, connection: Connection) -> bool:
        statement = text("SELECT pg_try_advisory_lock(:space, :key)")
        return bool(connection.scalar(statement, self._key_parts))

    def _holder(self, connection: Connection) -> str:
        statement = text(
            "SELECT activity.application_name FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid) "
            "WHERE held.locktype = 'advisory' AND held.granted AND held.classid = :space AND held.objid = :key "
            "AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        name = connection.scalar(statement, self._key_parts)
        return str(name or "unknown").removeprefix("monitor ")


def _flock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _retried(attempt: Callable[[], bool], wait_s: float) -> bool:
    """Whether `attempt` succeeded within `wait_s`; tried at least once."""
    end = time.monotonic() + wait_s
    while not attempt():
        if time.monotonic() >= end:
            return False
        time.sleep(_RETRY_S)
    return True
