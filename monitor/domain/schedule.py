"""When to come back to a feed, to an entry's page: all retry and interval policy in one place, pure.

Grading and never stopping after Media Cloud's fetcher; taking the longest of our interval, the feed's TTL, Retry-After
and Cache-Control after Miniflux. What a feed or a cache wishes yields to an interval that the operator declared, and
where waiting so long would lose entries; what a server asks for by Retry-After is obeyed to the second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain import habits, health, novelty
from monitor.domain.model.health import FeedHabit
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, PollIntent, Validators
from monitor.domain.outcomes import Outcome, Severity, severity

MAX_INTERVAL = timedelta(hours=24)  # what servers ask for is honoured up to a day ...
MAX_BACKOFF = timedelta(hours=24)
LONG_BACKOFF = timedelta(days=7)  # ... and a feed that failed for a month is asked once a week: never a final stop
LONG_FAILURE = timedelta(days=30)
FULL_FETCH_EVERY = timedelta(hours=24)  # catches servers whose ETag lies (faults A22)
JITTER = 0.10  # of the interval, either way, so that feeds do not stay in step
BACKOFF_JITTER = 0.20  # faults G10
# Feeds that were added together, or became due together while we slept, are in step: each waits once for its own share
# of the interval, at least this much of it (faults G11).
LEAST_SHARE = 0.05
IN_STEP_AFTER = 2.0  # intervals without a poll
GOLDEN = 0.3819660112501051  # the golden angle: its multiples, modulo 1, spread any number of consecutive ids evenly
OUTAGE_LEAST_SHARE = 0.5  # of the interval; never more than one, so that all is caught up within one (faults A29)

# How a failure's severity stretches the interval: a network fault heals soon, a wrong address hardly.
_STEP = {Severity.TEMPORARY: 1, Severity.SOFT: 2, Severity.HARD: 4}

# An article page that cannot be reached is tried again from its entry after these waits, then its feed text serves.
PAGE_RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))


def wants_full_body(feed: FeedForPoll, now: datetime) -> bool:
    """Whether to leave the validators out this time; a clock that was set back must not put it off for years."""
    return feed.last_full_at is None or abs(now - feed.last_full_at) >= FULL_FETCH_EVERY


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
    relinked: bool = False,
) -> PollIntent:
    """The feed was read: which entries are new or changed, what that teaches, and when to come back.

    `stored` has the content hashes of the known ones among the entries; `relinked`: the others are known by their
    titles, the site has changed its addresses.
    """
    new = tuple(entry for entry in parsed.entries if entry.key not in stored)
    changed = tuple(entry for entry in parsed.entries if stored.get(entry.key, entry.content_sha) != entry.content_sha)
    history = novelty.old_stock(feed, parsed.entries, new, now)
    gap = not relinked and novelty.has_no_overlap(feed, parsed.entries, stored)
    if feed.baseline_done:
        news = 0 if relinked else len(new) - len(history)
        habit = habits.after_reading(feed, parsed.kind, len(parsed.entries), news, now, gap=gap)
    else:
        habit = habits.first(feed, parsed.entries, now)
    intent = _succeeded(
        feed,
        now,
        Outcome.OK if parsed.entries else Outcome.EMPTY,
        detail=", ".join((*parsed.notes, *_flags(gap, relinked, len(history)))),
        validators=validators,
        body_sha=body_sha,
        found_kind=parsed.kind,
        moved_to=moved_to,
        full=full,
        wish=_wish(parsed.ttl_min, max_age_s),
        habit=habit,
    )
    return replace(
        intent,
        new_entries=new,
        changed_entries=changed,
        found_url=found_url,
        baseline=not feed.baseline_done,
        history_keys=history,
        seen_entries=len(parsed.entries),
        known_entries=len(parsed.entries) - len(new),
        gap=gap,
    )


def filled(intent: PollIntent, found: Sequence[EntryData], sitemap_url: str | None) -> PollIntent:
    """The poll with entries that fill its gap: what the feed no longer showed. They are news like its own."""
    shown = {entry.key for entry in intent.new_entries}
    missed = tuple(entry for entry in found if entry.key not in shown)
    return replace(intent, new_entries=(*intent.new_entries, *missed), filled=len(missed), sitemap_url=sitemap_url)


def unchanged(
    feed: FeedForPoll,
    outcome: Outcome,
    now: datetime,
    *,
    validators: Validators,
    full: bool,
    max_age_s: int | None,
    moved_to: str | None = None,
) -> PollIntent:
    """Nothing new since last time: `NOT_MODIFIED` by the server's word, `UNCHANGED` by the body's hash.

    A 304 does not tell whether it was redirected: what was known of that stands.
    """
    return _succeeded(
        feed,
        now,
        outcome,
        detail="",
        validators=validators,
        body_sha=feed.body_sha,
        found_kind=feed.found_kind,
        moved_to=feed.moved_to if outcome is Outcome.NOT_MODIFIED else moved_to,
        full=full,
        wish=_wish(None, max_age_s),
        habit=habits.after_silence(feed, now),
    )


def failed(
    feed: FeedForPoll, outcome: Outcome, detail: str, now: datetime, *, retry_after_s: float | None = None
) -> PollIntent:
    """It could not be read: count it and back off; what is stored stays as it is.

    Not counted: a server that says when to come back (faults A18), and an outage of our own network (faults A29).
    """
    outage = outcome is Outcome.LOCAL_OUTAGE
    asked = outcome is Outcome.THROTTLED and retry_after_s is not None
    failures = feed.failures if outage or asked else feed.failures + 1
    since = feed.failing_since if outage else feed.failing_since or now
    judged = health.after_poll(
        feed, outcome, now, failures=failures, failing_since=since, habit=feed.habit, moved_to=None
    )
    return PollIntent(
        feed_id=feed.id,
        polled_at=now,
        outcome=outcome,
        detail=detail,
        next_at=_after_outage(feed, now)
        if outage
        else _after_failure(feed, outcome, failures, since, now, retry_after_s),
        failures=failures,
        failing_since=since,
        validators=feed.validators,
        body_sha=feed.body_sha,
        found_kind=feed.found_kind,
        moved_to=feed.moved_to,
        full=False,
        habit=feed.habit,
        health=judged.health,
        health_since=judged.since,
        turn=judged.turn,
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
    habit: FeedHabit,
) -> PollIntent:
    interval = timedelta(minutes=habits.interval_min(feed, habit))
    longest_wish = habits.start_min(feed) if feed.is_interval_declared else habits.safe_wait_min(habit)
    wish = min(wish, _minutes(longest_wish))
    confirmed = moved_to if moved_to is not None and moved_to == feed.moved_to else None  # faults A15: two polls agree
    judged = health.after_poll(feed, outcome, now, failures=0, failing_since=None, habit=habit, moved_to=confirmed)
    return PollIntent(
        feed_id=feed.id,
        polled_at=now,
        outcome=outcome,
        detail=detail,
        next_at=now + _wait(max(interval, wish), feed, now),
        failures=0,
        failing_since=None,
        validators=validators,
        body_sha=body_sha,
        found_kind=found_kind,
        moved_to=moved_to,
        full=full,
        habit=habit,
        health=judged.health,
        health_since=judged.since,
        turn=judged.turn,
    )


def _flags(gap: bool, relinked: bool, history: int) -> tuple[str, ...]:
    told = (("gap", gap), ("relinked", relinked), (f"history {history}", history > 0))
    return tuple(label for label, applies in told if applies)


def _wish(ttl_min: int | None, max_age_s: int | None) -> timedelta:
    """What feed and server ask for."""
    return max(_asked((ttl_min or 0) * 60), _asked(max_age_s or 0))


def _asked(seconds: float) -> timedelta:
    """What somebody else asks for, within bounds: headers and feeds may hold any number, or none (NaN)."""
    if not seconds > 0:
        return timedelta()
    return timedelta(seconds=min(seconds, MAX_INTERVAL.total_seconds()))


def _minutes(minutes: float) -> timedelta:
    return timedelta(minutes=min(minutes, MAX_INTERVAL / timedelta(minutes=1)))


def _wait(interval: timedelta, feed: FeedForPoll, now: datetime) -> timedelta:
    """The interval with its jitter; after a first poll or a long sleep only the feed's own share of it."""
    if feed.last_polled_at is None or now - feed.last_polled_at > IN_STEP_AFTER * interval:
        return interval * (LEAST_SHARE + (1 - LEAST_SHARE) * (feed.id * GOLDEN % 1))
    return interval * (1 + JITTER * (2 * _chance(feed, now) - 1))


