from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import schedule
from monitor.domain.model.health import FeedHabit, FeedHealth
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, PollIntent, Validators
from monitor.domain.outcomes import Outcome, Severity, severity

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

FEED = FeedForPoll(
    id=7,
    url="https://city.example/rss",
    kind=FeedKind.AUTO,
    found_kind=FeedKind.FEED,
    link_selector=None,
    link_pattern=None,
    interval_min=60,
    validators=Validators('"old"', None),
    body_sha="a" * 64,
    baseline_done=True,
    failures=0,
    failing_since=None,
    last_full_at=NOW - HOUR,
    source_key="city",
    source_name="City",
    source_language="en",
    source_country="GB",
    health=FeedHealth.OK,
    last_polled_at=NOW - HOUR,
    last_ok_at=NOW - HOUR,
)


def entry(key: str, sha: str = "1") -> EntryData:
    return EntryData(key, key, f"https://city.example/{key}", key, "", "", None, None, None, "en", sha)


def read(
    feed: FeedForPoll, *entries: EntryData, ttl_min: int | None = None, max_age_s: int | None = None
) -> PollIntent:
    return schedule.read(
        feed,
        ParsedFeed(FeedKind.FEED, "City", "en", None, entries, ttl_min=ttl_min),
        {"old": "1", "edited": "1"},
        NOW,
        validators=Validators(),
        body_sha="b" * 64,
        moved_to=None,
        full=True,
        max_age_s=max_age_s,
    )


def test_only_unknown_entries_are_new_and_only_altered_ones_changed() -> None:
    intent = read(FEED, entry("old"), entry("edited", "2"), entry("fresh"))
    assert [one.key for one in intent.new_entries] == ["fresh"]
    assert [one.key for one in intent.changed_entries] == ["edited"]
    assert intent.seen_entries == 3


def test_the_first_poll_is_the_baseline_and_later_ones_are_not() -> None:
    assert read(replace(FEED, baseline_done=False), entry("fresh")).baseline
    assert not read(FEED, entry("fresh")).baseline


def test_success_clears_the_failures() -> None:
    intent = read(replace(FEED, failures=5, failing_since=NOW - 9 * HOUR), entry("fresh"))
    assert intent.failures == 0
    assert intent.failing_since is None


def test_a_feed_without_entries_is_valid_but_said_to_be_empty() -> None:
    assert read(FEED).outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    ("ttl_min", "max_age_s", "hours"),
    [(None, None, 1), (180, None, 3), (None, 7200, 2), (90_000, None, 24), (10**15, 10**15, 24)],
)
def test_the_longest_wish_decides_up_to_a_day(ttl_min: int | None, max_age_s: int | None, hours: int) -> None:
    wait = read(FEED, entry("old"), ttl_min=ttl_min, max_age_s=max_age_s).next_at
    assert wait is not None
    assert abs((wait - NOW) - hours * HOUR) <= hours * HOUR * schedule.JITTER


def test_unchanged_keeps_what_was_found() -> None:
    intent = schedule.unchanged(FEED, Outcome.NOT_MODIFIED, NOW, validators=FEED.validators, full=False, max_age_s=None)
    assert (intent.body_sha, intent.found_kind, intent.outcome) == (FEED.body_sha, FeedKind.FEED, Outcome.NOT_MODIFIED)


def test_backoff_doubles_and_stops_growing_at_a_day() -> None:
    waits = []
    for failures in range(12):
        intent = schedule.failed(replace(FEED, failures=failures, failing_since=NOW), Outcome.NETWORK, "refused", NOW)
        assert intent.next_at is not None
        waits.append(intent.next_at - NOW)
    for exponent, wait in enumerate(waits[:4]):
        assert abs(wait - 2**exponent * HOUR) <= 2**exponent * HOUR * schedule.BACKOFF_JITTER
    assert schedule.MAX_BACKOFF / 2 < max(waits) <= schedule.MAX_BACKOFF


def test_after_a_month_of_failure_a_feed_is_asked_weekly_and_never_given_up() -> None:
    feed = replace(FEED, failures=60, failing_since=NOW - timedelta(days=31))
    intent = schedule.failed(feed, Outcome.NOT_FOUND, "404", NOW)
    assert intent.next_at is not None
    assert timedelta(days=4) < intent.next_at - NOW <= timedelta(days=7)


def test_gone_is_the_only_final_stop() -> None:
    for outcome in Outcome:
        intent = schedule.failed(FEED, outcome, "", NOW)
        assert (intent.next_at is None) == (severity(outcome) is Severity.FINAL) == (outcome is Outcome.GONE)
        assert (intent.turn is not None) == (outcome in (Outcome.GONE, Outcome.EMPTY)), "said at once"


