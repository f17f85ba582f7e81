"""Partnerships: lasting relations between places, told by seeds or by a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.model.seeds import PartnershipData


def put_partnership(connection: Connection, data: PartnershipData, now: datetime) -> None:
    """Write or replace the partnership of that key."""
    said = {"grade": data.grade, "since": data.since, "until": data.until, "updated_at": now}
    insert_or_update(connection, t.partnership, {"key": data.key}, said)
    partnership_id = connection.scalars(select(t.partnership.c.id).where(t.partnership.c.key == data.key)).one()
    connection.execute(delete(t.partnership_member).where(t.partnership_member.c.partnership_id == partnership_id))
    if data.participants:
        rows = [{"partnership_id": partnership_id, "place_id": one} for one in sorted(data.participants)]
        connection.execute(insert(t.partnership_member), rows)


def partnerships(connection: Connection) -> tuple[PartnershipData, ...]:
    """All, by key."""
    columns = t.partnership_member.c
    members: dict[int, set[str]] = defaultdict(set)
    for partnership_id, place_id in connection.execute(select(columns.partnership_id, columns.place_id)):
        members[partnership_id].add(place_id)
    rows = connection.execute(select(t.partnership).order_by(t.partnership.c.key)).mappings()
    return tuple(
        PartnershipData(row["key"], frozenset(members[row["id"]]), row["grade"], row["since"], row["until"])
        for row in rows
    )
