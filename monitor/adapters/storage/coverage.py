"""What was checked since a moment, so that silence can be trusted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from monitor.adapters.storage import tables as t
from monitor.domain.model.articles import Label, Origin
from monitor.domain.model.digests import Coverage, SourceTrouble
from monitor.domain.model.health import FeedHealth, HealthChange
from monitor.domain.outcomes import Outcome

# A poll writes its turn of health under the moment it began, some minutes later at most. Windows of turns end so much
# before the digest, so that each turn lies in exactly one.
SETTLED = timedelta(minutes=5)


def coverage(connection: Connection, since: datetime, now: datetime) -> Coverage:
    """See the model. A feed's state says what its history would: whether its last good poll lies in the window."""
    followed = _followed(connection)
    checked = {one for one, ok_at, *_ in followed if ok_at is not None and ok_at >= since}
    failing: dict[int, SourceTrouble] = {}
    for source_id, ok_at, name, outcome, failing_since in followed:
        fails = failing_since is not None or outcome == Outcome.LOCAL_OUTAGE
        if source_id not in checked and outcome is not None and fails:
            failing.setdefault(source_id, SourceTrouble(name, Outcome(outcome), failing_since or ok_at))
    counted = _by_label(connection, since)
    return Coverage(
        sources=len({one for one, *_ in followed}),
        checked=len(checked),
        failing=tuple(sorted(failing.values(), key=lambda one: one.source_name)),
        articles=sum(number for _, number in counted),
        by_label=counted,
        waiting=_waiting(connection),
        quiet=_quiet(connection),
        changes=_changes(connection, since - SETTLED, now - SETTLED),
    )


def _quiet(connection: Connection) -> int:
    feed, source = t.feed.c, t.source.c
    statement = (
        select(func.count(feed.source_id.distinct()))
        .join(t.source, source.id == feed.source_id)
        .where(feed.followed, source.paused.is_(False), feed.health == FeedHealth.QUIET.value)
    )
    return connection.scalar(statement) or 0


def _changes(connection: Connection, after: datetime, until: datetime) -> tuple[HealthChange, ...]:
    """The last turn of each feed that is followed; one that a later turn has overtaken waits for that to be told."""
    change, feed, source = t.health_change.c, t.feed.c, t.source.c
    statement = (
        select(t.health_change, source.key, source.name, func.coalesce(feed.found_url, feed.url).label("url"))
        .join(t.feed, feed.id == change.feed_id)
        .join(t.source, source.id == feed.source_id)
        .where(change.at > after, change.at <= until, feed.followed, source.paused.is_(False))
        .where(change.after == feed.health)
        .order_by(change.at, change.id)
    )
    last = {row["feed_id"]: row for row in connection.execute(statement).mappings()}
    return tuple(
        HealthChange(
            feed_id=row["feed_id"],
            source_key=row["key"],
            source_name=row["name"],
            url=row["url"],
            at=row["at"],
            before=FeedHealth(row["before"]),
            after=FeedHealth(row["after"]),
            detail=row["detail"],
        )
        for row in sorted(last.values(), key=lambda row: (row["at"], row["id"]))
    )


def _followed(connection: Connection) -> list[tuple[int, datetime | None, str, str | None, datetime | None]]:
    """The feeds of all sources that are followed: source, last good poll, name, last outcome, since when it fails."""
    feed, source = t.feed.c, t.source.c
    statement = (
        select(source.id, feed.last_ok_at, source.name, feed.last_outcome, feed.failing_since)
        .join(t.feed, feed.source_id == source.id)
        .where(source.paused.is_(False), feed.followed)
        .order_by(source.id, feed.id)
    )
    return [
        (source_id, ok_at, name, outcome, failing_since)
        for source_id, ok_at, name, outcome, failing_since in connection.execute(statement)
    ]


def _by_label(connection: Connection, since: datetime) -> tuple[tuple[Label, int], ...]:
    columns = t.article.c
    # As an expression: SQLite would else walk the index by label, over all articles, and not that by moment.
    label = func.coalesce(columns.label, "")
    statement = (
        select(label, func.count())
        .where(columns.first_seen_at > since, columns.origin != Origin.SEED.value)
        .group_by(label)
    )
    found = {Label(name): number for name, number in connection.execute(statement)}
    return tuple((one, found[one]) for one in Label if one in found)


def _waiting(connection: Connection) -> int:
    """Entries whose article is still to be read."""
    columns = t.entry.c
    statement = select(func.count()).where(columns.next_at.is_not(None), columns.article_id.is_(None))
    return connection.scalar(statement) or 0
