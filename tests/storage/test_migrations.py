from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from monitor.adapters.storage import schema
from monitor.adapters.storage.database import Database, open_database
from monitor.adapters.storage.engines import migration_engine, parse_url
from monitor.adapters.storage.schema import read_revisions
from monitor.adapters.storage.tables import METADATA
from monitor.errors import AlreadyRunning, StorageError, StorageNewer
from tests.storage.conftest import MIGRATIONS
from tests.storage.samples import LEASE_S, NOW, add_source, apply_poll, entry, feed_ids, opening, poll, store

HEAD = read_revisions(MIGRATIONS).head
FOLLOWING = f"{int(HEAD) + 1:04}"

REBUILD = """
    from alembic import op
    import sqlalchemy as sa

    revision = "{following}"
    down_revision = "{head}"
    branch_labels = None
    depends_on = None


    def upgrade() -> None:
        anew = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
        with op.batch_alter_table("feed", recreate=anew) as batch:
            batch.add_column(sa.Column("colour", sa.String(), nullable=False, server_default="blue"))
        {more}
"""


def with_revision(folder: Path, more: str = "pass") -> Path:
    """Our migrations and one more, which rebuilds a table that others refer to."""
    copied = folder / "migrations"
    shutil.copytree(MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    rebuild = textwrap.dedent(REBUILD).format(more=more, head=HEAD, following=FOLLOWING)
    (copied / "versions" / f"{FOLLOWING}_colour.py").write_text(rebuild)
    return copied


def rows(database_url: str, statement: str) -> list[tuple[object, ...]]:
    with migration_engine(parse_url(database_url)).connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def filled(database_url: str) -> None:
    """An archive with children of every table that is rebuilt."""
    database = open_database(database_url, MIGRATIONS)
    add_source(database)
    apply_poll(database, poll(feed_ids(database)[0], new_entries=(entry("a"), entry("b"))))
    store(database, events=[opening()])
    database.close()


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_migrations_make_the_tables_of_the_code(database_url: str) -> None:
    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or not (name or "").startswith("search_text")

    with migration_engine(parse_url(database_url)).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        )
        assert compare_metadata(context, METADATA) == []
        assert named(connection) == []


def named(connection: Connection) -> list[str]:
    """Tables whose constraints the code and the database call differently."""
    found, spell = inspect(connection), connection.dialect.identifier_preparer.format_constraint
    differing = []
    for table in METADATA.sorted_tables:
        theirs = [found.get_pk_constraint(table.name), *found.get_foreign_keys(table.name)]
        theirs += [*found.get_unique_constraints(table.name), *found.get_check_constraints(table.name)]
        if {str(one["name"]) for one in theirs} != {str(spell(one)) for one in table.constraints}:
            differing.append(table.name)
    return differing


def test_the_files_are_named_as_alembic_orders_them() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    ordered = [revision.revision for revision in script.walk_revisions()][::-1]
    assert tuple(ordered) == read_revisions(MIGRATIONS).known
    assert script.get_heads() == [read_revisions(MIGRATIONS).head]


