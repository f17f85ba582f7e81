"""Documents that killed the children who read them: counted, and never given to a child again after the second."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.upserts import dialect_insert
from monitor.domain.breaker import KILLS_ALLOWED
from monitor.domain.model.views import Killer
from monitor.domain.outcomes import Outcome


def quarantined(connection: Connection, sha256: str, task: str) -> bool:
    """See the port."""
    columns = t.quarantine.c
    kills = connection.scalar(select(columns.kills).where(columns.sha256 == sha256, columns.task == task))
    return kills is not None and kills > KILLS_ALLOWED


def count_kill(
    connection: Connection, sha256: str, task: str, url: str, outcome: Outcome, detail: str, now: datetime
) -> int:
    """See the port."""
    values = {"url": url, "outcome": outcome.value, "detail": detail, "last_at": now}
    statement = dialect_insert(connection, t.quarantine).values(
        sha256=sha256, task=task, kills=1, first_at=now, **values
    )
    again = statement.on_conflict_do_update(
        index_elements=["sha256", "task"], set_=values | {"kills": t.quarantine.c.kills + 1}
    )
    return connection.execute(again.returning(t.quarantine.c.kills)).scalar_one()


def killers(connection: Connection, limit: int) -> tuple[Killer, ...]:
    """See the port."""
    rows = connection.execute(select(t.quarantine).order_by(t.quarantine.c.last_at.desc()).limit(limit)).mappings()
    return tuple(
        Killer(
            sha256=row["sha256"],
            task=row["task"],
            url=row["url"],
            kills=row["kills"],
            is_quarantined=row["kills"] > KILLS_ALLOWED,
            outcome=Outcome(row["outcome"]),
            detail=row["detail"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in rows
    )


def count(connection: Connection) -> int:
    """How many documents are quarantined."""
    return connection.scalar(select(func.count()).where(t.quarantine.c.kills > KILLS_ALLOWED)) or 0


def release(connection: Connection, sha256: str, now: datetime) -> int:
    """See the port."""
    released = delete(t.quarantine).where(t.quarantine.c.sha256.startswith(sha256, autoescape=True))
    pages = select(t.capture.c.url).where(t.capture.c.sha256.startswith(sha256, autoescape=True))
    waiting = (t.entry.c.outcome == Outcome.QUARANTINED.value, t.entry.c.url.in_(pages))
    connection.execute(update(t.entry).where(*waiting).values(next_at=now, attempts=0))
    return connection.execute(released).rowcount