def test_throttling_waits_as_asked_and_is_no_failure_of_the_feed() -> None:
    intent = schedule.failed(FEED, Outcome.THROTTLED, "429", NOW, retry_after_s=5 * 3600)
    assert intent.failures == 0
    assert intent.next_at == NOW + 5 * HOUR


def test_a_server_that_asks_for_ten_years_gets_a_day() -> None:
    intent = schedule.failed(FEED, Outcome.THROTTLED, "429", NOW, retry_after_s=315_360_000)
    assert intent.next_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize("seconds", [1e300, float("inf"), float("nan"), -5.0])
def test_no_number_in_a_header_breaks_the_schedule(seconds: float) -> None:
    intent = schedule.failed(FEED, Outcome.THROTTLED, "429", NOW, retry_after_s=seconds)
    assert intent.next_at is not None
    assert intent.next_at - NOW <= timedelta(hours=24)
    assert schedule.page_retry_at(1, Outcome.THROTTLED, NOW, retry_after_s=seconds) is not None


def test_a_failure_touches_nothing_that_is_stored() -> None:
    intent = schedule.failed(FEED, Outcome.TOO_LARGE, "", NOW)
    assert (intent.validators, intent.body_sha, intent.new_entries) == (FEED.validators, FEED.body_sha, ())


def test_a_full_body_is_wanted_once_a_day() -> None:
    assert not schedule.wants_full_body(FEED, NOW)
    assert schedule.wants_full_body(replace(FEED, last_full_at=None), NOW)
    assert schedule.wants_full_body(FEED, NOW + timedelta(days=1))


def test_a_page_is_tried_again_four_times_for_passing_faults_only() -> None:
    waits = [schedule.page_retry_at(attempt, Outcome.NETWORK, NOW) for attempt in range(1, 7)]
    assert [wait is not None for wait in waits] == [True, True, True, True, False, False]
    assert waits[0] == NOW + timedelta(minutes=5)
    assert schedule.page_retry_at(1, Outcome.NOT_FOUND, NOW) is None
    assert schedule.page_retry_at(1, Outcome.THROTTLED, NOW, retry_after_s=3600) == NOW + HOUR


@given(feed_id=st.integers(1, 2**40), failures=st.integers(0, 10_000), outcome=st.sampled_from(list(Outcome)))
def test_the_next_poll_always_lies_ahead_and_within_a_week(feed_id: int, failures: int, outcome: Outcome) -> None:
    feed = replace(FEED, id=feed_id, failures=failures, failing_since=NOW - timedelta(days=min(failures, 400)))
    intent = schedule.failed(feed, outcome, "", NOW)
    if intent.next_at is not None:
        shortest = 30 if outcome is Outcome.LOCAL_OUTAGE else 48
        assert timedelta(minutes=shortest) <= intent.next_at - NOW <= timedelta(days=7)


def test_feeds_do_not_stay_in_step() -> None:
    moments = {read(replace(FEED, id=number), entry("fresh")).next_at for number in range(50)}
    assert len(moments) == 50


# ---------------------------------------------------------------- wishes


def test_a_declared_interval_wins_over_the_wishes_of_feed_and_cache() -> None:
    wait = read(replace(FEED, is_interval_declared=True), entry("old"), ttl_min=1440, max_age_s=86_400).next_at
    assert wait is not None
    assert wait - NOW <= 1.1 * HOUR


def test_a_wish_that_would_lose_entries_is_not_granted() -> None:
    """Ten entries, two an hour: after a day the window has turned over almost five times."""
    habit = FeedHabit(interval_min=60, window=10, news_per_h=2.0, last_news_at=NOW - HOUR)
    shown = [entry("old"), entry("edited"), *(entry(f"known-{number}") for number in range(8))]
    intent = schedule.read(
        replace(FEED, habit=habit),
        ParsedFeed(FeedKind.FEED, "City", "en", None, tuple(shown), ttl_min=1440),
        {one.key: "1" for one in shown},
        NOW,
        validators=Validators(),
        body_sha="b" * 64,
        moved_to=None,
        full=True,
        max_age_s=None,
    )
    assert intent.next_at is not None
    assert 3 * HOUR < intent.next_at - NOW < 4 * HOUR, "a third is still known"


