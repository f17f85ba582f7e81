"""The shipped gazetteer, loaded once: the invented news takes the names of places from it."""

from __future__ import annotations

import pytest

from monitor.ports import Gazetteer
from tests import shipped


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return shipped.gazetteer()
