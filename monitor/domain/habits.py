"""What polls teach about a feed: how fast its list of entries turns over, and how often it has news. Pure.

A feed shows a window of its latest entries. When two polls in a row share some of them, nothing can have been missed in
between; Media Cloud's fetcher aims at a third to two thirds of known entries, and so do we: fewer shorten the interval
at once, more lengthen it slowly, so that a quiet night or weekend does not undo what a busy morning taught.

Pages and sitemaps list everything, and all of it is known nearly always. That proves that nothing is missed, but an
interval that grew on it would learn of news late; theirs also stays below a share of the usual time between news.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain.model.health import FeedHabit
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind

MIN_INTERVAL_MIN = 5.0  # the least that the settings allow
MAX_INTERVAL_MIN = 24 * 60.0  # a feed whose interval nobody declared may slow down to this
MIN_NEW, MAX_NEW = 1 / 3, 2 / 3  # Media Cloud: between a third and two thirds of the entries are known
AIM_NEW = 1 / 2
GAP_STEP = 1 / 4  # without any overlap the true rate is unknown, and higher than what was seen
# The interval grows e-fold in this time while nearly all is known; below the interval that it started from faster,
# since a single burst is no habit. Where the busiest hours could fill half of the window, silence teaches nothing
# before it is longer than a weekend: a quiet night must not undo what a busy morning taught. Tuned together on a month
# of steady, random and office-hours feeds (tests/domain/test_polling_simulation.py).
GROWTH = timedelta(days=5)
RECOVERY = timedelta(days=2)
SILENCE = timedelta(days=3)
BUSIEST = 4.0  # times the pace of the whole week: an office works some 50 of its 168 hours
A_STEP = timedelta(hours=12)  # the first news after a weekend shows a part of the morning, not a new pace
SMALL_WINDOW = 5  # fewer entries turn over by chance: their usual pace counts, not what one poll found
WINDOW_COUNTED = 50  # of longer lists: half of it may be new without looking like a flood (`novelty.FLOOD_ENTRIES`)
FIRST_GUESS_MIN = (
    10.0  # what the dates of the first poll alone may shorten the interval to: they may be those of an import
)
DATES_FOR_A_GUESS = 5
POLLS_A_NEWS_GAP = 4  # of a list that shows everything
RATE_MEMORY_H = 7 * 24.0
_UP, _DOWN = 0.5, 0.1  # how fast the usual time between news follows a longer and a shorter one: nights, weekends

_LISTS_ALL = (FeedKind.PAGE, FeedKind.SITEMAP)


def start_min(feed: FeedForPoll) -> float:
    """The interval before anything is learnt, in minutes."""
    return max(MIN_INTERVAL_MIN, float(feed.interval_min))


def interval_min(feed: FeedForPoll, habit: FeedHabit) -> float:
    """The interval in force, in minutes: the learned one, never longer than what the operator declared for the feed."""
    learned = start_min(feed) if habit.interval_min is None else habit.interval_min
    return _bounded(learned, feed)


def safe_wait_min(habit: FeedHabit) -> float:
    """Minutes after which a third of the window is still known, at the usual pace; infinite where nothing is known."""
    if not habit.news_per_h or habit.window < SMALL_WINDOW:
        return math.inf
    return max(MIN_INTERVAL_MIN, 60 * MAX_NEW * habit.window / habit.news_per_h)


def first(feed: FeedForPoll, shown: Sequence[EntryData], now: datetime) -> FeedHabit:
    """What the baseline teaches: its dates tell the pace, roughly."""
    dates = sorted(one.published_at for one in shown if one.published_at is not None and one.published_at <= now)
    habit = FeedHabit(window=len(shown), last_news_at=dates[-1] if dates else now, reading=feed.habit.reading)
    if len(dates) < DATES_FOR_A_GUESS or dates[-1] == dates[0]:
        return habit
    span_h = (dates[-1] - dates[0]) / timedelta(hours=1)
    turnover_min = 60 * span_h * len(shown) / len(dates)
    guess = max(FIRST_GUESS_MIN, turnover_min * AIM_NEW)
    return replace(
        habit,
        interval_min=guess if guess < start_min(feed) else None,
        news_per_h=(len(dates) - 1) / span_h,
        news_gap_h=span_h / (len(dates) - 1),
    )


def after_reading(
    feed: FeedForPoll, kind: FeedKind | None, shown: int, news: int, now: datetime, *, gap: bool
) -> FeedHabit:
    """What a poll teaches that showed so many entries, `news` of them never seen and no old stock."""
    habit = _counted(replace(feed.habit, window=shown), feed, news, now)
    if kind is FeedKind.MAILBOX:
        return habit  # every mail is shown once: nothing turns over
    share = min(1.0, news / min(shown, WINDOW_COUNTED)) if shown else 0.0
    elapsed = _elapsed_min(feed, now)
    if elapsed is None:
        return habit
    if shown < SMALL_WINDOW and feed.habit.last_news_at is not None:
        elapsed = max(elapsed, (now - feed.habit.last_news_at) / timedelta(minutes=1))
    learned = _by_overlap(feed, share, elapsed, now, gap=gap)
    return replace(habit, interval_min=_bounded(_timely(learned, habit, feed, kind, now), feed))


def after_silence(feed: FeedForPoll, now: datetime) -> FeedHabit:
    """What a poll teaches that found all as it was."""
    return after_reading(feed, feed.found_kind or feed.kind, feed.habit.window, 0, now, gap=False)


def _by_overlap(feed: FeedForPoll, share: float, elapsed: float, now: datetime, *, gap: bool) -> float:
    current = interval_min(feed, feed.habit)
    # A poll shortly after the last one, by hand or after a restart, measures a moment and not a pace.
    measured = max(elapsed, current / 2)
    if gap:
        return min(current, measured * GAP_STEP)
    if share > MAX_NEW:
        return min(current, measured * AIM_NEW / share)
    if share >= MIN_NEW:
        return current
    silent = timedelta() if feed.habit.last_news_at is None else now - feed.habit.last_news_at
    if share:
        growing, longest = min(silent, A_STEP), measured * AIM_NEW / share
    else:
        is_telling = silent > SILENCE or current < _far_from_full_min(feed.habit)
        growing, longest = timedelta(minutes=elapsed) if is_telling else timedelta(), math.inf
    growth = growing / (GROWTH if current >= start_min(feed) else RECOVERY)
    return min(current * (1 + min(growth, 1.0)), max(current, longest))


def _far_from_full_min(habit: FeedHabit) -> float:
    """Up to this interval even the busiest hours bring less than half of the window."""
    if habit.news_per_h is None or not habit.window:
        return 0.0
    if not habit.news_per_h:
        return math.inf
    return 60 * AIM_NEW * min(habit.window, WINDOW_COUNTED) / (BUSIEST * habit.news_per_h)


def _timely(learned: float, habit: FeedHabit, feed: FeedForPoll, kind: FeedKind | None, now: datetime) -> float:
    """A list of everything is asked several times within the usual gap between its news."""
    if kind not in _LISTS_ALL:
        return learned
    silent_h = 0.0 if habit.last_news_at is None else (now - habit.last_news_at) / timedelta(hours=1)
    gap_h = max(habit.news_gap_h or 0.0, silent_h)
    return min(learned, max(start_min(feed), 60 * gap_h / POLLS_A_NEWS_GAP))


def _bounded(minutes: float, feed: FeedForPoll) -> float:
    longest = start_min(feed) if feed.is_interval_declared else max(start_min(feed), MAX_INTERVAL_MIN)
    return min(max(minutes, MIN_INTERVAL_MIN), longest)


def _elapsed_min(feed: FeedForPoll, now: datetime) -> float | None:
    """Since the last good poll; None: there was none, or the clock was set back."""
    if feed.last_ok_at is None or feed.last_ok_at >= now:
        return None
    return (now - feed.last_ok_at) / timedelta(minutes=1)


def _counted(habit: FeedHabit, feed: FeedForPoll, news: int, now: datetime) -> FeedHabit:
    """The pace and the time between news, followed."""
    elapsed = _elapsed_min(feed, now)
    if elapsed is not None:
        hours = elapsed / 60
        before = habit.news_per_h
        if before is None:
            rate = news / max(hours, 24.0)
        else:
            rate = before + (1 - math.exp(-hours / RATE_MEMORY_H)) * (news / hours - before)
        habit = replace(habit, news_per_h=rate)
    if not news:
        return habit
    gap_h = habit.news_gap_h
    if habit.last_news_at is not None and habit.last_news_at < now:
        sample = (now - habit.last_news_at) / timedelta(hours=1)
        gap_h = sample if gap_h is None else gap_h + (_UP if sample > gap_h else _DOWN) * (sample - gap_h)
    return replace(habit, news_gap_h=gap_h, last_news_at=now)