def test_a_checkout_migrates_by_hand(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/by-hand.db"
    command = [sys.executable, "-m", "alembic", "-x", f"url={url}", "upgrade", "head"]
    subprocess.run(command, cwd=MIGRATIONS.parent, check=True, capture_output=True)
    open_database(url, MIGRATIONS).close()
    without = subprocess.run(
        [sys.executable, "-m", "alembic", "check"], cwd=MIGRATIONS.parent, capture_output=True, check=False
    )
    assert without.returncode != 0
    assert b"say which database" in without.stderr


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(database_url: str, tmp_path: Path) -> None:
    filled(database_url)
    database = open_database(database_url, with_revision(tmp_path))
    assert database.archive.source("harbour-post").feeds[0].entries == 2
    assert database.archive.health(NOW).schema_revision == FOLLOWING
    database.close()
    assert rows(database_url, "SELECT colour FROM feed") == [("blue",)]
    assert rows(database_url, "SELECT count(*) FROM poll") == [(1,)]


@pytest.mark.parametrize("fault", ["raise RuntimeError('killed here')", "op.execute('nonsense')"])
def test_a_migration_that_fails_leaves_the_old_state(database_url: str, tmp_path: Path, fault: str) -> None:
    filled(database_url)
    with pytest.raises((RuntimeError, StorageError)):
        open_database(database_url, with_revision(tmp_path, fault))
    assert rows(database_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    database = open_database(database_url, MIGRATIONS)
    assert database.archive.source("harbour-post").feeds[0].entries == 2
    assert len(database.queue.claim("ingest", NOW, 10, LEASE_S)) == 2  # type: ignore[arg-type]
    database.close()


def test_a_migration_killed_in_the_middle_leaves_the_old_state(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    folder = with_revision(tmp_path, "import os; os.kill(os.getpid(), 9)")
    program = "import sys; from pathlib import Path; from monitor.adapters.storage.database import open_database"
    program += "; open_database(sys.argv[1], Path(sys.argv[2]))"
    killed = subprocess.run(
        [sys.executable, "-c", program, sqlite_url, str(folder)], cwd=MIGRATIONS.parent, check=False
    )
    assert killed.returncode == -9
    database = open_database(sqlite_url, MIGRATIONS)
    database.check()
    assert database.archive.source("harbour-post").feeds[0].entries == 2
    database.close()
    assert not [name for (name,) in rows(sqlite_url, "SELECT name FROM sqlite_master") if "_alembic_tmp" in str(name)]
    shutil.rmtree(folder)
    open_database(sqlite_url, with_revision(tmp_path)).close()


def test_a_migration_that_would_orphan_rows_is_undone(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    with pytest.raises(StorageError, match="without their feed"):
        open_database(sqlite_url, with_revision(tmp_path, "op.execute('DELETE FROM feed')"))
    assert rows(sqlite_url, "SELECT count(*) FROM feed") == [(1,)]


def test_a_copy_is_made_before_an_archive_is_migrated(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    copy = Path(f"{path}.before-{FOLLOWING}")
    open_database(sqlite_url, MIGRATIONS).close()
    assert not copy.exists()
    open_database(sqlite_url, with_revision(tmp_path)).close()
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (2,)
    before = open_database(f"sqlite:///{copy}", MIGRATIONS)
    assert len(before.archive.events()) == 1
    before.close()


def test_a_migration_without_room_on_the_disk_is_not_begun(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(sqlite_url)
    monkeypatch.setattr(schema, "ROOM_FOR_MIGRATION", 10**9)
    with pytest.raises(StorageError, match="free disk"):
        open_database(sqlite_url, with_revision(tmp_path))
    assert rows(sqlite_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert not list(tmp_path.glob("*before*"))


def test_no_copy_is_made_of_a_new_archive(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/monitor.db", MIGRATIONS).close()
    assert not list(tmp_path.glob("*before*"))


def test_a_newer_database_is_refused_untouched(sqlite_url: str, tmp_path: Path) -> None:
    open_database(sqlite_url, with_revision(tmp_path)).close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before = digest_of(path)
    with pytest.raises(StorageNewer, match=FOLLOWING):
        open_database(sqlite_url, MIGRATIONS)
    assert digest_of(path) == before


@pytest.mark.postgresql
def test_a_newer_database_is_refused_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    open_database(postgresql_url, with_revision(tmp_path)).close()
    with pytest.raises(StorageNewer, match=FOLLOWING):
        open_database(postgresql_url, MIGRATIONS)
    assert rows(postgresql_url, "SELECT version_num FROM alembic_version") == [(FOLLOWING,)]


def test_nothing_is_migrated_under_a_running_service(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.2)
    running = open_database(sqlite_url, MIGRATIONS)
    with running.instance_lock(), pytest.raises(AlreadyRunning, match="pid"):
        open_database(sqlite_url, with_revision(tmp_path))
    running.close()
    assert rows(sqlite_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_two_that_create_an_archive_at_once_both_get_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/fresh/monitor.db"
    opened: list[Database] = []
    threads = [threading.Thread(target=lambda: opened.append(open_database(url, MIGRATIONS))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    for database in opened:
        assert database.archive.sources() == ()
        database.close()
