"""What the first page of the morning is made of, beside events: how far the archive looks, and what is sent next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.model.digests import ChannelKind, Coverage, ToldEvent
from monitor.domain.model.health import FeedHealth
from monitor.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class TroubledFeed:
    """A feed whose health is not what it should be."""

    source_key: str
    source_name: str
    url: str
    health: FeedHealth
    since: datetime | None
    outcome: Outcome | None  # of the last poll


@dataclass(frozen=True, slots=True)
class Reach:
    """What was read since a moment, and how the sources do: whether silence means silence."""

    coverage: Coverage
    sources: int  # followed, not paused
    well: int  # of them those with all feeds in order
    unread: int  # of them those that were never polled
    troubled: tuple[TroubledFeed, ...]  # the latest trouble first, bounded
    polls: int  # since the moment
    last_polled_at: datetime | None
    next_poll_at: datetime | None  # None: nothing is to be polled


@dataclass(frozen=True, slots=True)
class ToldWindow:
    """Events with what was learnt of them in a stretch of the event-change log."""

    after_seq: int
    to_seq: int
    events: tuple[ToldEvent, ...]
    is_cut: bool  # there was more: these are the latest changes


@dataclass(frozen=True, slots=True)
class UpcomingDigest:
    """A subscription that is not paused."""

    subscription_id: int
    key: str
    channel: ChannelKind
    language: str
    recipients: int
    next_at: datetime
    last_composed_at: datetime | None
