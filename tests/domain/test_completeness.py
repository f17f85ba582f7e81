from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.completeness import FEWEST, chapman, completeness, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Values of the score interval as given by R's prop.test(x, n, correct = FALSE).
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (45, 50, 0.7864, 0.9565)],
)
def test_the_share_has_wilsons_interval(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found.estimate == successes / trials
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_total_is_chapmans() -> None:
    found = chapman(60, 20, 15)
    assert found.estimate == pytest.approx(61 * 21 / 16 - 1)
    assert found.low < found.estimate < found.high


def test_lists_that_hold_the_same_leave_nothing_to_find() -> None:
    found = chapman(12, 12, 12)
    assert (found.low, found.estimate, found.high) == (12, 12, 12)


def test_few_events_give_no_estimate() -> None:
    assert completeness(FEWEST - 1, FEWEST - 1, 100) is None
    assert completeness(FEWEST, 3, 100) is not None


@given(st.integers(0, 200), st.integers(1, 200), st.data())
def test_intervals_hold_their_estimate_and_never_less_than_what_is_known(
    archived: int, recalled: int, data: st.DataObject
) -> None:
    found = data.draw(st.integers(0, min(archived, recalled)))
    share, total = wilson(found, recalled), chapman(archived, recalled, found)
    assert 0 <= share.low <= share.estimate + 1e-9
    assert share.estimate - 1e-9 <= share.high <= 1
    assert archived + recalled - found <= total.low <= total.estimate + 1e-9
    assert total.estimate <= total.high + 1e-9
