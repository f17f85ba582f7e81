from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.breaker import FIRST_REST, KILLS_REMEMBERED, LONGEST_REST, WITHIN, remembered, resting_until

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def kills(*minutes_ago: float) -> list[datetime]:
    return [NOW - minutes * MINUTE for minutes in minutes_ago]


@pytest.mark.parametrize("past", [[], kills(1), kills(2, 1), kills(3000, 2000, 1)])
def test_few_kills_or_old_ones_bring_no_rest(past: list[datetime]) -> None:
    assert resting_until(past, NOW) is None


def test_the_third_kill_brings_a_rest_and_each_further_one_doubles_it() -> None:
    assert resting_until(kills(3, 2, 1), NOW) == NOW - MINUTE + FIRST_REST
    assert resting_until(kills(40, 20, 10, 1), NOW) == NOW - MINUTE + 2 * FIRST_REST
    assert resting_until(kills(90, 80, 40, 20, 1), NOW) == NOW - MINUTE + 4 * FIRST_REST
    assert resting_until(kills(*range(12, 0, -1)), NOW) == NOW - MINUTE + LONGEST_REST


def test_a_rest_ends() -> None:
    assert resting_until(kills(18, 17, 16), NOW) is None


@given(st.lists(st.integers(min_value=-10_000, max_value=10_000), max_size=30))
def test_no_rest_is_longer_than_two_days_whatever_the_clock_did(minutes: list[int]) -> None:
    until = resting_until(kills(*minutes), NOW)
    assert until is None or NOW < until <= NOW + WITHIN + LONGEST_REST


def test_a_host_that_never_stops_killing_is_remembered_in_a_few_moments() -> None:
    past: tuple[datetime, ...] = ()
    for minute in range(100):
        past = remembered(past, NOW + minute * MINUTE)
    assert len(past) == KILLS_REMEMBERED
    assert past[-1] == NOW + 99 * MINUTE
