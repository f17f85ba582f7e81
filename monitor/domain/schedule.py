"""When to come back to a feed, to an entry's page: all retry and interval policy in one place, pure.

Grading and never stopping after Media Cloud's fetcher; taking the longest of our interval, the feed's TTL, Retry-After
and Cache-Control after Miniflux.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, PollIntent, Validators
from monitor.domain.outcomes import Outcome, Severity, severity

MAX_INTERVAL = timedelta(hours=24)  # what servers ask for is honoured up to a day ...
MAX_BACKOFF = timedelta(hours=24)
LONG_BACKOFF = timedelta(days=7)  # ... and a feed that failed for a month is asked once a week: never a final stop
LONG_FAILURE = timedelta(days=30)
FULL_FETCH_EVERY = timedelta(hours=24)  # catches servers whose ETag lies (faults A22)
JITTER = 0.10  # of the interval, either way, so that feeds do not stay in step

# How a failure's severity stretches the interval: a network fault heals soon, a wrong address hardly.
_STEP = {Severity.TEMPORARY: 1, Severity.SOFT: 2, Severity.HARD: 4}

# An article page that cannot be reached is tried again from its entry after these waits, then its feed text serves.
PAGE_RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))


def wants_full_body(feed: FeedForPoll, now: datetime) -> bool:
    """Whether to leave the validators out this time."""
    return feed.last_full_at is None or now - feed.last_full_at >= FULL_FETCH_EVERY


def read(
    feed: FeedForPoll,
    parsed: ParsedFeed,
    stored: Mapping[str, str],
    now: datetime,
    *,
    validators: Validators,
    body_sha: str,
    moved_to: str | None,
    full: bool,
    max_age_s: int | None,
    found_url: str | None = None,
) -> PollIntent:
    """The feed was read: which entries are new or changed, and when to come back."""
    new = tuple(entry for entry in parsed.entries if entry.key not in stored)
    changed = tuple(entry for entry in parsed.entries if stored.get(entry.key, entry.content_sha) != entry.content_sha)
    return _succeeded(
        feed,
        now,
        Outcome.OK if parsed.entries else Outcome.EMPTY,
        detail=", ".join(parsed.notes),
        validators=validators,
        body_sha=body_sha,
        found_kind=parsed.kind,
        moved_to=moved_to,
        full=full,
        wish=_wish(parsed.ttl_min, max_age_s),
        new=new,
        changed=changed,
        seen=len(parsed.entries),
        found_url=found_url,
    )


def unchanged(
    feed: FeedForPoll, outcome: Outcome, now: datetime, *, validators: Validators, full: bool, max_age_s: int | None
) -> PollIntent:
    """Nothing new since last time: `NOT_MODIFIED` by the server's word, `UNCHANGED` by the body's hash."""
    return _succeeded(
        feed,
        now,
        outcome,
        detail="",
        validators=validators,
        body_sha=feed.body_sha,
        found_kind=feed.found_kind,
        moved_to=None,
        full=full,
        wish=_wish(None, max_age_s),
    )


def failed(
    feed: FeedForPoll, outcome: Outcome, detail: str, now: datetime, *, retry_after_s: float | None = None
) -> PollIntent:
    """It could not be read: count it and back off; what is stored stays as it is."""
    failures = feed.failures if outcome is Outcome.THROTTLED else feed.failures + 1
    since = feed.failing_since or now
    return PollIntent(
        feed_id=feed.id,
        polled_at=now,
        outcome=outcome,
        detail=detail,
        next_at=_after_failure(feed, outcome, failures, since, now, retry_after_s),
        failures=failures,
        failing_since=since,
        validators=feed.validators,
        body_sha=feed.body_sha,
        found_kind=feed.found_kind,
        moved_to=None,
        full=False,
    )


def page_retry_at(
    attempts: int, outcome: Outcome, now: datetime, retry_after_s: float | None = None
) -> datetime | None:
    """When to try an article page again after its `attempts`-th failure (from 1); None: use what the feed gave."""
    if severity(outcome) is not Severity.TEMPORARY or attempts > len(PAGE_RETRIES):
        return None
    wait = PAGE_RETRIES[attempts - 1]
    if retry_after_s is not None:
        wait = max(wait, _asked(retry_after_s))
    return now + wait


def _succeeded(
    feed: FeedForPoll,
    now: datetime,
    outcome: Outcome,
    *,
    detail: str,
    validators: Validators,
    body_sha: str | None,
    found_kind: FeedKind | None,
    moved_to: str | None,
    full: bool,
    wish: timedelta,
    new: tuple[EntryData, ...] = (),
    changed: tuple[EntryData, ...] = (),
    seen: int = 0,
    found_url: str | None = None,
) -> PollIntent:
    interval = max(timedelta(minutes=feed.interval_min), min(wish, MAX_INTERVAL))
    return PollIntent(
        feed_id=feed.id,
        polled_at=now,
        outcome=outcome,
        detail=detail,
        next_at=now + _jittered(interval, feed.id, now),
        failures=0,
        failing_since=None,
        validators=validators,
        body_sha=body_sha,
        found_kind=found_kind,
        moved_to=moved_to,
        full=full,
        found_url=found_url,
        new_entries=new,
        changed_entries=changed,
        baseline=not feed.baseline_done,
        seen_entries=seen,
    )


def _wish(ttl_min: int | None, max_age_s: int | None) -> timedelta:
    """What feed and server ask for."""
    return max(_asked((ttl_min or 0) * 60), _asked(max_age_s or 0))


def _asked(seconds: float) -> timedelta:
    """What somebody else asks for, within bounds: headers and feeds may hold any number, or none (NaN)."""
    if not seconds > 0:
        return timedelta()
    return timedelta(seconds=min(seconds, MAX_INTERVAL.total_seconds()))


def _after_failure(
    feed: FeedForPoll,
    outcome: Outcome,
    failures: int,
    since: datetime,
    now: datetime,
    retry_after_s: float | None,
) -> datetime | None:
    if severity(outcome) is Severity.FINAL:
        return None
    ceiling = LONG_BACKOFF if now - since >= LONG_FAILURE else MAX_BACKOFF
    doublings = min(max(0, failures - 1), 12)
    interval = timedelta(minutes=feed.interval_min) * _STEP.get(severity(outcome), 1) * 2**doublings
    wait = _jittered(min(interval, ceiling), feed.id, now)
    if retry_after_s is not None:
        wait = max(wait, _asked(retry_after_s))
    return now + wait


def _jittered(interval: timedelta, feed_id: int, now: datetime) -> timedelta:
    """The interval, moved by up to `JITTER` either way; the same for the same feed and moment."""
    seed = hashlib.blake2b(f"{feed_id}:{now.timestamp()}".encode(), digest_size=4).digest()
    share = int.from_bytes(seed, "big") / 0xFFFF_FFFF
    return interval * (1 + JITTER * (2 * share - 1))
