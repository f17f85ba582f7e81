"""Counts for `doctor` and metrics."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlalchemy import URL, Connection, case, func, select

from monitor.adapters.storage import quarantine
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.queue import QUEUES, due_condition
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.views import FeedProblem, Health, QueueState, Vitals
from monitor.domain.outcomes import Outcome
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
        feeds_by_health=_feeds_by_health(connection),
        problems=_problems(connection),
        quarantined=quarantine.count(connection),
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


def vitals(connection: Connection, now: datetime) -> Vitals:
    """See the port."""
    pending = select(func.min(t.digest.c.composed_at)).join(t.delivery, t.delivery.c.digest_id == t.digest.c.id)
    return Vitals(
        feeds_by_health=_feeds_by_health(connection),
        last_success=_last_success(connection),
        queues=tuple(_queue(connection, stage, now) for stage in Stage),
        deliveries=_deliveries(connection),
        oldest_pending_at=connection.scalar(pending.where(t.delivery.c.state == DeliveryState.PENDING.value)),
        kills=_kills(connection),
    )


def _last_success(connection: Connection) -> tuple[tuple[str, datetime | None], ...]:
    statement = (
        select(t.source.c.key, func.max(t.feed.c.last_ok_at))
        .join(t.feed, t.feed.c.source_id == t.source.c.id)
        .where(t.feed.c.followed, t.source.c.paused.is_(False))
        .group_by(t.source.c.key)
        .order_by(t.source.c.key)
    )
    return tuple((key, at) for key, at in connection.execute(statement))


def _deliveries(connection: Connection) -> tuple[tuple[DeliveryState, int], ...]:
    statement = select(t.delivery.c.state, func.count()).group_by(t.delivery.c.state)
    found = {state: int(number) for state, number in connection.execute(statement)}
    return tuple((state, found.get(state.value, 0)) for state in DeliveryState)


def _kills(connection: Connection) -> tuple[tuple[Outcome, int], ...]:
    columns = t.quarantine.c
    statement = select(columns.outcome, func.sum(columns.kills)).group_by(columns.outcome).order_by(columns.outcome)
    return tuple((Outcome(name), int(number)) for name, number in connection.execute(statement))


FINE = (FeedHealth.NEW.value, FeedHealth.OK.value)


def _feeds_by_health(connection: Connection) -> tuple[tuple[FeedHealth, int], ...]:
    statement = (
        select(t.feed.c.health, func.count())
        .join(t.source, t.source.c.id == t.feed.c.source_id)
        .where(t.feed.c.followed, t.source.c.paused.is_(False))
        .group_by(t.feed.c.health)
    )
    found = {name: int(number) for name, number in connection.execute(statement)}
    return tuple((one, found[one.value]) for one in FeedHealth if one.value in found)


def _problems(connection: Connection) -> tuple[FeedProblem, ...]:
    statement = (
        select(t.feed, t.source.c.key)
        .join(t.source, t.source.c.id == t.feed.c.source_id)
        .where(t.feed.c.followed, t.source.c.paused.is_(False), t.feed.c.health.not_in(FINE))
        .order_by(t.source.c.key, t.feed.c.id)
    )
    return tuple(
        FeedProblem(
            source_key=row["key"],
            url=row["found_url"] or row["url"],
            health=FeedHealth(row["health"]),
            since=row["health_since"],
            outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None,
            detail=row["last_detail"],
            moved_to=row["moved_to"],
        )
        for row in connection.execute(statement).mappings()
    )


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
