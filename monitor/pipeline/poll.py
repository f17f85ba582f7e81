"""Stage one: ask feeds what is new. A feed's entries commit together with its ETag and body hash; several feeds are
read and written together, each asked on its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from monitor.domain import novelty, schedule, telegram, urls
from monitor.domain.model.sources import (
    FeedForPoll,
    FeedKind,
    FeedReport,
    ParseFailed,
    PollIntent,
    Validators,
)
from monitor.domain.outcomes import Outcome
from monitor.pipeline.gather import ACCEPT_FEED, Gathering, backfill, gather
from monitor.pipeline.outage import Outage
from monitor.pipeline.quarantine import PARSE, guarded
from monitor.ports import (
    Fetched,
    Fetcher,
    FetchFailed,
    FetchRequest,
    Mailbox,
    NotModified,
    Parser,
    Purpose,
    Units,
)


@dataclass(frozen=True, slots=True)
class Polling:
    """What the stage needs."""

    fetcher: Fetcher
    parser: Parser
    units: Units
    outage: Outage = field(default_factory=Outage)  # one for all polls of a process
    mailbox: Mailbox | None = None  # None: none is configured

    @property
    def gathering(self) -> Gathering:
        """What getting all entries of a feed needs."""
        return Gathering(self.fetcher, self.parser, self._stored)

    def _stored(self, feed_id: int, keys: Sequence[str]) -> Collection[str]:
        with self.units() as unit:
            return unit.entry_shas(feed_id, keys)


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed that was asked, and what is to be written of it."""

    feed: FeedForPoll
    intent: PollIntent
    duration_s: float


def load_feeds(feed_ids: Sequence[int], polling: Polling) -> Mapping[int, FeedForPoll]:
    """What the feeds are polled by; those that are gone or paused are absent."""
    with polling.units() as unit:
        return unit.feeds_for_poll(feed_ids)


def ask_feed(feed: FeedForPoll, now: datetime, polling: Polling) -> Asked:
    """Ask one feed; nothing of it is stored yet. Never raises for what the feed's server does."""
    started = perf_counter()
    intent = _ask(feed, now, polling)
    return Asked(feed, intent, perf_counter() - started)


def store_polls(asked: Sequence[Asked], polling: Polling) -> tuple[FeedReport, ...]:
    """Write what feeds answered, all in one transaction; durable when it returns."""
    with polling.units() as unit:
        unit.apply_polls([one.intent for one in asked])
        unit.commit()
    return tuple(_report(one) for one in asked)


def _report(asked: Asked) -> FeedReport:
    feed, intent = asked.feed, asked.intent
    return FeedReport(
        feed_id=feed.id,
        source_key=feed.source_key,
        url=feed.url,
        outcome=intent.outcome,
        detail=intent.detail,
        seen=intent.seen_entries,
        new=len(intent.new_entries),
        changed=len(intent.changed_entries),
        duration_s=asked.duration_s,
        next_at=intent.next_at,
        health=intent.health,
        gap=intent.gap,
        filled=intent.filled,
        history=len(intent.history_keys),
    )


def _ask(feed: FeedForPoll, now: datetime, polling: Polling) -> PollIntent:
    if feed.kind is FeedKind.MAILBOX:
        return _open_mailbox(feed, now, polling)
    full = schedule.wants_full_body(feed, now)
    validators = Validators() if full else feed.validators
    purpose = Purpose.PAGE if FeedKind.PAGE in (feed.kind, feed.found_kind) else Purpose.FEED
    answer = polling.fetcher.fetch(FetchRequest(telegram.polled_url(feed), purpose, validators, ACCEPT_FEED))
    outcome = answer.outcome if isinstance(answer, FetchFailed) else Outcome.OK
    outcome = polling.outage.judged(urls.host_of(feed.url) or feed.url, outcome, now)
    if isinstance(answer, FetchFailed):
        return schedule.failed(feed, outcome, answer.detail, now, retry_after_s=answer.retry_after_s)
    if isinstance(answer, NotModified):
        if full:
            return schedule.failed(feed, Outcome.PROTOCOL, "304 to a request without validators", now)
        return schedule.unchanged(
            feed, Outcome.NOT_MODIFIED, now, validators=feed.validators, full=False, max_age_s=answer.max_age_s
        )
    if answer.body_sha == feed.body_sha:
        return schedule.unchanged(
            feed,
            Outcome.UNCHANGED,
            now,
            validators=answer.validators,
            full=full,
            max_age_s=answer.max_age_s,
            moved_to=answer.permanent_url,
        )
    return _read(feed, answer, full, now, polling)


def _open_mailbox(feed: FeedForPoll, now: datetime, polling: Polling) -> PollIntent:
    """The mails since last time; the position in the mailbox is kept where other feeds keep their ETag."""
    if polling.mailbox is None:
        return schedule.failed(feed, Outcome.BAD_URL, "no mailbox is configured", now)
    found = polling.mailbox.read(feed.validators.etag, now)
    if isinstance(found, FetchFailed):
        return schedule.failed(feed, found.outcome, found.detail, now)
    position = Validators(etag=found.position)
    if not found.parsed.entries:
        return schedule.unchanged(feed, Outcome.NOT_MODIFIED, now, validators=position, full=False, max_age_s=None)
    with polling.units() as unit:
        stored = unit.entry_shas(feed.id, [entry.key for entry in found.parsed.entries])
    return schedule.read(
        feed,
        found.parsed,
        stored,
        now,
        validators=position,
        body_sha="",
        moved_to=None,
        full=False,
        max_age_s=None,
    )


def _read(feed: FeedForPoll, answer: Fetched, full: bool, now: datetime, polling: Polling) -> PollIntent:
    gathered = guarded(
        lambda: gather(feed, answer, now, polling.gathering),
        ParseFailed, PARSE, answer.body_sha, answer.final_url, now, polling.units,
    )  # fmt: skip
    if isinstance(gathered, ParseFailed):
        return schedule.failed(feed, gathered.outcome, gathered.detail, now)
    answer, parsed = gathered.answer, gathered.parsed
    with polling.units() as unit:
        stored = unit.entry_shas(feed.id, [entry.key for entry in parsed.entries])
        relinked = False
        if novelty.has_no_overlap(feed, parsed.entries, stored):
            titles = unit.entry_titles(feed.id, [entry.title for entry in parsed.entries])
            relinked = novelty.are_relinked(parsed.entries, titles)
    intent = schedule.read(
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
        relinked=relinked,
    )
    return _filled(feed, intent, now, polling) if intent.gap else intent


def _filled(feed: FeedForPoll, intent: PollIntent, now: datetime, polling: Polling) -> PollIntent:
    """What was published between the two polls and neither of them shows, where a sitemap tells of it."""
    found = backfill(feed, feed.last_ok_at or now, now, polling.gathering, intent.new_entries)
    return schedule.filled(intent, found.entries, found.sitemap_url)


def record_fault(feed_id: int, now: datetime, detail: str, polling: Polling) -> None:
    """A fault of ours on this feed counts like a failure of it: backed off, visible, never a loop."""
    with polling.units() as unit:
        feed = unit.feeds_for_poll([feed_id]).get(feed_id)
        if feed is not None:
            unit.apply_polls([schedule.failed(feed, Outcome.INTERNAL, detail, now)])
            unit.commit()
