"""The due-queues: rows of feed, entry, subscription and delivery that are claimed by a lease."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, or_, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.engines import Engines
from monitor.adapters.storage.faults import translated
from monitor.domain.model.digests import DeliveryState
from monitor.ports import Stage

QUEUES: dict[Stage, Table[Any]] = {
    Stage.POLL: t.feed,
    Stage.INGEST: t.entry,
    Stage.COMPOSE: t.subscription,
    Stage.DELIVER: t.delivery,
}


class SqlWorkQueue:
    """Implements the port `WorkQueue`; may be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def claim(self, stage: Stage, now: datetime, limit: int, lease_s: float) -> tuple[int, ...]:
        """See the port."""
        table = QUEUES[stage]
        with translated(), self._engines.writer.begin() as connection:
            ids: list[int] = []
            for statement in _due(stage, now):
                if len(ids) < limit:
                    ids += _first(connection, statement, limit - len(ids))
            if ids:
                lease_until = now + timedelta(seconds=lease_s)
                connection.execute(update(table).where(table.c.id.in_(ids)).values(lease_until=lease_until))
        return tuple(ids)

    def hurry(self, stage: Stage, ids: Sequence[int], now: datetime) -> None:
        """See the port. What is leased is freed: its stage may run twice, which changes nothing."""
        table = QUEUES[stage]
        with translated(), self._engines.writer.begin() as connection:
            statement = update(table).where(table.c.id.in_(ids)).values(next_at=now, lease_until=None)
            if stage is Stage.DELIVER:
                statement = statement.where(t.delivery.c.state == DeliveryState.PENDING.value)
            connection.execute(statement)

    def release_leases(self) -> int:
        """See the port."""
        with translated(), self._engines.writer.begin() as connection:
            return sum(
                connection.execute(
                    update(table).where(table.c.lease_until.is_not(None)).values(lease_until=None)
                ).rowcount
                for table in QUEUES.values()
            )


def _first(connection: Connection, statement: Select[int], limit: int) -> Sequence[int]:
    """Rows that nobody else is claiming right now: PostgreSQL skips theirs, on SQLite one claims at a time."""
    return connection.scalars(statement.limit(limit)).all()


def due_condition(table: Table[Any], now: datetime) -> ColumnElement[bool]:
    """Due, and leased to nobody."""
    free = or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
    return and_(table.c.next_at <= now, free)


def _due(stage: Stage, now: datetime) -> Iterator[Select[int]]:
    """The due rows of a stage, oldest first, in the order of these statements."""
    table = QUEUES[stage]
    statement: Select[int] = select(table.c.id).where(due_condition(table, now)).order_by(table.c.next_at, table.c.id)
    statement = statement.with_for_update(skip_locked=True, of=table)
    match stage:
        case Stage.POLL:
            joined = statement.join(t.source, t.source.c.id == t.feed.c.source_id)
            yield joined.where(t.source.c.paused.is_(False), t.feed.c.followed)
        case Stage.INGEST:
            yield statement.where(t.entry.c.baseline.is_(False))
            yield statement.where(t.entry.c.baseline)
        case Stage.COMPOSE:
            yield statement.where(t.subscription.c.paused.is_(False))
        case Stage.DELIVER:
            yield statement
