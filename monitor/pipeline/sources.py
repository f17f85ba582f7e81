"""What people do with sources, by command or on a page: poll now, pause, follow a move, add, exchange lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.domain.model.articles import ArticleData, Label, TextPath
from monitor.domain.model.source_pages import FeedState, SourceListed, SourceState
from monitor.domain.model.sources import EntryData, FeedData, FeedKind, SourceData
from monitor.domain.polling_words import leaves_us_out_until
from monitor.domain.source_keys import free_key, slug
from monitor.domain.telegram import channel_name, is_telegram
from monitor.domain.text import clean_line
from monitor.domain.urls import canonical_url
from monitor.errors import ConfigurationError, NotFound, Refused
from monitor.pipeline.discover import Choice, Discovery, discover
from monitor.pipeline.tryout import Trying, try_article
from monitor.ports import Archive, Fetcher, LanguageIdentifier, Parser, Stage, Units, WorkQueue

NOT_AGAIN_WITHIN = timedelta(minutes=1)  # somebody on a page presses a button twice
MAX_NAME_CHARS = 200
RESERVED_KEYS = frozenset({"add", "coverage", "opml"})  # these are other pages

# ---------------------------------------------------------------- polling


def poll_now(key: str, now: datetime, archive: Archive, queue: WorkQueue, *, patiently: bool = False) -> SourceState:
    """Make the feeds of a source due at once; raises `NotFound`, and `Refused` where it is paused.

    With `patiently` feeds that were just polled, or whose server asked to be left alone, are left out; `Refused` where
    that leaves none.
    """
    source = state_of(key, archive)
    if source.paused:
        raise Refused(f"source {key!r} is paused; say `monitor source resume {key}` first")
    asked = [one for one in source.feeds if not patiently or not _wants_peace(one, now)]
    if source.feeds and not asked:
        raise Refused(f"source {key!r} was polled just now, or its server asked to be left alone")
    queue.hurry(Stage.POLL, [one.id for one in asked], now)
    return source


def state_of(key: str, archive: Archive) -> SourceState:
    """The source of that key; raises `NotFound`."""
    found = archive.source_states([key])
    if not found:
        raise NotFound(f"no source has the key {key!r}")
    return found[0]


def _wants_peace(feed: FeedState, now: datetime) -> bool:
    if leaves_us_out_until(feed, now) is not None:
        return True
    return feed.last_polled_at is not None and timedelta() <= now - feed.last_polled_at < NOT_AGAIN_WITHIN


def set_paused(key: str, paused: bool, now: datetime, units: Units) -> None:
    """A person's word, which the declared stock does not undo; raises `NotFound`."""
    with units() as unit:
        unit.set_source_paused(key, paused, now)
        unit.commit()


def accept_move(key: str, now: datetime, units: Units, url: str | None = None) -> tuple[tuple[str, str], ...]:
    """Poll what has moved, or the feed at `url`, at its new address; raises as `UnitOfWork.move_feed`."""
    with units() as unit:
        moved = unit.move_feed(key, now, url)
        unit.commit()
    return moved


