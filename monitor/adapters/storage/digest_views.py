"""Digests as they were sent, with what became of their deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, exists, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.subscriptions import read_subscription
from monitor.domain.model.digest_views import Attempt, DeliveryView, DigestRow, SentDigest
from monitor.domain.model.digests import ChannelKind, DeliveryState, Digest, RenderedPart
from monitor.domain.outcomes import Outcome

MAX_DELIVERIES = 500  # of one digest


def _chosen() -> Select[Any]:
    """Digests with their subscription, the briefing that they carried, and when the one before was composed."""
    columns, before = t.digest.c, t.digest.alias("before")
    since = (
        select(before.c.composed_at)
        .where(
            before.c.subscription_id == columns.subscription_id,
            before.c.due_at < columns.due_at,
            before.c.content.is_not(None),
            ~exists().where(t.briefing_digest.c.digest_id == before.c.id),
        )
        .order_by(before.c.due_at.desc())
        .limit(1)
        .scalar_subquery()
        .label("since")
    )
    carried = t.briefing_digest.c
    return (
        select(t.digest, t.subscription.c.key, t.subscription.c.data, t.subscription.c.paused, since)
        .add_columns(carried.briefing_id)
        .join(t.subscription, t.subscription.c.id == columns.subscription_id)
        .outerjoin(t.briefing_digest, carried.digest_id == columns.id)
    )


def digest_history(
    connection: Connection, limit: int, before_id: int | None, with_empty: bool
) -> tuple[DigestRow, ...]:
    """See `Archive.digest_history`."""
    statement = _chosen().order_by(t.digest.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(t.digest.c.id < before_id)
    if not with_empty:
        statement = statement.where(t.digest.c.content.is_not(None))
    rows = connection.execute(statement).mappings().all()
    states = _states(connection, [row["id"] for row in rows])
    return tuple(_row(row, states[row["id"]]) for row in rows)


def _row(row: RowMapping, states: Mapping[DeliveryState, int]) -> DigestRow:
    told = decode(Digest, row["content"]) if row["content"] is not None else None
    return DigestRow(
        id=row["id"],
        subscription_key=row["key"],
        channel=read_subscription(row).channel,
        composed_at=row["composed_at"],
        since=row["since"],
        to_seq=row["to_seq"],
        subject=row["subject"],
        language=told.language if told is not None else "",
        items=sum(len(section.lines) for section in told.sections) if told is not None else 0,
        briefing_id=row["briefing_id"],
        states=states,
        is_empty=told is None,
    )


def _states(connection: Connection, digest_ids: Sequence[int]) -> dict[int, dict[DeliveryState, int]]:
    columns = t.delivery.c
    statement = (
        select(columns.digest_id, columns.state, func.count())
        .where(columns.digest_id.in_(digest_ids))
        .group_by(columns.digest_id, columns.state)
    )
    found: dict[int, dict[DeliveryState, int]] = defaultdict(dict)
    for digest_id, state, number in connection.execute(statement):
        found[digest_id][DeliveryState(state)] = int(number)
    return found


def sent_digest(connection: Connection, digest_id: int) -> SentDigest | None:
    """None: there is none, or there was nothing to say."""
    row = connection.execute(_chosen().where(t.digest.c.id == digest_id)).mappings().first()
    if row is None or row["content"] is None:
        return None
    told = decode(Digest, row["content"])
    return SentDigest(row["id"], told, row["since"], row["briefing_id"], _deliveries(connection, digest_id))


def _deliveries(connection: Connection, digest_id: int) -> tuple[DeliveryView, ...]:
    columns = t.delivery.c
    statement = select(t.delivery).where(columns.digest_id == digest_id).order_by(columns.id).limit(MAX_DELIVERIES)
    rows = connection.execute(statement).mappings().all()
    tried = _attempts(connection, [row["id"] for row in rows])
    return tuple(_delivery(row, tuple(tried[row["id"]])) for row in rows)


def _attempts(connection: Connection, delivery_ids: Sequence[int]) -> dict[int, list[Attempt]]:
    columns = t.delivery_attempt.c
    statement = select(t.delivery_attempt).where(columns.delivery_id.in_(delivery_ids))
    found: dict[int, list[Attempt]] = defaultdict(list)
    for row in connection.execute(statement.order_by(columns.delivery_id, columns.number)).mappings():
        attempt = Attempt(row["number"], row["at"], Outcome(row["outcome"]), row["detail"])
        found[row["delivery_id"]].append(attempt)
    return found


def _delivery(row: RowMapping, tried: tuple[Attempt, ...]) -> DeliveryView:
    return DeliveryView(
        id=row["id"],
        channel=ChannelKind(row["channel"]),
        recipient=row["recipient"],
        part=row["part"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        first_attempt_at=row["first_attempt_at"],
        next_at=row["next_at"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        detail=row["detail"],
        message_id=row["message_id"],
        content=decode(RenderedPart, row["content"]),
        tried=tried,
    )
