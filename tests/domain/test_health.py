from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import health, schedule
from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn, ReadingHabit
from monitor.domain.model.sources import FeedForPoll, PollIntent, Validators
from monitor.domain.outcomes import Outcome
from tests.domain.test_schedule import FEED, HOUR, NOW

DAY = timedelta(days=1)
HABIT = FeedHabit(window=20, news_gap_h=12.0, last_news_at=NOW - HOUR)


def fails(outcome: Outcome, times: int, every: timedelta = HOUR) -> list[PollIntent]:
    """One poll after the other."""
    feed, intents = FEED, []
    for number in range(times):
        intent = schedule.failed(feed, outcome, "", NOW + number * every)
        intents.append(intent)
        feed = after(feed, intent)
    return intents


def after(feed: FeedForPoll, intent: PollIntent) -> FeedForPoll:
    return replace(
        feed,
        failures=intent.failures,
        failing_since=intent.failing_since,
        health=intent.health,
        health_since=intent.health_since,
    )


def succeeds(feed: FeedForPoll, at: timedelta = timedelta()) -> PollIntent:
    return schedule.unchanged(feed, Outcome.UNCHANGED, NOW + at, validators=Validators(), full=True, max_age_s=None)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.FORBIDDEN, FeedHealth.BLOCKED),
        (Outcome.ROBOTS, FeedHealth.BLOCKED),
        (Outcome.TDM_RESERVED, FeedHealth.BLOCKED),
        (Outcome.LOGIN_WALL, FeedHealth.BLOCKED),
        (Outcome.NOT_FOUND, FeedHealth.BROKEN),
        (Outcome.NOT_A_FEED, FeedHealth.BROKEN),
        (Outcome.TLS, FeedHealth.BROKEN),
    ],
)
def test_what_will_hardly_mend_itself_is_told_once_at_the_third_time(outcome: Outcome, told: FeedHealth) -> None:
    intents = fails(outcome, 6)
    assert [one.health for one in intents] == [FeedHealth.OK] * 2 + [told] * 4
    assert [one.turn for one in intents if one.turn] == [HealthTurn(FeedHealth.OK, told, outcome.value)]


@pytest.mark.parametrize("outcome", [Outcome.NETWORK, Outcome.DNS, Outcome.SERVER_ERROR, Outcome.THROTTLED])
def test_what_mends_itself_is_told_after_a_day(outcome: Outcome) -> None:
    intents = fails(outcome, 30)
    told = [number for number, one in enumerate(intents) if one.turn is not None]
    assert told == [24]
    assert intents[23].health is FeedHealth.OK


def test_a_feed_that_is_gone_is_told_at_once() -> None:
    (intent,) = fails(Outcome.GONE, 1)
    assert (intent.health, intent.next_at) == (FeedHealth.GONE, None)


def test_recovery_is_told_once_and_only_after_a_trouble_that_was() -> None:
    broken = replace(FEED, health=FeedHealth.BROKEN, failures=9, failing_since=NOW - DAY, habit=HABIT)
    back = succeeds(broken)
    assert back.turn == HealthTurn(FeedHealth.BROKEN, FeedHealth.OK, "")
    assert succeeds(after(broken, back)).turn is None
    assert succeeds(replace(FEED, failures=2, failing_since=NOW - HOUR, habit=HABIT)).turn is None


def test_a_new_feed_that_works_is_nothing_to_tell() -> None:
    intent = succeeds(replace(FEED, health=FeedHealth.NEW, habit=HABIT))
    assert (intent.health, intent.turn) == (FeedHealth.OK, None)


def test_an_outage_of_our_own_turns_nothing() -> None:
    quiet = replace(FEED, health=FeedHealth.QUIET, health_since=NOW - DAY, failing_since=NOW - 3 * DAY)
    intent = schedule.failed(quiet, Outcome.LOCAL_OUTAGE, "", NOW)
    assert (intent.health, intent.health_since, intent.turn) == (FeedHealth.QUIET, NOW - DAY, None)


@pytest.mark.parametrize(
    ("usual_h", "quiet_after"),
    [(1.0, 3 * DAY), (12.0, 3 * DAY), (24.0, 5 * DAY), (24 * 30.0, 150 * DAY), (None, 30 * DAY)],
)
def test_a_feed_is_quiet_after_five_times_its_gap_and_never_before_three_days(
    usual_h: float | None, quiet_after: timedelta
) -> None:
    habit = FeedHabit(window=20, news_gap_h=usual_h, last_news_at=NOW)
    feed = replace(FEED, habit=habit)
    assert succeeds(feed, quiet_after).turn is None
    turn = succeeds(feed, quiet_after + HOUR).turn
    assert turn == HealthTurn(FeedHealth.OK, FeedHealth.QUIET, "2026-03-02")