# ---------------------------------------------------------------- adding


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of a source beside its address; None: what can be found out."""

    key: str | None = None
    name: str | None = None
    language: str | None = None
    country: str | None = None
    selector: str | None = None
    pattern: str | None = None
    next_selector: str | None = None
    max_pages: int = 1


def address(typed: str) -> str:
    """What somebody typed as an address; raises `ConfigurationError`."""
    typed = typed.strip()
    found = canonical_url(typed if "://" in typed else f"https://{typed}")
    if found is None:
        raise ConfigurationError(f"{typed!r} is no http:// or https:// address")
    return found


def look(
    typed: str, now: datetime, fetcher: Fetcher, parser: Parser, selector: str | None = None, pattern: str | None = None
) -> Discovery:
    """How an address can be followed; nothing is stored. Raises `ConfigurationError` for what is no address."""
    return discover(address(typed), now, fetcher, parser, selector, pattern)


def source_for(url: str, choice: Choice | None, wish: Wish) -> SourceData:
    """The source that follows `url` in the way chosen; without a choice the first poll finds out."""
    host = urlsplit(url).hostname or url
    feed = replace(_feed(url, choice, wish), next_selector=wish.next_selector, max_pages=wish.max_pages)
    return SourceData(
        key=wish.key or slug((is_telegram(url) and channel_name(url)) or host.removeprefix("www.")),
        name=clean_line(wish.name or (choice and choice.parsed.title) or host, MAX_NAME_CHARS),
        feeds=(feed,),
        language=wish.language,
        country=wish.country,
    )


def _feed(url: str, choice: Choice | None, wish: Wish) -> FeedData:
    if wish.selector or wish.pattern:
        return FeedData(url, FeedKind.PAGE, wish.selector, wish.pattern)
    return FeedData(url) if choice is None else FeedData(choice.url, choice.kind, choice.selector)


def put(source: SourceData, by: str, now: datetime, units: Units) -> None:
    """Follow a source, in place of one with its key; `by`: cli, web."""
    with units() as unit:
        unit.add_source(source, now, by)
        unit.commit()


def add(source: SourceData, by: str, now: datetime, archive: Archive, units: Units) -> str:
    """Follow a source under a key of its own, which is returned; raises `Refused` where its address is followed."""
    known = archive.source_index()
    follower = next((one.key for one in known if {feed.url for feed in source.feeds} & one.urls), None)
    if follower is not None:
        raise Refused(f"{source.feeds[0].url} is followed already: {follower}")
    key = free_key(source.key, {one.key for one in known} | RESERVED_KEYS)
    put(replace(source, key=key), by, now, units)
    return key


# ---------------------------------------------------------------- what would become of its entries


@dataclass(frozen=True, slots=True)
class EntryTried:
    """An entry and what the rules say of what the feed shows of it."""

    entry: EntryData
    language: str | None
    label: Label


def try_entries(
    choice: Choice, limit: int, now: datetime, trying: Trying, languages: LanguageIdentifier
) -> tuple[EntryTried, ...]:
    """The newest entries, judged by title and summary alone: their pages are not fetched, and nothing is stored."""
    found = []
    for entry in newest(choice.parsed.entries, limit):
        text = entry.content or entry.summary
        language = languages.identify(f"{entry.title}\n{text}", entry.language or choice.parsed.language)
        day = entry.published_at.date() if entry.published_at else None
        path = TextPath.FEED_SUMMARY if text else TextPath.TITLE_ONLY
        article = ArticleData(entry.title, text, path, published_on=day, language=language)
        tried = try_article(article, entry.url or choice.url, None, now, trying)
        found.append(EntryTried(entry, language, tried.label))
    return tuple(found)


def newest(entries: Sequence[EntryData], limit: int) -> tuple[EntryData, ...]:
    """By date where all have one, else as the document has them."""
    if all(one.published_at is not None for one in entries):
        entries = sorted(entries, key=lambda one: str(one.published_at), reverse=True)
    return tuple(entries[:limit])


# ---------------------------------------------------------------- lists that readers exchange


def not_followed(declared: Iterable[SourceData], known: Iterable[SourceListed]) -> tuple[SourceData, ...]:
    """Those of a list none of whose feeds is followed, under keys of their own."""
    known = tuple(known)
    followed = {url for one in known for url in one.urls}
    taken = {one.key for one in known} | RESERVED_KEYS
    fresh = []
    for source in declared:
        if followed.isdisjoint(feed.url for feed in source.feeds):
            key = free_key(source.key, taken)
            taken.add(key)
            fresh.append(replace(source, key=key))
    return tuple(fresh)


def add_all(fresh: Collection[SourceData], by: str, now: datetime, units: Units) -> None:
    """Follow them all, or none."""
    with units() as unit:
        for source in fresh:
            unit.add_source(source, now, by)
        unit.commit()


def exported(archive: Archive) -> tuple[SourceData, ...]:
    """All sources as a list tells them, by key."""
    keys = [one.key for one in archive.source_index()]
    return tuple(
        SourceData(
            key=one.key,
            name=one.name,
            feeds=tuple(FeedData(feed.declared_url, feed.kind) for feed in one.feeds),
            home_page=one.home_page,
            language=one.language,
            country=one.country,
        )
        for one in archive.source_states(keys)
    )
