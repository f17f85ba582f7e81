"""Sources as the people who look after them see them: state, history, and the line of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.model.sources import FeedKind, TextRights
from monitor.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class FeedListed:
    """What of a feed lists go by."""

    urls: tuple[str, ...]  # as declared, and where it was found
    host: str  # of the polled address
    health: FeedHealth


@dataclass(frozen=True, slots=True)
class SourceListed:
    """What lists of sources are filtered and sorted by."""

    key: str
    name: str
    paused: bool
    trust: int
    place_id: str | None
    feeds: tuple[FeedListed, ...]

    @property
    def urls(self) -> frozenset[str]:
        """Every address that is followed."""
        return frozenset(url for feed in self.feeds for url in feed.urls)


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that is known of how a feed does."""

    id: int
    url: str  # what is polled
    declared_url: str
    host: str
    kind: FeedKind
    found_kind: FeedKind | None
    health: FeedHealth
    health_since: datetime | None
    last_outcome: Outcome | None  # None: not polled yet
    last_detail: str
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_at: datetime | None  # None: never again
    lease_until: datetime | None  # None: nobody polls it
    failures: int
    failing_since: datetime | None
    moved_to: str | None
    declared_interval_min: int | None  # None: nobody said
    learned_interval_min: float | None  # None: nothing learnt yet
    news_per_h: float | None  # new entries an hour, over the last weeks
    max_pages: int
    link_selector: str | None
    link_pattern: str | None

    def is_awaited(self, now: datetime) -> bool:
        """Whether a poll is due or under way."""
        return self.next_at is not None and (self.next_at <= now or self.is_polled(now))

    def is_polled(self, now: datetime) -> bool:
        """Whether a poll is under way."""
        return self.lease_until is not None and self.lease_until > now


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source with the state of its feeds."""

    key: str
    name: str
    home_page: str | None
    language: str | None
    country: str | None
    place_id: str | None
    trust: int
    text_rights: TextRights
    tdm_licensed: bool
    about_relations: bool
    paused: bool
    declared_by: str  # config, cli, opml, web
    is_declared: bool  # False: the configuration names it no longer
    is_declared_paused: bool
    added_at: datetime
    feeds: tuple[FeedState, ...]


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One poll of the past."""

    at: datetime
    outcome: Outcome
    detail: str
    seen: int
    new: int
    changed: int
    known: int  # of the seen entries: the overlap with what was stored before
    gap: bool  # no overlap with the poll before: something may have been missed


@dataclass(frozen=True, slots=True)
class DatedTurn:
    """When a feed's health changed."""

    at: datetime
    turn: HealthTurn


@dataclass(frozen=True, slots=True)
class FeedHistory:
    """The latest polls and turns of health, the newest first."""

    polls: tuple[PollRecord, ...]
    turns: tuple[DatedTurn, ...]
    entries: int  # stored; counted up to a bound
