"""Series: recurring events with their members; their editions are the numbered events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, insert, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import in_batches, load_events
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.partnerships import Edition, SeriesData, SeriesMember, Stated


def write_series(connection: Connection, data: SeriesData) -> None:
    """Let the series' row and members say just this; editions are events and not written here."""
    said = {"names": list(data.names), "cadence_months": data.cadence_months, "origin": data.origin.value}
    insert_or_update(connection, t.series, {"key": data.key}, said)
    connection.execute(delete(t.series_member).where(t.series_member.c.series_key == data.key))
    rows = [
        {"series_key": data.key, "place_id": one.place_id, "since": one.since, "until": one.until}
        for one in data.members
    ]
    if rows:
        connection.execute(insert(t.series_member), rows)


def series(connection: Connection, key: str | None = None) -> tuple[SeriesData, ...]:
    """The one of that key, or all, by key; with members and editions."""
    return _series(connection, None if key is None else [key])


def series_named(connection: Connection, keys: Collection[str]) -> tuple[SeriesData, ...]:
    """Those of these keys, by key; with members and editions."""
    return _series(connection, sorted(keys)) if keys else ()


def _series(connection: Connection, keys: Sequence[str] | None) -> tuple[SeriesData, ...]:
    chosen, member = select(t.series).order_by(t.series.c.key), t.series_member.c
    members_of = select(t.series_member).order_by(member.place_id)
    if keys is not None:
        chosen, members_of = chosen.where(t.series.c.key.in_(keys)), members_of.where(member.series_key.in_(keys))
    members: dict[str, list[SeriesMember]] = defaultdict(list)
    for row in connection.execute(members_of).mappings():
        members[row["series_key"]].append(SeriesMember(row["place_id"], row["since"], row["until"]))
    editions = _editions(connection, keys)
    return tuple(
        SeriesData(
            key=row["key"],
            names=tuple(row["names"]),
            cadence_months=row["cadence_months"],
            members=tuple(members[row["key"]]),
            editions=tuple(editions[row["key"]]),
            origin=Stated(row["origin"]),
        )
        for row in connection.execute(chosen).mappings()
    )


def _editions(connection: Connection, keys: Sequence[str] | None) -> dict[str, list[Edition]]:
    event = t.event.c
    statement = select(event.id).where(
        event.series_key.is_not(None) if keys is None else event.series_key.in_(keys),
        event.ordinal.is_not(None),
        event.merged_into.is_(None),
        event.closed_at.is_(None),
    )
    found: dict[str, list[Edition]] = defaultdict(list)
    for ids in in_batches(connection.scalars(statement.order_by(event.ordinal, event.id)).all()):
        for one in load_events(connection, ids):
            found[one.series_key or ""].append(_edition(one))
    return found


def _edition(event: KnownEvent) -> Edition:
    return Edition(event.ordinal or 0, event.id, event.when, event.status, event.participants)