def test_a_quiet_feed_is_noticed_though_its_server_says_304() -> None:
    feed = replace(FEED, habit=replace(HABIT, last_news_at=NOW - 9 * DAY))
    intent = schedule.unchanged(feed, Outcome.NOT_MODIFIED, NOW, validators=Validators(), full=False, max_age_s=None)
    assert intent.health is FeedHealth.QUIET
    assert succeeds(after(feed, intent)).turn is None


# ---------------------------------------------------------------- the articles


def read_many(habit: ReadingHabit, *articles: tuple[int, bool, bool]) -> ReadingHabit:
    for chars, thin, foreign in articles:
        habit = health.read_one(habit, chars, thin=thin, foreign=foreign)
    return habit


GOOD, SHORT, THIN, FOREIGN = (3000, False, False), (200, False, False), (80, True, False), (3000, False, True)
USED = read_many(ReadingHabit(), *[GOOD] * 30)


@pytest.mark.parametrize(
    ("articles", "problem"),
    [([SHORT] * 8, "short"), ([THIN] * 8, "thin"), ([FOREIGN] * 8, "language"), ([GOOD] * 8, None)],
)
def test_articles_that_come_out_worse_than_usual_are_noticed(
    articles: list[tuple[int, bool, bool]], problem: str | None
) -> None:
    assert health.degradation(read_many(USED, *articles)) == problem


@pytest.mark.parametrize("odd", [SHORT, THIN, FOREIGN])
def test_two_odd_articles_are_no_degradation(odd: tuple[int, bool, bool]) -> None:
    assert health.degradation(read_many(USED, odd, odd)) is None


def test_one_long_report_does_not_hide_the_stubs() -> None:
    bad = read_many(USED, *[SHORT] * 8)
    assert health.degradation(read_many(bad, (90_000, False, False)), before=True) == "short"
    assert health.degradation(read_many(bad, *[GOOD] * 6), before=True) is None


def test_a_source_that_was_always_thin_is_as_usual() -> None:
    assert health.degradation(read_many(ReadingHabit(), *[THIN] * 40)) is None


def test_a_source_that_stays_bad_does_not_become_usual() -> None:
    bad = read_many(USED, *[SHORT] * 500)
    assert health.degradation(bad) == "short"
    assert health.degradation(read_many(bad, *[GOOD] * 10)) is None


def test_few_articles_make_no_habit() -> None:
    assert health.degradation(read_many(ReadingHabit(), *[GOOD] * 3, *[SHORT] * 5)) is None


def test_degradation_is_told_once_and_hides_no_graver_trouble() -> None:
    bad = read_many(USED, *[THIN] * 8)
    state, since, turn = health.after_reading(FeedHealth.OK, None, bad, NOW)
    assert (state, since, turn) == (FeedHealth.DEGRADED, NOW, HealthTurn(FeedHealth.OK, FeedHealth.DEGRADED, "thin"))
    assert health.after_reading(state, since, bad, NOW + HOUR) == (state, NOW, None)
    assert health.after_reading(FeedHealth.MOVED, NOW, bad, NOW + HOUR) == (FeedHealth.MOVED, NOW, None)
    back = health.after_reading(state, since, USED, NOW + HOUR)
    assert back == (FeedHealth.OK, NOW + HOUR, HealthTurn(FeedHealth.DEGRADED, FeedHealth.OK, ""))
    degraded = replace(FEED, health=FeedHealth.DEGRADED, habit=replace(HABIT, reading=bad))
    assert succeeds(degraded).turn is None


@given(st.lists(st.tuples(st.integers(0, 10**7), st.booleans(), st.booleans()), max_size=60))
def test_shares_stay_shares(articles: list[tuple[int, bool, bool]]) -> None:
    habit = read_many(ReadingHabit(), *articles)
    shares = (habit.usual_thin, habit.recent_thin, habit.usual_foreign, habit.recent_foreign)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert habit.articles == len(articles)


# ---------------------------------------------------------------- every history


@given(st.lists(st.tuples(st.sampled_from(list(Outcome)), st.integers(1, 10_000)), max_size=40))
def test_every_change_is_told_exactly_once_whatever_happens(history: list[tuple[Outcome, int]]) -> None:
    feed, now = replace(FEED, habit=HABIT), NOW
    for outcome, minutes in history:
        now += timedelta(minutes=minutes)
        if outcome in (Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED):
            intent = schedule.unchanged(feed, outcome, now, validators=Validators(), full=False, max_age_s=None)
        else:
            intent = schedule.failed(feed, outcome, "", now)
        assert (intent.turn is not None) == (intent.health is not feed.health)
        if intent.turn is not None:
            assert (intent.turn.before, intent.turn.after) == (feed.health, intent.health)
            assert intent.health_since == now
        feed = after(feed, intent)
