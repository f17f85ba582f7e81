"""Text and titles of real pages of three kinds: what was reached, less a small margin, is never lost again. The other
kinds and the speed are in `make evaluate`; news of 43 countries in test_real_pages_extract.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bench.evaluate import FLOORS
from bench.extraction import BEST_SINGLE, SETS, figures, load_scorer, run

pytestmark = pytest.mark.shared

JUDGED = ("zyte", "wcxb", "daniel")


@pytest.fixture(scope="module")
def reached(shared_data: Path) -> dict[str, float]:
    assert (shared_data / "data" / "extraction").is_dir()
    return figures(run(["ours"], JUDGED)["ours"], load_scorer(), JUDGED)


@pytest.fixture(scope="module")
def floors() -> dict[str, float]:
    found: dict[str, float] = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["extraction"]
    return found


def test_no_floor_is_under_the_best_single_extractor(floors: dict[str, float]) -> None:
    assert [name for name in SETS if floors[name] < BEST_SINGLE[name]] == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_was_reached_is_kept(reached: dict[str, float], floors: dict[str, float]) -> None:
    assert set(JUDGED) <= set(reached)
    assert [name for name, value in reached.items() if value < floors.get(name, 0.0)] == []
