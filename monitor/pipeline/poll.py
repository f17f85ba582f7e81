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
    ParseFailed,
    PollIntent,
    Validators,
)
from monitor.domain.outcomes import Outcome
from monitor.pipeline.gather import ACCEPT_FEED, Gathering, gather
from monitor.ports import Fetched, Fetcher, FetchFailed, FetchRequest, NotModified, Parser, Purpose, Units


@dataclass(frozen=True, slots=True)
class Polling:
    """What the stage needs."""

    fetcher: Fetcher
    parser: Parser
    units: Units

    @property
    def gathering(self) -> Gathering:
        """What getting all entries of a feed needs."""
        return Gathering(self.fetcher, self.parser)


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
    gathered = gather(feed, answer, now, polling.gathering)
    if isinstance(gathered, ParseFailed):
        return schedule.failed(feed, gathered.outcome, gathered.detail, now)
    answer, parsed = gathered.answer, gathered.parsed
    with polling.units() as unit:
        stored = unit.entry_shas(feed.id, [entry.key for entry in parsed.entries])
    return schedule.read(
        feed,
        parsed,
        stored,
        now,
        validators=answer.validators,
        body_sha=answer.body_sha,
        moved_to=answer.permanent_url if gathered.found_url is None else None,
        full=full,
        max_age_s=answer.max_age_s,
        found_url=gathered.found_url,
    )


def record_fault(feed_id: int, now: datetime, detail: str, polling: Polling) -> None:
    """A fault of ours on this feed counts like a failure of it: backed off, visible, never a loop."""
    with polling.units() as unit:
        feed = unit.feed_for_poll(feed_id)
        if feed is not None:
            unit.apply_poll(schedule.failed(feed, Outcome.INTERNAL, detail, now))
            unit.commit()
