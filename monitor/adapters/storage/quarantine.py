"""Documents that killed the children who read them: counted, and never given to a child again after the second."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.upserts import dialect_insert
from monitor.domain.outcomes import Outcome

KILLS_ALLOWED = 1  # one death may be bad luck: another document's leak, a busy machine (faults D4)


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
