"""How a feed does and what it is used to: what the polling policy and the people who look after it go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FeedHealth(StrEnum):
    """The state of a feed, told once when it changes and once when it recovers."""

    NEW = "new"  # not read yet: not polled, or in vain so far
    OK = "ok"
    EMPTY = "empty"  # valid, without entries
    QUIET = "quiet"  # nothing new for longer than its own habit
    MOVED = "moved"  # a permanent redirect leads elsewhere
    BLOCKED = "blocked"  # the server refuses us: 401, 403, 451, robots, TDM reservation, a login or captcha page
    BROKEN = "broken"  # it cannot be reached or read
    DEGRADED = "degraded"  # read, but the articles behind it come out short or in another language than usual
    GONE = "gone"  # 410: asked no more


@dataclass(frozen=True, slots=True)
class ReadingHabit:
    """What the articles behind a feed are like, over its life and of late: smoothed values."""

    articles: int = 0  # read so far
    usual_chars: float = 0.0  # length of a text
    recent_chars: float = 0.0
    usual_thin: float = 0.0  # share of articles without usable text of their own, in [0, 1]
    recent_thin: float = 0.0
    usual_foreign: float = 0.0  # share of articles in another language than the source declares, in [0, 1]
    recent_foreign: float = 0.0


@dataclass(frozen=True, slots=True)
class FeedHabit:
    """What past polls and articles taught about a feed. Smoothed values; None: not enough seen yet."""

    interval_min: float | None = None  # the learned interval: consecutive polls overlap by a third to two thirds
    window: int = 0  # entries that the last reading showed
    news_per_h: float | None = None  # new entries an hour, over the last week or so
    news_gap_h: float | None = None  # usual hours between polls that bring something new
    last_news_at: datetime | None = None  # the latest news: by its own date at the first poll, then when it was seen
    reading: ReadingHabit = ReadingHabit()  # written as articles are read, not by polls


@dataclass(frozen=True, slots=True)
class HealthTurn:
    """That a feed's health changes, and why."""

    before: FeedHealth
    after: FeedHealth
    detail: str  # the new address, the outcome of the failure, or ""


@dataclass(frozen=True, slots=True)
class HealthChange:
    """One turn of a feed's health: what is told once."""

    feed_id: int
    source_key: str
    source_name: str
    url: str
    at: datetime
    before: FeedHealth
    after: FeedHealth
    detail: str  # e.g. the new address, the outcome of the failure
