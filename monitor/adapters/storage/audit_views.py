"""What an audit asks of the archive: texts that look back, events of old, what was passed over, and who was followed.

An audit is asked for by a person now and then; still every part is found by an index and bounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, func, or_, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import load_events
from monitor.domain.model.articles import Label, Origin
from monitor.domain.model.audit import Archived, Ground, Passed, Retrospective, SourceThen, Trouble
from monitor.domain.model.events import EventKind
from monitor.domain.model.health import FeedHealth

MAX_EVENTS = 1_000  # of one past event's places and days
MAX_PASSED = 500  # articles
# Articles are seen within this time after they were published, but for a first stock, which is not looked through.
SEEN_WITHIN = timedelta(days=45)

_LOOKS_BACK = (EventKind.ANNIVERSARY.value, EventKind.PROGRAMME_REPORT.value)
_UNREAD = frozenset({FeedHealth.BLOCKED.value, FeedHealth.BROKEN.value, FeedHealth.GONE.value, FeedHealth.EMPTY.value})
_NOT_TAKEN = (Label.IRRELEVANT.value, Label.UNCERTAIN.value, Label.BACKGROUND.value)


def retrospectives(connection: Connection, after_id: int, limit: int) -> tuple[Retrospective, ...]:
    """Background, and reports of anniversaries and programmes, by id; copies and what has no text are left out."""
    article, revision = t.article.c, t.revision.c
    festive = (
        select(t.event_article.c.article_id)
        .join(t.event_kind, t.event_kind.c.event_id == t.event_article.c.event_id)
        .where(t.event_kind.c.kind.in_(_LOOKS_BACK))
    )
    statement = (
        select(article.id, article.url, article.title, revision.text, article.language, article.published_on)
        .join(t.revision, (revision.article_id == article.id) & (revision.number == article.revision))
        .where(
            article.id > after_id,
            or_(article.label == Label.BACKGROUND.value, article.id.in_(festive)),
            article.copy_of_id.is_(None),
            revision.text != "",
        )
        .order_by(article.id)
        .limit(limit)
    )
    return tuple(Retrospective(*row) for row in connection.execute(statement))


def archived_events(
    connection: Connection, place_ids: Collection[str], first: date, last: date
) -> tuple[Archived, ...]:
    """Events of these places that overlap the days, also merged and closed ones, by date; undated ones are left out."""
    columns = t.event_participant.c
    statement = (
        select(columns.event_id)
        .where(columns.place_id.in_(sorted(place_ids)), columns.starts_on <= last, columns.ends_on >= first)
        .group_by(columns.event_id)
        .order_by(func.min(columns.starts_on), columns.event_id)
        .limit(MAX_EVENTS)
    )
    ids = connection.scalars(statement).all()
    went = select(t.event.c.id, t.event.c.merged_into).where(t.event.c.id.in_(ids))
    merged = dict(connection.execute(went).all())
    return tuple(Archived(event, merged.get(event.id)) for event in load_events(connection, ids))


def passed_over(connection: Connection, place_ids: Collection[str], first: date, last: date) -> tuple[Passed, ...]:
    """Articles published in these days that name any of the places and were taken for no event, by id."""
    article, revision, mention = t.article.c, t.revision.c, t.mention.c
    seen = (_midnight(first), _midnight(last + SEEN_WITHIN))
    statement = (
        select(article.id, article.url, article.title, article.label, article.published_on, mention.place_id)
        .join(t.revision, (revision.article_id == article.id) & (revision.number == article.revision))
        .join(t.mention, mention.revision_id == revision.id)
        .where(
            article.first_seen_at >= seen[0],
            article.first_seen_at <= seen[1],
            article.label.in_(_NOT_TAKEN),
            article.published_on >= first,
            article.published_on <= last,
            article.origin != Origin.SEED.value,
            mention.place_id.in_(sorted(place_ids)),
        )
        .distinct()
        .order_by(article.id, mention.place_id)
        .limit(MAX_PASSED)
    )
    places: dict[int, set[str]] = defaultdict(set)
    rows = connection.execute(statement).all()
    for row in rows:
        places[row.id].add(row.place_id or "")
    told = {row.id: row for row in rows}
    return tuple(
        Passed(one, row.url, row.title, Label(row.label), row.published_on, frozenset(places[one]))
        for one, row in told.items()
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def ground(connection: Connection) -> Ground:
    """Since when articles are read, and each source with the times when it could not be."""
    began = connection.scalar(
        select(func.min(t.article.c.first_seen_at)).where(t.article.c.origin == Origin.FEED.value)
    )
    troubles = _troubles(connection)
    columns = t.source.c
    rows = connection.execute(
        select(columns.id, columns.key, columns.name, columns.place_id, columns.added_at).order_by(columns.key)
    )
    return Ground(
        began_on=began.date() if began is not None else None,
        sources=tuple(
            SourceThen(row.key, row.name, row.place_id, row.added_at.date(), tuple(troubles[row.id])) for row in rows
        ),
    )


def _troubles(connection: Connection) -> dict[int, list[Trouble]]:
    """By source, from the log of each feed's health."""
    change = t.health_change.c
    statement = (
        select(t.feed.c.source_id, change.feed_id, change.at, change.after)
        .join(t.feed, t.feed.c.id == change.feed_id)
        .order_by(change.feed_id, change.at, change.id)
    )
    found: dict[int, list[Trouble]] = defaultdict(list)
    began: dict[int, tuple[date, str]] = {}
    source_of: dict[int, int] = {}
    for source_id, feed_id, at, after in connection.execute(statement):
        source_of[feed_id] = source_id
        if feed_id in began:
            since, health = began.pop(feed_id)
            found[source_id].append(Trouble(since, at.date(), health))
        if after in _UNREAD:
            began[feed_id] = (at.date(), after)
    for feed_id, (since, health) in began.items():
        found[source_of[feed_id]].append(Trouble(since, None, health))
    return found
