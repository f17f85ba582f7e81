"""The rows that people and programs are shown, read straight from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, literal, or_, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import load_events
from monitor.adapters.storage.material import load_reports, read_change
from monitor.adapters.storage.origins import origins
from monitor.adapters.storage.subscriptions import read_subscription
from monitor.domain.model.digests import DeliveryState, SubscriptionData
from monitor.domain.model.events import EventChange, KnownEvent, Role
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.views import (
    DigestView,
    EventView,
    FeedView,
    SourceView,
)
from monitor.domain.outcomes import Outcome

# ---------------------------------------------------------------- sources


def sources(connection: Connection, key: str | None = None, *, counted: bool = True) -> tuple[SourceView, ...]:
    """All sources by key, or the one of that key; `counted`: with the number of their entries."""
    chosen = select(t.source).order_by(t.source.c.key)
    if key is not None:
        chosen = chosen.where(t.source.c.key == key)
    rows = connection.execute(chosen).mappings().all()
    feeds = _feeds(connection, [row["id"] for row in rows] if key is not None else None, counted)
    return tuple(
        SourceView(
            key=row["key"],
            name=row["name"],
            home_page=row["home_page"],
            language=row["language"],
            country=row["country"],
            trust=row["trust"],
            rights=row["rights"],
            paused=row["paused"],
            declared_by=row["declared_by"],
            feeds=tuple(feeds[row["id"]]),
            quote_chars=row["quote_chars"],
            tdm_licensed=row["tdm_licensed"],
            about_relations=row["about_relations"],
            place_id=row["place_id"],
        )
        for row in rows
    )


def _feeds(connection: Connection, source_ids: Sequence[int] | None, counted: bool) -> dict[int, list[FeedView]]:
    number = select(func.count()).where(t.entry.c.feed_id == t.feed.c.id).scalar_subquery() if counted else literal(0)
    statement = select(t.feed, number.label("entries")).where(t.feed.c.followed).order_by(t.feed.c.id)
    if source_ids is not None:
        statement = statement.where(t.feed.c.source_id.in_(source_ids))
    found: dict[int, list[FeedView]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        found[row["source_id"]].append(_feed(row))
    return found


def _feed(row: RowMapping) -> FeedView:
    return FeedView(
        id=row["id"],
        url=row["url"],
        kind=row["kind"],
        found_kind=row["found_kind"],
        last_outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None,
        last_detail=row["last_detail"],
        last_polled_at=row["last_polled_at"],
        last_ok_at=row["last_ok_at"],
        last_new_at=row["last_new_at"],
        next_at=row["next_at"],
        failures=row["failures"],
        entries=row["entries"],
        moved_to=row["moved_to"],
        health=FeedHealth(row["health"]),
        health_since=row["health_since"],
        interval_min=(row["habit"] or {}).get("interval_min"),
        max_pages=row["max_pages"],
        link_selector=row["link_selector"],
        link_pattern=row["link_pattern"],
    )


# ---------------------------------------------------------------- events


def events(connection: Connection, limit: int, place_id: str | None, include_merged: bool) -> tuple[KnownEvent, ...]:
    """Newest first."""
    statement = select(t.event.c.id).order_by(t.event.c.sort_on.desc(), t.event.c.first_seen_at.desc(), t.event.c.id)
    if place_id is not None:
        there = select(t.event_participant.c.event_id).where(t.event_participant.c.place_id == place_id)
        statement = statement.where(or_(t.event.c.id.in_(there), t.event.c.host_id == place_id))
    if not include_merged:
        statement = statement.where(t.event.c.merged_into.is_(None), t.event.c.closed_at.is_(None))
    return load_events(connection, connection.scalars(statement.limit(limit)).all())


def event(connection: Connection, event_id: str) -> EventView | None:
    """None: no such event."""
    found = load_events(connection, [event_id])
    if not found:
        return None
    reports = [link for link, _ in load_reports(connection, [event_id])[event_id]]
    copies = [link for link, _ in load_reports(connection, [event_id], copies=True)[event_id]]
    columns = t.event_article.c
    statement = select(columns.article_id, columns.why).where(
        columns.event_id == event_id, columns.role != Role.COPY.value
    )
    why = dict(connection.execute(statement).all())
    return EventView(
        event=found[0],
        merged_into=connection.scalar(select(t.event.c.merged_into).where(t.event.c.id == event_id)),
        reports=tuple(reports),
        copies=tuple(copies),
        changes=_changes(connection, event_id),
        why=tuple(why[link.article_id] for link in reports),
        origins=origins(connection, [event_id])[event_id],
    )


def _changes(connection: Connection, event_id: str) -> tuple[EventChange, ...]:
    statement = select(t.event_change).where(t.event_change.c.event_id == event_id).order_by(t.event_change.c.seq)
    return tuple(read_change(row) for row in connection.execute(statement).mappings())


# ---------------------------------------------------------------- the rest


def seeds(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """By key: key, label, title."""
    statement = (
        select(t.seed.c.key, t.article.c.label, t.article.c.title)
        .join(t.article, t.article.c.id == t.seed.c.article_id)
        .order_by(t.seed.c.key)
    )
    return tuple((key, label, title) for key, label, title in connection.execute(statement))


def subscriptions(connection: Connection) -> tuple[tuple[int, SubscriptionData], ...]:
    """By key."""
    rows = connection.execute(select(t.subscription).order_by(t.subscription.c.key)).mappings()
    return tuple((row["id"], read_subscription(row)) for row in rows)


def digests(connection: Connection, limit: int) -> tuple[DigestView, ...]:
    """Newest first; moments with nothing to say are left out."""
    statement = (
        select(t.digest, t.subscription.c.key)
        .join(t.subscription, t.subscription.c.id == t.digest.c.subscription_id)
        .where(t.digest.c.content.is_not(None))
        .order_by(t.digest.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(statement).mappings().all()
    sent = _deliveries(connection, [row["id"] for row in rows])
    return tuple(
        DigestView(
            id=row["id"],
            subscription_key=row["key"],
            subject=row["subject"],
            composed_at=row["composed_at"],
            after_seq=row["after_seq"],
            to_seq=row["to_seq"],
            deliveries=tuple(sent[row["id"]]),
        )
        for row in rows
    )


def _deliveries(connection: Connection, digest_ids: Sequence[int]) -> dict[int, list[tuple[str, DeliveryState, str]]]:
    found: dict[int, list[tuple[str, DeliveryState, str]]] = defaultdict(list)
    columns = t.delivery.c
    statement = select(columns.digest_id, columns.recipient, columns.state, columns.detail)
    for digest_id, recipient, state, detail in connection.execute(
        statement.where(columns.digest_id.in_(digest_ids)).order_by(columns.id)
    ):
        found[digest_id].append((recipient, DeliveryState(state), detail))
    return found
