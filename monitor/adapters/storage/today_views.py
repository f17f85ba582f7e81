"""What the first page of the morning reads: bounded, however large the archive."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.coverage import coverage
from monitor.adapters.storage.expectations import read_expectations
from monitor.adapters.storage.health import FINE
from monitor.adapters.storage.material import told_between
from monitor.adapters.storage.subscriptions import last_seq, read_subscription
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.partnerships import Expectation, ExpectationState
from monitor.domain.model.today import Reach, ToldWindow, TroubledFeed, UpcomingDigest
from monitor.domain.outcomes import Outcome

MAX_CHANGES = 300  # of the event-change log on one page
MAX_TROUBLED = 100
MAX_EXPECTED = 500


# ---------------------------------------------------------------- what was learnt


def told_since(connection: Connection, since: datetime) -> ToldWindow:
    """See `Archive.told_since`."""
    after_seq, to_seq = seq_at(connection, since), last_seq(connection)
    return _told(connection, after_seq, to_seq)


def told_after(connection: Connection, after_seq: int) -> ToldWindow:
    """See `Archive.told_after`."""
    return _told(connection, after_seq, last_seq(connection))


def _told(connection: Connection, after_seq: int, to_seq: int) -> ToldWindow:
    events = told_between(connection, after_seq, to_seq, MAX_CHANGES)
    shown = sum(len(one.changes) for one in events)
    return ToldWindow(after_seq, to_seq, events, shown >= MAX_CHANGES)


def seq_at(connection: Connection, moment: datetime) -> int:
    """The number of the last change up to a moment; 0: none. The log is in the order of time, so that it is
    halved until the place is found: it needs no index by moment.
    """
    columns = t.event_change.c
    low, high = 0, last_seq(connection)
    while low < high:
        middle = (low + high + 1) // 2
        nearest = select(columns.at).where(columns.seq <= middle).order_by(columns.seq.desc()).limit(1)
        at = connection.scalar(nearest)
        if at is not None and at <= moment:
            low = middle
        else:
            high = middle - 1
    return low


# ---------------------------------------------------------------- what is to come


def expected_between(connection: Connection, first: date, last: date) -> tuple[Expectation, ...]:
    """See `Archive.expected_between`."""
    columns = t.expectation.c
    statement = (
        select(t.expectation)
        .where(
            columns.state == ExpectationState.OPEN.value,
            columns.closes_on >= first,
            columns.opens_on <= last,
        )
        .order_by(columns.closes_on, columns.key)
    )
    inside = (
        one
        for one in read_expectations(connection, statement)
        if one.expected.when.starts_on <= last and one.expected.when.ends_on >= first
    )
    return tuple(sorted(inside, key=lambda one: (one.expected.when.starts_on, one.expected.key)))[:MAX_EXPECTED]


def upcoming_digests(connection: Connection) -> tuple[UpcomingDigest, ...]:
    """See `Archive.upcoming_digests`."""
    columns = t.subscription.c
    statement = select(t.subscription).where(columns.paused.is_(False)).order_by(columns.next_at, columns.key)
    found = []
    for row in connection.execute(statement).mappings():
        data = read_subscription(row)
        found.append(
            UpcomingDigest(
                subscription_id=row["id"],
                key=row["key"],
                channel=data.channel,
                language=data.language,
                recipients=len(data.recipients),
                next_at=row["next_at"],
                last_composed_at=row["last_composed_at"],
            )
        )
    return tuple(found)


# ---------------------------------------------------------------- how far we look


def reach(connection: Connection, since: datetime, now: datetime) -> Reach:
    """See `Archive.reach`."""
    feeds = _feeds(connection)
    polled = [at for rows in feeds.values() for _, at, _ in rows if at is not None]
    due = [at for rows in feeds.values() for _, _, at in rows if at is not None]
    return Reach(
        coverage=coverage(connection, since, now),
        sources=len(feeds),
        well=sum(all(health == FeedHealth.OK.value for health, _, _ in rows) for rows in feeds.values()),
        unread=sum(all(at is None for _, at, _ in rows) for rows in feeds.values()),
        troubled=_troubled(connection),
        polls=connection.scalar(select(func.count()).where(t.poll.c.polled_at > since)) or 0,
        last_polled_at=max(polled, default=None),
        next_poll_at=min(due, default=None),
    )


def _feeds(connection: Connection) -> dict[int, list[tuple[str, datetime | None, datetime | None]]]:
    """By source that is followed: health, last poll and next poll of each feed."""
    feed, source = t.feed.c, t.source.c
    statement = (
        select(feed.source_id, feed.health, feed.last_polled_at, feed.next_at)
        .join(t.source, source.id == feed.source_id)
        .where(feed.followed, source.paused.is_(False))
    )
    found: dict[int, list[tuple[str, datetime | None, datetime | None]]] = defaultdict(list)
    for source_id, health, polled_at, next_at in connection.execute(statement):
        found[source_id].append((health, polled_at, next_at))
    return found


def _troubled(connection: Connection) -> tuple[TroubledFeed, ...]:
    feed, source = t.feed.c, t.source.c
    statement = (
        select(t.feed, source.key, source.name)
        .join(t.source, source.id == feed.source_id)
        .where(feed.followed, source.paused.is_(False), feed.health.not_in(FINE))
        .order_by(feed.health_since.desc(), source.key, feed.id)
        .limit(MAX_TROUBLED)
    )
    return tuple(
        TroubledFeed(
            source_key=row["key"],
            source_name=row["name"],
            url=row["found_url"] or row["url"],
            health=FeedHealth(row["health"]),
            since=row["health_since"],
            outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None,
        )
        for row in connection.execute(statement).mappings()
    )
