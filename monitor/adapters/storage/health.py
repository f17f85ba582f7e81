"""Counts for `doctor` and metrics."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlalchemy import URL, Connection, case, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.queue import QUEUES, due_condition
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.views import Health, QueueState
from monitor.ports import Stage

# The WAL-reset bug may damage a file that several connections write: https://www.sqlite.org/wal.html
WAL_RESET_MENDED = (3, 51, 3)


def health(connection: Connection, url: URL, revision: str, now: datetime) -> Health:
    """See the port; the address comes without its password."""
    dead = select(func.count()).where(t.delivery.c.state == DeliveryState.DEAD.value)
    return Health(
        database=url.render_as_string(hide_password=True),
        schema_revision=revision,
        queues=tuple(_queue(connection, stage, now) for stage in Stage),
        articles=connection.scalar(select(func.count()).select_from(t.article)) or 0,
        events=connection.scalar(select(func.count()).where(t.event.c.merged_into.is_(None))) or 0,
        dead_deliveries=connection.scalar(dead) or 0,
        feeds_by_outcome=_feeds_by_outcome(connection),
        notes=notes(sqlite3.sqlite_version_info if url.get_backend_name() == "sqlite" else None),
    )


def notes(sqlite_version: tuple[int, int, int] | None) -> tuple[str, ...]:
    """What the operator should know of the database's version; None: not SQLite."""
    if sqlite_version is None or sqlite_version >= WAL_RESET_MENDED:
        return ()
    version = ".".join(map(str, sqlite_version))
    return (f"SQLite {version} has the WAL-reset bug, mended in 3.51.3: run one service only, and keep copies",)


def _queue(connection: Connection, stage: Stage, now: datetime) -> QueueState:
    table = QUEUES[stage]
    is_due = due_condition(table, now)
    statement = select(
        func.coalesce(func.sum(case((is_due, 1), else_=0)), 0),
        func.count(),
        func.min(case((is_due, table.c.next_at))),
    ).where(table.c.next_at.is_not(None))
    due, total, oldest_at = connection.execute(statement).one()
    return QueueState(stage.value, int(due), int(total) - int(due), oldest_at)


def _feeds_by_outcome(connection: Connection) -> tuple[tuple[str, int], ...]:
    outcome = func.coalesce(t.feed.c.last_outcome, "not-polled")
    statement = (
        select(outcome, func.count())
        .join(t.source, t.source.c.id == t.feed.c.source_id)
        .where(t.feed.c.followed, t.source.c.paused.is_(False))
        .group_by(outcome)
        .order_by(outcome)
    )
    return tuple((str(name), int(number)) for name, number in connection.execute(statement))
