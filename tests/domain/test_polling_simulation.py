"""A month of polling with a fake clock: feeds of different pace and length, as the policy would ask them."""

from __future__ import annotations

import bisect
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from monitor.domain import schedule
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, PollIntent, Validators
from monitor.domain.outcomes import Outcome

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTH = 30 * DAY


@dataclass(frozen=True)
class Poll:
    at: datetime
    intent: PollIntent

    @property
    def known_share(self) -> float:
        return self.intent.known_entries / self.intent.seen_entries


@dataclass(frozen=True)
class Month:
    polls: Sequence[Poll]
    missed: int
    feed: FeedForPoll

    def shares(self, since: timedelta = 15 * DAY) -> list[float]:
        return [one.known_share for one in self.polls if one.at >= START + since and one.intent.seen_entries]

    def per_day(self, since: timedelta = timedelta()) -> float:
        asked = sum(one.at >= START + since for one in self.polls)
        return asked / ((MONTH - since) / DAY)


def steadily(per_h: float) -> list[datetime]:
    gap = HOUR / per_h
    begin = START - 60 * DAY
    return [begin + number * gap for number in range(int((90 * DAY) / gap) + 1)]


def by_office_hours(per_h: float) -> list[datetime]:
    """From 8 to 18 o'clock on weekdays."""
    return [at for at in steadily(per_h) if at.weekday() < 5 and 8 <= at.hour < 18]


def at_random(per_h: float) -> list[datetime]:
    chance, at, found = random.Random(7), START - 60 * DAY, []
    while at < START + MONTH:
        at += HOUR * chance.expovariate(per_h)
        found.append(at)
    return found


def simulate(
    published: list[datetime],
    window: int,
    *,
    kind: FeedKind = FeedKind.FEED,
    declared_min: int | None = None,
    with_dates: bool = True,
    feed_id: int = 7,
) -> Month:
    """A feed that shows the last `window` of what was published, polled whenever the policy says."""
    feed = FeedForPoll(
        id=feed_id,
        url="https://city.example/rss",
        kind=kind,
        found_kind=kind,
        link_selector=None,
        link_pattern=None,
        interval_min=declared_min or 60,
        validators=Validators(),
        body_sha=None,
        baseline_done=False,
        failures=0,
        failing_since=None,
        last_full_at=None,
        source_key="city",
        source_name="City",
        source_language="en",
        source_country="GB",
        is_interval_declared=declared_min is not None,
    )
    stored: dict[str, str] = {}
    polls: list[Poll] = []
    first_shown, now = 0, START
    while now < START + MONTH:
        end = bisect.bisect_right(published, now)
        shown = range(max(0, end - window), end)
        if not polls:
            first_shown = shown.start
        entries = tuple(entry(number, published[number] if with_dates else None) for number in reversed(shown))
        intent = schedule.read(
            feed,
            ParsedFeed(kind, "City", "en", None, entries),
            {one.key: "1" for one in entries if one.key in stored},
            now,
            validators=Validators(),
            body_sha="b",
            moved_to=None,
            full=True,
            max_age_s=None,
        )
        stored.update((one.key, "1") for one in intent.new_entries)
        polls.append(Poll(now, intent))
        feed = after(feed, intent)
        assert intent.next_at is not None
        now = intent.next_at
    missed = sum(f"{number}" not in stored for number in range(first_shown, first_shown + len(stored)))
    return Month(polls, missed, feed)


def entry(number: int, published_at: datetime | None) -> EntryData:
    return EntryData(
        f"{number}", None, f"https://city.example/{number}", "T", "", "", None, None, published_at, "en", "1"
    )


def after(feed: FeedForPoll, intent: PollIntent) -> FeedForPoll:
    """What storage would hand out next time."""
    return replace(
        feed,
        baseline_done=True,
        failures=intent.failures,
        failing_since=intent.failing_since,
        habit=intent.habit,
        health=intent.health,
        health_since=intent.health_since,
        last_polled_at=intent.polled_at,
        last_ok_at=intent.polled_at if intent.outcome in (Outcome.OK, Outcome.EMPTY) else feed.last_ok_at,
        last_new_at=intent.polled_at if intent.new_entries else feed.last_new_at,
    )


