"""Bringing a database to the schema of this version when it is opened, or refusing it untouched.

The revisions are alembic's. Their ids are the numbers that their files begin with, so that a database which is up to
date is recognised without importing alembic, which takes longer than all the rest of opening.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text

from monitor.adapters.storage.engines import BUSY_TIMEOUT_S, migration_engine, sqlite_path
from monitor.adapters.storage.faults import storage_error, translated
from monitor.adapters.storage.locks import SCHEMA, AdvisoryLock, InstanceLock
from monitor.errors import StorageDamaged, StorageError, StorageNewer

# A file up to this size is checked whenever it is opened (some 0.1 s); a larger one when the service starts.
CHECKED_WHEN_OPENED_BYTES = 64 * 1024 * 1024
ROOM_FOR_MIGRATION = 2  # times the file: its copy, and the largest table written anew


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions this version knows, oldest first."""

    folder: Path
    known: tuple[str, ...]

    @property
    def head(self) -> str:
        """Where every database is brought to."""
        return self.known[-1]


def read_revisions(folder: Path) -> Revisions:
    """The revisions in `folder`, by the names of their files."""
    names = sorted(path.name for path in (folder / "versions").glob("[0-9]*_*.py"))
    if not names:
        raise StorageError(f"{folder}: no migrations there: the installation is incomplete")
    return Revisions(folder, tuple(name.partition("_")[0] for name in names))


def lock_path(url: URL) -> Path:
    """The file whose lock says that a service runs on an SQLite database."""
    return Path(f"{sqlite_path(url)}.lock")


def bring_to_head(url: URL, folder: Path) -> str:
    """Create or migrate the database where needed; the revision it has then.

    Raises `StorageNewer`, `StorageDamaged` before anything is touched, `AlreadyRunning` where it would have to be
    migrated under a running service.
    """
    revisions = read_revisions(folder)
    if url.get_backend_name() == "sqlite":
        return _sqlite_to_head(url, revisions)
    return _postgresql_to_head(url, revisions)


def _refuse_unknown(current: str | None, revisions: Revisions) -> None:
    if current is not None and current not in revisions.known:
        raise StorageNewer(
            f"the database has revision {current}, this version knows up to {revisions.head}: use the newer version"
        )


# ---------------------------------------------------------------- SQLite


def _sqlite_to_head(url: URL, revisions: Revisions) -> str:
    path = sqlite_path(url)
    if _sqlite_revision(path, revisions) == revisions.head:
        return revisions.head
    _make_file(path)
    with InstanceLock(lock_path(url), wait_s=BUSY_TIMEOUT_S):
        current = _sqlite_revision(path, revisions)  # another process may have been quicker
        if current == revisions.head:
            return revisions.head
        if current is not None:
            _check_room(path)
            copy_sqlite(path, Path(f"{path}.before-{revisions.head}"))
        _migrate(migration_engine(url), revisions)
    return revisions.head


def _sqlite_revision(path: Path, revisions: Revisions) -> str | None:
    """The revision of a file that is sound and ours; None: new. Reads only."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with _read_only(path) as connection:
        tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise StorageDamaged(f"{path}: a database of another program")
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        current = None if row is None else str(row[0])
        _refuse_unknown(current, revisions)
        if path.stat().st_size <= CHECKED_WHEN_OPENED_BYTES:
            _quick_check(connection, path)
    return current


def check_sqlite(path: Path) -> None:
    """Read the whole file for damage; raises `StorageDamaged`."""
    with _read_only(path) as connection:
        _quick_check(connection, path)


def _quick_check(connection: sqlite3.Connection, path: Path) -> None:
    found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise StorageDamaged(f"{path}: damaged ({found[0].splitlines()[0]}): restore a copy")


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S)) as found:
            yield found
    except sqlite3.Error as error:
        told = storage_error(error)
        raise type(told)(f"{path}: {told}") from error


def _make_file(path: Path) -> None:
    """An empty file that nobody else may read, in a folder of the same kind; existing ones stay as they are."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error


def _check_room(path: Path) -> None:
    """A migration that runs out of disk is undone, but one that cannot succeed is better not begun (faults F15)."""
    needed, free = ROOM_FOR_MIGRATION * path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < needed:
        raise StorageError(f"{path}: migrating needs {needed >> 20} MiB of free disk, there are {free >> 20} MiB")


def copy_sqlite(path: Path, target: Path) -> None:
    """A consistent copy, also while others write; readable by nobody else; replaces an older copy of that name."""
    fresh = Path(f"{target}.part")
    fresh.unlink(missing_ok=True)
    _make_file(fresh)
    with _read_only(path) as source, closing(sqlite3.connect(fresh)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        _quick_check(copy, fresh)
    fresh.replace(target)


# ---------------------------------------------------------------- PostgreSQL


def _postgresql_to_head(url: URL, revisions: Revisions) -> str:
    engine = migration_engine(url)
    if _postgresql_revision(engine, revisions) == revisions.head:
        return revisions.head
    with AdvisoryLock(engine, SCHEMA, wait_s=BUSY_TIMEOUT_S):
        current = _postgresql_revision(engine, revisions)
        if current is None:
            _migrate(engine, revisions)
        elif current != revisions.head:
            with AdvisoryLock(engine):  # no service may run on what is being changed
                _migrate(engine, revisions)
    return revisions.head


def _postgresql_revision(engine: Engine, revisions: Revisions) -> str | None:
    with translated(), engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        current = connection.scalar(text("SELECT version_num FROM alembic_version"))
    _refuse_unknown(current, revisions)
    return None if current is None else str(current)


# ---------------------------------------------------------------- alembic


def _migrate(engine: Engine, revisions: Revisions) -> None:
    with translated(), engine.connect() as connection:
        run_migrations(connection, revisions.folder)


def run_migrations(connection: Connection, folder: Path, target: str = "head") -> None:
    """Run what is missing up to `target`, each revision in a transaction of its own."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, target)


def check_foreign_keys(connection: Connection) -> None:
    """Before a migration commits: no row may have lost the row it belongs to; raises `StorageError`."""
    if connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1)
    if orphans:
        raise StorageError(f"the migration would leave rows of {orphans[0][0]} without their {orphans[0][2]}")
