"""Subscriptions as declared, and how far each has told the event-change log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.domain.model.digests import SubscriptionData, SubscriptionForDigest
from monitor.domain.schedule_cron import next_due

OF_SEARCHES = "search-"  # keys of subscriptions that belong to saved searches: nobody declares them


def sync_subscriptions(connection: Connection, declared: Sequence[SubscriptionData], now: datetime) -> None:
    """See the port. A changed schedule or time zone moves the next digest, which else stays where it is."""
    stored = {row["key"]: row for row in connection.execute(select(t.subscription)).mappings()}
    for one in declared:
        row = stored.get(one.key)
        if row is None:
            _add(connection, one, now)
        elif row["data"] != encode(one) or row["paused"] != one.paused:
            _redeclare(connection, row, one, now)
    keys = {one.key for one in declared}
    gone = [
        row["id"]
        for row in stored.values()
        if row["key"] not in keys and not row["paused"] and not row["key"].startswith(OF_SEARCHES)
    ]
    if gone:
        connection.execute(update(t.subscription).where(t.subscription.c.id.in_(gone)).values(paused=True))


def put_subscription(connection: Connection, data: SubscriptionData, now: datetime) -> int:
    """Let the one subscription of that key say just this; its id."""
    chosen = select(t.subscription).where(t.subscription.c.key == data.key)
    row = connection.execute(chosen).mappings().first()
    if row is None:
        _add(connection, data, now)
    else:
        _redeclare(connection, row, data, now)
    return int(connection.execute(chosen).mappings().one()["id"])


def pause_subscription(connection: Connection, subscription_id: int) -> None:
    """Let a subscription rest; nothing happens where it is gone."""
    connection.execute(update(t.subscription).where(t.subscription.c.id == subscription_id).values(paused=True))


def subscription_for_digest(connection: Connection, subscription_id: int) -> SubscriptionForDigest | None:
    """None: gone or paused."""
    statement = select(t.subscription).where(t.subscription.c.id == subscription_id)
    row = connection.execute(statement).mappings().first()
    if row is None or row["paused"]:
        return None
    return SubscriptionForDigest(
        id=row["id"],
        data=read_subscription(row),
        last_seq=row["last_seq"],
        last_composed_at=row["last_composed_at"],
        due_at=row["next_at"],
        created_at=row["created_at"],
    )


def read_subscription(row: RowMapping) -> SubscriptionData:
    """The declaration in a row."""
    return decode(SubscriptionData, row["data"] | {"paused": row["paused"]})


def last_seq(connection: Connection) -> int:
    """The end of the event-change log."""
    return connection.scalar(select(func.max(t.event_change.c.seq))) or 0


def _add(connection: Connection, declared: SubscriptionData, now: datetime) -> None:
    connection.execute(
        insert(t.subscription).values(
            key=declared.key,
            data=encode(declared),
            paused=declared.paused,
            last_seq=last_seq(connection),
            created_at=now,
            next_at=next_due(declared.schedule, declared.time_zone, now),
        )
    )


def _redeclare(connection: Connection, row: RowMapping, declared: SubscriptionData, now: datetime) -> None:
    before = read_subscription(row)
    values = {"data": encode(declared), "paused": declared.paused}
    is_moved = (before.schedule, before.time_zone) != (declared.schedule, declared.time_zone)
    if is_moved or (before.paused and not declared.paused):
        values["next_at"] = next_due(declared.schedule, declared.time_zone, now)
    connection.execute(update(t.subscription).where(t.subscription.c.id == row["id"]).values(values))
