"""The whole program, as far as a test looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import bootstrap
from monitor.adapters.sandbox import ProcessSandbox
from tests.children import Lent
from tests.shipped import new_archive


@pytest.fixture
def quick_start(
    tmp_path: Path, migrated: Path, common_children: ProcessSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For tests of what the program does, not of how it starts: a migrated archive in the folder `archive`, and
    children that others have warmed.
    """
    new_archive(migrated, tmp_path / "archive" / "monitor.db")
    monkeypatch.setattr(bootstrap, "ProcessSandbox", lambda *_limits, **_warm: Lent(common_children))
