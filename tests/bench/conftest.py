"""The shipped gazetteer, loaded once: the invented news takes the names of places from it."""

from __future__ import annotations

import pytest

from monitor import resources
from monitor.adapters.gazetteer import load_gazetteer
from monitor.ports import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer(resources.gazetteer())
