"""From the answer of a feed's address to its entries, where that takes more than one document: a page that links its
feed, a paginated archive, an index of sitemaps, the sitemap that fills a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, ParseFailed
from monitor.ports import Fetched, Fetcher, FetchRequest, Parser, Purpose

ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
MAX_LINKED_FEEDS = 3  # a page may link a feed of comments beside the one of news


@dataclass(frozen=True, slots=True)
class Gathering:
    """What it needs."""

    fetcher: Fetcher
    parser: Parser


@dataclass(frozen=True, slots=True)
class Gathered:
    """The entries, and the document that stands for the feed from now on."""

    parsed: ParsedFeed
    answer: Fetched
    found_url: str | None = None  # the feed that an `auto` page links to


def gather(feed: FeedForPoll, answer: Fetched, now: datetime, gathering: Gathering) -> Gathered | ParseFailed:
    """All entries behind an answer; never raises for what servers do."""
    kind = feed.kind if feed.kind is not FeedKind.AUTO else feed.found_kind or FeedKind.AUTO
    parsed = gathering.parser.parse(answer, kind, now, feed.link_selector, feed.link_pattern)
    if kind is FeedKind.AUTO and not (isinstance(parsed, ParsedFeed) and parsed.kind is FeedKind.FEED):
        linked = _follow_link(answer, now, gathering)
        if linked is not None:
            return linked
    return parsed if isinstance(parsed, ParseFailed) else Gathered(parsed, answer)


def backfill(feed: FeedForPoll, since: datetime, now: datetime, gathering: Gathering) -> tuple[EntryData, ...]:
    """What the sitemap of a feed's site names as published after `since`: to fill a gap. Empty where none is known."""
    del feed, since, now, gathering
    return ()


def _follow_link(page: Fetched, now: datetime, gathering: Gathering) -> Gathered | None:
    """The first feed that an `auto` page links to and that can be read: better than the links on the page."""
    for url in gathering.parser.linked_feeds(page)[:MAX_LINKED_FEEDS]:
        answer = gathering.fetcher.fetch(FetchRequest(url, Purpose.FEED, accept=ACCEPT_FEED))
        if isinstance(answer, Fetched):
            parsed = gathering.parser.parse(answer, FeedKind.FEED, now)
            if isinstance(parsed, ParsedFeed) and parsed.entries:
                return Gathered(parsed, answer, answer.final_url)
    return None
