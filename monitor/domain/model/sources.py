"""Sources, feeds and entries: what is followed, and what a poll brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn
from monitor.domain.outcomes import Outcome

DEFAULT_QUOTE_CHARS = 300  # a few sentences: what citing needs


class FeedKind(StrEnum):
    """How a feed's address is read."""

    AUTO = "auto"  # found out at the first poll
    FEED = "feed"  # RSS, Atom, RDF, JSON Feed
    PAGE = "page"  # links on a page
    SITEMAP = "sitemap"  # addresses with dates; an index of sitemaps too
    TELEGRAM = "telegram"  # the public preview of a channel, t.me/s/NAME
    MAILBOX = "mailbox"  # the newsletters that arrive in the operator's IMAP mailbox


class Rights(StrEnum):
    """What may be shown of a source's text."""

    LINK = "link"
    QUOTE = "quote"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class TextRights:
    """The same with the length of a quote. The default is that of texts whose source is gone or unknown: citing needs
    nobody's leave.
    """

    rights: Rights = Rights.QUOTE
    quote_chars: int = DEFAULT_QUOTE_CHARS


@dataclass(frozen=True, slots=True)
class FeedData:
    """One pollable address as declared."""

    url: str
    kind: FeedKind = FeedKind.AUTO
    link_selector: str | None = None  # CSS selector of the links that are entries; pages only
    link_pattern: str | None = None  # regular expression searched in the absolute link; pages only
    interval_min: int | None = None  # None: the default of the settings
    max_pages: int = 1  # pages of a paginated archive, or of a feed that names its next, that one poll may walk
    next_selector: str | None = None  # CSS selector of the link to the next page; None: rel=next


@dataclass(frozen=True, slots=True)
class SourceData:
    """A publisher as declared in configuration, OPML or on the command line."""

    key: str  # stable, unique, [a-z0-9-]
    name: str
    feeds: tuple[FeedData, ...]
    home_page: str | None = None
    language: str | None = None  # BCP 47 primary subtag; None: unknown
    country: str | None = None  # ISO 3166-1 alpha-2
    trust: int = 1  # 0 unverified copy shop, 1 press, 2 official
    rights: Rights = Rights.QUOTE
    about_relations: bool = False  # e.g. a friendship association: a prior for relevance, named in the reasons
    paused: bool = False
    quote_chars: int = DEFAULT_QUOTE_CHARS  # how much of a text `rights = quote` shows
    tdm_licensed: bool = False  # the publisher allowed us what its TDM reservation keeps from others
    place_id: str | None = None  # whose city, province or institution it speaks for or reports on


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" (RFC 9110 section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FeedForPoll:
    """The state of a feed that a poll needs."""

    id: int
    url: str  # the address to ask: the feed found behind an `auto` page, else the declared one
    kind: FeedKind
    found_kind: FeedKind | None  # what auto turned out to be; None before the first success
    link_selector: str | None
    link_pattern: str | None
    interval_min: int
    validators: Validators
    body_sha: str | None
    baseline_done: bool
    failures: int  # consecutive
    failing_since: datetime | None
    last_full_at: datetime | None  # last poll that got and parsed a body unconditionally
    source_key: str
    source_name: str
    source_language: str | None
    source_country: str | None
    max_pages: int = 1
    next_selector: str | None = None
    sitemap_url: str | None = None  # where a gap can be filled from, once known
    habit: FeedHabit = FeedHabit()  # noqa: RUF009 - frozen value
    health: FeedHealth = FeedHealth.NEW
    health_since: datetime | None = None
    moved_to: str | None = None  # permanent redirect seen before
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    is_interval_declared: bool = False  # `interval_min` is the operator's word, not the default of the settings


@dataclass(frozen=True, slots=True)
class EntryData:
    """An item as the feed shows it, cleaned; every field may be missing in the wild."""

    key: str  # unique within the feed, made by `urls.entry_key`
    guid: str | None
    url: str | None  # absolute http(s), canonical spelling; None: the entry has no usable link
    title: str
    summary: str  # plain text
    content: str  # plain text, "" where the feed has none
    author: str | None
    published_raw: str | None  # as the feed says it
    published_at: datetime | None  # aware UTC, within [1990, now + 24 h]
    language: str | None
    content_sha: str  # over title, summary, content and date: a change means "fetch again"


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed or page that could be read; entries in the order of the document."""

    kind: FeedKind
    title: str | None
    language: str | None
    home_page: str | None
    entries: tuple[EntryData, ...]
    ttl_min: int | None = None  # the feed's own wish
    notes: tuple[str, ...] = ()  # fixed labels: guid-not-unique, entries-cut, charset-uncertain, malformed
    next_page: str | None = None  # absolute address of the following page of a paginated archive
    sitemaps: tuple[str, ...] = ()  # the members of a sitemap index, newest first; then there are no entries


@dataclass(frozen=True, slots=True)
class ParseFailed:
    """A body that is no feed, or killed its reader."""

    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class PollIntent:
    """What storage must write after a poll, in one transaction: the decision of `schedule.decide_poll`."""

    feed_id: int
    polled_at: datetime
    outcome: Outcome
    detail: str
    next_at: datetime | None  # None: never again (410)
    failures: int
    failing_since: datetime | None
    validators: Validators
    body_sha: str | None
    found_kind: FeedKind | None
    moved_to: str | None  # where a permanent redirect leads; None: there is none (any more)
    full: bool  # a body was read unconditionally
    new_entries: tuple[EntryData, ...] = ()
    changed_entries: tuple[EntryData, ...] = ()
    found_url: str | None = None  # the feed that an `auto` page links to: polled instead of the declared address
    baseline: bool = False  # the new entries are the baseline: stored, linked, never announced
    history_keys: frozenset[str] = frozenset()  # those of the new entries that are taken like the baseline: old stock
    seen_entries: int = 0
    known_entries: int = 0  # of the seen ones: the overlap with what was stored before
    gap: bool = False  # no overlap with the previous poll: something may have been missed
    filled: int = 0  # entries among the new ones that a sitemap gave to fill the gap
    habit: FeedHabit = FeedHabit()  # noqa: RUF009 - frozen value
    health: FeedHealth = FeedHealth.OK
    health_since: datetime | None = None
    turn: HealthTurn | None = None  # what is told, once
    sitemap_url: str | None = None  # None: as it was


@dataclass(frozen=True, slots=True)
class FeedReport:
    """One poll, told: the log line and the row of the command line's table."""

    feed_id: int
    source_key: str
    url: str
    outcome: Outcome
    detail: str
    seen: int
    new: int
    changed: int
    duration_s: float
    next_at: datetime | None
    health: FeedHealth = FeedHealth.OK
    gap: bool = False
    filled: int = 0  # of the new entries: found to fill the gap
    history: int = 0  # of the new entries: old stock, never announced
