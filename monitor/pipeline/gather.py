"""From the answer of a feed's address to its entries, where that takes more than one document: a page that links its
feed, a paginated archive, an index of sitemaps, the sitemap that fills a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor.domain import sitemaps, telegram
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import host_of, same_site, url_key
from monitor.ports import Fetched, Fetcher, FetchFailed, FetchRequest, NotModified, Parser, Purpose

ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
ACCEPT_PLAIN = "text/plain, */*;q=0.5"
MAX_LINKED_FEEDS = 3  # a page may link a feed of comments beside the one of news
MAX_ENTRIES = 2_000  # of one poll, design section 8
MAX_PAGES = 50  # of an archive in one poll, whatever is declared: a minute at one request a second
CHANNEL_PAGES = 10  # that one poll reads back in a channel to where it was: 200 messages
MAX_MEMBERS = 5  # of an index of sitemaps that one poll reads: this month's and what else changed
MAX_SITEMAPS_TRIED = 4  # to find the one that can fill a gap
MAX_FILLED = 200  # entries that fill one gap: a fortnight of a busy city paper

PAGES_MISSING = "pages-missing"  # a later page or a member could not be read

KnownKeys = Callable[[int, Sequence[str]], Collection[str]]  # feed id and entry keys -> those that are stored


def nothing_known(_feed_id: int, _keys: Sequence[str]) -> Collection[str]:
    """For feeds that are not stored yet."""
    return ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """What it needs."""

    fetcher: Fetcher
    parser: Parser
    known_keys: KnownKeys = nothing_known


@dataclass(frozen=True, slots=True)
class Gathered:
    """The entries, and the document that stands for the feed from now on."""

    parsed: ParsedFeed
    answer: Fetched
    found_url: str | None = None  # the feed that an `auto` page links to


@dataclass(frozen=True, slots=True)
class Backfill:
    """What a sitemap gave to fill a gap."""

    entries: tuple[EntryData, ...] = ()  # not stored yet, newest first
    sitemap_url: str | None = None  # where to look the next time; None: none was found


def gather(feed: FeedForPoll, answer: Fetched, now: datetime, gathering: Gathering) -> Gathered | ParseFailed:
    """All entries behind an answer; never raises for what servers do."""
    kind = feed.kind if feed.kind is not FeedKind.AUTO else feed.found_kind or FeedKind.AUTO
    kind = FeedKind.TELEGRAM if telegram.is_channel(feed) else kind
    parsed = _parse(feed, answer, kind, now, gathering)
    if kind is FeedKind.AUTO and not (isinstance(parsed, ParsedFeed) and parsed.kind is not FeedKind.PAGE):
        linked = _follow_link(answer, now, gathering)
        if linked is not None:
            return linked
    if isinstance(parsed, ParseFailed):
        return parsed
    if parsed.sitemaps:
        return _follow_members(feed, Gathered(parsed, answer), now, gathering)
    feed = replace(feed, max_pages=_pages_wanted(feed, parsed, gathering))
    if parsed.next_page is not None and feed.max_pages > 1:
        parsed = _follow_pages(feed, Gathered(parsed, answer), now, gathering)
    return Gathered(parsed, answer)


def _parse(
    feed: FeedForPoll, answer: Fetched, kind: FeedKind, now: datetime, gathering: Gathering
) -> ParsedFeed | ParseFailed:
    return gathering.parser.parse(answer, kind, now, feed.link_selector, feed.link_pattern, feed.next_selector)


def _follow_link(page: Fetched, now: datetime, gathering: Gathering) -> Gathered | None:
    """The first feed that an `auto` page links to and that can be read: better than the links on the page."""
    for url in gathering.parser.linked_feeds(page)[:MAX_LINKED_FEEDS]:
        answer = gathering.fetcher.fetch(FetchRequest(url, Purpose.FEED, accept=ACCEPT_FEED))
        if isinstance(answer, Fetched):
            parsed = gathering.parser.parse(answer, FeedKind.FEED, now)
            if isinstance(parsed, ParsedFeed) and parsed.entries:
                return Gathered(parsed, answer, answer.final_url)
    return None


# ---------------------------------------------------------------- pages of an archive


def _follow_pages(feed: FeedForPoll, first: Gathered, now: datetime, gathering: Gathering) -> ParsedFeed:
    """The entries of the first page and of those that follow, until one brings nothing new or the bound is reached."""
    purpose = Purpose.PAGE if first.parsed.kind is FeedKind.PAGE else Purpose.FEED
    pages, walked = [first.parsed], {url_key(feed.url), url_key(first.answer.final_url)}
    seen: set[str] = set()
    while len(pages) < min(feed.max_pages, MAX_PAGES) and _brings_news(feed, pages[-1], seen, gathering):
        url = pages[-1].next_page
        if url is None or url_key(url) in walked or not _is_same_site(url, first.answer.final_url):
            break
        walked.add(url_key(url))
        page = _read(feed, url, purpose, first.parsed.kind, now, gathering)
        if isinstance(page, ParseFailed):
            return _together(pages, PAGES_MISSING)
        pages.append(page)
    return _together(pages)


def _pages_wanted(feed: FeedForPoll, first: ParsedFeed, gathering: Gathering) -> int:
    """What was declared; of a channel that has written more than a page since the last poll as many as that takes."""
    if first.kind is not FeedKind.TELEGRAM or not feed.baseline_done or not first.entries:
        return feed.max_pages
    missed = not gathering.known_keys(feed.id, [entry.key for entry in first.entries])
    return max(feed.max_pages, CHANNEL_PAGES) if missed else feed.max_pages


def _brings_news(feed: FeedForPoll, page: ParsedFeed, seen: set[str], gathering: Gathering) -> bool:
    """Whether a page has entries that neither an earlier page nor the archive has; they count as seen from now on."""
    fresh = [entry.key for entry in page.entries if entry.key not in seen]
    seen.update(fresh)
    return bool(fresh) and len(gathering.known_keys(feed.id, fresh)) < len(fresh)


def _read(
    feed: FeedForPoll, url: str, purpose: Purpose, kind: FeedKind, now: datetime, gathering: Gathering
) -> ParsedFeed | ParseFailed:
    answer = gathering.fetcher.fetch(FetchRequest(url, purpose, accept=ACCEPT_FEED))
    if isinstance(answer, NotModified):
        return ParseFailed(Outcome.PROTOCOL, "304 to a request without validators")
    if isinstance(answer, FetchFailed):
        return ParseFailed(answer.outcome, answer.detail)
    return _parse(feed, answer, kind, now, gathering)


def _together(pages: Sequence[ParsedFeed], *notes: str) -> ParsedFeed:
    """One feed of several documents: the first tells what it is, entries by their first appearance."""
    entries = {entry.key: entry for page in reversed(pages) for entry in reversed(page.entries)}
    ordered = tuple(dict.fromkeys(entry.key for page in pages for entry in page.entries))
    told = dict.fromkeys((*(note for page in pages for note in page.notes), *notes))
    return replace(pages[0], entries=tuple(entries[key] for key in ordered[:MAX_ENTRIES]), notes=tuple(told))


def _is_same_site(url: str, other: str) -> bool:
    return same_site(host_of(url) or "", host_of(other) or "")


# ---------------------------------------------------------------- sitemaps


def _follow_members(feed: FeedForPoll, index: Gathered, now: datetime, gathering: Gathering) -> Gathered | ParseFailed:
    """The entries of the likeliest members of an index; an index within an index is taken apart too."""
    sites = (index.answer.final_url, feed.url)
    waiting = _members(index.parsed, sites)
    asked, read, seen = {url_key(index.answer.final_url)}, [index.parsed], set[str]()
    failed: ParseFailed | None = None
    while waiting and len(asked) <= MAX_MEMBERS:
        url = waiting.pop(0)
        if url_key(url) in asked:
            continue
        asked.add(url_key(url))
        member = _read(feed, url, Purpose.FEED, FeedKind.SITEMAP, now, gathering)
        if isinstance(member, ParseFailed):
            failed = member
            continue
        waiting = _members(member, sites) + waiting
        read.append(member)
        if member.entries and not _brings_news(feed, member, seen, gathering):
            break
    if failed is not None and len(read) == 1:
        return replace(failed, detail=f"no member of the index can be read: {failed.detail}")
    return Gathered(_together(read, *((PAGES_MISSING,) if failed else ())), _never_unchanged(index.answer, asked))


def _members(index: ParsedFeed, sites: Sequence[str]) -> list[str]:
    """Only those of the same site: a sitemap may name any address, and would make us ask anybody."""
    return [member for member in index.sitemaps if any(_is_same_site(member, site) for site in sites)]


def _never_unchanged(index: Fetched, asked: Collection[str]) -> Fetched:
    """The answer of an index, remembered so that the next one differs: its members change without it."""
    return replace(index, validators=Validators(), body_sha=f"index of {len(asked) - 1}")


def backfill(
    feed: FeedForPoll, since: datetime, now: datetime, gathering: Gathering, seen: Sequence[EntryData] = ()
) -> Backfill:
    """What the sitemap of a feed's site names as published after `since`: to fill a gap. `seen` are the entries that
    the feed shows now: they tell the site and the part of it that the feed is about.
    """
    shown = [entry.url for entry in seen if entry.url is not None] or [feed.url]
    candidates = (feed.sitemap_url,) if feed.sitemap_url else _sitemaps_of(shown, gathering)
    for url in candidates[:MAX_SITEMAPS_TRIED]:
        entries = _sitemap_entries(feed, url, shown[0], now, gathering)
        if entries:
            missed = sitemaps.missed(entries, shown, since, MAX_FILLED)
            known = gathering.known_keys(feed.id, [entry.key for entry in missed])
            return Backfill(tuple(entry for entry in missed if entry.key not in known), url)
    return Backfill()


def _sitemap_entries(
    feed: FeedForPoll, url: str, site: str, now: datetime, gathering: Gathering
) -> tuple[EntryData, ...]:
    answer = gathering.fetcher.fetch(FetchRequest(url, Purpose.FEED, accept=ACCEPT_FEED))
    if not isinstance(answer, Fetched):
        return ()
    as_sitemap = replace(feed, url=site, kind=FeedKind.SITEMAP, link_selector=None, link_pattern=None)
    gathered = gather(as_sitemap, answer, now, gathering)
    return gathered.parsed.entries if isinstance(gathered, Gathered) else ()


def _sitemaps_of(urls: Sequence[str], gathering: Gathering) -> tuple[str, ...]:
    """Where the site that most of the addresses are on keeps its sitemaps: as its robots.txt says, else as usual."""
    where = sitemaps.section(urls)
    if where is None:
        return ()
    home = next(url for url in urls if host_of(url) == where[0])
    return find_sitemaps(home, gathering.fetcher)


def find_sitemaps(home: str, fetcher: Fetcher) -> tuple[str, ...]:
    """The sitemaps that the robots.txt of a site names, likely ones of news first; else the usual ones, untried."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(home))
    answer = fetcher.fetch(FetchRequest(f"{origin}/robots.txt", Purpose.FEED, accept=ACCEPT_PLAIN))
    named: tuple[str, ...] = ()
    if isinstance(answer, Fetched):
        text = answer.body[: sitemaps.MAX_ROBOTS_CHARS].decode("utf-8", "replace")
        named = sitemaps.named_in_robots(text, answer.final_url)
    return named or tuple(f"{origin}{path}" for path in sitemaps.COMMON_PATHS)
