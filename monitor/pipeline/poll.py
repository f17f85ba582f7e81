"""Stage one: ask a feed what is new. One feed, one transaction; entries commit together with ETag and body hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from monitor.domain import schedule
from monitor.domain.model.sources import (
    FeedForPoll,
    FeedKind,
    FeedReport,
    ParsedFeed,
    ParseFailed,
    PollIntent,
    Validators,
)
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched, Fetcher, FetchFailed, FetchRequest, NotModified, Parser, Purpose, Units

ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
MAX_LINKED_FEEDS = 3  # a page may link a feed of comments beside the one of news


@dataclass(frozen=True, slots=True)
class Polling:
    """What the stage needs."""

    fetcher: Fetcher
    parser: Parser
    units: Units


def poll_feed(feed_id: int, now: datetime, polling: Polling) -> FeedReport | None:
    """Poll one feed; None: it is gone or paused. Never raises for what the feed's server does."""
    started = perf_counter()
    with polling.units() as unit:
        feed = unit.feed_for_poll(feed_id)
    if feed is None:
        return None
    intent = _ask(feed, now, polling)
    with polling.units() as unit:
        unit.apply_poll(intent)
        unit.commit()
    return FeedReport(
        feed_id=feed.id,
        source_key=feed.source_key,
        url=feed.url,
        outcome=intent.outcome,
        detail=intent.detail,
        seen=intent.seen_entries,
        new=len(intent.new_entries),
        changed=len(intent.changed_entries),
        duration_s=perf_counter() - started,
        next_at=intent.next_at,
    )


def _ask(feed: FeedForPoll, now: datetime, polling: Polling) -> PollIntent:
    full = schedule.wants_full_body(feed, now)
    validators = Validators() if full else feed.validators
    purpose = Purpose.PAGE if FeedKind.PAGE in (feed.kind, feed.found_kind) else Purpose.FEED
    answer = polling.fetcher.fetch(FetchRequest(feed.url, purpose, validators, ACCEPT_FEED))
    if isinstance(answer, FetchFailed):
        return schedule.failed(feed, answer.outcome, answer.detail, now, retry_after_s=answer.retry_after_s)
    if isinstance(answer, NotModified):
        if full:
            return schedule.failed(feed, Outcome.PROTOCOL, "304 to a request without validators", now)
        return schedule.unchanged(
            feed, Outcome.NOT_MODIFIED, now, validators=feed.validators, full=False, max_age_s=answer.max_age_s
        )
    if answer.body_sha == feed.body_sha:
        return schedule.unchanged(
            feed, Outcome.UNCHANGED, now, validators=answer.validators, full=full, max_age_s=answer.max_age_s
        )
    return _read(feed, answer, full, now, polling)


def _read(feed: FeedForPoll, answer: Fetched, full: bool, now: datetime, polling: Polling) -> PollIntent:
    kind = feed.kind if feed.kind is not FeedKind.AUTO else feed.found_kind or FeedKind.AUTO
    parsed = polling.parser.parse(answer, kind, now, feed.link_selector, feed.link_pattern)
    found_url = None
    if kind is FeedKind.AUTO and not (isinstance(parsed, ParsedFeed) and parsed.kind is FeedKind.FEED):
        linked = _follow_link(answer, now, polling)
        if linked is not None:
            answer, parsed, found_url = linked[0], linked[1], linked[0].final_url
    if isinstance(parsed, ParseFailed):
        return schedule.failed(feed, parsed.outcome, parsed.detail, now)
    with polling.units() as unit:
        stored = unit.entry_shas(feed.id, [entry.key for entry in parsed.entries])
    return schedule.read(
        feed,
        parsed,
        stored,
        now,
        validators=answer.validators,
        body_sha=answer.body_sha,
        moved_to=answer.permanent_url if found_url is None else None,
        full=full,
        max_age_s=answer.max_age_s,
        found_url=found_url,
    )


def _follow_link(page: Fetched, now: datetime, polling: Polling) -> tuple[Fetched, ParsedFeed] | None:
    """The first feed that an `auto` page links to and that can be read: better than the links on the page."""
    for url in polling.parser.linked_feeds(page)[:MAX_LINKED_FEEDS]:
        answer = polling.fetcher.fetch(FetchRequest(url, Purpose.FEED, accept=ACCEPT_FEED))
        if isinstance(answer, Fetched):
            parsed = polling.parser.parse(answer, FeedKind.FEED, now)
            if isinstance(parsed, ParsedFeed) and parsed.entries:
                return answer, parsed
    return None


def record_fault(feed_id: int, now: datetime, detail: str, polling: Polling) -> None:
    """A fault of ours on this feed counts like a failure of it: backed off, visible, never a loop."""
    with polling.units() as unit:
        feed = unit.feed_for_poll(feed_id)
        if feed is not None:
            unit.apply_poll(schedule.failed(feed, Outcome.INTERNAL, detail, now))
            unit.commit()
