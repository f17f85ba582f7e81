"""What holds of the SQLite file alone."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.adapters.storage import engines as engines_module
from monitor.adapters.storage import schema
from monitor.adapters.storage.database import Database, open_database
from monitor.adapters.storage.engines import Engines, check_pragma, create_engines, parse_url
from monitor.errors import AlreadyRunning, ConfigurationError, StorageBusy, StorageDamaged, StorageError
from tests.storage.conftest import MIGRATIONS
from tests.storage.samples import NOW, add_source, apply_poll, article, decision, entry, feed_ids, opening, poll, store
from tests.storage.writer import write_until_killed

ROOT = MIGRATIONS.parent


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url, MIGRATIONS)
    yield opened
    opened.close()


@pytest.fixture
def engines(sqlite_url: str) -> Iterator[Engines]:
    made = create_engines(parse_url(sqlite_url))
    yield made
    made.dispose()


def pragmas(connection: object) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema", "mmap_size", "query_only")
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}  # type: ignore[attr-defined]


def test_every_connection_of_every_thread_is_durable_and_checked(engines: Engines) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "trusted_schema": 0,
        "mmap_size": 0,
    }
    found = []

    def look() -> None:
        with engines.reader.connect() as reader:
            found.append(pragmas(reader))
        with engines.writer.connect() as writer:
            found.append(pragmas(writer))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all({**one, "query_only": 0} == {**expected, "query_only": 0} for one in found)
    assert sorted(str(one["query_only"]) for one in found) == ["0"] * 4 + ["1"] * 4


def test_a_connection_that_does_not_take_a_pragma_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        check_pragma(connection, "foreign_keys", 0)
        with pytest.raises(StorageError, match="foreign_keys=1"):
            check_pragma(connection, "foreign_keys", 1)
        with pytest.raises(StorageError, match="says None"):
            check_pragma(connection, "no_such_pragma", 1)


def test_readers_cannot_write(engines: Engines) -> None:
    with engines.reader.connect() as reader, pytest.raises(Exception, match="readonly"):
        reader.execute(text("DELETE FROM source"))


def test_the_file_and_its_folder_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "monitor.db"
    database = open_database(f"sqlite:///{path}", MIGRATIONS)
    add_source(database)
    modes = {one.name: oct(one.stat().st_mode & 0o777) for one in path.parent.iterdir()}
    database.close()
    assert set(modes.values()) == {"0o600"}
    assert "monitor.db-wal" in modes
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_readers_go_on_while_somebody_writes(sqlite_database: Database) -> None:
    add_source(sqlite_database)
    with sqlite_database.units() as unit:
        unit.apply_polls([poll(feed_ids(sqlite_database)[0], new_entries=(entry(),))])
        assert sqlite_database.archive.source("harbour-post").feeds[0].entries == 0
        unit.commit()
    assert sqlite_database.archive.source("harbour-post").feeds[0].entries == 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the writer's lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_lock_held_by_another_program_is_told_as_busy_and_passes(path: Path, sqlite_database: Database) -> None:
    engine = sqlite_database._engines.writer
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=50")  # type: ignore[union-attr]
    with locked(path), pytest.raises(StorageBusy, match="in use"):
        add_source(sqlite_database)
    add_source(sqlite_database)
    assert len(sqlite_database.archive.sources()) == 1


def test_a_thread_that_waits_too_long_for_another_is_told_busy(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines_module, "BUSY_TIMEOUT_S", 0.05)
    database = open_database(sqlite_url, MIGRATIONS)
    with database.units() as unit:
        unit.serialise()
        with pytest.raises(StorageBusy, match="another thread"):
            add_source(database)
    add_source(database)
    database.close()


def test_a_full_disk_is_told_and_nothing_is_harmed(path: Path, sqlite_database: Database) -> None:
    add_source(sqlite_database)
    raw = sqlite_database._engines.writer.raw_connection()
    pages = raw.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
    raw.execute(f"PRAGMA max_page_count={pages + 2}")  # type: ignore[attr-defined]
    raw.close()
    big = article("Big", "word " * 100_000)
    with pytest.raises(StorageError, match="full"), sqlite_database.units() as unit:
        unit.apply(decision(big), big, None, None)
    assert sqlite_database.archive.articles() == ()
    raw = sqlite_database._engines.writer.raw_connection()
    raw.execute("PRAGMA max_page_count=1000000")  # type: ignore[attr-defined]
    raw.close()
    store(sqlite_database, big)
    sqlite_database.check()
    assert len(sqlite_database.archive.articles()) == 1


# ---------------------------------------------------------------- what is refused


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "content", [b"This is a letter, not a database. " * 40, b"SQLite format 3\x00" + b"\xff" * 2000]
)
def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(content)
    with pytest.raises(StorageDamaged, match=r"monitor\.db"):
        open_database(f"sqlite:///{path}", MIGRATIONS)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    before = digest_of(path)
    with pytest.raises(StorageDamaged, match="another program"):
        open_database(f"sqlite:///{path}", MIGRATIONS)
    assert digest_of(path) == before


def test_damaged_pages_are_found_when_it_is_opened(path: Path, sqlite_database: Database) -> None:
    for number in range(30):
        store(sqlite_database, article(f"A{number}"), f"https://a.example/{number}")
    sqlite_database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revision'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(os.urandom(4096))
    with pytest.raises(StorageDamaged, match=r"damaged|malformed"):
        open_database(f"sqlite:///{path}", MIGRATIONS)


def test_a_large_file_is_checked_on_demand_only(path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "CHECKED_WHEN_OPENED_BYTES", 0)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'series'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    database = open_database(sqlite_url, MIGRATIONS)
    with pytest.raises(StorageDamaged):
        database.check()
    database.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://x/y", "not mysql"),
        ("nonsense", "not an address"),
    ],
)
def test_addresses_that_cannot_hold_an_archive_are_refused(url: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        open_database(url, MIGRATIONS)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"Not a directory|File exists"):
        open_database(f"sqlite:///{tmp_path}/file/monitor.db", MIGRATIONS)


def test_an_installation_without_migrations_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="incomplete"):
        open_database(f"sqlite:///{tmp_path}/monitor.db", tmp_path)


# ---------------------------------------------------------------- copies and crashes


def test_copies_made_under_load_are_whole(tmp_path: Path, sqlite_database: Database) -> None:
    add_source(sqlite_database)
    [feed_id] = feed_ids(sqlite_database)
    stop = threading.Event()

    def write() -> None:
        for number in range(2_000):
            if stop.is_set():
                return
            apply_poll(sqlite_database, poll(feed_id, new_entries=(entry(f"a{number}"), entry(f"b{number}"))))

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    for number in range(8):
        target = tmp_path / f"copy-{number}.db"
        sqlite_database.copy_to(target)
        copy = open_database(f"sqlite:///{target}", MIGRATIONS)
        counts.append(copy.archive.source("harbour-post").feeds[0].entries)
        copy.close()
        assert target.stat().st_mode & 0o777 == 0o600
    stop.set()
    writer.join()
    assert all(count % 2 == 0 for count in counts)  # both of a poll, or none
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(sqlite_url: str) -> None:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.storage.writer"])
    acknowledged: list[int] = []
    following = 0
    for cycle in range(20):
        heard, told = forks.Pipe(duplex=False)
        process = forks.Process(target=write_until_killed, args=(sqlite_url, str(MIGRATIONS), following, told))
        process.start()
        told.close()
        acknowledged += [heard.recv() for _ in range(1 + cycle % 4)]
        process.kill()
        process.join()
        with contextlib.suppress(EOFError):
            while True:
                acknowledged.append(heard.recv())
        heard.close()
        following = _sound(sqlite_url, acknowledged)


def _sound(url: str, acknowledged: list[int]) -> int:
    """Whole, with everything that was acknowledged and a gapless log; how many articles it holds."""
    database = open_database(url, MIGRATIONS)
    database.check()
    archive = database.archive
    titles = {row.title for row in archive.articles(limit=1000)}
    assert {f"A{number}" for number in acknowledged} <= titles
    log = [change.seq for event in archive.events(limit=1000) for change in archive.event(event.id).changes]
    assert sorted(log) == list(range(1, len(titles) + 1))
    database.close()
    return len(titles)


def test_the_lock_of_a_killed_process_is_free(sqlite_url: str) -> None:
    held = """
        import sys, time
        from pathlib import Path
        from monitor.adapters.storage.database import open_database

        with open_database(sys.argv[1], Path(sys.argv[2])).instance_lock():
            print("held", flush=True)
            time.sleep(60)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(held), sqlite_url, str(MIGRATIONS)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    database = open_database(sqlite_url, MIGRATIONS)
    with pytest.raises(AlreadyRunning, match=f"pid {process.pid}"):
        database.instance_lock().__enter__()
    process.kill()
    process.stdout.close()
    process.wait()
    with database.instance_lock():
        pass
    database.close()


def test_an_archive_moves_with_its_file(path: Path, sqlite_database: Database, tmp_path: Path) -> None:
    store(sqlite_database, events=[opening()])
    sqlite_database.close()
    moved = tmp_path / "moved.db"
    shutil.copy(path, moved)
    database = open_database(f"sqlite:///{moved}", MIGRATIONS)
    assert len(database.archive.events()) == 1
    assert database.archive.health(NOW).articles == 1
    database.close()
