"""Fixtures of the fault matrix; how they are used is told in `tests.faults.harness`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor import resources
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.adapters.storage.database import open_database
from tests.faults.auditing import audit
from tests.faults.harness import MIB, Builder


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[ProcessSandbox]:
    """Two children for all scenes, with shrunken times."""
    limits = SandboxLimits(children=2, memory_bytes=1024 * MIB, cpu_s=4, wall_s=5.0)
    sandbox = ProcessSandbox(limits, warm=("parse-feed", "extract-article"))
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated archive to copy from."""
    path = tmp_path_factory.mktemp("empty") / "monitor.db"
    database = open_database(f"sqlite:///{path}", resources.migrations())
    database.close()
    return path


@pytest.fixture
def run(tmp_path: Path, empty_archive: Path, shared_sandbox: ProcessSandbox) -> Iterator[Builder]:
    """One feed under attack between two healthy neighbours: see `tests.faults.harness`."""
    builder = Builder(tmp_path, empty_archive, shared_sandbox)
    yield builder
    builder.close()


@pytest.fixture
def audited() -> Iterator[list[tuple[str, Any]]]:
    """What was opened and dialled during the test."""
    with audit() as record:
        yield record
