"""`monitor quarantine`: seen and released by the operator."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from monitor import resources
from monitor.adapters.storage.database import open_database
from monitor.domain.outcomes import Outcome
from tests.cli.conftest import Run

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
SHA = "0123456789abcdef" * 4


def kill_twice(config: Path, folder: Path) -> None:
    path = folder / "archive" / "monitor.db"
    path.parent.mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{path}", resources.migrations())
    with database.units() as unit:
        for _ in range(2):
            unit.count_kill(SHA, "extract", "https://hostile.example/[1]", Outcome.CHILD_CRASH, "SIGSEGV", NOW)
        unit.commit()
    database.close()


def test_what_killed_is_listed_told_by_doctor_and_released(run: Run, config: Path, tmp_path: Path) -> None:
    kill_twice(config, tmp_path)
    listed = run("-c", str(config), "quarantine", "list")
    assert listed.code == 0
    for word in (SHA[:12], "quarantined", "child-crash SIGSEGV", "https://hostile.example/[1]"):
        assert word in listed.out
    (killer,) = run("-c", str(config), "quarantine", "list", "--json").json
    assert (killer["sha256"], killer["kills"], killer["is_quarantined"]) == (SHA, 2, True)
    assert "1 documents are in quarantine" in run("-c", str(config), "doctor").out

    released = run("-c", str(config), "quarantine", "release", SHA[:12].upper())
    assert (released.code, "released 1" in released.out) == (0, True)
    assert "No document" in run("-c", str(config), "quarantine", "list").out


def test_a_slip_releases_nothing(run: Run, config: Path, tmp_path: Path) -> None:
    kill_twice(config, tmp_path)
    assert run("-c", str(config), "quarantine", "release", "0").code == 1
    assert "at least 6" in run("-c", str(config), "quarantine", "release", "0").err
    assert run("-c", str(config), "quarantine", "release", "ffffffff").code == 1
    assert len(run("-c", str(config), "quarantine", "list", "--json").json) == 1
