"""A real PostgreSQL for tests: the one named by MONITOR_TEST_POSTGRESQL, else a private one from the system's binaries.

The private server listens on a socket in a folder of its own only, and ends with the session.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

SERVER_USER = "postgres"  # PostgreSQL refuses to run as root
START_WITHIN_S = 30.0
MIN_MEMORY_BYTES = 2 * 1024**3
# Not for keeps: what is lost in a crash of the machine is made again.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")


@dataclass(frozen=True)
class PostgresqlServer:
    """A server on which databases may be made and dropped."""

    admin: URL

    def create(self, template: str = "template0") -> URL:
        """A new database."""
        name = f"monitor_test_{secrets.token_hex(6)}"
        with self.connect() as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.admin.set(database=name)

    def drop(self, url: URL) -> None:
        """Gone, whoever is connected."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(url.database or ""))
            )

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that commits each statement."""
        return psycopg.connect(self.admin.set(drivername="postgresql").render_as_string(False), autocommit=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Skips where there is no PostgreSQL; on CI that is a failure."""
    given = os.environ.get("MONITOR_TEST_POSTGRESQL")
    if given:
        yield PostgresqlServer(make_url(given))
        return
    binaries = find_binaries()
    if binaries is None:
        reason = "no PostgreSQL: neither MONITOR_TEST_POSTGRESQL nor initdb under /usr/lib/postgresql or in PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with running(binaries) as server:
        yield server


def find_binaries() -> Path | None:
    """The folder of the newest installed version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _roomy_memory() -> str | None:
    """A file system in memory, on which a new database costs a tenth; the path stays short enough for a socket."""
    memory = Path("/dev/shm")  # noqa: S108
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > MIN_MEMORY_BYTES else None


@contextmanager
def running(binaries: Path) -> Iterator[PostgresqlServer]:
    """A private server, gone with all its files at the end."""
    user = pwd.getpwnam(SERVER_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-", dir=_roomy_memory() or "/tmp"))  # noqa: S108
    os.chown(folder, user.pw_uid, user.pw_gid)
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        initdb = [
            binaries / "initdb",
            "-D",
            folder / "data",
            "-U",
            "monitor",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)
        options = [part for setting in (*SETTINGS, "listen_addresses=") for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", "-k", folder, *options],
                stdout=log,
                stderr=log,
                cwd=folder,
                **as_user,
            )
            try:
                server = PostgresqlServer(
                    URL.create("postgresql+psycopg", "monitor", database="postgres", query={"host": str(folder)})
                )
                _wait_for(server, process, folder / "log")
                yield server
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(START_WITHIN_S)
    finally:
        shutil.rmtree(folder)


def _wait_for(server: PostgresqlServer, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_WITHIN_S
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}") from None
            time.sleep(0.05)
        else:
            return
