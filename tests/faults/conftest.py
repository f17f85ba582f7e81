"""Fixtures of the fault matrix; how they are used is told in `tests.faults.harness`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from tests.faults.auditing import audit
from tests.faults.harness import MIB, Builder

COVERAGE_OF_CHILDREN = "COVERAGE_PROCESS_CONFIG"  # set by coverage in what it measures, for its subprocesses


@pytest.fixture(autouse=True)
def unmeasured_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children here are killed by the dozen and take in what is meant to be slow: measuring coverage doubles both."""
    monkeypatch.delenv(COVERAGE_OF_CHILDREN, raising=False)


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[ProcessSandbox]:
    """Two children for all scenes, with shrunken times."""
    limits = SandboxLimits(children=2, memory_bytes=1024 * MIB, cpu_s=4, wall_s=5.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(COVERAGE_OF_CHILDREN, raising=False)
        sandbox = ProcessSandbox(limits, warm=("parse-feed", "extract-article"))
    yield sandbox
    sandbox.close()


@pytest.fixture
def run(tmp_path: Path, migrated: Path, shared_sandbox: ProcessSandbox) -> Iterator[Builder]:
    """One feed under attack between two healthy neighbours: see `tests.faults.harness`."""
    builder = Builder(tmp_path, migrated, shared_sandbox)
    yield builder
    builder.close()


@pytest.fixture
def audited() -> Iterator[list[tuple[str, Any]]]:
    """What was opened and dialled during the test."""
    with audit() as record:
        yield record
