"""Computed expectations, and the events that may fulfil them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.events import live_ids, load_events
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.partnerships import Expectation, ExpectationState, Expected

MAX_EVENTS = 500  # of some places in a stretch of time


def write_expectation(connection: Connection, data: Expectation) -> None:
    """Let the expectation's row say just this."""
    said = {
        "key": data.expected.key,
        "basis": data.expected.basis.value,
        "data": encode(data.expected),
        "opens_on": data.expected.opens_on,
        "closes_on": data.expected.closes_on,
        "state": data.state.value,
        "event_id": data.event_id,
        "settled_at": data.settled_at,
    }
    insert_or_update(connection, t.expectation, {"id": data.id}, said, only_new={"computed_at": data.computed_at})
    place = t.expectation_place
    connection.execute(delete(place).where(place.c.expectation_id == data.id))
    rows = [{"expectation_id": data.id, "place_id": one} for one in sorted(data.expected.participants)]
    if rows:
        connection.execute(insert(place), rows)


def expectations(
    connection: Connection,
    states: Collection[ExpectationState] | None = None,
    place_ids: Collection[str] | None = None,
) -> tuple[Expectation, ...]:
    """By the day they close; only in these states, only of these places, where they are given."""
    columns, place = t.expectation.c, t.expectation_place.c
    statement = select(t.expectation).order_by(columns.closes_on, columns.key)
    if states is not None:
        statement = statement.where(columns.state.in_(sorted(one.value for one in states)))
    if place_ids is not None:
        mine = select(place.expectation_id).where(place.place_id.in_(sorted(place_ids)))
        statement = statement.where(columns.id.in_(mine))
    return read_expectations(connection, statement)


def read_expectations(connection: Connection, statement: Select[Any]) -> tuple[Expectation, ...]:
    """Those whose rows a query chooses, in its order."""
    rows = connection.execute(statement).mappings().all()
    live = live_ids(connection, {row["event_id"] for row in rows if row["event_id"]})
    return tuple(_expectation(row, live.get(row["event_id"] or "")) for row in rows)


def _expectation(row: RowMapping, event_id: str | None) -> Expectation:
    return Expectation(
        id=row["id"],
        expected=decode(Expected, row["data"]),
        state=ExpectationState(row["state"]),
        computed_at=row["computed_at"],
        event_id=event_id,
        settled_at=row["settled_at"],
    )


def events_of(
    connection: Connection, place_ids: Collection[str], first: date | None = None, last: date | None = None
) -> tuple[KnownEvent, ...]:
    """Live events that these places, or institutions and cities beside them, take part in, newest first; of a stretch
    of time, where one is given.
    """
    columns, event = t.event_participant.c, t.event.c
    mine = select(columns.event_id).where(columns.place_id.in_(sorted(place_ids)))
    if first is not None and last is not None:
        mine = mine.where(columns.starts_on <= last, columns.ends_on >= first)
    statement = (
        select(event.id)
        .where(event.id.in_(mine), event.merged_into.is_(None), event.closed_at.is_(None))
        .order_by(event.sort_on.desc(), event.id)
        .limit(MAX_EVENTS)
    )
    return load_events(connection, connection.scalars(statement).all()) if place_ids else ()