def _after_outage(feed: FeedForPoll, now: datetime) -> datetime:
    share = OUTAGE_LEAST_SHARE + (1 - OUTAGE_LEAST_SHARE) * _chance(feed, now)
    return now + _base(feed) * share


def _after_failure(
    feed: FeedForPoll,
    outcome: Outcome,
    failures: int,
    since: datetime | None,
    now: datetime,
    retry_after_s: float | None,
) -> datetime | None:
    if severity(outcome) is Severity.FINAL:
        return None
    ceiling = LONG_BACKOFF if since is not None and now - since >= LONG_FAILURE else MAX_BACKOFF
    growth = float(2 ** min(max(0, failures - 1), 12))
    interval = _base(feed) * (_STEP.get(severity(outcome), 1) * growth)
    # At the ceiling the jitter goes downwards only.
    wait = min(interval, ceiling / (1 + BACKOFF_JITTER)) * (1 + BACKOFF_JITTER * (2 * _chance(feed, now) - 1))
    if retry_after_s is not None:
        wait = max(wait, _asked(retry_after_s))
    return now + wait


def _base(feed: FeedForPoll) -> timedelta:
    """What failures are counted in: the interval, but a slow feed is tried again sooner than it would be polled."""
    return timedelta(minutes=min(habits.start_min(feed), habits.interval_min(feed, feed.habit)))


def _chance(feed: FeedForPoll, now: datetime) -> float:
    """A number in [0, 1], the same for the same feed and moment."""
    seed = hashlib.blake2b(f"{feed.id}:{now.timestamp()}".encode(), digest_size=4).digest()
    return int.from_bytes(seed, "big") / 0xFFFF_FFFF