def test_a_pause_in_the_past_is_none() -> None:
    intent = schedule.failed(FEED, Outcome.THROTTLED, "429", NOW, retry_after_s=0)
    assert intent.next_at is not None
    assert 0.8 * HOUR <= intent.next_at - NOW <= 1.2 * HOUR


def test_throttling_that_does_not_say_how_long_backs_off() -> None:
    feed, waits = FEED, []
    for _ in range(4):
        intent = schedule.failed(feed, Outcome.THROTTLED, "429", NOW)
        assert intent.next_at is not None
        waits.append(intent.next_at - NOW)
        feed = replace(feed, failures=intent.failures, failing_since=intent.failing_since)
    assert waits[3] > 4 * HOUR


def test_a_full_body_is_wanted_when_the_clock_was_set_back_by_years() -> None:
    assert schedule.wants_full_body(FEED, NOW - timedelta(days=3650))


# ---------------------------------------------------------------- moved


def test_a_move_is_offered_when_two_polls_agree() -> None:
    first = moved(FEED, "https://new.example/rss")
    assert (first.moved_to, first.health, first.turn) == ("https://new.example/rss", FeedHealth.OK, None)
    second = moved(replace(FEED, moved_to=first.moved_to), "https://new.example/rss")
    assert second.health is FeedHealth.MOVED
    assert second.turn is not None
    assert second.turn.detail == "https://new.example/rss"
    third = moved(replace(FEED, moved_to=first.moved_to, health=FeedHealth.MOVED), "https://new.example/rss")
    assert (third.health, third.turn) == (FeedHealth.MOVED, None)


def test_a_redirect_that_changes_its_mind_moves_nothing() -> None:
    other = moved(replace(FEED, moved_to="https://new.example/rss"), "https://newer.example/rss")
    assert (other.moved_to, other.health) == ("https://newer.example/rss", FeedHealth.OK)
    none = moved(replace(FEED, moved_to="https://new.example/rss", health=FeedHealth.MOVED), None)
    assert (none.moved_to, none.health) == (None, FeedHealth.OK)


def test_a_304_says_nothing_of_a_redirect() -> None:
    feed = replace(FEED, moved_to="https://new.example/rss", health=FeedHealth.MOVED)
    intent = schedule.unchanged(feed, Outcome.NOT_MODIFIED, NOW, validators=Validators(), full=False, max_age_s=None)
    assert (intent.moved_to, intent.health) == ("https://new.example/rss", FeedHealth.MOVED)


def moved(feed: FeedForPoll, to: str | None) -> PollIntent:
    return schedule.unchanged(
        feed, Outcome.UNCHANGED, NOW, validators=Validators(), full=True, max_age_s=None, moved_to=to
    )


# ---------------------------------------------------------------- our own network


def test_an_outage_of_our_own_counts_for_nothing_and_is_over_within_an_interval() -> None:
    feed = replace(FEED, failures=1, failing_since=NOW - HOUR)
    waits = set()
    for number in range(100):
        intent = schedule.failed(replace(feed, id=number), Outcome.LOCAL_OUTAGE, "no connection", NOW)
        assert (intent.failures, intent.failing_since, intent.turn) == (1, NOW - HOUR, None)
        assert intent.next_at is not None
        waits.add(intent.next_at - NOW)
    assert max(waits) <= HOUR
    tenth = HOUR / 10
    assert max(sum(begin <= one < begin + tenth for one in waits) for begin in waits) <= 40, "no storm"


@given(
    st.integers(0, 2**40),
    st.floats(1, 1e6),
    st.integers(0, 3000),
    st.floats(0, 1e4),
    st.integers(1, 10**7),
    st.booleans(),
    st.integers(5, 10_080),
)
def test_what_was_learnt_never_leads_outside_the_bounds(
    feed_id: int, learned: float, window: int, per_h: float, elapsed_min: int, declared: bool, interval_min: int
) -> None:
    past = NOW - timedelta(minutes=elapsed_min)
    habit = FeedHabit(interval_min=learned, window=window, news_per_h=per_h, news_gap_h=per_h, last_news_at=past)
    feed = replace(
        FEED, id=feed_id, habit=habit, last_ok_at=past, last_polled_at=past, interval_min=interval_min,
        is_interval_declared=declared,
    )  # fmt: skip
    for intent in (read(feed, entry("old"), entry("fresh")), read(feed, entry("new")), read(feed)):
        assert intent.next_at is not None
        longest = interval_min if declared else max(interval_min, 1440)
        assert timedelta(minutes=5 * schedule.LEAST_SHARE) <= intent.next_at - NOW <= timedelta(minutes=1.1 * longest)
