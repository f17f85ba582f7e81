"""The evaluation data beside the checkout: never part of it, so tests that read it say so when it is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder `shared` beside the checkout; skips without it, and fails where CI is expected to have it."""
    if (SHARED / "data").is_dir():
        return SHARED
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"no evaluation data in {SHARED}")
    pytest.skip(f"no evaluation data in {SHARED}")
