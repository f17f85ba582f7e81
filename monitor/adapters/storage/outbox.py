"""Digests and their deliveries: written together, sent one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.upserts import dialect_insert
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryForSend,
    DeliveryIntent,
    DeliveryState,
    Digest,
    RenderedPart,
)


def store_digest(
    connection: Connection, digest: Digest, deliveries: Sequence[DeliveryData], next_due_at: datetime
) -> int | None:
    """See the port."""
    said = {
        "after_seq": digest.after_seq,
        "to_seq": digest.to_seq,
        "composed_at": digest.composed_at,
        "subject": digest.subject,
        "content": encode(digest),
    }
    digest_id = _put_digest(connection, digest.subscription_id, digest.due_at, said)
    if digest_id is None:
        _move_on(connection, digest.subscription_id, {"next_at": next_due_at})
        return None
    rows = [_new_delivery(one, digest_id, digest.composed_at) for one in deliveries]
    if rows:
        connection.execute(dialect_insert(connection, t.delivery).on_conflict_do_nothing(index_elements=["key"]), rows)
    moved = {"next_at": next_due_at, "last_seq": digest.to_seq, "last_composed_at": digest.composed_at}
    _move_on(connection, digest.subscription_id, moved)
    return digest_id


def store_extra(connection: Connection, digest: Digest, deliveries: Sequence[DeliveryData]) -> int | None:
    """Write a message beside the schedule of its subscription, with its deliveries; None: it was sent before."""
    said = {
        "after_seq": digest.after_seq,
        "to_seq": digest.to_seq,
        "composed_at": digest.composed_at,
        "subject": digest.subject,
        "content": encode(digest),
    }
    digest_id = _put_digest(connection, digest.subscription_id, digest.due_at, said)
    rows = [_new_delivery(one, digest_id, digest.composed_at) for one in deliveries] if digest_id is not None else []
    if rows:
        connection.execute(dialect_insert(connection, t.delivery).on_conflict_do_nothing(index_elements=["key"]), rows)
    return digest_id


def skip_digest(
    connection: Connection, subscription_id: int, to_seq: int, now: datetime, next_due_at: datetime
) -> None:
    """See the port. What was last composed stays: the next digest tells the coverage since then."""
    statement = select(t.subscription).where(t.subscription.c.id == subscription_id)
    row = connection.execute(statement).mappings().first()
    if row is None:
        return
    said = {"after_seq": row["last_seq"], "to_seq": to_seq, "composed_at": now, "subject": ""}
    _put_digest(connection, subscription_id, row["next_at"], said)
    _move_on(connection, subscription_id, {"next_at": next_due_at, "last_seq": to_seq})


def _put_digest(connection: Connection, subscription_id: int, due_at: datetime, said: dict[str, Any]) -> int | None:
    """The id of the written row; None: a digest stands at that moment. A moment with nothing to say can be filled."""
    key = (t.digest.c.subscription_id == subscription_id) & (t.digest.c.due_at == due_at)
    row = connection.execute(select(t.digest).where(key)).mappings().first()
    if row is None:
        statement = insert(t.digest).values(subscription_id=subscription_id, due_at=due_at, **said)
        return connection.execute(statement.returning(t.digest.c.id)).scalar_one()
    if row["content"] is not None:
        return None
    connection.execute(update(t.digest).where(t.digest.c.id == row["id"]).values(said))
    return int(row["id"])


def _move_on(connection: Connection, subscription_id: int, values: dict[str, Any]) -> None:
    connection.execute(
        update(t.subscription).where(t.subscription.c.id == subscription_id).values(values | {"lease_until": None})
    )


# ---------------------------------------------------------------- deliveries


def _new_delivery(delivery: DeliveryData, digest_id: int, now: datetime) -> dict[str, Any]:
    return {
        "key": delivery.key,
        "digest_id": digest_id,
        "channel": delivery.channel.value,
        "recipient": delivery.recipient,
        "part": delivery.part,
        "message_id": delivery.message_id,
        "content": encode(delivery.content),
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "detail": "",
        "created_at": now,
        "next_at": now,
    }


def delivery_for_send(connection: Connection, delivery_id: int) -> DeliveryForSend | None:
    """See the port."""
    statement = select(t.delivery).where(
        t.delivery.c.id == delivery_id, t.delivery.c.state == DeliveryState.PENDING.value
    )
    row = connection.execute(statement).mappings().first()
    if row is None:
        return None
    return DeliveryForSend(
        id=row["id"],
        data=DeliveryData(
            key=row["key"],
            channel=ChannelKind(row["channel"]),
            recipient=row["recipient"],
            part=row["part"],
            message_id=row["message_id"],
            content=decode(RenderedPart, row["content"]),
        ),
        attempts=row["attempts"],
        first_attempt_at=row["first_attempt_at"],
        created_at=row["created_at"],
    )


def apply_delivery(connection: Connection, intent: DeliveryIntent) -> None:
    """See the port. What was sent or given up stays so, whatever a slower attempt says."""
    columns = t.delivery.c
    tried = connection.execute(
        update(t.delivery)
        .where(columns.id == intent.delivery_id, columns.state == DeliveryState.PENDING.value)
        .values(
            state=intent.state.value,
            attempts=columns.attempts + 1,
            first_attempt_at=func.coalesce(columns.first_attempt_at, intent.attempted_at),
            next_at=intent.next_at if intent.state is DeliveryState.PENDING else None,
            lease_until=None,
            outcome=intent.outcome.value,
            detail=intent.detail,
        )
        .returning(columns.attempts)
    ).scalar()
    if tried is not None:
        attempt = {"at": intent.attempted_at, "outcome": intent.outcome.value, "detail": intent.detail}
        connection.execute(insert(t.delivery_attempt).values(delivery_id=intent.delivery_id, number=tried, **attempt))
