"""The due-queues: rows of feed, entry, subscription and delivery that are claimed by a lease."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, func, or_, select, update

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
            wanted = _chosen(connection, stage, now, limit)
            ids: Sequence[int] = ()
            if wanted:
                ids = connection.scalars(_still_due(table, wanted, now)).all()
            if ids:
                lease_until = now + timedelta(seconds=lease_s)
                connection.execute(update(table).where(table.c.id.in_(ids)).values(lease_until=lease_until))
        order = {one: place for place, one in enumerate(wanted)}
        return tuple(sorted(ids, key=order.__getitem__))

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


def due_condition(table: Table[Any], now: datetime) -> ColumnElement[bool]:
    """Due, and leased to nobody."""
    free = or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
    return and_(table.c.next_at <= now, free)


def _still_due(table: Table[Any], ids: Sequence[int], now: datetime) -> Select[int]:
    """Rows that nobody else is claiming right now: PostgreSQL skips theirs, on SQLite one claims at a time."""
    statement: Select[int] = select(table.c.id).where(table.c.id.in_(ids), due_condition(table, now))
    return statement.with_for_update(skip_locked=True, of=table)


def _due(stage: Stage, now: datetime) -> Iterator[Select[int]]:
    """The due rows of a stage, oldest first, in the order of these statements."""
    table = QUEUES[stage]
    statement: Select[int] = select(table.c.id).where(due_condition(table, now)).order_by(table.c.next_at, table.c.id)
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


# ---------------------------------------------------------------- lanes


@dataclass(frozen=True, slots=True)
class _Lane:
    """Work that would wait for each other at the same door: not more of it is handed out than can go in."""

    column: Column[Any]
    at_once: int
    is_strict: bool  # False: where nothing else is due, more of it is handed out all the same


_LANES = {
    # One request at a time goes to a host, so a second worker would only wait there, and others starve (faults A32).
    Stage.POLL: _Lane(t.feed.c.host, 1, is_strict=True),
    # The articles of a feed are mostly on one host.
    Stage.INGEST: _Lane(t.entry.c.feed_id, 4, is_strict=False),
}
GLANCE = 4  # times what is asked for: enough where lanes are short
LOOKAHEAD = 2_000  # rows that are looked through where the oldest are all of a few lanes; some milliseconds


def _chosen(connection: Connection, stage: Stage, now: datetime, limit: int) -> list[int]:
    """Due rows in order, spread over lanes."""
    lane = _LANES.get(stage)
    chosen: list[int] = []
    if lane is None:
        for statement in _due(stage, now):
            if len(chosen) < limit:
                chosen += connection.scalars(statement.limit(limit - len(chosen)))
        return chosen
    taken = _at_work(connection, QUEUES[stage], lane, now)
    left: list[int] = []
    for statement in _due(stage, now):
        left += _fill(connection, statement.add_columns(lane.column), lane, taken, chosen, limit)
    return chosen if lane.is_strict else [*chosen, *left][:limit]


def _at_work(connection: Connection, table: Table[Any], lane: _Lane, now: datetime) -> Counter[Any]:
    leased = select(lane.column, func.count()).where(table.c.lease_until > now).group_by(lane.column)
    return Counter(dict(connection.execute(leased).all()))


def _fill(
    connection: Connection, due: Select[Any], lane: _Lane, taken: Counter[Any], chosen: list[int], limit: int
) -> list[int]:
    """Add to `chosen` what finds room in its lane; returns the due rows that found none."""
    crowded: list[int] = []
    for reach in (GLANCE * limit, LOOKAHEAD):
        if len(chosen) >= limit:
            break
        rows = connection.execute(due.limit(reach)).all()
        crowded = []
        for row_id, name in rows:
            if row_id in chosen:
                continue
            if len(chosen) < limit and taken[name] < lane.at_once:
                taken[name] += 1
                chosen.append(row_id)
            else:
                crowded.append(row_id)
        if len(rows) < reach:
            break
    return crowded
