"""How a feed does and what it is used to: what the polling policy and the people who look after it go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FeedHealth(StrEnum):
    """The state of a feed, told once when it changes and once when it recovers."""

    NEW = "new"  # not polled yet
    OK = "ok"
    EMPTY = "empty"  # valid, without entries
    QUIET = "quiet"  # nothing new for longer than its own habit
    MOVED = "moved"  # a permanent redirect leads elsewhere
    BLOCKED = "blocked"  # the server refuses us: 401, 403, 451, robots, TDM reservation, a login or captcha page
    BROKEN = "broken"  # it cannot be reached or read
    DEGRADED = "degraded"  # read, but the articles behind it come out short or in another language than usual
    GONE = "gone"  # 410: asked no more


@dataclass(frozen=True, slots=True)
class FeedHabit:
    """What past polls and articles taught about a feed. Smoothed values; None: not enough seen yet."""

    interval_min: float | None = None  # the learned interval: consecutive polls overlap by a third to two thirds
    news_gap_h: float | None = None  # usual hours between polls that bring something new
    text_chars: float | None = None  # usual length of the articles' texts
    recent_chars: float | None = None  # the same over the last few articles
    recent_thin: float = 0.0  # share of the last few articles without usable text of their own, in [0, 1]
    recent_foreign: float = 0.0  # share of them in another language than the source declares or is used to, in [0, 1]
    articles: int = 0  # read so far


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
