"""The one way in: opening the archive, whichever database holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from monitor.adapters.storage import listing
from monitor.adapters.storage.accounts import SqlAccounts
from monitor.adapters.storage.archive import SqlArchive
from monitor.adapters.storage.briefings import SqlBriefings
from monitor.adapters.storage.engines import READERS, Engines, create_engines, parse_url, sqlite_path
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.locks import ARCHIVE, AdvisoryLock, InstanceLock, Lock, take_advisory_lock
from monitor.adapters.storage.queue import SqlWorkQueue
from monitor.adapters.storage.saved_searches import SqlSavedSearches
from monitor.adapters.storage.schema import bring_to_head, check_sqlite, copy_sqlite, lock_path
from monitor.adapters.storage.seating import Seating, own_seats, seat_all
from monitor.adapters.storage.units import SqlUnitOfWork
from monitor.errors import StorageError

__all__ = ["READERS", "Database", "open_database"]

DEFAULT_INTERVAL_MIN = 60  # of feeds that declare none; the default of the settings


def open_database(
    url: str,
    migrations: Path,
    default_interval_min: int = DEFAULT_INTERVAL_MIN,
    seating: Seating = own_seats,
    seating_version: str = "",
) -> Database:
    """Open the archive at `url` (sqlite:///PATH or postgresql://...), created or migrated where needed.

    `seating` tells what stands for the members of a partnership; `seating_version` changes whenever its answers may.
    Raises `ConfigurationError` for an address that is none, `StorageNewer` and `StorageDamaged` with nothing touched,
    `AlreadyRunning` where it has to be migrated while a service runs on it.
    """
    parsed = parse_url(url)
    revision = bring_to_head(parsed, migrations)
    engines = create_engines(parsed)
    with translated(), engines.reader.connect():
        pass  # a file system that cannot do what we need is told now
    opened = Database(engines, revision, default_interval_min, seating)
    opened.list_where_needed(seating_version)
    return opened


class Database:
    """An open archive; may be used from any thread."""

    def __init__(
        self,
        engines: Engines,
        revision: str,
        default_interval_min: int = DEFAULT_INTERVAL_MIN,
        seating: Seating = own_seats,
    ) -> None:
        self._engines = engines
        self._revision = revision
        self._default_interval_min = default_interval_min
        self._seating = seating

    def units(self) -> SqlUnitOfWork:
        """A new unit of work, for one thread."""
        return SqlUnitOfWork(self._engines, self._default_interval_min, self._seating)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot, for parts of this adapter."""
        with self._engines.reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction under the archive's lock, committed at the end; for parts of this adapter."""
        with self._engines.writer.begin() as connection:
            if not self._engines.is_sqlite:
                take_advisory_lock(connection, ARCHIVE)
            yield connection

    @cached_property
    def queue(self) -> SqlWorkQueue:
        """The due-queues."""
        return SqlWorkQueue(self._engines)

    @cached_property
    def archive(self) -> SqlArchive:
        """Read-only views."""
        return SqlArchive(self._engines, self._revision)

    @cached_property
    def accounts(self) -> SqlAccounts:
        """Who may use the pages."""
        return SqlAccounts(self._engines)

    @cached_property
    def briefings(self) -> SqlBriefings:
        """What people pick for others to read."""
        return SqlBriefings(self._engines)

    @cached_property
    def saved_searches(self) -> SqlSavedSearches:
        """What people keep watching."""
        return SqlSavedSearches(self._engines)

    def instance_lock(self) -> Lock:
        """Held by the one service of this database; entering raises `AlreadyRunning` with the holder's process id."""
        if self._engines.is_sqlite:
            return InstanceLock(lock_path(self._engines.url))
        return AdvisoryLock(self._engines.writer)

    def check(self) -> None:
        """Look the whole file over for damage, as the service does at its start; raises `StorageDamaged`.

        Nothing to do on PostgreSQL, which has its own tools.
        """
        if self._engines.is_sqlite:
            check_sqlite(sqlite_path(self._engines.url))

    def copy_to(self, target: Path) -> None:
        """Write a consistent, checked copy of an SQLite archive, also under load; captures are copied separately."""
        if not self._engines.is_sqlite:
            raise StorageError("a PostgreSQL archive is copied by pg_dump")
        copy_sqlite(sqlite_path(self._engines.url), target)

    def list_where_needed(self, seating_version: str) -> None:
        """Make what lists are read from, where it was made by other rules, for other seats, or never."""
        version = f"{listing.SCHEME} {seating_version}"
        with translated(), self._engines.reader.connect() as connection:
            stored = listing.stored_version(connection)
        if stored == version:
            return
        if stored is None or stored.split(" ")[0] != str(listing.SCHEME):
            self.list_all()
        with self.writing() as connection:
            seat_all(connection, self._seating)
            listing.store_version(connection, version)

    def list_all(self, watch: Callable[[int], None] = lambda _: None) -> int:
        """Look over all that lists and counts of partnerships are read from, some hundred events a transaction, and
        mend it; how many events were listed otherwise than they should. `watch` is told how many were
        looked at.
        """
        with self.writing() as connection:
            seat_all(connection, self._seating)
        mended, seen, last = 0, 0, ""
        while True:
            with self.writing() as connection:
                ids = listing.ids_after(connection, last)
                mended += len(listing.list_anew(connection, ids))
            seen += len(ids)
            watch(seen)
            if not ids:
                return mended
            last = ids[-1]

    def close(self) -> None:
        """Give all connections back."""
        self._engines.dispose()
