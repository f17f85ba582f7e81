"""What many folders of tests need, made once a session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.sandbox import ProcessSandbox
from monitor.adapters.storage.database import open_database


def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that the workers of one run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program's cache for this run: the gazetteer is compiled once, for all workers and commands, never in the
    cache of the person who runs the tests.
    """
    folder = session_folder(tmp_path_factory) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CACHE_DIRECTORY", str(folder))
        yield folder


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite archive with all migrations: a copy of it is much quicker than they are."""
    path = tmp_path_factory.mktemp("migrated") / "monitor.db"
    open_database(f"sqlite:///{path}", resources.migrations()).close()
    return path


@pytest.fixture(scope="session")
def common_children() -> Iterator[ProcessSandbox]:
    """Two children with the usual limits, for all tests that do not look at the children themselves."""
    sandbox = ProcessSandbox(warm=("parse-feed", "extract-article"))
    yield sandbox
    sandbox.close()