@pytest.mark.parametrize(("per_h", "window"), [(0.5, 20), (1, 30), (4, 10), (4, 50), (20, 30)])
def test_the_overlap_of_a_steady_feed_lands_in_the_band(per_h: float, window: int) -> None:
    month = simulate(steadily(per_h), window)
    shares = month.shares()
    assert 1 / 3 <= median(shares) <= 2 / 3
    assert sum(1 / 3 <= one <= 2 / 3 for one in shares) >= 0.8 * len(shares)
    assert month.missed == 0
    assert not any(one.intent.gap for one in month.polls)


@pytest.mark.parametrize(("per_h", "window"), [(1, 10), (4, 10), (4, 30), (20, 30)])
@pytest.mark.parametrize("pace", [steadily, by_office_hours, at_random])
def test_hardly_anything_is_missed_whatever_the_rhythm(pace: object, per_h: float, window: int) -> None:
    published = pace(per_h)  # type: ignore[operator]
    month = simulate(published, window)
    allowed = len(published) / 3 / 1000 if pace is at_random else 0  # one in a thousand of the month's entries
    assert month.missed <= allowed
    alone = [one.intent for one in month.polls[1:] if not one.intent.known_entries]
    assert all(one.gap for one in alone), "where something may be missing, it is said"


@pytest.mark.parametrize(("per_h", "window", "most"), [(0.02, 30, 1.2), (0.2, 30, 1.2), (4, 30, 10), (20, 30, 36)])
def test_requests_follow_the_pace_of_the_feed(per_h: float, window: int, most: float) -> None:
    assert simulate(steadily(per_h), window).per_day(since=15 * DAY) <= most


def test_a_long_list_is_not_left_until_it_looks_like_a_flood() -> None:
    month = simulate(steadily(20), 200)
    assert max(len(one.intent.new_entries) for one in month.polls[1:]) <= 50
    assert not any(one.intent.history_keys for one in month.polls)


def test_a_declared_interval_is_the_longest_wait_and_not_the_shortest() -> None:
    declared = simulate(steadily(0.2), 30, declared_min=240)
    assert (
        max(later.at - one.at for one, later in zip(declared.polls[1:], declared.polls[2:], strict=False))
        <= 1.1 * 4 * HOUR
    )
    hurried = simulate(steadily(20), 10, declared_min=240)
    assert hurried.missed <= 110, "one gap of its first hours"
    assert hurried.per_day(since=15 * DAY) > 48


def test_a_page_that_lists_everything_is_asked_several_times_between_its_news() -> None:
    month = simulate(steadily(0.2), 200, kind=FeedKind.PAGE, with_dates=False)
    assert 3 * 4.8 <= month.per_day(since=5 * DAY) <= 24
    still = simulate([START - DAY], 200, kind=FeedKind.PAGE, with_dates=False)
    assert still.per_day(since=15 * DAY) <= 1.2


def test_a_feed_that_shows_one_entry_is_neither_hunted_nor_forgotten() -> None:
    month = simulate(steadily(1 / 24), 1)
    assert month.missed == 0
    assert 2 <= month.per_day(since=10 * DAY) <= 25, "each new entry replaces all: it stays at the hour it began with"


def test_feeds_that_were_added_together_spread_over_their_interval() -> None:
    polls = [simulate([START - 400 * DAY], 1, feed_id=number).polls[1].at - START for number in range(1, 61)]
    tenth = HOUR / 10
    for begin in range(60):
        inside = [at for at in polls if begin * HOUR / 60 <= at < begin * HOUR / 60 + tenth]
        assert len(inside) <= 0.2 * len(polls)
    assert max(polls) <= HOUR


def test_a_feed_that_dies_silently_is_quiet_once() -> None:
    alive = [at for at in steadily(0.2) if at < START + 5 * DAY]
    month = simulate(alive, 30)
    turns = [one.intent.turn for one in month.polls if one.intent.turn is not None]
    assert [turn.after for turn in turns] == [FeedHealth.QUIET]
    begun = next(one.at for one in month.polls if one.intent.turn is not None)
    assert START + 7.5 * DAY < begun < START + 10 * DAY
